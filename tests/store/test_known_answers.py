"""Real files with published answers, read straight into the on-disk format of uploads."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.periods import Period
from metrics.scope import scope
from tests.uploading import Row, upload

pytestmark = pytest.mark.skipif(
    "REAL_EXTRACTS_DIR" not in os.environ, reason="needs the real extracts (REAL_EXTRACTS_DIR)"
)
CLOCK = datetime(2026, 11, 16, 9)
ALWAYS = Period(date(2009, 1, 1), date(2026, 11, 16))


def lines(name: str) -> Iterator[dict[str, str]]:
    path = Path(os.environ["REAL_EXTRACTS_DIR"]) / name
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def utc(text: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None) if text else None


def event(row: dict[str, str]) -> Row:
    return {
        "item_id": row["case:concept:name"],
        "stage": row["concept:name"],
        "event_at": utc(row["time:timestamp"]),
        "team": row.get("org:group"),
        "assignee": row.get("org:resource"),
    }


def log(root: Path, name: str) -> Store:
    workspace = Workspace(root)
    upload(workspace, "work_log", [event(row) for row in lines(name)], is_closed_cases=True)
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


@pytest.fixture(scope="module")
def receipt(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return log(tmp_path_factory.mktemp("receipt"), "event_logs/receipt.csv")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return log(tmp_path_factory.mktemp("running"), "event_logs/running-example.csv")


@pytest.mark.parametrize(
    ("metric", "expected", "digits"),
    [
        ("items_completed", 1434, 0),
        ("arrivals", 1434, 0),
        ("stage_events", 8577, 0),
        ("stages_active", 27, 0),
        ("case_duration_p50", 0.033201, 6),
        ("case_duration_mean", 5.408147, 6),
        ("case_duration_p90", 14.09516, 5),
    ],
)
def test_the_permit_log_gives_its_published_figures(
    receipt: Store, metric: str, expected: float, digits: int
):
    value = receipt.value(METRICS[metric], scope(ALWAYS)).value
    assert value is not None and round(value, digits) == expected


def test_a_log_of_closed_cases_has_no_open_work_to_count(receipt: Store):
    values = receipt.values(
        [METRICS[name] for name in ("work_in_progress", "open_age_p85")], scope(ALWAYS)
    )
    assert {(value.value, value.withheld) for value in values.values()} == {
        (None, "Not recorded: only closed cases are here, and those hold no open work.")
    }


def test_the_permit_log_has_its_longest_and_its_116_empty_cases(receipt: Store):
    days = receipt.rows(METRICS["case_duration_mean"], scope(ALWAYS))["case_days"].to_pylist()
    assert round(max(days), 6) == 275.839601
    assert days.count(0) == 116


@pytest.mark.parametrize(
    ("metric", "expected", "digits"),
    [
        ("items_completed", 6, 0),
        ("stage_events", 42, 0),
        ("stages_active", 8, 0),
        ("case_duration_mean", 11.190856, 6),
        ("case_duration_p50", 9.44375, 5),
    ],
)
def test_the_textbook_log_gives_its_published_figures(
    running: Store, metric: str, expected: float, digits: int
):
    value = running.value(METRICS[metric], scope(ALWAYS)).value
    assert value is not None and round(value, digits) == expected


@pytest.fixture(scope="module")
def tickets(tmp_path_factory: pytest.TempPathFactory) -> Store:
    workspace = Workspace(tmp_path_factory.mktemp("tickets"))
    rows = [
        {
            "issue_key": row["id"],
            "project": row["project"],
            "summary": row["task"],
            "created_at": row["created_date"],
            "resolved_at": row["finished_date"] or None,
        }
        for row in lines("jira/agile_project_tickets.csv")
    ]
    upload(workspace, "issues", rows)
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


def test_the_tickets_are_those_of_two_projects(tickets: Store):
    table = tickets.breakdown(METRICS["issues_opened"], scope(ALWAYS), "project")
    assert dict(zip(table["segment"], table["n"], strict=True)) == {"0": 2427, "1": 1696}


def test_tickets_finished_before_they_were_created_are_left_out_and_told(tickets: Store):
    value = tickets.value(METRICS["time_to_resolve_p50"], scope(ALWAYS))
    assert (value.n, value.value) == (2461, 5.0)
    days = [
        day
        for day in tickets.rows(METRICS["time_to_resolve_p50"], scope(ALWAYS))[
            "resolve_days"
        ].to_pylist()
        if day is not None
    ]
    assert (round(sum(days) / len(days), 4), max(days)) == (16.8887, 1140)
    (note,) = tickets.notes(scope(ALWAYS))
    assert note.startswith("1,662 issues were resolved before they were created")
