"""The one door for readers: from metrics and a scope to values, tables and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from data_access import freshness
from data_access.answers import Raw, answer, before_data, frame, withheld
from data_access.compile import Query, Question, batch_key, parts, query, rows_query
from data_access.extracts import EXTRACTS
from data_access.freshness import SourceState
from data_access.marts import Mart, mart, marts
from data_access.snapshots import Snapshot, pin
from data_access.workspace import Settings, Workspace, local_date
from metrics.catalog import METRICS
from metrics.errors import AppError
from metrics.model import Metric
from metrics.periods import Grain, Period
from metrics.scope import NOT_RECORDED, Scope, parse_filters
from metrics.value import Value

__all__ = ["MarkerRow", "SourceState", "Store", "TargetRow"]


@dataclass(frozen=True)
class TargetRow:
    """One stated target; `filters` as text like "team=Radiology", "" for everywhere."""

    metric: str
    filters: str
    value: float
    valid_from: date


@dataclass(frozen=True)
class MarkerRow:
    """One event drawn on charts."""

    on: date
    kind: str
    label: str


class Store:
    """Readers' view of one pinned snapshot at one moment.

    Attributes:
        workspace: whose data.
        settings: its settings when the store was opened.
        snapshot: the name of the snapshot that every answer comes from.
        clock: UTC time at which "now" stands.
        today: the clock's date in the reporting zone; the days before it are over.
    """

    def __init__(
        self, workspace: Workspace, pinned: Snapshot, settings: Settings, clock: datetime
    ) -> None:
        """Use `Store.open`."""
        self.workspace = workspace
        self.settings = settings
        self.snapshot = pinned.name
        self.clock = clock
        self.today = local_date(clock, settings.reporting_zone)
        self._pinned = pinned

    @classmethod
    def open(cls, workspace: Workspace, *, clock: datetime | None = None) -> Store:
        """A store on the snapshot in force; on an empty one when nothing was published yet.

        Raises:
            WarehouseError: the snapshot is missing or damaged.
        """
        return cls(workspace, pin(workspace), workspace.settings, clock or workspace.clock())

    def value(self, metric: Metric, scope: Scope) -> Value:
        """The metric's value in a scope; withheld with a reason when there is none."""
        return self.values([metric], scope)[metric.name]

    def values(self, metrics: Iterable[Metric], scope: Scope) -> dict[str, Value]:
        """Metric name → value; the metrics of one mart and time column are one query."""
        found = self._answers(list(metrics), scope, None, None)
        return {name: values[0] for name, values in found.items()}

    def series(
        self,
        metrics: Metric | Iterable[Metric],
        scope: Scope,
        grain: Grain,
        *,
        by: str | None = None,
    ) -> pd.DataFrame:
        """The values of each day, week or month that touches the window.

        Returns:
            metric, period (date, its first day), segment ("" without a split), value (NaN when
            withheld), n, numerator, low, high, is_partial, withheld. By metric, segment, period.
            Whole periods, from the first with data to the running one; without rows counts and
            levels are 0. With a split a segment begins with its first row in the window.

        Raises:
            UnknownDimensionError: a metric's mart lacks `by`.
        """
        return self._frame(_listed(metrics), scope, by, grain)

    def breakdown(self, metrics: Metric | Iterable[Metric], scope: Scope, by: str) -> pd.DataFrame:
        """The value of each segment in the window, the largest n first; columns as `series`.

        Raises:
            UnknownDimensionError: a metric's mart lacks `by`.
        """
        return self._frame(_listed(metrics), scope, by, None)

    def rows(self, metric: Metric, scope: Scope, *, limit: int | None = None) -> pa.Table:
        """The rows behind a number, newest first, as they may be shown.

        `source`, `upload_id` and `line` lead to the line of the accepted file. Empty when a
        filter names a dimension that the rows do not have.
        """
        columns = [_shown_column(name, kind) for name, kind in self._pinned.schema[metric.source]]
        if self._lacking(metric, scope):
            return self._pinned.table(
                Query(f"select {', '.join(columns)} from {metric.source} where false")
            )
        return self._pinned.table(
            rows_query(metric, scope, self.today, columns=columns, limit=limit)
        )

    def row_count(self, metric: Metric, scope: Scope) -> int:
        """How many rows `rows` has without a limit."""
        if self._lacking(metric, scope):
            return 0
        key = ("row count", metric, scope, self.today)
        counted = rows_query(metric, scope, self.today, columns=["1 as one"], limit=None)
        text = f"select count(*) from ({counted.text.rpartition('order by')[0]}) as behind"
        return self._pinned.remembered(
            key, lambda: int(self._pinned.fetch(Query(text, counted.bound))[0][0])
        )

    def sql(
        self, metric: Metric, scope: Scope, *, by: str | None = None, grain: Grain | None = None
    ) -> str:
        """The query behind a number, with its values spelled out; it runs on the snapshot.

        Raises:
            UnknownDimensionError: the mart lacks the split's or a filter's dimension.
        """
        return query(Question((metric,), scope, self.today, by, grain)).spelled_out

    def dimensions(self, metric: Metric) -> tuple[str, ...]:
        """The dimensions that the metric can be split and filtered by."""
        return mart(metric.source).dimensions

    def dimension_values(self, name: str, scope: Scope | None = None) -> list[str]:
        """The values of a dimension, A to Z, over all marts that have it.

        With a scope: those of rows that pass its other filters, in any period.
        """
        filters = tuple(f for f in scope.filters if f[0] != name) if scope else ()
        return list(
            self._pinned.remembered(
                ("dimension", name, filters), lambda: self._dimension_values(name, filters)
            )
        )

    def extent(self, metric: Metric | None = None) -> Period | None:
        """From the first to the last day with rows; of every metric's mart without a metric."""
        names = [metric.source] if metric else sorted({m.source for m in METRICS.values()})
        known = [self._pinned.days[name] for name in names]
        firsts = [first for first, _, _ in known if first is not None]
        lasts = [last for _, last, _ in known if last is not None]
        if not firsts or not lasts:
            return None
        last = max(lasts)
        if metric is None:  # a promise for a later day is not data of that day
            last = min(last, max(self.today, min(lasts)))
        return Period(min(firsts), date.fromordinal(max(last, min(firsts)).toordinal() + 1))

    def sources(self) -> list[SourceState]:
        """How fresh every source is; an extract that was never uploaded is missing."""
        zone = self.settings.reporting_zone
        return list(
            self._pinned.remembered(
                ("sources", self.clock, zone),
                lambda: freshness.sources(self._pinned, self.clock, zone),
            )
        )

    def targets(self) -> list[TargetRow]:
        """The stated targets of known metrics."""
        text = "select metric, filters, value, valid_from from targets order by all"
        rows = self._pinned.remembered("targets", lambda: self._pinned.fetch(Query(text)))
        return [
            TargetRow(*row) for row in rows if row[0] in METRICS and _filters(row[1]) is not None
        ]

    def markers(self, scope: Scope) -> list[MarkerRow]:
        """The events of the window that touch the scope's slices, oldest first."""
        text = "select marked_on, kind, label, filters from markers order by all"
        rows = self._pinned.remembered("markers", lambda: self._pinned.fetch(Query(text)))
        return [
            MarkerRow(on, kind, label)
            for on, kind, label, filters in rows
            if scope.period.contains(on) and _touches(_filters(filters), scope)
        ]

    def notes(self, scope: Scope) -> list[str]:
        """What was left out of the numbers of the window, in sentences with counts."""
        window = scope.period
        return list(
            self._pinned.remembered(
                ("notes", window), lambda: freshness.notes(self._pinned, window.since, window.until)
            )
        )

    def _frame(
        self, metrics: Sequence[Metric], scope: Scope, by: str | None, grain: Grain | None
    ) -> pd.DataFrame:
        def work_out() -> pd.DataFrame:
            found = self._answers(metrics, scope, by, grain)
            return frame([value for metric in metrics for value in found[metric.name]])

        key = ("frame", tuple(metrics), scope, by, grain, self.today)
        return self._pinned.remembered(key, work_out).copy(deep=False)

    def _answers(
        self, metrics: Sequence[Metric], scope: Scope, by: str | None, grain: Grain | None
    ) -> dict[str, tuple[Value, ...]]:
        found: dict[str, tuple[Value, ...]] = {}
        batches: dict[tuple[object, ...], list[Metric]] = {}
        for metric in metrics:
            key = ("answer", metric, scope, by, grain, self.today)
            known: Any = self._pinned.recall(key)
            if known is not None:
                found[metric.name] = known
            else:
                batches.setdefault(batch_key(metric, scope, by), []).append(metric)
        for batch in batches.values():
            question = Question(tuple(batch), scope, self.today, by, grain)
            for metric, values in self._ask(question).items():
                key = ("answer", metric, scope, by, grain, self.today)
                found[metric.name] = self._pinned.remember(key, values)
        return found

    def _ask(self, question: Question) -> dict[Metric, tuple[Value, ...]]:
        if question.by is not None:
            question.mart.check_dimension(question.by)
        first = question.metrics[0]
        periods = [p for p in question.periods if not self._is_before_data(first, p)]
        why = self._lacking(first, question.scope) or self._nothing_at_all(question.mart)
        if not why and not periods and question.grain is None:
            why = before_data(self._pinned.days[first.source][0] or self.today)
        if why or not periods:
            return {metric: self._withheld(metric, question, why) for metric in question.metrics}
        counted = self._pinned.fetch(query(question))
        return {
            metric: self._values(metric, question, periods, _raws(metric, question, counted))
            for metric in question.metrics
        }

    def _withheld(self, metric: Metric, question: Question, why: str) -> tuple[Value, ...]:
        if question.by is not None or not why:
            return ()
        return tuple(
            withheld(metric, period, why, is_partial=self._is_partial(metric, period))
            for period in question.periods
        )

    def _values(
        self,
        metric: Metric,
        question: Question,
        periods: Sequence[Period],
        raws: dict[tuple[date, str], Raw],
    ) -> tuple[Value, ...]:
        if question.by is None:
            wanted = [(period, "") for period in periods]
        elif question.grain is None:
            (period,) = periods
            sizes = sorted((-raw.n, segment) for (_, segment), raw in raws.items())
            wanted = [(period, segment) for _, segment in sizes]
        else:
            starts: dict[str, date] = {}
            for since, segment in raws:
                starts[segment] = min(since, starts.get(segment, since))
            wanted = [
                (period, segment)
                for segment in sorted(starts)
                for period in periods
                if period.since >= starts[segment]
            ]
        return tuple(
            answer(
                metric,
                period,
                raws.get((period.since, segment), Raw()),
                segment=segment,
                is_partial=self._is_partial(metric, period),
            )
            for period, segment in wanted
        )

    def _is_partial(self, metric: Metric, period: Period) -> bool:
        first_on = self._pinned.days[metric.source][0]
        return period.until > self.today or (first_on is not None and first_on > period.since)

    def _is_before_data(self, metric: Metric, period: Period) -> bool:
        first_on = self._pinned.days[metric.source][0]
        return first_on is not None and period.until <= first_on

    def _lacking(self, metric: Metric, scope: Scope) -> str:
        asked = mart(metric.source)
        for name, _ in scope.filters:
            if name not in asked.dimensions:
                return asked.lacks(name)
        return ""

    def _nothing_at_all(self, asked: Mart) -> str:
        if self._pinned.days[asked.name][0] is not None:
            return ""
        labels = " or ".join(EXTRACTS[name].label.lower() for name in sorted(asked.extracts))
        return f"No {labels} has been uploaded."

    def _dimension_values(
        self, name: str, filters: tuple[tuple[str, tuple[str, ...]], ...]
    ) -> tuple[str, ...]:
        found: set[str] = set()
        for each in marts().values():
            if name not in each.dimensions:
                continue
            kept = [(dim, values) for dim, values in filters if dim in each.dimensions]
            where = " and ".join(f'list_contains(${dim}, "{dim}")' for dim, _ in kept) or "true"
            text = f'select distinct cast("{name}" as varchar) from {each.name} where {where}'
            bound: dict[str, Any] = {dim: list(values) for dim, values in kept}
            found |= {row[0] for row in self._pinned.fetch(Query(text, bound))}
        return tuple(sorted(found, key=lambda value: (value == NOT_RECORDED, value.casefold())))


