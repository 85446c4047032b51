"""SLA clocks: worked by hand, and beside a count of minutes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.desk.sla import (
    Clock,
    EveryHour,
    Pause,
    State,
    clock,
    clocks,
    desk_pauses,
    pause_words,
    policy_for,
    tracker_pauses,
)
from analysis.working_time import WorkingTime
from data_access.cases import CLOSED, ESCALATED, TRIAGED, WAITING
from data_access.handled import StatusRow
from data_access.working_time import HolidayRow, WorkingHoursRow, WorkingTimeRows
from tests.analysis.desk.making import MINUTE, Office, case, issue, policy, step

FRIDAY = datetime(2026, 11, 13)
MONDAY = datetime(2026, 11, 16)


def at(day: datetime, hour: int, minute: int = 0) -> datetime:
    return day + timedelta(hours=hour, minutes=minute)


def run(
    start: datetime,
    now: datetime,
    *pauses: Pause,
    allowed: float = 8.0,
    stop: datetime | None = None,
    office: Office | None = None,
) -> Clock:
    return clock(
        allowed=allowed, start=start, stop=stop, pauses=pauses, now=now,
        calendar=office or Office(), team="T",
    )  # fmt: skip


def test_a_weekend_does_not_count():
    """Friday 15:00 to Monday 10:00 is two hours on Friday and one on Monday; 5 of 8 are left."""
    found = run(at(FRIDAY, 15), at(MONDAY, 10))
    assert (found.used, found.remaining, found.state) == (3.0, 5.0, State.RUNNING)
    assert found.breaches_at == at(MONDAY, 15)


def test_a_holiday_does_not_count():
    """Monday is free: two hours on Friday, one on Tuesday; the last of 8 ends Tuesday 15:00."""
    found = run(at(FRIDAY, 15), at(MONDAY + timedelta(days=1), 10), office=Office([MONDAY.date()]))
    assert (found.used, found.breaches_at) == (3.0, at(MONDAY + timedelta(days=1), 15))


def test_a_clock_that_ran_out_says_when():
    """Allowed 4: two on Friday, then 9:00 to 11:00 on Monday; at 12:30 it is 1.5 over."""
    found = run(at(FRIDAY, 15), at(MONDAY, 12, 30), allowed=4.0)
    assert (found.state, found.breaches_at, found.remaining) == (
        State.BREACHED, at(MONDAY, 11), -1.5
    )  # fmt: skip


def test_two_pauses_are_left_out_and_move_the_end():
    """Monday from 9:00, paused 10:00–11:30 and 13:00–14:00: at 16:00 seven less 2.5 are used."""
    found = run(
        at(MONDAY, 9), at(MONDAY, 16),
        Pause(at(MONDAY, 10), at(MONDAY, 11, 30), "x"), Pause(at(MONDAY, 13), at(MONDAY, 14), "y"),
    )  # fmt: skip
    assert found.used == 4.5
    assert found.breaches_at == at(MONDAY + timedelta(days=1), 11, 30)


def test_pauses_that_overlap_count_once():
    found = run(
        at(MONDAY, 9), at(MONDAY, 16),
        Pause(at(MONDAY, 10), at(MONDAY, 13), "x"), Pause(at(MONDAY, 11), at(MONDAY, 12), "y"),
    )  # fmt: skip
    assert found.used == 4.0


def test_a_clock_that_stands_has_no_end_but_hours_left():
    found = run(at(MONDAY, 9), at(MONDAY, 16), Pause(at(MONDAY, 11), None, "Waiting for Ann"))
    assert (found.state, found.used, found.remaining) == (State.PAUSED, 2.0, 6.0)
    assert (found.breaches_at, found.paused_since) == (None, at(MONDAY, 11))
    assert found.paused_why == "Waiting for Ann"


def test_a_pause_after_the_breach_does_not_heal_it():
    found = run(at(MONDAY, 9), at(MONDAY, 16), Pause(at(MONDAY, 14), None, "x"), allowed=4.0)
    assert (found.state, found.breaches_at, found.remaining) == (
        State.BREACHED, at(MONDAY, 13), -1.0
    )  # fmt: skip
    assert found.paused_since == at(MONDAY, 14)


def test_exactly_the_hours_allowed_is_met_and_a_minute_more_is_missed():
    in_time = run(at(MONDAY, 9), at(MONDAY, 17), stop=at(MONDAY, 13), allowed=4.0)
    late = run(at(MONDAY, 9), at(MONDAY, 17), stop=at(MONDAY, 13, 1), allowed=4.0)
    assert (in_time.state, in_time.breaches_at) == (State.MET, None)
    assert (late.state, late.breaches_at) == (State.MISSED, at(MONDAY, 13))


def test_hours_used_up_just_as_a_pause_begins_are_over_at_that_moment():
    """09:00 to 13:00 are the 4 hours; the pause ends at 14:00, when the breach begins to count."""
    pause = Pause(at(MONDAY, 13), at(MONDAY, 14), "x")
    still_in_time = run(at(MONDAY, 9), at(MONDAY, 14), pause, allowed=4.0)
    over = run(at(MONDAY, 9), at(MONDAY, 15), pause, allowed=4.0)
    assert still_in_time.state is State.SOON
    assert (over.state, over.breaches_at, over.remaining) == (
        State.BREACHED, at(MONDAY, 13), -1.0
    )  # fmt: skip


def test_with_less_than_a_quarter_left_it_is_soon():
    assert run(at(MONDAY, 9), at(MONDAY, 15)).state is State.RUNNING  # 2 of 8 are left
    assert run(at(MONDAY, 9), at(MONDAY, 15, 1)).state is State.SOON


def test_calendar_hours_count_nights_and_weekends():
    found = clock(
        allowed=72.0, start=at(FRIDAY, 15), stop=None, pauses=(), now=at(MONDAY, 10),
        calendar=EveryHour(), team="",
    )  # fmt: skip
    assert (found.used, found.breaches_at) == (67.0, at(MONDAY, 15))


SPANS = st.lists(
    st.tuples(st.integers(0, 6000), st.integers(0, 900)), max_size=5
)  # minutes after the start, length


@settings(max_examples=120)
@given(length=st.integers(0, 6000), spans=SPANS, allowed=st.integers(1, 60))
def test_used_hours_are_the_open_minutes_outside_of_every_pause(length, spans, allowed):
    """Each minute is asked whether the office is open and no pause holds."""
    start, office = at(FRIDAY, 8), Office([date(2026, 11, 17)])
    now = start + length * MINUTE
    pauses = [Pause(start + s * MINUTE, start + (s + n) * MINUTE, "x") for s, n in spans]
    counted = [
        moment
        for n in range(length)
        if office.is_open(moment := start + n * MINUTE)
        and not any(p.since <= moment < p.until for p in pauses)
    ]
    found = run(start, now, *pauses, allowed=float(allowed), office=office)
    assert found.used == pytest.approx(len(counted) / 60)
    if len(counted) > allowed * 60:
        assert found.state is State.BREACHED
        assert found.breaches_at == counted[allowed * 60 - 1] + MINUTE
    else:
        assert found.state in (State.RUNNING, State.SOON)


def test_the_desk_pauses_only_while_a_state_of_the_policy_holds():
    log = [
        step(at(MONDAY, 9), state=TRIAGED),
        step(at(MONDAY, 10), state=WAITING, waits_for="the reporter"),
        step(at(MONDAY, 11), "note", state=WAITING, waits_for="the reporter"),
        step(at(MONDAY, 12), state=WAITING, waits_for="a decision"),
        step(at(MONDAY, 13), state=ESCALATED, level=1),
        step(at(MONDAY, 14), "close", state=CLOSED),
        step(at(MONDAY, 15), "reopen", state=TRIAGED),
        step(at(MONDAY, 16), state=WAITING, waits_for="Reporter"),
    ]
    found = desk_pauses(log, pause_words(policy(pauses="waiting for reporter ;On hold;")))
    assert [(p.since.hour, p.until and p.until.hour) for p in found] == [
        (10, 12), (14, 15), (16, None),
    ]  # fmt: skip


def changed(to: str, after: datetime | None, by: datetime, was: str = "Open") -> StatusRow:
    return StatusRow("Jira", "OPS-1", was, to, after, by)


def test_a_pause_that_exports_bound_counts_at_its_shortest():
    """On hold by Monday 11:00, off it after 13:00 (by 16:00): two hours are certain; of the second
    one, on hold by Tuesday 10:00 and not left, all since then."""
    next_day = MONDAY + timedelta(days=1)
    seen = [
        changed("On Hold", at(MONDAY, 9), at(MONDAY, 11)),
        changed("Open", at(MONDAY, 13), at(MONDAY, 16), "On Hold"),
        changed("On hold", at(MONDAY, 17), at(next_day, 10)),
    ]
    held = issue(status="On Hold", updated_at=at(next_day, 12))
    found = tracker_pauses(held, seen, pause_words(policy()))
    assert [(pause.since, pause.until) for pause in found] == [
        (at(MONDAY, 11), at(MONDAY, 13)), (at(next_day, 10), None),
    ]  # fmt: skip
    assert tracker_pauses(issue(), seen[:2], pause_words(policy()))[0].until == at(MONDAY, 13)


def test_a_pause_between_two_exports_only_is_of_no_certain_length():
    seen = [
        changed("On Hold", at(MONDAY, 9), at(MONDAY, 11)),
        changed("Open", at(MONDAY, 10), at(MONDAY, 12), "On Hold"),
    ]
    (found,) = tracker_pauses(issue(), seen, pause_words(policy()))
    assert found.since == found.until


def test_a_status_of_the_tracker_pauses_from_the_last_update_on():
    held = issue(status="On Hold", created_at=at(MONDAY, 9), updated_at=at(MONDAY, 11))
    found = clocks(held, case(), [], policy(), now=at(MONDAY, 16), business=Office())
    assert found is not None and found.resolution is not None
    assert (found.resolution.state, found.resolution.used) == (State.PAUSED, 2.0)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"severity": "High", "team": "Radiology"}, 1.0),
        ({"severity": "High", "team": "Other"}, 2.0),
        ({"severity": "Low", "team": "Radiology"}, 3.0),
        ({"severity": "Low", "team": "Other"}, 4.0),
        ({"severity": "", "team": "(not recorded)"}, 4.0),
        ({"severity": "", "priority": "Sofort", "team": "Other"}, 6.0),
    ],
)
def test_the_most_specific_policy_holds_severity_before_team(asked, expected):
    rows = [
        policy(severity="High", team="Radiology", resolution_hours=1.0),
        policy(severity="High", resolution_hours=2.0),
        policy(team="Radiology", resolution_hours=3.0),
        policy(resolution_hours=4.0),
        policy(severity="High", team="Radiology", resolution_hours=5.0,
               valid_from=date(2026, 12, 1)),
        policy(severity="sofort", resolution_hours=6.0),
    ]  # fmt: skip
    chosen = policy_for(rows, **({"priority": "Medium"} | asked), on=date(2026, 11, 16))
    assert chosen is not None and chosen.resolution_hours == expected


@pytest.mark.parametrize(
    ("stated", "priority", "named", "expected"),
    [
        # The desk says Low: its policy holds, wherever the others stand and however new they are.
        ("Low", "Highest", ("Highest", "Low"), "Low"),
        ("Low", "Highest", ("Low", "Highest"), "Low"),
        # P4 and Minor mean Low, Highest means Critical: the desk says that it is not.
        ("Low", "Highest", ("Highest", "P4", ""), "P4"),
        ("Low", "Highest", ("Highest", ""), ""),
        ("Low", "Minor", ("Minor", "Low"), "Low"),
        # Nobody knows what Sofort means: it holds where no policy is for the desk's word.
        ("Low", "Sofort", ("Sofort", "Low", ""), "Low"),
        ("Low", "Sofort", ("Sofort", ""), "Sofort"),
        # Nothing is set on the desk: the tracker's own word, then what it means.
        ("", "Minor", ("Low", "Minor", ""), "Minor"),
        ("", "Minor", ("Low", ""), "Low"),
    ],
)
def test_the_severity_set_on_the_desk_goes_before_the_priority_of_the_tracker(
    stated, priority, named, expected
):
    rows = [policy(severity=word, valid_from=date(2026, 1, n)) for n, word in enumerate(named, 1)]
    for order in (rows, rows[::-1]):
        chosen = policy_for(
            order, severity=stated, priority=priority, team="", on=date(2026, 11, 16)
        )
        assert chosen is not None and chosen.severity == expected


def test_a_newer_policy_holds_for_issues_created_since_then_only():
    rows = [
        policy(resolution_hours=4.0),
        policy(resolution_hours=9.0, valid_from=date(2026, 11, 1)),
    ]
    of = {"severity": "", "priority": "", "team": ""}
    assert [
        found.resolution_hours if (found := policy_for(rows, **of, on=on)) else None
        for on in (date(2025, 12, 31), date(2026, 10, 31), date(2026, 11, 1))
    ] == [None, 4.0, 9.0]


def test_the_first_triage_is_the_response_and_the_earlier_end_the_resolution():
    one = issue(created_at=at(MONDAY, 9), resolved_at=at(MONDAY, 16), left_on=MONDAY.date())
    handled = case(state=CLOSED, responded_at=at(MONDAY, 11), closed_at=at(MONDAY, 15))
    found = clocks(one, handled, [], policy(), now=at(MONDAY, 17), business=Office())
    assert found is not None and found.response and found.resolution
    assert (found.response.used, found.response.state) == (2.0, State.MET)
    assert (found.resolution.used, found.resolution.stopped_at) == (6.0, at(MONDAY, 15))


def test_an_answer_in_the_tracker_at_an_unknown_time_is_not_called_a_breach():
    begun = issue(created_at=at(FRIDAY, 9), status_category="In Progress")
    new = issue(created_at=at(FRIDAY, 9))
    states = [
        clocks(one, case(), [], policy(), now=at(MONDAY, 16), business=Office()).response.state
        for one in (begun, new)
    ]
    assert states == [State.UNKNOWN, State.BREACHED]


def test_an_issue_with_times_that_run_backwards_or_that_is_gone_has_no_clock():
    for odd in (issue(has_bad_clock=True), issue(left_on=MONDAY.date())):
        assert clocks(odd, case(), [], policy(), now=at(MONDAY, 16), business=Office()) is None


BERLIN = WorkingTime(
    WorkingTimeRows(
        tuple(
            WorkingHoursRow("", day, "09:00", "17:00", "Europe/Berlin", date(2026, 1, 1))
            for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
        ),
        (HolidayRow("", date(2026, 10, 27), "Founders' day"),),
    )
)


def test_the_stated_working_hours_count_over_a_clock_change_a_weekend_and_a_holiday():
    """Friday 23 October 15:00 in Berlin is 13:00 UTC, in winter time from Sunday on 9:00 is 8:00.

    Two hours on Friday, Monday 9:00 to 17:00 less two pauses (10:00–11:30 and 16:00–17:00) is 5.5;
    Tuesday is free. On Wednesday at 9:30 half an hour more: 8 of 12. The other 4 end at 13:30.
    """
    day = datetime(2026, 10, 26)
    found = clock(
        allowed=12.0, start=datetime(2026, 10, 23, 13), stop=None,
        pauses=[Pause(at(day, 9), at(day, 10, 30), "x"), Pause(at(day, 15), at(day, 16), "y")],
        now=datetime(2026, 10, 28, 8, 30), calendar=BERLIN, team="Radiology",
    )  # fmt: skip
    assert found.used == pytest.approx(8.0)
    assert found.breaches_at == datetime(2026, 10, 28, 12, 30)
    assert found.state is State.RUNNING


def test_a_policy_in_business_hours_uses_them_and_one_in_calendar_hours_does_not():
    one = issue(created_at=at(FRIDAY, 12), updated_at=at(FRIDAY, 12))
    used = [
        clocks(one, case(), [], policy(clock=kind), now=at(MONDAY, 12), business=BERLIN)
        .resolution.used
        for kind in ("business", "calendar")
    ]  # fmt: skip
    assert used == pytest.approx([4.0 + 4.0, 72.0])
