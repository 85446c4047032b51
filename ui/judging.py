"""Judgements of the view: each measure, the findings and the banner, worked out once."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.assess import assess
from analysis.model import Assessment, Finding, Overview
from analysis.overview import overview
from analysis.scan import SCAN_METRICS, scan
from metrics.model import Metric
from metrics.scope import Scope
from ui.memo import remember
from ui.view import View


def assessments(
    view: View, metrics: Sequence[Metric], *, scope: Scope | None = None
) -> tuple[Assessment, ...]:
    """The measures judged in the window of the view, against the window compared with."""
    about, versus = scope or view.scope, view.comparison.then
    key = (*view.key, "assess", tuple(metrics), about, versus)
    return remember(key, lambda: assess(view.store, tuple(metrics), about, versus=versus))


def in_brief(view: View, metrics: Sequence[Metric]) -> Overview:
    """The answer of the period in a few sentences."""
    key = (*view.key, "overview", tuple(metrics), view.scope, view.comparison.then)
    judged = assessments(view, metrics)
    return remember(key, lambda: overview(view.store, judged, scope=view.scope))


def slices(view: View, *, family: str = "") -> tuple[Finding, ...]:
    """The stages, datasets, people and batches that are out of line, loudest first.

    Args:
        view: window and filters; the last complete week in it is looked at.
        family: only measures of this family; "" for all.
    """
    found = remember(
        (*view.key, "slices", view.scope), lambda: scan(view.store, SCAN_METRICS, view.scope)
    )
    return tuple(one for one in found if not family or one.metric.family == family)
