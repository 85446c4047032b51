"""The report as an Excel workbook: a summary, native charts, and every number with its format."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass, replace

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from charts.tokens import PRINT
from metrics.errors import ReportError
from reports import blocks
from reports.blocks import Cell, Check, Column, Row, Table, show_time
from reports.excel_book import RULE, Book
from reports.excel_charts import TREND, Trends, bar_chart, control_charts
from reports.excel_rows import MOST_ROWS, rows_workbook
from reports.excel_summary import sentences, write_summary
from reports.report import Report

_CHECKS = "Checks"
_WIDEST = 180  # characters of a line over a table
_CHART_ROWS, _CHART_COLUMNS = 14, 10  # default cells a chart and its gap take
_FRONT = ("Summary", "Charts", "About", "Measures", TREND)
_BACK = (_CHECKS, "Data notes")


__all__ = ["MOST_ROWS", "rows_workbook", "write"]


def write(report: Report) -> bytes:
    """The .xlsx file.

    Raises:
        ReportError: two tables of one sheet do not fit each other.
    """
    tables = _tables(report)
    trends = Trends.of(report)
    has_charts = bool(trends.charted) or any(sheet.table.bars for sheet in tables.values())
    middle = [name for name in tables if name not in (*_FRONT, *_BACK)]
    names = [*_FRONT, *middle, *_BACK]
    made = {"Summary", "About", TREND, _CHECKS, *tables} | ({"Charts"} if has_charts else set())
    book = Book(report, [name for name in names if name in made])
    places = trends.write(book)
    write_summary(book, places)
    _about(book, tables)
    for name, sheet in tables.items():
        _sheet(book, name, sheet)
    if has_charts:
        _charts(book, trends, places, tables)
    _checks(book, tables)
    return book.bytes()


@dataclass(frozen=True)
class _Sheet:
    """What one sheet shows: sentences, then one table whose head stands in row `first`."""

    title: str
    sentences: tuple[str, ...]
    table: Table

    @property
    def lines(self) -> list[str]:
        """The sentences, broken to the width of the table, so that they are printed whole."""
        width = min(max(60, sum(column.chars for column in self.table.columns)), _WIDEST)
        return [
            line
            for text in self.sentences
            for line in textwrap.wrap(
                text, width, subsequent_indent="  " if text.startswith("•") else ""
            )
        ]

    @property
    def first(self) -> int:
        return len(self.lines) + 2


def _tables(report: Report) -> dict[str, _Sheet]:
    """Sheet name → its table, tables of one sheet stacked, with the section's sentences."""
    found: dict[str, _Sheet] = {}
    for section in report.sections:
        lines = tuple(sentences(section))
        for table in (block for block in section.blocks if isinstance(block, Table)):
            if not table.sheet:
                continue
            before = found.get(table.sheet)
            if before is None:
                found[table.sheet] = _Sheet(table.sheet, lines, table)
                lines = ()
            elif before.table.columns != table.columns:
                raise ReportError(
                    f"Two tables of the sheet {table.sheet} have different columns.",
                    where=f"{before.table.name}, {table.name}",
                )
            else:
                rows = before.table.rows + table.rows
                found[table.sheet] = replace(before, table=replace(before.table, rows=rows))
    notes = tuple(report.blocks(blocks.Quote))
    if notes:
        found["Commentary"] = _Sheet("Commentary", (), _commentary(notes))
    return found


def _commentary(quotes: tuple[blocks.Quote, ...]) -> Table:
    return Table(
        name="commentary",
        caption="What people wrote",
        sheet="Commentary",
        description="One row per comment with its author, its time and what it is about.",
        columns=(
            Column("Author", chars=20),
            Column("Written", kind="time", chars=18),
            Column("About", chars=26),
            Column("Text", chars=110),
        ),
        rows=tuple(
            Row((Cell(q.author), Cell(q.written_at), Cell(q.about), Cell(q.text))) for q in quotes
        ),
    )


def _sheet(book: Book, name: str, sheet: _Sheet) -> None:
    worksheet = book.sheets[name]
    book.title(worksheet, sheet.title, sheet.lines)
    last = book.table(worksheet, sheet.first, sheet.table)
    if sheet.table.note:
        book.text(worksheet, last + 2, 0, sheet.table.note, font_color=PRINT.muted)


_HOW_TO_READ = (
    (
        "Status",
        "Against the target: ● on target, ▲ near it, ■ off it, ○ not rated (no target, too few "
        "rows, stale or missing data).",
    ),
    (
        "Signal",
        "Whether the change is more than routine variation, by a control chart of the weeks "
        "before. Routine means: no need to explain this week's number.",
    ),
    (
        "Expected range",
        "What the measure keeps to by routine variation alone, from the up to 26 periods before; "
        "at least 12 are needed.",
    ),
    (
        "Blank cells",
        "No value: there is none, or too few rows to show it. The sheet Measures says which in "
        "the column Note.",
    ),
    (
        "Colors",
        "Never alone: a shape or a word goes with each. Orange: worsening. Blue: improving.",
    ),
    ("Changes", "Worked out before rounding; shares change in percentage points (pts)."),
)
_SHEETS = {
    "Summary": "The week on one page.",
    "Charts": "Charts of the key measures.",
    TREND: "The history of every measure; charts and sparklines read it.",
    _CHECKS: "Sums of this file against the database.",
    "Measures": "Every measure with its exact value, range, target, definition and SQL.",
}


