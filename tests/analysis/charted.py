"""Series for control charts: a value a week, from counts or from numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from metrics.catalog import metric
from metrics.periods import Grain, Period, period_of, periods_before
from metrics.value import Value

LAST = date(2026, 11, 9)  # Monday of 2026-W46


def periods(count: int, grain: Grain = "week") -> list[Period]:
    """That many periods up to the one that holds the last Monday."""
    last = period_of(LAST, grain)
    return [*periods_before(last, count - 1, grain), last]


def numbers(name: str, values: Sequence[float | None], *, grain: Grain = "week") -> list[Value]:
    """A measure without counts behind it: hours, levels, statistics."""
    about = metric(name)
    return [
        Value(about, period, "", value, 40 if value is not None else 0)
        for period, value in zip(periods(len(values), grain), values, strict=True)
    ]


def counted(
    name: str, events: Sequence[int], sizes: Sequence[int], *, grain: Grain = "week"
) -> list[Value]:
    """A share or a rate from its counts; without rows there is no value."""
    about = metric(name)
    return [
        Value(about, period, "", k / n if n else None, n, float(k) if n else None)
        for period, k, n in zip(periods(len(events), grain), events, sizes, strict=True)
    ]
