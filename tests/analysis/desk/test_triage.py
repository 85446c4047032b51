"""The queue: reasons, order and the next rung, worked by hand."""

from __future__ import annotations

import random
import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from analysis.desk.severity import severity_of
from analysis.desk.sla import EveryHour
from analysis.desk.triage import FORMULA, Desk, Reason, Ticket, priority_of
from data_access.cases import CLOSED, ESCALATED, TRIAGED, WAITING
from data_access.handled import RungRow
from tests.analysis.desk.making import NOW, case, issue, policy, step

TODAY = NOW.date()
SINCE = date(2026, 1, 1)
LADDER = [
    RungRow(1, "", "Team lead", "resolution breached", 0.0, SINCE),
    RungRow(2, "", "Director", "resolution breached", 24.0, SINCE),
    RungRow(1, "X-ray", "X-ray lead", "age", 12.0, SINCE),
]


def desk(**changes: Any) -> Desk:
    usual: dict[str, Any] = {
        "now": NOW, "today": TODAY, "zone": "UTC", "policies": [], "rungs": [],
        "business": EveryHour(),
    }  # fmt: skip
    return Desk(**(usual | changes))


def ticket(one: Any, handled: Any = None, log: Any = (), **changes: Any) -> Ticket:
    cases = [handled] if handled else []
    (found,) = desk(**changes).tickets([one] if one else [], cases, log)
    return found


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("severity", "days", "expected"),
    [
        ("Critical", 0, 27.0), ("Critical", 10, 54.0), ("High", 5, 13.5), ("Medium", 30, 12.0),
        ("Low", 30, 4.0), ("Low", 400, 4.0), ("", 0, 3.0), ("Medium", -3, 3.0),
    ],
)  # fmt: skip
def test_priority_is_weight_times_one_plus_a_tenth_of_the_age(severity, days, expected):
    assert priority_of(severity, days) == pytest.approx(expected)


def test_the_formula_shown_has_the_weights_that_count():
    told = dict(re.findall(r"(Critical|High|Medium|Low) (\d+)", FORMULA))
    assert list(told) == ["Critical", "High", "Medium", "Low"]
    for severity, weight in told.items():
        assert priority_of(severity, 0) == float(weight)
    assert "not set counts as Medium" in FORMULA and priority_of("", 0) == priority_of("Medium", 0)


def test_thirty_days_lift_an_issue_over_a_new_one_of_the_next_severity_and_never_of_two():
    order = ("Low", "Medium", "High", "Critical")
    for lower, higher in pairwise(order):
        assert priority_of(lower, 30) > priority_of(higher, 0)
    for lower, higher in zip(order, order[2:], strict=False):
        assert priority_of(lower, 10_000) < priority_of(higher, 0)


def test_the_queue_goes_by_priority_then_due_day_then_age_then_key():
    """Priorities: A 27, B 9×1.5 = 13.5, C to F 3×1.2 = 3.6, G 1."""
    issues = [
        issue("A", priority="Highest", created_at=days_ago(0.5)),
        issue("B", priority="High", created_at=days_ago(5)),
        issue("C", created_at=days_ago(2.1), due_on=date(2026, 11, 20)),
        issue("D", created_at=days_ago(2.5)),
        issue("E", created_at=days_ago(2.1)),
        issue("F", created_at=days_ago(2.1)),
        issue("G", priority="Low", created_at=days_ago(0.2)),
    ]
    for seed in range(5):
        shuffled = random.Random(seed).sample(issues, len(issues))
        assert [t.case.issue_key for t in desk().tickets(shuffled, [], [])] == [*"ABCDEFG"]


def test_a_severity_set_here_goes_before_the_priority_of_the_tracker():
    found = ticket(issue(priority="Lowest"), case(severity="Critical"))
    assert (found.severity, found.priority) == ("Critical", pytest.approx(27 * 1.1))
    assert ticket(issue(priority="Someday")).severity == ""


@pytest.mark.parametrize(
    ("words", "severity"),
    [("Highest", "Critical"), ("BLOCKER", "Critical"), ("Major", "High"), ("Urgent", "Critical"),
     ("p3", "Medium"), ("4 - Low", "Low"), ("Más  alta", "Critical"), ("Someday", ""), ("", "")],
)  # fmt: skip
def test_the_usual_priorities_have_a_severity_and_others_have_none(words, severity):
    assert severity_of(words) == severity


def test_an_untouched_issue_is_new_and_without_an_assignee_unowned():
    assert ticket(issue()).reasons == (Reason.NEW,)
    assert ticket(issue(assignee="(not recorded)")).reasons == (Reason.NEW, Reason.UNOWNED)
    owned = case(owner="Lea", responded_at=NOW, state=TRIAGED)
    assert ticket(issue(assignee="(not recorded)"), owned).reasons == ()


