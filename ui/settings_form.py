"""The settings of one's own workspace, in a dialog."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import available_timezones

import streamlit as st

from data_access.store import Store, TerminalStage
from data_access.warehouse import save_settings
from data_access.workspace import Settings, Workspace
from metrics.errors import AppError
from metrics.scope import Scope
from ui import messages
from ui.messages import quiet
from ui.text import count_of, md_escape
from ui.view import current

_PAPERS = ("Letter", "A4")


def button() -> None:
    """Open the settings."""
    if st.button("Settings", type="tertiary", key="settings"):
        st.dialog("Settings")(_form)()


def _form() -> None:
    """The settings as saved last; the numbers can still be those of the settings before."""
    store = current().store
    now = store.workspace.settings
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
    stages = _terminal_stages(store, now.terminal_stages)
    if not st.button("Save", type="primary", key="save_settings"):
        return
    new = replace(
        now, organization=organization or now.organization, audience=audience or now.audience,
        reporting_zone=zone, page=paper, hide_names=hides, terminal_stages=stages,
    )  # fmt: skip
    _save(store.workspace, new)


def _terminal_stages(store: Store, chosen: dict[str, str]) -> dict[str, str]:
    """Project → the stage chosen for it; projects that follow the suggestion are not in it."""
    found = store.terminal_stages()
    if not found:
        return chosen
    picked = dict(chosen)
    with st.expander(f"When an item is complete ({count_of(len(found), 'project')})"):
        quiet("At the finish of this stage. Suggested is the stage at which most items end.")
        for row in found:
            stage = _stage(store, row, chosen.get(row.project, ""))
            picked[row.project] = stage
    return {project: stage for project, stage in picked.items() if stage}


def _stage(store: Store, row: TerminalStage, chosen: str) -> str:
    """The stage picked for a project; "" for the suggestion."""
    of_project = Scope(current().period, (("project", (row.project,)),))
    known = {*store.dimension_values("stage", of_project), chosen} - {""}
    suggestion = "No suggestion: no item has ended"
    if row.suggested is not None:
        ending = count_of(row.items_ending_there, "item")
        suggestion = f"Suggested: {row.suggested} ({ending} ended there)"
    options = ["", *sorted(known, key=str.casefold)]
    return st.selectbox(
        md_escape(row.project), options, index=options.index(chosen),
        format_func=lambda stage: stage or suggestion, key=f"terminal_{row.project}",
    )  # fmt: skip


def _save(workspace: Workspace, settings: Settings) -> None:
    """Keep them and build the tables that they cut, then show the page anew."""
    try:
        with st.spinner("Building the tables"):
            save_settings(workspace, settings)
    except AppError as problem:
        messages.error(problem)
        return
    st.rerun()
