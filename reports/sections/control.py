"""Will targets be met? Every measure's control chart, read twice: variation and assurance."""

from __future__ import annotations

from dataclasses import replace

from analysis import words
from analysis.control import Assurance
from analysis.control.desk import Charted, charted
from metrics.catalog import CHARTED
from metrics.periods import Grain
from metrics.units import COUNT
from reports.blocks import Cell, Column, Paragraph, Row, Section, Table, sentence, signal_cell
from reports.context import Context

KEY, TITLE = "control", "Will targets be met?"
_NOTE = (
    "Limits hold what a measure does by itself. A target outside them is met, or missed, nearly "
    "every {noun} while nothing changes; one inside them is hit and missed by routine variation, "
    "whoever works. Charts follow the kind of measure (p, u, XmR) and read four rules; the signal "
    "of the key measures is that of the newest {noun} on an XmR chart, so now and then they differ."
)
_COLUMNS = (
    Column("Measure", width=1.75, chars=32),
    Column("Chart", width=0, chars=18),
    Column("Value", kind="number", width=0.75, chars=12),
    Column("n", kind="number", width=0, chars=10),
    Column("Limits", kind="number", width=1.05, chars=0),
    Column("Center", kind="number", width=0, chars=12),
    Column("Lower limit", kind="number", width=0, chars=12),
    Column("Upper limit", kind="number", width=0, chars=12),
    Column("Target", kind="number", width=0.8, chars=12),
    Column("Assurance", kind="status", width=1.2, chars=18),
    Column("Variation", width=0.85, chars=14),
    Column("Rule", width=1.2, chars=34),
    Column("Newest", width=0, chars=26),
    Column("Reading", width=0, chars=90),
)


def section(context: Context) -> Section:
    """The measures with a target in Word, all that have a value in Excel."""
    grain: Grain = "month" if context.period.grain == "month" else "week"
    found = charted(context.store, list(CHARTED.values()), context.scope, grain)
    held = [one for one in found if one.target is not None]
    others = [one for one in found if one.target is None]
    if not held:
        return Section(KEY, TITLE, _excel_only(context, others))
    shown = _table(context, [*held, *others], len(held))
    return Section(KEY, TITLE, (Paragraph(sentence(_told(held))), shown))


def _excel_only(context: Context, found: list[Charted]) -> tuple[Paragraph | Table, ...]:
    if not found:
        return ()
    text = "No measure with a value has a target."
    return (Paragraph(sentence(text)), replace(_table(context, found, 0), is_in_word=False))


def _told(held: list[Charted]) -> str:
    """How many targets will be met, hit and missed, or missed; the last by name."""
    whole = [one for one in held if one.reading.assurance is not Assurance.UNJUDGED]
    if not whole:
        return "There is too little history to say whether targets will be met."
    missed = [one.metric.label for one in whole if one.reading.assurance is Assurance.MISSED]
    varied = sum(one.reading.assurance is Assurance.VARIES for one in whole)
    met = len(whole) - len(missed) - varied
    parts = [
        f"{_targets(met)} will be met nearly always" if met else "",
        f"{_targets(varied)} will be hit and missed by routine variation" if varied else "",
        f"{_targets(len(missed))} will be missed nearly always" if missed else "",
    ]
    text = f"While nothing changes, {words.listed(part for part in parts if part)}"
    names = words.listed(words.in_sentence(name) for name in missed)
    return f"{text}: {names}." if missed else f"{text}."


def _targets(count: int) -> str:
    return f"{words.number_word(count)} {'target' if count == 1 else 'targets'}"


def _table(context: Context, found: list[Charted], in_word: int) -> Table:
    return Table(
        name="control_charts",
        caption="Control charts: whether targets will be met, and what is more than routine",
        columns=_COLUMNS,
        rows=tuple(_row(one) for one in found),
        description="One row per measure with its limits, its target and both readings.",
        sheet="Control charts",
        note=_NOTE.format(noun="month" if context.noun == "month" else "week"),
        word_rows=in_word,
    )


def _row(one: Charted) -> Row:
    metric, reading, limits = one.metric, one.reading, one.reading.limits
    unit, last = metric.unit.name, one.chart.last
    value = last.value if last else one.values[-1]
    low, high = words.whole_limits(metric, limits.low, limits.high) if limits else (None, None)
    aim = metric.show_target(one.target.value) if one.target else "–"
    face = reading.assurance
    return Row(
        (
            Cell(metric.label),
            Cell(one.chart.kind.label),
            Cell(value.value, unit=unit),
            Cell(value.n, unit=COUNT.name),
            Cell(words.range_text(metric, limits) if limits else "–"),
            Cell(limits.mean if limits else None, unit=unit),
            Cell(low, unit=unit),
            Cell(high, unit=unit),
            Cell(one.target.value if one.target else None, unit=unit, text=aim),
            Cell(f"{face.shape} {face.label}", tone=face.tone),
            signal_cell(reading.signal.value),
            Cell(reading.rule or "–"),
            Cell(value.period.label),
            Cell(f"{reading.variation} {reading.promise}"),
        ),
        key=metric.name,
    )
