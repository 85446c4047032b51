"""Little's law: average work in progress = throughput × average time through.

J. D. C. Little, "A Proof for the Queuing Formula: L = λW", Operations Research 9 (1961), 383, and
"Little's Law as Viewed on Its 50th Anniversary", Operations Research 59 (2011), 536. Over a window
that begins and ends with work in progress it holds nearly, when that work is little against what
goes through. It breaks when work in progress grows or shrinks, when many items came before the
window, when items vanish or are not recorded as open.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from analysis.flow.diagram import Days, days_of
from analysis.flow.model import Diagram, Little
from analysis.flow.window import moment_of
from metrics.flow import ITEMS_COMPLETED, TURNAROUND_MEAN
from metrics.model import Metric
from metrics.scope import Scope
from metrics.units import round_half_up

if TYPE_CHECKING:
    from data_access.store import Store

_TENTH = 0.1
_FEWEST = 30
_MICRO = 1_000_000 * 3600
_OPEN_SOURCES = "not is_closed_case_source"


def little(store: Store, scope: Scope, drawn: Diagram, moves: Days) -> Little:
    """The law in the span of a diagram; withheld in words with fewer than 30 completed items."""
    span = drawn.span
    here = scope.during(span)
    hours = (moment_of(store, span.until) - moment_of(store, span.since)).total_seconds() / 3600
    asked = store.values((_open(TURNAROUND_MEAN), _completed_before(span.since)), here)
    mean, earlier = asked["turnaround_mean_of_open"], asked["completed_from_before"]
    average = _item_hours(store, drawn, moves) / hours
    completed = sum(drawn.completed)
    per_day = completed * 24 / hours
    if mean.value is None or mean.n < _FEWEST:
        told = (
            f"Too few items to hold the law against: {mean.n:,} completed in {span.dates}, "
            f"{_FEWEST} are needed."
        )
        return Little(span, average, per_day, None, None, False, mean.n, told)
    days = mean.value / 24
    ratio = average / (per_day * days) if per_day * days else None
    is_near = ratio is not None and abs(ratio - 1) <= _TENTH
    found = Little(span, average, per_day, days, ratio, is_near, mean.n, "")
    share = (earlier.value or 0.0) / completed if completed else 0.0
    return replace(found, sentence=_sentence(found, drawn, share))


def _open(metric: Metric) -> Metric:
    return replace(metric, name=f"{metric.name}_of_open", where=_OPEN_SOURCES)


def _completed_before(day: date) -> Metric:
    return replace(
        ITEMS_COMPLETED,
        name="completed_from_before",
        where=f"{_OPEN_SOURCES} and first_entered_on < {{day}}",
        given=(("day", day),),
    )


def _item_hours(store: Store, drawn: Diagram, moves: Days) -> float:
    """Hours that items spent in progress in the span, added up over the items."""
    span, total = drawn.span, 0.0
    end = moment_of(store, span.until)
    total += drawn.before * (end - moment_of(store, span.since)).total_seconds() / 3600
    inside = set(days_of(span))
    for row in moves.rows:
        if row["day"] in inside:
            start = moment_of(store, span.until) - _midnight(row["day"])
            left = row["items"] * start.total_seconds() / 3600 - row["microseconds"] / _MICRO
            total += left if row["move"] == "entered" else -left
    return total


def _midnight(day: date) -> datetime:
    """The UTC midnight from which the statistic counts."""
    return datetime.combine(day, time())


def _sentence(found: Little, drawn: Diagram, from_before: float) -> str:
    days, average = found.days or 0.0, found.in_progress or 0.0
    law = (
        f"{_some(average)} items in progress on average, against {_some(found.per_day)} completed "
        f"a day × {_some(days)} days through = {_some(found.per_day * days)}"
    )
    if found.is_consistent:
        return f"The numbers agree with each other: {law}."
    why = _reasons(drawn, average, from_before)
    told = f" {why}" if why else " Items may be missing at one end: check what the sources record."
    return f"The numbers do not agree within a tenth: {law}.{told}"


def _reasons(drawn: Diagram, average: float, from_before: float) -> str:
    found = []
    last = drawn.in_progress[-1]
    if abs(last - drawn.before) > _TENTH * average:
        way = "grew" if last > drawn.before else "shrank"
        found.append(f"work in progress {way} from {drawn.before:,} to {last:,}")
    if from_before > _TENTH:
        share = round_half_up(from_before * 100, 0)
        found.append(f"{share}% of the items completed had come in before the window")
    if sum(drawn.vanished):
        found.append(f"{sum(drawn.vanished):,} items vanished from their source")
    return f"What breaks the law here: {'; '.join(found)}." if found else ""


def _some(number: float) -> str:
    return f"{round_half_up(number, 0 if number >= 20 else 1):,}"
