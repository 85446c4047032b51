"""95% intervals: of a share, and of the difference of two shares, counts or means.

A claim of change without a control chart rests on these alone: the interval of the difference
must exclude zero.
"""

from __future__ import annotations

import math

from analysis.distributions import t_quantile
from data_access.answers import t_95, wilson
from metrics.model import Kind
from metrics.value import Value

__all__ = ["Interval", "difference", "newcombe", "poisson", "welch", "wilson"]

Z95 = 1.959963984540054  # standard normal, two-sided 95%
Interval = tuple[float, float]
_WEEK = 7


def newcombe(successes: int, trials: int, before: int, trials_before: int) -> Interval:
    """The 95% interval of a share minus an earlier share, both from counted rows.

    Source: Newcombe 1998, Statistics in Medicine 17:873, method 10 (hybrid score, no continuity
    correction). Assumes independent rows, in each period and between them.
    """
    return _recovered(
        successes / trials,
        wilson(successes, trials),
        before / trials_before,
        wilson(before, trials_before),
    )


def poisson_score(count: float) -> Interval:
    """The 95% score interval of a Poisson mean from one count."""
    middle = count + Z95 * Z95 / 2
    half = Z95 * math.sqrt(count + Z95 * Z95 / 4)
    return max(0.0, middle - half), middle + half


def poisson(
    count: int, before: int, *, exposure: float = 1.0, exposure_before: float = 1.0
) -> Interval:
    """The 95% interval of a count per exposure minus an earlier count per exposure.

    Source: Li, Tang, Poon and Tang 2011, Communications in Statistics: Simulation and Computation
    40:1478 (MOVER with score limits). Assumes events that come one by one and independently;
    batches and weekday rhythm vary more than that and make it too narrow.
    """
    now, then = poisson_score(count), poisson_score(before)
    return _recovered(
        count / exposure,
        (now[0] / exposure, now[1] / exposure),
        before / exposure_before,
        (then[0] / exposure_before, then[1] / exposure_before),
    )


def welch(
    mean: float, error: float, n: int, *, mean_before: float, error_before: float, n_before: int
) -> Interval:
    """The 95% interval of a mean minus an earlier mean; `error` is each mean's standard error.

    Source: Welch 1947, Biometrika 34:28. Assumes independent rows and means that are close to
    normal: very skewed hours need a few dozen rows.
    """
    v1, v2 = error * error, error_before * error_before
    difference = mean - mean_before
    if v1 + v2 == 0.0:
        return difference, difference
    df = (v1 + v2) ** 2 / (v1 * v1 / (n - 1) + v2 * v2 / (n_before - 1))
    half = t_quantile(df) * math.sqrt(v1 + v2)
    return difference - half, difference + half


def difference(now: Value, before: Value) -> Interval | None:
    """The 95% interval of now − before, or None where the metric's kind has none.

    Rates, counts and means have one. Levels, quantiles, ratios and statistics do not: a stock
    this week is mostly the stock of last week, and nothing in the values says how much a median
    or a ratio wavers. Nor have windows that are no match for each other: a Sunday and a Saturday,
    or the counts of two months, which differ by their days and weekends.
    """
    if now.value is None or before.value is None or not _is_match(now, before):
        return None
    match now.metric.kind:
        case Kind.RATE if now.numerator is not None and before.numerator is not None:
            return newcombe(round(now.numerator), now.n, round(before.numerator), before.n)
        case Kind.COUNT:
            return poisson(round(now.value), round(before.value))
        case Kind.MEAN if now.low is not None and before.low is not None:
            return welch(
                now.value,
                _standard_error(now),
                now.n,
                mean_before=before.value,
                error_before=_standard_error(before),
                n_before=before.n,
            )
        case _:
            return None


def _is_match(now: Value, before: Value) -> bool:
    """Whether both windows have each weekday equally often, where that can make the difference.

    It can for what happens in them: for every count, and for all else on single weekdays.
    """
    here, there = now.period, before.period
    if now.metric.kind is not Kind.COUNT and min(here.days, there.days) >= _WEEK:
        return True
    is_whole_weeks = here.days % _WEEK == 0 or (here.since - there.since).days % _WEEK == 0
    return here.days == there.days and is_whole_weeks


def _standard_error(value: Value) -> float:
    """The standard error behind the t interval that the Store gave a mean."""
    if value.low is None or value.high is None:
        return math.nan
    return (value.high - value.low) / 2 / t_95(value.n - 1)


def _recovered(a: float, a_limits: Interval, b: float, b_limits: Interval) -> Interval:
    """The interval of a − b recovered from theirs (MOVER: Zou and Donner 2008)."""
    difference = a - b
    below = math.hypot(a - a_limits[0], b_limits[1] - b)
    above = math.hypot(a_limits[1] - a, b - b_limits[0])
    return difference - below, difference + above
