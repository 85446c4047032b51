"""A dry run on the page: what was found, what would change, what is refused, what to answer."""

from __future__ import annotations

import re
from math import floor

import pyarrow as pa
import streamlit as st

from data_access.extracts import EXTRACTS
from data_access.ingest import DryRun, Summary, beside, left_beside
from ui import columns_form, messages, questions, status_names, templates
from ui.draft import Draft
from ui.messages import quiet
from ui.text import count_of, dotted, md_escape

_MORE_EMPTY = 0.1
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T].*")
_COUNTS = (
    ("New", "new", "not seen before", "Rows whose key this source never sent."),
    ("Changed", "changed", "replace older values", "Rows whose key is known, with other values."),
    ("Same", "same", "nothing to do", "Rows that are there already, value for value."),
    ("Vanished", "vanished", "no longer in the file",
     "Rows of this source that a file holding everything does not have. They leave the levels "
     "and stay in history."),
    ("Refused", "refused", "left out", "Rows with a problem; the reason is said for each."),
)  # fmt: skip


def show(under_way: Draft, found: DryRun) -> None:
    """The dry run, from what the file is to what would change."""
    _detected(under_way, found)
    if found.refusal is not None:
        _refusal(found)
    else:
        _verdict(found)
    questions.form(under_way, found)
    if found.accepted and found.refusal is None and not found.is_same_file:
        _counts(found)
        _also(under_way, found)
        hides_names = under_way.workspace.settings.hide_names
        if not found.refused:
            _compared(found, hides_names=hides_names)
        else:
            left, right = st.columns([1, 1], gap="medium")
            with left:
                _refused(found)
            with right:
                _compared(found, hides_names=hides_names)
    if found.notes:
        st.markdown("  \n".join(f":small[:gray[{md_escape(note)}]]" for note in found.notes))


def _detected(under_way: Draft, found: DryRun) -> None:
    label = EXTRACTS[found.extract].label if found.extract in EXTRACTS else "Type not known yet"
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="detected"):
        used = f"{count_of(len(found.matched), 'column')} used" if found.matched else ""
        left = f"{len(found.left_out)} left out" if found.left_out else ""
        rows = count_of(found.rows, "row") if found.rows else ""
        read_as = found.detected.words if found.detected else ""
        source = f"source {found.source}" if found.source else ""
        head = dotted(f"**{label}**", rows)
        line = dotted(found.file_name, _size(found.size), read_as, ", ".join(
            part for part in (used, left) if part), source)  # fmt: skip
        st.markdown(f"{head}  \n:small[:gray[{md_escape(line)}]]", width="stretch")
        if found.columns is not None:
            columns_form.button(under_way, found)
        _change_type(under_way, found)
        st.button(
            "Change file", icon=":material/upload_file:", type="tertiary", key="change_file",
            on_click=under_way.close,
        )  # fmt: skip


def _size(size: int) -> str:
    for unit, bytes_ in (("MB", 1 << 20), ("kB", 1 << 10)):
        if size >= bytes_:
            return f"{size / bytes_:,.1f} {unit}"
    return f"{size:,} bytes"


def _change_type(under_way: Draft, found: DryRun) -> None:
    with st.popover("Change type", icon=":material/swap_horiz:", type="tertiary"):
        names = list(EXTRACTS)
        name = st.radio(
            "Type of extract", names, key="change_type",
            index=names.index(found.extract) if found.extract in names else None,
            format_func=lambda name: EXTRACTS[name].label,
        )  # fmt: skip
        is_other = name is not None and name != found.extract
        if st.button("Check as this type", key="check_type", disabled=not is_other):
            under_way.answer({"extract": str(name)})
            st.rerun()


def _verdict(found: DryRun) -> None:
    if found.is_same_file:
        st.info(
            "**○ Nothing to do.** This very file is in force already; accepting it again would "
            "change nothing."
        )
    elif found.must_answer:
        asked = count_of(len(found.must_answer), "question")
        st.warning(f"**▲ Not ready.** The file can be read, after you answer {asked} below.")
    elif left := _left_out(found):
        st.warning(
            f"**▲ Ready to accept, with {left} left out.** "
            f"{found.accepted:,} of {found.rows:,} rows can be loaded; the refused rows "
            "stand below with the reason for each."
        )
    elif found.can_accept:
        all_rows = "Its one row" if found.accepted == 1 else f"All {found.accepted:,} rows"
        st.success(f"**● Ready to accept.** {all_rows} can be loaded.")


def _left_out(found: DryRun) -> str:
    """What is refused of all tables of the file: "3 rows and 5 reviews"; "" without any."""
    own = count_of(found.refused, "row") if found.refused else ""
    return " and ".join(filter(None, (own, *map(left_beside, found.also))))


