"""Successive exports of a made project give exactly the planted changes, bounds and flow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from analysis.issue_flow import issue_flow
from data_access import warehouse
from data_access.ingest import accept, withdraw
from data_access.manifests import Upload
from data_access.question import Query
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.issues import (
    ISSUE_CHANGES,
    ISSUES_REDATED,
    ISSUES_REOPENED,
    ISSUES_RESCOPED,
    ISSUES_TRACKED,
    ISSUES_VANISHED,
)
from metrics.periods import Period, periods_between
from metrics.scope import scope
from tests.ingest.making import dry_run
from tests.uploading import Row, upload

CLOCK = datetime(2026, 11, 24, 9)
AUTUMN = Period(date(2026, 11, 2), date(2026, 11, 24))
HEADER = "Issue key,Issue Type,Status,Status Category,Created,Updated,Resolved,Due date,Assignee"
FIRST = f"""{HEADER}
P-0,Task,To Do,To Do,2026-10-01 08:00,2026-11-02 09:00,,,Ann
P-1,Task,To Do,To Do,2026-10-01 08:00,2026-10-02 08:00,,,Ann
P-2,Task,To Do,To Do,2026-10-01 08:00,2026-10-02 08:00,,,Ann
P-3,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,,Ann
P-4,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,,Ann
P-7,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,2026-11-10,Ann
P-8,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,,Ann
"""
# Three days later: nobody has looked at P-2 yet, P-3 is solved.
LATE = f"""{HEADER}
P-0,Task,To Do,To Do,2026-10-01 08:00,2026-11-05 09:00,,,Ann
P-1,Task,To Do,To Do,2026-10-01 08:00,2026-10-02 08:00,,,Ann
P-2,Task,To Do,To Do,2026-10-01 08:00,2026-10-02 08:00,,,Ann
P-3,Bug,Done,Done,2026-10-01 08:00,2026-11-04 12:00,2026-11-04 12:00,,Ann
P-4,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,,Ann
P-7,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,2026-11-10,Ann
P-8,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,,Ann
"""
# P-2 moved, P-3 solved, P-5 new.
SECOND = f"""{HEADER}
P-0,Task,To Do,To Do,2026-10-01 08:00,2026-11-09 09:00,,,Ann
P-1,Task,To Do,To Do,2026-10-01 08:00,2026-10-02 08:00,,,Ann
P-2,Task,Doing,In Progress,2026-10-01 08:00,2026-11-06 10:00,,,Ann
P-3,Bug,Done,Done,2026-10-01 08:00,2026-11-04 12:00,2026-11-04 12:00,,Ann
P-4,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,,Ann
P-5,Task,To Do,To Do,2026-11-05 11:00,2026-11-05 11:00,,,Ann
P-7,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,2026-11-10,Ann
P-8,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,,Ann
"""
# The header grows by labels. P-3 came back, P-4 is gone, P-6 is older than it was seen, P-7 later.
THIRD = f"""{HEADER},Labels
P-0,Task,To Do,To Do,2026-10-01 08:00,2026-11-16 09:00,,,Ann,
P-1,Task,To Do,To Do,2026-10-01 08:00,2026-10-02 08:00,,,Ann,
P-2,Task,Doing,In Progress,2026-10-01 08:00,2026-11-06 10:00,,,Ann,
P-3,Bug,Reopened,In Progress,2026-10-01 08:00,2026-11-11 15:00,,,Ann,
P-5,Task,To Do,To Do,2026-11-05 11:00,2026-11-05 11:00,,,Ann,
P-6,Task,To Do,To Do,2026-10-01 08:00,2026-10-02 08:00,,,Ann,
P-7,Bug,Doing,In Progress,2026-10-01 08:00,2026-11-12 08:00,,2026-11-17,Ann,
P-8,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,,Ann,late
"""
# It grows by story points. P-4 is back, P-8 has one label more (and the old one behind it), P-9 in
# other hands is not seen before, P-3 is solved again, P-5 is Ben's.
FOURTH = f"""{HEADER},Labels,Story Points
P-0,Task,To Do,To Do,2026-10-01 08:00,2026-11-23 09:00,,,Ann,,1
P-1,Task,To Do,To Do,2026-10-01 08:00,2026-10-02 08:00,,,Ann,,2
P-2,Task,Doing,In Progress,2026-10-01 08:00,2026-11-06 10:00,,,Ann,,3
P-3,Bug,Done,Done,2026-10-01 08:00,2026-11-20 16:00,2026-11-20 16:00,,Ann,,5
P-4,Bug,Doing,In Progress,2026-10-01 08:00,2026-10-05 08:00,,,Ann,,5
P-5,Task,To Do,To Do,2026-11-05 11:00,2026-11-17 07:00,,,Ben,,5
P-6,Task,To Do,To Do,2026-10-01 08:00,2026-10-02 08:00,,,Ann,,5
P-7,Bug,Doing,In Progress,2026-10-01 08:00,2026-11-12 08:00,,2026-11-17,Ann,,5
P-8,Bug,Doing,In Progress,2026-10-01 08:00,2026-11-18 08:00,,,Ann,"early, late",5
"""
# Made by mistake, and undone: everything is done and new.
WRONG = FOURTH.replace("To Do,To Do", "Done,Done").replace("11-23 09:00", "11-19 09:00")

Change = tuple[str, str, str, str, str, str]
PLANTED: set[Change] = {
    ("P-2", "status", "To Do", "Doing", "2026-11-02 09:00", "2026-11-06 10:00"),
    ("P-3", "resolved", "Doing", "Done", "2026-11-04 12:00", "2026-11-04 12:00"),
    ("P-3", "reopened", "Done", "Reopened", "2026-11-09 09:00", "2026-11-11 15:00"),
    ("P-3", "resolved", "Reopened", "Done", "2026-11-20 16:00", "2026-11-20 16:00"),
    ("P-4", "vanished", "Doing", "", "2026-11-09 09:00", "2026-11-16 09:00"),
    ("P-4", "returned", "", "Doing", "2026-11-16 09:00", "2026-11-23 09:00"),
    ("P-5", "entered", "", "To Do", "2026-11-05 11:00", "2026-11-05 11:00"),
    ("P-5", "reassigned", "Ann", "Ben", "2026-11-16 09:00", "2026-11-17 07:00"),
    ("P-6", "entered", "", "To Do", "2026-11-09 09:00", "2026-11-16 09:00"),
    ("P-7", "re_dated", "2026-11-10", "2026-11-17", "2026-11-09 09:00", "2026-11-12 08:00"),
    ("P-8", "re_scoped", "late", "early, late", "2026-11-16 09:00", "2026-11-18 08:00"),
}
WITH_THE_LATE_ONE = PLANTED - {
    ("P-2", "status", "To Do", "Doing", "2026-11-02 09:00", "2026-11-06 10:00")
} | {("P-2", "status", "To Do", "Doing", "2026-11-05 09:00", "2026-11-06 10:00")}

# Which days an issue counts in a category: (issue, category, first day, first day no longer).
OCT, END = date(2026, 10, 1), date(2026, 12, 31)


def nov(day: int) -> date:
    return date(2026, 11, day)


STAYS = (
    ("P-0", "To Do", OCT, END),
    ("P-1", "To Do", OCT, END),
    ("P-2", "To Do", OCT, nov(6)),
    ("P-2", "In Progress", nov(6), END),
    ("P-3", "In Progress", OCT, nov(4)),
    ("P-3", "Done", nov(4), nov(11)),
    ("P-3", "In Progress", nov(11), nov(20)),
    ("P-3", "Done", nov(20), END),
    ("P-4", "In Progress", OCT, nov(16)),
    ("P-4", "In Progress", nov(23), END),
    ("P-5", "To Do", nov(5), END),
    ("P-6", "To Do", OCT, END),
    ("P-7", "In Progress", OCT, END),
    ("P-8", "In Progress", OCT, END),
)


class Tracker:
    """A workspace that the exports are uploaded to, one after another."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace, self._folder, self._minutes = workspace, folder, 0
        workspace.save_settings(Settings(hide_names=False))

    def load(self, content: str) -> Upload:
        self._minutes += 1
        found = dry_run(
            self.workspace, self._folder, content, name="board.csv", coverage="everything"
        )
        clock = CLOCK + timedelta(minutes=self._minutes)
        return accept(self.workspace, found, by="Test", clock=clock, publish=False)

    @property
    def store(self) -> Store:
        warehouse.catch_up(self.workspace, patience=60)
        return Store.open(self.workspace, clock=CLOCK)


