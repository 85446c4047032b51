"""Batches that are overdue, and batches later than any before: facts, named one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from analysis import words
from analysis.model import Finding, Severity, Signal, Status
from analysis.spc import MAX_PERIODS
from metrics.delivery import DAYS_LATE, DELIVERIES_OVERDUE
from metrics.model import Metric
from metrics.periods import Period, periods_before, show_date
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import Store

_RECORD_BATCHES = 20  # how many batches a record must exceed


class _Batch(NamedTuple):
    batch: str
    source: str


@dataclass(frozen=True)
class _Named:
    """A batch in a window, with its source where two sources have one of its name."""

    window: Scope
    batch: _Batch
    is_twice: bool

    @property
    def segment(self) -> tuple[tuple[str, str], ...]:
        name = ("batch", self.batch.batch)
        return (name, ("source", self.batch.source)) if self.is_twice else (name,)

    @property
    def words(self) -> str:
        source = f" ({self.batch.source})" if self.is_twice else ""
        return f"Batch {self.batch.batch}{source}"


def late_batches(store: Store, scope: Scope) -> list[Finding]:
    """The batches overdue at the period's end, longest first; then records among those delivered.

    A batch that is promised, over its day and not there is named always: that is no estimate. One
    that came late is named only when it came later than each of at least 20 batches of the 26
    weeks before: a day or two now and then is ordinary. Batches of one name in two sources are
    two, named with their source.
    """
    first = periods_before(scope.period, MAX_PERIODS, "week")[0].since
    window = scope.during(Period(first, scope.period.until))
    overdue = set(_by_batch(store, DELIVERIES_OVERDUE, scope))
    late = _by_batch(store, DAYS_LATE, window)
    names = Counter(where.batch for where in late)
    found = [
        _overdue(store, _Named(window, where, is_twice=names[where.batch] > 1))
        for where, _ in sorted(late.items(), key=lambda each: (-each[1], each[0]))
        if where in overdue
    ]
    before = _by_batch(store, DAYS_LATE, scope.during(Period(first, scope.period.since)))
    record = max(before.values(), default=0)
    if len(before) >= _RECORD_BATCHES:
        found += [
            _delivered(_Named(scope, where, is_twice=names[where.batch] > 1), days, len(before))
            for where, days in sorted(_by_batch(store, DAYS_LATE, scope).items())
            if where not in overdue and days > record
        ]
    return found


def _by_batch(store: Store, metric: Metric, scope: Scope) -> dict[_Batch, int]:
    """The metric of each batch of each source, where it is not withheld."""
    found = {}
    for source in store.breakdown(metric, scope, "source")["segment"]:
        frame = store.breakdown(metric, scope.where(source=source), "batch")
        for batch, days in zip(frame["segment"], frame["value"], strict=True):
            if days == days:  # not NaN
                found[_Batch(batch, source)] = round(days)
    return found


def _overdue(store: Store, named: _Named) -> Finding:
    """Its scope reaches back to the promised day, so that its row opens."""
    last = min(named.window.period.last_day, store.today - timedelta(days=1))
    there = named.window.where(batch=named.batch.batch, source=named.batch.source)
    promised = min(store.rows(DELIVERIES_OVERDUE, there)["promised_on"].to_pylist())
    days = (last - promised).days
    return _finding(
        named,
        lead=f"{named.words} is {words.some(days, 'days')} overdue"
        if days
        else f"{named.words} was not delivered on its day",
        rest=f": promised for {show_date(promised, year=last.year)} and not delivered by "
        f"{show_date(last, year=last.year)}.",
        next_step="Ask its owner for a new date.",
        evidence="n = 1 delivery",
    )


def _delivered(named: _Named, days: int, others: int) -> Finding:
    return _finding(
        named,
        lead=f"{named.words} came {words.some(days, 'days')} late",
        rest=f", later than each of the {others} batches of the {MAX_PERIODS} weeks before.",
        next_step="Note what held it up while it is fresh.",
        evidence="n = 1 delivery",
    )


def _finding(named: _Named, *, lead: str, rest: str, next_step: str, evidence: str) -> Finding:
    return Finding(
        severity=Severity.MISSED,
        lead=lead,
        rest=rest,
        evidence=evidence,
        metric=DAYS_LATE,
        scope=named.window.where(**dict(named.segment)),
        next_step=next_step,
        status=Status.MISSED,
        signal=Signal.UNJUDGED,
        n=1,
        segment=named.segment,
        since=None,
    )
