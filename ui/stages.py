"""The Bottlenecks page: where items wait, the worst stage over time, and what is stuck in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import streamlit as st

from analysis.bottlenecks import (
    QUEUE_HOURS,
    STAGE_HOURS,
    Waiting,
    longest_waiting,
    rank,
    what_if,
)
from analysis.model import Bottlenecks, Signal, StageRow
from analysis.what_if import too_few
from charts.model import Chart
from charts.ranked import bars
from charts.timeline import control
from metrics.flow import (
    ITEMS_WAITING,
    QUEUE_TIME,
    QUEUE_TIME_P50,
    STAGE_TIME,
    TOUCH_TIME,
    TURNAROUND_MEAN,
)
from metrics.local_time import local
from metrics.model import Metric
from metrics.scope import Scope
from metrics.units import HOURS, round_half_up
from ui import explain, rows
from ui.cards import head, to_period
from ui.drawing import Picked, draw, markers
from ui.findings import banner
from ui.memo import remember
from ui.messages import quiet
from ui.numbers import cell, column
from ui.text import md_escape
from ui.times import in_zone
from ui.view import View

STAGE = "stage"
_WEEKS = 13
_WHOLE_HOURS = replace(HOURS, decimals=0)
_SIGNALS = {signal: f"{_shape} {signal.label}".strip() for signal, _shape in {
    Signal.WORSENING: "▲", Signal.IMPROVING: "▼", Signal.CHANGED: "◆", Signal.ROUTINE: "",
    Signal.UNJUDGED: "",
}.items()}  # fmt: skip
_SIGNAL_COLORS = ["orange", "blue", "gray", "gray", "gray"]


def ranked(view: View) -> Bottlenecks:
    """Where the time goes in this view, worst stage first."""
    return remember((*view.key, "bottlenecks", view.scope), lambda: rank(view.store, view.scope))


def scope_line(view: View) -> str:
    """How many items the page is about."""
    found = ranked(view)
    if found.turnaround_mean is None:
        return f"{found.items:,} items behind the visits shown"
    return f"{found.items:,} items completed"


def answer(view: View, found: Bottlenecks) -> None:
    """The banner, what the reader must know, and what is behind both."""
    banner(found.status, found.lead, found.rest)
    notes = [note for note in (found.change, *found.notes) if note]
    with st.container(horizontal=True, vertical_alignment="center", key="stages_answer"):
        st.markdown("  \n".join(f":small[:gray[{md_escape(note)}]]" for note in notes))
        explain.button(TURNAROUND_MEAN, view.scope, key="turnaround", label="Explain turnaround")


def _in_stage(view: View, stage: StageRow) -> Scope:
    return view.scope.where(stage=stage.stage)


def choose(found: Bottlenecks) -> StageRow | None:
    """The stage looked at: the worst one until another is chosen or its bar is clicked."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(
            "Time in each stage",
            anchor=False,
            width="stretch",
            help="Visits of the items completed in the period. Queue: entered to started. "
            "Touch: started to finished. Nights and weekends included.",
        )
        if not found.rows:
            return None
        names = [row.stage for row in found.rows]
        name = st.selectbox(
            "Stage to look at",
            names,
            key=STAGE,
            bind="query-params",
            width=230,
            label_visibility="collapsed",
        )
    return next((row for row in found.rows if row.stage == name), found.rows[0])


def table(view: View, found: Bottlenecks, stage: StageRow | None) -> None:
    """Every stage with its numbers, and what is behind those of the stage looked at."""
    if stage is None:
        st.markdown(f":gray[{md_escape(found.sentence)}]")
        return
    _table(found)
    with st.container(horizontal=True, vertical_alignment="center", key="stage_numbers"):
        quiet(f"Explain the numbers of {md_escape(stage.stage)}:", width="content")
        for label, metric in _behind(found):
            explain.button(metric, _in_stage(view, stage), key=f"stage_{metric.name}", label=label)


def _behind(found: Bottlenecks) -> list[tuple[str, Metric]]:
    """The columns of the stage table, and the measure behind each."""
    share = (_share_of(found), STAGE_HOURS)
    if not found.has_queue:
        return [("Time", STAGE_TIME), share]
    waiting = ("Waiting now", ITEMS_WAITING)
    return [("Queue", QUEUE_TIME), ("Touch", TOUCH_TIME), share, waiting]


