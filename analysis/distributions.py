"""Tail areas and quantiles of Student's t and of the binomial, without a statistics package.

Both follow from the regularized incomplete beta function, worked out by its continued fraction
(Abramowitz and Stegun 1964, 26.5.8; evaluated by the modified Lentz method, Press et al. 2007,
Numerical Recipes, 6.4). The tests hold them to scipy within 1e-9.
"""

from __future__ import annotations

import math
from functools import lru_cache

_TINY = 1e-300
_PRECISE = 1e-15


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The share of a Beta(a, b) variable below x, 0–1."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _fraction(a, b, x) / a
    return 1.0 - front * _fraction(b, a, 1.0 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1.0))
    total = d
    for m in range(1, 1_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0)),
        ):
            d = 1.0 / _away_from_zero(1.0 + term * d)
            c = _away_from_zero(1.0 + term / c)
            total *= c * d
        if abs(c * d - 1.0) < _PRECISE:
            break
    return total


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def t_two_sided(t: float, df: float) -> float:
    """The chance that |T| is at least |t| with df degrees of freedom.

    >>> round(t_two_sided(2.262, 9), 3)
    0.05
    """
    if math.isinf(t):
        return 0.0
    if t * t < 1.0:
        return 1.0 - incomplete_beta(0.5, df / 2.0, t * t / (df + t * t))
    return incomplete_beta(df / 2.0, 0.5, df / (df + t * t))


@lru_cache(maxsize=4096)
def t_quantile(df: float, confidence: float = 0.95) -> float:
    """The t that a two-sided interval of this confidence uses.

    >>> round(t_quantile(9), 3)
    2.262
    """
    low, high = 0.0, 2.0
    while t_two_sided(high, df) > 1.0 - confidence:
        high *= 2.0
    for _ in range(200):
        middle = (low + high) / 2.0
        if t_two_sided(middle, df) > 1.0 - confidence:
            low = middle
        else:
            high = middle
        if high - low <= 1e-14 * high:
            break
    return (low + high) / 2.0


def binomial_two_sided(successes: int, trials: int, share: float) -> float:
    """Twice the smaller tail of a Binomial(trials, share) at `successes`, at most 1."""
    at_least = incomplete_beta(successes, trials - successes + 1, share) if successes else 1.0
    at_most = (
        1.0 - incomplete_beta(successes + 1, trials - successes, share)
        if successes < trials
        else 1.0
    )
    return min(1.0, 2.0 * min(at_least, at_most))


def counts_two_sided(count: int, before: int, periods_before: int) -> float:
    """Twice the smaller chance of so many events now, given those of now and before together.

    Source: Przyborowski and Wilenski 1940, Biometrika 31:313: given their sum, one of two Poisson
    counts is binomial. Exact.
    """
    total = count + before
    return binomial_two_sided(count, total, 1.0 / (1.0 + periods_before)) if total else 1.0


def shares_two_sided(events: int, rows: int, events_before: int, rows_before: int) -> float:
    """Twice the smaller chance of so many of all events falling on the rows of now.

    Source: Fisher 1935, Journal of the Royal Statistical Society 98:39 (exact test of a 2 × 2
    table).
    """
    total, drawn = rows + rows_before, events + events_before
    ways = math.comb(total, drawn)
    first, last = max(0, drawn - rows_before), min(rows, drawn)

    def chance(counts: range) -> float:
        return sum(math.comb(rows, k) * math.comb(rows_before, drawn - k) for k in counts) / ways

    at_most, at_least = chance(range(first, events + 1)), chance(range(events, last + 1))
    return min(1.0, 2.0 * min(at_most, at_least))
