"""What readers ask the database, and the text that asks it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from data_access.aggregates import inner_of_average
from data_access.marts import Mart, mart
from metrics.model import Kind, Metric
from metrics.periods import Grain, Period, periods_between
from metrics.scope import Scope

Bound = str | int | float | date | list[date] | list[datetime] | list[str] | list[float]
SHARES = (Kind.RATE, Kind.RATIO)
_PARAMETER = re.compile(r"\$([a-z][a-z_0-9]*)")


@dataclass(frozen=True)
class Query:
    """A text with `$name` places, and what is bound to them."""

    text: str
    bound: Mapping[str, Bound] = field(default_factory=dict)

    @property
    def spelled_out(self) -> str:
        """The text with its values in it, to be run as it is."""
        return _PARAMETER.sub(lambda match: _literal(self.bound[match[1]]), self.text)


@dataclass(frozen=True)
class Question:
    """Metrics of one mart and one time column, asked together.

    Attributes:
        metrics: see `batch_key` for which may stand together.
        scope: the window and the filters.
        today: the clock's date; days before it are over.
        by: the dimension to split by.
        grain: the grain to split by.
    """

    metrics: tuple[Metric, ...]
    scope: Scope
    today: date
    by: str | None = None
    grain: Grain | None = None

    @property
    def mart(self) -> Mart:
        """The mart that all the metrics read."""
        return mart(self.metrics[0].source)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods answered: whole ones that touch the window and have begun."""
        window = self.scope.period
        if self.grain is None:
            return (window,)
        touched = periods_between(window.since, window.until, self.grain)
        return tuple(period for period in touched if period.since <= self.today)

    @property
    def whole_filters(self) -> tuple[str, ...]:
        """Filtered dimensions that describe the metrics' numerators only."""
        whole = self.metrics[0].whole_by
        return tuple(name for name, _ in self.scope.filters if name in whole)

    @property
    def splits_numerator_only(self) -> bool:
        """Whether the split leaves the denominators whole."""
        return self.by is not None and self.by in self.metrics[0].whole_by

    @property
    def groups(self) -> list[str]:
        """The columns that the answer has before those of the metrics."""
        asked = (("period", self.grain), ("segment", self.by))
        return [column for column, wanted in asked if wanted is not None]


def batch_key(metric: Metric, scope: Scope, by: str | None) -> tuple[str, ...]:
    """Metrics with the same key are answered by one query."""
    touched = {by, *(name for name, _ in scope.filters)} & set(metric.whole_by)
    alone = metric.name if touched or metric.kind is Kind.STATISTIC else ""
    return (metric.source, metric.at, metric.left_at, alone, repr(metric.given))


def parts(metric: Metric) -> tuple[str, ...]:
    """What the columns of one metric hold, in order."""
    if metric.kind in SHARES:
        return ("value", "n", "numerator", "denominator")
    if metric.kind is Kind.MEAN and inner_of_average(metric.value_sql):
        return ("value", "n", "spread")
    return ("value", "n")


def as_of(period: Period, today: date) -> date:
    """The day just after the last day counted in a period."""
    return min(period.until, today)


def instant(period: Period, today: date) -> date:
    """The day at whose start the last instant of a period lies, no later than tomorrow's."""
    return min(period.until, today + timedelta(days=1))


def _literal(value: Bound) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_literal(each) for each in value)}]"
    if isinstance(value, datetime):
        return f"timestamp '{value.isoformat(sep=' ')}'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)
