"""Who is writing: a name typed once and kept."""

from __future__ import annotations

import streamlit as st

from data_access.workspace import own
from metrics.errors import AppError
from ui.view import records

_KEY = "_who"


def name() -> str:
    """The name things are signed with; "" until one was typed."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = records(own()).person()
    return str(st.session_state[_KEY])


def ask(*, key: str) -> str:
    """The name, with a field to type it when there is none or to change it."""
    known = name()
    typed = st.text_input(
        "Your name",
        value=known,
        key=f"who_{key}",
        max_chars=200,
        autocomplete="name",
        help="Signed under what you accept and write. Kept on this computer until you change it.",
    )
    new = " ".join((typed or "").split())
    if new and new != known:
        records(own()).remember_person(new)
        st.session_state[_KEY] = new
    return new


def required(who: str) -> str:
    """The name, or an error that asks for it."""
    if not who:
        raise AppError("Your name is missing.", next_step="Type it once; it is kept.")
    return who
