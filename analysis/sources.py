"""How fresh and complete the data behind a number are, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.words import some
from data_access.extracts import EXTRACTS
from data_access.marts import mart
from metrics.catalog import METRICS
from metrics.model import Kind, Metric
from metrics.periods import Period, elapsed_part, previous, show_date
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import SourceState, Store

_WEEKEND = timedelta(days=2)
_GAP_WEEKS = 8  # how far back the longest usual silence of a source is looked up


@dataclass(frozen=True)
class Coverage:
    """Whether a metric's source reaches into a period.

    Attributes:
        is_missing: never uploaded, or it ends before the period: no row can have happened in it.
        is_stale: every source is overdue and ends inside the period.
        has_stale_source: at least one source is.
        why: for either, as it follows a colon: "the work log ends on 8 Nov 2026".
        ends_early: see the function of that name.
    """

    is_missing: bool = False
    is_stale: bool = False
    has_stale_source: bool = False
    why: str = ""
    ends_early: str = ""


def coverage(sources: Sequence[SourceState], metric: Metric, scope: Scope) -> Coverage:
    """How far the sources of a metric reach into the scope's period.

    A stock, and a count of nothing, are known up to the newest upload; a rate or a mean needs rows.
    A source that is overdue at the clock does not spoil a period it covered to the last day, or
    to the Friday before a Sunday.
    """
    fed, here = _feeding(sources, metric, scope)
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


def ends_early(store: Store, metric: Metric, scope: Scope) -> str:
    """Why no change may be claimed, as it follows a colon: "the work log ends on 11 Nov 2026".

    A source that is overdue, or longer silent at the period's end than usual, leaves the period
    half covered: what looks like a fall is what has not come yet. "" when the sources speak to the
    end. One that has sent nothing for the period nor the one before is taken for given up, as long
    as another speaks.
    """
    _, here = _feeding(store.sources(), metric, scope)
    arrived = [state for state in here if state.newest_on is not None]
    quiet = [state for state in arrived if _is_quiet(store, state, scope.period)]
    if len(quiet) < len(arrived):
        since = previous(scope.period).since
        quiet = [state for state in quiet if (state.newest_on or since) >= since]
    if not quiet:
        return ""
    last = max(quiet, key=lambda state: state.newest_on or date.min)
    name = last.label.lower() + (f" ({last.source})" if len(arrived) > 1 else "")
    return f"the {name} ends on {show_date(last.newest_on or date.min)}"


def _feeding(
    sources: Sequence[SourceState], metric: Metric, scope: Scope
) -> tuple[list[SourceState], list[SourceState]]:
    """The sources of a metric's mart, and those of them that the filters choose."""
    chosen = dict(scope.filters).get("source")
    fed = [state for state in sources if state.extract in mart(metric.source).fed_by]
    return fed, [s for s in fed if not chosen or s.source in chosen or s.is_missing]


def _is_quiet(store: Store, state: SourceState, period: Period) -> bool:
    if state.newest_on is None or state.newest_on >= period.last_day:
        return False
    return state.is_stale or is_silent(store, state, period)


def is_silent(store: Store, state: SourceState, period: Period) -> bool:
    """Whether the silence at the period's end is longer than any in the 8 weeks before it.

    Weekends and holidays are silent too; only more than the source's usual is a gap.
    """
    counter = _event_counter(state.extract)
    if counter is None or state.newest_on is None:
        return False
    end = elapsed_part(period, store.today).until
    last = state.newest_on + timedelta(days=1)
    window = Period(last - timedelta(weeks=_GAP_WEEKS), last)
    frame = store.series(counter, Scope(window, (("source", (state.source,)),)), "day")
    busy = [day for day, rows in zip(frame["period"], frame["value"], strict=True) if rows]
    longest = max(((after - day).days - 1 for day, after in pairwise(busy)), default=0)
    return (end - state.newest_on).days - 1 > longest


def _event_counter(extract: str) -> Metric | None:
    """A metric that counts the extract's rows by the time that says how fresh it is."""
    times = EXTRACTS[extract].time_columns
    return next(
        (
            metric
            for metric in METRICS.values()
            if metric.kind is Kind.COUNT
            and mart(metric.source).fed_by == {extract}
            and f"{metric.at.removesuffix('_on')}_at" in times
        ),
        None,
    )


def _is_overdue(state: SourceState, period: Period) -> bool:
    """Whether it is overdue and ends inside the period; a weekend's rest is no end."""
    if not state.is_stale or state.newest_on is None:
        return False
    return state.newest_on + _WEEKEND < period.last_day


def age_in_words(state: SourceState) -> str:
    """A source's age: "is 12 days old"."""
    return f"is {some(state.age_days or 0, 'days')} old"
