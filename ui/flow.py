"""The Flow page: what comes in and leaves, what is in progress, how long it takes."""

from __future__ import annotations

import streamlit as st

from analysis.flow import Flow, flow
from analysis.flow.desk import FACE
from analysis.flow.model import Diagram, Scatter
from charts.flow import stacked, turnaround
from metrics.flow import ITEMS_COMPLETED, NET_FLOW, TURNAROUND_P85, WORK_IN_PROGRESS
from ui import cards, kpis, page
from ui.drawing import draw
from ui.findings import banner
from ui.memo import remember
from ui.messages import quiet
from ui.text import md_escape
from ui.view import View

_CFD_DAYS = 28
_LITTLE = (
    "Little's law: average work in progress = items completed a day × days an item takes. All "
    "three are measured here, so the law is a check of the numbers, not a forecast. "
    "It breaks when work in progress grows or shrinks, when much of the work came in before the "
    "window, or when items vanish. J. D. C. Little, Operations Research 1961 and 2011."
)


def found(view: View) -> Flow:
    """Everything the page shows, worked out once for a view."""
    return remember((*view.key, "flow", view.scope), lambda: flow(view.store, view.scope))


def scope_line(view: View) -> str:
    """Which days the pictures cover."""
    span = found(view).span
    return f"pictures: {span.dates}" if span and span != view.period else ""


def answer(view: View) -> None:
    """The banner, what weakens it, and the wall of numbers."""
    told = found(view)
    banner(told.status, told.lead, told.rest)
    for note in told.notes:
        quiet(md_escape(note))
    kpis.wall(view, FACE)


def in_and_out(view: View) -> None:
    """Net flow and throughput as run charts."""
    with page.pairs():
        if found(view).why_no_open:
            _absent("Net flow", found(view).why_no_open)
        else:
            cards.over_time(view, NET_FLOW, key="net")
        cards.over_time(view, ITEMS_COMPLETED, key="throughput")


def in_progress(view: View) -> None:
    """The cumulative flow diagram and work in progress by stage, and Little's law under them."""
    told = found(view)
    if told.diagram is None:
        _absent("Work in progress", told.why_no_open or "No items are recorded in this window.")
        return
    with page.pairs():
        _bands(view, told.diagram, has_done=True)
        _bands(view, told.diagram, has_done=False)
    if told.little is not None:
        with st.container(border=True, key="little"):
            st.markdown(
                f"**Do the numbers agree? (Little's law)**  \n{md_escape(told.little.sentence)}",
                help=_LITTLE,
            )


def _bands(view: View, drawn: Diagram, *, has_done: bool) -> None:
    key = "cfd" if has_done else "wip"
    days = min(_CFD_DAYS, len(drawn.days)) if has_done else 0
    with st.container(border=True, height="stretch", key=f"{key}_card"):
        cards.head(
            _cfd_lead(drawn, days) if has_done else _wip_lead(drawn),
            f"{'Cumulative flow diagram, last 4 weeks' if days == _CFD_DAYS else 'By stage'}, "
            "at each day's end"
            if has_done
            else f"Items by stage at each day's end, {drawn.span.dates}",
            NET_FLOW if has_done else WORK_IN_PROGRESS,
            view.scope,
            key=f"{key}_explain",
        )
        chart = remember(
            (*view.key, key, view.scope, view.theme),
            lambda: stacked(drawn, theme=view.theme, has_done=has_done, days=days),
        )
        draw(chart, key=key, empty="Nothing is in progress.")


def _cfd_lead(drawn: Diagram, days: int) -> str:
    came, left = sum(drawn.entered[-days:]), sum(drawn.completed[-days:])
    gone = sum(drawn.vanished[-days:])
    more = f", {gone:,} vanished" if gone else ""
    return f"{came:,} in, {left:,} completed{more} in the last {days} days"


def _wip_lead(drawn: Diagram) -> str:
    return (
        f"{drawn.in_progress[-1]:,} items in progress on the last day, {drawn.before:,} before "
        "the first"
    )


def times(view: View) -> None:
    """The scatter of turnaround with its percentile lines."""
    told = found(view).scatter
    if told is None:
        _absent("Turnaround", "The filters do not apply to whole items.")
        return
    with st.container(border=True, key="scatter_card"):
        cards.head(
            _scatter_lead(told), _scatter_small(told), TURNAROUND_P85,
            view.scope.during(told.span), key="scatter_explain",
        )  # fmt: skip
        chart = remember(
            (*view.key, "scatter", view.scope, view.theme),
            lambda: turnaround(told, theme=view.theme),
        )
        draw(
            chart, key="scatter", empty="No completed item in these days.", on_pick=cards.to_period
        )


def _scatter_lead(told: Scatter) -> str:
    line = told.lines[1]
    if line.value is None:
        return f"Turnaround: {line.withheld}"
    return f"85% of items are done within {line.metric.show(line.value)}"


def _scatter_small(told: Scatter) -> str:
    parts = [f"n = {told.lines[1].n:,} items completed {told.span.dates}"]
    if told.excluded:
        parts.append(f"{told.excluded:,} completed before they came in, left out")
    return " \N{MIDDLE DOT} ".join(parts)


def _absent(what: str, why: str) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{md_escape(what)}**  \n:gray[{md_escape(why)}]")
