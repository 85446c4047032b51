"""Issue lists of Linear, GitHub and Azure DevOps: known by their header, read as planted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from data_access.ingest import DryRun
from data_access.workspace import Workspace
from tests.ingest.making import dry_run

# Columns as linear/linear's own importer of this file lists them.
LINEAR = """\
"ID","Team","Title","Description","Status","Estimate","Priority","Project","Creator","Assignee",\
"Labels","Cycle Number","Cycle Name","Cycle Start","Cycle End","Created","Updated","Started",\
"Completed","Canceled","Archived"
"ENG-1","Engineering","Fix it","text","Done","2","High","Apollo","ana@example.org",\
"bo@example.org","Bug, UI","4","Cycle 4","","","Tue Nov 03 2026 09:30:00 GMT+0000 (GMT)",\
"Wed Nov 04 2026 10:00:00 GMT+0000 (GMT)","","Wed Nov 04 2026 10:00:00 GMT+0000 (GMT)","",""
"ENG-2","Engineering","Drop it","text","Canceled","","Low","Apollo","ana@example.org","",\
"","","","","","Tue Nov 03 2026 11:30:00 GMT+0200 (Eastern European Standard Time)",\
"Thu Nov 05 2026 10:00:00 GMT+0000 (GMT)","","","Thu Nov 05 2026 08:00:00 GMT+0000 (GMT)",""
"ENG-3","Engineering","Do it","text","In Progress","","Low","","ana@example.org","",\
"","5","Cycle 5","","","Fri Nov 06 2026 09:30:00 GMT+0000 (GMT)",\
"Fri Nov 06 2026 10:00:00 GMT+0000 (GMT)","","","",""
"""
# gh issue list --json number,title,state,… as a table.
GITHUB = """\
number,title,state,stateReason,createdAt,updatedAt,closedAt,author,assignees,labels,url
7,Crash on start,CLOSED,COMPLETED,2026-11-03T09:30:00Z,2026-11-04T10:00:00Z,2026-11-04T10:00:00Z,ana,bo,"bug,ui",https://example.org/7
8,Add a button,OPEN,,2026-11-05T09:30:00Z,2026-11-05T10:00:00Z,,ana,,,https://example.org/8
"""
# The display names of Azure Boards; a query's columns, times as an American browser shows them.
AZURE = """\
ID,Work Item Type,Title,Assigned To,State,Tags,Area Path,Iteration Path,Created Date,Changed Date,\
Closed Date,Created By,Priority
"101","Bug","Wrong total","Bo <bo@example.org>","Closed","ui; urgent","Shop\\Checkout",\
"Shop\\Sprint 3","11/13/2026 9:30:00 AM","11/14/2026 4:00:00 PM","11/14/2026 4:00:00 PM",\
"Ana <ana@example.org>","2"
"102","User Story","Gift cards","","Resolved","","Shop\\Checkout","Shop\\Sprint 4",\
"11/15/2026 9:30:00 AM","11/16/2026 4:00:00 PM","","Ana <ana@example.org>","3"
"""


def read(workspace: Workspace, tmp_path: Path, content: str, name: str) -> DryRun:
    found = dry_run(workspace, tmp_path, content, name=name)
    assert (found.refusal, found.must_answer) == (None, ())
    assert (found.extract, found.refused) == ("issues", 0)
    return found


def rows(found: DryRun, *names: str) -> list[tuple[object, ...]]:
    assert found.folder is not None
    table = pq.read_table(found.folder / "rows.parquet").to_pylist()
    return [tuple(row[name] for name in names) for row in table]


def test_linear(workspace: Workspace, tmp_path: Path) -> None:
    found = read(workspace, tmp_path, LINEAR, "linear.csv")
    assert "zone" not in [question.key for question in found.questions]
    assert rows(found, "issue_key", "created_at", "resolved_at", "status_category") == [
        ("ENG-1", datetime(2026, 11, 3, 9, 30), datetime(2026, 11, 4, 10), "Done"),
        ("ENG-2", datetime(2026, 11, 3, 9, 30), datetime(2026, 11, 5, 8), "Done"),
        ("ENG-3", datetime(2026, 11, 6, 9, 30), None, "In Progress"),
    ]
    assert rows(found, "team", "project", "summary", "reporter", "assignee", "sprint")[0] == (
        "Engineering", "Apollo", "Fix it", "ana@example.org", "bo@example.org", "Cycle 4",
    )  # fmt: skip


def test_github(workspace: Workspace, tmp_path: Path) -> None:
    found = read(workspace, tmp_path, GITHUB, "github.csv")
    assert rows(found, "issue_key", "created_at", "resolved_at", "status_category") == [
        ("7", datetime(2026, 11, 3, 9, 30), datetime(2026, 11, 4, 10), "Done"),
        ("8", datetime(2026, 11, 5, 9, 30), None, "To Do"),
    ]
    assert rows(found, "summary", "reporter", "assignee", "labels", "resolution")[0] == (
        "Crash on start", "ana", "bo", "bug,ui", "COMPLETED",
    )  # fmt: skip


def test_azure_devops(workspace: Workspace, tmp_path: Path) -> None:
    found = read(workspace, tmp_path, AZURE, "azure.csv")
    assert rows(found, "issue_key", "created_at", "resolved_at", "status_category") == [
        ("101", datetime(2026, 11, 13, 9, 30), datetime(2026, 11, 14, 16), "Done"),
        # resolved there is on its way: somebody has yet to close it
        ("102", datetime(2026, 11, 15, 9, 30), None, None),
    ]
    assert rows(found, "type", "team", "sprint", "labels", "reporter")[0] == (
        "Bug", "Shop\\Checkout", "Shop\\Sprint 3", "ui; urgent", "Ana <ana@example.org>",
    )  # fmt: skip
