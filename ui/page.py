"""The head of every page."""

from __future__ import annotations

import streamlit as st

from ui.view import View, current


def start(*parts: str) -> View:
    """Draw the title with one grey line of scope under it, and return the run's view."""
    view = current()
    line = " \N{MIDDLE DOT} ".join(part for part in parts if part)
    with st.container(gap=None):
        st.title(view.title, anchor=False)
        if line:
            st.markdown(f":gray[{line}]")
    return view
