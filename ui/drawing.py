"""Charts on the page: drawn from a ready spec, named for screen readers, clickable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from charts.model import Chart
from data_access.store import MarkerRow
from metrics.periods import Period
from metrics.value import Value
from ui import guide_links
from ui.view import View

Picked = dict[str, Any]


def draw(
    chart: Chart,
    *,
    key: str,
    empty: str,
    how: str = "",
    on_pick: Callable[[Picked], None] | None = None,
) -> None:
    """Draw a chart with one link to how it is read, or say in words why there is nothing to draw.

    Its accessible name stays the same when its numbers change (else the browser draws it anew);
    a screen reader finds the numbers at its bars and points.

    Args:
        chart: filled by `charts`.
        key: unique on the page.
        empty: what to say without rows.
        how: what to know of this chart that the guide of its kind does not say.
        on_pick: called with the fields of the bar or point that was clicked.
    """
    if chart.is_empty:
        st.markdown(f":gray[{empty}]")
        return
    if on_pick is None:
        st.vega_lite_chart(None, chart.for_page(), theme=None, key=key, alt=chart.name)
    else:
        st.vega_lite_chart(
            None,
            chart.for_page(),
            theme=None,
            key=key,
            alt=chart.name,
            on_select=lambda: _tell(key, on_pick),
            selection_mode="pick",
        )
    if chart.kind != "sparkline":  # a wall of them has one link for all
        guide_links.of_chart(chart.kind, how=how)


def markers(view: View, series: Sequence[Value]) -> list[MarkerRow]:
    """What happened in the span of a series and touches the filters of the view."""
    if not series:
        return []
    span = Period(series[0].period.since, series[-1].period.until)
    return view.store.markers(view.scope.during(span))


def _tell(key: str, on_pick: Callable[[Picked], None]) -> None:
    picked = st.session_state[key].selection.get("pick") or []
    if picked:
        on_pick(dict(picked[0]))
