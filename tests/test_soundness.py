"""What must hold for every metric, whatever the data: a wrong number without an error is the worst.

Parametrised over the catalogue, so a new metric is tested at birth.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.model import Kind, Metric
from metrics.periods import GRAINS, Period, week
from metrics.scope import scope
from metrics.value import Value
from tests.store.made import CLOCK, WINDOW, build, world
from tests.uploading import upload


def those(holds: Callable[[Metric], object]) -> list[Any]:
    return [pytest.param(metric, id=name) for name, metric in METRICS.items() if holds(metric)]


EVERY = those(lambda _: True)
WEEKS = Period(date(2026, 9, 28), date(2026, 11, 16))  # seven whole ISO weeks


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return build(tmp_path_factory.mktemp("sound"), world())


def close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)


def shown(value: Value) -> tuple[object, ...]:
    return (value.value, value.n, value.numerator, value.withheld, value.is_partial)


@pytest.mark.parametrize("metric", those(lambda metric: metric.adds_up_over_dimensions))
def test_segments_add_up_to_the_whole(store: Store, metric: Metric):
    whole = store.value(metric, scope(WINDOW))
    for by in store.dimensions(metric):
        table = store.breakdown(metric, scope(WINDOW), by)
        assert (table["value"].sum(), table["n"].sum()) == (whole.value, whole.n), by


@pytest.mark.parametrize("metric", those(lambda metric: metric.adds_up_over_time))
def test_periods_add_up_to_the_whole_span(store: Store, metric: Metric):
    for grain in ("day", "week"):
        values = store.series_values(metric, scope(WEEKS), grain)[metric.name]
        assert sum(value.value or 0 for value in values) == store.value(metric, scope(WEEKS)).value


@pytest.mark.parametrize("metric", those(lambda metric: metric.whole_by))
def test_parts_of_a_numerator_add_up_to_the_whole(store: Store, metric: Metric):
    whole = store.value(metric, scope(WINDOW))
    for by in metric.whole_by:
        table = store.breakdown(metric, scope(WINDOW), by)
        assert math.isclose(table["value"].sum(), whole.value)
        assert set(table["n"]) == {whole.n}
        for row in table.itertuples():
            part = store.value(metric, scope(WINDOW, {by: [row.segment]}))
            assert (part.value, part.n) == (row.value, row.n)
        for value in store.series_values(metric, scope(WEEKS), "week")[metric.name]:
            split = store.breakdown(metric, scope(value.period), by)
            assert close(split["value"].sum(), value.value)


@pytest.mark.parametrize("metric", EVERY)
def test_a_filter_gives_the_row_of_the_breakdown(store: Store, metric: Metric):
    for by in store.dimensions(metric):
        for row in store.breakdown(metric, scope(WINDOW), by).itertuples():
            one = store.value(metric, scope(WINDOW, {by: [row.segment]}))
            assert close(one.value, None if math.isnan(row.value) else row.value), (by, row)
            assert (one.n, one.withheld) == (row.n, row.withheld)


@pytest.mark.parametrize("metric", EVERY)
def test_a_period_of_a_series_is_the_value_of_that_period(store: Store, metric: Metric):
    for grain in GRAINS:
        for value in store.series_values(metric, scope(WINDOW), grain)[metric.name]:
            assert shown(store.value(metric, scope(value.period))) == shown(value)


@pytest.mark.parametrize("metric", EVERY)
def test_alone_or_together_a_metric_has_the_same_value(store: Store, metric: Metric):
    together = store.values(METRICS.values(), scope(WEEKS, {"project": ["P1", "P2"]}))
    store._pinned._results.clear()  # or the second answer would be the first one remembered
    alone = store.value(metric, scope(WEEKS, {"project": ["P1", "P2"]}))
    assert shown(together[metric.name]) == shown(alone)


@pytest.fixture(scope="module")
def shuffled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return build(tmp_path_factory.mktemp("shuffled"), world(has_ties=False), shuffled=5)


@pytest.fixture(scope="module")
def untied(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return build(tmp_path_factory.mktemp("untied"), world(has_ties=False))


@pytest.mark.parametrize("metric", EVERY)
def test_the_order_of_rows_does_not_matter(untied: Store, shuffled: Store, metric: Metric):
    """The rows are shuffled before their lines are numbered, in a world without ties.

    Where visits of an item tie in the time of entry and of finish, their lines decide, as process
    mining tools keep the order of the file; test_replay.py has that rule.
    """
    for by in (None, *untied.dimensions(metric)):
        here = untied.series_values(metric, scope(WINDOW), "week", by=by)[metric.name]
        there = shuffled.series_values(metric, scope(WINDOW), "week", by=by)[metric.name]
        assert [shown(value) for value in here] == [shown(value) for value in there]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = world()
    made.files = [sent for sent in made.files for _ in (1, 2)]
    return build(tmp_path_factory.mktemp("twice"), made)


@pytest.mark.parametrize("metric", EVERY)
def test_the_same_file_twice_changes_nothing(store: Store, twice: Store, metric: Metric):
    for by in (None, *store.dimensions(metric)):
        here = store.series_values(metric, scope(WINDOW), "week", by=by)[metric.name]
        there = twice.series_values(metric, scope(WINDOW), "week", by=by)[metric.name]
        assert [shown(value) for value in here] == [shown(value) for value in there]


@pytest.mark.parametrize("metric", EVERY)
def test_a_filter_that_matches_nothing_counts_nothing(store: Store, metric: Metric):
    nothing = scope(WINDOW, {"project": ["no such project"]})
    value = store.value(metric, nothing)
    assert (value.n, store.row_count(metric, nothing)) == (0, 0)
    counted = metric.kind in (Kind.COUNT, Kind.DISTINCT, Kind.LEVEL)
    assert value.value == (0.0 if counted else None)
    assert bool(value.withheld) is not counted
    assert store.breakdown(metric, nothing, "project").empty


@pytest.fixture(scope="module")
def copied(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshot as a file that nobody else has open."""
    name = store.workspace.warehouse / store.snapshot
    return Path(shutil.copy(name, tmp_path_factory.mktemp("copied")))


