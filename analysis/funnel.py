"""A funnel plot of shares by their n: who lies beyond what luck alone explains.

Source: Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics in
Medicine 24:1185. Limits at 95% and 99.8% around the overall share, from the binomial distribution,
exact. What breaks it: people who get harder items than others, and items that do not stand for
themselves; both spread the points wider than the limits (over-dispersion), which is then said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.distributions import incomplete_beta
from metrics.annotation import GOLD_ACCURACY
from metrics.model import Metric
from metrics.scope import Scope
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store

INNER, OUTER = 0.95, 0.998
_NAMED = 0.05  # the chance that anybody is named where all are alike
_FEWEST_FOR_SPREAD = 5
_CURVE_POINTS = 120


@dataclass(frozen=True)
class Spot:
    """One person in the plot.

    Attributes:
        name: as people may be shown.
        n, hits, share: the rows behind, those that count, and their share.
        low, high: the 95% interval of the share (Wilson).
        chance: of a share as far off or farther if everybody were alike; exact, two-sided.
        is_outside: beyond the 95% limits.
        is_named: beyond the 99.8% limits, and over all people together more than luck.
    """

    name: str
    n: int
    hits: int
    share: float
    low: float
    high: float
    chance: float
    is_outside: bool
    is_named: bool


@dataclass(frozen=True)
class Curve:
    """The limits at one number of rows, as shares; 0 or 1 where nobody can lie beyond."""

    n: int
    outer_low: float
    inner_low: float
    inner_high: float
    outer_high: float


@dataclass(frozen=True)
class Funnel:
    """The whole plot.

    Attributes:
        metric: whose shares they are.
        overall: of all rows, also of people too small to be shown; None without rows.
        spots: the people with enough rows, by name.
        too_few: how many people have fewer.
        curve: the limits from the smallest to the largest n.
        dispersion: the mean squared distance from the overall share, in standard errors; luck
            alone gives about 1. None with fewer than 5 people.
    """

    metric: Metric
    overall: float | None
    spots: tuple[Spot, ...]
    too_few: int
    curve: tuple[Curve, ...]
    dispersion: float | None

    @property
    def is_overdispersed(self) -> bool:
        """Whether people differ more than luck gives: above 1 + 2√(2 / people), as in the paper."""
        if self.dispersion is None:
            return False
        return self.dispersion > 1.0 + 2.0 * math.sqrt(2.0 / len(self.spots))

    @property
    def named(self) -> tuple[Spot, ...]:
        """Those beyond what luck explains."""
        return tuple(spot for spot in self.spots if spot.is_named)

    @property
    def outside(self) -> tuple[Spot, ...]:
        """Those beyond the 95% limits, the named among them."""
        return tuple(spot for spot in self.spots if spot.is_outside)


def gold_funnel(store: Store, scope: Scope) -> Funnel:
    """Accuracy on gold items per annotator."""
    values = store.breakdown_values(GOLD_ACCURACY, scope, "annotator")[GOLD_ACCURACY.name]
    return funnel(values, store.value(GOLD_ACCURACY, scope))


def funnel(values: Sequence[Value], whole: Value) -> Funnel:
    """The plot of the values of a rate by person, around the value of all.

    A person is named only if the exact chance is below 0.2% and, times the number of people, below
    5%: so where everybody is alike anybody is named in at most 5% of cases.
    """
    shown = [value for value in values if value.value is not None and value.n]
    overall = whole.value
    if overall is None:
        return Funnel(whole.metric, None, (), len(values), (), None)
    spots = [_spot(value, overall, len(shown)) for value in shown]
    sizes = _sizes([spot.n for spot in spots])
    return Funnel(
        metric=whole.metric,
        overall=overall,
        spots=tuple(sorted(spots, key=lambda spot: spot.name)),
        too_few=len(values) - len(shown),
        curve=tuple(curve(n, overall) for n in sizes),
        dispersion=_dispersion(spots, overall),
    )


def _spot(value: Value, overall: float, people: int) -> Spot:
    share = value.value or 0.0
    hits = round(value.numerator if value.numerator is not None else share * value.n)
    chance = chance_of(hits, value.n, overall)
    return Spot(
        name=value.segment,
        n=value.n,
        hits=hits,
        share=share,
        low=value.low if value.low is not None else share,
        high=value.high if value.high is not None else share,
        chance=chance,
        is_outside=chance <= 1.0 - INNER,
        is_named=chance <= min(1.0 - OUTER, _NAMED / people),
    )


def chance_of(hits: int, n: int, overall: float) -> float:
    """Twice the smaller tail of a Binomial(n, overall) at `hits`, at most 1."""
    return min(1.0, 2.0 * min(at_most(hits, n, overall), at_least(hits, n, overall)))


def at_most(hits: int, n: int, share: float) -> float:
    """The chance of so many hits or fewer in n trials."""
    if hits < 0:
        return 0.0
    return 1.0 if hits >= n else incomplete_beta(n - hits, hits + 1, 1.0 - share)


def at_least(hits: int, n: int, share: float) -> float:
    """The chance of so many hits or more in n trials."""
    if hits > n:
        return 0.0
    return 1.0 if hits <= 0 else incomplete_beta(hits, n - hits + 1, share)


def curve(n: int, overall: float) -> Curve:
    """The limits at n rows."""
    inner, outer = limits(n, overall, INNER), limits(n, overall, OUTER)
    return Curve(n, outer[0], inner[0], inner[1], outer[1])


@lru_cache(maxsize=65_536)
def limits(n: int, overall: float, confidence: float) -> tuple[float, float]:
    """The shares between which a person with n rows lies by luck with this confidence.

    Between whole counts the limits are interpolated by their tail areas, as in its appendix.
    The lower one is the paper's; the upper one mirrors it (the lower limit of misses), where the
    paper's lies one row lower and would call ten hits of ten beyond luck at an overall share of
    95%. So a point lies on or beyond a limit only if its exact tail is no larger than the limit's.
    """
    tail = (1.0 - confidence) / 2.0
    return _lowest(n, overall, tail), 1.0 - _lowest(n, 1.0 - overall, tail)


def _lowest(n: int, share: float, tail: float) -> float:
    """The interpolated share of hits that has this much of the binomial at or below it."""
    if at_most(0, n, share) > tail:
        return 0.0
    low, high = 0, n  # at_most(low) ≤ tail < at_most(high)
    while high - low > 1:
        middle = (low + high) // 2
        if at_most(middle, n, share) > tail:
            high = middle
        else:
            low = middle
    below, above = at_most(low, n, share), at_most(high, n, share)
    return (low + (tail - below) / (above - below)) / n


def _sizes(sizes: Iterable[int]) -> list[int]:
    """Numbers of rows at which the limits are worked out: close together where they bend."""
    found = list(sizes)
    if not found:
        return []
    first, last = max(1, min(found)), max(found)
    if first == last:
        first, last = max(1, first // 2), last * 2
    ratio = (last / first) ** (1.0 / (_CURVE_POINTS - 1))
    return sorted({round(first * ratio**step) for step in range(_CURVE_POINTS)} | {last})


def _dispersion(spots: Sequence[Spot], overall: float) -> float | None:
    if len(spots) < _FEWEST_FOR_SPREAD or not 0.0 < overall < 1.0:
        return None
    squares = [(s.share - overall) ** 2 * s.n / (overall * (1.0 - overall)) for s in spots]
    return sum(squares) / len(squares)
