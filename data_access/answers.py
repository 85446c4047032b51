"""From counted rows to a `Value`: its interval, and whether it may be shown at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data_access.question import SHARES
from metrics.model import Kind, Metric
from metrics.periods import Period, show_date
from metrics.value import Value

COUNTED = (Kind.COUNT, Kind.DISTINCT, Kind.LEVEL)  # nothing counted is 0, not unknown
COLUMNS = (
    "metric",
    "period",
    "segment",
    "value",
    "n",
    "numerator",
    "low",
    "high",
    "is_partial",
    "withheld",
)
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Raw:
    """What the database counted for one metric in one period and segment."""

    value: float | None = None
    n: int = 0
    numerator: float | None = None
    denominator: float | None = None
    spread: float | None = None


def answer(
    metric: Metric, period: Period, raw: Raw, *, segment: str = "", is_partial: bool = False
) -> Value:
    """The value as it may be shown: withheld when too few rows stand behind it."""
    value = 0.0 if raw.value is None and metric.kind in COUNTED else raw.value
    why = _why_withheld(metric, raw.n, value)
    if why:
        return Value(metric, period, segment, None, raw.n, is_partial=is_partial, withheld=why)
    low, high = _interval(metric, raw)
    numerator = raw.numerator if metric.kind in SHARES else None
    return Value(metric, period, segment, value, raw.n, numerator, low, high, is_partial=is_partial)


def withheld(
    metric: Metric, period: Period, why: str, *, segment: str = "", is_partial: bool = False
) -> Value:
    """A value that there is not, and why."""
    return Value(metric, period, segment, None, 0, is_partial=is_partial, withheld=why)


def before_data(first_on: date) -> str:
    """Why there is no value before the first day with data."""
    return f"No data before {show_date(first_on)}."


def after_data(last_on: date) -> str:
    """Why there is no value after the last day that the data reach."""
    return f"No data after {show_date(last_on)}."


def _why_withheld(metric: Metric, n: int, value: float | None) -> str:
    if metric.kind in COUNTED and metric.min_rows <= 1:
        return ""
    if n < metric.min_rows:
        if metric.min_rows > 1:
            return f"Too few rows: {n} of the {metric.min_rows} needed."
        return f"No {metric.n_of} in the period."
    if value is None or not math.isfinite(value):
        return f"The {metric.n_of} in the period give no value."
    return ""


def _interval(metric: Metric, raw: Raw) -> tuple[float | None, float | None]:
    if metric.kind is Kind.RATE and raw.numerator is not None and raw.denominator:
        return wilson(raw.numerator, raw.denominator)
    if metric.kind is Kind.MEAN and raw.value is not None and raw.spread is not None:
        if raw.n < 30:
            return None, None
        half = t_95(raw.n - 1) * raw.spread / math.sqrt(raw.n)
        return raw.value - half, raw.value + half
    return None, None


def wilson(numerator: float, denominator: float) -> tuple[float, float]:
    """The 95% interval of a share.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
    (1927). It takes the rows for independent: reviews of one item by one person are not quite.

    >>> [round(end, 4) for end in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    share, z2 = numerator / denominator, _Z95 * _Z95
    middle = share + z2 / (2 * denominator)
    half = _Z95 * math.sqrt(share * (1 - share) / denominator + z2 / (4 * denominator**2))
    whole = 1 + z2 / denominator
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def t_95(freedom: int) -> float:
    """The 97.5% point of Student's t, for 29 degrees of freedom and more.

    Cornish-Fisher expansion, Abramowitz and Stegun 26.7.5; off by less than 1e-6 there.

    >>> round(t_95(29), 5)
    2.04523
    """
    z, v = _Z95, float(freedom)
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )


def frame(values: Sequence[Value]) -> pd.DataFrame:
    """The values as a table: metric, period (its first day), segment, value, n and so on.

    value, numerator, low and high are float64 with NaN for None.
    """

    def column(name: str, kind: type) -> np.ndarray:
        return np.array([getattr(value, name) for value in values], dtype=kind)

    return pd.DataFrame(
        {
            "metric": np.array([value.metric.name for value in values], dtype=object),
            "period": np.array([value.period.since for value in values], dtype=object),
            "segment": column("segment", object),
            "value": column("value", float),
            "n": column("n", np.int64),
            "numerator": column("numerator", float),
            "low": column("low", float),
            "high": column("high", float),
            "is_partial": column("is_partial", bool),
            "withheld": column("withheld", object),
        }
    )
