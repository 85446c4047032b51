"""Every measure of the catalogue: value, definition, range, target, source, owner."""

from __future__ import annotations

from dataclasses import replace

from analysis.model import Assessment, Signal
from metrics.catalog import FAMILY_LABELS
from metrics.units import COUNT
from reports.blocks import (
    Block,
    Cell,
    Check,
    Column,
    History,
    Paragraph,
    Row,
    Score,
    Section,
    Table,
    sentence,
    signal_cell,
    status_cell,
)
from reports.context import Context, limits_of, number
from reports.sections.measures import score

_RECENT = 12  # periods of measures that are no key measures, on the trend sheet
_MOST_PRINTED = 40  # measures; above that Word prints those to act on
KEY, TITLE = "appendix", "Measures in full and how to read them"
_HOW = (
    "Expected range: what a measure keeps to by routine variation alone, worked out from up to 26 "
    "earlier weeks (XmR chart; 12 are needed). Status is against the target; signal says whether "
    "the change is more than routine. n counts the rows behind a value; a value with too few rows "
    "is withheld, here, on every page and in Excel. Of more than 40 measures the key ones, "
    "those with a target and those that changed come first; Excel has all, with their SQL."
)


def section(context: Context) -> Section:
    """One table per family; together one sheet in Excel."""
    blocks: list[Block] = [Paragraph(sentence(_HOW), style="note")]
    for family, label in FAMILY_LABELS.items():
        found = [a for a in context.judged.values() if a.metric.family == family]
        if found:
            blocks.append(_table(context, family, label, found))
    rest = [a for name, a in context.judged.items() if name not in _printed(context)]
    if rest:
        blocks.append(_others(rest))
    key = {judged.metric.name for judged in context.key}
    others = [
        judged
        for name, judged in context.judged.items()
        if name not in key and judged.applies and _has_history(judged)
    ]
    blocks.append(History(tuple(_recent(score(judged)) for judged in others)))
    counted = sum(a.value.value is not None for a in context.judged.values())
    blocks.append(Check("Measures with a value", "measures_flow", "Value", "count", float(counted)))
    return Section(KEY, TITLE, tuple(blocks), is_landscape=True)


def _recent(one: Score) -> Score:
    """The newest periods of a history: longer ones make the workbook too large to mail."""
    return replace(one, points=one.points[-_RECENT:])


def _table(context: Context, family: str, label: str, found: list[Assessment]) -> Table:
    """The measures of a family: those to act on first, and in Word only them."""
    printed = _printed(context)
    found = sorted(found, key=lambda judged: judged.metric.name not in printed)
    in_word = sum(judged.metric.name in printed for judged in found)
    return Table(
        name=f"measures_{family}",
        caption=f"{label}: definitions, values, expected ranges and owners",
        columns=_columns(context),
        rows=tuple(_row(context, judged) for judged in found),
        word_rows=in_word,
        is_in_word=in_word > 0,
        description=f"One row per measure of the family {label} with its definition and value.",
        sheet="Measures",
    )


def _has_history(judged: Assessment) -> bool:
    """Whether any period has a value: a trend of blanks tells nothing that its note does not."""
    return any(value.value is not None for value in judged.series)


def _others(found: list[Assessment]) -> Table:
    """In Word the measures not printed with their definitions, a line each."""
    return Table(
        name="measures_others",
        caption=f"{len(found)} further measures; their definitions stand in the Excel file",
        columns=(
            Column("Measure", width=2.6),
            Column("Value", kind="number", width=1.0),
            Column("n", kind="number", width=0.8),
            Column("Rows are", width=1.1),
            Column("Expected range", kind="number", width=1.4),
            Column("Signal", width=1.0),
            Column("Owner", width=1.6),
        ),
        rows=tuple(
            Row(
                (
                    Cell(judged.metric.label),
                    number(judged.value),
                    Cell(judged.value.n, unit=COUNT.name),
                    Cell(judged.metric.n_of),
                    Cell(_range(judged)),
                    signal_cell(judged.signal.value),
                    Cell(judged.metric.owner),
                ),
                key=judged.metric.name,
            )
            for judged in found
        ),
        description="One row per further measure with its value, range, signal and owner.",
    )