def _listed(metrics: Metric | Iterable[Metric]) -> list[Metric]:
    return [metrics] if isinstance(metrics, Metric) else list(metrics)


def _raws(
    metric: Metric, question: Question, counted: Sequence[tuple[Any, ...]]
) -> dict[tuple[date, str], Raw]:
    """(period's first day, segment) → what was counted, from the rows of a query."""
    groups = sum(wanted is not None for wanted in (question.grain, question.by))
    earlier = question.metrics[: question.metrics.index(metric)]
    start = groups + sum(len(parts(each)) for each in earlier)
    found: dict[tuple[date, str], Raw] = {}
    for row in counted:
        since = row[0] if question.grain is not None else question.scope.period.since
        segment = row[groups - 1] if question.by is not None else ""
        found[since, segment] = _raw(metric, row[start : start + len(parts(metric))])
    return found


def _raw(metric: Metric, cells: Sequence[Any]) -> Raw:
    named = dict(zip(parts(metric), cells, strict=True))
    return Raw(
        n=int(named.pop("n") or 0),
        **{name: None if cell is None else float(cell) for name, cell in named.items()},
    )


def _shown_column(name: str, kind: str) -> str:
    if kind.startswith("ENUM"):
        return f'cast("{name}" as varchar) as "{name}"'
    if kind.startswith("DECIMAL"):
        return f'cast("{name}" as double) as "{name}"'
    return f'"{name}"'


def _filters(text: str) -> dict[str, tuple[str, ...]] | None:
    """The filters of a target or marker; None when they cannot be read."""
    try:
        return parse_filters(text)
    except AppError:
        return None


def _touches(filters: dict[str, tuple[str, ...]] | None, scope: Scope) -> bool:
    chosen = dict(scope.filters)
    return filters is not None and all(
        name not in chosen or set(values) & set(chosen[name]) for name, values in filters.items()
    )
