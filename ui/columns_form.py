"""Which of their columns is which of ours: shown, and changed by hand."""

from __future__ import annotations

import streamlit as st

from data_access.ingest import DryRun
from ui.draft import Draft
from ui.text import md_escape

_NONE = "(not in the file)"


def button(under_way: Draft, found: DryRun) -> None:
    """Open the list of columns, used and left out."""
    if st.button("Columns", icon=":material/view_column:", type="tertiary", key="columns"):
        st.dialog("Columns", width="large")(_dialog)(under_way, found)


def _dialog(under_way: Draft, found: DryRun) -> None:
    columns = found.columns
    assert columns is not None
    if columns.left_out:
        names = ", ".join(md_escape(left.theirs) for left in columns.left_out)
        st.markdown(f":small[:gray[Left out and never stored: {names}.]]")
    st.markdown("**Where each of our columns comes from**")
    matched = {match.column.name: match.theirs for match in columns.matched}
    theirs = [*dict.fromkeys([*matched.values(), *(left.theirs for left in columns.left_out)])]
    chosen: dict[str, str] = {}
    with st.form("columns_form", border=False):
        with st.grid(2, min_column_width=260):
            for column in columns.extract.columns:
                now = matched.get(column.name, _NONE)
                options = [_NONE, *theirs]
                chosen[column.name] = st.selectbox(
                    f"{column.label}{' (required)' if column.required else ''}",
                    options, index=options.index(now) if now in options else 0,
                    key=f"column_{column.name}", help=column.description,
                )  # fmt: skip
        if st.form_submit_button("Check again", type="primary"):
            changed = {
                f"map:{name}": "" if their == _NONE else their
                for name, their in chosen.items()
                if their != matched.get(name, _NONE)
            }
            if changed:
                under_way.answer(changed)
            st.rerun()