def test_overdue_is_the_day_after_the_due_day_of_issue_or_next_step():
    def reasons(due: date | None, step_due: date | None) -> tuple[Reason, ...]:
        handled = case(state=TRIAGED, responded_at=NOW, due_on=step_due)
        return ticket(issue(due_on=due), handled).reasons

    assert reasons(TODAY, TODAY) == ()
    assert reasons(TODAY - timedelta(days=1), None) == (Reason.OVERDUE,)
    assert reasons(TODAY, TODAY - timedelta(days=1)) == (Reason.OVERDUE,)


def test_stale_is_more_than_seven_days_without_a_change_here_or_in_the_tracker():
    old = {"created_at": days_ago(30)}
    handled = case(state=TRIAGED, responded_at=days_ago(20))
    at_seven = issue(**old, updated_at=days_ago(7))
    over = issue(**old, updated_at=days_ago(7.01))
    assert ticket(at_seven, handled).reasons == ()
    assert ticket(over, handled).reasons == (Reason.STALE,)
    assert ticket(over, handled, [step(days_ago(3), "note", state=TRIAGED)]).reasons == ()


def test_escalated_here_or_in_the_tracker_counts():
    up = case(state=ESCALATED, level=1, responded_at=NOW)
    assert ticket(issue(), up).reasons == (Reason.ESCALATED,)
    quiet = case(state=TRIAGED, responded_at=NOW)
    assert ticket(issue(escalation="Director"), quiet).reasons == (Reason.ESCALATED,)


def test_a_closed_case_needs_nobody_and_a_resolved_issue_asks_to_be_closed():
    assert ticket(issue(due_on=SINCE), case(state=CLOSED, closed_at=NOW)).reasons == ()
    resolved = issue(resolved_at=days_ago(0.1), left_on=TODAY)
    assert ticket(resolved, case(state=TRIAGED)).reasons == (Reason.RESOLVED,)


def test_a_case_whose_issue_is_in_no_upload_or_vanished_says_so_and_stays():
    handled = case(state=TRIAGED, summary="Zoom is lost")
    lost = ticket(None, handled, [step(days_ago(4), state=TRIAGED)])
    assert (lost.reasons, lost.summary, lost.age_days) == ((Reason.GONE,), "Zoom is lost", 4)
    assert ticket(issue(left_on=TODAY), handled).reasons == (Reason.GONE,)


def test_a_breach_and_what_is_about_to_be_one_are_told():
    of = {"policies": [policy(response_hours=None, resolution_hours=24.5, clock="calendar")]}
    handled = case(state=TRIAGED, responded_at=NOW)
    assert ticket(issue(), handled, **of).reasons == (Reason.SOON,)  # 24 of 24.5 hours
    over = issue(created_at=days_ago(1.1))
    assert ticket(over, handled, **of).reasons == (Reason.BREACHED,)


def test_the_next_rung_is_due_when_its_clock_ran_out_so_long_ago():
    """Created 15 Nov 07:00, 16 hours: breached 23:00; the second rung is due 24 h later."""
    of = {"policies": [policy(clock="calendar")], "rungs": LADDER}
    first = ticket(issue(), case(state=TRIAGED), **of).next_rung
    assert first is not None
    assert (first.level, first.to, first.is_due) == (1, "Team lead", True)
    assert first.due_at == datetime(2026, 11, 15, 23)
    second = ticket(issue(), case(state=ESCALATED, level=1), **of).next_rung
    assert second is not None
    assert (second.level, second.is_due) == (2, False)
    assert second.due_at == datetime(2026, 11, 16, 23)
    assert second.rule == "24\N{NO-BREAK SPACE}h after the resolution clock ran out"
    assert ticket(issue(), case(state=ESCALATED, level=2), **of).next_rung is None


def test_a_team_with_rungs_of_its_own_climbs_those():
    found = ticket(issue(team="X-Ray"), rungs=LADDER).next_rung
    assert found is not None
    assert (found.to, found.is_due) == ("X-ray lead", True)  # 24 hours old, due after 12


def test_a_clock_that_stands_starts_no_rung():
    waiting = case(state=WAITING, waits_for="the reporter")
    log = [step(days_ago(0.9), state=WAITING, waits_for="the reporter")]
    found = ticket(issue(), waiting, log, policies=[policy(clock="calendar")], rungs=LADDER)
    assert found.next_rung is not None
    assert (found.next_rung.due_at, found.next_rung.is_due) == (None, False)


def test_names_are_shown_as_they_may_be():
    found = ticket(issue(), case(owner="Ann Novak"), shown=lambda name: f"Person {len(name)}")
    assert found.owner == "Person 9"
