"""A key twice in one file: rows alike count once, others are all refused with their lines."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from data_access.workspace import Workspace
from tests.ingest.making import dry_run

LOG = "item_id,stage,entered_at,finished_at,event_at\n"


def test_rows_alike_count_once_and_rows_that_differ_are_all_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = LOG + (
        "I1,Review,2026-11-01 10:00,2026-11-01 11:00,\n"
        "I2,Review,2026-11-01 10:00,2026-11-01 11:00,\n"
        "I1,Review,2026-11-01 10:00:00,2026-11-01 11:00,\n"  # line 4: the same as line 2
        "I2,Review,2026-11-01 10:00,2026-11-01 12:00,\n"  # line 5: not the same as line 3
        "I3,Review,2026-11-01 10:00,,\n"
        "I3,Review,2026-11-01 10:05,,\n"  # another visit
    )
    found = dry_run(workspace, tmp_path, content, extract="work_log")
    assert (found.rows, found.accepted, found.repeated, found.refused) == (6, 3, 1, 2)
    assert [row.line for row in found.first_refused] == [3, 5]
    assert all("lines 3, 5" in row.reason for row in found.first_refused)
    kept = pq.read_table(found.folder / "rows.parquet").select(["item_id", "line"]).to_pylist()
    assert [(row["item_id"], row["line"]) for row in kept] == [("I1", 2), ("I3", 6), ("I3", 7)]
    assert any("1 row stands more than once" in note for note in found.notes)


def test_the_key_of_an_event_log_is_its_event_time(workspace: Workspace, tmp_path: Path) -> None:
    content = "case,activity,timestamp\nC,a,2026-11-01 10:00\nC,a,2026-11-01 10:01\nC,a,\n"
    found = dry_run(workspace, tmp_path, content, extract="work_log")
    assert (found.accepted, found.refused) == (2, 1)
    assert found.first_refused[0].reason == "Event at is required."


def test_a_key_with_an_empty_part_is_still_one_key(workspace: Workspace, tmp_path: Path) -> None:
    content = (
        "metric,scope,value,valid_from\n"
        "turnaround_p50,,30,2026-01-01\nturnaround_p50,,31,2026-01-01\n"
        "turnaround_p50,team=A,30,2026-01-01\n"
    )
    found = dry_run(workspace, tmp_path, content, extract="targets")
    assert (found.accepted, [row.line for row in found.first_refused]) == (1, [2, 3])


def test_keys_differ_by_case_and_by_leading_zeros(workspace: Workspace, tmp_path: Path) -> None:
    content = "key,created\nA-1,2026-11-01\na-1,2026-11-01\nA-01,2026-11-01\n"
    found = dry_run(workspace, tmp_path, content, extract="issues")
    assert (found.accepted, found.refused) == (3, 0)
