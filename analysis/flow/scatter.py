"""Completed items by day and turnaround, with the times within which most of them are done.

Vacanti, Actionable Agile Metrics for Predictability (2015), chapter 10. The percentile lines say
what was usual in the window; they promise nothing when the process changed inside it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analysis.flow.model import Scatter, Spot
from data_access.asking import lacking
from metrics.flow import ITEMS_COMPLETED, TURNAROUND_P50, TURNAROUND_P85, TURNAROUND_P95
from metrics.periods import Period
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import Store

LINES = (TURNAROUND_P50, TURNAROUND_P85, TURNAROUND_P95)
_COLUMNS = 90  # with 12 cells each and 900 points: at most 1,980 marks


def scatter(store: Store, scope: Scope, span: Period) -> Scatter | None:
    """The items completed in a span; None where the filters do not apply to items."""
    if lacking(ITEMS_COMPLETED, scope):
        return None
    here = scope.during(span)
    rows = store.statistic("turnaround_points", ITEMS_COMPLETED, here)
    asked = store.values((ITEMS_COMPLETED, *LINES), here)
    spots = [
        Spot(
            row["completed_on"],
            row["hours"] if row["cell"] is None else (row["cell"] + 0.5) * row["step"],
            row["items"],
            row["step"] or 0.0,
            row["item_id"] or "",
            row["source"] or "",
            row["dataset"] or "",
        )
        for row in rows
    ]
    lines = tuple(asked[line.name] for line in LINES)
    is_dense = any(not spot.item for spot in spots)
    excluded = asked[ITEMS_COMPLETED.name].n - lines[0].n
    return Scatter(span, _merged(spots, span), lines, is_dense, excluded)


def _merged(spots: list[Spot], span: Period) -> tuple[Spot, ...]:
    """Cells of neighboring days put together where a long span has more days than columns."""
    width = -(-span.days // _COLUMNS)
    if width <= 1:
        return tuple(spots)
    cells: defaultdict[tuple[date, float], list[Spot]] = defaultdict(list)
    for spot in spots:
        if not spot.item:
            first = (spot.day - span.since).days // width * width
            cells[span.since + timedelta(days=first), spot.hours].append(spot)
    merged = [
        replace(found[0], day=day, items=sum(spot.items for spot in found))
        for (day, _), found in sorted(cells.items())
    ]
    return (*merged, *(spot for spot in spots if spot.item))
