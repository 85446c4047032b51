"""Improvements: what was changed, and what came with it."""

from __future__ import annotations

from analysis import improvement_words as told
from analysis import words
from analysis.improvement import Measured, Verdict
from analysis.improvement_gone import Gone, label, measure_if_there
from charts.improvement import improvement
from metrics.units import COUNT, RATIO
from reports.blocks import (
    Block,
    Cell,
    Column,
    FindingLine,
    FindingList,
    Paragraph,
    Row,
    Section,
    Table,
    sentence,
)
from reports.context import Context, figure

KEY, TITLE = "improvements", "Improvements"
_MOST_PICTURES = 2
_FACES = {
    Verdict.BETTER: ("● Improved", "green"),
    Verdict.WORSE: ("■ Worse", "red"),
    Verdict.UNCLEAR: ("○ No clear change", "grey"),
    Verdict.UNTOLD: ("○ Cannot be told", "grey"),
}
_NOTE = (
    f"{told.METHOD} A change is claimed only where the 95% interval leaves 0 out. What came with a "
    "change need not come from it."
)


def section(context: Context) -> Section:
    """One sentence per improvement, a table of all, and a picture of those that show a change."""
    everything = context.records.improvements.all()
    kept = [one for one in everything if not one.is_dropped]
    found = [measure_if_there(context.store, one, everything) for one in kept]
    if not found:
        return Section(KEY, TITLE, (Paragraph(sentence("No improvement is followed yet.")),))
    blocks: list[Block] = [FindingList(tuple(_line(one) for one in found)), _table(found)]
    measured = [one for one in found if isinstance(one, Measured)]
    clear = [one for one in measured if one.verdict in (Verdict.BETTER, Verdict.WORSE)]
    for one in clear[:_MOST_PICTURES]:
        caption = f"{one.improvement.name}: {words.in_sentence(one.metric.label)} before and after"
        blocks.append(figure(caption, improvement(one, theme="print")))
    blocks.append(Paragraph(sentence(_NOTE), "note"))
    return Section(KEY, TITLE, tuple(blocks))


def _line(one: Measured | Gone) -> FindingLine:
    text, tone = _FACES[one.verdict]
    about = one.improvement
    if isinstance(one, Gone):
        return FindingLine(
            tone=tone,  # type: ignore[arg-type]
            mark=text,
            lead=f"{about.name}: {words.in_sentence(one.why)}",
            rest="",
            evidence=f"{label(one)} · {told.filters_words(about.filters)}",
            next_step=f"On the page Improvements: {words.in_sentence(one.next_step)}",
        )
    caveat = next(iter(told.caveats(one)), "") if one.fit else ""
    return FindingLine(
        tone=tone,  # type: ignore[arg-type]
        mark=text,
        lead=f"{about.name}: {words.in_sentence(told.lead(one))}",
        rest=f" {told.sentence(one)}" if one.fit else "",
        evidence=told.evidence(one) or f"{one.metric.label} · {told.filters_words(about.filters)}",
        next_step=" ".join(part for part in (told.against_expected(one), caveat) if part),
    )


def _table(found: list[Measured | Gone]) -> Table:
    several = "" if len(found) == 1 else "s"
    return Table(
        name="improvements",
        caption=f"{words.sentence_case(words.number_word(len(found)))} improvement{several} with "
        "the difference from the earlier course",
        columns=(
            Column("ID", width=0.45, chars=8),
            Column("Improvement", width=1.5, chars=40),
            Column("Measure", width=1.1, chars=28),
            Column("Touches", width=1.2, chars=36),
            Column("Since", kind="date", width=0.75, chars=13),
            Column("Effect", kind="change", width=0.75, chars=12),
            Column("95% interval", width=1.1, chars=24),
            Column("Verdict", kind="status", width=1.15, chars=20),
            Column("State", width=0, chars=12),
            Column("Owner", width=0, chars=22),
            Column("Compared with", width=0, chars=40),
        ),
        rows=tuple(_row(one) for one in found),
        description="One row per improvement: its measure, day, effect with interval and verdict.",
        sheet="Improvements",
    )


def _unit(one: Measured) -> str:
    """The unit of an effect: a mean of counts has decimals."""
    return (RATIO if one.metric.unit is COUNT else one.metric.unit).name


def _row(one: Measured | Gone) -> Row:
    about, effect, interval, unit = one.improvement, None, "", RATIO.name
    if isinstance(one, Measured):
        effect, unit = one.effect, _unit(one)
        interval = told.interval(one).removeprefix("95% interval ")
    text, tone = _FACES[one.verdict]
    return Row(
        (
            Cell(about.code),
            Cell(about.name),
            Cell(label(one)),
            Cell(told.filters_words(about.filters)),
            Cell(about.start_on),
            Cell(effect.value if effect else None, unit=unit),
            Cell(interval),
            Cell(text, tone=tone),  # type: ignore[arg-type]
            Cell(about.state),
            Cell(about.owner) if about.owner else Cell("No owner", tone="amber"),
            Cell(told.filters_words(about.comparison) if about.comparison else "none"),
        ),
        key=about.code,
    )
