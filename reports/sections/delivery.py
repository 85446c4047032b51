"""Delivery: what was due, what arrived when, what is overdue, what is promised next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from analysis import words
from metrics.delivery import ACCEPTED_SHARE, DELIVERIES_DUE, DELIVERIES_OVERDUE
from metrics.periods import Period
from metrics.units import COUNT, PERCENT
from reports.blocks import (
    Block,
    Cell,
    Check,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
    sentence,
)
from reports.context import Context, joined

KEY, TITLE = "delivery", "Delivery"
_AHEAD = timedelta(days=14)
_MOST_ROWS = 15
_Batch = dict[str, Any]


def section(context: Context) -> Section:
    """One table: overdue batches first, then those due in the period, then the next two weeks."""
    due = _rows(context, context.period)
    late = context.store.rows(DELIVERIES_OVERDUE, context.asked).to_pylist()
    late = [b for b in late if not context.period.contains(b["promised_on"])]
    ahead = _rows(context, Period(context.period.until, context.period.until + _AHEAD))
    ahead = [batch for batch in ahead if batch["delivered_on"] is None]
    if not (due or late or ahead):
        return Section(KEY, TITLE, ())
    batches = [
        *sorted(late, key=_by_promise),
        *sorted(due, key=lambda b: (_face(context, b)[0], *_by_promise(b))),
        *sorted(ahead, key=_by_promise),
    ]
    blocks: list[Block] = [Paragraph(sentence(_reading(context, due, late, ahead)))]
    blocks.append(_table(context, batches))
    total = context.store.value(DELIVERIES_DUE, context.scope)
    if total.value is not None:
        blocks.append(
            Check(
                "Deliveries due in the period",
                "deliveries",
                "Due in the period",
                "sum",
                total.value,
            )
        )
    return Section(KEY, TITLE, tuple(blocks))


def _rows(context: Context, period: Period) -> list[_Batch]:
    return list(context.store.rows(DELIVERIES_DUE, context.scope.during(period)).to_pylist())


def _by_promise(batch: _Batch) -> tuple[date, str]:
    return batch["promised_on"], batch["batch"]


def _face(context: Context, batch: _Batch) -> tuple[int, str, Tone]:
    """Rank, words and color of how a batch stands on the last day counted."""
    promised, delivered = batch["promised_on"], batch["delivered_on"]
    if delivered is None:
        if promised < context.as_of:
            return 0, "■ Overdue", "red"
        return 2, "○ Not yet due", "grey"
    return (1, "■ Late", "red") if delivered > promised else (3, "● On time", "green")


def _days_late(context: Context, batch: _Batch) -> int | None:
    promised: date = batch["promised_on"]
    delivered: date | None = batch["delivered_on"]
    if delivered is None and promised >= context.as_of:
        return None
    until = delivered or context.as_of - timedelta(days=1)
    return max(0, (until - promised).days)


def _reading(context: Context, due: list[_Batch], late: list[_Batch], ahead: list[_Batch]) -> str:
    end = "this week" if context.noun == "week" else "in the period"
    faces = [_face(context, batch)[1] for batch in due]
    counts = [
        (faces.count("● On time"), "on time"),
        (faces.count("■ Late"), "late"),
        (faces.count("■ Overdue"), "not delivered yet and overdue"),
        (faces.count("○ Not yet due"), "not yet due"),
    ]
    parts = [f"{words.number_word(count)} {text}" for count, text in counts if count]
    number = words.sentence_case(words.number_word(len(due)))
    was = "delivery was" if len(due) == 1 else "deliveries were"
    first = f"{number} {was} due {end}" + (f": {words.listed(parts)}." if parts else ".")
    earlier = (
        f"{words.sentence_case(words.number_word(len(late)))} of earlier periods "
        f"{'is' if len(late) == 1 else 'are'} still not delivered."
        if late
        else ""
    )
    next_two = (
        f"{words.sentence_case(words.number_word(len(ahead)))} more "
        f"{'is' if len(ahead) == 1 else 'are'} promised for the two weeks after."
        if ahead
        else ""
    )
    accepted = context.judged[ACCEPTED_SHARE.name]
    share = (
        f"Receivers accepted {accepted.value_text} of the items delivered."
        if accepted.value.value is not None
        else ""
    )
    return joined((first, earlier, next_two, share))


def _table(context: Context, batches: list[_Batch]) -> Table:
    faces = [_face(context, batch)[1] for batch in batches]
    late = faces.count("■ Overdue") + faces.count("■ Late")
    noun = "delivery" if late == 1 else "deliveries"
    verb = "is" if late == 1 else "are"
    caption = (
        f"{words.sentence_case(words.number_word(late))} {noun} {verb} late or overdue"
        if late
        else "No delivery is late"
    )
    return Table(
        name="deliveries",
        caption=caption,
        columns=(
            Column("Batch", width=0.85, chars=14),
            Column("Project", width=0, chars=22),
            Column("Dataset", width=1.45, chars=28),
            Column("For", width=1.1, chars=20),
            Column("Specification", width=0, chars=22),
            Column("Promised", kind="date", width=0.78, chars=13),
            Column("Delivered", kind="date", width=0.8, chars=13),
            Column("Items promised", kind="number", width=0, chars=12),
            Column("Items delivered", kind="number", width=0, chars=12),
            Column("Items accepted", kind="number", width=0, chars=12),
            Column("Accepted", kind="number", width=0.8, chars=12),
            Column("Days late", kind="number", width=0.5, chars=10),
            Column("Status", kind="status", width=1.05, chars=16),
            Column("Due in the period", kind="number", width=0, chars=12),
        ),
        rows=tuple(_row(context, batch) for batch in batches),
        description="One row per batch: when it was promised and delivered, how much was accepted.",
        sheet="Deliveries",
        word_rows=_MOST_ROWS,
    )


def _row(context: Context, batch: _Batch) -> Row:
    _rank, text, tone = _face(context, batch)
    delivered, accepted = batch["items_delivered"], batch["items_accepted"]
    share = accepted / delivered if delivered and accepted is not None else None
    blank = "–"
    return Row(
        (
            Cell(batch["batch"]),
            Cell(batch["project"]),
            Cell(batch["dataset"]),
            Cell(batch["team"]),
            Cell(batch["specification"]),
            Cell(batch["promised_on"]),
            Cell(batch["delivered_on"], text="" if batch["delivered_on"] else blank),
            Cell(batch["items_promised"], unit=COUNT.name),
            Cell(delivered, unit=COUNT.name, text="" if delivered is not None else blank),
            Cell(accepted, unit=COUNT.name),
            Cell(share, unit=PERCENT.name, text="" if share is not None else blank),
            _late_cell(_days_late(context, batch)),
            Cell(text, tone=tone),
            Cell(int(context.period.contains(batch["promised_on"])), unit=COUNT.name),
        ),
        key=f"{batch['source']}:{batch['batch']}",
    )


def _late_cell(days: int | None) -> Cell:
    if days is None:
        return Cell(None, text="–")
    return Cell(days, unit=COUNT.name, text="" if days else "0")
