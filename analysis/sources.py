"""How fresh and complete the data behind a number are, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from analysis.words import some
from data_access.marts import mart
from metrics.model import Kind, Metric
from metrics.periods import Period, show_date
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import SourceState


@dataclass(frozen=True)
class Coverage:
    """Whether a metric's source reaches into a period.

    Attributes:
        is_missing: never uploaded, or it ends before the period: no row can have happened in it.
        is_stale: every source is overdue and ends inside the period.
        has_stale_source: at least one source is.
        why: for either, as it follows a colon: "the work log ends on 8 Nov 2026".
    """

    is_missing: bool = False
    is_stale: bool = False
    has_stale_source: bool = False
    why: str = ""


def coverage(sources: Sequence[SourceState], metric: Metric, scope: Scope) -> Coverage:
    """How far the sources of a metric reach into the scope's period.

    A stock, and a count of nothing, are known up to the newest upload; a rate or a mean needs rows.
    A source that is overdue at the clock does not spoil a period it covered to the last day.
    """
    chosen = dict(scope.filters).get("source")
    fed = [state for state in sources if state.extract in mart(metric.source).extracts]
    here = [state for state in fed if not chosen or state.source in chosen or state.is_missing]
    arrived = [state for state in here if not state.is_missing and state.newest_on is not None]
    if not arrived:
        label = here[0].label.lower() if here else "extract"
        return Coverage(is_missing=True, why=f"no {label} has been uploaded") if fed else Coverage()
    is_known_empty = metric.is_stock or metric.kind in (Kind.COUNT, Kind.DISTINCT)

    def ends_on(state: SourceState) -> date:
        return (state.reaches_on if is_known_empty else state.newest_on) or date.min

    newest = max(arrived, key=ends_on)
    ends = ends_on(newest)
    if ends < scope.period.since:
        return Coverage(
            is_missing=True, why=f"the {newest.label.lower()} ends on {show_date(ends)}"
        )
    late = [state for state in arrived if _is_overdue(state, scope.period)]
    is_stale = len(late) == len(arrived)
    why = f"the {newest.label.lower()} {age_in_words(newest)}" if is_stale else ""
    return Coverage(is_stale=is_stale, has_stale_source=bool(late), why=why)


def _is_overdue(state: SourceState, period: Period) -> bool:
    return state.is_stale and state.newest_on is not None and state.newest_on < period.last_day


def age_in_words(state: SourceState) -> str:
    """A source's age: "is 12 days old"."""
    return f"is {some(state.age_days or 0, 'days')} old"
