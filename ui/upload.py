"""The Upload page: choose a file, see the dry run, answer, accept; then what changed."""

from __future__ import annotations

import streamlit as st

from data_access import workspace as workspaces
from data_access.extracts import EXTRACTS
from data_access.readers.labeling.formats import FORMATS
from data_access.store import Store
from data_access.workspace import Workspace
from ui import (
    after_upload,
    draft,
    filters,
    messages,
    session_workspace,
    templates,
    upload_history,
    who,
    work,
)
from ui.draft import Draft
from ui.dry_run import show as show_dry_run
from ui.text import md_escape
from ui.view import View

_TOLD = "_upload_told"
_TOLD_OF = "_upload_told_of"  # which extract it was
_PAGE_OF = {  # extract → the page that is about its rows
    "annotations": ("Agreement", "pages/quality/agreement.py"),
    "deliveries": ("Deliveries", "pages/delivery/deliveries.py"),
    "issues": ("Issue desk", "pages/now/issue_desk.py"),
    "reviews": ("Reviews", "pages/quality/reviews.py"),
    "work_log": ("Flow", "pages/operations/flow.py"),
}
_TRIES = "_upload_tries"
FILE_TYPES = (
    "csv", "tsv", "txt", "xlsx", "xlsm", "parquet", "json", "jsonl", "ndjson", "gz",
)  # fmt: skip


def wizard(view: View) -> None:
    """The whole of the page."""
    goes_to = workspaces.own()
    under_way = draft.current()
    _steps(under_way)
    if view.store.settings.is_sample:
        st.markdown(
            ":small[:gray[Your files go into a workspace of your own; the sample stays as it is.]]"
        )
    _say_what_changed()
    if under_way is None:
        _choose(goes_to)
    elif under_way.running is not None:
        work.show(under_way.running)
    else:
        _go_on(under_way)
    upload_history.table(view)


def _steps(under_way: Draft | None) -> None:
    at = 1 if under_way is None else 3 if under_way.accepting else 2
    faces = []
    for number, name in enumerate(("Choose a file", "Dry run", "Accept"), start=1):
        if number < at:
            faces.append(f":green-badge[● {number} {name}]")
        elif number == at:
            faces.append(f":blue-badge[▶ **{number} {name}**]")
        else:
            faces.append(f":gray-badge[○ {number} {name}]")
    st.markdown(" → ".join(faces))


def _choose(goes_to: Workspace) -> None:
    tries = st.session_state.setdefault(_TRIES, 0)
    sent = st.file_uploader(
        "The extract: CSV, TSV, Excel sheet, Parquet, an annotation export, or gzip of these",
        type=FILE_TYPES,
        key=f"file_{tries}",
        help="Encoding, delimiter, type of extract and columns are found by themselves and shown. "
        "Annotation exports:\n\n" + "\n".join(f"- {one.name}" for one in FORMATS),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(":small[:gray[Templates with the right columns:]]", width="content")
        for extract in EXTRACTS.values():
            templates.link(extract, key=f"template_{extract.name}")
    if sent is not None:
        st.session_state[_TRIES] = tries + 1
        st.session_state.pop(_TOLD, None)
        draft.begin(goes_to, sent.name, sent)
        st.rerun()


def _go_on(under_way: Draft) -> None:
    """The work is over: show the dry run, or what went wrong, or that it was accepted."""
    if under_way.accepting is not None:
        if under_way.accepting.result is not None:
            st.session_state[_TOLD] = (under_way.file_name, under_way.accepting.result)
            kind = under_way.dry_run.extract if under_way.dry_run else ""
            st.session_state[_TOLD_OF] = kind
            if not session_workspace.is_own():
                filters.switch_workspace("own")
            under_way.close()
            st.rerun()
        if under_way.accepting.error is not None:
            messages.error(under_way.accepting.error)
        under_way.accepting = None
    if under_way.checking is not None and under_way.checking.error is not None:
        messages.error(under_way.checking.error)
        _other_file(under_way, "Choose another file")
        return
    found = under_way.dry_run
    if found is None:
        return
    show_dry_run(under_way, found)
    if found.can_accept:
        _accept(under_way)
    else:
        _other_file(under_way, "Choose another file")


def _accept(under_way: Draft) -> None:
    found = under_way.dry_run
    assert found is not None
    with st.container(horizontal=True, vertical_alignment="bottom", key="accept_row"):
        signed = who.ask(key="upload")
        is_accepted = st.button(
            f"Accept {found.accepted:,} {'row' if found.accepted == 1 else 'rows'}",
            type="primary", icon=":material/check:", key="accept", disabled=not signed,
        )  # fmt: skip
        st.button("Cancel", key="cancel", on_click=under_way.close)
        st.markdown(
            ":small[:gray[The original and the accepted rows are kept; the tables are built anew "
            "beside the old ones. Open pages move to the new data by themselves.]]",
            width="stretch",
        )
    if is_accepted:
        before, workspace = Store.open(under_way.workspace), under_way.workspace
        under_way.accept(signed, lambda: after_upload.told(before, workspace))
        st.rerun()


def _other_file(under_way: Draft, label: str) -> None:
    st.button(label, icon=":material/upload_file:", key="other_file", on_click=under_way.close)


def _say_what_changed() -> None:
    """One sentence: what the accepted file changed on This week, with the link."""
    if _TOLD not in st.session_state:
        return
    name, sentence = st.session_state[_TOLD]
    with st.container(horizontal=True, vertical_alignment="center", key="accepted"):
        st.success(f"**● Accepted {md_escape(name)}.** {md_escape(sentence)}", width="stretch")
        st.page_link("pages/now/this_week.py", label="Open This week")
        if found := _PAGE_OF.get(st.session_state.get(_TOLD_OF, "")):
            title, path = found
            st.page_link(path, label=f"Open {title}")
