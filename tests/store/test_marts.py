"""Every mart is what its header says: one row per grain, dimensions there and never null."""

from __future__ import annotations

import itertools

import duckdb
import pytest

from data_access.extracts import EXTRACTS
from data_access.marts import SQL, marts, staging_order
from data_access.question import Query
from data_access.store import Store
from metrics.catalog import METRICS
from metrics.scope import DIMENSIONS, NOT_RECORDED
from tests.store.made import CLOCK, World, build, world
from tests.uploading import upload

EVERY = [pytest.param(mart, id=name) for name, mart in marts().items()]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = build(tmp_path_factory.mktemp("marts"), world())
    workspace = made.workspace
    upload(
        workspace,
        "targets",
        [
            {"metric": "arrivals", "scope": where, "value": 1.0, "valid_from": "2026-07-01"}
            for where in (None, "all", "team=A", "team = A")
        ],
    )
    upload(
        workspace,
        "markers",
        [
            {"marked_on": "2026-10-05", "kind": kind, "label": "One", "scope": where}
            for kind, where in (("release", None), ("outage", "all"))
        ],
    )
    times = [{"issue_key": "ISS-1", "status_id": n, "visits": 1, "hours": 2.0} for n in "12"]
    upload(workspace, "status_times", times)
    promise = {"clock": "business", "valid_from": "2026-07-01"}
    for source, hours in (("old", 8.0), ("new", 4.0)):  # the same policy and rung, stated twice
        upload(
            workspace,
            "sla_policies",
            [promise | {"severity": who, "response_hours": hours} for who in (None, "High")],
            source=source,
        )
        rung = {"level": 1, "escalate_to": source, "after": "age", "valid_from": "2026-07-01"}
        upload(workspace, "escalation_ladder", [rung, rung | {"team": "A"}], source=source)
        plan = {"person": "Ann", "hours_per_week": 20, "from_on": "2026-07-01"}
        upload(workspace, "assignments", [plan, plan | {"kind": "absence"}], source=source)
    upload(
        workspace,
        "reviews",
        [
            {
                "review_id": f"L{n}",
                "item_id": "I1",
                "review_stage": 1,
                "outcome": "accepted",
                "reviewed_at": "2026-10-05",
                "reviewer": "  ",
            }
            for n in range(3)
        ],
        as_of="2026-11-17",
        source="late",
        coverage="part",
    )
    upload(
        workspace,
        "reviews",
        [
            {
                "review_id": "L9",
                "item_id": "I1",
                "review_stage": 1,
                "outcome": "accepted",
                "reviewed_at": "2026-10-05",
            }
        ],
        as_of="2026-11-18",
        source="late",
        coverage="part",
    )
    from data_access import warehouse

    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


@pytest.mark.parametrize("mart", EVERY)
def test_a_mart_has_one_row_per_grain(store: Store, mart):
    grain = ", ".join(mart.grain)
    text = f"select count(*), count(distinct ({grain})) from {mart.name}"
    ((rows, different),) = store._pinned.fetch(Query(text))
    assert rows == different and rows > 0


@pytest.mark.parametrize("mart", EVERY)
def test_a_marts_dimensions_are_there_known_and_never_blank(store: Store, mart):
    assert set(mart.dimensions) <= set(DIMENSIONS)
    for name in mart.dimensions:
        text = f'select count(*) from {mart.name} where "{name}" is null or trim("{name}") = \'\''
        assert store._pinned.fetch(Query(text)) == [(0,)], name


@pytest.mark.parametrize("mart", EVERY)
def test_a_marts_rows_lead_to_a_line_of_an_accepted_file(store: Store, mart):
    columns = {name for name, _ in store._pinned.schema[mart.name]}
    assert {"source", "upload_id"} <= columns
    text = (
        f"select count(*) from {mart.name} as m where not exists (select 1 from uploads as u "
        "where u.upload_id = m.upload_id and u.source = m.source)"
    )
    assert store._pinned.fetch(Query(text)) == [(0,)]


@pytest.mark.parametrize("mart", EVERY)
def test_a_mart_reads_extracts_and_staging_never_another_mart(mart):
    assert mart.extracts and mart.extracts <= set(EXTRACTS)
    code = "\n".join(line for line in mart.text.splitlines() if not line.startswith("--"))
    for other in marts():
        assert f"from {other}\n" not in code and f"join {other} " not in code
    for name in staging_order(mart.text):
        assert (SQL / "staging" / f"{name}.sql").exists()


def test_every_metric_reads_a_mart_and_columns_that_are_there(store: Store):
    for metric in METRICS.values():
        kinds = dict(store._pinned.schema[metric.source])
        assert kinds[metric.at] == "DATE"
        assert not metric.left_at or kinds[metric.left_at] == "DATE"


def test_blank_text_is_not_recorded(store: Store):
    assert NOT_RECORDED in store.dimension_values("reviewer")
    assert "" not in store.dimension_values("reviewer")
    assert store.dimension_values("reviewer")[-1] == NOT_RECORDED


def test_an_empty_world_has_every_mart(tmp_path):
    store = build(tmp_path / "empty", World())
    for name in marts():
        assert store._pinned.fetch(Query(f"select count(*) from {name}")) == [(0,)]


@pytest.mark.parametrize("sign", ["+", "→"])
def test_a_list_of_names_reads_as_no_other_list(sign: str):
    """Every list of up to three awkward names has a text of its own; plain ones are as they are."""
    awkward = [sign, f"a {sign} b", f"a{sign}b", f"{sign} a", f"a {sign}"]
    awkward += ['"', '"a"', f'a" {sign} "b']
    names = ["a", "b", *awkward]
    lists = [each for size in (1, 2, 3) for each in itertools.product(names, repeat=size)]
    with duckdb.connect() as con:
        con.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
        told = [
            con.execute(
                "select list_text($names, $sign)", {"names": list(each), "sign": sign}
            ).fetchone()
            for each in lists
        ]
    assert len(set(told)) == len(lists) == 10 + 100 + 1000
    assert told[lists.index(("a", "b", "a"))] == (f"a {sign} b {sign} a",)
    assert told[lists.index((f"a {sign} b", "b"))] == (f'"a {sign} b" {sign} b',)
    assert told[lists.index((f"a{sign}b", "b"))] == (f"a{sign}b {sign} b",)
