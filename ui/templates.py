"""The download of an extract's CSV template."""

from __future__ import annotations

import streamlit as st

from data_access.extracts.model import Extract
from data_access.extracts.template import template


def button(extract: Extract, *, key: str) -> None:
    """Download a file with the right header and one valid example row."""
    st.download_button(
        "CSV template",
        template(extract),
        f"{extract.name}_template.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )


def link(extract: Extract, *, key: str) -> None:
    """The same as a quiet link that names the extract."""
    st.download_button(
        f":primary[:small[{extract.label}]]",
        template(extract),
        f"{extract.name}_template.csv",
        "text/csv",
        on_click="ignore",
        key=key,
        type="tertiary",
    )
