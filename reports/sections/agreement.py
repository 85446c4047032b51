"""Agreement: whether people give the same answers, by field and by label, and what stands out."""

from __future__ import annotations

from analysis import words
from analysis.agreement.desk import Desk, desk, fields, looking_back
from analysis.agreement.diagnosis import Finding, Problem
from analysis.agreement.labels import LabelAgreement
from analysis.agreement.result import Agreement
from metrics.units import COUNT, PERCENT, RATIO
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
from reports.context import Context

KEY, TITLE = "agreement", "Agreement between annotators"
_MOST_FIELDS = 6
_MOST_ROWS = 8
_PRINTED = ("_alpha_nominal", "_gwet_identity")  # what Word prints of each field
_HOW = (
    "Krippendorff's alpha is agreement beyond chance: 1 is perfect, 0 is what chance gives. It is "
    "low, too, where nearly all answers are the same; Gwet's AC1 stays readable there. Intervals "
    "are 95%, by bootstrap over items. Below 10 shared items no number is shown. A week holds few "
    "shared items, so this looks at 13 weeks; alpha of the week alone stands with the measures."
)


def section(context: Context) -> Section:
    """A sentence per field, what stands out, the coefficients and the labels agreed on least."""
    asked = looking_back(context.asked)
    names = fields(context.store, asked)[:_MOST_FIELDS]
    desks = [desk(context.store, asked, name) for name in names]
    read = [one for one in desks if one.main is not None]
    if not read:
        return Section(KEY, TITLE, ())
    told = " ".join(_reading(one) for one in read[:3])
    blocks: list[Block] = [Paragraph(sentence(f"Ratings of {asked.period.dates}. {told}"))]
    lines = [_line(one, f) for one in read[:3] for f in one.diagnosis.findings if _is_told(f)]
    if lines:
        blocks.append(FindingList(tuple(lines)))
    blocks.append(_coefficients(read))
    blocks.append(_labels(read))
    blocks.append(Paragraph(sentence(_HOW), style="note"))
    return Section(KEY, TITLE, tuple(blocks))


def _reading(one: Desk) -> str:
    main = one.main
    assert main is not None
    if main.shown is None:
        return f"{one.ratings.field}: {words.in_sentence(main.withheld)}"
    interval = "" if main.low is None or main.high is None else f" ({main.range_text})"
    people = words.some(main.n_raters, "people")
    return (
        f"{one.ratings.field}: {main.label} is {RATIO.show(main.shown)}{interval} on "
        f"{words.some(main.n_units, 'shared items')} by {people}."
    )


def _is_told(found: Finding) -> bool:
    return found.problem in (Problem.GUIDELINE, Problem.PERSON, Problem.ITEM)


def _line(one: Desk, found: Finding) -> FindingLine:
    kind = {
        Problem.GUIDELINE: "One label",
        Problem.PERSON: "One person",
        Problem.ITEM: "A few items",
    }[found.problem]
    return FindingLine(
        tone="amber",
        mark="▲",
        lead=f"{one.ratings.field}: {words.in_sentence(kind)} stands out. ",
        rest=found.sentence,
        evidence="",
        next_step=found.next_step,
    )


def _coefficients(read: list[Desk]) -> Table:
    rows = [
        _coefficient(one, told) for one in read for told in (*one.coefficients, *one.other_levels)
    ]
    rows.sort(key=lambda row: not row.key.endswith(_PRINTED))
    printed = sum(row.key.endswith(_PRINTED) for row in rows)
    lowest = min(
        (one for one in read if one.main and one.main.shown is not None),
        key=lambda one: one.main.shown if one.main and one.main.shown is not None else 0.0,
        default=None,
    )
    caption = "Agreement by field"
    if lowest is not None and lowest.main is not None and len(read) > 1:
        caption = (
            f"{lowest.ratings.field} is agreed on least: {lowest.main.label} "
            f"{RATIO.show(lowest.main.shown)}"
        )
    return Table(
        name="agreement",
        caption=caption,
        columns=(
            Column("Field", width=1.5, chars=26),
            Column("Coefficient", width=1.7, chars=24),
            Column("Value", kind="number", width=0.8, chars=12),
            Column("95% interval", kind="number", width=1.1, chars=0),
            Column("Interval low", kind="number", width=0, chars=13),
            Column("Interval high", kind="number", width=0, chars=13),
            Column("Standard error", kind="number", width=0, chars=15),
            Column("Shared items", kind="number", width=0.95, chars=13),
            Column("People", kind="number", width=0.95, chars=10),
            Column("Note", width=0, chars=48),
        ),
        rows=tuple(rows),
        description="One row per field and coefficient with its interval, items and people.",
        sheet="Agreement",
        word_rows=printed,
    )


