"""The cumulative flow diagram: items by stage at the end of each day.

Reinertsen, Managing the Development Process (1997), and Anderson, Kanban (2010). The upper edge is
what came in, the upper edge of "Done" what was completed; the height between them is work in
progress. Read across, the distance is about the time through; that holds when items leave about in
the order in which they came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analysis.flow.model import BETWEEN, DONE, OTHER, Diagram
from analysis.flow.window import so_far
from data_access.asking import lacking
from metrics.flow import NET_FLOW, STAGE_EVENTS, VISITS_ENTERED
from metrics.model import Kind, Metric
from metrics.periods import Period
from metrics.scope import Scope
from metrics.units import COUNT

if TYPE_CHECKING:
    from data_access.store import Store

_MOST_STAGES = 5  # with Done, Between stages and Other stages: 8 bands
_NEGLIGIBLE = 0.02  # of work in progress: a band that nobody could see
MOVES = ("entered", "completed", "vanished")

OPEN_VISITS = Metric(
    name="visits_open",
    label="Open stage visits",
    definition=(
        "Visits to a stage that had been entered and were not finished at the last instant of the "
        "period, of items not complete. A visit with an impossible finish, before its own "
        "beginning, is left out. Sources of closed cases only hold no open work and are left out."
    ),
    source="visits",
    at="entered_on",
    left_at="stage_left_on",
    kind=Kind.LEVEL,
    where="not is_closed_case_source and not has_bad_finish",
    value_sql="count(*)",
    n_of="visits",
    unit=COUNT,
    better=STAGE_EVENTS.better,
    owner="Operations lead",
    family="flow",
    is_plural=True,
)
ALL_VISITS = replace(
    VISITS_ENTERED, name="visits_entered_of_open_work", where="not is_closed_case_source"
)
ORDERED = Metric(
    name="visits_of_completed_items",
    label="Stage visits of items completed",
    definition="Visits to stages of the items completed in the period.",
    source="visits",
    at="item_completed_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    n_of="visits",
    unit=COUNT,
    better=STAGE_EVENTS.better,
    owner="Operations lead",
    family="flow",
    is_plural=True,
)


@dataclass(frozen=True)
class Days:
    """Items that came and went on each day up to the period's end.

    Attributes:
        rows: of the statistic `flow_days`.
    """

    rows: Sequence[Mapping[str, Any]]

    def counts(self, move: str, span: Period) -> tuple[int, ...]:
        """Items on each day of a span."""
        found = {row["day"]: row["items"] for row in self.rows if row["move"] == move}
        return tuple(found.get(day, 0) for day in days_of(span))

    def before(self, day: date) -> int:
        """Items in progress just before a day begins."""
        return sum(
            row["items"] * (1 if row["move"] == "entered" else -1)
            for row in self.rows
            if row["day"] < day
        )


def days_of(span: Period) -> tuple[date, ...]:
    """Every day of a span."""
    return tuple(span.since + timedelta(days=number) for number in range(span.days))


def days(store: Store, scope: Scope) -> Days:
    """What came and went up to the period's end; nothing where filters do not apply to items."""
    asked = so_far(store, scope, NET_FLOW)
    if asked is None or lacking(NET_FLOW, scope):
        return Days(())
    return Days(store.statistic("flow_days", NET_FLOW, asked))


def stage_order(store: Store, scope: Scope, span: Period) -> tuple[str, ...]:
    """The stages of the items completed in a span, in the order of the process."""
    rows = store.statistic("stage_order", ORDERED, scope.during(span))
    return tuple(row["stage"] for row in rows)


def diagram(store: Store, scope: Scope, span: Period, moves: Days, order: Sequence[str]) -> Diagram:
    """The diagram of a span."""
    before = moves.before(span.since)
    entered, completed, vanished = (moves.counts(move, span) for move in MOVES)
    steps = [a - b - c for a, b, c in zip(entered, completed, vanished, strict=True)]
    in_progress = running(steps, before)
    asked = so_far(store, scope, ALL_VISITS)
    rows = store.statistic("stage_days", ALL_VISITS, asked) if asked else []
    stages = _stages(rows, span)
    inside = [sum(counts) for counts in zip(*stages.values(), strict=True)] or [0] * span.days
    between = [max(0, whole - part) for whole, part in zip(in_progress, inside, strict=True)]
    bands = [(DONE, running(completed, 0)), *_drawn(stages, order)]
    if max(between) > _NEGLIGIBLE * max(in_progress) and not scope.filters:
        bands.append((BETWEEN, tuple(between)))
    return Diagram(
        span=span,
        days=days_of(span),
        bands=tuple(bands),
        in_progress=in_progress,
        before=before,
        entered=entered,
        completed=completed,
        vanished=vanished,
        notes=_notes(rows, inside, in_progress, scope),
    )


def running(steps: Sequence[int], start: int) -> tuple[int, ...]:
    """The sums so far."""
    found, level = [], start
    for step in steps:
        level += step
        found.append(level)
    return tuple(found)


def _stages(rows: Sequence[Mapping[str, Any]], span: Period) -> dict[str, tuple[int, ...]]:
    """Stage → open visits at the end of each day; stages that are empty all along left out."""
    starts: dict[str, int] = {}
    steps: dict[str, dict[date, int]] = {}
    for row in rows:
        step, stage = row["entered"] - row["ended"], row["stage"]
        if row["day"] < span.since:
            starts[stage] = starts.get(stage, 0) + step
        else:
            steps.setdefault(stage, {})[row["day"]] = step
    found = {
        stage: running(
            [steps.get(stage, {}).get(day, 0) for day in days_of(span)], starts.get(stage, 0)
        )
        for stage in {**starts, **steps}
    }
    return {stage: counts for stage, counts in found.items() if any(counts)}


def _drawn(
    stages: Mapping[str, tuple[int, ...]], order: Sequence[str]
) -> list[tuple[str, tuple[int, ...]]]:
    """The largest stages, the last of the process first, then the others together."""
    largest = sorted(stages, key=lambda stage: (-sum(stages[stage]), stage))
    most = _MOST_STAGES if len(largest) > _MOST_STAGES + 1 else _MOST_STAGES + 1
    place = {stage: number for number, stage in enumerate(order)}
    kept = sorted(largest[:most], key=lambda stage: (-place.get(stage, -1), stage))
    bands = [(stage, stages[stage]) for stage in kept]
    others = [stages[stage] for stage in largest[most:]]
    if others:
        bands.append((OTHER, tuple(map(sum, zip(*others, strict=True)))))
    return bands


def _notes(
    rows: Sequence[Mapping[str, Any]],
    inside: Sequence[int],
    in_progress: Sequence[int],
    scope: Scope,
) -> tuple[str, ...]:
    notes = []
    impossible = sum(row["impossible"] for row in rows)
    if impossible:
        what = "visit that ends" if impossible == 1 else "visits that end"
        it = "it begins" if impossible == 1 else "they begin"
        notes.append(f"{impossible:,} {what} before {it}: left out of the bands.")
    if any(part > whole for part, whole in zip(inside, in_progress, strict=True)):
        if scope.filters:
            notes.append("The filters choose visits and items each by their own team and dataset.")
        else:
            notes.append("An item in two stages at once is in both bands.")
    return tuple(notes)
