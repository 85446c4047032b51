"""A case of the issue desk: how an issue is handled, and the steps that led there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

NEW, TRIAGED, WAITING, ESCALATED, CLOSED = "New", "Triaged", "Waiting", "Escalated", "Closed"
STATES = (NEW, TRIAGED, WAITING, ESCALATED, CLOSED)
SEVERITIES = ("Critical", "High", "Medium", "Low")
REASONS = (
    "Resolved", "Duplicate", "Cannot be reproduced", "Will not be done", "Handled elsewhere",
    "Other",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Case:
    """How an issue is handled; a new one has not been stored yet.

    Attributes:
        source, issue_key: the issue it points at.
        summary: the issue's title when the case was last touched; says what it was when the issue
            is gone.
        state: one of `STATES`.
        waits_for: for whom or what, while it waits; "" else.
        owner: who answers for it; "" when nobody does yet.
        next_step, due_on: what is done next and by when.
        severity: one of `SEVERITIES`; "" when nobody set one.
        level: rung of the escalation ladder it stands on; 0 when it is not escalated.
        escalated_to: to whom, "" at level 0.
        closed_as: one of `REASONS`, "" while open.
        responded_at: when it was first triaged, UTC; None before.
        closed_at: when it was closed, UTC; None while open.
        version: counts its changes; a change made on an older version is refused. 0 before the
            first one.
    """

    source: str
    issue_key: str
    summary: str = ""
    state: str = NEW
    waits_for: str = ""
    owner: str = ""
    next_step: str = ""
    due_on: date | None = None
    severity: str = ""
    level: int = 0
    escalated_to: str = ""
    closed_as: str = ""
    responded_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether nothing remains to be done here."""
        return self.state == CLOSED

    @property
    def state_words(self) -> str:
        """The state as a reader says it: "Waiting for the reporter"."""
        return f"Waiting for {self.waits_for}" if self.state == WAITING else self.state


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing done to a case.

    Attributes:
        at, by: when (UTC) and who.
        what: "triage", "update", "escalate", "settle", "note", "close" or "reopen".
        note: the words that go with it: why it was escalated or closed, or the follow-up itself.
        case: as it was afterwards.
    """

    at: datetime
    by: str
    what: str
    note: str
    case: Case


def as_of(log: Iterable[Step], moment: datetime) -> dict[tuple[str, str], Case]:
    """(source, key) → the case as it was just before a moment, of a log oldest first."""
    return {
        (step.case.source, step.case.issue_key): step.case for step in log if step.at < moment
    }  # fmt: skip