@pytest.mark.parametrize("metric", EVERY)
def test_the_printed_query_gives_the_value_to_the_last_bit(
    store: Store, copied: Path, metric: Metric
):
    where = scope(WINDOW, {"team": ["T1", "T2", "it's"], "project": ["P0", "P1"]})
    for asked in (scope(WINDOW), where, scope(week("2026-W47"))):
        (row,) = _run(copied, store.sql(metric, asked)) or [
            {metric.name: None, f"{metric.name}_n": 0}
        ]
        value = store.value(metric, asked)
        assert row[f"{metric.name}_n"] in (value.n, None if value.n == 0 else value.n)
        if value.value is not None:
            assert float(row[metric.name] or 0) == value.value


@pytest.mark.parametrize("metric", EVERY)
def test_the_printed_query_of_a_series_gives_its_values_to_the_last_bit(
    store: Store, copied: Path, metric: Metric
):
    for by in (None, "project"):
        for grain in (None, *GRAINS):
            rows = _run(copied, store.sql(metric, scope(WEEKS), by=by, grain=grain))
            found = {(r.get("period"), r.get("segment", "")): r for r in rows}
            if grain is None:
                asked = [store.value(metric, scope(WEEKS))] if by is None else []
            else:
                asked = store.series_values(metric, scope(WEEKS), grain, by=by)[metric.name]
            for value in asked:
                key = (value.period.since if grain else None, value.segment)
                row = found.get(key, {metric.name: None, f"{metric.name}_n": 0})
                assert row[f"{metric.name}_n"] == value.n
                if value.value is not None:
                    assert float(row[metric.name] or 0) == value.value


def _run(path: Path, text: str) -> list[dict[str, Any]]:
    """The rows of a text run as it is by a plain connection."""
    with duckdb.connect(str(path), read_only=True) as con:
        cursor = con.execute(text)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize("metric", EVERY)
def test_an_empty_workspace_answers_and_says_why_there_is_no_value(
    workspace: Workspace, metric: Metric
):
    store = Store.open(workspace, clock=CLOCK)
    value = store.value(metric, scope(WINDOW))
    assert (value.value, value.n) == (None, 0)
    assert value.withheld.startswith("No ") and value.withheld.endswith("has been uploaded.")
    assert store.rows(metric, scope(WINDOW)).num_rows == 0
    for by in (None, *store.dimensions(metric)):
        for grain in GRAINS:
            table = store.series(metric, scope(WINDOW), grain, by=by)
            assert table["value"].isna().all()
    assert store.breakdown(metric, scope(WINDOW), "project").empty
    assert store.extent(metric) is None


@pytest.fixture(scope="module")
def one_row(tmp_path_factory: pytest.TempPathFactory) -> Store:
    workspace = Workspace(tmp_path_factory.mktemp("one") / "workspace")
    upload(workspace, "work_log", [{"item_id": "I1", "stage": "Only", "entered_at": "2026-11-10"}])
    upload(
        workspace,
        "reviews",
        [
            {
                "review_id": "R1",
                "item_id": "I1",
                "review_stage": 1,
                "reviewed_at": "2026-11-10",
                "outcome": "accepted",
            }
        ],
    )
    upload(workspace, "issues", [{"issue_key": "K1", "created_at": "2026-11-10"}])
    upload(workspace, "deliveries", [{"batch": "B1", "promised_on": "2026-11-10"}])
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


@pytest.mark.parametrize("metric", EVERY)
def test_one_row_answers_without_an_error(one_row: Store, metric: Metric):
    asked = scope(week("2026-W46"))
    value = one_row.value(metric, asked)
    assert value.value is not None or value.withheld
    for by in (None, *one_row.dimensions(metric)):
        for grain in GRAINS:
            assert one_row.series(metric, asked, grain, by=by) is not None
    assert one_row.rows(metric, asked).num_rows <= 1
    assert one_row.sql(metric, asked)


