"""Weekly series of every slice beside the rest: arrays that the scan works on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from analysis.shifts import Numbers, Series
from metrics.model import Kind, Metric
from metrics.periods import Period, period_of
from metrics.scope import NOT_RECORDED, Scope

if TYPE_CHECKING:
    import pandas as pd

    from data_access.store import Store

COUNTED = (Kind.COUNT, Kind.LEVEL)
_ANSCOMBE = 0.375  # Anscombe 1948, Biometrika 35:246: roots and arcsines of counts, spread evened


@dataclass(frozen=True)
class Slice:
    """One metric in one segment, week by week, beside all other segments together.

    Attributes:
        metric: the metric.
        dimension, segment: the slice.
        days: Mondays of the complete weeks with a value in the slice and the rest, oldest first.
        values, n, numerators: of the slice; numerators are NaN but for rates.
        rest_values, rest_n, rest_numerators: of the other segments together.
    """

    metric: Metric
    dimension: str
    segment: str
    days: tuple[date, ...]
    values: Numbers
    n: Numbers
    numerators: Numbers
    rest_values: Numbers
    rest_n: Numbers
    rest_numerators: Numbers

    @property
    def weeks(self) -> tuple[Period, ...]:
        """The weeks of `days`."""
        return tuple(period_of(day, "week") for day in self.days)

    @property
    def own(self) -> Series:
        """The slice by itself."""
        return _evened(self.metric, self.values, self.n, self.numerators)

    @property
    def apart(self) -> Series:
        """The slice against the rest: its share of a count, its distance from other values."""
        if self.metric.kind in COUNTED:
            total = self.values + self.rest_values
            weights = 4 * (total + 2 * _ANSCOMBE)
            return Series(_arcsine(self.values, total), weights, 1.0, not self.metric.is_stock)
        rest = _evened(self.metric, self.rest_values, self.rest_n, self.rest_numerators)
        own = self.own
        if not _is_positive(self.metric, self.values, self.rest_values):
            own, rest = _plain(self.values, self.n), _plain(self.rest_values, self.rest_n)
        weights = 1 / (1 / own.weights + 1 / rest.weights)
        return Series(own.values - rest.values, weights, own.floor)

    def pooled(self, weeks: slice) -> float:
        """The slice's value over some of its weeks: pooled from rows, a mean week for counts."""
        return _pooled(self.metric, self.values[weeks], self.n[weeks], self.numerators[weeks])

    def pooled_rest(self, weeks: slice) -> float:
        """The same of all other segments; of counts the mean of one other segment is not it."""
        return _pooled(
            self.metric, self.rest_values[weeks], self.rest_n[weeks], self.rest_numerators[weeks]
        )


def slices(
    store: Store, metrics: Sequence[Metric], scope: Scope, dimension: str
) -> Iterator[Slice]:
    """Every recorded segment of a dimension, for each metric, over the scope's weeks."""
    frame = store.series(metrics, scope, "week", by=dimension)
    frame = frame[~frame["is_partial"]]
    for metric in metrics:
        mine = frame[frame["metric"] == metric.name]
        if len(mine["segment"].unique()) > 1:
            yield from _of_metric(metric, dimension, mine)


def _of_metric(metric: Metric, dimension: str, frame: pd.DataFrame) -> Iterator[Slice]:
    days = np.unique(frame["period"].to_numpy())
    segments, names = frame["segment"].factorize()
    cells = np.searchsorted(days, frame["period"].to_numpy()), segments
    value, rows, numerator = (np.full((len(days), len(names)), np.nan) for _ in range(3))
    value[cells] = frame["value"].to_numpy(dtype=float)
    rows[cells] = frame["n"].to_numpy(dtype=float)
    numerator[cells] = frame["numerator"].to_numpy(dtype=float)
    rows = np.where(np.isnan(value), 0.0, rows)
    for column, segment in enumerate(names):
        if segment == NOT_RECORDED:
            continue
        others = np.arange(value.shape[1]) != column
        rest = _rest(metric, value[:, others], rows[:, others], numerator[:, others])
        there = ~np.isnan(value[:, column]) & ~np.isnan(rest[0])
        yield Slice(
            metric,
            dimension,
            segment,
            tuple(days[there]),
            value[there, column],
            rows[there, column],
            numerator[there, column],
            *(part[there] for part in rest),
        )


def _rest(
    metric: Metric, values: Numbers, rows: Numbers, numerators: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """The other segments together: value, n, numerator per week; NaN where there are none."""
    total = rows.sum(axis=1)
    hits = np.nansum(numerators, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        if metric.kind in COUNTED:
            together = np.nansum(values, axis=1)
        elif metric.kind is Kind.RATE:
            together = hits / total
        else:
            together = np.nansum(values * rows, axis=1) / total
    return np.where(total > 0, together, np.nan), total, hits


def _evened(metric: Metric, values: Numbers, n: Numbers, numerators: Numbers) -> Series:
    if metric.kind is Kind.RATE:
        return Series(_arcsine(numerators, n), 4 * (n + 2 * _ANSCOMBE), 1.0)
    if metric.kind in COUNTED:
        weights = np.full(len(values), 4.0)
        return Series(np.sqrt(values + _ANSCOMBE), weights, 1.0, not metric.is_stock)
    if _is_positive(metric, values):
        return Series(np.log(values), n, 0.0)
    return _plain(values, n)


def _plain(values: Numbers, n: Numbers) -> Series:
    return Series(values, n, 0.0)


def _is_positive(metric: Metric, *series: Numbers) -> bool:
    is_scaled = metric.kind in (Kind.RATE, *COUNTED)
    return is_scaled or all(bool((values > 0).all()) for values in series)


def _arcsine(part: Numbers, whole: Numbers) -> Numbers:
    share = (part + _ANSCOMBE) / (whole + 2 * _ANSCOMBE)
    return np.asarray(np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0))))


def _pooled(metric: Metric, values: Numbers, n: Numbers, numerators: Numbers) -> float:
    if metric.kind in COUNTED:
        return float(values.mean())
    if metric.kind is Kind.RATE:
        return float(numerators.sum() / n.sum())
    return float(values @ n / n.sum())
