"""CSV templates of extracts: a head line and one example row."""

from __future__ import annotations

import csv
import io

import streamlit as st

from data_access.extracts.model import Extract


def button(extract: Extract, *, key: str) -> None:
    """Download the extract's template."""
    st.download_button(
        "CSV template",
        template(extract),
        f"{extract.name}_template.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )


def template(extract: Extract) -> bytes:
    """A CSV with every column of the extract and one valid example row."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.name for column in extract.columns])
    writer.writerow([column.example for column in extract.columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
