"""Delivery outlook: when open batches will be accepted, which promise is at risk, what helps."""

from __future__ import annotations

from datetime import date

from analysis import words
from analysis.forecast import sentences
from analysis.forecast.desk import by_urgency, fan, outlook_of, outlooks
from analysis.forecast.levers import levers
from analysis.forecast.model import Forecast
from analysis.forecast.walk_back import walk_back
from analysis.forecast.work import work
from charts.fan import fan_chart
from data_access.forecast_log import SentForecast
from metrics.units import COUNT, PERCENT
from reports.blocks import Block, Cell, Column, Paragraph, Row, Section, Table, sentence
from reports.context import Context, figure, joined
from reports.report import Report

KEY, TITLE = "outlook", "Delivery outlook"
_MOST_ROWS = 10
_NOTE = (
    "Accepted: completed, and not closed by a rejection. Each run repeats whole weeks of the past, "
    "drawn in blocks of neighboring weeks from a history that is itself drawn anew; the dates are "
    "those by which all items of the batch are accepted in 50 and in 85 of 100 runs, the chance is "
    "the share of runs in which that is on or before the promised day. The work of a dataset goes "
    "to the batch promised first."
)
_COLUMNS = (
    Column("Batch", width=0.85, chars=14),
    Column("Source", width=0, chars=20),
    Column("Work", width=1.35, chars=26),
    Column("Specification", width=0, chars=22),
    Column("Promised", kind="date", width=0.8, chars=13),
    Column("Items promised", kind="number", width=0, chars=12),
    Column("Accepted so far", kind="number", width=0, chars=12),
    Column("Left", kind="number", width=0.5, chars=10),
    Column("50% by", kind="date", width=0.8, chars=13),
    Column("85% by", kind="date", width=0.8, chars=13),
    Column("Chance", kind="number", width=0.75, chars=10),
    Column("Promise", kind="status", width=1.15, chars=22),
    Column("After", width=0, chars=30),
    Column("Weeks of history", kind="number", width=0, chars=12),
    Column("Known before", kind="date", width=0, chars=13),
)


def section(context: Context) -> Section:
    """The open batches as they stood when the period was over, the most urgent one drawn."""
    known = work(context.store, context.scope, until=context.as_of)
    found = outlooks(known, known.until)
    told = by_urgency(found)
    if not told:
        return Section(KEY, TITLE, ())
    first = told[0]
    line = outlook_of(found, first.batch)
    lead, rest = sentences.answer(first)
    most = sentences.lever(levers(known, line, first.batch), first) if first.has_date else ""
    past = walk_back(known, lambda day: work(context.store, context.scope, until=day))
    text = (
        sentences.summary(told),
        f"The most urgent one: {lead}{rest}" if first.has_date else "",
        most,
        sentences.held(past.most) if past.most.n else "",
    )
    blocks: list[Block] = [Paragraph(sentence(joined(text)))]
    if first.has_date:
        drawn = fan_chart(fan(known, line, first.batch), first, theme="print")
        blocks.append(figure(f"{lead}{rest}".rstrip("."), drawn))
    rows = tuple(_row(one, sentences.after_whom(one.batch, outlook_of(found, one.batch)))
                 for one in told)  # fmt: skip
    blocks.append(_table(told, rows))
    held = sentences.assumption(line, first.as_of)
    if held:
        blocks.append(Paragraph(sentence(held), style="note"))
    sent = tuple(_sent(one, one.chance) for one in told if one.chance is not None)
    return Section(KEY, TITLE, tuple(blocks), forecasts=sent)


def _table(told: list[Forecast], rows: tuple[Row, ...]) -> Table:
    late = sum(one.has_date and (one.chance or 0.0) < sentences.EVEN for one in told)
    return Table(
        name="delivery_outlook",
        caption=_caption(late),
        columns=_COLUMNS,
        rows=rows,
        description="One row per open batch: what is left, by when it is likely accepted.",
        sheet="Delivery outlook",
        note=_NOTE,
        word_rows=_MOST_ROWS,
    )


def _caption(late: int) -> str:
    if not late:
        return "No open batch is likely late"
    number = words.sentence_case(words.number_word(late))
    return f"{number} open {'batch is' if late == 1 else 'batches are'} likely late"


def _row(one: Forecast, after: str) -> Row:
    batch, face = one.batch, sentences.status(one)
    label = sentences.promise(one)
    return Row(
        (
            Cell(batch.batch),
            Cell(batch.source),
            Cell(batch.line or "All work"),
            Cell(batch.specification),
            Cell(batch.promised_on),
            Cell(batch.promised, unit=COUNT.name),
            Cell(batch.accepted, unit=COUNT.name),
            Cell(batch.left, unit=COUNT.name, text="" if batch.left else "0"),
            _day(one.p50),
            _day(one.p85),
            Cell(one.chance, unit=PERCENT.name, text="" if one.chance is not None else "–"),
            Cell(f"{face.shape} {label}", tone=face.tone),
            Cell(after),
            Cell(one.weeks or None, unit=COUNT.name),
            Cell(one.as_of),
        ),
        key=batch.key,
    )


def _day(day: date | None) -> Cell:
    return Cell(day, text="" if day else "–")


def told_in(report: Report) -> tuple[SentForecast, ...]:
    """The forecasts that a report gives, as they are kept to be judged later."""
    found = report.section(KEY)
    return found.forecasts if found else ()


def _sent(one: Forecast, chance: float) -> SentForecast:
    return SentForecast(
        source=one.batch.source,
        batch=one.batch.batch,
        as_of=one.as_of,
        promised_on=one.batch.promised_on,
        items_left=one.batch.left,
        p50=one.p50,
        p85=one.p85,
        chance=chance,
    )
