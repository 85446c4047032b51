"""Center and spread of a phase: what the limits of every chart follow from.

- p chart: the pooled share p̄ of the phase; a period with n rows spreads by √(p̄(1 − p̄)/n).
  Montgomery, Introduction to Statistical Quality Control, 7.2. It assumes that rows are judged
  independently at one share.
- u chart: the pooled events per unit ū; a period with n units spreads by √(ū/n). Montgomery, 7.3.
  It assumes that events come one by one at one rate (Poisson).
- p′ and u′: the same, times the spread that the standardized values show from one period to the
  next (mean moving range / 1.128). Laney 2002, Quality Engineering 14:531. For large n, where
  luck of counting is the smallest part of what varies. Jumps are left out of the moving ranges as
  in every chart of the house, which Laney does not do; and a phase that varies less than luck of
  counting keeps the limits of luck (factor 1), where Laney would draw narrower ones.
- XmR: the mean and the mean moving range. Wheeler, Understanding Variation, 1993. It assumes that
  neighboring periods vary by themselves, and for shares that n changes little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose, sqrt
from statistics import fmean, median

from analysis.distributions import binomial_two_sided, shares_two_sided
from analysis.run_rules import typical_move
from analysis.spc import FEW, THREE_SIGMA, WIDTH, bounded, is_sparse, numbers, stands_out
from metrics.model import Kind, Metric
from metrics.units import PERCENT
from metrics.value import Value

_D2 = 1.128  # expected moving range of two normal values, in standard deviations


@dataclass(frozen=True)
class Level:
    """Where a phase lies and how it spreads.

    Attributes:
        base: "p", "u" or "xmr".
        center: the pooled share or rate, or the mean.
        sigma: standard deviation of one period; of p and u for one row or unit.
        widened: 1, or what Laney's adjustment multiplies the spread by; never below 1.
        baseline: the periods it comes from.
        sizes: the rows or units behind each of them.
    """

    base: str
    center: float
    sigma: float
    widened: float
    baseline: tuple[Value, ...]
    sizes: tuple[float, ...]

    def spread(self, size: float) -> float:
        """The standard deviation of a period of that many rows or units."""
        if self.base == "xmr":
            return self.sigma
        return self.widened * self.sigma / sqrt(size) if size > 0 else 0.0

    def limits(self, size: float) -> tuple[float, float]:
        """Center ∓ 3 standard deviations, inside what the measure can be."""
        width = 3.0 * self.spread(size)
        low, high = self.center - width, self.center + width
        if self.base == "xmr":
            return bounded(self.baseline, self.center, low, high)
        return max(0.0, low), min(1.0, high) if self.base == "p" else high

    @property
    def typical_size(self) -> float:
        """The median rows or units of a period."""
        return median(self.sizes)

    @property
    def is_few(self) -> bool:
        """Whether fewer than 5 events are expected a period, of a share of its rarer half."""
        if self.base == "xmr":
            return is_sparse(self.baseline)
        events = sum(value.numerator or 0.0 for value in self.baseline)
        rarer = min(events, sum(self.sizes) - events) if self.base == "p" else events
        return rarer / len(self.baseline) < FEW

    def is_luck(self, value: Value, size: float) -> bool:
        """Whether a value beyond the limits is no more than luck where few events are behind.

        By an exact test against the other periods: Fisher for shares, conditional binomial for
        events per unit (Przyborowski and Wilenski 1940), `analysis.spc` for all others.
        """
        others = [pair for pair in zip(self.baseline, self.sizes, strict=True) if pair[0] != value]
        if self.base == "xmr":
            rest = [other for other, _ in others]
            return not stands_out(value, rest, rest)
        if not self.is_few:
            return False
        events, rows = round(value.numerator or 0.0), sum(other for _, other in others)
        before = sum(round(other.numerator or 0.0) for other, _ in others)
        if self.base == "u":
            share = size / (size + rows)
            return binomial_two_sided(events, events + before, share) > THREE_SIGMA
        n, total = round(size), round(rows)
        if 2 * (events + before) > n + total:  # the rarer half is worked with
            events, before = n - events, total - before
        return shares_two_sided(events, n, before, total) > THREE_SIGMA


def base_of(values: Sequence[Value]) -> str:
    """What a measure's spread follows: "p" for shares of counted rows, "u" for events per unit.

    A ratio of two counts is events per unit, or a share when it is shown in percent and never
    above 1. Everything else is "xmr": counts, levels, means, quantiles, statistics, and ratios of
    sums (hours over hours), in which one row may weigh as much as a hundred others.
    """
    metric = values[0].metric
    if not _is_counted(metric) or any(value.numerator is None for value in values):
        return "xmr"
    if metric.kind is Kind.RATIO and metric.unit is not PERCENT:
        return "u"
    return "p" if all(0.0 <= number <= 1.0 for number in numbers(values)) else "xmr"


def _is_counted(metric: Metric) -> bool:
    """Whether both parts of it count rows or different things."""
    if metric.kind is Kind.RATIO:
        return all(part.startswith("count(") for part in (metric.numerator, metric.denominator))
    return metric.kind is Kind.RATE


def sizes_of(values: Sequence[Value]) -> list[float]:
    """The denominator of each value: rows of a share, units of a rate.

    A value of 0 does not tell it: then it is n where n is the denominator elsewhere, else the
    median of the others.
    """
    known = [(v.numerator or 0.0) / v.value if v.value else None for v in values]
    pairs = [(size, value.n) for size, value in zip(known, values, strict=True) if size]
    is_n = all(isclose(size, n, rel_tol=1e-9) for size, n in pairs)
    usual = median(size for size, _ in pairs) if pairs else 0.0
    return [
        float(value.n) if is_n else (size or usual)
        for size, value in zip(known, values, strict=True)
    ]


def level_of(base: str, values: Sequence[Value], *, is_widened: bool = False) -> Level:
    """The level of the periods given, all with a value.

    Args:
        base: "p", "u" or "xmr".
        values: the baseline, oldest first.
        is_widened: with Laney's adjustment, which only ever widens.
    """
    baseline = tuple(values)
    if base == "xmr":
        series = numbers(values)
        center, sigma = fmean(series), WIDTH / 3.0 * typical_move(series)
        return Level(base, center, sigma, 1.0, baseline, tuple(float(v.n) for v in values))
    sizes = tuple(sizes_of(values))
    events = sum(value.numerator or 0.0 for value in values)
    center = events / sum(sizes) if sum(sizes) else 0.0
    sigma = sqrt(center * (1.0 - center)) if base == "p" else sqrt(center)
    level = Level(base, center, sigma, 1.0, baseline, sizes)
    if not is_widened:
        return level
    return Level(base, center, sigma, max(1.0, dispersion(level)), baseline, sizes)


def dispersion(level: Level) -> float:
    """How many times counting luck the values spread from period to period: 1 is luck alone.

    1 also where nothing varies, or for an XmR level, which has no luck of its own.
    """
    if level.base == "xmr" or level.sigma == 0.0:
        return 1.0
    standardized = [
        (number - level.center) * sqrt(size) / level.sigma
        for number, size in zip(numbers(level.baseline), level.sizes, strict=True)
    ]
    return typical_move(standardized) / _D2 or 1.0
