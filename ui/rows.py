"""The rows behind a number: shown, and downloaded as CSV or Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, Literal

import pyarrow as pa
import streamlit as st

from data_access.text import csv_bytes
from metrics.model import Metric
from metrics.scope import Scope
from metrics.units import Unit
from reports.excel import MOST_ROWS, rows_workbook
from ui import messages
from ui.memo import remember
from ui.numbers import cell, column
from ui.times import in_zone
from ui.view import View

SHOWN = 500
_ORIGIN = ("source", "upload_id", "line")


def panel(view: View, metric: Metric, scope: Scope, *, key: str, limit: int = SHOWN) -> None:
    """The newest rows of a number as a table, with all of them to download.

    Args:
        view: the run's question.
        metric: of which number.
        scope: in which window and filters.
        key: starts the keys of its parts; the same rows may stand on a page twice.
        limit: the most rows shown.
    """
    zone = view.store.settings.reporting_zone
    count = view.store.row_count(metric, scope)
    with st.container(horizontal=True, vertical_alignment="center"):
        some = f"{min(limit, count):,} of {count:,}" if count > limit else f"{count:,}"
        st.markdown(f"**{some} {'row' if count == 1 else 'rows'}, newest first**", width="stretch")
        if count:
            downloads(
                lambda: in_zone(view.store.rows(metric, scope), zone),
                name=f"{metric.name}_{scope.period.name}",
                key=key,
                count=count,
            )
    if not count:
        st.markdown(":gray[No row lies in this window and these filters.]")
        return
    shown = remember(
        (*view.key, "rows", metric, scope, limit, zone),
        lambda: in_zone(view.store.rows(metric, scope, limit=limit), zone),
    )
    table(shown, alt=f"Rows behind {metric.label}", key=f"{key}_rows")


def downloads(table: Callable[[], pa.Table], *, name: str, key: str, count: int) -> None:
    """Two buttons that build the file when they are clicked.

    Args:
        table: gives the rows.
        name: of the file.
        key: starts the keys of the buttons.
        count: of the rows; Excel is offered for as many as a sheet holds.
    """
    messages.told(key)
    st.download_button(
        "CSV",
        messages.keeping(key, lambda: csv_table(table())),
        f"{name}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"{key}_csv",
    )
    is_too_long = count > MOST_ROWS
    st.download_button(
        "Excel",
        messages.keeping(key, lambda: rows_workbook(table(), name)),
        f"{name}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/table_view:",
        on_click="ignore",
        key=f"{key}_xlsx",
        disabled=is_too_long,
        help=f"A sheet holds {MOST_ROWS:,} rows: take the CSV." if is_too_long else None,
    )


def table(
    rows: pa.Table,
    *,
    alt: str,
    key: str,
    height: int | Literal["auto"] = "auto",
    units: Mapping[str, Unit] | None = None,
) -> None:
    """Rows as a sortable table with readable heads; where a row came from stands last.

    Args:
        rows: the rows, numbers as they are stored.
        alt, key, height: of the table.
        units: column → how its numbers are written; others have two decimals.
    """
    units = units or {}
    for name, unit in units.items():
        cells = [cell(value, unit) for value in rows[name].to_pylist()]
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(cells, pa.float64()))
    names = [name for name in rows.column_names if name not in _ORIGIN]
    rows = rows.select([*names, *(name for name in _ORIGIN if name in rows.column_names)])
    st.dataframe(
        rows,
        placeholder="",
        hide_index=True,
        key=key,
        alt=alt,
        height=height,
        column_config={
            name: column(head(name), units[name]) if name in units else _column(rows, name)
            for name in rows.column_names
        },
    )


def head(name: str) -> str:
    """A column's name as a reader sees it: "entered_at (UTC)" → "Entered at (UTC)"."""
    words, bracket, zone = name.partition(" (")
    return f"{words.replace('_', ' ').capitalize()}{bracket}{zone}"


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


def csv_table(rows: pa.Table) -> bytes:
    """The rows as CSV in UTF-8 that Excel opens rightly and in which no text is a formula."""
    return csv_bytes(chain([rows.column_names], _rows(rows)))


def _rows(rows: pa.Table) -> Iterator[tuple[object, ...]]:
    for batch in rows.to_batches(max_chunksize=10_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
