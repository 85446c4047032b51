"""Delivery: what was due, what arrived when, what is overdue, what is promised next."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from analysis import words
from analysis.deliveries import Delivery, Standing, delivery_of
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
_ORDER = (Standing.OVERDUE, Standing.LATE, Standing.NOT_DUE, Standing.ON_TIME)
_TONES: dict[str, Tone] = {"red": "red", "grey": "grey", "green": "green"}


def section(context: Context) -> Section:
    """One table: overdue batches first, then those due in the period, then the next two weeks."""
    due = _rows(context, context.period)
    late = _of(context, context.store.rows(DELIVERIES_OVERDUE, context.asked))
    late = [one for one in late if not context.period.contains(one.promised_on)]
    ahead = _rows(context, Period(context.period.until, context.period.until + _AHEAD))
    ahead = [one for one in ahead if one.delivered_on is None]
    if not (due or late or ahead):
        return Section(KEY, TITLE, ())
    batches = [
        *sorted(late, key=_by_promise),
        *sorted(due, key=lambda one: (_ORDER.index(one.standing), *_by_promise(one))),
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


def _rows(context: Context, period: Period) -> list[Delivery]:
    return _of(context, context.store.rows(DELIVERIES_DUE, context.scope.during(period)))


def _of(context: Context, rows: pa.Table) -> list[Delivery]:
    return [delivery_of(row, context.as_of) for row in rows.to_pylist()]


def _by_promise(one: Delivery) -> tuple[date, str]:
    return one.promised_on, one.batch


def _reading(
    context: Context, due: list[Delivery], late: list[Delivery], ahead: list[Delivery]
) -> str:
    end = "this week" if context.noun == "week" else "in the period"
    faces = [one.standing for one in due]
    counts = [
        (faces.count(Standing.ON_TIME), "on time"),
        (faces.count(Standing.LATE), "late"),
        (faces.count(Standing.OVERDUE), "not delivered yet and overdue"),
        (faces.count(Standing.NOT_DUE), "not yet due"),
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


def _table(context: Context, batches: list[Delivery]) -> Table:
    late = sum(one.standing in (Standing.OVERDUE, Standing.LATE) for one in batches)
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
            Column("Accepted on", kind="date", width=0, chars=13),
            Column("Days late", kind="number", width=0.5, chars=10),
            Column("Status", kind="status", width=1.05, chars=16),
            Column("Reason late", width=0, chars=30),
            Column("Due in the period", kind="number", width=0, chars=12),
        ),
        rows=tuple(_row(context, batch) for batch in batches),
        description="One row per batch: when it was promised and delivered, how much was accepted.",
        sheet="Deliveries",
        word_rows=_MOST_ROWS,
    )


def _row(context: Context, one: Delivery) -> Row:
    blank = "–"
    return Row(
        (
            Cell(one.batch),
            Cell(one.project),
            Cell(one.dataset),
            Cell(one.receiver),
            Cell(one.specification),
            Cell(one.promised_on),
            Cell(one.delivered_on, text="" if one.delivered_on else blank),
            Cell(one.items_promised, unit=COUNT.name),
            Cell(
                one.items_delivered,
                unit=COUNT.name,
                text="" if one.items_delivered is not None else blank,
            ),
            Cell(one.items_accepted, unit=COUNT.name),
            Cell(
                one.accepted_share,
                unit=PERCENT.name,
                text="" if one.accepted_share is not None else blank,
            ),
            Cell(one.accepted_on),
            _late_cell(one.days_late),
            Cell(one.standing.words, tone=_TONES[one.standing.tone], note=one.reason),
            Cell(one.reason),
            Cell(int(context.period.contains(one.promised_on)), unit=COUNT.name),
        ),
        key=f"{one.source}:{one.batch}",
    )


def _late_cell(days: int | None) -> Cell:
    if days is None:
        return Cell(None, text="–")
    return Cell(days, unit=COUNT.name, text="" if days else "0")
