"""The triage queue: which issues need somebody now, why, and in which order.

Priority is a weight of severity times a factor of age. Age lifts what waits long, as aging does
in priority scheduling (Silberschatz, Galvin and Gagne, Operating System Concepts, "CPU
scheduling"), so that nothing of low severity waits for ever. The numbers are chosen so that an
issue that is 30 days old goes before a new one of the next severity, and never before a new one
two steps above. It breaks where the severities do not say how much harm an issue does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from analysis.desk.ladder import Proposal, proposal
from analysis.desk.severity import NOT_SET, severity_of
from analysis.desk.sla import Calendar, Clocks, State, clocks, policy_for
from data_access.cases import Case, Step
from data_access.handled import IssueRow, PolicyRow, RungRow, StatusRow
from metrics.local_time import local_date
from metrics.scope import NOT_RECORDED

STALE_DAYS = 7
WEIGHTS = {"Critical": 27, "High": 9, "Medium": 3, "Low": 1}
_AS = "Medium"  # how an issue without a severity counts
MOST_AGE_DAYS, AGE_STEP_DAYS = 30, 10
FORMULA = (
    f"Priority = severity weight ({', '.join(f'{name} {n}' for name, n in WEIGHTS.items())}; "
    f"{NOT_SET.lower()} counts as {_AS}) × (1 + age in whole days, at most {MOST_AGE_DAYS}, "
    f"÷ {AGE_STEP_DAYS}). Equal priorities go by due day, then by age."
)


class Reason(StrEnum):
    """Why an issue needs somebody."""

    BREACHED = "SLA breached"
    SOON = "SLA soon breached"
    ESCALATED = "Escalated"
    OVERDUE = "Overdue"
    NEW = "New"
    UNOWNED = "Unowned"
    STALE = "Stale"
    RESOLVED = "Resolved in the tracker"
    GONE = "Gone from the data"


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """An issue together with how it is handled.

    Attributes:
        issue: as the data have it; None when it is in no upload any more.
        case: as the desk has it; a new one when nobody touched it.
        log: what was done on the desk, oldest first.
        severity: set on the desk, else read from the tracker's priority; "" when neither says.
        age_days: whole days since it was created.
        priority: see `FORMULA`.
        owner: on the desk, else the tracker's assignee; "" when neither.
        due_on: the earlier one of the next step's and the issue's due day.
        reasons: why it needs somebody, the loudest first; none when it is in hand.
        clocks: None without a policy.
        next_rung: of the escalation ladder; None when there is none above.
    """

    issue: IssueRow | None
    case: Case
    log: tuple[Step, ...] = ()
    severity: str = ""
    age_days: int = 0
    priority: float = 0.0
    owner: str = ""
    due_on: date | None = None
    reasons: tuple[Reason, ...] = ()
    clocks: Clocks | None = None
    next_rung: Proposal | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Source and key."""
        return self.case.source, self.case.issue_key

    @property
    def summary(self) -> str:
        """Its title; the last one known when it is gone."""
        return (self.issue.summary if self.issue else None) or self.case.summary or "(no title)"

    @property
    def team(self) -> str:
        """The team it belongs to; "" when that is not known."""
        return self.issue.team if self.issue and self.issue.team != NOT_RECORDED else ""


