"""Which workspace this reader looks at: the session's own choice, so that nobody moves another.

A link names it; a session without a link begins with the one in use (the newest choice of anybody).
"""

from __future__ import annotations

import streamlit as st

from data_access import workspace as workspaces
from data_access.workspace import Name, Workspace

PARAMETER = "workspace"
_KEY = "_workspace"


def workspace() -> Workspace:
    """The workspace of this session."""
    if _KEY not in st.session_state:
        asked = st.query_params.get(PARAMETER, "")
        is_there = asked == "sample" or (asked == "own" and workspaces.own().is_begun)
        st.session_state[_KEY] = asked if is_there else workspaces.active().name
    return workspaces.own() if st.session_state[_KEY] == "own" else workspaces.sample()


def is_own() -> bool:
    """Whether that is the reader's own data, not the sample."""
    return workspace().name == "own"


def switch(name: Name) -> None:
    """Look at the other workspace from now on, and begin there next time; for callbacks."""
    workspaces.activate(name)
    st.session_state[_KEY] = name
    if PARAMETER in st.query_params:
        del st.query_params[PARAMETER]
