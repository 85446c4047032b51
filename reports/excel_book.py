"""A workbook in the house style: safe cells, real tables, widths, heights and print set-up.

Text is always written as text: a leading "=" stays a character. Numbers are written as the floats
they are; the number format says the unit.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from charts import tokens
from charts.tokens import PRINT
from data_access.text import clean_text
from metrics.units import MINUS, Unit, round_half_up
from reports.blocks import UNITS, Cell, Column, Table
from reports.package import pack, unpack
from reports.report import Report

DATE, TIME = "dd mmm yyyy", "dd mmm yyyy hh:mm"
TONES = {
    "green": PRINT.green,
    "amber": PRINT.yellow,
    "red": PRINT.red,
    "grey": PRINT.gray,
    "orange": PRINT.orange,
    "blue": PRINT.blue,
}
_LINE_PT = 13.2  # height of a line of 10-point Arial
_PAGE_CHARS = 230  # what is still readable across a printed page
_HIGHEST_PT = 400  # Excel allows 409
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
_NUMBERS = ("number", "change")
_LANDSCAPE, _LETTER, _A4 = True, 1, 9
Look = dict[str, Any]


class ExactSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose numbers keep every bit: XlsxWriter cuts them to 16 digits, one too few."""

    def _xml_number_element(self, number: float, attributes: Sequence[tuple[str, Any]]) -> None:
        told = "".join(f' {key}="{value}"' for key, value in attributes)
        self.fh.write(f"<c{told}><v>{number!r}</v></c>")


