"""Which slices deserve a look: the stage, dataset, team, person or batch that is out of line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.flags import flags, last_week
from analysis.groups import grouped
from analysis.late import late_batches
from analysis.model import Finding
from analysis.slice_words import tell_group
from analysis.sources import ends_early
from analysis.workload import overloaded
from metrics.delivery import DAYS_LATE
from metrics.flow import ITEMS_WAITING, QUEUE_TIME, STAGE_EVENTS, TURNAROUND_MEAN
from metrics.issues import ISSUES_OVERDUE
from metrics.model import Metric
from metrics.quality import FIRST_PASS_ACCEPTANCE, REJECTION_RATE, REVIEWS_DONE
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import Store

SCAN_METRICS: tuple[Metric, ...] = (
    TURNAROUND_MEAN, QUEUE_TIME, ITEMS_WAITING, FIRST_PASS_ACCEPTANCE, REJECTION_RATE,
    REVIEWS_DONE, ISSUES_OVERDUE, DAYS_LATE, STAGE_EVENTS,
)  # fmt: skip
SCAN_DIMENSIONS = ("stage", "project", "dataset", "team", "reviewer", "annotator", "assignee")
_NOT_BY_WEEK = (DAYS_LATE.name, STAGE_EVENTS.name)  # asked by batch, and within each stage


def scan(
    store: Store,
    metrics: Sequence[Metric],
    scope: Scope,
    dims: Sequence[str] = SCAN_DIMENSIONS,
) -> tuple[Finding, ...]:
    """The slices out of line in the scope's last complete week, loudest first.

    Every metric is looked at by every dimension it has, week by week (`analysis.flags`, with the
    arithmetic of its false alarms). `days_late` adds the batches that are overdue or later than
    any before; `stage_events` the people with far more visits than their peers at the same stage.
    Slices that show one and the same change are told once, by the one that shows it most clearly.
    No change is told of a week that the data cover in part.

    Args:
        store: where the numbers come from.
        metrics: what to look at; `SCAN_METRICS` unless there is a reason.
        scope: window and filters.
        dims: the dimensions to look along.
    """
    week = scope.during(last_week(scope.period, store.today))
    asked = {metric.name for metric in metrics}
    weekly = [
        metric
        for metric in metrics
        if metric.name not in _NOT_BY_WEEK and not ends_early(store, metric, week)
    ]
    groups = grouped(flags(store, weekly, week, dims).flagged)
    found = [tell_group(store, week, group) for group in groups]
    if STAGE_EVENTS.name in asked and "assignee" in dims:
        found = _with_workload(found, overloaded(store, week))
    if DAYS_LATE.name in asked:
        found += late_batches(store, week)
    return tuple(sorted(found, key=lambda finding: finding.severity.rank))


def _with_workload(found: list[Finding], heavy: Sequence[Finding]) -> list[Finding]:
    """The findings with people's share of a stage's visits: beside who is named, else its own."""
    by_person = {dict(each.segment)["assignee"]: each for each in heavy}
    people = {value: place for place, each in enumerate(found) for _, value in each.segment}
    for person, each in by_person.items():
        if person in people:
            told = found[people[person]]
            beside = each.sentence.removeprefix(f"{person} did ").rstrip(".")
            found[people[person]] = replace(told, evidence=f"{told.evidence} · {beside}")
    return found + [each for person, each in by_person.items() if person not in people]