def _named(found: Agreement) -> str:
    is_plain = found.kind in ("nominal", "identity")
    return found.label if is_plain else f"{found.label}, {found.kind}"


def _coefficient(one: Desk, found: Agreement) -> Row:
    unit = found.unit.name
    is_shown = found.shown is not None
    return Row(
        (
            Cell(one.ratings.field),
            Cell(_named(found)),
            Cell(found.shown, unit=unit),
            Cell(found.range_text if is_shown else "n/a"),
            Cell(found.low if is_shown else None, unit=unit),
            Cell(found.high if is_shown else None, unit=unit),
            Cell(found.standard_error if is_shown else None, unit=unit),
            Cell(found.n_units, unit=COUNT.name),
            Cell(found.n_raters, unit=COUNT.name),
            Cell(found.withheld or found.no_interval),
        ),
        key=f"{one.ratings.field}_{found.name}_{found.kind}",
    )


def _labels(read: list[Desk]) -> Table:
    found = [(one, label) for one in read for label in one.labels]
    found.sort(key=lambda pair: _least_first(pair[1]))
    have = [label for _, label in found if label.alpha.low is not None]
    caption = (
        f"{have[0].label} is the label agreed on least: alpha {RATIO.show(have[0].alpha.shown)}"
        if have
        else "No label has enough shared items"
    )
    return Table(
        name="labels",
        caption=caption,
        columns=(
            Column("Label", width=2.0, chars=34),
            Column("Field", width=1.1, chars=26),
            Column("Alpha", kind="number", width=0.7, chars=10),
            Column("95% interval", kind="number", width=1.0, chars=0),
            Column("Interval low", kind="number", width=0, chars=13),
            Column("Interval high", kind="number", width=0, chars=13),
            Column("AC1", kind="number", width=0.6, chars=10),
            Column("Percent agreement", kind="number", width=0.9, chars=19),
            Column("How common", kind="number", width=0.7, chars=13),
            Column("Shared items", kind="number", width=0, chars=13),
        ),
        rows=tuple(_label(one, label) for one, label in found),
        description="One row per label, given or not, least agreed on first.",
        sheet="Labels",
        word_rows=_MOST_ROWS,
    )


def _least_first(found: LabelAgreement) -> tuple[bool, float, str]:
    value = found.alpha.shown if found.alpha.low is not None else None
    return value is None, value if value is not None else 0.0, found.label


def _label(one: Desk, found: LabelAgreement) -> Row:
    alpha, is_shown = found.alpha, found.alpha.shown is not None
    return Row(
        (
            Cell(found.label),
            Cell(one.ratings.field),
            Cell(alpha.shown, unit=RATIO.name),
            Cell(alpha.range_text if is_shown else "n/a"),
            Cell(alpha.low if is_shown else None, unit=RATIO.name),
            Cell(alpha.high if is_shown else None, unit=RATIO.name),
            Cell(found.ac1.shown, unit=RATIO.name),
            Cell(found.percent.shown, unit=PERCENT.name),
            Cell(found.prevalence, unit=PERCENT.name),
            Cell(found.percent.n_units, unit=COUNT.name),
        ),
        key=f"{one.ratings.field}_{found.label}",
    )
