"""What a tracker's statuses are called: shown, and changed by hand."""

from __future__ import annotations

import streamlit as st

from data_access.ingest import STATUS, DryRun, status_names
from ui.draft import Draft
from ui.messages import quiet


def button(under_way: Draft, found: DryRun, times: DryRun) -> None:
    """Open the names of the statuses of a table; nothing where none is to be named.

    Args:
        under_way: the upload.
        found: the dry run of its file.
        times: that of the further table.
    """
    asked = {question.key for question in found.questions}
    names = {
        one: name for one, name in status_names(times).items() if f"{STATUS}{one}" not in asked
    }
    if not names:
        return
    with (
        st.popover("Status names", icon=":material/label:", type="tertiary"),
        st.form("status_names", border=False),
    ):
        quiet(
            "As named before. The tracker's export gives numbers only. A new name holds for every "
            "row of this source with that status, those of earlier files too."
        )
        typed = {
            one: st.text_input(f"Status {one}", value=name, key=f"status_name_{one}", max_chars=200)
            for one, name in names.items()
        }
        if st.form_submit_button("Check again with these names", key="check_status_names"):
            under_way.answer(
                {f"{STATUS}{one}": name.strip() for one, name in typed.items() if name.strip()}
            )
            st.rerun()
