"""Files that nobody on this project wrote: their known counts come out."""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access.ingest import DryRun, prepare
from data_access.workspace import Workspace

FOLDER = os.environ.get("REAL_EXTRACTS_DIR", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="REAL_EXTRACTS_DIR is not set")


def taken(workspace: Workspace, name: str, **answers: str) -> DryRun:
    path = Path(FOLDER) / name
    found = prepare(workspace, path, file_name=path.name, answers=answers)
    assert found.refusal is None
    assert found.must_answer == ()
    return found


def rows(found: DryRun) -> list[dict[str, object]]:
    return pq.read_table(found.folder / "rows.parquet").to_pylist()


def test_the_permit_log_is_a_work_log_of_8577_events(workspace: Workspace) -> None:
    found = taken(workspace, "event_logs/receipt.csv")
    assert (found.extract, found.accepted, found.refused) == ("work_log", 8577, 0)
    assert found.is_closed_cases
    assert "zone" not in [question.key for question in found.questions]
    events = rows(found)
    assert len({event["item_id"] for event in events}) == 1434
    assert len({event["stage"] for event in events}) == 27
    # 2011-10-11 13:45:40.276+02:00 and, after the clock change, 2011-11-24 15:36:51.302+01:00
    assert events[0]["event_at"] == datetime(2011, 10, 11, 11, 45, 40, 276000)
    assert events[2]["event_at"] == datetime(2011, 11, 24, 14, 36, 51, 302000)
    late = {
        event["item_id"]: event["closed_at"] > event["due_at"]
        for event in events
        if event["closed_at"] and event["due_at"]
    }
    assert (sum(late.values()), len(late)) == (389, 1329)


def test_the_textbook_log_has_42_events_of_6_cases(workspace: Workspace) -> None:
    found = taken(workspace, "event_logs/running-example.csv")
    assert (found.extract, found.accepted, found.refused) == ("work_log", 42, 0)
    events = rows(found)
    assert len({event["item_id"] for event in events}) == 6
    assert len({event["stage"] for event in events}) == 8


@pytest.mark.parametrize(
    ("name", "issues"),
    [("gallery_2021", 127), ("migration_2025", 22), ("werkplaats_nl_2023", 26)],
)
def test_a_jira_export_has_its_issues(name: str, issues: int, workspace: Workspace) -> None:
    found = taken(workspace, f"jira/{name}.csv", zone="Europe/Amsterdam")
    assert (found.extract, found.accepted, found.refused) == ("issues", issues, 0)
    kept = rows(found)
    assert len({row["issue_key"] for row in kept}) == issues
    assert all(row["status_category"] for row in kept)
    if name == "migration_2025":
        assert sum(row["resolved_at"] is not None for row in kept) == 10


def test_lines_of_a_jira_export_with_breaks_in_its_cells_are_those_of_the_file(
    workspace: Workspace,
) -> None:
    found = taken(workspace, "jira/gallery_2021.csv", zone="UTC")
    lines = (Path(FOLDER) / "jira/gallery_2021.csv").read_text("utf-8-sig").split("\n")
    for row in rows(found):
        start = str(row["summary"]).split("\n")[0].split('"')[0][:20].strip()
        assert start in lines[row["line"] - 1]


def test_the_tickets_with_bad_clocks_are_kept_and_said(workspace: Workspace) -> None:
    found = taken(workspace, "jira/agile_project_tickets.csv")
    assert (found.extract, found.accepted, found.refused) == ("issues", 4123, 0)
    assert [(flag.column, flag.rows) for flag in found.flagged] == [("finished_date", 1662)]
    assert Counter(row["project"] for row in rows(found)) == {"0": 2427, "1": 1696}
