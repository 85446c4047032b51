"""Measures with their control charts and readings, from the store: for the page and the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.control.build import chart_of, choices
from analysis.control.model import ChartKind, ControlChart, Rebase
from analysis.control.reading import Reading, read
from analysis.model import Target
from analysis.sources import coverage, ends_early
from analysis.spc import MAX_PERIODS
from analysis.targets import target_for
from metrics.model import Metric
from metrics.periods import Grain, Period, period_of, periods_before
from metrics.scope import Scope
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store

_MOST = 400  # a browser draws them as shapes that can be clicked and read out
_DAYS: dict[Grain, int] = {"day": 1, "week": 7, "month": 28}


@dataclass(frozen=True)
class Charted:
    """A measure, charted and read.

    Attributes:
        scope: window and filters.
        values: the whole periods that the data cover, oldest first.
        chart, reading: of these.
        target: that holds in the newest period; None without.
        left_out: why newer periods are left out, as it follows a colon; "" when none are.
    """

    scope: Scope
    values: tuple[Value, ...]
    chart: ControlChart
    reading: Reading
    target: Target | None
    left_out: str

    @property
    def metric(self) -> Metric:
        """The measure."""
        return self.chart.metric


def window(period: Period, grain: Grain) -> Period:
    """The days charted: the period when it holds 27 to 400 days, weeks or months.

    Of a shorter one the 27 up to its end, of a longer one the last 400.
    """
    count = period.days // _DAYS[grain]
    if MAX_PERIODS < count <= _MOST:
        return period
    last = period_of(period.last_day, grain)
    earlier = (MAX_PERIODS if count <= MAX_PERIODS else _MOST) - (count > _MOST)
    return Period(periods_before(last, earlier, grain)[0].since, last.until)


def charted(
    store: Store,
    metrics: Sequence[Metric],
    scope: Scope,
    grain: Grain,
    *,
    kind: ChartKind | None = None,
    rebase: Iterable[Rebase] = (),
) -> tuple[Charted, ...]:
    """The measures that have a value in the window, what to look at first in front.

    Periods that are not over, and those that the sources do not cover to the end, are left out: a
    fall in them may be rows that have not come yet.

    Args:
        store: where the numbers come from.
        metrics: what to chart.
        scope: filters, and the period up to which `window` reaches.
        grain: per day, week or month.
        kind: the chart; None lets the kind of metric decide. One that does not fit decides so too.
        rebase: where limits start anew.
    """
    here = scope.during(window(scope.period, grain))
    answered = store.series_values(metrics, here, grain)
    cuts = tuple(rebase)
    found = []
    for metric in metrics:
        values, left_out = covered(store, here, answered[metric.name])
        if any(value.value is not None for value in values):
            found.append(_one(store, here, values, left_out, kind, cuts))
    return tuple(sorted(found, key=lambda one: one.reading.rank))


def _one(
    store: Store,
    scope: Scope,
    values: tuple[Value, ...],
    left_out: str,
    kind: ChartKind | None,
    rebase: tuple[Rebase, ...],
) -> Charted:
    fitting = kind if kind in choices(values) else None
    chart = chart_of(values, kind=fitting, rebase=rebase)
    now = scope.during(values[-1].period)
    target = target_for(chart.metric, now, store.targets())
    return Charted(scope, values, chart, read(chart, target), target, left_out)


def covered(store: Store, scope: Scope, values: Sequence[Value]) -> tuple[tuple[Value, ...], str]:
    """The whole periods up to the last that the data cover, and why later ones are left out."""
    whole = [value for value in values if not value.is_partial]
    states, left_out = store.sources(), ""
    while whole:
        value, here = whole[-1], scope.during(whole[-1].period)
        found = coverage(states, value.metric, here)
        is_missing = found.is_missing and (value.metric.is_stock or value.n == 0)
        is_short = is_missing or found.is_stale
        why = found.why if is_short else ends_early(store, value.metric, here)
        if not why:
            break
        left_out = left_out or why
        whole.pop()
    return tuple(whole), left_out
