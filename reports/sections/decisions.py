"""Decisions needed: what, what happens otherwise, who, by when."""

from __future__ import annotations

from datetime import date

from analysis import words
from data_access.entries import Decision
from reports.blocks import Cell, Column, Row, Section, Table
from reports.context import Context

KEY, TITLE = "decisions", "Decisions needed"


def section(context: Context) -> Section:
    """One table of the open decisions, the nearest day first."""
    found = [entry for entry in context.entries(Decision) if not entry.is_closed]
    found.sort(key=lambda entry: (entry.due_on or date.max, entry.number))
    count = words.sentence_case(words.number_word(len(found)))
    table = Table(
        name="decisions",
        caption=f"{count} decision{'' if len(found) == 1 else 's'} needed"
        if found
        else "No decision is needed",
        columns=(
            Column("Decision", width=2.85, chars=62),
            Column("If not decided", width=2.35, chars=54),
            Column("Who", width=1.1, chars=22),
            Column("By", kind="date", width=0.7, chars=13),
        ),
        rows=tuple(_row(context, entry) for entry in found),
        description="One row per open decision: what, what happens otherwise, who, by when.",
        sheet="Decisions",
        is_short=len(found) <= 4,
        has_row_heads=False,
    )
    return Section(KEY, TITLE, (table,), is_first_page=True)


def _row(context: Context, entry: Decision) -> Row:
    late = entry.is_overdue(context.as_of)
    return Row(
        (
            Cell(entry.text),
            Cell(entry.if_not),
            Cell(entry.owner) if entry.owner else Cell("Nobody named", tone="amber"),
            Cell(entry.due_on, tone="red" if late else ""),
        ),
        key=entry.code,
    )