class Book:
    """The workbook being written."""

    def __init__(self, report: Report, sheets: Sequence[str]) -> None:
        """Make the sheets, empty, in their order."""
        self.report = report
        self._out = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": DATE,
            "default_format_properties": {
                "font_name": tokens.DOCUMENT_FONT,
                "font_size": tokens.EXCEL_PT,
            },
        }
        self.workbook = xlsxwriter.Workbook(self._out, options)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.sheets = {name: self._sheet(name) for name in sheets}
        self.workbook.set_properties(
            {
                "title": f"{report.title}, {report.period_label}",
                "subject": f"Report {report.id}",
                "author": report.organization,
                "company": report.organization,
                "created": report.prepared,
                "keywords": "operations, quality, weekly report",
                "comments": f"Read from {report.snapshot}." if report.snapshot else "",
            }
        )

    def bytes(self) -> bytes:
        """The finished file; the same bytes for the same report."""
        self.workbook.close()
        return pack(unpack(self._out.getvalue()))

    def _sheet(self, name: str) -> Worksheet:
        sheet = self.workbook.add_worksheet(name, ExactSheet)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_A4 if self.report.page == "A4" else _LETTER)
        sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
        sheet.fit_to_pages(1, 0)
        title, organization = (_header(t) for t in (self.report.title, self.report.organization))
        sheet.set_header(f"&L&8 {title}&R&8 {_header(self.report.period_short)}")
        sheet.set_footer(f"&L&8 {organization}. Report {self.report.id}&R&8 Page &P of &N")
        return sheet

    # --- cells

    def look(self, **given: Any) -> Format:
        """A cell format; equal ones are one."""
        key = tuple(sorted(given.items()))
        if key not in self._formats:
            base = {
                "font_name": tokens.DOCUMENT_FONT,
                "font_size": tokens.EXCEL_PT,
                "font_color": PRINT.ink,
                "valign": "vcenter",
            }
            self._formats[key] = self.workbook.add_format(base | given)
        return self._formats[key]

    def text(self, sheet: Worksheet, row: int, column: int, text: str, **look: Any) -> None:
        """Write text that can never be read as a formula."""
        shown = clean_text(text)
        if starts_like_formula(shown):
            look["quote_prefix"] = True
        if shown:
            sheet.write_string(row, column, shown, self.look(**look))
        else:
            sheet.write_blank(row, column, None, self.look(**look))

    def number(
        self, sheet: Worksheet, row: int, column: int, value: float | None, **look: Any
    ) -> None:
        """Write a number as it is; an empty cell for None."""
        if value is None or not math.isfinite(value):
            sheet.write_blank(row, column, None, self.look(**look))
        else:
            sheet.write_number(row, column, value, self.look(**look))

    def cell(
        self, sheet: Worksheet, row: int, column: int, cell: Cell, of: Column, look: Look
    ) -> None:
        """Write one cell of a table, by the kind of its column."""
        value = cell.value
        if isinstance(value, (datetime, date)):
            moment = value if isinstance(value, datetime) else datetime(*value.timetuple()[:3])
            form = TIME if isinstance(value, datetime) else DATE
            sheet.write_datetime(
                row, column, moment, self.look(**look, num_format=form, align="left")
            )
        elif isinstance(value, (int, float)):
            unit = UNITS[cell.unit]
            is_change = of.kind == "change"
            form = change_format(value, unit) if is_change else value_format(value, unit)
            shown = changed(value, unit) if is_change else value
            self.number(sheet, row, column, shown, **look, num_format=form)
        elif value is None and of.kind in _NUMBERS:
            self.number(sheet, row, column, None, **look)
        else:
            fit = {"text_wrap": True} if of.wraps else {"align": "fill"}  # fill cuts at the edge
            self.text(sheet, row, column, cell.text or value or "", **look | fit)

    # --- the top of a sheet, and tables

    def title(self, sheet: Worksheet, title: str, lines: Sequence[str] = ()) -> int:
        """Write the sheet's title into A1 and lines under it; the next free row comes back."""
        self.text(
            sheet, 0, 0, title, bold=True, font_size=tokens.EXCEL_TITLE_PT, font_color=PRINT.brand
        )
        sheet.set_row(0, 24)
        for row, line in enumerate(lines, 1):
            self.text(sheet, row, 0, line, font_color=PRINT.ink2)
        return len(lines) + 2

    def table(self, sheet: Worksheet, first: int, table: Table, *, filters: bool = True) -> int:
        """Write a table from row `first` at the left edge; its last row comes back."""
        kept = [i for i, column in enumerate(table.columns) if column.chars]
        columns = [table.columns[i] for i in kept]
        for i, column in enumerate(columns):
            sheet.set_column(i, i, column.chars)
        rows = [[row.cells[i] for i in kept] for row in table.rows] or [
            [Cell(self.report.nothing), *(Cell() for _ in columns[1:])]
        ]
        last = first + len(rows)
        options = {
            "name": f"tbl_{table.name}", "style": None, "autofilter": filters,
            "banded_rows": False, "title": clean_text(table.caption),
            "description": clean_text(table.description),
            "columns": [{"header": column.label} for column in columns],
        }  # fmt: skip
        sheet.add_table(first, 0, last, len(columns) - 1, options)
        self._heads(sheet, first, columns, filters=filters)
        for r, cells in enumerate(rows, first + 1):
            for c, (cell, column) in enumerate(zip(cells, columns, strict=True)):
                look = _look(cell, column, is_first=c == 0, is_head=table.has_row_heads)
                if column.formula and isinstance(cell.value, (int, float)):
                    self._formula(sheet, r, c, cell, column, look)
                else:
                    self.cell(sheet, r, c, cell, column, look)
            sheet.set_row(r, _height(cells, columns))
        self._names(sheet, first, table, columns)
        self._drop_downs(sheet, first, last, columns)
        _set_print(sheet, first, last, columns)
        return last

    def _heads(
        self, sheet: Worksheet, row: int, columns: Sequence[Column], *, filters: bool
    ) -> None:
        look = {
            "bold": True,
            "font_color": PRINT.table_head,
            "bg_color": PRINT.tint,
            "bottom": 2,
            "bottom_color": PRINT.brand,
            "top": 1,
            "top_color": PRINT.brand,
            "text_wrap": True,
        }
        lines = 1
        for i, column in enumerate(columns):
            is_number = column.kind in _NUMBERS
            align: Look = {"align": "right"} if is_number else {"indent": 1 if i else 0}
            if is_number and filters:
                align["indent"] = 2  # room for the filter's button
            self.text(sheet, row, i, column.label, **look, **align)
            lines = max(lines, _lines(column.label, column.chars - 4))
        sheet.set_row(row, _LINE_PT * lines + 6)

    def _formula(
        self, sheet: Worksheet, row: int, at: int, cell: Cell, of: Column, look: Look
    ) -> None:
        """A formula over cells of the row: "{0}*{1}" are cells by their place in the table."""
        places = [xl_rowcol_to_cell(row, i) for i in range(at)]
        unit = UNITS[cell.unit]
        form = self.look(**look, num_format=unit.excel)
        sheet.write_formula(row, at, f"={of.formula.format(*places)}", form, cell.value)

    def _names(self, sheet: Worksheet, first: int, table: Table, columns: Sequence[Column]) -> None:
        for i, column in enumerate(columns):
            for r, row in enumerate(table.rows, first + 1):
                if column.names and row.key:
                    place = xl_rowcol_to_cell(r, i, row_abs=True, col_abs=True)
                    self.workbook.define_name(
                        f"{column.names}{row.key}", f"='{sheet.get_name()}'!{place}"
                    )

    def _drop_downs(
        self, sheet: Worksheet, first: int, last: int, columns: Sequence[Column]
    ) -> None:
        for i, column in enumerate(columns):
            if column.choices:
                sheet.data_validation(
                    first + 1,
                    i,
                    last,
                    i,
                    {
                        "validate": "list",
                        "source": list(column.choices),
                        "error_title": "Not a state",
                        "error_message": "Pick one from the list.",
                    },
                )


