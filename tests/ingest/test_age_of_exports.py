"""Which of successive tracker exports is the newer one; every expected row is worked by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data_access import warehouse
from data_access.ingest import DryRun, accept
from data_access.question import Query
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from tests.ingest.making import dry_run

CLOCK = datetime(2026, 11, 24, 9)
# Drawn on Friday 13 November without Updated; its newest time is the entry of K-3, the day before.
FIRST = """Issue key,Status,Created
K-1,Done,2026-10-01 08:00
K-2,Doing,2026-10-01 08:00
K-3,To Do,2026-11-12 09:00
"""
# A week later with Updated: K-1 was solved on 5 November, before the first export; K-2 on the 18th.
SECOND = """Issue key,Status,Created,Updated
K-1,Done,2026-10-01 08:00,2026-11-05 10:00
K-2,Done,2026-10-01 08:00,2026-11-18 10:00
K-3,To Do,2026-11-12 09:00,2026-11-12 09:00
K-4,To Do,2026-11-19 09:00,2026-11-19 09:00
"""
# Without Updated again: K-3 was taken up, K-5 is new.
THIRD = """Issue key,Status,Created
K-1,Done,2026-10-01 08:00
K-2,Done,2026-10-01 08:00
K-3,Doing,2026-11-12 09:00
K-4,To Do,2026-11-19 09:00
K-5,To Do,2026-11-23 09:00
"""
# Uploaded as of the clock, 24 November 09:00; the next one's newest time lies a quarter earlier.
MORNING = """Issue key,Status,Created,Updated
K-1,Doing,2026-10-01 08:00,2026-11-20 10:00
K-2,To Do,2026-10-01 08:00,2026-11-02 08:00
"""
LATER = """Issue key,Status,Created,Updated
K-1,Done,2026-10-01 08:00,2026-11-24 08:45
K-3,To Do,2026-11-24 08:30,2026-11-24 08:30
"""


class Board:
    """A workspace that exports of one board are uploaded to."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        workspace.save_settings(Settings(hide_names=False, fixed_clock=CLOCK.isoformat()))
        self.workspace, self.folder, self.loaded = workspace, folder, 0

    def look(self, content: str, **answers: str) -> DryRun:
        answers = {"coverage": "everything", **answers}
        return dry_run(self.workspace, self.folder, content, name="board.csv", **answers)

    def load(self, content: str, **answers: str) -> DryRun:
        self.loaded += 1
        found = self.look(content, **answers)
        at = CLOCK + timedelta(minutes=self.loaded)
        accept(self.workspace, found, by="Test", clock=at, publish=False)
        return found

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        warehouse.catch_up(self.workspace, patience=60)
        return list(Store.open(self.workspace, clock=CLOCK)._pinned.fetch(Query(sql)))

    def now(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "select issue_key, status, updated_at is not null, resolved_at, vanished_at is not null"
            " from current_issues order by issue_key"
        )

    def changes(self) -> list[tuple[Any, ...]]:
        return self.rows(
            "select issue_key, kind, from_value, to_value from issue_transitions order by 1, 2"
        )


def test_of_two_exports_the_one_with_the_new_column_of_updates_is_not_the_older(
    workspace: Workspace, tmp_path: Path
):
    board = Board(workspace, tmp_path)
    board.load(FIRST)
    found = board.load(SECOND)
    # K-1 and K-3 have a time of update now, K-2 is solved, K-4 is new; none is older than before.
    assert (found.new, found.changed, found.same, found.outdated) == (1, 3, 0, 0)
    assert board.now() == [
        ("K-1", "Done", True, datetime(2026, 11, 5, 10), False),
        ("K-2", "Done", True, datetime(2026, 11, 18, 10), False),
        ("K-3", "To Do", True, None, False),
        ("K-4", "To Do", True, None, False),
    ]
    # K-1 was done in both: it was not reopened, and the time that the second brings is no change.
    assert board.rows("select issue_key from issue_transitions where kind = 'reopened'") == []
    assert board.changes() == [
        ("K-2", "resolved", "Doing", "Done"),
        ("K-4", "entered", "", "To Do"),
    ]


def test_of_three_exports_the_last_is_the_newest_though_its_rows_have_no_time_of_update(
    workspace: Workspace, tmp_path: Path
):
    board = Board(workspace, tmp_path)
    for content in (FIRST, SECOND, THIRD):
        board.load(content)
    assert [row[:2] for row in board.now()] == [
        ("K-1", "Done"),
        ("K-2", "Done"),
        ("K-3", "Doing"),
        ("K-4", "To Do"),
        ("K-5", "To Do"),
    ]
    assert board.changes() == [
        ("K-2", "resolved", "Doing", "Done"),
        ("K-3", "status", "To Do", "Doing"),
        ("K-4", "entered", "", "To Do"),
        ("K-5", "entered", "", "To Do"),
    ]


def test_an_old_export_that_comes_last_changes_nothing_where_the_newer_has_no_updates(
    workspace: Workspace, tmp_path: Path
):
    board = Board(workspace, tmp_path)
    board.load(THIRD)
    found = board.load(SECOND, as_of="older")
    # As of 19 November against 23 November: its four rows are older, whatever their own times.
    assert (found.new, found.changed, found.same, found.outdated) == (0, 0, 4, 4)
    assert [row[:2] for row in board.now()] == [
        ("K-1", "Done"),
        ("K-2", "Done"),
        ("K-3", "Doing"),
        ("K-4", "To Do"),
        ("K-5", "To Do"),
    ]


def test_a_row_updated_since_shows_that_an_export_is_newer_than_one_dated_after_it(
    workspace: Workspace, tmp_path: Path
):
    """The first was said to be newer, so it counts as of the clock: a quarter after the second."""
    board = Board(workspace, tmp_path)
    board.load(MORNING.replace("11-20", "11-23"))
    board.load(MORNING, as_of="newer")
    asked = board.look(LATER)
    (question,) = [q for q in asked.questions if q.key == "as_of"]
    assert question.default == "newer"
    board.load(LATER)
    # K-2 is the one that went, K-3 the one that came, K-1 was solved: nothing the other way round.
    assert board.changes() == [
        ("K-1", "resolved", "Doing", "Done"),
        ("K-2", "vanished", "To Do", ""),
        ("K-3", "entered", "", "To Do"),
    ]


def test_an_export_without_a_row_updated_since_is_taken_for_the_older(
    workspace: Workspace, tmp_path: Path
):
    board = Board(workspace, tmp_path)
    board.load(MORNING)
    asked = board.look(MORNING.replace("11-20", "11-19"))
    (question,) = [q for q in asked.questions if q.key == "as_of"]
    assert question.default == "older"
