"""The rows behind a number as one plain sheet: text stays text, dates are dates, heads are bold."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import xlsxwriter

from metrics.errors import ReportError

MOST_ROWS = 1_048_575  # of a sheet, without its head
_WIDTHS = {"timestamp": 18, "date": 12, "text": 22, "number": 12}


def rows_workbook(rows: pa.Table, title: str) -> bytes:
    """The table as an Excel file; no text in it is computed or turned into a link.

    Raises:
        ReportError: there are more rows than a sheet holds.
    """
    if rows.num_rows > MOST_ROWS:
        raise ReportError(
            f"{rows.num_rows:,} rows do not fit a sheet, which holds {MOST_ROWS:,}.",
            where=title,
            next_step="Download the CSV, or narrow the filters.",
        )
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Rows")
        bold = book.add_format({"bold": True, "bg_color": "#E8EFF6", "font_color": "#1F4E79"})
        formats = {
            "timestamp": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for place, name in enumerate(rows.column_names):
            kind = _kind(rows.schema.field(name).type)
            sheet.set_column(place, place, _WIDTHS[kind])
            sheet.write_string(0, place, name, bold)
            for number, cell in enumerate(rows.column(name).to_pylist(), start=1):
                _write(sheet, number, place, cell, formats)
        sheet.freeze_panes(1, 0)
        if rows.num_rows:
            sheet.autofilter(0, 0, rows.num_rows, len(rows.column_names) - 1)
    return out.getvalue()


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "timestamp"
    if pa.types.is_date(kind):
        return "date"
    return "number" if pa.types.is_integer(kind) or pa.types.is_floating(kind) else "text"


def _write(sheet: Any, row: int, column: int, cell: object, formats: dict[str, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, formats["timestamp"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["date"])
    else:
        sheet.write_string(row, column, str(cell)[:32_767])
