"""The first sheet: the week on one page, its key measures with sparklines, its decisions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from charts.tokens import PRINT
from reports import blocks
from reports.blocks import Cell, Column, Row, Score, Section, Table, cell_text, show_time
from reports.excel_book import RULE, TONES, Book, change_format, changed
from reports.excel_charts import TREND
from reports.report import Report

_SCORE_COLUMNS = (
    Column("Measure", chars=30),
    Column("", kind="number", chars=13),
    Column("", kind="number", chars=13),
    Column("Change", kind="change", chars=13),
    Column("Target", kind="number", chars=12),
    Column("Status", kind="status", chars=17),
    Column("Signal", chars=13),
    Column("13 weeks", chars=22),
    Column("Reading", chars=72),
)


def write_summary(book: Book, places: dict[str, tuple[int, int]]) -> None:
    """Fill the sheet; `places` are the rows of each measure's history on the trend sheet."""
    report, sheet = book.report, book.sheets["Summary"]
    facts = [report.organization, report.period_label]
    facts += [f"Data to {show_time(report.data_to)}"] if report.data_to else []
    facts += [f"Report {report.id}"] + (["Sample data"] if report.is_sample else [])
    row = book.title(sheet, report.title, [" | ".join(facts)]) - 1
    for banner in report.blocks(blocks.Banner):
        tone = TONES[banner.tone or "grey"]
        look = {"bold": True, "font_size": 11, "bg_color": tone.tint, "valign": "vcenter"}
        book.text(sheet, row, 0, banner.text, **look, font_color=tone.text)
        for column in range(1, 9):
            sheet.write_blank(row, column, None, book.look(bg_color=tone.tint))
        sheet.set_row(row, 20)
        row += 1
    for failure in report.blocks(blocks.Failure):
        book.text(sheet, row, 0, f"▲ {failure.text}", font_color=PRINT.yellow.text, bold=True)
        row += 1
    brief = report.section("brief")
    if brief is not None:
        lines = [
            line
            for text in sentences(brief)
            for line in textwrap.wrap(text, _SUMMARY_CHARS, subsequent_indent="  ")
        ]
        row = _lines(book, sheet, row + 1, brief.title, lines)
    cards = [card for card in report.blocks(blocks.Scorecard) if card.rows]
    for card in cards:
        row = _scorecard(book, sheet, row + 1, card, places)
    if not cards:  # a sheet without a table is hard to find one's way in
        row = book.table(sheet, row + 1, _facts(report), filters=False) + 1
        sheet.freeze_panes(0, 0)
    decisions = report.section("decisions")
    if decisions is not None:
        _lines(book, sheet, row + 1, decisions.title, list(_decisions(decisions, report.nothing)))


_SUMMARY_CHARS = sum(column.chars for column in _SCORE_COLUMNS)


def _lines(book: Book, sheet: Worksheet, row: int, title: str, lines: list[str]) -> int:
    book.text(sheet, row, 0, title, bold=True, font_size=12, font_color=PRINT.brand)
    sheet.set_row(row, 18)
    for line in lines:
        row += 1
        book.text(sheet, row, 0, line)
    return row + 1


def _decisions(section: Section, nothing: str) -> Iterator[str]:
    rows = [row for block in section.blocks if isinstance(block, Table) for row in block.rows]
    if not rows:
        yield nothing
    for number, row in enumerate(rows, 1):
        what, if_not, who, by = (cell_text(cell, "text") for cell in row.cells[:4])
        text = " ".join(
            part
            for part in (
                f"{number}. {what.rstrip('.')}.",
                f"Decides: {who}." if who else "",
                f"By {by}." if by else "",
                f"If not decided: {if_not.rstrip('.')}." if if_not else "",
            )
            if part
        )
        yield from textwrap.wrap(text, _SUMMARY_CHARS, subsequent_indent="    ")


def _scorecard(
    book: Book,
    sheet: Worksheet,
    row: int,
    card: blocks.Scorecard,
    places: dict[str, tuple[int, int]],
) -> int:
    book.text(sheet, row, 0, "Key measures", bold=True, font_size=12, font_color=PRINT.brand)
    sheet.set_row(row, 18)
    labels = {1: card.value_label, 2: card.versus_label, 7: f"13 {card.grain}s"}
    columns = tuple(
        replace(column, label=labels.get(i, column.label))
        for i, column in enumerate(_SCORE_COLUMNS)
    )
    table = Table(
        name="key_measures",
        caption=card.caption,
        columns=columns,
        rows=tuple(_score(score) for score in card.rows),
        description=card.description,
    )
    last = book.table(sheet, row + 1, table, filters=False)
    sheet.freeze_panes(0, 0)
    sheet.repeat_rows(0)
    for i, score in enumerate(card.rows, row + 2):
        _change(book, sheet, i, score)
        if score.metric in places:
            _sparkline(sheet, i, score, places[score.metric])
    if card.note:
        book.text(sheet, last + 1, 0, card.note, font_color=PRINT.muted, font_size=9)
    return last + 2


def _change(book: Book, sheet: Worksheet, row: int, score: Score) -> None:
    """The change as a formula over its row, with its result before rounding."""
    if score.change is None:
        return
    unit = blocks.UNITS[score.unit]
    now, then = (xl_rowcol_to_cell(row, column) for column in (1, 2))
    formula = f"={now}-{then}" if unit.scale == 1 else f"=({now}-{then})*{unit.scale}"
    look = book.look(**RULE, align="right", num_format=change_format(score.change, unit))
    sheet.write_formula(row, 3, formula, look, changed(score.change, unit))


def _facts(report: Report) -> Table:
    facts = (
        ("Period", report.period_label),
        ("Report id", report.id),
        ("Prepared", show_time(report.prepared)),
    )
    return Table(
        name="report",
        caption="What this file is",
        description="One row per fact.",
        columns=(Column("Fact", chars=30), Column("Value", chars=40)),
        rows=tuple(Row((Cell(fact), Cell(value))) for fact, value in facts),
    )


def _score(score: Score) -> Row:
    status, signal = blocks.status_cell(score.status), blocks.signal_cell(score.signal)
    return Row(
        (
            Cell(score.label),
            Cell(score.value, unit=score.unit),
            Cell(score.versus, unit=score.unit),
            Cell(score.change, unit=score.unit),
            Cell(score.target, unit=score.unit),
            status,
            signal,
            Cell(),
            Cell(score.sentence),
        ),
        key=score.metric,
    )


def _sparkline(sheet: Worksheet, row: int, score: Score, place: tuple[int, int]) -> None:
    first, last = place
    mark = {"worsening": PRINT.orange.mark, "improving": PRINT.blue.mark}
    sheet.add_sparkline(
        row,
        7,
        {
            "range": f"'{TREND}'!$D${max(first, last - 12) + 1}:$D${last + 1}",
            "series_color": PRINT.ink2,
            "last_point": True,
            "weight": 1.25,
            "last_color": mark.get(score.signal, PRINT.muted),
        },
    )


def sentences(section: Section) -> Iterator[str]:
    """The paragraphs and list items of a section as plain lines."""
    for block in section.blocks:
        if isinstance(block, blocks.Paragraph):
            yield blocks.plain(block.runs)
        elif isinstance(block, blocks.Bullets):
            yield from (f"• {blocks.plain(item)}" for item in block.items)
