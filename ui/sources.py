"""Where the numbers come from: each kind of extract with its age and its rows."""

from __future__ import annotations

from datetime import datetime, time

import streamlit as st

from metrics.periods import show_date
from ui.text import count_of, md_escape
from ui.view import View


def freshness(view: View) -> None:
    """One entry per source: fresh, stale or missing, how new, how many rows."""
    states = view.store.sources()
    with st.grid(6, min_column_width=150, gap="small"):
        for state in states:
            if state.is_missing:
                face, line = ":gray-badge[○ Missing]", "never uploaded"
            else:
                face = ":red-badge[■ Stale]" if state.is_stale else ":green-badge[● Fresh]"
                line = f"{when(state.newest_at)} \N{MIDDLE DOT} {state.rows:,} rows"
            st.markdown(f"**{md_escape(state.label)}** {face}  \n:small[:gray[{line}]]")


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
