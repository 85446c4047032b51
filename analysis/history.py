"""The periods before: a metric's own past, as Values, in one query per mart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from analysis.spc import MAX_PERIODS
from metrics.model import Metric
from metrics.periods import Grain, Period, period_of, periods_before
from metrics.scope import Scope
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store


def grain_of(period: Period, *, is_running: bool = False) -> Grain:
    """The grain a period is held against: its own, and weeks for free spans and running ones."""
    return "week" if is_running else period.grain or "week"


def past_window(period: Period, grain: Grain, *, is_running: bool = False) -> Period | None:
    """The window that holds up to 26 complete periods before this one, and this one.

    For a day: 26 weeks of days. None when there is no complete one.
    """
    if grain == "day":
        return Period(periods_before(period, MAX_PERIODS, "week")[0].since, period.until)
    end = period_of(period.since if is_running else period.until, grain).since
    first = periods_before(period_of(end, grain), MAX_PERIODS + (not is_running), grain)[0]
    return Period(first.since, end) if first.since < end else None


def history(
    store: Store, metrics: Sequence[Metric], scope: Scope, *, is_running: bool = False
) -> dict[str, tuple[Value, ...]]:
    """Per metric name its complete periods up to the scope's own, oldest first, at most 27.

    Periods that lie only partly in the data are left out; those without a value are kept.
    """
    grain = grain_of(scope.period, is_running=is_running)
    window = past_window(scope.period, grain, is_running=is_running)
    if window is None:
        return {metric.name: () for metric in metrics}
    answered = store.series_values(metrics, scope.during(window), grain)
    return {name: complete(values, scope.period) for name, values in answered.items()}


def complete(values: Sequence[Value], period: Period) -> tuple[Value, ...]:
    """The last 27 values of whole periods; of days those of the period's weekday."""
    weekday = period.since.weekday() if period.grain == "day" else None
    kept = [
        value
        for value in values
        if not value.is_partial and weekday in (None, value.period.since.weekday())
    ]
    return tuple(kept[-MAX_PERIODS - 1 :])


def value_in(
    store: Store,
    metrics: Sequence[Metric],
    scope: Scope,
    past: Mapping[str, Sequence[Value]],
) -> dict[str, Value]:
    """Per metric name its value in the scope's period, from the history where it is there."""
    found = {
        value.metric.name: value
        for values in past.values()
        for value in values
        if value.period == scope.period
    }
    if len(found) < len(metrics):
        found = {**store.values(metrics, scope), **found}
    return found
