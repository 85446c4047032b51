"""The settings of one's own workspace, in a dialog."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import available_timezones

import streamlit as st

from data_access.warehouse import publish
from data_access.workspace import Settings, Workspace
from metrics.errors import AppError
from ui import messages
from ui.view import current

_PAPERS = ("Letter", "A4")


def button() -> None:
    """Open the settings."""
    if st.button("Settings", type="tertiary", key="settings"):
        st.dialog("Settings")(_form)()


def _form() -> None:
    store = current().store
    now = store.settings
    organization = st.text_input("Organization", value=now.organization, max_chars=120)
    audience = st.text_input("Reports are for", value=now.audience, max_chars=200)
    zones = sorted({*available_timezones(), now.reporting_zone})
    left, right = st.columns(2)
    zone = left.selectbox(
        "Days are cut in", zones, index=zones.index(now.reporting_zone),
        help="The time zone in which a day begins at midnight, for every number.",
    )  # fmt: skip
    paper = right.selectbox("Paper of the Word report", _PAPERS, index=_PAPERS.index(now.page))
    hides = st.toggle(
        "Show people as pseudonyms", value=now.hide_names,
        help="Stable names like Person 7F3K. Switch it off only where you may.",
    )  # fmt: skip
    if not st.button("Save", type="primary", key="save_settings"):
        return
    new = replace(
        now, organization=organization or now.organization, audience=audience or now.audience,
        reporting_zone=zone, page=paper, hide_names=hides,
    )  # fmt: skip
    _save(store.workspace, new)


def _save(workspace: Workspace, settings: Settings) -> None:
    """Keep them and build the tables that they cut, then show the page anew."""
    try:
        workspace.save_settings(settings)
        with st.spinner("Building the tables"):
            publish(workspace, set())
    except AppError as problem:
        messages.error(problem)
        return
    st.rerun()
