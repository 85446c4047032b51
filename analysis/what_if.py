"""What turnaround would have been, had a stage's queue been as short as in its better weeks."""

from __future__ import annotations

from datetime import timedelta
from math import sqrt
from typing import TYPE_CHECKING, Any

from analysis.flags import last_week
from analysis.model import WhatIf
from analysis.spc import MIN_PERIODS
from data_access.answers import t_95
from metrics.flow import QUEUE_TIME
from metrics.periods import Period
from metrics.scope import Scope
from metrics.units import HOURS

if TYPE_CHECKING:
    from data_access.store import Store

_WEEKS = 13
_FEWEST_ITEMS = 30  # for an interval of the mean


def what_if(store: Store, scope: Scope, stage: str) -> WhatIf | None:
    """Turnaround of the scope's last complete week with a shorter queue at one stage.

    Every queue of the stage is taken times (target / now): now is the median queue of its visits
    by the items completed in that week, target the 25th percentile of the weekly medians of the
    last 13 complete weeks, that week included. Each item's turnaround shortens by what its own
    visits to the stage then wait less; mean and median are worked out again from the items, in the
    database (sql/statistics/shorter_queue.sql). All else equal: work that is done sooner here may
    wait longer at the next stage.

    The interval of the mean is Student's, over the items; it holds the luck of which items were
    completed and takes the target for given.

    Returns:
        None when no queue is recorded, or in fewer than 12 of the 13 weeks.
    """
    week = last_week(scope.period, store.today)
    window = Period(week.until - timedelta(weeks=_WEEKS), week.until)
    if any(name not in store.dimensions(QUEUE_TIME) for name, _ in scope.filters):
        return None
    answered = store.statistic("shorter_queue", QUEUE_TIME, scope.during(window), by="stage")
    found = {row["segment"]: row for row in answered if row["weeks"] >= MIN_PERIODS}
    has_week = store.value(QUEUE_TIME, scope.during(week)).n > 0
    return _told(found[stage], stage, week) if stage in found and has_week else None


def _told(row: dict[str, Any], stage: str, week: Period) -> WhatIf:
    low = high = None
    if row["n"] >= _FEWEST_ITEMS:
        half = t_95(row["n"] - 1) * row["spread"] / sqrt(row["n"])
        low, high = row["mean_after"] - half, row["mean_after"] + half
    return WhatIf(
        stage=stage,
        median_now=row["median_now"],
        median_target=row["median_target"],
        mean_before=row["mean_before"],
        mean_after=row["mean_after"],
        low=low,
        high=high,
        median_before=row["median_before"],
        median_after=row["median_after"],
        sentence=_sentence(row, stage, week, low, high),
    )


def _sentence(
    row: dict[str, Any], stage: str, week: Period, low: float | None, high: float | None
) -> str:
    now, target = HOURS.show(row["median_now"]), HOURS.show(row["median_target"])
    if row["median_target"] >= row["median_now"] or now == target:
        return (
            f"{stage} waited no longer than in its better weeks in {week.short} (median {now}; "
            f"25th percentile of {_WEEKS} weeks {target})."
        )
    sure = ""
    if low is not None and high is not None:
        sure = f" (95% interval {HOURS.show_range(low, high)})"
    return (
        f"Had {stage} waited a median of {target}, as in its better weeks, instead of {now}, mean "
        f"turnaround in {week.short} would have been about {HOURS.show(row['mean_after'])} instead "
        f"of {HOURS.show(row['mean_before'])}{sure} and the median "
        f"{HOURS.show(row['median_after'])} instead of {HOURS.show(row['median_before'])}, all "
        "else equal."
    )
