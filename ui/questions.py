"""The open questions of a dry run as a form."""

from __future__ import annotations

from zoneinfo import available_timezones

import streamlit as st

from data_access.ingest import DryRun, Question
from ui.draft import Draft
from ui.text import md_escape


def form(under_way: Draft, found: DryRun) -> None:
    """One widget a question; suggestions are filled in, the rest must be answered."""
    if not found.questions:
        return
    with st.form("questions", border=True):
        st.markdown(
            "**Answer once; the answers are remembered for files like this one**  \n"
            ":small[:gray[What is filled in is the suggestion.]]"
        )
        answers = {question.key: _ask(question) for question in found.questions}
        if st.form_submit_button("Check again with these answers", key="check_again"):
            said = {key: value for key, value in answers.items() if value}
            under_way.answer(said)
            st.rerun()


def _ask(question: Question) -> str | None:
    label = md_escape(question.label or question.key)
    st.markdown(f"**{label}**  \n:small[:gray[{md_escape(question.text)}]]")
    key = f"question_{question.key}"
    if question.key == "zone":
        zones = sorted(available_timezones())
        return st.selectbox(
            label, zones, key=key, label_visibility="collapsed",
            index=zones.index(question.default) if question.default in zones else None,
            placeholder="Choose a time zone",
        )  # fmt: skip
    if not question.choices:
        return st.text_input(
            label, value=question.default or "", key=key, label_visibility="collapsed"
        )
    choices = list(question.choices)
    return st.selectbox(
        label, choices, key=key, label_visibility="collapsed", placeholder="Choose",
        index=choices.index(question.default) if question.default in choices else None,
        accept_new_options=question.key in ("source", "fields"),
    )  # fmt: skip
