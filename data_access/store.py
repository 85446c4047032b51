"""The one door for readers: from metrics and a scope to values, tables and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa

from data_access import freshness, lookups
from data_access.answers import frame
from data_access.asking import answers, lacking
from data_access.compile import count_query, days_query, query, rows_query, table_query
from data_access.extracts import EXTRACTS
from data_access.freshness import SourceState
from data_access.handled import IssueRow, PolicyRow, RungRow, StatusRow
from data_access.marts import mart
from data_access.notes import notes
from data_access.planned import Assigned
from data_access.question import Bound, Query, Question
from data_access.snapshots import Snapshot, pin
from data_access.stated import Export, MarkerRow, TargetRow, TerminalStage
from data_access.working_time import HolidayRow, WorkingHoursRow, WorkingTimeRows
from data_access.workspace import Settings, Workspace
from metrics.catalog import METRICS
from metrics.errors import AppError
from metrics.local_time import local_date
from metrics.model import Metric
from metrics.periods import Grain, Period
from metrics.scope import NOT_RECORDED, Scope, parse_filters
from metrics.value import Value

PEOPLE = frozenset(
    column.name for extract in EXTRACTS.values() for column in extract.columns if column.is_person
)

_Filter = tuple[str, tuple[str, ...]]

__all__ = ["Export", "MarkerRow", "SourceState", "Store", "TargetRow", "TerminalStage"]


class Store:
    """Readers' view of one pinned snapshot at one moment.

    Attributes:
        workspace: whose data.
        settings: its settings when the store was opened; zone and names as the snapshot has them.
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
        pinned = pin(workspace)
        settings = pinned.as_built(workspace.settings)
        return cls(workspace, pinned, settings, clock or workspace.clock())

    def value(self, metric: Metric, scope: Scope) -> Value:
        """The metric's value in a scope; withheld with a reason when there is none."""
        return self.values([metric], scope)[metric.name]

    def values(self, metrics: Iterable[Metric], scope: Scope) -> dict[str, Value]:
        """Metric name → value; the metrics of one mart and time column are one query."""
        found = answers(self._pinned, metrics, self._shown(scope), self.today)
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

    def series_values(
        self,
        metrics: Metric | Iterable[Metric],
        scope: Scope,
        grain: Grain,
        *,
        by: str | None = None,
    ) -> dict[str, tuple[Value, ...]]:
        """Metric name → what `series` has, as values: by segment, then by period."""
        asked = self._shown(scope)
        return answers(self._pinned, _listed(metrics), asked, self.today, by=by, grain=grain)

    def breakdown(self, metrics: Metric | Iterable[Metric], scope: Scope, by: str) -> pd.DataFrame:
        """The value of each segment in the window, the largest n first; columns as `series`.

        Raises:
            UnknownDimensionError: a metric's mart lacks `by`.
        """
        return self._frame(_listed(metrics), scope, by, None)

    def breakdown_values(
        self, metrics: Metric | Iterable[Metric], scope: Scope, by: str
    ) -> dict[str, tuple[Value, ...]]:
        """Metric name → what `breakdown` has, as values."""
        return answers(self._pinned, _listed(metrics), self._shown(scope), self.today, by=by)

    def statistic(
        self,
        name: str,
        metric: Metric,
        scope: Scope,
        *,
        by: str | None = None,
        **given: Bound,
    ) -> list[dict[str, Any]]:
        """What data_access/sql/statistics/<name>.sql answers over the rows behind a metric.

        For what is no single number; the file's header says what a row is, and which further
        values it wants to be `given`: columns of the one row of a relation of that name.

        Raises:
            UnknownDimensionError: the metric's mart lacks `by` or a filter's dimension.
        """
        scope = self._shown(scope)
        asked = table_query(name, Question((metric,), scope, self.today, by), given)
        key = ("statistic", name, metric, scope, by, self.today, repr(sorted(given.items())))
        return self._pinned.remembered(key, lambda: self._pinned.table(asked).to_pylist())

    def rows(self, metric: Metric, scope: Scope, *, limit: int | None = None) -> pa.Table:
        """The rows behind a number, newest first, as they may be shown.

        `source`, `upload_id` and `line` lead to the line of the accepted file. Empty when a
        filter names a dimension that the rows do not have.
        """
        scope = self._shown(scope)
        columns = [_shown_column(name, kind) for name, kind in self._pinned.schema[metric.source]]
        if lacking(metric, scope):
            return self._pinned.table(
                Query(f"select {', '.join(columns)} from {metric.source} where false")
            )
        return self._pinned.table(
            rows_query(metric, scope, self.today, columns=columns, limit=limit)
        )

    def row_count(self, metric: Metric, scope: Scope) -> int:
        """How many rows `rows` has without a limit."""
        scope = self._shown(scope)
        if lacking(metric, scope):
            return 0
        asked = count_query(metric, scope, self.today)
        return self._pinned.remembered(
            ("row count", metric, scope, self.today), lambda: int(self._pinned.fetch(asked)[0][0])
        )

    def days_of_rows(self, metric: Metric, scope: Scope) -> Period | None:
        """From the first to the last day of the rows behind a number; None when there are none."""
        scope = self._shown(scope)
        if lacking(metric, scope):
            return None
        asked = days_query(metric, scope, self.today)
        key = ("days of rows", metric, scope, self.today)
        first, last = self._pinned.remembered(key, lambda: self._pinned.fetch(asked)[0])
        return Period(first, last + timedelta(days=1)) if first and last else None

    def sql(
        self, metric: Metric, scope: Scope, *, by: str | None = None, grain: Grain | None = None
    ) -> str:
        """The query behind a number, with its values spelled out; it runs on the snapshot.

        A comment that says why when the rows lack the dimension of a filter.

        Raises:
            UnknownDimensionError: the mart lacks the split's dimension.
        """
        scope = self._shown(scope)
        if why := lacking(metric, scope):
            return f"-- {why}"
        return query(Question((metric,), scope, self.today, by, grain)).spelled_out

    def dimensions(self, metric: Metric) -> tuple[str, ...]:
        """The dimensions that the metric can be split and filtered by."""
        return tuple(n for n in mart(metric.source).dimensions if n not in metric.not_by)

    def dimension_values(self, name: str, scope: Scope | None = None) -> list[str]:
        """The values of a dimension, A to Z, over all marts that have it.

        With a scope: those of rows that pass its other filters, in any period.
        """
        filters = tuple(f for f in self._shown(scope).filters if f[0] != name) if scope else ()
        return list(
            self._pinned.remembered(
                ("dimension", name, filters),
                lambda: _in_order(
                    value
                    for asked in lookups.values_of(name, filters)
                    for (value,) in self._pinned.fetch(asked)
                ),
            )
        )

    def extent(self, metric: Metric | None = None) -> Period | None:
        """From the first to the last day with rows; of everything without a metric.

        Of everything, the last day is that of the newest row of any source that is not later than
        today: a promise for a later day is not data of it, a typing error in a year neither.
        """
        names = [metric.source] if metric else sorted({m.source for m in METRICS.values()})
        known = [self._pinned.days[name] for name in names]
        firsts = [first for first, _, _ in known if first is not None]
        lasts = [last for _, last, _ in known if last is not None]
        if not firsts or not lasts:
            return None
        first, last = min(firsts), max(lasts)
        if metric is None and first <= self.today:
            fed = {extract for name in names for extract in mart(name).fed_by}
            newest = [s.newest_on for s in self.sources() if s.newest_on and s.extract in fed]
            last = max([min(day, self.today) for day in newest], default=min(last, self.today))
        return Period(first, max(first, last) + timedelta(days=1))

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
        """The stated targets of known metrics, those with filters that cannot be read left out."""
        return [
            TargetRow(metric, self._shown_text(filters), value, valid_from)
            for metric, filters, value, valid_from in self._looked_up(lookups.TARGETS)
            if metric in METRICS and _filters(filters) is not None
        ]

    def markers(self, scope: Scope) -> list[MarkerRow]:
        """The events of the window that touch the scope's slices, oldest first."""
        scope = self._shown(scope)
        return [
            MarkerRow(on, kind, label)
            for on, kind, label, filters in self._looked_up(lookups.MARKERS)
            if scope.period.contains(on) and _touches(_filters(self._shown_text(filters)), scope)
        ]

    def assignments(self) -> list[Assigned]:
        """Who is planned for what, past and future, by person and first day."""
        return [Assigned(*row) for row in self._looked_up(lookups.ASSIGNMENTS)]

    def terminal_stages(self) -> list[TerminalStage]:
        """At which stage each project's items are complete, and which is suggested."""
        return [TerminalStage(*row) for row in self._looked_up(lookups.TERMINAL_STAGES)]

    def working_time(self) -> WorkingTimeRows:
        """The working hours and holidays stated; `analysis.working_time` counts with them."""
        return WorkingTimeRows(
            tuple(WorkingHoursRow(*row) for row in self._looked_up(lookups.WORKING_HOURS)),
            tuple(HolidayRow(*row) for row in self._looked_up(lookups.HOLIDAYS)),
        )

    def handled_issues(self, keys: Sequence[tuple[str, str]], day: date) -> list[IssueRow]:
        """The issues open when a day began, and those of the keys (source, key), oldest first."""
        return [IssueRow(*row) for row in self._pinned.fetch(lookups.handled_issues(keys, day))]

    def handled_statuses(self, keys: Sequence[tuple[str, str]], day: date) -> list[StatusRow]:
        """The changes of status of the same issues that successive exports show, oldest first."""
        return [StatusRow(*row) for row in self._pinned.fetch(lookups.handled_statuses(keys, day))]

    def sla_policies(self) -> list[PolicyRow]:
        """The stated SLA policies."""
        return [PolicyRow(*row) for row in self._looked_up(lookups.SLA_POLICIES)]

    def escalation_ladder(self) -> list[RungRow]:
        """The stated rungs of the escalation ladder, of all teams and all days."""
        return [RungRow(*row) for row in self._looked_up(lookups.ESCALATION_LADDER)]

    def notes(self, scope: Scope) -> list[str]:
        """What was left out of the numbers of the scope, or restated, in sentences with counts."""
        scope = self._shown(scope)
        return list(
            self._pinned.remembered(
                ("notes", scope, self.today), lambda: notes(self._pinned, scope, self.values)
            )
        )

    def shown_name(self, person: str) -> str:
        """How a person is shown: by pseudonym while names are hidden, else by name."""
        if not self.settings.hide_names:
            return person
        return str(dict(self._looked_up(lookups.PEOPLE)).get(person, person))

    def upload_ids(self) -> tuple[str, ...]:
        """The uploads that the numbers come from: those in force in this snapshot."""
        return tuple(upload_id for (upload_id,) in self._looked_up(lookups.IN_FORCE))

    def exports(self, extract: str) -> list[Export]:
        """The uploads of an extract in force, oldest as-of time first."""
        asked = Query(lookups.EXPORTS.text, {"extract": extract})
        return [Export(*row) for row in self._pinned.fetch(asked)]

    def _shown(self, scope: Scope) -> Scope:
        """The scope with people under the names that the rows have."""
        if not any(name in PEOPLE for name, _ in scope.filters) or not self.settings.hide_names:
            return scope
        return Scope(scope.period, self._shown_filters(scope.filters))

    def _shown_filters(self, filters: Iterable[_Filter]) -> tuple[_Filter, ...]:
        return tuple(
            (name, tuple(sorted(self.shown_name(v) for v in values)) if name in PEOPLE else values)
            for name, values in filters
        )

    def _shown_text(self, text: str) -> str:
        """The filters of a target or marker with people under the names that the rows have."""
        filters = _filters(text) or {}
        if not self.settings.hide_names or not PEOPLE & filters.keys():
            return text
        shown = self._shown_filters(filters.items())
        return "; ".join(f"{name}={value}" for name, values in shown for value in values)

    def _looked_up(self, asked: Query) -> list[tuple[Any, ...]]:
        return self._pinned.remembered(asked.text, lambda: self._pinned.fetch(asked))

    def _frame(
        self, metrics: Sequence[Metric], scope: Scope, by: str | None, grain: Grain | None
    ) -> pd.DataFrame:
        scope = self._shown(scope)

        def work_out() -> pd.DataFrame:
            found = answers(self._pinned, metrics, scope, self.today, by=by, grain=grain)
            return frame([value for metric in metrics for value in found[metric.name]])

        key = ("frame", tuple(metrics), scope, by, grain, self.today)
        return self._pinned.remembered(key, work_out).copy(deep=False)


def _in_order(values: Iterable[str]) -> tuple[str, ...]:
    """The different values, A to Z, the unrecorded last."""
    return tuple(sorted(set(values), key=lambda value: (value == NOT_RECORDED, value.casefold())))


def _listed(metrics: Metric | Iterable[Metric]) -> list[Metric]:
    return [metrics] if isinstance(metrics, Metric) else list(metrics)


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