def _printed(context: Context) -> set[str]:
    """The measures printed with definitions: those with a value, or of very many the loud ones."""
    there = [judged for judged in context.judged.values() if judged.value.value is not None]
    names = {judged.metric.name for judged in there}
    key = {judged.metric.name for judged in context.key}
    if len(names) <= _MOST_PRINTED:
        return names | key
    changed = (Signal.WORSENING, Signal.IMPROVING, Signal.CHANGED)
    loud = [
        j
        for j in there
        if j.target is not None or (j.signal in changed and j.metric.family != "working_time")
    ]  # business hours say what their calendar hours say
    return key | {judged.metric.name for judged in loud}


def _columns(context: Context) -> tuple[Column, ...]:
    return (
        Column("Measure", width=1.4, chars=30),
        Column("Id", width=0, chars=24),
        Column("Family", width=0, chars=11),
        Column("Definition", width=3.35, chars=0),
        Column("Value", kind="number", width=0.85, chars=13, names="kpi_"),
        Column("n", kind="number", width=0.6, chars=10),
        Column("Rows are", width=0, chars=12),
        Column("Numerator", kind="number", width=0, chars=13),
        Column("Interval low", kind="number", width=0, chars=13),
        Column("Interval high", kind="number", width=0, chars=13),
        Column(context.versus_label, kind="number", width=0, chars=14),
        Column("Change", kind="change", width=0, chars=13),
        Column("Expected range", kind="number", width=1.16, chars=0),
        Column("Expected low", kind="number", width=0, chars=13),
        Column("Expected high", kind="number", width=0, chars=13),
        Column("Target", kind="number", width=0.78, chars=12),
        Column("Status", kind="status", width=1.22, chars=18),
        Column("Signal", width=0.95, chars=13),
        Column("Signal rule", width=0, chars=26),
        Column("Note", width=0, chars=40),
        Column("Meaning", width=0, chars=80),
        Column("Unit", width=0, chars=16),
        Column("Better", width=0, chars=10),
        Column("Source", width=0, chars=16),
        Column("Placed by", width=0, chars=18),
        Column("Owner", width=0, chars=18),
        Column("Owner and source", width=1.36, chars=0),
        Column("SQL", width=0, chars=60, wraps=False),
    )


def _row(context: Context, judged: Assessment) -> Row:
    metric, value, unit = judged.metric, judged.value, judged.metric.unit.name
    limits, target = limits_of(judged), judged.target
    partial = "The period is not over or starts before the data." if value.is_partial else ""
    note = " ".join(part for part in (value.withheld, partial) if part)
    return Row(
        (
            Cell(metric.label),
            Cell(metric.name),
            Cell(FAMILY_LABELS[metric.family]),
            Cell(metric.definition, note=note),
            number(value),
            Cell(value.n, unit=COUNT.name),
            Cell(metric.n_of),
            Cell(value.numerator, unit=COUNT.name),
            Cell(value.low, unit=unit),
            Cell(value.high, unit=unit),
            number(judged.versus),
            Cell(judged.change, unit=unit),
            Cell(_range(judged)),
            Cell(limits.low if limits else None, unit=unit),
            Cell(limits.high if limits else None, unit=unit),
            Cell(target.value if target else None, unit=unit, text=judged.target_text or "–"),
            status_cell(judged.status.value),
            signal_cell(judged.signal.value),
            Cell(judged.rule),
            Cell(note),
            Cell(metric.definition),
            Cell(metric.unit.name),
            Cell(metric.better.value),
            Cell(metric.source),
            Cell(metric.at),
            Cell(metric.owner),
            Cell(metric.owner, note=metric.source.replace("_", " ")),
            Cell(_sql(context, judged)),
        ),
        key=metric.name,
    )


def _range(judged: Assessment) -> str:
    """The expected range as the two Excel cells read."""
    limits, unit = limits_of(judged), judged.metric.unit
    if limits is None:
        return "–"
    same = limits.low == limits.high
    return unit.show(limits.low) if same else unit.show_range(limits.low, limits.high)


def _sql(context: Context, judged: Assessment) -> str:
    """The query as one line; "" where the filters make no sense for the measure."""
    if not judged.applies:
        return ""
    text = context.store.sql(judged.metric, context.asked)
    return " ".join(text.split())
