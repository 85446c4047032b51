"""What was asked and whether it is met: a table in words, then the criteria with their evidence."""

from __future__ import annotations

from analysis import words
from analysis.requirements import Answer, Checked, Timing, answers
from analysis.verdicts import Verdict
from data_access.requirements import WITHDRAWN
from metrics.units import COUNT
from reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Section, Table, sentence
from reports.context import Context

KEY, TITLE = "requirements", "Requirements"
_NOTE = (
    "A requirement is met when all its criteria pass. Criteria are agreed on before the data exist "
    "and then never change; a correction is a new version with a reason. Not enough evidence: too "
    "few rows, days that are not over, or a value that is withheld."
)
_SAYS = {
    Verdict.PASS: "Yes",
    Verdict.FAIL: "No",
    Verdict.NOT_ENOUGH: "Cannot be told yet",
    Verdict.DRAFT: "Not agreed yet",
}


def section(context: Context) -> Section:
    """The requirements that are not withdrawn, with the data of the day of the report."""
    door = context.records.requirements
    found = [
        answer
        for answer in answers(context.store, door.all(), door.editions())
        if answer.requirement.state != WITHDRAWN
    ]
    blocks: list[Block] = [_table(found)]
    if found:
        blocks.append(Paragraph(sentence(_NOTE), "note"))
    if any(answer.checks for answer in found):
        blocks += [Heading("Acceptance criteria in full"), _appendix(context, found)]
    return Section(KEY, TITLE, tuple(blocks))


def _caption(found: list[Answer]) -> str:
    agreed = [answer for answer in found if answer.is_counted]
    if not found:
        return "No requirement is written"
    if not agreed:
        return f"{words.sentence_case(words.some(len(found), 'requirements'))} drafted, none agreed"
    met = sum(answer.verdict is Verdict.PASS for answer in agreed)
    count = words.x_of_y(met, len(agreed))
    return f"{words.sentence_case(count)} agreed requirements met"


def _table(found: list[Answer]) -> Table:
    return Table(
        name="requirements",
        caption=_caption(found),
        columns=(
            Column("ID", width=0.8, chars=10),
            Column("What was asked", width=2.2, chars=60),
            Column("Asked by", width=0.95, chars=20),
            Column("Met", kind="status", width=1.25, chars=24),
            Column("In words", width=2.2, chars=70),
            Column("State", width=0, chars=14),
            Column("Priority", width=0, chars=12),
            Column("Owner", width=1.0, chars=20),
            Column("Due", width=0.85, chars=20),
        ),
        rows=tuple(_row(answer) for answer in found),
        description="One row per requirement: who asked, whether it is met, and why in words.",
        sheet="Requirements",
    )


def _row(answer: Answer) -> Row:
    one = answer.requirement
    told = " ".join(check.sentence for check in answer.checks) or answer.words
    face = f"{answer.verdict.shape} {_SAYS[answer.verdict]}"
    return Row(
        (
            Cell(one.code),
            Cell(one.title, note=answer.edition.text),
            Cell(one.asked_by),
            Cell(face, tone=answer.verdict.tone),
            Cell(told),
            Cell(one.state.capitalize()),
            Cell(one.priority),
            Cell(one.owner) if one.owner else Cell("No owner", tone="amber"),
            Cell(
                words.sentence_case(answer.due) or "–",
                tone="red" if answer.due.startswith("overdue") else "",
            ),
        ),
        key=one.code,
    )


def _appendix(context: Context, found: list[Answer]) -> Table:
    return Table(
        name="criteria",
        caption="Every criterion with its evidence",
        columns=(
            Column("ID", width=0.9, chars=10),
            Column("Criterion", width=1.5, chars=44),
            Column("Metric", width=0, chars=26),
            Column("Scope", width=1.6, chars=60),
            Column("Value", kind="number", width=0.65, chars=12),
            Column("n", kind="number", width=0.5, chars=9),
            Column("Smallest n", kind="number", width=0, chars=11),
            Column("95% interval", width=0.95, chars=18),
            Column("Threshold", kind="number", width=0, chars=12),
            Column("Upper", kind="number", width=0, chars=12),
            Column("Margin", kind="change", width=0, chars=12),
            Column("Verdict", kind="status", width=1.15, chars=24),
            Column("By", kind="date", width=0, chars=13),
            Column("Interval must clear", width=0, chars=18),
            Column("Version", kind="number", width=0.75, chars=9),
            Column("Agreed", kind="time", width=0, chars=18),
            Column("Agreed by", width=0, chars=20),
            Column("When agreed", width=0, chars=26),
            Column("Why", width=0, chars=70),
            Column("Snapshot", width=0, chars=36),
            Column("SQL", width=0, chars=60, wraps=False),
        ),
        rows=tuple(
            _criterion(context, answer, place, check)
            for answer in found
            for place, check in enumerate(answer.checks, start=1)
        ),
        description="One row per acceptance criterion: scope, value, n, interval and verdict.",
        sheet="Acceptance criteria",
        note=f"Read from {context.store.snapshot}.",
    )


def _criterion(context: Context, answer: Answer, place: int, check: Checked) -> Row:
    metric, value, criterion = check.metric, check.value, check.criterion
    unit = metric.unit.name if metric else COUNT.name
    agreed_at = answer.edition.agreed_at
    timing = check.timing.value if check.timing is not Timing.BEFORE else "Before the data"
    sql = ""
    if metric and check.scope and value:
        sql = " ".join(context.store.sql(metric, check.scope).split())
    return Row(
        (
            Cell(f"{answer.requirement.code}.{place}"),
            Cell(f"{check.label} {check.asked}", note=check.timing.value),
            Cell(criterion.metric),
            Cell(check.where),
            Cell(value.value if value else None, unit=unit),
            Cell(check.n, unit=COUNT.name),
            Cell(criterion.min_n, unit=COUNT.name),
            Cell(check.interval.removeprefix("95% interval ") or "–"),
            Cell(criterion.threshold, unit=unit),
            Cell(criterion.upper, unit=unit),
            Cell(check.gap, unit=unit),
            Cell(check.verdict.face, tone=check.verdict.tone),
            Cell(criterion.due_on),
            Cell("Yes" if criterion.must_clear else "No"),
            Cell(answer.edition.number, unit=COUNT.name),
            Cell(context.local(agreed_at) if agreed_at else None),
            Cell(answer.edition.agreed_by),
            Cell(timing),
            Cell(check.sentence),
            Cell(context.store.snapshot),
            Cell(sql),
        ),
        key=f"{answer.requirement.code}_{place}",
    )
