"""Control charts: is this period's value more than routine variation?

XmR chart (individuals and moving range): Wheeler, Understanding Variation, 1993; the use for
reports follows NHS England, Making Data Count. The expected range is mean ± 2.66 × mean moving
range of the periods BEFORE the one judged. It assumes that neighboring periods vary by themselves:
a stock that drifts, or a rate whose n changes a lot from week to week, gives more false signals.

Three rules of `analysis.run_rules`: outside the range; 7 in a row on one side of the mean, ending
now; 6 moves one way, ending now. For steady normal data with known limits they fire by chance in
about 0.3%, 1.6% and 0.04% of periods; limits from 12 to 26 periods roughly double that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isclose
from statistics import fmean
from typing import Literal

from analysis.distributions import counts_two_sided, shares_two_sided
from analysis.model import Limits
from analysis.run_rules import Fired, beyond, moves, run, typical_move
from metrics.model import Kind, Metric
from metrics.units import PERCENT
from metrics.value import Value

MIN_PERIODS = 12
MAX_PERIODS = 26
WIDTH = 2.66  # 3 sigma, where sigma = mean moving range / 1.128
THREE_SIGMA = 0.0027  # the chance of a normal value beyond three sigma
_MOST_OUTSIDE = 0.25  # of the periods behind a range
FEW = 5.0  # expected events below which counting luck is not close to normal


def natural_range(numbers: Sequence[float]) -> tuple[float, float, float]:
    """Mean, lower and upper natural process limit of a series in time order.

    The mean moving range is the one without jumps, `analysis.run_rules.typical_move`.

    >>> [round(number, 2) for number in natural_range([5, 7, 6, 8, 6, 7])]
    [6.5, 2.24, 10.76]
    """
    if all(isclose(number, numbers[0], rel_tol=1e-12) for number in numbers):
        return numbers[0], numbers[0], numbers[0]
    mean, width = fmean(numbers), WIDTH * typical_move(numbers)
    return mean, mean - width, mean + width


def xmr(values: Sequence[Value]) -> Limits | None:
    """The expected range from the periods before the judged one, oldest first.

    The last 26 with a value count; with fewer than 12 there is none. A range that more than a
    quarter of its own periods do not keep is none to expect anything by (a level that moved for
    good, hours that are nearly always 0): then the last 12 are asked alone, and when they do not
    keep theirs either, there is none. The range ends where the measure ends: shares at 0 and 1,
    everything else at 0 when no period was below it.
    """
    usable = [value for value in values if value.value is not None]
    if len(usable) < MIN_PERIODS:
        return None
    for length in (MAX_PERIODS, MIN_PERIODS):
        limits = _limits(usable[-length:])
        outside = sum(side(number, limits) != 0 for number in numbers(usable[-length:]))
        if outside <= limits.periods * _MOST_OUTSIDE:
            return limits
    return None


def _limits(usable: Sequence[Value]) -> Limits:
    mean, low, high = natural_range(numbers(usable))
    low, high = bounded(usable, mean, low, high)
    return Limits(mean, low, high, usable[0].period, usable[-1].period, len(usable))


def bounded(values: Sequence[Value], mean: float, low: float, high: float) -> tuple[float, float]:
    """Both limits inside what the measure can be: 0 for what was never below it, 1 for a share."""
    if all(number >= 0 for number in numbers(values)):
        low = max(0.0, low)
    if values[0].metric.unit is PERCENT:
        high = min(1.0, high) if mean <= 1.0 else high
    return low, high


def rules(values: Sequence[Value], limits: Limits) -> Fired | None:
    """The rule that fires on the last value, the strongest first; None when none does.

    Where few events are behind the values (fewer than 5 expected a period), the moving range
    says little: then a value outside the range must also differ from the periods before by more
    than three-sigma luck in an exact test (Fisher for rates, conditional binomial for counts),
    and runs are not used. Nor are they where most periods share one value (no batch late in most
    weeks): the mean is then no middle, so many in a row on one side of it are to be expected, and
    a value outside the range must also lie beyond every period before. This can only take claims
    away.
    """
    seen = [value for value in values if value.value is not None]
    series = numbers(seen)
    baseline = seen[:-1][-limits.periods :]
    outside = side(series[-1], limits)
    if outside and stands_out(seen[-1], baseline, seen[:-1]):
        return Fired("limits", outside)
    if is_sparse(baseline) or stands_still(baseline):
        return None
    return run(series, limits.mean) or moves(series)


def stands_out(now: Value, baseline: Sequence[Value], others: Sequence[Value]) -> bool:
    """Whether a value beyond its range is more than luck, where few events or one value say little.

    Args:
        now: the value beyond.
        baseline: the periods the range comes from.
        others: all periods it is compared with by an exact test.
    """
    if stands_still(baseline) and not is_record(numbers([now])[0], numbers(baseline)):
        return False
    return not is_sparse(baseline) or not is_counting_luck([*others, now])


def side(number: float, limits: Limits) -> Literal[1, -1, 0]:
    """+1 above the expected range, −1 below, 0 inside or on its edge."""
    return beyond(number, limits.low, limits.high)


def is_sparse(baseline: Sequence[Value]) -> bool:
    """Whether fewer than 5 events are expected a period: of a count, or of a rate's rarer half."""
    metric = baseline[0].metric
    if _counts(metric):
        return fmean(numbers(baseline)) < FEW
    if metric.kind is Kind.RATE:
        hits = sum(value.numerator or 0.0 for value in baseline)
        rarer = min(hits, sum(value.n for value in baseline) - hits)
        return rarer / len(baseline) < FEW
    return False


def stands_still(baseline: Sequence[Value]) -> bool:
    """Whether more than half of the periods share one value."""
    _, times = Counter(numbers(baseline)).most_common(1)[0]
    return 2 * times > len(baseline)


def is_record(number: float, before: Sequence[float]) -> bool:
    """Whether a number lies above or below every one before."""
    return number > max(before) or number < min(before)


def is_counting_luck(values: Sequence[Value]) -> bool:
    """Whether the last value differs from all before no more than counting luck allows."""
    *before, now = values
    if now.metric.kind is Kind.RATE:
        events, events_before = _events([now]), _events(before)
        rows_before = sum(value.n for value in before)
        if 2 * (events + events_before) > now.n + rows_before:  # the rarer half is worked with
            events, events_before = now.n - events, rows_before - events_before
        return shares_two_sided(events, now.n, events_before, rows_before) > THREE_SIGMA
    if _counts(now.metric):
        count, count_before = round(now.value or 0), round(sum(numbers(before)))
        return counts_two_sided(count, count_before, len(before)) > THREE_SIGMA
    return False


def _events(values: Sequence[Value]) -> int:
    return sum(round(value.numerator or 0) for value in values)


def numbers(values: Sequence[Value]) -> list[float]:
    """The values that are there, as plain numbers."""
    return [value.value for value in values if value.value is not None]


def _counts(metric: Metric) -> bool:
    return metric.kind in (Kind.COUNT, Kind.LEVEL, Kind.DISTINCT)