def _set_print(sheet: Worksheet, first: int, last: int, columns: Sequence[Column]) -> None:
    """Heads and first column stay in sight and are printed on every page."""
    sheet.freeze_panes(first + 1, 1)
    sheet.repeat_rows(first)
    sheet.repeat_columns(0)
    printed = [column for column in columns if column.wraps]
    sheet.fit_to_pages(math.ceil(sum(c.chars for c in printed) / _PAGE_CHARS), 0)
    if len(printed) < len(columns):  # text cut at a cell's edge is for the screen
        sheet.print_area(0, 0, last, len(printed) - 1)


def starts_like_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula, full-width signs included."""
    return text.startswith(_FORMULA_STARTS)


def value_format(value: float, unit: Unit) -> str:
    """The number format under which the cell reads as `unit.show` does, its minus too."""
    if value >= 0:
        return unit.excel
    minus = f'"{MINUS}"{unit.excel}'
    return f"{unit.excel};{_unsigned_or(value, unit, minus, unit.excel)}"


def change_format(change: float, unit: Unit) -> str:
    """The number format of a change; one that rounds to zero carries no sign, as in text."""
    zero = unit.excel_change.split(";")[-1]
    return _unsigned_or(change, unit, unit.excel_change, f"{zero};{zero};{zero}")


def _unsigned_or(value: float, unit: Unit, signed: str, unsigned: str) -> str:
    return signed if round_half_up(changed(value, unit), unit.decimals) else unsigned


def changed(change: float, unit: Unit) -> float:
    """A change as the cell holds it: shares in points, all else as it is."""
    return change * unit.scale


RULE: Look = {"bottom": 1, "bottom_color": PRINT.rule}


def _look(cell: Cell, of: Column, *, is_first: bool, is_head: bool) -> Look:
    look = dict(RULE)
    if of.kind in _NUMBERS:
        look["align"] = "right"
    elif not is_first:
        look["indent"] = 1
    if is_first and is_head:
        look["bold"] = True
    if cell.tone:
        look |= {"font_color": TONES[cell.tone].text, "bold": True}
        if of.kind == "status" and cell.tone != "grey":
            look["bg_color"] = TONES[cell.tone].tint
    return look


def _height(cells: Sequence[Cell], columns: Sequence[Column]) -> float:
    """Points a row needs; only desktop Excel would find out by itself."""
    lines = 1
    for cell, column in zip(cells, columns, strict=True):
        shown = cell.text or cell.value
        if isinstance(shown, str) and column.wraps:
            lines = max(lines, _lines(shown, column.chars))
    return min(_LINE_PT * lines + 6, _HIGHEST_PT)


def _lines(text: str, chars: int) -> int:
    """How many lines a text takes at a width; letters are a little narrower than digits."""
    width = max(int(chars * 1.12), 4)
    return sum(max(1, len(textwrap.wrap(line, width))) for line in text.split("\n")[:40])


def _header(text: str) -> str:
    """Text for a page header, where & starts a code."""
    return clean_text(text, limit=80).replace("&", "&&")
