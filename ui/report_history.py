"""What became of issued reports: numbers restated since, and two of them side by side."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import streamlit as st

from data_access.workspace import Workspace
from metrics.errors import AppError
from metrics.local_time import local
from reports import archive, restated
from reports.archive import Issued
from reports.compare import SectionChange, compare, counted
from ui import messages, rows
from ui.memo import remember
from ui.sources import when
from ui.text import count_of, md_escape, sentence_start
from ui.view import View

_MOST = 12  # differences of one section that are listed; all are in the download


def restated_numbers(view: View) -> None:
    """The ledger: every number of an issued report that reads otherwise now."""
    st.header(
        "Restated numbers", anchor=False,
        help="Each key measure of the newest report of each period, as it was issued and as it is "
        "now. Values that round to the same text are not restated. The next report prints this.",
    )  # fmt: skip
    try:
        ids = tuple(one.id for one in archive.issued(view.store.workspace))
        found = remember((*view.key, "restated", ids), lambda: restated.ledger(view.store))
    except AppError as problem:
        messages.error(problem)
        return
    if not ids:
        st.markdown(":gray[No report was sent yet.]")
        return
    if not found:
        st.markdown(":gray[Every number of the sent reports still reads the same.]")
        return
    for one in found[:3]:
        st.markdown(f"- {md_escape(one.sentence(view.period))}")
    columns: dict[str, Any] = {
        "Period": [sentence_start(one.period.short) for one in found],
        "Measure": [one.label for one in found],
        "As reported": [one.before for one in found],
        "Now": [one.now for one in found],
        "Late rows": [one.late_rows for one in found],
        "Why": [sentence_start(one.cause) for one in found],
        "Report": [one.report for one in found],
    }
    _with_downloads(pa.table(columns), "restated_numbers", "Numbers restated since their report")


def compared(view: View) -> None:
    """Two issued reports, section by section: what is new since the reader last looked."""
    st.header(
        "What is new between two reports", anchor=False,
        help="Values, findings, actions, issues and sentences of two sent reports. Sentences that "
        "differ in their numbers only are one that changed; charts count by their messages.",
    )  # fmt: skip
    try:
        found = {one.id: one for one in archive.issued(view.store.workspace)}
        if len(found) < 2:
            st.markdown(":gray[Two sent reports are needed to compare them.]")
            return
        older, newer = _choose(view.store.workspace, found)
        changes = remember(
            ("compared", str(view.store.workspace.root), older, newer),
            lambda: compare(
                archive.archived(view.store.workspace, older),
                archive.archived(view.store.workspace, newer),
            ),
        )
    except AppError as problem:
        messages.error(problem)
        return
    _differences(changes, f"{older}_to_{newer}")


def _choose(workspace: Workspace, found: dict[str, Issued]) -> tuple[str, str]:
    """The older and the newer report to compare: the last two until others are chosen."""
    ids, zone = list(found), workspace.settings.reporting_zone

    def named(report_id: str) -> str:
        one = found[report_id]
        return f"{one.period_label}, sent {when(local(one.issued_at, zone))} ({one.id[-10:]})"

    left, right = st.columns(2)
    newer = right.selectbox("To", ids, key="compare_to", format_func=named)
    older = left.selectbox("From", ids, index=1, key="compare_from", format_func=named)
    return older, newer


def _differences(changes: tuple[SectionChange, ...], name: str) -> None:
    st.markdown(f"**{md_escape(counted(changes))}**")
    differing = [section for section in changes if section.differences]
    if not differing:
        return
    for section in differing:
        title = section.title.strip() or "First page"
        many = count_of(len(section.differences), "difference")
        with st.expander(f"{md_escape(title)}: {many}"):
            lines = [
                f"- **{one.kind.capitalize()}** {one.what}: {md_escape(one.sentence)}"
                for one in section.differences[:_MOST]
            ]
            if more := len(section.differences) - _MOST:
                lines += [f"- and {more:,} more, in the download"] if more > 0 else []
            st.markdown("\n".join(lines))
    told = [(section.title, one) for section in differing for one in section.differences]
    columns: dict[str, Any] = {
        "Section": [title for title, _ in told],
        "Difference": [one.kind for _, one in told],
        "Of": [one.what for _, one in told],
        "About": [one.about for _, one in told],
        "Before": [one.before for _, one in told],
        "After": [one.after for _, one in told],
    }
    table = pa.table(columns)
    with st.container(horizontal=True):
        rows.downloads(lambda: table, name=name, key="compared", count=table.num_rows)


def _with_downloads(table: pa.Table, name: str, alt: str) -> None:
    st.dataframe(table, hide_index=True, key=name, alt=alt, placeholder="")
    with st.container(horizontal=True):
        rows.downloads(lambda: table, name=name, key=f"{name}_files", count=table.num_rows)
