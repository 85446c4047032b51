"""Actions: overdue ones first, of earlier weeks too, until somebody closes them."""

from __future__ import annotations

from datetime import date

from analysis import words
from data_access.entries import Action
from reports.blocks import Cell, Column, Row, Section, Table
from reports.context import Context

KEY, TITLE = "actions", "Actions"
OVERDUE = "Overdue"


def section(context: Context) -> Section:
    """One table of the open actions and those closed in this period."""
    found = sorted(
        context.entries(Action),
        key=lambda a: (
            a.is_closed, not a.is_overdue(context.as_of), a.due_on or date.max, a.number
        ),
    )  # fmt: skip
    table = Table(
        name="actions",
        caption=_caption(context, found),
        columns=(
            Column("ID", width=0.55, chars=8),
            Column("Action", width=3.5, chars=66),
            Column("Owner", width=1.2, chars=22),
            Column("Due", kind="date", width=0.75, chars=13),
            Column("State", width=1.0, chars=14, choices=(*Action.STATES, OVERDUE)),
        ),
        rows=tuple(_row(context, entry) for entry in found),
        description="One row per action with its owner, its day and its state, overdue first.",
        sheet="Actions",
    )
    return Section(KEY, TITLE, (table,))


def _caption(context: Context, found: list[Action]) -> str:
    if not found:
        return "No open action"
    late = sum(entry.is_overdue(context.as_of) for entry in found)
    done = sum(entry.is_closed for entry in found)
    counts = ((late, "overdue"), (len(found) - late - done, "open"), (done, "closed"))
    parts = [f"{words.number_word(count)} {state}" for count, state in counts if count]
    noun = "action" if len(found) == 1 else "actions"
    number = words.sentence_case(words.number_word(len(found)))
    return f"{number} {noun}: {words.listed(parts)}"


def _row(context: Context, entry: Action) -> Row:
    late = entry.is_overdue(context.as_of)
    return Row(
        (
            Cell(entry.code),
            Cell(entry.text),
            Cell(entry.owner) if entry.owner else Cell("No owner", tone="amber"),
            Cell(entry.due_on),
            Cell(OVERDUE, tone="red") if late else Cell(entry.state),
        ),
        key=entry.code,
    )