@pytest.fixture
def tracker(workspace: Workspace, tmp_path: Path) -> Tracker:
    return Tracker(workspace, tmp_path)


@pytest.fixture
def told(tracker: Tracker) -> Iterator[Tracker]:
    for content in (FIRST, SECOND, THIRD, FOURTH):
        tracker.load(content)
    yield tracker


def changes(store: Store) -> set[Change]:
    rows = store._pinned.fetch(
        Query(
            "select issue_key, kind, from_value, to_value, after_at, by_at from issue_transitions"
        )
    )
    assert len(rows) == len(set(rows))
    return {(*row[:4], f"{row[4]:%Y-%m-%d %H:%M}", f"{row[5]:%Y-%m-%d %H:%M}") for row in rows}


def test_four_successive_exports_give_exactly_the_planted_changes(told: Tracker):
    assert changes(told.store) == PLANTED


def test_an_older_export_uploaded_late_narrows_the_bounds_and_adds_nothing(told: Tracker):
    told.load(LATE)
    assert changes(told.store) == WITH_THE_LATE_ONE


def test_the_same_file_twice_and_an_upload_undone_leave_the_changes_as_they_were(told: Tracker):
    wrong = told.load(WRONG)
    assert changes(told.store) != PLANTED
    withdraw(told.workspace, wrong.upload_id, by="Test", clock=CLOCK)
    told.load(SECOND)
    assert changes(told.store) == PLANTED