def _refusal(found: DryRun) -> None:
    refusal = found.refusal
    assert refusal is not None
    st.error(f"**■ This file is refused.** First thing to fix: {md_escape(refusal.first_fix)}")
    messages.error(refusal.error)
    with st.container(horizontal=True):
        if refusal.template:
            st.download_button(
                "Template with your columns", refusal.template, refusal.template_name, "text/csv",
                icon=":material/download:", on_click="ignore", type="primary", key="corrected",
            )  # fmt: skip
        if found.extract in EXTRACTS:
            templates.button(EXTRACTS[found.extract], key="template_refused")


def _counts(found: DryRun) -> None:
    with st.grid(5, min_column_width=120, gap="small"):
        for label, name, meaning, help_ in _COUNTS:
            with st.container(border=True, gap="xsmall", height="stretch", key=f"count_{name}"):
                st.metric(label, f"{getattr(found, name):,}", help=help_)
                st.markdown(f":small[:gray[{meaning}]]")


def _also(under_way: Draft, found: DryRun) -> None:
    """The further tables of the file; they are accepted with it."""
    for one in found.also:
        with st.container(horizontal=True, vertical_alignment="center", key=f"also_{one.extract}"):
            st.markdown(
                f"**Also in this file:** {md_escape(beside(one))}.  \n"
                ":small[:gray[Accepted and undone together with it.]]",
                width="stretch",
            )
            if one.refused and one.refused_path is not None:
                st.download_button(
                    "Refused rows", one.refused_path.read_bytes,
                    f"refused_{one.extract}.csv", "text/csv", icon=":material/download:",
                    type="tertiary", on_click="ignore", key=f"refused_{one.extract}",
                )  # fmt: skip
            status_names.button(under_way, found, one)


def _refused(found: DryRun) -> None:
    path = found.refused_path
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Refused rows", anchor=False, width="stretch")
        if path is not None:
            st.download_button(
                "CSV", path.read_bytes, "refused_rows.csv", "text/csv",
                icon=":material/download:", type="tertiary", on_click="ignore", key="refused_csv",
            )  # fmt: skip
    rows = found.first_refused
    table = {
        "Line": [row.line for row in rows],
        "Column": [row.column for row in rows],
        "Value": [row.value or "(empty)" for row in rows],
        "Why it was refused": [row.reason for row in rows],
    }
    st.dataframe(
        pa.table(table), hide_index=True, placeholder="", key="refused_rows",
        alt="Refused rows with line, column, value and reason",
        column_config={
            "Line": st.column_config.NumberColumn(width=70, format="%d", alignment="left"),
            "Column": st.column_config.TextColumn(width=130),
            "Value": st.column_config.TextColumn(width=150),
            "Why it was refused": st.column_config.TextColumn(width=330),
        },
    )  # fmt: skip
    if found.refused > len(rows):
        quiet(f"The first {len(rows)} of {found.refused:,}; the download has all.")


def _compared(found: DryRun, *, hides_names: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(
            "Compared with the file before" if found.previous else "What the columns hold",
            anchor=False,
            width="stretch",
            help="Share of rows with a value, and the range or the most frequent value.",
        )
        st.page_link("pages/data/definitions.py", label="Definitions")
    names = ["Reading", "This file", "Before"] if found.previous else ["This file"]
    table: dict[str, list[str]] = {"Column": [], **{name: [] for name in names}}
    rows_before = max((s.filled for s in found.previous.values()), default=0)
    people = {column.name for column in EXTRACTS[found.extract].columns if column.is_person}
    for now in found.summaries:
        before = found.previous.get(now.name)
        hides = hides_names and now.name in people
        table["Column"].append(now.label)
        table["This file"].append(_holds(now, found.accepted, hides_value=hides))
        if found.previous:
            table["Before"].append(
                _holds(before, rows_before, hides_value=hides) if before else "not there"
            )
            table["Reading"].append(_reading(now, before, found.accepted, rows_before))
    st.dataframe(
        pa.table(table), hide_index=True, placeholder="", key="compared",
        alt="What each column holds, beside the file before",
        column_config={
            "Column": st.column_config.TextColumn(width=110),
            "This file": st.column_config.TextColumn(width=190),
            "Before": st.column_config.TextColumn(width=190),
            "Reading": st.column_config.TextColumn(width=100),
        },
    )  # fmt: skip


def _holds(summary: Summary, rows: int, *, hides_value: bool) -> str:
    share = floor(summary.filled / rows * 1000) / 1000 if rows else 0.0
    range_ = f"{_short(summary.minimum)} to {_short(summary.maximum)}" if summary.minimum else ""
    has_most = summary.most_frequent and not range_ and not hides_value
    most = f"mostly {summary.most_frequent}" if has_most else ""
    return dotted("" if share >= 1 else f"{share:.1%} filled", range_ or most) or "filled"


def _short(value: str) -> str:
    """A time without its clock: the day says enough."""
    return value[:10] if _TIME.fullmatch(value) else value


def _reading(now: Summary, before: Summary | None, rows: int, rows_before: int) -> str:
    if before is None:
        return "new column"
    change = now.filled / max(rows, 1) - before.filled / max(rows_before, 1)
    if abs(change) < _MORE_EMPTY:
        return "as before"
    return "▲ more empty" if change < 0 else "▲ more filled"
