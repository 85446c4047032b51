"""A funnel plot of shares by their n: who lies beyond what luck alone explains.

Source: Spiegelhalter 2005, "Funnel plots for comparing institutional performance", Statistics in
Medicine 24:1185. Limits at 95% and 99.8% around the usual share, from the binomial distribution,
exact. What breaks it: people who get harder items than others, and items that do not stand for
themselves; both spread the points wider than the limits (over-dispersion), which is then said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis import words
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
        usual: the share of all people shown but the named ones; None without people.
        spots: the people with enough rows, by name.
        too_few: how many people have fewer.
        curve: the limits from half the smallest n to beyond the largest.
        dispersion: the mean squared distance from the usual share, in standard errors, of all but
            the named; luck alone gives about 1. None with fewer than 5 people.
    """

    metric: Metric
    usual: float | None
    spots: tuple[Spot, ...]
    too_few: int
    curve: tuple[Curve, ...]
    dispersion: float | None

    @property
    def is_overdispersed(self) -> bool:
        """Whether people differ more than luck gives: above 1 + 2√(2 / people), as in the paper."""
        if self.dispersion is None:
            return False
        people = len(self.spots) - len(self.named)
        return self.dispersion > 1.0 + 2.0 * math.sqrt(2.0 / people)

    @property
    def named(self) -> tuple[Spot, ...]:
        """Those beyond what luck explains."""
        return tuple(spot for spot in self.spots if spot.is_named)

    @property
    def outside(self) -> tuple[Spot, ...]:
        """Those beyond the 95% limits, the named among them."""
        return tuple(spot for spot in self.spots if spot.is_outside)


def gold_funnel(store: Store, scope: Scope) -> Funnel:
    """Accuracy on gold items per annotator; a filter by annotator leaves everybody in it."""
    everybody = scope.without("annotator")
    found = store.breakdown_values(GOLD_ACCURACY, everybody, "annotator")
    return funnel(GOLD_ACCURACY, found[GOLD_ACCURACY.name])


def funnel(metric: Metric, values: Sequence[Value]) -> Funnel:
    """The plot of the values of a rate by person.

    Step by step: of the people still alike, the one with the smallest exact chance is named if it
    is below 0.2% and, times their number, below 5%; the others are then held against each other,
    so that one careless person does not make the rest look brilliant. If all are alike, anybody
    at all is named in at most 5% of cases.
    """
    shown = sorted(
        (value for value in values if value.value is not None and value.n),
        key=lambda value: value.segment,
    )
    out: set[str] = set()
    while loudest := _loudest([value for value in shown if value.segment not in out]):
        out.add(loudest)
    alike = [value for value in shown if value.segment not in out]
    if not alike:
        return Funnel(metric, None, (), len(values), (), None)
    usual = _pooled(alike)
    return Funnel(
        metric=metric,
        usual=usual,
        spots=tuple(_spot(value, usual, is_named=value.segment in out) for value in shown),
        too_few=len(values) - len(shown),
        curve=tuple(curve(n, usual) for n in _sizes([value.n for value in shown])),
        dispersion=_dispersion(alike, usual),
    )


def _hits(value: Value) -> int:
    share = value.value or 0.0
    return round(value.numerator if value.numerator is not None else share * value.n)


def _pooled(values: Sequence[Value]) -> float:
    return sum(map(_hits, values)) / sum(value.n for value in values)


def _loudest(alike: Sequence[Value]) -> str:
    """The person who is beyond luck among these; "" for nobody."""
    if len(alike) < 2:
        return ""
    usual = _pooled(alike)
    chance, name = min((chance_of(_hits(v), v.n, usual), v.segment) for v in alike)
    return name if chance <= min(1.0 - OUTER, _NAMED / len(alike)) else ""


