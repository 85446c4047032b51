"""Where the time goes: every stage's part in turnaround and waiting, and whether it grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from analysis import words
from analysis.assess import assess, judge
from analysis.bottleneck_words import (
    banner,
    change,
    notes,
    parts_note,
    unjudged_note,
    why_none,
)
from analysis.flow.window import moment_of
from analysis.history import complete, grain_of, past_window
from analysis.model import Assessment, Bottlenecks, Signal, StageRow
from analysis.sources import Coverage, ends_early
from analysis.what_if import what_if
from data_access.asking import lacking
from metrics.flow import (
    ITEMS_COMPLETED,
    ITEMS_WAITING,
    QUEUE_TIME,
    STAGE_EVENTS,
    STAGE_TIME,
    TOUCH_TIME,
    TURNAROUND_MEAN,
)
from metrics.model import Better, Kind, Metric
from metrics.periods import Grain, Period
from metrics.scope import Scope
from metrics.units import HOURS
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store

__all__ = ["QUEUE_HOURS", "STAGE_HOURS", "Waiting", "longest_waiting", "rank", "what_if"]

_WEEKS = 13
_MEANS = (QUEUE_TIME, TOUCH_TIME, STAGE_TIME)


def _hours(column: str, label: str, whole: str) -> Metric:
    """Hours of a column over the visits of completed items: they add up, means do not."""
    return Metric(
        name=f"sum_of_{column}",
        label=label,
        definition=(
            f"{label}, added up over the visits of the items completed in the period. A stage's "
            f"share is its own hours over {whole}."
        ),
        source="visits",
        at="item_completed_on",
        kind=Kind.COUNT,
        value_sql=f"sum({column})",
        n_sql=f"count({column})",
        n_of="visits",
        unit=HOURS,
        better=Better.LOWER,
        owner="Operations lead",
        family="flow",
        is_plural=True,
    )


STAGE_HOURS = _hours(
    "stage_hours", "Hours in the stage", "all turnaround hours of these items: mean times items"
)
QUEUE_HOURS = _hours("queue_hours", "Waiting hours", "those of all stages")


def _of_items(name: str, source: str, at: str, kind: Kind, sql: str) -> Metric:
    return replace(STAGE_HOURS, name=name, source=source, at=at, kind=kind, value_sql=sql,
                   n_sql="count(*)")  # fmt: skip


_VISITED = "item_completed_on"
_ITEMS_VISITED = _of_items(
    "items_visited", "visits", _VISITED, Kind.DISTINCT, "count(distinct (source, item_id))"
)
_VISITS = _of_items("visits", "visits", _VISITED, Kind.COUNT, "count(*)")
_VISITS_OF_ITEMS = _of_items("visits_of_items", "items", "completed_on", Kind.COUNT, "sum(visits)")


@dataclass(frozen=True)
class _Window:
    """Every stage's times in one window, by metric name and stage, and what they are parts of.

    Attributes:
        by_stage: of the visits that the filters choose.
        completed, turnaround: of the items that the filters choose; a visit can have another team
            than its item, and items have no stage.
        visited: the items behind the visits.
        is_whole: whether these are the same items with all their visits, so that stage hours are
            parts of their turnaround.
    """

    by_stage: Mapping[str, Mapping[str, Value]]
    completed: Value
    turnaround: Value
    visited: int
    is_whole: bool

    @property
    def items(self) -> int:
        """The items that hours are told per."""
        return self.turnaround.n if self.is_whole else self.visited

    @property
    def mean(self) -> float | None:
        """Mean turnaround; where it is not the whole, the mean hours in the visits chosen."""
        if self.is_whole:
            return self.turnaround.value
        is_enough = self.visited >= TURNAROUND_MEAN.min_rows
        return self.total(STAGE_HOURS) / self.visited if is_enough else None

    @property
    def hours(self) -> float:
        """The hours that shares are of."""
        return (self.mean or 0.0) * self.items

    def of(self, metric: Metric, stage: str) -> float | None:
        found = self.by_stage[metric.name].get(stage)
        return found.value if found else None

    def rows(self, metric: Metric, stage: str) -> int:
        found = self.by_stage[metric.name].get(stage)
        return found.n if found else 0

    def total(self, metric: Metric) -> float:
        return sum(value.value or 0.0 for value in self.by_stage[metric.name].values())


def rank(store: Store, scope: Scope) -> Bottlenecks:
    """Every stage of the items completed in the scope, the largest share of turnaround first.

    Shares are hours over hours: all stage hours of these items over all their turnaround hours,
    so they add up to 100% with the time between stages. Means are taken for this because they
    add up; medians do not. "13 weeks" are the 13 before the window, pooled over their visits; they
    are left out when the data begin inside them.
    Where filters choose only some of the visits of these items, shares are of the hours in those.
    Signals are those of the weekly (for a month: monthly) mean queue, by `analysis.spc`; where
    no queue is recorded stages are ranked and judged by the whole time in them.
    """
    now, since = _window(store, scope), scope.period.since
    before = _window(store, scope.during(Period(since - timedelta(weeks=_WEEKS), since)))
    if before.turnaround.is_partial or before.is_whole != now.is_whole:
        before = _incomparable(before)
    has_queue = any(value.n for value in now.by_stage[QUEUE_HOURS.name].values())
    judged = _judged(store, QUEUE_TIME if has_queue else STAGE_TIME, scope)
    waiting = _judged(store, ITEMS_WAITING, scope) if has_queue else {}
    stages = [
        _row(stage, now, before, has_queue=has_queue, judged=judged, waiting=waiting)
        for stage in now.by_stage[STAGE_HOURS.name]
    ]
    rows = tuple(sorted(stages, key=lambda row: (-row.share_of_turnaround, row.stage)))
    between = 1.0 - now.total(STAGE_HOURS) / now.hours if now.hours else 0.0
    whole = assess(store, (TURNAROUND_MEAN,), scope)[0]
    told, accounts = change(
        rows, now.turnaround.value, before.turnaround.value, signal=whole.signal
    )
    status, lead, rest = banner(
        scope, rows, now.mean, why=why_none(now.completed, now.turnaround),
        is_whole=now.is_whole, has_queue=has_queue,
    )  # fmt: skip
    return Bottlenecks(
        scope=scope,
        items=now.items,
        turnaround_mean=now.turnaround.value,
        turnaround_vs_13_weeks=_minus(now.turnaround.value, before.turnaround.value),
        has_queue=has_queue,
        rows=rows,
        between_share=between,
        status=status,
        lead=lead,
        rest=rest,
        change=told,
        accounts=accounts,
        notes=(
            *parts_note(now.completed, is_whole=now.is_whole or not rows),
            *unjudged_note(whole),
            *notes(between, now.by_stage[STAGE_TIME.name], now.by_stage[QUEUE_TIME.name]),
        ),
    )


@dataclass(frozen=True)
class Waiting:
    """One visit that waits in its stage.

    Attributes:
        item, dataset, team, assignee, batch: as its rows may be shown.
        since: UTC time at which it entered the stage.
        hours: waited at the period's end, or until now when that comes first.
    """

    item: str
    dataset: str
    team: str
    assignee: str
    batch: str
    since: datetime
    hours: float


def longest_waiting(store: Store, scope: Scope) -> tuple[Waiting, ...]:
    """The eight visits that had waited longest at the period's end, longest first."""
    if lacking(ITEMS_WAITING, scope):
        return ()
    until = moment_of(store, scope.period.until)
    return tuple(
        Waiting(
            item=row["item_id"],
            dataset=row["dataset"],
            team=row["team"],
            assignee=row["assignee"],
            batch=row["batch"],
            since=row["entered_at"],
            hours=(until - row["entered_at"]).total_seconds() / 3600,
        )
        for row in store.statistic("longest_waiting", ITEMS_WAITING, scope)
    )


