"""The filter bar every page shares: period, comparison, project, team, dataset.

Each widget is bound to the address, so a copied link shows the same view. Nothing writes these
keys but the widgets themselves and the callbacks of chart clicks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from analysis import compare
from analysis.compare import Comparison
from data_access.store import Store
from data_access.workspace import Name
from metrics.periods import Period, previous
from metrics.scope import DIMENSIONS, NOT_RECORDED, Scope, scope
from ui import session_workspace, windows
from ui.memo import remember
from ui.text import md_escape
from ui.view import current

DIMENSION_KEYS = ("project", "team", "dataset")
PERIOD, DAYS, VERSUS, VERSUS_DAYS, WHERE = "period", "days", "versus", "versus_days", "where"
DATES = "dates"  # of a fixed link: the period by name, whatever the list offers
_SEPARATOR = ": "
_LISTED = (
    "stage",
    "review_stage",
    "outcome",
    "error_type",
    "severity",
    "type",
    "priority",
    "source",
)
_VERSUS_LABELS: dict[compare.Choice, str] = {
    "previous": "vs the period before",
    "matching_weekdays": "vs matching weekdays",
    "same_week_last_year": "vs same week last year",
    "target": "vs target",
    "custom": "vs other dates",
}


@dataclass(frozen=True)
class Chosen:
    """What the bar says: the window, the slices and the window compared with."""

    scope: Scope
    comparison: Comparison


def bar(store: Store, dimensions: Sequence[str] = DIMENSION_KEYS) -> Chosen:
    """Draw the filter bar and return what it says; without dimensions on pages about everything."""
    offered = windows.choices(store.extent(), store.today)
    _read_short_link(offered)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filter_bar"):
        period = _period(offered)
        comparison = _comparison(period, store.today)
        picked = {name: _dimension(store, name) for name in dimensions}
        picked |= _more_filters(store) if dimensions else {}
        st.space("stretch")
        _copy_link(period)
    return Chosen(scope(period, picked), comparison)


def _read_short_link(offered: tuple[windows.Choice, ...]) -> None:
    """Let a link name its days shortly: ?dates=2026-W46, 2026-11 or two days joined by "..".

    Read once, before the period widget exists, and then taken out of the address: from there on
    the widget owns it.
    """
    name = st.query_params.get(DATES, "")
    if not name:
        return
    del st.query_params[DATES]
    found = windows.by_name(name, offered)
    if found is None:
        _tell_left_out([name])
        return
    st.session_state[PERIOD], days = found
    label = next(choice.label for choice in offered if choice.code == found[0])
    st.query_params[PERIOD] = label  # not bound yet: the widget leaves the address alone now
    if days is not None:
        st.session_state[DAYS] = (days.since, days.last_day)
        st.query_params[DAYS] = (days.since.isoformat(), days.last_day.isoformat())


def _period(offered: tuple[windows.Choice, ...]) -> Period:
    by_code = {choice.code: choice for choice in offered}
    code = st.selectbox(
        "Period",
        list(by_code),
        key=PERIOD,
        bind="query-params",
        width=230,
        format_func=lambda code: by_code[code].label if code in by_code else str(code),
        label_visibility="collapsed",
    )
    period = by_code[code].period
    return period or _days(DAYS, "First and last day", offered[0].period)


def _days(key: str, label: str, fallback: Period | None) -> Period:
    """Two days picked by the reader; the fallback until both are there."""
    assert fallback is not None, "the first choice is always a week"
    st.session_state.setdefault(key, (fallback.since, fallback.last_day))
    picked: Any = st.date_input(
        label,
        key=key,
        bind="query-params",
        width=230,
        label_visibility="collapsed",
        format="YYYY-MM-DD",
    )
    if isinstance(picked, tuple) and len(picked) == 2:
        return Period(picked[0], picked[1] + timedelta(days=1))
    return fallback


def _comparison(period: Period, today: date) -> Comparison:
    before = compare.windows(period, "previous", today)
    labels = _VERSUS_LABELS | {"previous": f"vs {before.label}".replace("\xa0", " ")}
    others = [code for code in labels if code != "previous"]
    if st.session_state.get(VERSUS) not in (None, *others):
        # The label of "previous" follows the period; said again, the browser shows the new one.
        st.session_state[VERSUS] = "previous"
    picked = st.selectbox(
        "Compared with",
        list(labels),
        key=VERSUS,
        bind="query-params",
        width=190,
        format_func=lambda code: labels.get(code, str(code)),
        label_visibility="collapsed",
    )
    code: compare.Choice = next((code for code in labels if code == picked), "previous")
    if code == "previous":
        return before
    custom = None
    if code == "custom":
        custom = _days(VERSUS_DAYS, "Compared with these days", previous(period))
    return compare.windows(period, code, today, custom=custom)


def _dimension(store: Store, name: str) -> list[str]:
    label, plural = DIMENSIONS[name]
    values = store.dimension_values(name)
    _tell_left_out([asked for asked in st.query_params.get_all(name) if asked not in values])
    return st.multiselect(
        label,
        values,
        key=name,
        bind="query-params",
        width=160,
        placeholder=f"All {plural}",
        label_visibility="collapsed",
        disabled=values in ([], [NOT_RECORDED]),
    )


def _tell_left_out(names: Sequence[str]) -> None:
    """Say what a link asks for and the data do not have; the widgets drop it without a word."""
    if names:
        what = ", ".join(names)[:200]
        st.toast(f"The link asks for {md_escape(what)}, which is not in these data: left out.")


def _more_filters(store: Store) -> dict[str, list[str]]:
    """Filters by the other dimensions; a click on a bar adds its slice here."""
    wanted = [*(st.session_state.get(WHERE) or ()), *st.query_params.get_all(WHERE)]
    listed = remember(
        (store.workspace.root, store.snapshot, "filters"), lambda: _offered_filters(store)
    )
    options = [*listed, *(text for text in wanted if _split(store, text))]
    chosen = st.multiselect(
        "More filters",
        list(dict.fromkeys(options)),
        key=WHERE,
        bind="query-params",
        width=160,
        placeholder="More filters",
        label_visibility="collapsed",
    )
    found: dict[str, list[str]] = {}
    for text in chosen:
        split = _split(store, text)
        if split is not None:
            found.setdefault(split[0], []).append(split[1])
    return found


def _offered_filters(store: Store) -> list[str]:
    """The slices that the list offers by itself; people and batches only come by a click."""
    return [
        filter_text(name, value)
        for name in _LISTED
        for value in store.dimension_values(name)
        if value != NOT_RECORDED
    ]


def filter_text(dimension: str, value: str) -> str:
    """A filter as the list shows it: "Stage: Second review"."""
    return f"{DIMENSIONS[dimension][0]}{_SEPARATOR}{value}"


def _split(store: Store, text: str) -> tuple[str, str] | None:
    """The dimension and value of "Stage: Second review"; None when the data have no such value."""
    label, _, value = str(text).partition(_SEPARATOR)
    for name, (words, _plural) in DIMENSIONS.items():
        if words == label and value in store.dimension_values(name):
            return name, value
    return None


def toggle(dimension: str, value: str) -> None:
    """Filter by one more value, or no longer by it; for callbacks only."""
    in_bar = dimension in DIMENSION_KEYS
    key = dimension if in_bar else WHERE
    entry = value if in_bar else filter_text(dimension, value)
    now = list(st.session_state.get(key) or [])
    st.session_state[key] = [one for one in now if one != entry] if entry in now else [*now, entry]


def show_period(period: Period) -> None:
    """Move the bar to a period, as a short link would; for callbacks only."""
    store = current().store
    found = windows.by_name(period.name, windows.choices(store.extent(), store.today))
    if found is not None:
        st.session_state[PERIOD], days = found
        if days is not None:
            st.session_state[DAYS] = (days.since, days.last_day)


def switch_workspace(name: Name) -> None:
    """Look at the other workspace, all of its newest week; before the bar is drawn."""
    session_workspace.switch(name)
    store = Store.open(session_workspace.workspace())
    st.session_state[PERIOD] = windows.choices(store.extent(), store.today)[0].code
    st.session_state[VERSUS] = "previous"
    for key in (*DIMENSION_KEYS, WHERE):
        st.session_state[key] = []


def link(period: Period, **also: str) -> str:
    """The address of this view with its days spelled out."""
    moving = (PERIOD, DAYS)
    params = {key: values for key, values in _params().items() if key not in moving}
    params |= {DATES: [period.name]} | {k: [v] for k, v in also.items()}
    return f"{st.context.url or ''}?{urlencode(params, doseq=True)}"


def _params() -> dict[str, list[str]]:
    """What the address holds; picked days from the widgets, which know them first."""
    params = {key: st.query_params.get_all(key) for key in st.query_params}
    for key, is_used in (
        (DAYS, st.session_state.get(PERIOD) == windows.CUSTOM),
        (VERSUS_DAYS, st.session_state.get(VERSUS) == "custom"),
    ):
        days = st.session_state.get(key) if is_used else None
        if days and len(days) == 2:
            params[key] = [day.isoformat() for day in days]
    return {session_workspace.PARAMETER: [session_workspace.workspace().name], **params}


def _copy_link(period: Period) -> None:
    """Both links in a popover whose inside runs only while it is open."""
    spot = st.popover(
        "Copy link", icon=":material/link:", type="tertiary", key="copy_link", on_change="rerun"
    )
    if not spot.open:
        return
    with spot:
        base, query = st.context.url or "", urlencode(_params(), doseq=True)
        st.markdown("**This view**  \n:small[:gray[Moves on with the data.]]")
        st.code(f"{base}?{query}" if query else base, language=None, wrap_lines=True)
        st.markdown("**Fixed link**  \n:small[:gray[The same days, whenever it is opened.]]")
        st.code(link(period), language=None, wrap_lines=True)
