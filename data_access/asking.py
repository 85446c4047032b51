"""From a question to values: what was counted, what is withheld, which periods are there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from data_access.answers import Raw, after_data, answer, before_data, withheld
from data_access.compile import query, recorded_query
from data_access.extracts import EXTRACTS
from data_access.freshness import reached
from data_access.marts import Mart, mart
from data_access.question import Question, batch_key, parts
from data_access.snapshots import Snapshot
from metrics.errors import UnknownDimensionError
from metrics.model import Kind, Metric
from metrics.periods import Grain, Period
from metrics.scope import DIMENSIONS, Scope
from metrics.value import Value

_EVENTS = (Kind.COUNT, Kind.DISTINCT)  # of a span of time, unlike a level


@dataclass(frozen=True)
class _Known:
    """Of which days a mart's sources speak.

    Attributes:
        first_on: the first day with data.
        reached: source → the last day, see `freshness.reached`.
    """

    first_on: date | None
    reached: dict[str, date]

    def last_on(self, question: Question, segment: str) -> date | None:
        """The last day that any source speaks of that can be behind a segment."""
        chosen = dict(question.scope.filters).get("source")
        if question.by == "source":
            chosen = (segment,)
        days = [day for name, day in self.reached.items() if not chosen or name in chosen]
        return max(days, default=None)


def answers(
    snapshot: Snapshot,
    metrics: Iterable[Metric],
    scope: Scope,
    today: date,
    *,
    by: str | None = None,
    grain: Grain | None = None,
) -> dict[str, tuple[Value, ...]]:
    """Metric name → its values by segment and period; those known already are not asked again.

    Raises:
        UnknownDimensionError: a metric's mart lacks `by`.
    """
    found: dict[str, tuple[Value, ...]] = {}
    batches: dict[tuple[str, ...], list[Metric]] = {}
    for metric in metrics:
        known: Any = snapshot.recall(("answer", metric, scope, by, grain, today))
        if known is not None:
            found[metric.name] = known
        else:
            batches.setdefault(batch_key(metric, scope, by), []).append(metric)
    for batch in batches.values():
        question = Question(tuple(batch), scope, today, by, grain)
        for metric, values in _ask(snapshot, question).items():
            key = ("answer", metric, scope, by, grain, today)
            found[metric.name] = snapshot.remember(key, values)
    return found


def lacking(metric: Metric, scope: Scope) -> str:
    """Why the metric has no value under these filters; "" when its rows have all of them."""
    asked = mart(metric.source)
    for name, _ in scope.filters:
        if name not in asked.dimensions:
            return asked.lacks(name)
        if name in metric.not_by:
            return without(metric, name)
    return ""


def without(metric: Metric, name: str) -> str:
    """The sentence that says the metric makes no sense by a dimension."""
    return f"{metric.label} says nothing by {DIMENSIONS[name][0].lower()}."


def _ask(snapshot: Snapshot, question: Question) -> dict[Metric, tuple[Value, ...]]:
    if question.by is not None:
        _check_split(question)
    first_on = snapshot.days[question.mart.name][0]
    periods = [p for p in question.periods if first_on is None or p.until > first_on]
    why = lacking(question.metrics[0], question.scope) or _nothing_at_all(snapshot, question.mart)
    if not why and not periods and first_on is not None and question.grain is None:
        why = before_data(first_on)
    if why or not periods:
        return {metric: _withheld(metric, question, first_on, why) for metric in question.metrics}
    counted = snapshot.fetch(query(question))
    known = _Known(first_on, reached(snapshot, question.mart.fed_by, question.today))
    found = {
        metric: _values(metric, question, periods, known, _raws(metric, question, counted))
        for metric in question.metrics
    }
    return {metric: _recorded(snapshot, question, metric, found[metric]) for metric in found}


def _check_split(question: Question) -> None:
    """Pass when every metric can be split so.

    Raises:
        UnknownDimensionError: one cannot.
    """
    by = question.by or ""
    question.mart.check_dimension(by)
    for metric in question.metrics:
        if by in metric.not_by:
            raise UnknownDimensionError(
                without(metric, by),
                choices=[name for name in question.mart.dimensions if name not in metric.not_by],
            )


def _recorded(
    snapshot: Snapshot, question: Question, metric: Metric, values: tuple[Value, ...]
) -> tuple[Value, ...]:
    """The values, without those of sources that do not record what the metric counts."""
    if not metric.recorded_where:
        return values
    asked = replace(question, metrics=(metric,), grain=None)
    rows = snapshot.remembered(
        ("recorded", metric, asked.scope.filters, asked.by),
        lambda: snapshot.fetch(recorded_query(asked)),
    )
    have = {segment for (segment,) in rows}
    if question.by is not None:
        return tuple(value for value in values if value.segment in have)
    if have:
        return values
    return tuple(
        withheld(metric, value.period, metric.not_recorded, is_partial=value.is_partial)
        for value in values
    )


def _nothing_at_all(snapshot: Snapshot, asked: Mart) -> str:
    if snapshot.days[asked.name][0] is not None:
        return ""
    labels = " or ".join(EXTRACTS[name].label.lower() for name in sorted(asked.fed_by))
    return f"No {labels} has been uploaded."


def _withheld(
    metric: Metric, question: Question, first_on: date | None, why: str
) -> tuple[Value, ...]:
    if question.by is not None or not why:
        return ()
    return tuple(
        withheld(metric, p, why, is_partial=_is_partial(p, question.today, first_on))
        for p in question.periods
    )


def _is_partial(period: Period, today: date, first_on: date | None) -> bool:
    return period.until > today or (first_on is not None and first_on > period.since)


def _raws(
    metric: Metric, question: Question, counted: Sequence[tuple[Any, ...]]
) -> dict[tuple[date, str], Raw]:
    """(period's first day, segment) → what was counted, from the rows of a query."""
    groups = len(question.groups)
    earlier = question.metrics[: question.metrics.index(metric)]
    start = groups + sum(len(parts(each)) for each in earlier)
    names = parts(metric)
    found: dict[tuple[date, str], Raw] = {}
    for row in counted:
        since = row[0] if question.grain is not None else question.scope.period.since
        segment = row[groups - 1] if question.by is not None else ""
        found[since, segment] = _raw(names, row[start : start + len(names)])
    return found


def _raw(names: tuple[str, ...], cells: Sequence[Any]) -> Raw:
    named = dict(zip(names, cells, strict=True))
    n = int(named.pop("n") or 0)
    return Raw(n=n, **{k: None if cell is None else float(cell) for k, cell in named.items()})


def _values(
    metric: Metric,
    question: Question,
    periods: Sequence[Period],
    known: _Known,
    raws: dict[tuple[date, str], Raw],
) -> tuple[Value, ...]:
    found, nothing = [], Raw()
    for period, segment in _wanted(question, periods, raws):
        raw = raws.get((period.since, segment), nothing)
        is_partial = _is_partial(period, question.today, known.first_on)
        why = "" if raw.n else _nothing_known(metric, period, known.last_on(question, segment))
        found.append(
            withheld(metric, period, why, segment=segment, is_partial=is_partial)
            if why
            else answer(metric, period, raw, segment=segment, is_partial=is_partial)
        )
    return tuple(found)


def _nothing_known(metric: Metric, period: Period, last_on: date | None) -> str:
    """Why a count of nothing is no 0: its period begins after the data end; else ""."""
    if metric.kind not in _EVENTS or last_on is None or period.since <= last_on:
        return ""
    return after_data(last_on)


def _wanted(
    question: Question, periods: Sequence[Period], raws: dict[tuple[date, str], Raw]
) -> list[tuple[Period, str]]:
    """Which (period, segment) the answer has, in order."""
    if question.by is None:
        return [(period, "") for period in periods]
    if question.grain is None:
        sizes = sorted((-raw.n, segment) for (_, segment), raw in raws.items())
        return [(periods[0], segment) for _, segment in sizes]
    starts: dict[str, date] = {}
    for since, segment in raws:
        starts[segment] = min(since, starts.get(segment, since))
    return [
        (period, segment)
        for segment in sorted(starts)
        for period in periods
        if period.since >= starts[segment]
    ]
