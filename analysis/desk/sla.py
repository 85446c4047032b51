"""SLA clocks: how much of the time allowed is used up, and when it is over.

A service level agreement allows so many hours to answer an issue and so many to resolve it. The
clock starts when the issue was created, stands while a pause state holds, and stops at the first
triage (response) or at the resolution. Hours are business hours of the issue's team or calendar
hours, as the policy says. This is how ITIL service desks and Jira Service Management count. It
breaks where a source does not say when an issue was created or resolved, and where a pause is in
no log: then it counts as running.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from analysis.desk.severity import severity_of
from data_access.cases import CLOSED, Case, Step
from data_access.handled import IssueRow, PolicyRow, StatusRow
from metrics.scope import NOT_RECORDED

SOON_SHARE = 0.25  # of the hours allowed: with less left, it is soon
_NOTHING = 1e-9
_HOUR = timedelta(hours=1)


class Calendar(Protocol):
    """Which hours count: business hours of a team."""

    def hours_between(self, since: datetime, until: datetime, team: str) -> float:
        """The hours that count between two moments."""

    def add_hours(self, start: datetime, hours: float, team: str) -> datetime:
        """The moment by which so many hours that count have passed."""


class EveryHour:
    """The calendar in which every hour counts."""

    def hours_between(self, since: datetime, until: datetime, team: str) -> float:  # noqa: ARG002
        """All hours between two moments."""
        return (until - since) / _HOUR

    def add_hours(self, start: datetime, hours: float, team: str) -> datetime:  # noqa: ARG002
        """So many hours later."""
        return start + timedelta(hours=hours)


class State(StrEnum):
    """How a clock stands."""

    MET = "Met"
    MISSED = "Missed"
    RUNNING = "Running"
    SOON = "Soon breached"
    BREACHED = "Breached"
    PAUSED = "Paused"
    UNKNOWN = "Not recorded"


OVER = (State.BREACHED, State.MISSED)


@dataclass(frozen=True)
class Pause:
    """A time in which a clock stands; `until` is None while it lasts."""

    since: datetime
    until: datetime | None
    why: str


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One clock of one issue.

    Attributes:
        allowed, used: hours, of the kind the policy counts.
        state: see `State`.
        breaches_at: when the hours allowed are or were used up; None while it is paused in time,
            and when it was met.
        paused_since, paused_why: while it stands.
        stopped_at: when it ended; None while it does not.
    """

    allowed: float
    used: float
    state: State
    breaches_at: datetime | None = None
    paused_since: datetime | None = None
    paused_why: str = ""
    stopped_at: datetime | None = None

    @property
    def remaining(self) -> float:
        """Hours left; negative when it is over."""
        return self.allowed - self.used


@dataclass(frozen=True)
class Clocks:
    """The clocks of an issue with the policy they follow; a clock is None where it says nothing."""

    policy: PolicyRow
    response: Clock | None
    resolution: Clock | None

    @property
    def both(self) -> tuple[Clock, ...]:
        """Those there are."""
        return tuple(clock for clock in (self.response, self.resolution) if clock is not None)


def policy_for(
    policies: Iterable[PolicyRow], *, severity: str, priority: str, team: str, on: date
) -> PolicyRow | None:
    """The policy that holds for an issue created on a day, or None.

    Of those whose severity and team fit or are left empty: one with a severity goes before one
    without, the closer of two (see `_closeness`) before the other, then one with a team, then the
    newest.

    Args:
        policies: in force or not.
        severity: as set on the desk; "" when nobody set one.
        priority: in the tracker's words.
        team: of the issue.
        on: the day it was created.
    """
    fitting = [
        (closeness, row)
        for row in policies
        if row.valid_from <= on
        and (closeness := _closeness(row.severity, severity, priority)) is not None
        and (not row.team or _plain(row.team) == _plain(team))
    ]
    best = max(fitting, key=lambda f: (f[0], bool(f[1].team), f[1].valid_from), default=None)
    return best[1] if best else None


def _closeness(word: str, severity: str, priority: str) -> int | None:
    """How close a policy's word is to an issue: 0 holds for all, None for others only.

    What is set on the desk goes first: its word, then a priority that means it, then the tracker's
    own priority where nobody knows what that means. With nothing set, the tracker's priority does,
    then the severity that it means.
    """
    if not word:
        return 0
    if severity:
        if _plain(word) == _plain(severity):
            return 3
        if meant := severity_of(word):
            return 2 if meant == severity else None
        return 1 if _plain(word) == _plain(priority) else None
    if _plain(word) == _plain(priority):
        return 2
    return 1 if _plain(word) == _plain(severity_of(priority)) else None


def pause_words(policy: PolicyRow) -> frozenset[str]:
    """The states in which the clock stands, in one spelling."""
    return frozenset(_plain(word) for word in policy.pauses.split(";")) - {""}


def _plain(text: str) -> str:
    """Without case, spaces and "the": "Waiting for the reporter" is "waiting for reporter"."""
    return " ".join(word for word in text.casefold().split() if word != "the")


