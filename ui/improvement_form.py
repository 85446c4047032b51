"""Write an improvement down, change it, drop it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from analysis.improvement import refused
from data_access.improvements import DIRECTIONS, STATES, Improvement, filters_text
from data_access.store import PEOPLE
from metrics.catalog import METRICS, metric
from metrics.errors import AppError
from metrics.flow import QUEUE_TIME
from metrics.model import Better, Metric
from metrics.scope import DIMENSIONS
from ui import who
from ui.messages import error, quiet
from ui.names import metric_label
from ui.text import md_escape
from ui.view import View, records

_MOST_VALUES = 60
_UNTOUCHED = ("source",)
NEW, _OPEN = "new", "_improvement_open"


def open_for(code: str) -> None:
    """Open the form on the improvement of that code, or on a new one (NEW); for callbacks."""
    st.session_state[_OPEN] = code


def _close() -> None:
    st.session_state.pop(_OPEN, None)


def show(view: View, everything: Sequence[Improvement]) -> None:
    """The form, where one is open."""
    code = st.session_state.get(_OPEN)
    entry = next((one for one in everything if one.code == code), None)
    if code is None or (entry is None and code != NEW):
        return
    with st.container(border=True, gap="small", key="improvement_form"):
        title = f"Change {entry.code}" if entry else "Add an improvement"
        st.subheader(title, anchor=False)
        _form(view, entry)


def _form(view: View, entry: Improvement | None) -> None:
    old = entry or Improvement(name="", start_on=view.store.today, metric=QUEUE_TIME.name)
    name = st.text_input("What is changed", value=old.name, max_chars=200)
    description = st.text_area("In more words", value=old.description, max_chars=2_000, height=80)
    one, two, three = st.columns(3)
    start_on = one.date_input(
        "First day it holds", value=old.start_on, format="YYYY-MM-DD",
        help="The day decides what counts as before and after. Choose it before you see the data.",
    )  # fmt: skip
    owner = two.text_input("Owner", value=old.owner, max_chars=200)
    state = three.selectbox("State", STATES, index=STATES.index(old.state))
    about = _measure(old)
    if about is None:
        st.button("Cancel", key="improvement_cancel", on_click=_close)
        return
    expected, size = _expected(old, about)
    filters = _filters(view, about, "Touches (empty: everything)", old.filters, "touches")
    comparison = _filters(
        view, about, "Compare with (untouched by the change)", old.comparison, "comparison"
    )
    conclusion = st.text_area("Conclusion", value=old.conclusion, max_chars=2_000, height=80)
    with st.container(width=420):
        signed = who.ask(key="improvement")
    with st.container(horizontal=True):
        is_saved = st.button("Save", type="primary", key="improvement_save")
        st.button("Cancel", key="improvement_cancel", on_click=_close)
    if not is_saved:
        return
    new = replace(
        old,
        name=name or "", description=description or "", owner=owner or "", metric=about.name,
        start_on=start_on or old.start_on, state=state, expected=expected, expected_size=size,
        filters=filters, comparison=comparison, conclusion=conclusion or "",
    )  # fmt: skip
    _save(view, new, signed)


def _save(view: View, new: Improvement, signed: str) -> None:
    kept, at = records(view.store.workspace).improvements, view.store.clock
    try:
        by = who.required(signed)
        if new.number:
            kept.change(new, by=by, at=at)
        else:
            kept.add(new, by=by, at=at)
    except AppError as problem:
        error(problem)
        return
    _close()
    st.rerun()


def _measure(old: Improvement) -> Metric | None:
    """The measure chosen; None until one is, where the catalogue no longer has the old one.

    Those that cannot be judged are not offered.
    """
    is_there = old.metric in METRICS
    names = [name for name in METRICS if name == old.metric or not refused(metric(name))]
    chosen = st.selectbox(
        "Measure it should move", names, index=names.index(old.metric) if is_there else None,
        format_func=metric_label, placeholder="Choose another measure",
        help="Measures of what is open at one moment, like queues and backlogs, are left out: "
        "they drift by chance, and a drift looks like a change. Take what comes in, what is "
        "completed, or how long it takes.",
    )  # fmt: skip
    if not is_there:
        quiet(md_escape(f"The measure {old.metric} is no longer in the catalogue."))
    about = metric(chosen) if chosen else None
    if about is not None and (why := refused(about)):
        quiet(md_escape(why))
    return about


def _expected(old: Improvement, about: Metric) -> tuple[str, float | None]:
    """Where the measure should go, and by how much in its unit."""
    one, two = st.columns(2)
    if about.better is Better.NEITHER:
        index = DIRECTIONS.index(old.expected)
        way = one.radio("Should become", DIRECTIONS, index=index, horizontal=True)
    else:
        way = "lower" if about.better is Better.LOWER else "higher"
        with one:
            quiet(f"It improves when it gets {way}.")
    scale = about.unit.scale
    known = old.expected_size * scale if old.expected_size is not None else None
    unit = about.unit.change_suffix.strip() or "number"
    typed = two.number_input(f"Expected size ({unit}, may stay empty)", value=known, min_value=0.0)
    return way, typed / scale if typed else None


def _filters(view: View, about: Metric, label: str, text: str, key: str) -> str:
    """The slices chosen, as they are stored; people are not offered."""
    stored: dict[str, list[str]] = json.loads(text) if text else {}
    pairs: dict[str, tuple[str, str]] = {}
    offered = [
        name
        for name in view.store.dimensions(about)
        if name not in PEOPLE and name not in _UNTOUCHED
    ]
    for name in offered:
        values = view.store.dimension_values(name)
        known = values if len(values) <= _MOST_VALUES else stored.get(name, [])
        pairs |= {f"{DIMENSIONS[name][0]}: {value}": (name, value) for value in known}
    chosen: list[Any] = [
        shown for shown, (name, value) in pairs.items() if value in stored.get(name, [])
    ]
    picked = st.multiselect(
        label, list(pairs), default=chosen, key=f"improvement_{key}_{about.name}"
    )
    if lost := [DIMENSIONS.get(name, (name,))[0] for name in stored if name not in offered]:
        what = "the change touches" if key == "touches" else "it is compared with"
        named = ", ".join(map(str.lower, lost))
        quiet(md_escape(f"What {what} is kept without: {named}. The measure has no such slices."))
    found: dict[str, list[str]] = {}
    for shown in picked:
        name, value = pairs[shown]
        found.setdefault(name, []).append(value)
    return filters_text(found)
