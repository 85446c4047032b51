"""Open work against the history of its stage: the picture, the oldest, and their rows."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import streamlit as st

from analysis.flow.ages import WEEKS, late_visits
from analysis.flow.diagram import OPEN_VISITS
from analysis.flow.model import Ages, StageAges
from analysis.flow.sentences import aging_lead
from charts.flow import ages
from metrics.local_time import local
from metrics.units import HOURS
from ui import cards, explain, rows
from ui.drawing import Picked, draw
from ui.flow import found
from ui.memo import remember
from ui.numbers import cell, column
from ui.text import md_escape
from ui.times import in_zone
from ui.view import View

STAGE = "flow_stage"
_SHOWN = 12


def aging(view: View) -> None:
    """Ages by stage, then the oldest visits of one stage."""
    told = found(view).ages
    if told is None or not told.stages:
        why = found(view).why_no_open or "No work is open under these filters."
        with st.container(border=True, key="ages_card"):
            st.markdown(f":gray[{md_escape(why)}]")
        return
    with st.container(border=True, key="ages_card"):
        worst = told.worst
        lead = "No stage has more old work than is routine" if worst is None else aging_lead(worst)
        small = (
            f"Open at the end of {view.period.short}; marks: visits finished "
            f"{told.window.dates} \N{MIDDLE DOT} click a dot to list its stage"
        )
        cards.head(lead, small, OPEN_VISITS, view.scope, key="ages_explain")
        chart = remember(
            (*view.key, "ages", view.scope, view.theme), lambda: ages(told, theme=view.theme)
        )
        draw(chart, key="ages", empty="No work is open.", on_pick=_look_at)
    _oldest(view, told)


def _look_at(picked: Picked) -> None:
    if picked.get("segment"):
        st.session_state[STAGE] = str(picked["segment"])


def _oldest(view: View, told: Ages) -> None:
    names = [stage.stage for stage in told.stages]
    first = told.worst or max(told.stages, key=lambda stage: stage.n)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Oldest open work", anchor=False, width="stretch")
        name = st.selectbox(
            "Stage to list",
            names,
            index=names.index(first.stage),
            key=STAGE,
            width=230,
            label_visibility="collapsed",
        )
    stage = next((one for one in told.stages if one.stage == name), first)
    metric, here = late_visits(told, stage), view.scope.where(stage=stage.stage)
    zone = view.store.settings.reporting_zone
    late = stage.late if stage.hours else stage.oldest
    with st.container(horizontal=True, vertical_alignment="center", key="oldest_line"):
        st.markdown(f":small[:gray[{md_escape(_history(stage, len(late[:_SHOWN])))}]]")
        explain.button(metric, here, key="oldest_explain")
        count = view.store.row_count(metric, here)
        if count:
            rows.downloads(
                lambda: in_zone(view.store.rows(metric, here), zone),
                name=f"open_{view.period.name}",
                key="oldest_open",
                count=count,
            )
    if late:
        _table(stage, late[:_SHOWN], zone)


def _history(stage: StageAges, shown: int) -> str:
    if stage.hours is None or stage.beyond is None:
        return (
            f"{shown} of {stage.n:,} open visits, oldest first. Too few finished visits to compare "
            f"with: {stage.history:,} in {WEEKS} weeks, 20 are needed."
        )
    half, most, nearly = (HOURS.show(hours) for hours in stage.hours)
    routine = f" {stage.expected} past the third is routine." if stage.expected else ""
    return (
        f"{shown} of {stage.beyond[1]:,} past the 85th percentile, oldest first. Of "
        f"{stage.history:,} visits finished in the {WEEKS} weeks before, 50% took up to {half}, "
        f"85% up to {most}, 95% up to {nearly}; {stage.beyond[2]:,} open ones are past the "
        f"third.{routine}"
    )


def _table(stage: StageAges, late: Any, zone: str) -> None:
    since = f"Entered ({zone})"
    columns: dict[str, Any] = {
        "Item": [visit.item for visit in late],
        "Age": pa.array([cell(visit.age_hours, HOURS) for visit in late], pa.float64()),
        since: [local(visit.entered_at, zone) for visit in late],
        "State": ["waiting" if visit.is_waiting else "in work" for visit in late],
        "Dataset": [visit.dataset for visit in late],
        "Team": [visit.team for visit in late],
        "Assignee": [visit.assignee for visit in late],
    }
    st.dataframe(
        pa.table(columns),
        hide_index=True,
        key="oldest_open_table",
        placeholder="",
        alt=f"Oldest open visits in {stage.stage}",
        column_config={
            since: st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
            "Age": column("Age", HOURS),
        },
    )
