"""The Stages page: the map of stages, the paths of items, where they return or stand still."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from analysis.stage_map import (
    MOST_ON_MAP,
    Edge,
    Node,
    StageMap,
    Variant,
    blocked_words,
    edge_words,
    ends_words,
    handovers_words,
    loops_words,
    stage_map,
)
from charts.matrix import MatrixCell, matrix
from charts.model import Chart
from charts.stage_map import Way, stage_map_chart
from metrics.flow import ITEMS_COMPLETED, STAGE_TIME
from metrics.scope import Scope
from metrics.units import DAYS, HOURS, PERCENT
from ui import explain, rows
from ui.drawing import Picked, draw
from ui.findings import banner
from ui.memo import remember
from ui.messages import quiet
from ui.numbers import cell, column
from ui.text import md_escape
from ui.view import View

LOOK_AT = "look_at"
_NOTHING = "Nothing chosen"
_TOP = 20
_RETURN = "A return is a visit to a stage that the item had already left for another one."
_HANDOVER = "Two visits of an item one after the other, by different teams."
_BLOCKED = (
    "Visits whose stage or outcome holds one of the words blocked, on hold, impeded, impediment, "
    "suspended, paused; their whole time in the stage counts."
)
_PLANNED = (
    "The planned end is the item's due time in the work log, compared with the time its source "
    "says it was closed, and with its last event."
)


def found(view: View) -> StageMap:
    """The way through the stages in this view."""
    return remember((*view.key, "stage_map", view.scope), lambda: stage_map(view.store, view.scope))


def answer(view: View, told: StageMap) -> None:
    """The banner, and what was left out."""
    banner(told.status, told.lead, told.rest)
    with st.container(horizontal=True, vertical_alignment="center", key="stage_map_answer"):
        if told.notes:
            st.markdown("  \n".join(f":small[:gray[{md_escape(note)}]]" for note in told.notes))
        explain.button(STAGE_TIME, view.scope, key="stage_map_time", label="Explain stage time")
        explain.button(ITEMS_COMPLETED, view.scope, key="stage_map_items", label="Explain items")


def picture(view: View, told: StageMap) -> None:
    """The map of at most 12 stages, or a matrix of more, with every way in a table."""
    st.header("How items move", anchor=False)
    if not told.nodes:
        st.markdown(":gray[No visits of completed items lie in this period and these filters.]")
        return
    is_map = len(told.nodes) <= MOST_ON_MAP
    make = _map if is_map else _matrix
    chart = remember(
        (*view.key, "stage_map_chart", view.scope, view.theme), lambda: make(view, told)
    )
    with st.container(border=True, key="stage_map_card"):
        lead = told.edges[0] if told.edges else None
        st.markdown(
            f"**{md_escape(_leading(lead))}**  \n:small[:gray[{_under(told, is_map=is_map)}]]"
        )
        draw(
            chart,
            key="stage_map",
            empty="Every item has one visit only: there are no ways to draw.",
            on_pick=_look_at if is_map else _look_at_pair,
        )
    if told.edges:
        with st.expander(f"All {len(told.edges):,} ways as a table"):
            st.dataframe(
                _edge_table(told.edges),
                hide_index=True,
                key="stage_edges",
                placeholder="",
                alt="Ways between stages: how often, and how long items waited",
                column_config={
                    name: column(name, HOURS) for name in ("Mean wait", "Median wait", "85% within")
                },
            )


def _leading(edge: Edge | None) -> str:
    if edge is None:
        return "No item went from one stage to another"
    return (
        f"The most frequent way leads from {edge.from_stage} to {edge.to_stage}, {edge.n:,} times"
    )


def _under(told: StageMap, *, is_map: bool) -> str:
    ways = f"{len(told.nodes):,} stages, {len(told.edges):,} ways between them"
    if is_map:
        return f"{ways} · thickness: how often; orange: how long items wait · click a label"
    return (
        f"{ways} · rows lead to columns; the number says how often, the shade how long items wait"
    )


def _map(view: View, told: StageMap) -> Chart:
    ways = [
        Way(e.from_stage, e.to_stage, e.n, e.median, _label(e), edge_words(e, told.edges))
        for e in told.edges
    ]
    stages = [(node.stage, _note(node)) for node in told.nodes]
    return stage_map_chart(stages, ways, theme=view.theme, what="Ways between stages")


def _matrix(view: View, told: StageMap) -> Chart:
    longest = max((edge.median or 0.0 for edge in told.edges), default=0.0) or 1.0
    cells = [
        MatrixCell(
            e.from_stage, e.to_stage, f"{e.n:,}", (e.median or 0.0) / longest,
            edge_words(e, told.edges),
        )
        for e in told.edges
    ]  # fmt: skip
    most = sorted(told.nodes, key=lambda node: -node.n)[:14]
    names = [node.stage for node in told.nodes if node in most]
    return matrix(names, cells, theme=view.theme, what="Ways between the most visited stages")


def _label(edge: Edge) -> str:
    return f"{edge.n:,}× · {HOURS.show(edge.median)}" if edge.waits else f"{edge.n:,}×"


def _note(node: Node) -> str:
    return f"{node.n:,} visits · {HOURS.show(node.median)}"


def _edge_table(edges: Sequence[Edge]) -> pa.Table:
    columns: dict[str, Any] = {
        "From": [edge.from_stage for edge in edges],
        "To": [edge.to_stage for edge in edges],
        "Times": pa.array([edge.n for edge in edges], pa.int64()),
        "Waits recorded": pa.array([edge.waits for edge in edges], pa.int64()),
        "Mean wait": _hours([edge.mean for edge in edges]),
        "Median wait": _hours([edge.median for edge in edges]),
        "85% within": _hours([edge.p85 for edge in edges]),
        "Impossible times": pa.array([edge.bad_clocks for edge in edges], pa.int64()),
    }
    return pa.table(columns)


def _hours(values: Sequence[float | None]) -> pa.Array:
    return pa.array([cell(value, HOURS) for value in values], pa.float64())


def _look_at(picked: Picked) -> None:
    if picked.get("from_stage"):
        st.session_state[LOOK_AT] = _way_option(str(picked["from_stage"]), str(picked["to_stage"]))


def _look_at_pair(picked: Picked) -> None:
    if picked.get("row"):
        st.session_state[LOOK_AT] = _way_option(str(picked["row"]), str(picked["column_name"]))


def _way_option(from_stage: str, to_stage: str) -> str:
    return f"Way: {from_stage} \N{RIGHTWARDS ARROW} {to_stage}"


def behind(view: View, told: StageMap) -> None:
    """The rows of a way or a path that was clicked or chosen, with all of them to download."""
    options: dict[str, tuple[str, Any]] = {_NOTHING: ("", None)}
    options |= {_way_option(e.from_stage, e.to_stage): ("way", e) for e in told.edges}
    options |= {_path_option(one): ("path", one) for one in told.variants[:_TOP]}
    if len(options) == 1:
        return
    if st.session_state.get(LOOK_AT) not in (None, *options):
        st.session_state[LOOK_AT] = _NOTHING
    st.header("Rows behind a way or a path", anchor=False)
    picked = st.selectbox(
        "Way or path to look at",
        list(options),
        key=LOOK_AT,
        bind="query-params",
        label_visibility="collapsed",
    )
    kind, one = options.get(picked or _NOTHING, ("", None))
    if kind == "way":
        st.markdown(md_escape(edge_words(one, told.edges)))
        here = view.scope.where(stage_before=one.from_stage, stage=one.to_stage)
        rows.panel(view, STAGE_TIME, here, key="way")
    elif kind == "path":
        st.markdown(md_escape(f"{one.n:,} of {one.of:,} items took this path."))
        rows.panel(view, ITEMS_COMPLETED, view.scope.where(path=one.path), key="path")
    else:
        quiet("Click a label of the map, or a path in the table, or choose one here.")


def variants(told: StageMap) -> None:
    """The most frequent paths of items, with their share and duration; a click shows the items."""
    st.header(
        "Paths of items",
        anchor=False,
        help="A path is the order of the stages of an item's visits, returns included; visits at "
        "equal times follow each other as in the file. Duration: first to last event.",
    )
    if not told.variants:
        st.markdown(":gray[No paths to show in this period and these filters.]")
        return
    shown, first = told.variants[:_TOP], told.variants[0]
    covered = PERCENT.show(sum(one.share for one in shown))
    st.markdown(
        md_escape(
            f"The {len(shown):,} most frequent of {first.variants:,} paths cover {covered} of "
            f"{first.of:,} items."
        )
    )

    st.dataframe(
        _path_table(shown),
        hide_index=True,
        key="stage_paths",
        placeholder="",
        on_select=lambda: _look_at_path(shown),
        selection_mode="single-row",
        alt="The most frequent paths with items, share, visits and median duration",
        column_config={
            "Path": st.column_config.TextColumn("Path", width=460),
            "Share": column("Share", PERCENT),
            "Median duration": column("Median duration", DAYS),
        },
    )


def _look_at_path(shown: Sequence[Variant]) -> None:
    picked = st.session_state["stage_paths"].selection.get("rows") or []
    if picked and picked[0] < len(shown):
        st.session_state[LOOK_AT] = _path_option(shown[picked[0]])


def _path_option(one: Variant) -> str:
    return f"Path: {one.path}"


def _path_table(shown: Sequence[Variant]) -> pa.Table:
    columns: dict[str, Any] = {
        "Path": [one.path for one in shown],
        "Items": pa.array([one.n for one in shown], pa.int64()),
        "Share": pa.array([cell(one.share, PERCENT) for one in shown], pa.float64()),
        "Visits": pa.array([one.visits for one in shown], pa.int64()),
        "Median duration": pa.array([cell(one.days, DAYS) for one in shown], pa.float64()),
        "Example": [one.example for one in shown],
    }
    return pa.table(columns)


def waste(told: StageMap) -> None:
    """Returns, handovers, blocked time and planned ends, each a sentence with its table."""
    loops: dict[str, Any] = {
        "Back to": [one.to_stage for one in told.loops],
        "From": [one.from_stage for one in told.loops],
        "Returns": pa.array([one.n for one in told.loops], pa.int64()),
        "Items": pa.array([one.items for one in told.loops], pa.int64()),
        "Hours repeated": _hours([one.hours for one in told.loops]),
    }
    between = [one for one in told.handovers if one.from_team != one.to_team]
    moved: dict[str, Any] = {
        "From": [one.from_team for one in between],
        "To": [one.to_team for one in between],
        "Times": pa.array([one.n for one in between], pa.int64()),
        "Median wait": _hours([one.median for one in between]),
    }
    stood: dict[str, Any] = {
        "Stage": [one.stage for one in told.blocked],
        "Outcome": [one.outcome for one in told.blocked],
        "Visits": pa.array([one.n for one in told.blocked], pa.int64()),
        "Hours": _hours([one.hours for one in told.blocked]),
    }
    with st.grid(2, min_column_width=320, gap="medium"):
        _card("Returns", loops_words(told.loops), loops, "loops", _RETURN)
        _card("Handovers", handovers_words(told.handovers), moved, "handovers", _HANDOVER)
        _card("Blocked", blocked_words(told.blocked), stood, "blocked", _BLOCKED)
        _card("Planned ends", ends_words(told.ends), {}, "planned_ends", _PLANNED)


def _card(title: str, sentence: str, told: dict[str, Any], key: str, how: str) -> None:
    with st.container(border=True, height="stretch", key=f"{key}_card"):
        st.subheader(title, anchor=False, help=how)
        st.markdown(md_escape(sentence))
        if told and len(next(iter(told.values()))):
            hours = [name for name in told if "ours" in name or "wait" in name]
            st.dataframe(
                pa.table(told),
                hide_index=True,
                key=key,
                height=215 if len(next(iter(told.values()))) > 5 else "auto",
                placeholder="",
                alt=f"{title}: {sentence}",
                column_config={name: column(name, HOURS) for name in hours},
            )


def scope_line(view: View) -> str:
    """How many items the page is about."""
    items = view.store.value(ITEMS_COMPLETED, _of_items(view)).n
    return f"{items:,} items completed"


def _of_items(view: View) -> Scope:
    kept = view.store.dimensions(ITEMS_COMPLETED)
    return view.scope.without(*(n for n, _ in view.scope.filters if n not in kept))
