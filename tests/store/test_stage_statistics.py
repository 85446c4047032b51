"""Edges, waits, variants, loops and planned ends: as pandas works them out, and as published."""

from __future__ import annotations

import os
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_access import warehouse
from data_access.ingest import accept, prepare
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.periods import Period
from metrics.scope import scope
from tests.uploading import Row, upload

ALWAYS = scope(Period(date(2009, 1, 1), date(2026, 11, 16)))
CLOCK = datetime(2026, 11, 16, 9)
VISITS, ITEMS = METRICS["stage_time"], METRICS["items_completed"]
needs_real = pytest.mark.skipif(
    "REAL_EXTRACTS_DIR" not in os.environ, reason="needs the real extracts (REAL_EXTRACTS_DIR)"
)


def real(name: str) -> Path:
    return Path(os.environ.get("REAL_EXTRACTS_DIR", "")) / "event_logs" / f"{name}.csv"


def uploaded(root: Path, name: str) -> Store:
    """The file through the upload: read, mapped, checked, accepted."""
    workspace = Workspace(root)
    answers = {"source": "log", "coverage": "everything", "closed_cases": "yes"}
    dry_run = prepare(workspace, real(name), file_name=f"{name}.csv", answers=answers)
    assert dry_run.can_accept, dry_run
    accept(workspace, dry_run, by="Test", clock=CLOCK)
    return Store.open(workspace, clock=CLOCK)


@pytest.fixture(scope="module")
def receipt(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return uploaded(tmp_path_factory.mktemp("receipt"), "receipt")


def table(store: Store, name: str, metric: Any = VISITS) -> pd.DataFrame:
    return pd.DataFrame(store.statistic(name, metric, ALWAYS))


@needs_real
def test_the_permit_log_has_its_published_variants_edges_and_planned_ends(receipt: Store):
    assert receipt.value(METRICS["stage_events"], ALWAYS).value == 8577
    variants = table(receipt, "path_variants", ITEMS)
    assert (len(variants), int(variants["n"].iloc[0])) == (116, 713)
    assert set(variants["variants"]) == {116} and set(variants["of"]) == {1434}
    edges = table(receipt, "stage_edges").set_index(["from_stage", "to_stage"])
    names = [name for name in edges.index if name[0].startswith("T02") and name[1][:3] == "T03"]
    edge = edges.loc[names[0]]
    assert len(names) == 1 and edge["n"] == 43 and round(edge["mean"], 3) == 118.979
    (ends,) = receipt.statistic("planned_ends", ITEMS, ALWAYS)
    told = [ends[name] for name in ("items", "planned", "closed", "closed_late", "ended_late")]
    assert told == [1434, 1434, 1329, 389, 91]


@needs_real
def test_the_textbook_log_has_six_variants(tmp_path: Path):
    variants = table(uploaded(tmp_path, "running-example"), "path_variants", ITEMS)
    assert len(variants) == 6 and variants["n"].sum() == 6


def in_order(log: pd.DataFrame) -> pd.DataFrame:
    """The events with what came before: by time, equal ones as the file has them."""
    log = log.sort_values(["case", "at"], kind="stable")
    before = log.groupby("case").shift()
    wait = (log["at"] - before["at"]).dt.total_seconds() / 3600
    return log.assign(before=before["stage"], wait=wait)


@needs_real
def test_every_edge_and_variant_of_the_permit_log_is_that_of_pandas(receipt: Store):
    raw = pd.read_csv(real("receipt"))
    log = pd.DataFrame(
        {
            "case": raw["case:concept:name"],
            "stage": raw["concept:name"],
            "at": pd.to_datetime(raw["time:timestamp"], utc=True, format="ISO8601"),
        }
    )
    assert_edges(receipt, in_order(log))
    paths = in_order(log).groupby("case")["stage"].agg(" → ".join).value_counts()
    found = table(receipt, "path_variants", ITEMS).set_index("path")["n"]
    assert found.to_dict() == paths.to_dict()


def assert_edges(store: Store, log: pd.DataFrame) -> None:
    groups = log.dropna(subset=["before"]).groupby(["before", "stage"])["wait"]
    expected = groups.agg(["size", "count", "mean", "median", "sum"])
    expected["p85"] = groups.quantile(0.85)
    found = table(store, "stage_edges").set_index(["from_stage", "to_stage"])
    found = found.loc[expected.index]
    assert len(table(store, "stage_edges")) == len(expected) >= 3
    assert (found["n"] == expected["size"]).all() and (found["waits"] == expected["count"]).all()
    for name, other in (("mean", "mean"), ("median", "median"), ("p85", "p85"), ("hours", "sum")):
        pd.testing.assert_series_equal(
            found[name], expected[other], check_names=False, rtol=1e-9, atol=1e-8
        )


STAGES = ["Open", "Check", "Fix → retry", '"Quoted"', "Close"]


def made_log(draw: random.Random) -> list[Row]:
    """Events in the file's order, many at equal times; no stage twice at one time of an item."""
    rows: list[Row] = []
    for case in range(60):
        at = datetime(2026, 10, 1) + timedelta(minutes=draw.randrange(9000))
        seen: set[tuple[str, datetime]] = set()
        for _ in range(draw.randrange(1, 9)):
            stage = draw.choice(STAGES)
            if (stage, at) not in seen:
                seen.add((stage, at))
                rows.append({"item_id": f"C{case}", "stage": stage, "event_at": at})
            at += timedelta(seconds=draw.choice([0, 0, 60, 3600, 90_000]))
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_random_logs_with_equal_times_follow_the_order_of_the_file(tmp_path: Path, seed: int):
    rows = made_log(random.Random(seed))
    workspace = Workspace(tmp_path)
    upload(workspace, "work_log", rows, is_closed_cases=True)
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=CLOCK)
    log = pd.DataFrame(rows).rename(columns={"item_id": "case", "event_at": "at"})
    log = in_order(log)
    assert_edges(store, log)
    variants = log.groupby("case")["stage"].agg(tuple).value_counts()
    assert list(table(store, "path_variants", ITEMS)["n"]) == sorted(variants, reverse=True)
    assert nodes_of(store) == log.groupby("stage").size().to_dict()
    first_seen = log.groupby(["case", "stage"]).cumcount() > 0
    returned = log[first_seen & (log["before"] != log["stage"])]
    loops = table(store, "rework_loops")
    expected = returned.groupby(["before", "stage"])["case"].agg(["size", "nunique"])
    found = loops.set_index(["from_stage", "to_stage"]).loc[expected.index]
    assert (found["n"] == expected["size"]).all() and (found["items"] == expected["nunique"]).all()