def test_a_changed_name_is_told_by_pseudonym_while_names_are_hidden(told: Tracker):
    told.workspace.save_settings(Settings(hide_names=True))
    names = {row[2:4] for row in changes(told.store) if row[1] == "reassigned"}
    ((before, after),) = names
    assert before.startswith("Person ") and after.startswith("Person ") and before != after


def test_the_counts_of_changes_are_the_planted_ones(told: Tracker):
    values = told.store.values(
        [ISSUE_CHANGES, ISSUES_REDATED, ISSUES_RESCOPED, ISSUES_VANISHED], scope(AUTUMN)
    )
    assert {name: value.value for name, value in values.items()} == {
        "issue_changes": 9,
        "issues_redated": 1,
        "issues_rescoped": 1,
        "issues_vanished": 1,
    }


def reopened(store: Store) -> tuple[float | None, int, list[str]]:
    """What the measure says, what the list of changes says, and which issues those are."""
    value = store.value(ISSUES_REOPENED, scope(AUTUMN)).value
    kinds = store.breakdown(ISSUE_CHANGES, scope(AUTUMN), "kind").set_index("segment")["value"]
    rows = store.rows(ISSUES_REOPENED, scope(AUTUMN))
    return value, int(kinds.get("reopened", 0)), rows["issue_key"].to_pylist()


def test_reopened_is_one_number_wherever_it_stands(told: Tracker):
    """Only P-3 is planted: solved by 9 November, open again on the 11th."""
    assert reopened(told.store) == (1.0, 1, ["P-3"])
    assert told.store.value(ISSUES_REOPENED, scope(Period(nov(11), nov(12)))).value == 1.0


def shown_as(workspace: Workspace, *exports: Row) -> Store:
    """P-1 as each of the exports shows it, weekly from 2 November."""
    for week, row in enumerate(exports):
        told = {"issue_key": "P-1", "created_at": "2026-10-01"} | row
        upload(workspace, "issues", [told], as_of=str(nov(2 + 7 * week)))
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


DONE = {"status": "Done", "status_category": "Done"}


def test_what_is_done_by_its_category_alone_is_reopened_too(workspace: Workspace):
    """No export says when it was resolved or updated: it is open again by the 9th."""
    store = shown_as(workspace, DONE, {"status": "Doing", "status_category": "In Progress"})
    assert reopened(store) == (1.0, 1, ["P-1"])
    assert store.value(ISSUES_REOPENED, scope(Period(nov(9), nov(10)))).value == 1.0