def _share_of(found: Bottlenecks) -> str:
    return "Share of turnaround" if found.turnaround_mean is not None else "Share of time shown"


def _table(found: Bottlenecks) -> None:
    lines = [[value.value for value in row.series][-_WEEKS:] for row in found.rows]
    top = max((v for line in lines for v in line if v is not None), default=1.0)
    queue = "Queue" if found.has_queue else "Time"
    st.dataframe(
        _stage_table(found, lines),
        hide_index=True, placeholder="",
        key="stage_table",
        alt="Time in each stage: queue, touch, share of turnaround, signal and items waiting",
        column_config={
            "stage": st.column_config.TextColumn("Stage", width=150),
            "queue": column(f"{queue}, mean", HOURS, width=105),
            "touch": column("Touch, mean", HOURS, width=105),
            "versus": st.column_config.TextColumn(
                f"{queue} vs 13 weeks", width=130, alignment="right"
            ),
            "share": st.column_config.ProgressColumn(
                _share_of(found), format="%.0f%%", min_value=0, max_value=100,
                color="primary", width=190,
            ),
            "line": st.column_config.LineChartColumn(
                f"{queue}, 13 weeks, 0 to {HOURS.show(top)}", y_min=0, y_max=top, color="gray",
                width=180,
            ),
            "signal": st.column_config.MultiselectColumn(
                "Signal", options=list(_SIGNALS.values()),
                color=_SIGNAL_COLORS, width=120,
            ),
            "waiting": st.column_config.NumberColumn(
                "Waiting now", format="localized", width=110
            ),
        },
    )  # fmt: skip


def _stage_table(found: Bottlenecks, lines: list[list[float | None]]) -> pa.Table:
    first = [row.queue_mean if found.has_queue else row.stage_mean for row in found.rows]
    columns: dict[str, Any] = {
        "stage": [row.stage for row in found.rows],
        "queue": pa.array([cell(value, HOURS) for value in first], pa.float64()),
        "touch": pa.array([cell(row.touch_mean, HOURS) for row in found.rows], pa.float64()),
        "versus": [
            HOURS.show_change(row.queue_vs_13_weeks) if row.queue_vs_13_weeks is not None else ""
            for row in found.rows
        ],
        "share": pa.array([row.share_of_turnaround * 100 for row in found.rows], pa.float64()),
        "line": pa.array([[v for v in line if v is not None] for line in lines],
                         pa.list_(pa.float64())),
        "signal": [[_SIGNALS[row.signal]] for row in found.rows],
        "waiting": pa.array([row.waiting_now for row in found.rows], pa.int64()),
    }  # fmt: skip
    if not found.has_queue:
        for name in ("touch", "waiting"):
            del columns[name]
    return pa.table(columns)


def pictures(view: View, found: Bottlenecks, stage: StageRow) -> None:
    """Waiting hours by stage, beside the chosen stage over time."""
    left, right = st.columns([5, 7], gap="medium")
    with left, st.container(border=True, height="stretch"):
        lead, hours = found.rows[0], QUEUE_HOURS if found.has_queue else STAGE_HOURS
        share = lead.share_of_waiting if found.has_queue else lead.share_of_turnaround
        whole = "all waiting" if found.has_queue else "turnaround"
        small = (
            f"{hours.label} of the items completed, and share of the total "
            f"\N{MIDDLE DOT} looking at {stage.stage}; click another bar"
        )
        head(f"{lead.stage} holds {_whole_percent(share)} of {whole}", small,
             hours, view.scope, key="stage_bars_explain")  # fmt: skip
        draw(
            _bars(view, found, stage), key="stage_bars", on_pick=_look_at,
            empty="No hours are recorded.",
        )  # fmt: skip
    with right, st.container(border=True, height="stretch"):
        head(_reading(stage), stage.evidence, QUEUE_TIME if found.has_queue else STAGE_TIME,
             _in_stage(view, stage), key="stage_line_explain")  # fmt: skip
        chart = remember(
            (*view.key, "stage", stage.stage, view.scope, view.theme),
            lambda: control(
                stage, theme=view.theme, markers=markers(view, stage.series), height=190
            ),
        )
        draw(chart, key="stage_line", empty="No complete week to draw yet.", on_pick=to_period)