def _window(store: Store, scope: Scope) -> _Window:
    metrics = (*_MEANS, STAGE_HOURS, QUEUE_HOURS)
    answered = store.breakdown_values(metrics, scope, "stage")
    by_stage = {
        name: {value.segment: value for value in values} for name, values in answered.items()
    }
    one = store.values(
        (TURNAROUND_MEAN, ITEMS_COMPLETED, _VISITS_OF_ITEMS, _ITEMS_VISITED, _VISITS), scope
    )
    completed, turnaround = one[ITEMS_COMPLETED.name], one[TURNAROUND_MEAN.name]
    visited = one[_ITEMS_VISITED.name].value
    is_whole = not scope.filters or (
        completed.value == visited and one[_VISITS_OF_ITEMS.name].value == one[_VISITS.name].value
    )
    if not is_whole:
        turnaround = replace(turnaround, value=None)
    return _Window(by_stage, completed, turnaround, round(visited or 0), is_whole)


def _incomparable(window: _Window) -> _Window:
    """The window without what it has per item; its visits stay, unless the data begin in it."""
    is_cut = window.turnaround.is_partial
    return replace(
        window,
        by_stage={name: {} for name in window.by_stage} if is_cut else window.by_stage,
        turnaround=replace(window.turnaround, value=None, n=0),
        visited=0,
    )


