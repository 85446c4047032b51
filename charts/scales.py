"""Where ticks and labels go: round steps for values, calendar steps for days, labels kept apart.

The templates take these as data. So the page and Word show the same ticks, and new numbers never
change a template.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from metrics.periods import Grain, Period
from metrics.units import Unit

DAY_MS = 86_400_000


def ms(day: date) -> int:
    """The day's midnight as UTC milliseconds, which Vega's clock counts in."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def domain(values: Sequence[float], *, from_zero: bool = False) -> tuple[float, float]:
    """The ends of an axis that shows all values with a little air.

    It starts at 0 where that costs little (the smallest value is within 40% of the largest) or
    where all values are equal, and never goes beyond 0 or 1 when the values of a share do not.
    """
    low, high = min(values), max(values)
    if low == high:
        return (min(low * 1.3, 0.0), max(high * 1.3, 0.0)) if high else (0.0, 1.0)
    is_share = low >= 0 and high <= 1
    air = (high - low) * 0.08
    bottom = 0.0 if low >= 0 and (from_zero or low < 0.4 * high or low < air) else low - air
    top = min(high + air, 1.0) if is_share else high + air
    return (min(bottom, 0.0) if from_zero else bottom), max(top, 0.0) if from_zero else top


def value_ticks(low: float, high: float, unit: Unit, count: int = 4) -> list[float]:
    """Round values between low and high, about `count` of them and no finer than the unit shows.

    Steps are 1, 2 or 5 times a power of ten, whichever is nearest on a log scale (as in d3).
    """
    finest = 10.0**-unit.decimals / unit.scale
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    rough = raw / power
    factor = 10 if rough >= 50**0.5 else 5 if rough >= 10**0.5 else 2 if rough >= 2**0.5 else 1
    step = max(factor * power, finest)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def day_ticks(periods: Sequence[Period], grain: Grain, count: int = 8) -> list[date]:
    """First days to name under a time axis: each period while they are few, else month starts."""
    if len(periods) <= count:
        return [period.since for period in periods]
    first, last = periods[0].since, periods[-1].since
    if grain == "day" and len(periods) <= 45:
        start = first + timedelta(days=-first.weekday() % 7)
        return [start + timedelta(days=7 * i) for i in range((last - start).days // 7 + 1)]
    months = [day for day in _month_starts(first, last) if first <= day <= last]
    every = next((n for n in (1, 2, 3, 6, 12, 24, 60) if len(months) / n <= count + 1), 120)
    return [day for day in months if (day.year * 12 + day.month - 1) % every == 0]


def _month_starts(first: date, last: date) -> list[date]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(m // 12, m % 12 + 1, 1) for m in months]


def spread(wanted: Sequence[float], gaps: Sequence[float], low: float, high: float) -> list[float]:
    """Positions close to the wanted ones (in order) that keep their gaps and stay in [low, high].

    Labels that would overlap are pooled and centred on the mean of where they wanted to be
    (pool adjacent violators, which minimizes the squared shifts).

    >>> spread([10.0, 11.0], [12.0, 12.0], 0.0, 100.0)
    [4.5, 16.5]
    """
    offsets, total = [], 0.0
    for i, gap in enumerate(gaps):
        total += (gaps[i - 1] + gap) / 2 if i else 0.0
        offsets.append(total)
    pools: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        mean, size = place - offset, 1
        while pools and pools[-1][0] > mean:
            before, n = pools.pop()
            mean, size = (before * n + mean * size) / (n + size), size + n
        pools.append((mean, size))
    flat = [mean for mean, size in pools for _ in range(size)]
    ceiling = high - (offsets[-1] if offsets else 0.0)
    return [max(low, min(ceiling, m)) + o for m, o in zip(flat, offsets, strict=True)]