def _whole_percent(share: float | None) -> str:
    return "an unknown share" if share is None else f"{round_half_up(share * 100, 0)}%"


def _reading(stage: StageRow) -> str:
    what = "waiting time" if stage.queue_mean is not None else "time"
    if stage.rule:
        return f"{stage.stage}: {what} {stage.rule}"
    if stage.signal is Signal.UNJUDGED:
        return f"{stage.stage}: no change can be judged yet"
    return f"{stage.stage} shows no clear change"


def _bars(view: View, found: Bottlenecks, stage: StageRow) -> Chart:
    def made() -> Chart:
        drawn: list[dict[str, Any]] = [
            {
                "segment": row.stage,
                "value": row.waiting_hours if found.has_queue
                else row.hours_per_item * found.items,
                "share": row.share_of_waiting if found.has_queue else row.share_of_turnaround,
                "n": row.visits,
                "n_of": "visits",
            }
            for row in found.rows
        ]  # fmt: skip
        drawn.sort(key=lambda row: -(row["value"] or 0.0))
        return bars(
            drawn, _WHOLE_HOURS, theme=view.theme, highlight=stage.stage,
            what="Waiting hours by stage" if found.has_queue else "Stage hours by stage",
        )  # fmt: skip

    return remember((*view.key, "stage_bars", stage.stage, view.scope, view.theme), made)


def _look_at(picked: Picked) -> None:
    if picked.get("segment"):
        st.session_state[STAGE] = str(picked["segment"])


def gain(view: View, stage: StageRow) -> None:
    """What turnaround would be, had this stage's queue been as short as in its better weeks."""
    found = remember(
        (*view.key, "what_if", stage.stage, view.scope),
        lambda: what_if(view.store, view.scope, stage.stage),
    )
    if found is None:
        if stage.queue_mean is not None:
            quiet(md_escape(too_few(stage.stage)))
        return
    st.info(f"**What if:** {md_escape(found.sentence)}")
    with st.container(horizontal=True, vertical_alignment="center", key="what_if"):
        quiet(
            "Each item's waits in the stage are shortened by the ratio of the two medians; then "
            "mean and median are worked out again from the items."
        )
        explain.button(
            QUEUE_TIME_P50, _in_stage(view, stage), key="what_if_explain", label="Explain the queue"
        )


def oldest(view: View, stage: StageRow) -> None:
    """The items that have waited longest in the chosen stage, with all of them to download."""
    here, zone = _in_stage(view, stage), view.store.settings.reporting_zone
    waiting = longest_waiting(view.store, here)
    count = view.store.row_count(ITEMS_WAITING, here)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.header(f"Oldest items waiting in {md_escape(stage.stage)}", anchor=False)
            shown = f"{len(waiting)} of {count:,}, oldest first" if count else "none"
            st.markdown(f":small[:gray[{shown} at the end of {view.period.short}]]")
        explain.button(ITEMS_WAITING, here, key="oldest_explain")
        if count:
            rows.downloads(
                lambda: in_zone(view.store.rows(ITEMS_WAITING, here), zone),
                name=f"waiting_{view.period.name}",
                key="oldest",
                count=count,
            )
    if waiting:
        since = f"Waiting since ({zone})"
        st.dataframe(
            _oldest_table(waiting, since, zone),
            hide_index=True,
            key="oldest",
            placeholder="",
            alt=f"Oldest items waiting in {stage.stage}",
            column_config={
                since: st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
                "Waited": column("Waited", HOURS),
            },
        )


def _oldest_table(waiting: Sequence[Waiting], since: str, zone: str) -> pa.Table:
    columns: dict[str, Any] = {
        "Item": [one.item for one in waiting],
        "Waited": pa.array([cell(one.hours, HOURS) for one in waiting], pa.float64()),
        since: [local(one.since, zone) for one in waiting],
        "Dataset": [one.dataset for one in waiting],
        "Team": [one.team for one in waiting],
        "Assignee": [one.assignee for one in waiting],
        "Batch": [one.batch for one in waiting],
    }
    return pa.table(columns)
