"""Lots decided in the period: what was sampled, what was found, what was decided."""

from __future__ import annotations

from analysis import words
from analysis.sampling.history import Closed, closed
from data_access.lots import ACCEPTED
from metrics.units import COUNT, PERCENT
from reports.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
    sentence,
    show_time,
)
from reports.context import Context

KEY, TITLE = "lots", "Sampled lots"
_MOST_CERTIFICATES = 6
_NOTE = (
    "A lot is accepted or not as a whole, by a sample drawn by chance. The 95% interval is exact "
    "(Clopper and Pearson). The same seed draws the same items again."
)


def section(context: Context) -> Section:
    """One table of the lots decided in the period, then a certificate for each."""
    lots = context.records.lots
    found = [one for one in closed(lots.decided(), lots.items) if _is_in(context, one)]
    blocks: list[Block] = [_table(context, found)]
    if found:
        blocks.append(Paragraph(sentence(_NOTE), "note"))
    for one in found[:_MOST_CERTIFICATES]:
        blocks += [Heading(f"Certificate {one.lot.code}"), _certificate(context, one)]
    if len(found) > _MOST_CERTIFICATES:
        blocks.append(
            Paragraph(
                sentence(
                    f"Certificates of the first {_MOST_CERTIFICATES} of {len(found)} lots are "
                    "printed here; the page Sampling desk has all of them."
                ),
                "note",
            )
        )
    return Section(KEY, TITLE, tuple(blocks))


def _is_in(context: Context, one: Closed) -> bool:
    when = one.lot.decided_at
    return when is not None and context.period.contains(context.local(when).date())


def _caption(found: list[Closed]) -> str:
    if not found:
        return "No lot was decided"
    refused = sum(one.lot.decision != ACCEPTED for one in found)
    lots = f"{words.sentence_case(words.number_word(len(found)))} lot"
    lots += "" if len(found) == 1 else "s"
    if not refused:
        return f"{lots} decided, {'it was' if len(found) == 1 else 'all'} accepted"
    return f"{lots} decided, {words.number_word(refused)} not accepted"


def _decision(one: Closed) -> Cell:
    is_good = one.lot.decision == ACCEPTED
    return Cell(
        "● Accepted" if is_good else "■ Not accepted", tone="green" if is_good else "red"
    )  # fmt: skip


def _table(context: Context, found: list[Closed]) -> Table:
    return Table(
        name="lots",
        caption=_caption(found),
        columns=(
            Column("ID", width=0.5, chars=8),
            Column("Lot", width=2.05, chars=40),
            Column("Project", width=0, chars=24),
            Column("Items", kind="number", width=0, chars=10),
            Column("Plan", width=0, chars=60),
            Column("n", kind="number", width=0, chars=8),
            Column("Ac", kind="number", width=0, chars=8),
            Column("Re", kind="number", width=0, chars=8),
            Column("Checked", kind="number", width=0.75, chars=10),
            Column("Defective", kind="number", width=0.8, chars=11),
            Column("Rate", kind="number", width=0.65, chars=10),
            Column("95% interval", width=1.05, chars=16),
            Column("Low", kind="number", width=0, chars=10),
            Column("High", kind="number", width=0, chars=10),
            Column("Decision", kind="status", width=1.2, chars=18),
            Column("Inspection", width=0, chars=50),
            Column("Afterwards", width=0, chars=60),
            Column("Seed", kind="number", width=0, chars=12),
            Column("Decided", kind="time", width=0, chars=18),
            Column("By", width=0, chars=22),
        ),
        rows=tuple(_row(context, one) for one in found),
        description="One row per lot decided in the period: plan, counts, rate, decision.",
        sheet="Lots",
    )


def _row(context: Context, one: Closed) -> Row:
    lot, plan = one.lot, one.plan
    is_whole = one.low == one.high
    interval = "whole lot" if is_whole else PERCENT.show_range(one.low, one.high)
    return Row(
        (
            Cell(lot.code),
            Cell(lot.name),
            Cell(lot.project),
            Cell(lot.size, unit=COUNT.name),
            Cell(one.plan_words),
            Cell(plan.n, unit=COUNT.name),
            Cell(plan.ac, unit=COUNT.name),
            Cell(plan.re, unit=COUNT.name),
            Cell(lot.checked, unit=COUNT.name),
            Cell(lot.defective, unit=COUNT.name),
            Cell(one.rate, unit=PERCENT.name),
            Cell(interval),
            Cell(one.low, unit=PERCENT.name),
            Cell(one.high, unit=PERCENT.name),
            _decision(one),
            Cell(one.standing_words),
            Cell(one.after.rule),
            Cell(lot.seed, unit=COUNT.name, text=str(lot.seed)),
            Cell(context.local(lot.decided_at) if lot.decided_at else None),
            Cell(lot.decided_by),
        ),
        key=lot.code,
    )


def _certificate(context: Context, one: Closed) -> Table:
    """One lot as a sheet of facts; Word only, the sheet Lots has the same in columns."""
    lot, plan = one.lot, one.plan
    drawn = f"{lot.drawn:,} drawn by {lot.drawn_by} with seed {lot.seed}"
    drawn += ", some of every annotator" if lot.is_stratified else ""
    when = f"{show_time(context.local(lot.decided_at))}, by " if lot.decided_at else ""
    facts = (
        ("Lot", Cell(lot.name)),
        ("Project", Cell(lot.project)),
        ("Holds", Cell(lot.scope)),
        ("Items", Cell(f"{lot.size:,} in the lot, {drawn}")),
        ("Plan", Cell(f"{one.plan_words}: n {plan.n:,}, Ac {plan.ac:,}, Re {plan.re:,}")),
        ("Found", Cell(one.found_words)),
        ("Decision", _decision(one)),
        ("Decided", Cell(f"{when}{lot.decided_by}")),
        ("Inspection", Cell(one.standing_words)),
        ("Afterwards", Cell(one.after.rule)),
    )
    return Table(
        name=f"certificate_{lot.number}",
        caption=f"{lot.code} was {lot.decision}: {one.counts_words}",
        columns=(Column("Fact", width=1.2), Column("Value", width=5.8)),
        rows=tuple(Row((Cell(name), cell), key=name) for name, cell in facts),
        description=f"The certificate of lot {lot.code}: plan, sample, decision and who signed it.",
        is_short=True,
    )
