"""The rows behind a number: shown, and downloaded as CSV or Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any, Literal

import pyarrow as pa
import streamlit as st

from data_access.text import inert
from metrics.model import Metric
from metrics.scope import Scope
from ui.memo import remember
from ui.view import View

SHOWN = 500
_ORIGIN = ("source", "upload_id", "line")


def panel(view: View, metric: Metric, scope: Scope, *, limit: int = SHOWN) -> None:
    """The newest rows of a number as a table, with all of them to download."""
    count = view.store.row_count(metric, scope)
    shown = remember(
        (*view.key, "rows", metric, scope, limit),
        lambda: view.store.rows(metric, scope, limit=limit),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        some = f"{min(limit, count):,} of {count:,}" if count > limit else f"{count:,}"
        st.markdown(f"**{some} {'row' if count == 1 else 'rows'}, newest first**", width="stretch")
        if count:
            downloads(
                lambda: view.store.rows(metric, scope), name=f"{metric.name}_{scope.period.name}"
            )
    if count:
        table(shown, alt=f"Rows behind {metric.label}", key=f"rows_{metric.name}")
    else:
        st.markdown(":gray[No row lies in this window and these filters.]")


def downloads(table: Callable[[], pa.Table], *, name: str) -> None:
    """Two buttons that build the file when they are clicked."""
    st.download_button(
        "CSV",
        lambda: csv_bytes(table()),
        f"{name}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"csv_{name}",
    )
    st.download_button(
        "Excel",
        lambda: _workbook(table(), name),
        f"{name}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/table_view:",
        on_click="ignore",
        key=f"xlsx_{name}",
    )


def table(rows: pa.Table, *, alt: str, key: str, height: int | Literal["auto"] = "auto") -> None:
    """Rows as a sortable table with readable heads; where a row came from stands last."""
    names = [name for name in rows.column_names if name not in _ORIGIN]
    rows = rows.select([*names, *(name for name in _ORIGIN if name in rows.column_names)])
    st.dataframe(
        rows,
        placeholder="",
        hide_index=True,
        key=key,
        alt=alt,
        height=height,
        column_config={name: _column(rows, name) for name in rows.column_names},
    )


def head(name: str) -> str:
    """A column's name as a reader sees it: "first_entered_at" → "First entered at"."""
    return name.replace("_", " ").capitalize()


def _column(rows: pa.Table, name: str) -> Any:
    kind = rows.schema.field(name).type
    if pa.types.is_timestamp(kind):
        return st.column_config.DatetimeColumn(head(name), format="D MMM YYYY, HH:mm")
    if pa.types.is_date(kind):
        return st.column_config.DateColumn(head(name), format="D MMM YYYY")
    if pa.types.is_floating(kind):
        return st.column_config.NumberColumn(head(name), format="%.2f")
    if pa.types.is_integer(kind):
        return st.column_config.NumberColumn(head(name), format="localized")
    return st.column_config.Column(head(name))


def csv_bytes(rows: pa.Table) -> bytes:
    """The rows as CSV in UTF-8 that Excel opens rightly and in which no text is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(rows.column_names)
    for batch in rows.to_batches(max_chunksize=10_000):
        columns = [column.to_pylist() for column in batch.columns]
        writer.writerows([neutral(cell) for cell in row] for row in zip(*columns, strict=True))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def neutral(cell: object) -> object:
    """A cell that no spreadsheet runs: text that starts like a formula gets a quote before it."""
    if isinstance(cell, str):
        return inert(cell)
    return "" if cell is None else cell


def _workbook(rows: pa.Table, name: str) -> bytes:
    from reports.rows_workbook import rows_workbook

    return rows_workbook(rows, name)
