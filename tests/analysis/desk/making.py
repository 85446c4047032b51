"""Issues, cases and steps for the tests of the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from data_access.cases import Case, Step
from data_access.handled import IssueRow, PolicyRow

NOW = datetime(2026, 11, 16, 7)  # a Monday
MINUTE = timedelta(minutes=1)


def issue(key: str = "OPS-1", **changes: Any) -> IssueRow:
    """An open issue created a day before `NOW`, updated then."""
    made = IssueRow(
        source="Jira", issue_key=key, summary=f"About {key}", project="P", team="T", type="Bug",
        priority="Medium", status="Open", status_category="To Do", assignee="Ann", reporter=None,
        created_at=datetime(2026, 11, 15, 7), updated_at=datetime(2026, 11, 15, 7),
        resolved_at=None, due_on=None, left_on=None, labels=None, escalation=None,
        has_bad_clock=False,
    )  # fmt: skip
    return replace(made, **changes)


def case(key: str = "OPS-1", **changes: Any) -> Case:
    return Case(source="Jira", issue_key=key, version=1, **changes)


def step(at: datetime, what: str = "triage", **changes: Any) -> Step:
    return Step(at=at, by="Lea", what=what, note="", case=case(**changes))


def policy(**changes: Any) -> PolicyRow:
    made = PolicyRow(
        severity="", team="", response_hours=4.0, resolution_hours=16.0, clock="business",
        pauses="Waiting for the reporter; On hold", valid_from=date(2026, 1, 1),
    )  # fmt: skip
    return replace(made, **changes)


class Office:
    """Monday to Friday 9:00 to 17:00 UTC without some holidays, counted minute by minute.

    Slow and plain: the other way to the same number.
    """

    def __init__(self, holidays: Iterable[date] = ()) -> None:
        self.holidays = set(holidays)

    def is_open(self, at: datetime) -> bool:
        return at.weekday() < 5 and 9 <= at.hour < 17 and at.date() not in self.holidays

    def hours_between(self, since: datetime, until: datetime, team: str) -> float:
        minutes = int((until - since) / MINUTE)
        return sum(self.is_open(since + n * MINUTE) for n in range(minutes)) / 60

    def add_hours(self, start: datetime, hours: float, team: str) -> datetime:
        left, at = round(hours * 60), start
        while left > 0:
            left -= self.is_open(at)
            at += MINUTE
        return at