def _judged(store: Store, metric: Metric, scope: Scope) -> dict[str, Assessment]:
    """Each stage's latest value of a metric against its own past.

    It is held against its chart alone, not against the period before: six comparisons a week
    would be six chances of a false claim.
    """
    is_running = store.today < scope.period.until
    grain = grain_of(scope.period, is_running=is_running)
    window = past_window(scope.period, grain, is_running=is_running)
    if window is None:
        return {}
    asked = scope.during(window)
    if metric.is_stock:
        series = _stocks(store, metric, asked, grain)
    else:
        answered = store.series_values(metric, asked, grain, by="stage")
        series = _by_stage(answered[metric.name])
    found = {}
    for stage, values in series.items():
        kept = complete(values, scope.period)
        if kept:
            here = scope.during(kept[-1].period).where(stage=stage)
            covered = Coverage(ends_early=ends_early(store, metric, here))
            found[stage] = judge(here, kept[-1], kept[-1], kept, covered=covered)
    return found


def _stocks(store: Store, metric: Metric, scope: Scope, grain: Grain) -> dict[str, list[Value]]:
    """A stock of every stage that was visited; 0 at the ends of periods when nothing was there."""
    answered = store.series_values((metric,), scope, grain, by="stage")
    seen = store.series_values((STAGE_EVENTS,), scope, grain, by="stage")
    there = {(value.segment, value.period): value for value in answered[metric.name]}
    for value in seen[STAGE_EVENTS.name]:
        empty = Value(metric, value.period, value.segment, 0.0, 0, is_partial=value.is_partial)
        there.setdefault((value.segment, value.period), empty)
    ordered = sorted(there.values(), key=lambda value: value.period)
    return _by_stage(ordered)


def _by_stage(values: Iterable[Value]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for value in values:
        found.setdefault(value.segment, []).append(value)
    return found


def _row(
    stage: str,
    now: _Window,
    before: _Window,
    *,
    has_queue: bool,
    judged: Mapping[str, Assessment],
    waiting: Mapping[str, Assessment],
) -> StageRow:
    main = QUEUE_TIME if has_queue else STAGE_TIME
    hours, earlier = now.of(STAGE_HOURS, stage) or 0.0, before.of(STAGE_HOURS, stage)
    waited = now.total(QUEUE_HOURS)
    mine, queue = judged.get(stage), waiting.get(stage)
    own_wait = now.of(QUEUE_HOURS, stage) if now.rows(QUEUE_HOURS, stage) else None
    per_item = hours / now.items if now.items else 0.0
    return StageRow(
        stage=stage,
        visits=now.rows(STAGE_TIME, stage),
        queue_mean=now.of(QUEUE_TIME, stage),
        touch_mean=now.of(TOUCH_TIME, stage),
        stage_mean=now.of(STAGE_TIME, stage),
        hours_per_item=per_item,
        share_of_turnaround=hours / now.hours if now.hours else 0.0,
        waiting_hours=own_wait,
        share_of_waiting=own_wait / waited if own_wait is not None and waited else None,
        queue_vs_13_weeks=_minus(now.of(main, stage), before.of(main, stage)),
        hours_vs_13_weeks=per_item - (earlier or 0.0) / before.items if before.items else None,
        series=mine.series if mine else (),
        limits=mine.limits if mine else None,
        signal=mine.signal if mine else Signal.UNJUDGED,
        rule=mine.rule if mine else "",
        waiting_now=_count(queue),
        waiting_vs_13_weeks=_growth(queue),
        waiting_signal=queue.signal if queue else Signal.UNJUDGED,
        evidence=_evidence(now.rows(STAGE_TIME, stage), mine, queue),
    )


def _count(queue: Assessment | None) -> int | None:
    return None if queue is None or queue.value.value is None else round(queue.value.value)


def _growth(queue: Assessment | None) -> float | None:
    """The number waiting minus its mean over the 13 period ends before; None with fewer."""
    if queue is None or queue.value.value is None:
        return None
    past = [value.value for value in queue.series[:-1] if value.value is not None][-_WEEKS:]
    return queue.value.value - sum(past) / _WEEKS if len(past) == _WEEKS else None


def _evidence(visits: int, mine: Assessment | None, queue: Assessment | None) -> str:
    parts = [f"n = {words.some(visits, 'visits')}"]
    if mine and mine.limits:
        span = f"{mine.limits.since.short} to {mine.limits.until.short}"
        parts.append(f"expected range {mine.expected} ({span})")
    growth, count = _growth(queue), _count(queue)
    if count is not None:
        parts.append(f"{count:,} waiting")
    if queue and growth is not None:
        over = f"{queue.metric.unit.show_change(growth)} on the mean of the {_WEEKS} before"
        parts[-1] += f", {over}"
    return " · ".join(parts)


def _minus(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before