def priority_of(severity: str, age_days: int) -> float:
    """The priority by `FORMULA`.

    >>> priority_of("Critical", 0), priority_of("Low", 45), priority_of("", 5)
    (27.0, 4.0, 4.5)
    """
    weight = WEIGHTS.get(severity, WEIGHTS[_AS])
    age = min(max(age_days, 0), MOST_AGE_DAYS)
    return weight * (AGE_STEP_DAYS + age) / AGE_STEP_DAYS


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What all tickets of a moment are judged by.

    Attributes:
        now: the clock, UTC; `today` is its day in `zone`.
        policies, rungs: as stated.
        business: the hours that count where a policy counts business hours.
        shown: how a name is shown.
        changes: (source, key) → the issue's changes of status, oldest first.
    """

    now: datetime
    today: date
    zone: str
    policies: Sequence[PolicyRow]
    rungs: Sequence[RungRow]
    business: Calendar
    shown: Callable[[str], str] = str
    changes: Mapping[tuple[str, str], Sequence[StatusRow]] = field(default_factory=dict)

    def tickets(
        self, issues: Iterable[IssueRow], cases: Iterable[Case], log: Iterable[Step]
    ) -> list[Ticket]:
        """Every open issue and every case, what needs somebody most first."""
        by_key = {(case.source, case.issue_key): case for case in cases}
        steps: dict[tuple[str, str], list[Step]] = {}
        for step in log:
            steps.setdefault((step.case.source, step.case.issue_key), []).append(step)
        rows = {(row.source, row.issue_key): row for row in issues}
        keys = dict.fromkeys([*rows, *by_key])
        return sorted(
            (self._ticket(key, rows.get(key), by_key, steps.get(key, [])) for key in keys),
            key=_place,
        )

    def _ticket(
        self,
        key: tuple[str, str],
        issue: IssueRow | None,
        cases: Mapping[tuple[str, str], Case],
        log: Sequence[Step],
    ) -> Ticket:
        case = cases.get(key) or Case(source=key[0], issue_key=key[1])
        severity = case.severity or (severity_of(issue.priority) if issue else "")
        age = self._age(issue, log)
        assignee = issue.assignee if issue and issue.assignee != NOT_RECORDED else ""
        found = Ticket(
            issue=issue,
            case=case,
            log=tuple(log),
            severity=severity,
            age_days=age,
            priority=priority_of(severity, age),
            owner=self.shown(case.owner) if case.owner else assignee,
            due_on=min((d for d in (case.due_on, issue and issue.due_on) if d), default=None),
            clocks=self._clocks(issue, case, log),
        )
        if case.is_closed:
            return found
        found = replace(found, reasons=self._reasons(found))
        rung = proposal(
            self.rungs, found.case, found.issue, found.clocks, found.due_on, now=self.now,
            today=self.today, zone=self.zone,
        )  # fmt: skip
        return replace(found, next_rung=rung)

    def _age(self, issue: IssueRow | None, log: Sequence[Step]) -> int:
        since = issue.created_at if issue else log[0].at if log else self.now
        return max((self.now - since).days, 0)

    def _clocks(self, issue: IssueRow | None, case: Case, log: Sequence[Step]) -> Clocks | None:
        if issue is None:
            return None
        policy = policy_for(
            self.policies,
            severity=case.severity,
            priority=issue.priority,
            team=issue.team,
            on=local_date(issue.created_at, self.zone),
        )
        if policy is None:
            return None
        changes = self.changes.get((issue.source, issue.issue_key), ())
        return clocks(
            issue, case, log, policy, changes=changes, now=self.now, business=self.business
        )

    def _reasons(self, ticket: Ticket) -> tuple[Reason, ...]:
        issue, case = ticket.issue, ticket.case
        if issue is None or (issue.left_on is not None and issue.resolved_at is None):
            return (Reason.GONE,)
        if issue.left_on is not None:
            return (Reason.RESOLVED,)
        states = {clock.state for clock in ticket.clocks.both} if ticket.clocks else set()
        touched = [issue.created_at, issue.updated_at, *(step.at for step in ticket.log)]
        quiet = self.now - max(at for at in touched if at is not None)
        holds = {
            Reason.BREACHED: State.BREACHED in states,
            Reason.SOON: State.SOON in states,
            Reason.ESCALATED: case.level > 0 or bool(issue.escalation),
            Reason.OVERDUE: ticket.due_on is not None and ticket.due_on < self.today,
            Reason.NEW: case.responded_at is None,
            Reason.UNOWNED: not ticket.owner,
            Reason.STALE: quiet > timedelta(days=STALE_DAYS),
        }
        return tuple(reason for reason, is_so in holds.items() if is_so)


def _place(ticket: Ticket) -> tuple[float, date, int, str, str]:
    """Highest priority first, then the earliest due day, then the oldest, then by name."""
    created = ticket.issue.created_at if ticket.issue else None
    since = int((created - datetime(1970, 1, 1)).total_seconds()) if created else 0
    return (-ticket.priority, ticket.due_on or date.max, since, *ticket.key)
