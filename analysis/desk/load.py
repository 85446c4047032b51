"""The tickets of a workspace: now, and as they were at the end of a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from analysis.desk.triage import Desk, Ticket
from analysis.working_time import working_time
from data_access.cases import Step, as_of
from data_access.handled import IssueRow, StatusRow
from data_access.store import Store
from metrics.local_time import begin_of
from metrics.scope import Scope

_MATCHED = (
    "project",
    "team",
    "type",
    "priority",
    "status",
    "status_category",
    "assignee",
    "source",
)

_A_WEEK = 7  # days


def now(store: Store, log: Sequence[Step]) -> list[Ticket]:
    """Every open issue and every case as they stand at the store's clock, most urgent first."""
    later = store.clock + timedelta(microseconds=1)
    return _tickets(store, log, store.clock, later, store.today + timedelta(days=1))


def is_newest(store: Store, until: date) -> bool:
    """Whether a period that ends before a day is the one to report on now: not a week is over."""
    return (store.today - until).days < _A_WEEK


def at_end(store: Store, log: Sequence[Step], until: date) -> list[Ticket]:
    """The tickets of a period that ends before a day.

    Of the newest period they are as they stand now, so that a report says what was agreed on the
    morning it is written. Of an older one what happened later is left out; of an issue the data
    hold only the newest values, so its status and due day are today's.
    """
    moment = begin_of(until, store.settings.reporting_zone)
    if is_newest(store, until) or moment > store.clock:
        return now(store, log)
    return _tickets(store, log, moment, moment, until)


def shown_log(store: Store, log: Sequence[Step]) -> list[Step]:
    """The steps with owners under the names that may be shown; who signed stays as signed."""
    names = {name: store.shown_name(name) for name in {step.case.owner for step in log}}
    return [
        replace(step, case=replace(step.case, owner=names[step.case.owner])) for step in log
    ]  # fmt: skip


def matching(tickets: Sequence[Ticket], scope: Scope) -> list[Ticket]:
    """The tickets that pass a scope's filters; one whose issue is gone passes all of them."""
    filters = [(name, set(values)) for name, values in scope.filters if name in _MATCHED]
    return [
        ticket
        for ticket in tickets
        if ticket.issue is None
        or all(getattr(ticket.issue, name) in values for name, values in filters)
    ]


def left_aside(scope: Scope) -> list[str]:
    """The filters of a scope that issues do not have."""
    return [name for name, _ in scope.filters if name not in _MATCHED]


def _tickets(
    store: Store, log: Sequence[Step], moment: datetime, before: datetime, day: date
) -> list[Ticket]:
    log = [step for step in log if step.at < before]
    cases = as_of(log, before)
    rows = [
        _then(row, before) for row in store.handled_issues([*cases], day) if row.created_at < before
    ]
    changes: dict[tuple[str, str], list[StatusRow]] = {}
    for change in store.handled_statuses([*cases], day):
        if change.by_at < before:
            changes.setdefault((change.source, change.issue_key), []).append(change)
    desk = Desk(
        now=moment,
        today=day if before == moment else store.today,
        zone=store.settings.reporting_zone,
        policies=store.sla_policies(),
        rungs=store.escalation_ladder(),
        business=working_time(store),
        shown=store.shown_name,
        changes=changes,
    )
    return desk.tickets(rows, cases.values(), shown_log(store, log))


def _then(row: IssueRow, moment: datetime) -> IssueRow:
    """The issue without a resolution that came later."""
    if row.resolved_at is not None and row.resolved_at >= moment:
        return replace(row, resolved_at=None, left_on=None)
    return row
