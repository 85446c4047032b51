"""The history of uploads: who, when, what, how many rows; undo and restore."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from data_access import ingest
from data_access.extracts import EXTRACTS
from data_access.manifests import Upload, uploads
from metrics.errors import AppError
from ui import messages, who, work
from ui.messages import quiet
from ui.sources import when
from ui.text import count_of, md_escape
from ui.view import View

_ASKED = "_history_asked"
_JOB = "_history_job"
_CLICK = "history_click"
_CLICK_REFUSED = "history_refused_click"
_REFUSED = "Refused rows"
_SHOWN = 100
Parts = dict[str, list[Upload]]
_COUNTS = ("Rows", "New", "Changed", "Same", "Vanished", "Refused")


def table(view: View) -> None:
    """Every accepted file, newest first, with its way back."""
    all_of_them, parts = _files(view)
    found = all_of_them[:_SHOWN]
    st.header("History", anchor=False)
    _finish()
    if not found:
        st.markdown(":gray[Nothing was uploaded yet.]")
        return
    ids = [upload.upload_id for upload in found]
    st.dataframe(
        pa.table(_columns(found, parts, is_sample=view.store.settings.is_sample)),
        hide_index=True, placeholder="", key="history", alt="History of uploads, newest first",
        column_config={
            "Accepted": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", width=140),
            "Type": st.column_config.TextColumn(width=110),
            "Source": st.column_config.TextColumn(width=110),
            "File": st.column_config.TextColumn(width=190),
            **{name: st.column_config.NumberColumn(format="localized", width=74)
               for name in _COUNTS},
            "Also": st.column_config.TextColumn(
                width=110, help="Further tables of the same file."
            ),
            "By": st.column_config.TextColumn(width=100),
            "SHA-256": st.column_config.TextColumn(width=110),
            "State": st.column_config.TextColumn(width=90),
            _REFUSED: st.column_config.ButtonColumn(
                "", key=_CLICK_REFUSED, type="tertiary", width=110, on_click=_ask,
                args=(_CLICK_REFUSED, ids),
            ),
            "Way back": st.column_config.ButtonColumn(
                "", key=_CLICK, type="tertiary", width=80, on_click=_ask, args=(_CLICK, ids),
            ),
        },
    )  # fmt: skip
    if len(all_of_them) > _SHOWN:
        quiet(
            f"The newest {_SHOWN} of {len(all_of_them):,} uploads; `python start.py uploads` lists "
            "all."
        )
    quiet("Times are UTC. An undone upload gives back what it replaced and can be restored.")
    _ask_about(view, found, parts)


def _files(view: View) -> tuple[list[Upload], Parts]:
    """(the accepted files, newest first; the further tables of each: they have no line)."""
    tables = uploads(view.store.workspace)[::-1]
    parts: Parts = defaultdict(list)
    for upload in tables:
        if upload.part_of:
            parts[upload.part_of].append(upload)
    return [upload for upload in tables if not upload.part_of], parts


def _beside(tables: Sequence[Upload]) -> str:
    """The further tables of a file: "305 reviews"."""
    return ", ".join(f"{one.rows:,} {one.extract.replace('_', ' ')}" for one in tables)


def _with_refused(upload: Upload, parts: Parts) -> list[Upload]:
    """The tables of a file whose refused rows are there to download."""
    tables = (upload, *parts.get(upload.upload_id, ()))
    return [one for one in tables if one.refused > 0 and one.refused_path.exists()]


def _columns(found: list[Upload], parts: Parts, *, is_sample: bool) -> dict[str, Any]:
    """The columns of the history; with the buttons that something can be done by."""
    kept = [_with_refused(upload, parts) for upload in found]
    columns: dict[str, Any] = {
        "Accepted": pa.array([upload.accepted_at for upload in found], pa.timestamp("us")),
        "File": [upload.file_name for upload in found],
        "State": [_state(upload) for upload in found],
    }
    if not is_sample:
        columns["Way back"] = ["Restore" if upload.withdrawn_at else "Undo" for upload in found]
    columns |= {name: [getattr(upload, name.lower()) for upload in found] for name in _COUNTS}
    if any(kept):
        columns[_REFUSED] = [_REFUSED if is_kept else None for is_kept in kept]
    if parts:
        columns["Also"] = [_beside(parts.get(upload.upload_id, ())) for upload in found]
    return columns | {
        "Type": [_label(upload) for upload in found],
        "Source": [upload.source for upload in found],
        "By": [upload.by for upload in found],
        "SHA-256": [upload.sha256 for upload in found],
    }


def _ask_about(view: View, found: list[Upload], parts: Parts) -> None:
    """The dialog of the upload whose button was clicked."""
    click, asked = st.session_state.pop(_ASKED, (None, None))
    chosen = next((upload for upload in found if upload.upload_id == asked), None)
    if chosen is None:
        return
    if click == _CLICK_REFUSED:
        st.dialog(_REFUSED)(_refused)(_with_refused(chosen, parts))
    else:
        verb = "Restore" if chosen.withdrawn_at else "Undo"
        tables = [chosen, *parts.get(chosen.upload_id, ())]
        st.dialog(f"{verb} this upload?")(_confirm)(view, tables, verb)


def _refused(tables: list[Upload]) -> None:
    """The refused rows of a file to download; they are read when they are asked for."""
    for upload in tables:
        st.markdown(
            f"**{md_escape(upload.file_name)}**  \n:gray[{_label(upload)}: "
            f"{count_of(upload.refused, 'row')} refused, "
            "each with its line, column, value and reason.]"
        )
        st.download_button(
            "CSV", upload.refused_path.read_bytes, f"{upload.upload_id}_refused_rows.csv",
            "text/csv", icon=":material/download:", on_click="ignore",
            key=f"history_refused_csv_{upload.extract}",
        )  # fmt: skip


def _label(upload: Upload) -> str:
    return EXTRACTS[upload.extract].label if upload.extract in EXTRACTS else upload.extract


def _state(upload: Upload) -> str:
    return f"○ Undone {when(upload.withdrawn_at)}" if upload.withdrawn_at else "● In force"


def _ask(key: str, ids: list[str]) -> None:
    click = st.session_state[key]
    if click is not None:
        st.session_state[_ASKED] = (key, ids[click.row])


def _confirm(view: View, tables: list[Upload], verb: str) -> None:
    upload, *beside = tables
    rows = " and ".join(filter(None, (count_of(upload.rows, "row"), _beside(beside))))
    effect = (
        "Its rows come back into every number."
        if upload.withdrawn_at
        else "Its rows leave every number, and what it replaced comes back. Reports that used it "
        "are marked. It can be restored."
    )
    st.markdown(
        f"**{md_escape(upload.file_name)}**  \n:gray[{rows}, accepted "
        f"{when(upload.accepted_at)} by {md_escape(upload.by)}. {effect}]"
    )
    signed = who.ask(key="history")
    if st.button(verb, type="primary", disabled=not signed, key="confirm_way_back"):
        workspace = view.store.workspace
        do = ingest.restore if upload.withdrawn_at else ingest.withdraw
        st.session_state[_JOB] = work.start(
            f"{verb} {upload.file_name}",
            lambda _tell: do(workspace, upload.upload_id, by=signed, clock=workspace.clock()),
        )
        st.rerun()


def _finish() -> None:
    """Show the undo or restore under way, and its error when it failed."""
    job: work.Job[None] | None = st.session_state.get(_JOB)
    if job is None:
        return
    if not job.is_over:
        work.show(job)
        return
    del st.session_state[_JOB]
    if isinstance(job.error, AppError):
        messages.error(job.error)
    else:
        st.success(f"**● Done:** {md_escape(job.label)}. The pages show what holds now.")
