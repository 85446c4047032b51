"""Batches that are overdue, and batches later than any before: facts, named one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from analysis import words
from analysis.model import Finding, Severity, Signal, Status
from analysis.spc import MAX_PERIODS
from metrics.delivery import DAYS_LATE, DELIVERIES_OVERDUE
from metrics.periods import Period, periods_before, show_date
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import Store

_RECORD_BATCHES = 20  # how many batches a record must exceed


def late_batches(store: Store, scope: Scope) -> list[Finding]:
    """The batches overdue at the period's end, longest first; then records among those delivered.

    A batch that is promised, over its day and not there is named always: that is no estimate. One
    that came late is named only when it came later than each of at least 20 batches of the 26
    weeks before: a day or two now and then is ordinary.
    """
    first = periods_before(scope.period, MAX_PERIODS, "week")[0].since
    window = scope.during(Period(first, scope.period.until))
    overdue = set(store.breakdown(DELIVERIES_OVERDUE, scope, "batch")["segment"])
    late = _days_late(store, window)
    found = [
        _overdue(store, window, batch, days)
        for batch, days in sorted(late.items(), key=lambda each: (-each[1], each[0]))
        if batch in overdue
    ]
    before = _days_late(store, scope.during(Period(first, scope.period.since)))
    record = max(before.values(), default=0)
    if len(before) >= _RECORD_BATCHES:
        found += [
            _delivered(scope, batch, days, len(before))
            for batch, days in sorted(_days_late(store, scope).items())
            if batch not in overdue and days > record
        ]
    return found


def _days_late(store: Store, scope: Scope) -> dict[str, int]:
    frame = store.breakdown(DAYS_LATE, scope, "batch")
    return {
        batch: round(days)
        for batch, days in zip(frame["segment"], frame["value"], strict=True)
        if days == days  # not withheld
    }


def _overdue(store: Store, window: Scope, batch: str, days: int) -> Finding:
    """Its scope reaches back to the promised day, so that its row opens."""
    last = min(window.period.last_day, store.today - timedelta(days=1))
    promised = last - timedelta(days=days)
    return _finding(
        window.where(batch=batch),
        batch,
        lead=f"Batch {batch} is {words.some(days, 'days')} overdue"
        if days
        else f"Batch {batch} was not delivered on its day",
        rest=f": promised for {show_date(promised, year=last.year)} and not delivered by "
        f"{show_date(last, year=last.year)}.",
        next_step="Ask its owner for a new date.",
        evidence="n = 1 delivery",
    )


def _delivered(scope: Scope, batch: str, days: int, others: int) -> Finding:
    return _finding(
        scope.where(batch=batch),
        batch,
        lead=f"Batch {batch} came {words.some(days, 'days')} late",
        rest=f", later than each of the {others} batches of the {MAX_PERIODS} weeks before.",
        next_step="Note what held it up while it is fresh.",
        evidence="n = 1 delivery",
    )


def _finding(
    scope: Scope, batch: str, *, lead: str, rest: str, next_step: str, evidence: str
) -> Finding:
    return Finding(
        severity=Severity.MISSED,
        lead=lead,
        rest=rest,
        evidence=evidence,
        metric=DAYS_LATE,
        scope=scope,
        next_step=next_step,
        status=Status.MISSED,
        signal=Signal.UNJUDGED,
        n=1,
        segment=(("batch", batch),),
        since=None,
    )
