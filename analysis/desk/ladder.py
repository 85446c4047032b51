"""The escalation ladder: which rung is next for an issue, and whether it is due.

The app proposes, a person decides: nothing is escalated by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analysis.desk.sla import OVER, Clock, Clocks
from data_access.cases import Case
from data_access.handled import IssueRow, RungRow
from metrics.local_time import begin_of
from metrics.scope import NOT_RECORDED


@dataclass(frozen=True)
class Proposal:
    """The next rung for an issue.

    Attributes:
        level, to: the rung, and to whom.
        rule: after what it is due, in words.
        due_at: when it is or was due, UTC; None while nothing started it.
        is_due: whether that has passed.
    """

    level: int
    to: str
    rule: str
    due_at: datetime | None
    is_due: bool


def rungs_of(rungs: Iterable[RungRow], team: str, today: date) -> list[RungRow]:
    """The rungs that hold for a team on a day, lowest first: its own, else those of all teams."""
    newest: dict[tuple[str, int], RungRow] = {}
    for rung in sorted(rungs, key=lambda rung: rung.valid_from):
        if rung.valid_from <= today:
            newest[rung.team.casefold(), rung.level] = rung
    own = [rung for (whose, _), rung in newest.items() if whose == team.casefold() and whose]
    found = own or [rung for (whose, _), rung in newest.items() if not whose]
    return sorted(found, key=lambda rung: rung.level)


def proposal(
    rungs: Iterable[RungRow],
    case: Case,
    issue: IssueRow | None,
    clocks: Clocks | None,
    due_on: date | None,
    *,
    now: datetime,
    today: date,
    zone: str,
) -> Proposal | None:
    """The next rung above the one a case stands on; None at the top or without a ladder."""
    if issue is None or issue.left_on is not None:
        return None
    team = "" if issue.team == NOT_RECORDED else issue.team
    above = [rung for rung in rungs_of(rungs, team, today) if rung.level > case.level]
    if not above:
        return None
    rung = above[0]
    begun = _begun(rung, issue, clocks, due_on, zone)
    due_at = None if begun is None else begun + timedelta(hours=rung.hours)
    return Proposal(
        rung.level, rung.escalate_to, _rule(rung), due_at, due_at is not None and due_at <= now
    )


def _begun(
    rung: RungRow, issue: IssueRow, clocks: Clocks | None, due_on: date | None, zone: str
) -> datetime | None:
    """When what the rung waits for happened; of a clock that runs, when it will."""
    if rung.after == "age":
        return issue.created_at
    if rung.after == "past due":
        return None if due_on is None else begin_of(due_on + timedelta(days=1), zone)
    if clocks is None:
        return None
    return _breached(clocks.response if rung.after.startswith("response") else clocks.resolution)


def _breached(clock: Clock | None) -> datetime | None:
    if clock is None or (clock.stopped_at is not None and clock.state not in OVER):
        return None
    return clock.breaches_at


def _rule(rung: RungRow) -> str:
    """After what, in words: "24 h after the resolution clock ran out"."""
    what = {
        "response breached": "the response clock ran out",
        "resolution breached": "the resolution clock ran out",
        "past due": "the due day passed",
        "age": "it was created",
    }[rung.after]
    return f"{rung.hours:g}\N{NO-BREAK SPACE}h after {what}" if rung.hours else f"when {what}"
