"""Where the numbers come from: each kind of extract with its age and its rows."""

from __future__ import annotations

from datetime import datetime, time

import streamlit as st

from data_access.store import SourceState
from metrics.local_time import local
from metrics.periods import show_date
from ui.messages import quiet
from ui.text import count_of, dotted, md_escape
from ui.view import View


def freshness(view: View) -> None:
    """One entry per source: fresh, stale or missing, how new, how many rows."""
    zone = view.store.settings.reporting_zone
    with st.grid(6, min_column_width=150, gap="small"):
        for state in view.store.sources():
            st.markdown(
                f"**{md_escape(state.label)}** {_face(state)}  \n"
                + "  \n".join(f":small[:gray[{md_escape(line)}]]" for line in _lines(state, zone))
            )
    quiet(f"Times in {md_escape(zone)}.")


def _face(state: SourceState) -> str:
    if state.is_missing:
        return ":gray-badge[○ Missing]"
    return ":red-badge[■ Stale]" if state.is_stale else ":green-badge[● Fresh]"


def _lines(state: SourceState, zone: str) -> list[str]:
    if state.is_missing:
        return ["never uploaded"]
    return [state.source, dotted(_newest(state, zone), count_of(state.rows, "row"))]


def _newest(state: SourceState, zone: str) -> str:
    """The newest time in the zone; of a source that knows days alone, its day."""
    moment = state.newest_at
    if moment is None or (moment.time() == time() and moment.date() == state.newest_on):
        return when(moment)
    return when(local(moment, zone))


def summary(view: View) -> str:
    """How many sources are fresh, for the grey line under the title."""
    there = [state for state in view.store.sources() if not state.is_missing]
    fresh = sum(not state.is_stale for state in there)
    return f"{fresh} of {count_of(len(there), 'source')} fresh"


def when(moment: datetime | None) -> str:
    """A time as "22 Nov 2026, 23:40"; "no time recorded" for None."""
    if moment is None:
        return "no time recorded"
    day = show_date(moment.date())
    return day if moment.time() == time() else f"{day}, {moment:%H:%M}"
