"""Clocks, policies and steps of the issue desk in words, the same on the page and in reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from analysis.desk.sla import Clock, Clocks, State
from analysis.desk.triage import Ticket
from analysis.status import Tone
from data_access.cases import Case, Step
from data_access.handled import PolicyRow
from metrics.periods import show_date

Show = Callable[[datetime], str]
_FACES: dict[State, tuple[str, Tone]] = {
    State.BREACHED: ("■", "red"),
    State.MISSED: ("■", "red"),
    State.SOON: ("▲", "amber"),
    State.RUNNING: ("●", "green"),
    State.MET: ("●", "green"),
    State.PAUSED: ("○", "grey"),
    State.UNKNOWN: ("○", "grey"),
}
NO_POLICY = "No SLA policy holds for this issue, so no clock runs."
HOW_TO_ADD = (
    "Upload a file of SLA policies: severity, team, response hours, resolution hours, clock, "
    "pauses, valid from. The template is on the page Definitions."
)
_WITH_REASON = ("escalate", "settle", "reopen")
_LOUDEST = (State.BREACHED, State.SOON, State.RUNNING, State.PAUSED)


def hours(value: float) -> str:
    """Hours to a tenth, "5.5 h", with a no-break space."""
    return f"{abs(value):,.1f}\N{NO-BREAK SPACE}h"


def face(clock: Clock) -> tuple[str, Tone]:
    """The shape and the tone of a clock's state."""
    return _FACES[clock.state]


def loudest(clocks: Clocks | None) -> tuple[str, Clock] | None:
    """Of the clocks that still run the one that is over first, with its name."""
    if clocks is None:
        return None
    named = (("response", clocks.response), ("resolution", clocks.resolution))
    running = [(name, c) for name, c in named if c is not None and c.state in _LOUDEST]
    if not running:
        return None
    return min(running, key=lambda each: (_LOUDEST.index(each[1].state), each[1].remaining))


def short(clocks: Clocks | None) -> str:
    """The clock that matters most, in a table's cell: "■ 14.2 h over, response"."""
    found = loudest(clocks)
    if found is None:
        return ""
    name, clock = found
    shape, _ = face(clock)
    if clock.state is State.BREACHED:
        said = f"{hours(clock.remaining)} over"
    elif clock.state is State.PAUSED:
        said = f"paused, {hours(clock.remaining)} left"
    else:
        said = f"{hours(clock.remaining)} left"
    return f"{shape} {said}" + (", response" if name == "response" else "")


def clock_words(clock: Clock, show: Show) -> str:
    """A clock in full: "5.5 h left of 24.0 h, breaches 17 Nov, 14:30"."""
    of = f"of {hours(clock.allowed)}"
    when = show(clock.breaches_at) if clock.breaches_at else ""
    paused = f"; paused since {show(clock.paused_since)}" if clock.paused_since else ""
    if clock.paused_since and clock.paused_why:
        paused += f" ({clock.paused_why[:1].lower()}{clock.paused_why[1:]})"
    if clock.state is State.UNKNOWN:
        return "answered in the tracker; when is not recorded"
    if clock.state is State.MET:
        return f"met in {hours(clock.used)} {of}"
    if clock.state is State.MISSED:
        return f"missed: {hours(clock.used)} {of}, breached {when}"
    if clock.state is State.BREACHED:
        return f"{hours(clock.remaining)} over {hours(clock.allowed)}, breached {when}{paused}"
    if clock.state is State.PAUSED:
        return f"{hours(clock.remaining)} left {of}{paused}"
    return f"{hours(clock.remaining)} left {of}, breaches {when}"


def policy_words(policy: PolicyRow) -> str:
    """A policy in a sentence."""
    whose = " and ".join(
        (policy.severity or "all severities", f"team {policy.team}" if policy.team else "all teams")
    )
    within = [
        f"{verb} within {hours(value)}"
        for verb, value in (
            ("answered", policy.response_hours), ("resolved", policy.resolution_hours)
        )
        if value is not None
    ]  # fmt: skip
    pauses = "; ".join(word.strip() for word in policy.pauses.split(";") if word.strip())
    stands = f"; the clock stands while: {pauses}" if pauses else "; no pauses"
    return (
        f"{whose}: {', '.join(within)}, {policy.clock} hours{stands}; "
        f"from {show_date(policy.valid_from)}"
    )


def done(step: Step) -> str:
    """A step of the log in words: "Escalated to level 1, Ops director. Reason: model waits"."""
    case = step.case
    what = {
        "triage": f"Triaged: {_handled_by(case)}",
        "update": f"Updated: {_handled_by(case)}",
        "escalate": f"Escalated to level {case.level}, {case.escalated_to}",
        "settle": "Escalation ended",
        "note": "Note",
        "close": f"Closed as {case.closed_as.lower()}",
        "reopen": "Reopened",
    }[step.what]
    if not step.note:
        return what
    if step.what == "note":
        return f"{what}: {step.note}"
    return f"{what}. {'Reason' if step.what in _WITH_REASON else 'Remark'}: {step.note}"


def _handled_by(case: Case) -> str:
    """Who has it, what comes next and what it waits for: "owner Ann, next: call, by 3 Nov 2026"."""
    parts = [
        f"owner {case.owner}" if case.owner else "no owner",
        f"next: {case.next_step}" if case.next_step else "",
        f"by {show_date(case.due_on)}" if case.due_on else "",
        f"waits for {case.waits_for}" if case.waits_for else "",
    ]
    return ", ".join(part for part in parts if part)


def waits(ticket: Ticket) -> str:
    """What an open issue waits for, in words."""
    case = ticket.case
    if case.waits_for:
        return case.waits_for[:1].upper() + case.waits_for[1:]
    if case.level:
        return case.escalated_to
    return "Triage" if case.responded_at is None else "Its owner" if ticket.owner else "An owner"
