"""Open work against the history of its stage: how long it has been there, how long visits last.

Vacanti, Actionable Agile Metrics for Predictability (2015), chapter 8. Ages are of visits that
still last, so they are no sample of finished visits: on a Monday morning nearly all of them have
waited over a weekend. A stage is therefore flagged by its own past alone: when the number of its
open visits that are older than 95% of the finished ones were is beyond routine, against the same
moment of the 26 weeks before (the rules of `analysis.spc`; at least 12 of them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from analysis.assess import judge
from analysis.flow.diagram import ALL_VISITS, OPEN_VISITS
from analysis.flow.model import Ages, OpenVisit, StageAges
from analysis.flow.window import moment_of, so_far, weeks_before
from analysis.model import Signal
from analysis.spc import MIN_PERIODS
from data_access.asking import lacking
from metrics.flow import STAGE_EVENTS
from metrics.model import Better, Metric
from metrics.periods import Period, period_of
from metrics.scope import Scope
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store

WEEKS = 26
FEWEST = 20  # finished visits, for percentiles up to the 95th
_MOST_POINTS = 2_000
_UNKNOWN_WEEKS = 2  # after the data begin: what was open then is not in them
_VERY_OLD = replace(
    OPEN_VISITS,
    name="visits_open_very_old",
    label="Open stage visits beyond the 95th percentile",
    better=Better.LOWER,
)


def ages(store: Store, scope: Scope, order: Sequence[str]) -> Ages | None:
    """Open visits at the period's end (or now); None where filters do not apply to visits."""
    if lacking(OPEN_VISITS, scope):
        return None
    until = min(scope.period.until, store.today + timedelta(days=1))
    moment, since = moment_of(store, until), scope.period.since
    window = Period(since - timedelta(weeks=WEEKS), since)
    past = {row["stage"]: row for row in _finished(store, scope, window)}
    known = {stage: row for stage, row in past.items() if row["n"] >= FEWEST}
    rows = store.statistic(
        "stage_ages",
        OPEN_VISITS,
        scope,
        moment=moment,
        most=_MOST_POINTS // max(1, len(past) or 10),
        stages=list(known),
        p50=[float(row["hours"][0]) for row in known.values()],
        p85=[float(row["hours"][1]) for row in known.values()],
        p95=[float(row["hours"][2]) for row in known.values()],
    )
    place = {stage: number for number, stage in enumerate(order)}
    names = sorted({row["stage"] for row in rows}, key=lambda name: (place.get(name, 999), name))
    found = [
        _stage(name, [r for r in rows if r["stage"] == name], past.get(name)) for name in names
    ]
    return Ages(moment, window, _flagged(store, scope, found, until, moment))


def _finished(store: Store, scope: Scope, window: Period) -> list[dict[str, Any]]:
    return store.statistic("stage_history", STAGE_EVENTS, scope.during(window))


def _stage(
    name: str, rows: Sequence[Mapping[str, Any]], past: Mapping[str, Any] | None
) -> StageAges:
    n = past["n"] if past else 0
    has_history = past is not None and n >= FEWEST
    first = rows[0]
    return StageAges(
        stage=name,
        n=first["n"],
        oldest=tuple(_visit(row) for row in rows),
        history=n,
        hours=_three(past["hours"]) if past and has_history else None,
        beyond=(first["beyond_p50"], first["beyond_p85"], first["beyond_p95"])
        if has_history
        else None,
    )


def _three(hours: Sequence[Any]) -> tuple[float, float, float]:
    low, high, top = (float(value) for value in hours)
    return low, high, top


def _visit(row: Mapping[str, Any]) -> OpenVisit:
    return OpenVisit(
        stage=row["stage"],
        item=row["item_id"],
        source=row["source"],
        dataset=row["dataset"],
        team=row["team"],
        assignee=row["assignee"],
        entered_at=row["entered_at"],
        is_waiting=bool(row["is_waiting"]),
        age_hours=float(row["age_hours"]),
    )


def _flagged(
    store: Store, scope: Scope, stages: Sequence[StageAges], until: date, moment: datetime
) -> tuple[StageAges, ...]:
    """The stages with those flagged that have more very old visits than is routine there."""
    asked, limits = so_far(store, scope, ALL_VISITS), _limits(stages)
    if asked is None or not limits:
        return tuple(stages)
    first = asked.period.since + timedelta(weeks=_UNKNOWN_WEEKS)
    weeks = [n for n in range(WEEKS, 0, -1) if until - timedelta(weeks=n) >= first]
    moments = [weeks_before(store, moment, n) for n in weeks]
    rows = store.statistic(
        "stage_late",
        ALL_VISITS,
        asked,
        moments=moments,
        stages=list(limits),
        hours=list(limits.values()),
        zone=store.settings.reporting_zone,
    )
    counts = {(row["stage"], row["moment"]): row["visits"] for row in rows}
    found = []
    for stage in stages:
        past = [counts.get((stage.stage, then), 0) for then in moments]
        found.append(_judged(scope, stage, past, until))
    return tuple(found)


def _limits(stages: Sequence[StageAges]) -> dict[str, float]:
    return {stage.stage: stage.hours[2] for stage in stages if stage.hours}


def _judged(scope: Scope, stage: StageAges, past: Sequence[int], until: date) -> StageAges:
    if stage.beyond is None or len(past) < MIN_PERIODS:
        return stage
    counts = [*past, stage.beyond[2]]
    last = period_of(until - timedelta(days=1), "week").since
    values = tuple(
        Value(
            _VERY_OLD,
            Period(last - timedelta(weeks=ago), last - timedelta(weeks=ago - 1)),
            stage.stage,
            float(count),
            count,
        )
        for ago, count in zip(range(len(counts) - 1, -1, -1), counts, strict=True)
    )
    now = values[-1]
    told = judge(scope.during(now.period).where(stage=stage.stage), now, now, values)
    is_flagged = told.signal is Signal.WORSENING
    return replace(stage, is_flagged=is_flagged, expected=told.expected, rule=told.rule)


def late_visits(found: Ages, stage: StageAges) -> Metric:
    """The open visits of a stage that are older than 85% of its finished ones were, as a metric."""
    if stage.hours is None:
        return OPEN_VISITS
    before = found.moment - timedelta(hours=stage.hours[1])
    return replace(
        OPEN_VISITS,
        name="visits_open_late",
        label="Open stage visits beyond the 85th percentile",
        definition=(
            f"{OPEN_VISITS.definition} Only those that had lasted longer than 85% of the visits "
            f"to the same stage that finished in the {WEEKS} weeks before the period."
        ),
        where=f"{OPEN_VISITS.where} and entered_at < {{before}}",
        given=(("before", before),),
    )
