"""The Capacity page: stages by team, people, one person moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from analysis import capacity_words as words
from analysis.capacity import Capacity, StageLoad, capacity
from metrics.periods import show_date
from metrics.units import HOURS
from ui import messages, rows
from ui.memo import remember
from ui.numbers import cell, column
from ui.text import dotted, md_escape
from ui.view import View

_MEAN = "touch"
_HOURS_HELP = (
    "From start to finish of a visit the clock runs through breaks and nights, so the median is "
    "the safer figure. Take the mean where long visits are real work."
)
_ALL_HELP = (
    "Demand is arrivals a week times the touch hours of a visit. Assigned are the hours of the "
    "plan for that week. Over capacity: the whole 95% interval of demand lies above them."
)


def week_line(view: View) -> str:
    """The week looked at."""
    return f"{_found(view).week.label}, from the plan and {words.weeks_used(_found(view))}"


def _found(view: View) -> Capacity:
    by_mean = st.session_state.get(_MEAN) == "Mean"
    return remember((*view.key, "capacity", by_mean), lambda: capacity(view.store, by_mean=by_mean))


def desk(view: View) -> None:
    """The whole of the page."""
    found = _found(view)
    if not found.has_plan:
        _no_plan()
    else:
        _answer(found)
    st.radio(
        "Touch hours of a visit", ["Median", "Mean"], key=_MEAN, bind="query-params",
        horizontal=True, help=_HOURS_HELP,
    )  # fmt: skip
    _stages(found)
    if found.has_plan:
        _what_if(found)
        _people(found)


def _no_plan() -> None:
    st.info(
        "**○ There is no assignment plan.** Upload one row per person, project and stage with the "
        "hours a week; below is what arriving work asks for."
    )
    st.page_link("pages/data/upload.py", label="Upload a plan", icon=":material/upload:")


def _answer(found: Capacity) -> None:
    lead, rest = words.stages_sentence(found)
    people = md_escape(words.people_sentence(found))
    is_over = any(load.is_over for load in found.stages)
    tell, shape = (st.error, "■") if is_over else (st.info, "○")
    tell(f"**{shape} {md_escape(lead)}**{md_escape(rest)} {people}")


def _stages(found: Capacity) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Hours asked for and assigned", anchor=False, width="stretch", help=_ALL_HELP)
        rows.downloads(
            lambda: _plain(found.stages), name="capacity", key="capacity", count=len(found.stages)
        )
    if not found.stages:
        st.markdown(":gray[No visit was entered in these weeks and nobody is assigned.]")
        return
    loads = found.stages
    uses = [load.use.value * 100 if load.use else None for load in loads]
    columns: dict[str, Any] = {
        "Stage": [load.stage for load in loads],
        "Team": [load.team for load in loads],
        "Used": pa.array(uses, pa.float64()),
        "State": [words.state(load) for load in loads],
        "Demand": [cell(load.demand.value if load.demand else None, HOURS) for load in loads],
        "Interval": [_interval(load) for load in loads],
        "Assigned": [cell(load.supply, HOURS) for load in loads],
        "People": [load.people for load in loads],
        "Arrivals": pa.array(
            [round(one.arrivals.value, 1) if one.arrivals else None for one in loads], pa.float64()
        ),
        "Touch": [_touch(load) for load in loads],
        "Backlog": [cell(load.backlog, HOURS) for load in loads],
    }
    st.dataframe(
        pa.table(columns),
        hide_index=True,
        key="capacity_stages",
        placeholder="",
        alt="Demand and assigned hours by stage and team",
        column_config=_stage_columns(uses),
    )
    messages.quiet(md_escape(words.basis(found)))


def _stage_columns(uses: Sequence[float | None]) -> dict[str, Any]:
    """How the columns of the stages are shown; the bars share one scale."""
    text = st.column_config.TextColumn
    return {
        "Stage": text(width=120),
        "Team": text(width=130),
        "Used": st.column_config.ProgressColumn(
            "Used of assigned",
            format="%.0f%%",
            min_value=0,
            max_value=max([100.0, *(use for use in uses if use is not None)]),
            color="primary",
            width=150,
        ),
        "State": text(width=140),
        "Demand": column("Demand a week", HOURS, width=110),
        "Interval": text("95% interval", width=110),
        "Assigned": column("Assigned", HOURS, width=90),
        "People": st.column_config.NumberColumn(width=70),
        "Arrivals": st.column_config.NumberColumn("Arrivals a week", format="%.1f", width=110),
        "Touch": text("Touch, median / mean", width=140),
        "Backlog": column("Waiting now", HOURS, width=95),
    }


def _touch(load: StageLoad) -> str:
    if load.touch is None and load.touch_median is None:
        return "not recorded"
    return f"{HOURS.show(load.touch_median)} / {HOURS.show(load.touch)}"


def _interval(load: StageLoad) -> str:
    demand = load.demand
    if demand is None or demand.low is None or demand.high is None:
        return ""
    return words.WHOLE_HOURS.show_range(demand.low, demand.high)


def _plain(loads: Sequence[StageLoad]) -> pa.Table:
    """The numbers as they are, unrounded, for a file."""

    def ends(load: StageLoad) -> dict[str, Any]:
        demand = load.demand
        return {
            "stage": load.stage,
            "team": load.team,
            "arrivals_per_week": load.arrivals.value if load.arrivals else None,
            "touch_median_hours": load.touch_median,
            "touch_mean_hours": load.touch,
            "touch_n": load.touched,
            "demand_hours": demand.value if demand else None,
            "demand_low": demand.low if demand else None,
            "demand_high": demand.high if demand else None,
            "assigned_hours": load.supply,
            "people": load.people,
            "items_waiting": load.waiting,
            "waiting_hours": load.backlog,
        }

    return pa.Table.from_pylist([ends(load) for load in loads])


def _what_if(found: Capacity) -> None:
    """One person moved from one stage to another."""
    staffed = {words.name(load): load for load in found.stages if load.use is not None}
    if len(staffed) < 2:
        return
    names = list(staffed)
    st.header("What if one person moved?", anchor=False)
    with st.container(horizontal=True):
        one = st.selectbox("From", names, index=len(names) - 1, key="move_from", width=280)
        other = st.selectbox("To", names, index=0, key="move_to", width=280)
    if one == other:
        st.markdown(":gray[Choose two stages.]")
        return
    st.info(f"**What if:** {md_escape(words.moved_sentence(staffed[one], staffed[other]))}")


def _people(found: Capacity) -> None:
    """Everybody with hours in the week; those with too many first, else A to Z."""
    st.header(
        "People", anchor=False,
        help="Assigned hours beside the capacity of the week, absence taken off. A full plan says "
        "nothing about how well somebody works.",
    )  # fmt: skip
    if not found.people:
        st.markdown(f":gray[Nobody is planned from {show_date(found.week.since)}.]")
        return
    people = found.people
    columns: dict[str, Any] = {
        "Person": [one.person for one in people],
        "State": [
            "○ Capacity not known" if one.capacity is None
            else f"■ {words.WHOLE_HOURS.show(one.over)} over" if one.over > 0 else "● Fits"
            for one in people
        ],
        "Assigned": [cell(one.assigned, HOURS) for one in people],
        "Capacity": pa.array([cell(one.capacity, HOURS) for one in people], pa.float64()),
        "Away": [cell(one.absent, HOURS) for one in people],
        "Where": [words.where(one) for one in people],
    }  # fmt: skip
    text = st.column_config.TextColumn
    st.dataframe(
        pa.table(columns),
        hide_index=True,
        key="capacity_people",
        placeholder="",
        alt="Assigned hours and capacity by person",
        column_config={
            "Person": text(width=150),
            "State": text(width=130),
            "Assigned": column("Assigned", HOURS, width=90),
            "Capacity": column("Capacity", HOURS, width=90),
            "Away": column("Away", HOURS, width=80),
            "Where": text(width=420),
        },
    )
    messages.quiet(dotted(f"{len(people)} people", "over-allocated first, then A to Z"))