def test_ratios_are_worked_from_rows_never_from_weekly_ratios(workspace: Workspace):
    """Week one: 1 of 1 accepted. Week two: 20 of 39. The mean of weeks would be 75.6%."""
    rows = [{"review_id": "a", "outcome": "accepted", "reviewed_at": "2026-11-03"}]
    rows += [
        {
            "review_id": f"b{n}",
            "outcome": "accepted" if n < 20 else "rejected",
            "reviewed_at": "2026-11-10",
        }
        for n in range(39)
    ]
    upload(workspace, "reviews", [{"item_id": r["review_id"], "review_stage": 1} | r for r in rows])
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=CLOCK)
    both = Period(date(2026, 11, 2), date(2026, 11, 16))
    value = store.value(METRICS["first_pass_acceptance"], scope(both))
    assert (value.value, value.n, value.numerator) == (21 / 40, 40, 21.0)


def test_an_item_with_many_visits_and_reviews_counts_once(workspace: Workspace):
    """The fan-out trap: three visits and two reviews of one item are one arrival."""
    upload(
        workspace,
        "work_log",
        [
            {
                "item_id": "I1",
                "stage": stage,
                "entered_at": f"2026-11-09 0{hour}:00",
                "started_at": f"2026-11-09 0{hour}:10",
                "finished_at": f"2026-11-09 0{hour + 1}:00",
            }
            for hour, stage in enumerate(["Intake", "Annotation", "Review"], 1)
        ],
    )
    upload(
        workspace,
        "reviews",
        [
            {
                "review_id": f"R{n}",
                "item_id": "I1",
                "review_stage": n,
                "reviewed_at": "2026-11-09",
                "outcome": "accepted",
                "error_type": "Boundary",
            }
            for n in (1, 2)
        ],
    )
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=CLOCK)
    asked = scope(week("2026-W46"))
    found = store.values(
        [METRICS[name] for name in ("arrivals", "items_completed", "stage_events", "reviews_done")],
        asked,
    )
    assert {name: value.value for name, value in found.items()} == {
        "arrivals": 1.0,
        "items_completed": 1.0,
        "stage_events": 3.0,
        "reviews_done": 2.0,
    }
    (turnaround,) = store.rows(METRICS["turnaround_mean"], asked)["turnaround_hours"].to_pylist()
    assert turnaround == 3.0


def test_a_stock_is_the_stock_at_the_last_instant_not_the_sum_of_days(workspace: Workspace):
    """Ten items open all week are ten in progress on each day and ten at the end of the week."""
    upload(
        workspace,
        "work_log",
        [
            {"item_id": f"I{n}", "stage": "Annotation", "entered_at": "2026-11-03 08:00"}
            for n in range(10)
        ],
    )
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=CLOCK)
    metric = METRICS["work_in_progress"]
    days = store.series_values(metric, scope(week("2026-W46")), "day")[metric.name]
    assert [value.value for value in days] == [10.0] * 7
    assert store.value(metric, scope(week("2026-W46"))).value == 10.0


def test_a_stock_forgets_a_row_from_the_day_it_leaves(workspace: Workspace):
    """Entered on Monday, finished on Wednesday: in the stock at the end of Monday and Tuesday."""
    upload(
        workspace,
        "work_log",
        [
            {
                "item_id": "I1",
                "stage": "Annotation",
                "entered_at": "2026-11-09 08:00",
                "started_at": "2026-11-09 09:00",
                "finished_at": "2026-11-11 10:00",
            },
        ],
    )
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=datetime(2026, 11, 14))
    metric = METRICS["work_in_progress"]
    found = store.series_values(metric, scope(week("2026-W46")), "day")[metric.name]
    assert [(v.period.since.day, v.value) for v in found] == [
        (9, 1.0),
        (10, 1.0),
        (11, 0.0),
        (12, 0.0),
        (13, 0.0),
        (14, 0.0),
    ]


def test_a_running_period_and_the_first_one_with_data_are_partial(workspace: Workspace):
    upload(
        workspace,
        "issues",
        [
            {"issue_key": f"K{n}", "created_at": datetime(2026, 10, 28) + timedelta(days=n)}
            for n in range(20)
        ],
    )
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=datetime(2026, 11, 11, 12))
    metric = METRICS["issues_opened"]
    asked = scope(Period(date(2026, 10, 12), date(2026, 11, 30)))
    found = store.series_values(metric, asked, "week")[metric.name]
    assert [(value.period.name, value.is_partial) for value in found] == [
        ("2026-W44", True),
        ("2026-W45", False),
        ("2026-W46", True),
    ]


@pytest.mark.parametrize("metric", EVERY)
def test_a_mart_has_no_column_named_like_those_of_a_question(store: Store, metric: Metric):
    columns = {name for name, _ in store._pinned.schema[metric.source]}
    assert not columns & {"period", "segment", "as_of", "until"}
    assert {metric.at, *(filter(None, [metric.left_at])), *metric.whole_by} <= columns


def test_results_do_not_depend_on_the_folder(tmp_path: Path):
    here = build(tmp_path / "a", world(3))
    there = build(tmp_path / "b 'quoted' ü", world(3))
    for metric in METRICS.values():
        assert shown(here.value(metric, scope(WINDOW))) == shown(there.value(metric, scope(WINDOW)))
