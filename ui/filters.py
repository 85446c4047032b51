"""The filter bar every page shares: period, comparison, project, team, dataset.

Each widget is bound to the address, so a copied link shows the same view. Nothing writes these
keys but the widgets themselves and callbacks of chart clicks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

import streamlit as st

from analysis import compare
from data_access.store import Store
from metrics.periods import Period
from metrics.scope import DIMENSIONS, NOT_RECORDED, Scope, scope
from ui import windows

DIMENSION_KEYS = ("project", "team", "dataset")
PERIOD, DAYS, VERSUS, VERSUS_DAYS, WHERE = "period", "days", "versus", "versus_days", "where"
TARGET = "target"
_SEPARATOR = ": "


@dataclass(frozen=True)
class Chosen:
    """What the bar says: the window, the slices, the window compared with and its words."""

    scope: Scope
    versus: Period
    versus_words: str
    is_versus_target: bool


def bar(store: Store) -> Chosen:
    """Draw the filter bar and return what it says."""
    extent = store.extent()
    offered = windows.choices(extent, store.today)
    _read_short_link(offered)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filter_bar"):
        period = _period(offered, extent, store.today)
        versus, words, is_target = _comparison(period, store.today)
        picked = {name: _dimension(store, name) for name in DIMENSION_KEYS}
        picked |= _more_filters(store)
        st.space("stretch")
        _copy_link(period)
    return Chosen(scope(period, picked), versus, words, is_target)


def _read_short_link(offered: tuple[windows.Choice, ...]) -> None:
    """Let a link name its period shortly, like ?period=2026-W46 or two dates joined by "..".

    Only before the widget exists: from then on the widget owns the address.
    """
    name = st.query_params.get(PERIOD, "")
    if PERIOD in st.session_state or not name:
        return
    found = windows.by_name(name, offered)
    if found is None:
        return
    st.session_state[PERIOD], days = found
    if days is not None:
        st.session_state[DAYS] = (days.since, days.last_day)


def _period(offered: tuple[windows.Choice, ...], extent: Period | None, today: date) -> Period:
    by_code = {choice.code: choice for choice in offered}
    code = st.selectbox(
        "Period",
        list(by_code),
        key=PERIOD,
        bind="query-params",
        width=230,
        format_func=lambda code: by_code[code].label,
        label_visibility="collapsed",
    )
    period = by_code[code].period if code in by_code else offered[0].period
    if period is not None:
        return period
    fallback = offered[0].period or windows.newest_week(extent, today)
    return _dates(DAYS, "First and last day", fallback)


def _dates(key: str, label: str, fallback: Period) -> Period:
    """Two days picked by the reader; the fallback until both are there."""
    if key not in st.session_state:
        days = (fallback.since, fallback.last_day)
    else:
        days = None
    picked = st.date_input(
        label,
        **({"value": days} if days else {"value": ()}),
        key=key,
        bind="query-params",
        width=230,
        label_visibility="collapsed",
        format="YYYY-MM-DD",
    )
    if isinstance(picked, tuple) and len(picked) == 2:
        return Period(picked[0], picked[1] + timedelta(days=1))
    return fallback


def _comparison(period: Period, today: date) -> tuple[Period, str, bool]:
    choices = compare.choices(period, today)
    labels = choices | {TARGET: "vs target", windows.CUSTOM: "vs custom dates"}
    code = st.selectbox(
        "Compared with",
        list(labels),
        key=VERSUS,
        bind="query-params",
        width=190,
        format_func=lambda code: labels.get(code, code),
        label_visibility="collapsed",
    )
    if code == windows.CUSTOM:
        before = compare.window(period, "previous", today)
        dates = _dates(VERSUS_DAYS, "Compared with these days", before)
        return dates, f"vs {dates.short}", False
    is_target = code == TARGET
    versus = compare.window(period, "previous" if is_target else code, today)
    return versus, labels[code], is_target


def _dimension(store: Store, name: str) -> list[str]:
    label, plural = DIMENSIONS[name]
    values = store.dimension_values(name)
    return st.multiselect(
        label,
        values,
        key=name,
        bind="query-params",
        width=160,
        placeholder=f"All {plural}",
        label_visibility="collapsed",
        disabled=not values or values == [NOT_RECORDED],
    )


def _more_filters(store: Store) -> dict[str, list[str]]:
    """Filters set by clicking a bar of another dimension, shown only while there are some."""
    wanted = st.session_state.get(WHERE) or st.query_params.get_all(WHERE)
    options = [text for text in dict.fromkeys(wanted) if _parse(store, text)]
    if not options:
        return {}
    chosen = st.multiselect(
        "More filters",
        options,
        key=WHERE,
        bind="query-params",
        width=230,
        label_visibility="collapsed",
    )
    found: dict[str, list[str]] = {}
    for text in chosen:
        name, value = text.split(_SEPARATOR, 1)
        found.setdefault(_dimension_named(name), []).append(value)
    return found


def where_text(dimension: str, value: str) -> str:
    """A filter as the bar shows it: "Stage: Second review"."""
    return f"{DIMENSIONS[dimension][0]}{_SEPARATOR}{value}"


def _dimension_named(label: str) -> str:
    return next((name for name, words in DIMENSIONS.items() if words[0] == label), "")


def _parse(store: Store, text: str) -> bool:
    label, _, value = text.partition(_SEPARATOR)
    name = _dimension_named(label)
    return bool(name) and value in store.dimension_values(name)


def add(dimension: str, value: str) -> None:
    """Filter by one more value; for callbacks only, before the widgets are drawn."""
    key, entry = (
        (dimension, value) if dimension in DIMENSION_KEYS else (WHERE, where_text(dimension, value))
    )
    now = list(st.session_state.get(key) or [])
    st.session_state[key] = [one for one in now if one != entry] if entry in now else [*now, entry]


def show_period(period: Period) -> None:
    """Move the bar to a period of the list, or to custom dates; for callbacks only."""
    st.session_state[PERIOD] = windows.CUSTOM
    st.session_state[DAYS] = (period.since, period.last_day)


def _copy_link(period: Period) -> None:
    with st.popover("Copy link", icon=":material/link:", type="tertiary", width="content"):
        base = st.context.url or ""
        here = st.query_params.to_dict()
        moving = urlencode(_all_values(), doseq=True)
        st.markdown("**This view**  \n:small[:gray[Moves with the data: “newest” stays newest.]]")
        st.code(f"{base}?{moving}" if here else base, language=None, wrap_lines=True)
        fixed = urlencode(_all_values() | {PERIOD: [period.name]}, doseq=True)
        st.markdown("**Fixed link**  \n:small[:gray[The same days, whenever it is opened.]]")
        st.code(f"{base}?{fixed}", language=None, wrap_lines=True)


def _all_values() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params if key != DAYS}
