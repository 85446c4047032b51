"""Which slice is out of line: stage, dataset, team or person, since when, beside which event.

A pair (metric, segment) is flagged when its weekly series has left its level and stays off it, by
`analysis.shifts`, and has left the other segments together as well: a week that moves everybody (a
holiday, a release) names nobody, and a slice that looks odd because the others moved is not named.

False alarms, for m pairs tested:

- Steady pairs. Holm's step-down (1979, Scandinavian Journal of Statistics 6:65) flags a pair when
  its chance is at most 0.05 / m, then 0.05 / (m - 1) and so on. So ANY steady pair is flagged in at
  most 5% of weeks; the expected share of pairs flagged is about 0.05 / m, far below 5%.
- Pairs that moved with all others. Each is flagged only if it also lies apart from the others at
  the 1% level, so at most 1% of them are.

The three XmR rules alone would flag about 2% of steady pairs a week (0.3% + 1.6% + 0.04%), and
twice that with limits from 26 weeks: five to ten of 235 pairs, every week. That is why they judge
the few measures of a report and not its slices.

What breaks it: weeks that are more strongly correlated than about 0.5 (it is estimated and allowed
for, but from few weeks), and a mean moved by one stuck item, for which means need two weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.shifts import Shift, find_shift, weigh
from analysis.slices import Slice, slices
from analysis.spc import MAX_PERIODS, MIN_PERIODS
from metrics.model import Better, Kind, Metric
from metrics.periods import Period, period_of, periods_before
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import Store

ALPHA = 0.05  # the chance that any steady pair is flagged in a week
APART = 0.01  # the chance that a pair is flagged that moved no more than the others


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
    week = last_week(scope.period)
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
    pairs = [(each, shift) for each in found for shift in [_shift(each)] if shift is not None]
    pairs.sort(key=lambda pair: (pair[1].p, -abs(pair[1].t)))
    flagged = []
    for place, (each, shift) in enumerate(pairs):
        if shift.p > ALPHA / (len(pairs) - place):
            break
        flagged.append(Flag(each, shift))
    return Flags(tuple(sorted(flagged, key=lambda flag: -abs(flag.shift.t))), len(pairs))


def last_week(period: Period) -> Period:
    """The last whole week that ends inside the period, or just before it for a shorter one."""
    end = period_of(period.until, "week").since
    return periods_before(period_of(end, "week"), 1, "week")[0]


def _split(store: Store, metrics: Sequence[Metric], dimension: str) -> list[Metric]:
    return [metric for metric in metrics if dimension in store.dimensions(metric)]


def _shift(each: Slice) -> Shift | None:
    """How far the slice has left its level; p = 1 where the other slices moved with it."""
    own, apart = each.own, each.apart
    found = find_shift(
        own.values,
        own.weights,
        floor=own.floor,
        min_before=MIN_PERIODS,
        min_after=2 if each.metric.kind is Kind.MEAN else 1,
    )
    if found is None:
        return None
    t, p = weigh(
        apart.values, apart.weights, floor=apart.floor, start=found.start, shape=found.shape
    )
    is_same_way = t * found.t > 0
    counts = each.metric.better is not Better.NEITHER or found.t > 0
    return found if is_same_way and counts and p <= APART else replace(found, p=1.0)