def _about(book: Book, tables: dict[str, _Sheet]) -> None:
    sheet = book.sheets["About"]
    facts = [*_facts(book.report), *_HOW_TO_READ]
    told = {name: one.table.caption for name, one in tables.items()} | _SHEETS
    others = [name for name in book.sheets if name != "About"]
    lines = [*facts, *((name, told.get(name, "")) for name in others)]
    first = book.title(sheet, "About this report")
    table = Table(
        name="about",
        caption="What this file is and how to read it",
        rows=tuple(Row((Cell(topic), Cell(text))) for topic, text in lines),
        columns=(Column("Topic", chars=22), Column("What it says", chars=110)),
        description="One row per topic, then one per sheet with a link to it.",
    )
    last = book.table(sheet, first, table, filters=False)
    look = book.look(font_color=PRINT.link, underline=1, **RULE)
    for i, name in enumerate(others, last + 1 - len(others)):
        sheet.write_url(i, 0, f"internal:'{name}'!A1", look, name)
    at = first + 1 + [topic for topic, _ in facts].index("Period")
    week = xl_rowcol_to_cell(at, 1, row_abs=True, col_abs=True)
    book.workbook.define_name("report_week", f"=About!{week}")


def _facts(report: Report) -> list[tuple[str, str]]:
    facts = [
        ("Report", report.title),
        ("Organization", report.organization),
        ("For", report.audience),
        ("Period", report.period),
        ("Days", report.period_label),
        ("Data to", show_time(report.data_to) if report.data_to else "no data"),
        ("Prepared", f"{show_time(report.prepared)}, {report.zone}"),
        ("Report id", report.id),
        ("Data snapshot", report.snapshot or "none"),
    ]
    return [(topic, text) for topic, text in facts if text]


def _charts(
    book: Book, trends: Trends, places: dict[str, tuple[int, int]], tables: dict[str, _Sheet]
) -> None:
    sheet = book.sheets["Charts"]
    book.title(
        sheet,
        "Charts",
        [
            f"Linked to the sheet {TREND}. Grey lines: the expected range. Dashed red line: the "
            "target. Colored point: a change that is more than routine."
        ],
    )
    made = list(control_charts(book, trends, places))
    for name, one in tables.items():
        if one.table.bars and one.table.rows:
            made.append(bar_chart(book, name, one.first, one.table))
    for i, (chart, alt) in enumerate(made):
        place = {"description": alt, "object_position": 3, "x_offset": 4, "y_offset": 4}
        sheet.insert_chart(3 + i // 2 * _CHART_ROWS, i % 2 * _CHART_COLUMNS, chart, place)
    deep = -(-len(made) // 2)
    sheet.set_h_pagebreaks([3 + _CHART_ROWS * i for i in range(3, deep, 3)])
    sheet.print_area(0, 0, 3 + _CHART_ROWS * deep, 2 * _CHART_COLUMNS - 1)


def _checks(book: Book, tables: dict[str, _Sheet]) -> None:
    sheet = book.sheets[_CHECKS]
    named = {one.table.name: one.table for one in tables.values()}
    checks = [check for check in book.report.blocks(Check) if check.table in named]
    sums = [_cached(check, named[check.table]) for check in checks]
    agree = [
        abs(ours - check.expected) <= 1e-9 * max(1.0, abs(check.expected))
        for check, ours in zip(checks, sums, strict=True)
    ]
    lines = ["Sums of this file, worked out live, against figures asked of the database directly."]
    first = book.title(sheet, _CHECKS, lines)
    table = Table(
        name="checks",
        caption="All sums agree with the database" if all(agree) else "A sum differs",
        columns=(
            Column("Check", chars=56),
            Column("In this file", kind="number", chars=18),
            Column("Database", kind="number", chars=18),
            Column("Result", chars=12),
        ),
        rows=tuple(
            Row((Cell(c.what), Cell(n, unit=c.unit), Cell(c.expected, unit=c.unit), Cell("OK")))
            for c, n in zip(checks, sums, strict=True)
        ),
        description="One row per sum: in this file, in the database, and whether they agree.",
    )
    book.table(sheet, first, table, filters=False)
    for i, (check, ours, is_good) in enumerate(zip(checks, sums, agree, strict=True), first + 1):
        _live(book, sheet, i, check, ours, is_good=is_good)


def _live(
    book: Book, sheet: Worksheet, row: int, check: Check, ours: float, *, is_good: bool
) -> None:
    """The formulas of one check, with their results."""
    form = book.look(**RULE, align="right", num_format=blocks.UNITS[check.unit].excel)
    how = {"sum": "SUM", "count": "COUNT"}[check.how]
    sheet.write_formula(row, 1, f"={how}(tbl_{check.table}[{check.column}])", form, ours)
    here, there = xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, 2)
    test = f"ABS({here}-{there})<=1E-9*MAX(1,ABS({there}))"
    look = book.look(**RULE, bold=True, indent=1)
    sheet.write_formula(row, 3, f'=IF({test},"OK","CHECK")', look, "OK" if is_good else "CHECK")


def _cached(check: Check, table: Table) -> float:
    """The result of a check's formula, worked out as Excel will."""
    at = [column.label for column in table.columns].index(check.column)
    found = [row.cells[at].value for row in table.rows]
    if check.how == "count":
        return float(sum(1 for value in found if value is not None and not isinstance(value, str)))
    return math.fsum(value for value in found if isinstance(value, (int, float)))