def test_an_export_that_leaves_out_the_day_of_resolution_reopens_nothing(workspace: Workspace):
    assert reopened(shown_as(workspace, DONE | {"resolved_at": "2026-10-30"}, DONE)) == (0.0, 0, [])


def test_the_cumulative_flow_counts_every_issue_in_one_category_on_every_day(told: Tracker):
    found = told.store.series_values(ISSUES_TRACKED, scope(AUTUMN), "day", by="status_category")[
        ISSUES_TRACKED.name
    ]
    counted = {(value.period.since, value.segment): value.value for value in found if value.value}
    expected = Counter(
        (day, category)
        for day in (p.since for p in periods_between(AUTUMN.since, AUTUMN.until, "day"))
        for _, category, since, until in STAYS
        if since <= day < until
    )
    assert counted == expected


def test_the_flow_says_within_which_bounds_it_is(told: Tracker):
    flow = issue_flow(told.store, scope(AUTUMN))
    found = {
        (point.on, point.category): (point.low, point.value, point.high) for point in flow.points
    }
    assert found[nov(2), "In Progress"] == (4, 4, 5)
    # P-2 moves between the 2nd and the 6th, P-3 left at a known time on the 4th
    assert found[nov(3), "In Progress"] == (4, 4, 5)
    assert found[nov(5), "In Progress"] == (3, 3, 4)
    assert found[nov(6), "In Progress"] == (4, 4, 4)
    # P-4 vanished between the 9th and the 16th; P-3 came back between the 9th and the 11th
    assert found[nov(10), "In Progress"] == (3, 4, 5)
    assert found[nov(12), "In Progress"] == (4, 5, 5)


def test_one_export_alone_has_a_flow_and_no_changes(tracker: Tracker):
    tracker.load(FIRST)
    assert changes(tracker.store) == set()
    flow = issue_flow(tracker.store, scope(AUTUMN))
    assert flow.exports == 1
    assert {p.on for p in flow.points} == {nov(2)}


CURRENT_FIELDS = """Issue key,Status,Created,Updated
P-1,Done,2026-10-01 08:00,2026-10-05 08:00
P-2,Doing,2026-10-01 08:00,2026-11-02 09:00
"""
ALL_FIELDS = """Issue key,Status,Status Category,Created,Updated,Resolved,Due date,Labels,Assignee
P-1,Done,Done,2026-10-01 08:00,2026-10-05 08:00,2026-10-05 08:00,2026-10-04,a,Ann
P-2,Doing,In Progress,2026-10-01 08:00,2026-11-09 09:00,,,,
"""
SOLVED = ALL_FIELDS.replace("Doing,In Progress", "Done,Done").replace("2026-11-09 09:00,", (
    "2026-11-16 09:00,2026-11-12 10:00"
))  # fmt: skip


def test_columns_that_come_with_a_later_export_change_no_issue(tracker: Tracker):
    tracker.load(CURRENT_FIELDS)
    tracker.load(ALL_FIELDS)
    assert changes(tracker.store) == set()
    tracker.load(SOLVED)
    assert changes(tracker.store) == {
        ("P-2", "resolved", "Doing", "Done", "2026-11-12 10:00", "2026-11-12 10:00")
    }


def test_a_label_written_twice_is_one_label(tracker: Tracker):
    """One export repeats a label, another has an empty place; only the new label is a change."""
    head = "Issue key,Status,Created,Updated,Labels\n"
    for labels, day in (("late,early", 2), ("early, late,late", 9), ("late,,early", 16)):
        tracker.load(f'{head}P-1,Doing,2026-10-01 08:00,2026-11-{day:02} 09:00,"{labels}"\n')
    assert changes(tracker.store) == set()
    tracker.load(f'{head}P-1,Doing,2026-10-01 08:00,2026-11-23 09:00,"big,late,late,early"\n')
    assert changes(tracker.store) == {
        ("P-1", "re_scoped", "early, late", "big, early, late",
         "2026-11-16 09:00", "2026-11-23 09:00")
    }  # fmt: skip