def _spot(value: Value, usual: float, *, is_named: bool) -> Spot:
    share, chance = value.value or 0.0, chance_of(_hits(value), value.n, usual)
    return Spot(
        name=value.segment,
        n=value.n,
        hits=_hits(value),
        share=share,
        low=value.low if value.low is not None else share,
        high=value.high if value.high is not None else share,
        chance=chance,
        is_outside=is_named or chance <= 1.0 - INNER,
        is_named=is_named,
    )


def chance_of(hits: int, n: int, usual: float) -> float:
    """Twice the smaller tail of a Binomial(n, usual) at `hits`, at most 1."""
    return min(1.0, 2.0 * min(at_most(hits, n, usual), at_least(hits, n, usual)))


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


def curve(n: int, usual: float) -> Curve:
    """The limits at n rows."""
    inner, outer = limits(n, usual, INNER), limits(n, usual, OUTER)
    return Curve(n, outer[0], inner[0], inner[1], outer[1])


@lru_cache(maxsize=65_536)
def limits(n: int, usual: float, confidence: float) -> tuple[float, float]:
    """The shares between which a person with n rows lies by luck with this confidence.

    Between whole counts the limits are interpolated by their tail areas, as in its appendix.
    The lower one is the paper's; the upper one mirrors it (the lower limit of misses), where the
    paper's lies one row lower and would call ten hits of ten beyond luck at a usual share of
    95%. So a point lies on or beyond a limit only if its exact tail is no larger than the limit's.
    """
    tail = (1.0 - confidence) / 2.0
    return _lowest(n, usual, tail), 1.0 - _lowest(n, 1.0 - usual, tail)


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
    first, last = max(1, min(found) // 2), math.ceil(max(found) * 1.04)
    ratio = (last / first) ** (1.0 / (_CURVE_POINTS - 1))
    return sorted({round(first * ratio**step) for step in range(_CURVE_POINTS)})


def _dispersion(alike: Sequence[Value], usual: float) -> float | None:
    if len(alike) < _FEWEST_FOR_SPREAD or not 0.0 < usual < 1.0:
        return None
    error = usual * (1.0 - usual)
    return sum((_hits(v) / v.n - usual) ** 2 * v.n / error for v in alike) / len(alike)


def in_words(found: Funnel, *, with_names: bool = True) -> str:
    """What the plot says, as a sentence without its full stop; nobody is ranked."""
    what, show = words.in_sentence(found.metric.label), found.metric.show
    if found.usual is None:
        return f"No {what} by person can be shown"
    if not found.named:
        return f"Nobody's {what} is beyond what luck explains"
    if with_names:
        each = (f"{spot.name} ({show(spot.share)} of {spot.n:,})" for spot in found.named)
        told = words.listed(each)
    else:
        some = words.x_of_y(len(found.named), len(found.spots))
        told = f"{words.sentence_case(some)} annotators"
    sides = {spot.share < found.usual for spot in found.named}
    side = "outside" if len(sides) == 2 else "below" if True in sides else "above"
    verb = "lies" if len(found.named) == 1 else "lie"
    return f"{told} {verb} {side} what luck explains in {what}; the others have {show(found.usual)}"


def evidence(found: Funnel) -> str:
    """What the sentence rests on, split by middle dots."""
    people, beyond = len(found.spots), len(found.outside)
    parts = [
        f"{words.some(people, 'annotators')} with at least {found.metric.min_rows} "
        f"{found.metric.n_of}"
    ]
    if found.too_few:
        parts.append(f"{found.too_few:,} with fewer left out")
    parts.append(
        f"{words.x_of_y(beyond, people)} beyond the 95% limits, where luck alone puts 1 in 20"
    )
    if found.dispersion is not None:
        among = "among the others " if found.named else ""
        spread = f"spread {among}{found.dispersion:.1f} times that of luck"
        if found.is_overdispersed:
            spread += ": they differ, or got items of unlike difficulty, so more lie outside"
        parts.append(spread)
    return " \N{MIDDLE DOT} ".join(parts)
