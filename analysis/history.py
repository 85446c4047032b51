"""The periods before: a metric's own past, as Values, in one query per mart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from analysis.spc import MAX_PERIODS
from metrics.model import Metric
from metrics.periods import Grain, Period, period_of, periods_before
from metrics.scope import Scope
from metrics.value import Value

if TYPE_CHECKING:
    import pandas as pd

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
    found: dict[str, list[Value]] = {metric.name: [] for metric in metrics}
    if window is None:
        return dict.fromkeys(found, ())
    frame = store.series(metrics, scope.during(window), grain)
    for value in values_of(frame, metrics, grain):
        same_day = grain != "day" or value.period.since.weekday() == scope.period.since.weekday()
        if same_day and not value.is_partial:
            found[value.metric.name].append(value)
    return {name: tuple(values[-MAX_PERIODS - 1 :]) for name, values in found.items()}


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


def values_of(frame: pd.DataFrame, metrics: Sequence[Metric], grain: Grain) -> Iterator[Value]:
    """The rows of a Store frame as Values; empty cells are None."""
    by_name = {metric.name: metric for metric in metrics}
    plain = frame[list(_COLUMNS)].astype(object)
    plain = plain.where(plain.notna(), None)
    for row in plain.to_dict("records"):
        day = row["period"]
        yield Value(
            by_name[row["metric"]],
            period_of(day.date() if isinstance(day, datetime) else day, grain),
            row["segment"] or "",
            row["value"],
            int(row["n"] or 0),
            row["numerator"],
            row["low"],
            row["high"],
            bool(row["is_partial"]),
            row["withheld"] or "",
        )


_COLUMNS = (
    "metric", "period", "segment", "value", "n", "numerator", "low", "high", "is_partial",
    "withheld",
)  # fmt: skip