def desk_pauses(log: Iterable[Step], words: frozenset[str]) -> list[Pause]:
    """The times in which a case stood in a pause state or was closed; its log is oldest first."""
    found: list[Pause] = []
    for step in log:
        state = step.case.state_words
        stands = step.case.state == CLOSED or _plain(state) in words
        if found and found[-1].until is None and (not stands or state != found[-1].why):
            found[-1] = Pause(found[-1].since, step.at, found[-1].why)
        if stands and (not found or found[-1].until is not None):
            found.append(Pause(step.at, None, state))
    return found


def tracker_pauses(
    issue: IssueRow, changes: Iterable[StatusRow], words: frozenset[str]
) -> list[Pause]:
    """The times in which the tracker certainly showed a pause status, oldest first.

    Exports bound a change of status: it lies after one moment and by another. Each pause counts
    at its shortest: from the moment by which it had begun to the one after which it ended. A
    status that stands began by the issue's last update at the latest.
    """
    found, begun_by = [], None
    for change in changes:
        if begun_by is not None and _plain(change.to_status) not in words:
            until = max(begun_by, change.after_at or begun_by)
            found.append(Pause(begun_by, until, _in_tracker(change.from_status)))
            begun_by = None
        elif begun_by is None and _plain(change.to_status) in words:
            begun_by = change.by_at
    if _plain(issue.status) in words and issue.resolved_at is None:
        known = [moment for moment in (begun_by, issue.updated_at) if moment is not None]
        found += [Pause(min(known), None, _in_tracker(issue.status))] if known else []
    return found


def _in_tracker(status: str) -> str:
    return f"{status} in the tracker"


def running(
    start: datetime, end: datetime, pauses: Iterable[Pause]
) -> list[tuple[datetime, datetime]]:
    """The stretches between two moments in which no pause holds, in order."""
    found, at = [], start
    for since, until in sorted((p.since, p.until or end) for p in pauses):
        if since > at and at < end:
            found.append((at, min(since, end)))
        at = max(at, until)
    if at < end:
        found.append((at, end))
    return found


def clock(
    *,
    allowed: float,
    start: datetime,
    stop: datetime | None,
    pauses: Sequence[Pause],
    now: datetime,
    calendar: Calendar,
    team: str,
) -> Clock:
    """How a clock stands that was started and perhaps stopped; see the module."""
    end = max(start, stop if stop is not None else now)
    used, used_up_at = 0.0, None
    for since, until in running(start, end, pauses):
        spent = calendar.hours_between(since, until, team)
        if used_up_at is None and used + spent >= allowed - _NOTHING:
            used_up_at = calendar.add_hours(since, max(allowed - used, 0.0), team)
        used += spent
    breached_at = used_up_at if used > allowed + _NOTHING else None
    if stop is not None:
        state = State.MET if breached_at is None else State.MISSED
        return Clock(
            allowed=allowed, used=used, state=state, breaches_at=breached_at, stopped_at=stop
        )
    standing = [p for p in pauses if p.until is None and p.since <= now]
    pause = min(standing, key=lambda p: p.since) if standing else None
    left = max(allowed - used, 0.0)
    if breached_at is not None:
        state = State.BREACHED
    elif pause is not None:
        state = State.PAUSED
    else:
        state = State.SOON if left < SOON_SHARE * allowed else State.RUNNING
        breached_at = calendar.add_hours(end, left, team)
    return Clock(
        allowed=allowed,
        used=used,
        state=state,
        breaches_at=breached_at,
        paused_since=pause.since if pause else None,
        paused_why=pause.why if pause else "",
    )


def clocks(
    issue: IssueRow,
    case: Case,
    log: Sequence[Step],
    policy: PolicyRow,
    *,
    changes: Sequence[StatusRow] = (),
    now: datetime,
    business: Calendar,
) -> Clocks | None:
    """Both clocks of an issue; None where its times run backwards or it is gone unresolved."""
    if issue.has_bad_clock or (issue.left_on is not None and issue.resolved_at is None):
        return None
    words = pause_words(policy)
    pauses = desk_pauses(log, words) + tracker_pauses(issue, changes, words)
    calendar: Calendar = business if policy.clock == "business" else EveryHour()
    team = "" if issue.team == NOT_RECORDED else issue.team

    def until(stop: datetime | None, allowed: float) -> Clock:
        return clock(
            allowed=allowed, start=issue.created_at, stop=stop, pauses=pauses, now=now,
            calendar=calendar, team=team,
        )  # fmt: skip

    ends = [at for at in (issue.resolved_at, case.closed_at) if at is not None]
    ended = min(ends, default=None)
    resolution = None
    if policy.resolution_hours is not None:
        resolution = until(ended, policy.resolution_hours)
    response = None
    if policy.response_hours is not None:
        response = _response(issue, until(case.responded_at or ended, policy.response_hours), case)
    return Clocks(policy, response, resolution)


def _response(issue: IssueRow, found: Clock, case: Case) -> Clock:
    """The response clock, unless the answer was given in the tracker at an unknown time.

    An issue that somebody works on or resolved was answered at some time before; where that
    cannot have been too late it is met, else it is not known.
    """
    if case.responded_at is not None or found.state in (State.MET, State.RUNNING, State.SOON):
        return found
    if issue.resolved_at is None and issue.status_category not in ("In Progress", "Done"):
        return found
    return Clock(allowed=found.allowed, used=found.used, state=State.UNKNOWN)
