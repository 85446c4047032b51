"""What the issue desk reads of the data: issues as they may be shown, policies, the ladder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

After = Literal["response breached", "resolution breached", "past due", "age"]


@dataclass(frozen=True)
class IssueRow:
    """An issue as the newest upload has it; what a source lacks is "(not recorded)" or None.

    `left_on` is the day it was resolved or vanished; None while it is open. People stand under
    the names that may be shown.
    """

    source: str
    issue_key: str
    summary: str | None
    project: str
    team: str
    type: str
    priority: str
    status: str
    status_category: str
    assignee: str
    reporter: str | None
    created_at: datetime
    updated_at: datetime | None
    resolved_at: datetime | None
    due_on: date | None
    left_on: date | None
    labels: str | None
    escalation: str | None
    has_bad_clock: bool


@dataclass(frozen=True)
class StatusRow:
    """A change of an issue's status that successive exports show, between two moments (UTC)."""

    source: str
    issue_key: str
    from_status: str
    to_status: str
    after_at: datetime | None
    by_at: datetime


@dataclass(frozen=True)
class PolicyRow:
    """One SLA policy; see the extract `sla_policies`. "" holds for all."""

    severity: str
    team: str
    response_hours: float | None
    resolution_hours: float | None
    clock: Literal["business", "calendar"]
    pauses: str
    valid_from: date


@dataclass(frozen=True)
class RungRow:
    """One rung of the escalation ladder; see the extract `escalation_ladder`."""

    level: int
    team: str
    escalate_to: str
    after: After
    hours: float
    valid_from: date
