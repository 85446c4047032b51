"""Rows behind a number as a workbook: one sheet, one table, every cell as it is."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from charts.tokens import DOCUMENT_FONT, EXCEL_PT, PRINT
from data_access.text import clean_text
from metrics.errors import ReportError
from reports.excel_book import DATE, TIME, ExactSheet, starts_like_formula

MOST_ROWS = 1_000_000  # Excel's sheets end at 1,048,576
_AT_ONCE = 10_000
_MEASURED = 200  # rows that say how wide a column is
_LARGEST_EXACT = 2**53  # whole numbers beyond it lose digits as a float


def rows_workbook(rows: pa.Table, name: str) -> bytes:
    """The .xlsx file of a table of rows; the same bytes for the same rows.

    Text stays text whatever it starts with, whole numbers too large for Excel become text, times
    with a zone become UTC, and cells without a value stay empty. Rows are written one after the
    other to a file, so that a large table takes no more memory than a small one.

    Args:
        rows: what to write.
        name: names the sheet.

    Raises:
        ReportError: there are more rows than a sheet holds.
    """
    if rows.num_rows > MOST_ROWS:
        raise ReportError(
            f"{rows.num_rows:,} rows do not fit a sheet of Excel.",
            next_step="Narrow the filters, or download the rows as CSV.",
        )
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": clean_text(name), "created": datetime(2026, 1, 1)})
    sheet = book.add_worksheet(sheet_name(name), ExactSheet)
    looks = _looks(book)
    heads = [clean_text(str(head)) for head in rows.column_names]
    first = rows.slice(0, _MEASURED)
    for column, head in enumerate(heads):
        sheet.set_column(column, column, _width(head, first.column(column).to_pylist()))
        sheet.write_string(0, column, head, looks["head"])
    for number, cells in enumerate(_cells(rows), 1):
        for column, cell in enumerate(cells):
            _write(sheet, number, column, cell, looks)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(rows.num_rows, 1), max(len(heads) - 1, 0))
    book.close()
    return out.getvalue()


def _cells(rows: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in rows.to_batches(max_chunksize=_AT_ONCE):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _looks(book: xlsxwriter.Workbook) -> dict[str, Format]:
    base = {"font_name": DOCUMENT_FONT, "font_size": EXCEL_PT, "font_color": PRINT.ink}
    more: dict[str, dict[str, Any]] = {
        "text": {},
        "quoted": {"quote_prefix": True},
        "date": {"num_format": DATE},
        "time": {"num_format": TIME},
        "head": {"bold": True, "bg_color": PRINT.tint},
    }
    return {name: book.add_format(base | look) for name, look in more.items()}


def sheet_name(text: str) -> str:
    """A sheet name that Excel takes: at most 31 characters, none of []:*?/ and backslash.

    >>> sheet_name("Rows: a/b"), sheet_name("History"), sheet_name("")
    ('Rows a b', 'History rows', 'Rows')
    """
    plain = "".join(" " if c in "[]:*?/\\" else c for c in clean_text(text))
    short = " ".join(plain.split())[:31].strip("' ")
    return f"{short} rows"[:31] if short.casefold() == "history" else short or "Rows"


def _write(sheet: Worksheet, row: int, column: int, cell: Any, looks: dict[str, Format]) -> None:
    if isinstance(cell, datetime):
        moment = cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell
        sheet.write_datetime(row, column, moment, looks["time"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), looks["date"])
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, looks["text"])
    elif isinstance(cell, (int, float)) and abs(cell) <= _LARGEST_EXACT:
        if math.isfinite(cell):
            sheet.write_number(row, column, cell, looks["text"])
    elif cell is not None and cell == cell:  # NaN is the one value that differs from itself
        text = clean_text(str(cell))
        look = looks["quoted" if starts_like_formula(text) else "text"]
        sheet.write_string(row, column, text, look)


def _width(head: str, cells: Sequence[Any]) -> int:
    longest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    return max(10, min(48, max(len(head) + 4, longest + 2)))
