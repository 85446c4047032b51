"""What surrounds every page: logo, sample banner, filter bar, heartbeat, footer."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from analysis import compare
from data_access import catching_up
from data_access.store import Store
from metrics.errors import AppError
from metrics.periods import newest_week
from metrics.scope import Scope
from ui import filters, guide_links, messages, session_workspace, settings_form
from ui.messages import quiet
from ui.text import md_escape
from ui.view import View, browser_theme, current

_HEARTBEAT_SECONDS = 5
_CAUTION = "_caution"


def _picture(name: str) -> str:
    """A picture of ours as an address that holds it: a file's would be asked for at every rerun."""
    content = (Path(__file__).parent / "assets" / name).read_bytes()
    return f"data:image/svg+xml;base64,{b64encode(content).decode()}"


_ICON, _LOGO = _picture("icon.svg"), _picture("logo.svg")


def run(
    page: StreamlitPage,
    *,
    without_filters: Sequence[StreamlitPage] = (),
    without_slices: Sequence[StreamlitPage] = (),
    titles: Sequence[str] = (),
) -> None:
    """Draw the chosen page inside the frame, on one pinned snapshot.

    Args:
        page: chosen in the menu.
        without_filters: pages to which no filter applies.
        without_slices: pages about everything, where only period and comparison apply.
        titles: what the pages of the menu are called.
    """
    st.set_page_config(
        page_title=f"{page.title} \N{MIDDLE DOT} Plumbline",
        page_icon=_ICON,
        layout="wide",
    )
    st.logo(_LOGO, size="medium")
    try:
        store = Store.open(session_workspace.workspace())
        dimensions = () if page in without_slices else filters.DIMENSION_KEYS
        view = _view(store, page, None if page in without_filters else dimensions)
        view.keep()
        guide_links.keep_titles([*titles])
        _sample_banner(store)
        _caution(store)
        page.run()
        _footer(store)
        _heartbeat()
    except AppError as problem:
        messages.error(problem)


def _view(store: Store, page: StreamlitPage, dimensions: Sequence[str] | None) -> View:
    if dimensions is not None and store.extent() is not None:
        chosen = filters.bar(store, dimensions)
        return View(store, chosen.scope, chosen.comparison, page.title, browser_theme())
    period = newest_week(store.extent(), store.today)
    comparison = compare.windows(period, "previous", store.today)
    return View(store, Scope(period), comparison, page.title, browser_theme())


def _sample_banner(store: Store) -> None:
    if not store.settings.is_sample:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="sample_banner"):
        st.markdown(
            ":blue-badge[Sample data] Invented projects, teams and people, so that you can look "
            "around. Nothing here is real.",
            width="stretch",
        )
        st.button(
            "Start with your own data",
            icon=":material/arrow_forward:",
            type="tertiary",
            key="start_own",
            on_click=filters.switch_workspace,
            args=("own",),
        )


def _caution(store: Store) -> None:
    """Say that accepted files are in no number yet, where they could not be built."""
    problem = catching_up.trouble(store.workspace)
    st.session_state[_CAUTION] = problem.text if problem else ""
    if problem:
        st.warning(f"**▲ {md_escape(problem.text)}**")


def _footer(store: Store) -> None:
    kind = "sample data" if store.settings.is_sample else md_escape(store.settings.organization)
    with st.container(horizontal=True, vertical_alignment="center", key="footer"):
        quiet(f"{_snapshot(store)} · {kind}", width="stretch")
        if not store.settings.is_sample:
            settings_form.button()
            st.button(
                "Show the sample data",
                type="tertiary",
                key="show_sample",
                on_click=filters.switch_workspace,
                args=("sample",),
            )


def _snapshot(store: Store) -> str:
    return md_escape(store.snapshot.removesuffix(".duckdb").replace("-", " ", 1).capitalize())


@st.fragment(run_every=_HEARTBEAT_SECONDS)
def _heartbeat() -> None:
    """Move on to a newer snapshot when one was published; build what was left unbuilt."""
    shown, workspace = current().store, session_workspace.workspace()
    catching_up.keep_up(workspace)
    problem = catching_up.trouble(workspace)
    try:
        now = Store.open(workspace)
    except AppError:
        st.rerun()  # the whole page says what is wrong
    seen = (shown.snapshot, shown.workspace.root, st.session_state.get(_CAUTION, ""))
    if (now.snapshot, now.workspace.root, problem.text if problem else "") != seen:
        st.rerun()
