"""Which slice is out of line: stage, dataset, team or person, since when, beside which event.

A pair (metric, segment) is flagged when its weekly series has left its level and stays off it, by
`analysis.shifts`, and has left the other segments together as well: a week that moves everybody (a
holiday, a release) names nobody, and a slice that looks odd because the others moved is not named.

False alarms, for m pairs tested:

- Steady pairs. Holm's step-down (1979, Scandinavian Journal of Statistics 6:65) flags a pair when
  its chance is at most 0.05 / m, then 0.05 / (m - 1) and so on. So ANY steady pair is flagged in at
  most 5% of weeks; the expected share of pairs flagged is about 0.05 / m, far below 5%.
- Pairs that moved with all others. Of the pairs left by the first step those are kept that lie
  apart from the others, by Holm at 5% again: when everybody has moved, ANY that moved no more than
  the others is kept in at most 5% of weeks.

The three XmR rules alone would flag about 2% of steady pairs a week (0.3% + 1.6% + 0.04%), and
twice that with limits from 26 weeks: five to ten of 235 pairs, every week. That is why they judge
the few measures of a report and not its slices.

What breaks it: weeks that are more strongly correlated than about 0.5 (it is estimated and allowed
for, but from few weeks), and a mean moved by one stuck item, for which means need two weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from analysis.shifts import Shift, find_shift, weigh
from analysis.slices import Slice, slices
from analysis.spc import MAX_PERIODS, MIN_PERIODS
from analysis.status import Signal
from metrics.model import Better, Kind, Metric
from metrics.periods import Period, period_of, periods_before
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import Store

ALPHA = 0.05  # the chance, in a week, that any pair is flagged wrongly
PEOPLE = ("reviewer", "annotator", "assignee")
Pair = tuple[Slice, Shift]


@dataclass(frozen=True)
class Flag:
    """A pair that is out of line, and by how much chance."""

    slice: Slice
    shift: Shift

    @property
    def since(self) -> Period:
        """The first week that is out of line."""
        return self.slice.weeks[self.shift.start]

    @property
    def is_up(self) -> bool:
        """Whether it went up."""
        return self.shift.t > 0

    @property
    def signal(self) -> Signal:
        """Whether that is worse, better, or neither by itself."""
        return _signal(self.slice.metric, is_up=self.is_up)


@dataclass(frozen=True)
class Flags:
    """All pairs flagged, strongest first, and how many were tested."""

    flagged: tuple[Flag, ...]
    tested: int


def flags(
    store: Store,
    metrics: Sequence[Metric],
    scope: Scope,
    dims: Sequence[str],
) -> Flags:
    """Every (metric, segment) pair out of line in the last complete week of the scope."""
    week = last_week(scope.period, store.today)
    window = Period(periods_before(week, MAX_PERIODS, "week")[0].since, week.until)
    found = (
        each
        for dimension in dims
        for each in slices(
            store, _split(store, metrics, dimension), scope.during(window), dimension
        )
    )
    return weighed(each for each in found if each.days and each.days[-1] == week.since)


def weighed(found: Iterable[Slice]) -> Flags:
    """The slices that are out of line at their end, each weighed for how many there are."""
    shifts = [(each, shift) for each in found for shift in [_shift(each)] if shift is not None]
    moved = _holm([(shift.p, (each, shift)) for each, shift in shifts])
    apart = _holm([(_apart(each, shift), (each, shift)) for each, shift in moved])
    flagged = [Flag(each, shift) for each, shift in apart]
    return Flags(tuple(sorted(flagged, key=lambda flag: -abs(flag.shift.t))), len(shifts))


def _holm(chances: Sequence[tuple[float, Pair]]) -> list[Pair]:
    """The pairs whose chance is small enough for how many there are (Holm's step-down)."""
    ordered = sorted(chances, key=lambda each: each[0])
    kept: list[Pair] = []
    for place, (chance, pair) in enumerate(ordered):
        if chance > ALPHA / (len(ordered) - place):
            break
        kept.append(pair)
    return kept


def last_week(period: Period, today: date) -> Period:
    """The last week over today that ends inside the period, or just before it for a shorter one."""
    end = period_of(min(period.until, today), "week").since
    return periods_before(period_of(end, "week"), 1, "week")[0]


def _split(store: Store, metrics: Sequence[Metric], dimension: str) -> list[Metric]:
    return [metric for metric in metrics if dimension in store.dimensions(metric)]


def _shift(each: Slice) -> Shift | None:
    """How far the slice has left its own level.

    Less of a volume is nobody's finding, and people are named only where work piles up.
    """
    seen_twice = 2 if each.metric.kind is Kind.MEAN else 1
    found = find_shift(each.own, min_before=MIN_PERIODS, min_after=seen_twice)
    if found is None:
        return None
    signal = _signal(each.metric, is_up=found.t > 0)
    is_less = signal is Signal.CHANGED and found.t < 0
    is_praise = signal is Signal.IMPROVING and each.dimension in PEOPLE
    return replace(found, p=1.0) if is_less or is_praise else found


def _signal(metric: Metric, *, is_up: bool) -> Signal:
    if metric.better is Better.NEITHER:
        return Signal.CHANGED
    return Signal.IMPROVING if is_up == (metric.better is Better.HIGHER) else Signal.WORSENING


def _apart(each: Slice, shift: Shift) -> float:
    """The chance of lying so far apart from the other segments; 1 when they went further."""
    t, p = weigh(each.apart, shift.start, shift.shape)
    return p if t * shift.t > 0 else 1.0