def nodes_of(store: Store) -> dict[str, int]:
    return table(store, "stage_nodes").set_index("stage")["n"].to_dict()


def visits(draw: random.Random) -> list[Row]:
    """Visits of which some start before they are entered, or finish before they start."""
    rows: list[Row] = []
    for case in range(50):
        at = datetime(2026, 10, 1) + timedelta(minutes=case)
        for step, stage in enumerate(["Queue", "Work", "Blocked by supplier", "Done"]):
            started = at + timedelta(minutes=draw.randrange(-60, 600))
            finished = started + timedelta(minutes=draw.randrange(-30, 300))
            outcome = "on hold" if draw.random() < 0.2 else "ok"
            rows.append(
                {"item_id": f"C{case}", "stage": stage, "team": f"T{(case + step) % 3}",
                 "entered_at": at, "started_at": started, "finished_at": finished,
                 "outcome": outcome}
            )  # fmt: skip
            at += timedelta(hours=20)
    return rows


def test_negative_durations_are_left_out_of_waits_and_counted(tmp_path: Path):
    rows = visits(random.Random(5))
    workspace = Workspace(tmp_path)
    upload(workspace, "work_log", rows, is_closed_cases=True)
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=CLOCK)
    log = pd.DataFrame(rows).sort_values(["item_id", "entered_at"], kind="stable")
    log["before"] = log.groupby("item_id")["stage"].shift()
    log["team_before"] = log.groupby("item_id")["team"].shift()
    log["wait"] = (log["started_at"] - log["entered_at"]).dt.total_seconds() / 3600
    bad_finish = log["finished_at"] < log["started_at"]
    log["is_bad"] = (log["wait"] < 0) | bad_finish
    log.loc[log["is_bad"], "wait"] = None
    later = log.dropna(subset=["before"])
    assert_edges(store, log)
    assert table(store, "stage_edges")["bad_clocks"].sum() == later["is_bad"].sum() > 10
    found = table(store, "team_handovers").set_index(["from_team", "to_team"])
    groups = later.groupby(["team_before", "team"])["wait"]
    assert (found["n"] == groups.size()[found.index]).all()
    pd.testing.assert_series_equal(
        found["median"], groups.median()[found.index], check_names=False, rtol=1e-9
    )
    stood = log[log["stage"].str.startswith("Blocked") | log["outcome"].eq("on hold")]
    spent = (log["finished_at"] - log["entered_at"]).dt.total_seconds() / 3600
    spent = spent.where((spent >= 0) & ~bad_finish)
    blocked = table(store, "blocked_time")
    assert blocked["n"].sum() == len(stood)
    assert blocked["hours"].sum() == pytest.approx(spent[stood.index].sum())
    assert blocked["of"].iloc[0] == pytest.approx(spent.sum())
