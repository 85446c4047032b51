"""The head of every page: title, one grey line, and the friendly end when there are no data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.headline_set import KEY_METRICS
from analysis.model import Overview
from metrics.model import Metric
from metrics.periods import newest_week, show_date
from ui import filters, findings, guide_links, kpis, messages
from ui.text import md_escape
from ui.view import View, current

__all__ = [
    "KEY_METRICS",
    "data_until",
    "pairs",
    "heading",
    "organization",
    "overview",
    "split",
    "start",
    "start_without_data",
    "window",
]

Part = Callable[[View], str] | str


def start(*parts: Part, of: Metric | None = None) -> View | None:
    """Draw title and grey line; return the run's view, or None on an empty workspace.

    Args:
        parts: of the grey line: words, or functions of the view that give them.
        of: a measure of the rows that the page is about. When none of them lie in the days shown,
            the page says where they lie and leads there.
    """
    view = current()
    if view.is_empty:
        _head(view, ())
        messages.no_data()
        return None
    _head(view, parts)
    if of is not None:
        _lead_to_rows(view, of)
    return view


def start_without_data(*parts: Part) -> View:
    """Draw title and grey line of a page that needs no data; return the run's view."""
    return _head(current(), parts)


def _head(view: View, parts: tuple[Part, ...]) -> View:
    with st.container(gap=None):
        st.title(view.title, anchor=False)
        told = [part if isinstance(part, str) else part(view) for part in parts]
        line = " \N{MIDDLE DOT} ".join(part for part in told if part)
        if line:
            st.markdown(f":gray[{line}]")
        guide_links.of_page(view)
    return view


def _lead_to_rows(view: View, metric: Metric) -> None:
    """Where the rows of the page lie, with a button to their newest week, when none are shown."""
    extent = view.store.extent(metric)
    shown = view.period
    if extent is None or (extent.since < shown.until and shown.since < extent.until):
        return
    newest = newest_week(extent, view.store.today)
    with st.container(horizontal=True, vertical_alignment="center", key="rows_elsewhere"):
        st.info(
            f"**○ No rows of this page lie in {shown.label}.** They go from "
            f"{show_date(extent.since)} to {show_date(extent.last_day)}.", width="stretch",
        )  # fmt: skip
        st.button(
            f"Show {newest.label}", key="show_newest", on_click=filters.show_period, args=(newest,)
        )


def overview(view: View, measures: Sequence[Metric], *, columns: int = 4) -> Overview:
    """The banner, the wall of numbers and what changed: so every page of measures opens."""
    brief = findings.answer(view, measures)
    kpis.wall(view, measures, columns=columns)
    heading("What changed")
    findings.listed(brief.findings, key="changed", empty="No measure changed beyond routine.")
    return brief


def heading(text: str, *, help: str | None = None) -> None:  # noqa: A002
    """A section's heading."""
    st.header(text, anchor=False, help=help)


def pairs() -> DeltaGenerator:
    """A grid that lays cards out two a row, of equal height; one a row on a phone."""
    return st.grid(2, min_column_width=320, gap="medium")


def split(left: float, right: float) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two columns of the given proportions."""
    one, other = st.columns([left, right], gap="medium")
    return one, other


def organization(view: View) -> str:
    """Whose numbers these are."""
    return md_escape(view.store.settings.organization)


def window(view: View) -> str:
    """The days shown, and the filters in words."""
    words = md_escape(view.scope.words)
    label = view.period.label
    return f"{label} \N{MIDDLE DOT} {words}" if words else label


def data_until(view: View) -> str:
    """The newest day with data."""
    extent = view.store.extent()
    last = min(extent.last_day, view.store.today) if extent else view.store.today
    return f"data to {show_date(last)}"
