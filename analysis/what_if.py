"""What turnaround would have been, had a stage's queue been as short as in its better weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import sqrt
from typing import TYPE_CHECKING, Any

from analysis.flags import last_week
from analysis.model import WhatIf
from analysis.spc import MIN_PERIODS
from data_access.answers import t_95
from data_access.asking import lacking
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

    The interval of the mean is Student's, over the items. That of the median is between two of the
    items in order (Conover, Practical Nonparametric Statistics, 3.2), which is where a bootstrap
    over items ends when its draws are without number (Efron, Annals of Statistics 7:1, 1979). Both
    hold the luck of which items were completed and take the target for given.

    Returns:
        None when no queue is recorded, or in fewer than 12 of the 13 weeks.
    """
    week = last_week(scope.period, store.today)
    window = Period(week.until - timedelta(weeks=_WEEKS), week.until)
    if lacking(QUEUE_TIME, scope):
        return None
    answered = store.statistic("shorter_queue", QUEUE_TIME, scope.during(window), by="stage")
    found = {row["segment"]: row for row in answered if row["weeks"] >= MIN_PERIODS}
    has_week = store.value(QUEUE_TIME, scope.during(week)).n > 0
    return _told(found[stage], stage, week) if stage in found and has_week else None


def _told(row: dict[str, Any], stage: str, week: Period) -> WhatIf:
    mean: tuple[float | None, float | None] = (None, None)
    median = mean
    if row["n"] >= _FEWEST_ITEMS:
        half = t_95(row["n"] - 1) * row["spread"] / sqrt(row["n"])
        mean = (row["mean_after"] - half, row["mean_after"] + half)
        median = (float(row["median_low"]), float(row["median_high"]))
    found = WhatIf(
        stage=stage,
        median_now=row["median_now"],
        median_target=row["median_target"],
        mean_before=row["mean_before"],
        mean_after=row["mean_after"],
        low=mean[0],
        high=mean[1],
        median_before=row["median_before"],
        median_after=row["median_after"],
        median_low=median[0],
        median_high=median[1],
        n=row["n"],
        sentence="",
    )
    return replace(found, sentence=_sentence(found, week))


def too_few(stage: str) -> str:
    """Why there is no what-if of a stage, in a sentence."""
    return (
        f"What a shorter queue in {stage} would bring cannot be told: its waits are known for "
        f"fewer than {MIN_PERIODS} of {_WEEKS} weeks, or none were completed in the last one."
    )


def _sentence(found: WhatIf, week: Period) -> str:
    now, target = HOURS.show(found.median_now), HOURS.show(found.median_target)
    if found.median_target >= found.median_now or now == target:
        return (
            f"{found.stage} waited no longer than in its better weeks in {week.short} (median "
            f"{now}; 25th percentile of {_WEEKS} weeks {target})."
        )
    few = "" if found.n >= _FEWEST_ITEMS else f" {found.n} items are too few for an interval."
    return (
        f"Had {found.stage} waited a median of {target}, as in the best quarter of its {_WEEKS} "
        f"weeks, instead of {now}, median turnaround in {week.short} would have been about "
        f"{HOURS.show(found.median_after)}{_interval(found.median_low, found.median_high)} instead "
        f"of {HOURS.show(found.median_before)} and the mean {HOURS.show(found.mean_after)}"
        f"{_interval(found.low, found.high)} instead of {HOURS.show(found.mean_before)}, all else "
        f"equal (n = {found.n:,} items).{few}"
    )


def _interval(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return f" (95% interval {HOURS.show_range(low, high)})"
