"""Issues: what was raised and solved, and the open ones, past due first."""

from __future__ import annotations

from datetime import date
from typing import Any

from analysis import words
from metrics.issues import (
    ISSUES_OPEN,
    ISSUES_OPENED,
    ISSUES_OVERDUE,
    ISSUES_REOPENED,
    ISSUES_RESOLVED,
    TIME_TO_RESOLVE_P50,
)
from metrics.units import COUNT
from reports.blocks import Block, Cell, Check, Column, Paragraph, Row, Section, Table, sentence
from reports.context import Context, joined

KEY, TITLE = "issues", "Issues"
_MOST_ROWS, _MOST_IN_EXCEL = 6, 2000


def section(context: Context) -> Section:
    """A sentence of counts, then the open issues."""
    values = {name: context.judged[name].value for name in _NAMES}
    why = values[ISSUES_OPEN.name].withheld
    if why or not any(value.value for value in values.values()):
        return Section(KEY, TITLE, (Paragraph(sentence(why)),) if why else ())
    blocks: list[Block] = [Paragraph(sentence(_reading(context)))]
    rows = context.store.rows(ISSUES_OPEN, context.asked, limit=_MOST_IN_EXCEL).to_pylist()
    blocks.append(_table(context, rows))
    whole = values[ISSUES_OPEN.name].value
    if whole is not None and whole <= _MOST_IN_EXCEL:
        blocks.append(Check("Issues open", "issues", "Created", "count", whole))
    return Section(KEY, TITLE, tuple(blocks))


_NAMES = tuple(
    metric.name
    for metric in (
        ISSUES_OPENED, ISSUES_RESOLVED, ISSUES_OPEN, ISSUES_OVERDUE, ISSUES_REOPENED,
        TIME_TO_RESOLVE_P50,
    )
)  # fmt: skip


def _reading(context: Context) -> str:
    def count(metric: str) -> int:
        return round(context.judged[metric].value.value or 0)

    opened, solved = count(ISSUES_OPENED.name), count(ISSUES_RESOLVED.name)
    still, late = count(ISSUES_OPEN.name), count(ISSUES_OVERDUE.name)
    again = count(ISSUES_REOPENED.name)
    half = context.judged[TIME_TO_RESOLVE_P50.name]
    return joined(
        (
            f"{words.some(opened, 'issues')} opened and {solved:,} resolved; {still:,} "
            f"{'remains' if still == 1 else 'remain'} open, {late:,} of them past due.",
            f"Half of the issues resolved took at most {half.value_text}."
            if half.value.value is not None
            else "",
            f"{words.sentence_case(words.number_word(again))} "
            f"{'was' if again == 1 else 'were'} reopened."
            if again
            else "",
        )
    )


def _table(context: Context, rows: list[dict[str, Any]]) -> Table:
    rows.sort(key=lambda row: (row["due_on"] or date.max, row["created_on"], row["issue_key"]))
    late = sum(_days_over(context, row) is not None for row in rows)
    return Table(
        name="issues",
        caption=f"{words.sentence_case(words.x_of_y(late, len(rows)))} open issues "
        f"{'is' if late == 1 else 'are'} past due"
        if rows
        else "No issue is open",
        columns=(
            Column("Issue", width=0.9, chars=14),
            Column("Type", width=0, chars=14),
            Column("Summary", width=2.65, chars=60),
            Column("Priority", width=0.75, chars=12),
            Column("Status", width=0.95, chars=16),
            Column("Created", kind="date", width=0, chars=13),
            Column("Due", kind="date", width=0.65, chars=13),
            Column("Days past due", kind="number", width=0.75, chars=12),
            Column("Team", width=0, chars=20),
            Column("Assignee", width=1.05, chars=20),
        ),
        rows=tuple(_row(context, row) for row in rows),
        description="One row per open issue, longest past due first.",
        sheet="Issues",
        word_rows=_MOST_ROWS,
    )


def _days_over(context: Context, row: dict[str, Any]) -> int | None:
    due = row["due_on"]
    return (context.as_of - due).days if due is not None and due < context.as_of else None


def _row(context: Context, row: dict[str, Any]) -> Row:
    over = _days_over(context, row)
    return Row(
        (
            Cell(row["issue_key"]),
            Cell(row["type"]),
            Cell(row["summary"]),
            Cell(row["priority"]),
            Cell(row["status"]),
            Cell(row["created_on"]),
            Cell(row["due_on"], tone="red" if over is not None else ""),
            Cell(over, unit=COUNT.name, text="" if over is not None else "–"),
            Cell(row["team"]),
            Cell(row["assignee"]),
        ),
        key=f"{row['source']}:{row['issue_key']}",
    )
