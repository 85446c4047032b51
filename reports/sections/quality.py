"""Quality outcomes: first-pass acceptance and rejections by dataset, defects by type."""

from __future__ import annotations

import charts
from analysis import words
from analysis.model import Status, Target
from analysis.targets import status, target_for
from metrics.quality import (
    DEFECTS_PER_ITEM,
    FIRST_PASS_ACCEPTANCE,
    REJECTION_RATE,
    REVIEWS_DONE,
)
from metrics.scope import NOT_RECORDED
from metrics.units import COUNT, PERCENT, RATIO
from metrics.value import Value
from reports.blocks import (
    BarChart,
    Block,
    Cell,
    Check,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    sentence,
    status_cell,
)
from reports.context import Context, figure, number

KEY, TITLE = "quality", "Quality outcomes"
_MOST_ROWS = 12


def section(context: Context) -> Section:
    """The datasets with their intervals, then the defects by type."""
    accepted = context.by(FIRST_PASS_ACCEPTANCE, "dataset")
    rejected = context.by(REJECTION_RATE, "dataset")
    if not accepted and not rejected:
        return Section(KEY, TITLE, ())
    targets = {value.segment: _target(context, value.segment) for value in accepted}
    accepted.sort(key=lambda value: (value.value is None, value.value or 0.0))
    overall = context.judged[FIRST_PASS_ACCEPTANCE.name].target
    blocks: list[Block] = [Paragraph(sentence(_reading(accepted, targets, overall)))]
    if any(value.value is not None for value in accepted):
        blocks.append(_intervals(accepted, overall))
    blocks.append(_datasets(context, accepted, rejected, targets))
    blocks += _defects(context)
    return Section(KEY, TITLE, (*blocks, *_checks(context, accepted, rejected)))


def _target(context: Context, dataset: str) -> Target | None:
    here = context.scope.where(dataset=dataset)
    return target_for(FIRST_PASS_ACCEPTANCE, here, context.store.targets())


def _is_below(value: Value, target: Target | None) -> bool:
    """Below its target by more than sampling error allows: the whole interval is."""
    return target is not None and value.high is not None and value.high < target.value


def _reading(
    accepted: list[Value], targets: dict[str, Target | None], overall: Target | None
) -> str:
    rated = [v for v in accepted if v.value is not None and targets[v.segment] is not None]
    if not rated:
        return "No dataset has enough first reviews to be rated."
    goal = PERCENT.show(overall.value) if overall else ""
    aim = f"the {goal} first-pass target" if overall else "its first-pass target"
    below = [v.segment for v in rated if _is_below(v, targets[v.segment])]
    rest = len(rated) - len(below)
    if not below:
        return f"No dataset is below {aim} by more than sampling error allows."
    verb = "is" if len(below) == 1 else "are"
    text = f"{words.listed(below)} {verb} below {aim} by more than sampling error allows"
    if rest == 0:
        return f"{text}."
    one = "dataset is" if rest == 1 else "datasets are"
    return f"{text}; the other {words.number_word(rest)} {one} on target or too close to call."


def _intervals(accepted: list[Value], overall: Target | None) -> Block:
    rows = [
        {"segment": v.segment, "value": v.value, "low": v.low, "high": v.high, "n": v.n}
        for v in accepted
    ]
    chart = charts.intervals(
        FIRST_PASS_ACCEPTANCE,
        rows,
        theme="print",
        what="First-pass acceptance by dataset",
        target=overall.value if overall else None,
        note="first-pass acceptance with 95% interval; dashed: target",
    )
    drawn = [v for v in accepted if v.value is not None]
    worst = drawn[0]
    lowest = "" if len(drawn) == 1 else ", the lowest of the datasets"
    share = FIRST_PASS_ACCEPTANCE.show(worst.value)
    return figure(
        f"{worst.segment}: {share} of {words.some(worst.n, 'items')} accepted first time{lowest}",
        chart,
    )


_COLUMNS = (
    Column("Dataset", width=1.6, chars=28),
    Column("First reviews", kind="number", width=0.7, chars=14),
    Column("Accepted first time", kind="number", width=0.85, chars=14),
    Column("95% interval", kind="number", width=1.0, chars=0),
    Column("Interval low", kind="number", width=0, chars=13),
    Column("Interval high", kind="number", width=0, chars=13),
    Column("Target", kind="number", width=0.7, chars=11),
    Column("Status", kind="status", width=1.05, chars=17),
    Column("Reviews", kind="number", width=0.7, chars=11),
    Column("Rejected", kind="number", width=0.75, chars=12),
    Column("Note", width=0, chars=34),
)


def _datasets(
    context: Context,
    accepted: list[Value],
    rejected: list[Value],
    targets: dict[str, Target | None],
) -> Table:
    first = {value.segment: value for value in accepted}
    refused = {value.segment: value for value in rejected}
    return Table(
        name="quality",
        caption=_highest(rejected),
        columns=_COLUMNS,
        rows=tuple(
            _dataset(context, name, first.get(name), refused.get(name), targets.get(name))
            for name in dict.fromkeys((*first, *refused))
        ),
        description="One row per dataset with first-pass acceptance, its interval and rejections.",
        sheet="Quality",
        word_rows=_MOST_ROWS,
        bars=BarChart(
            "First-pass acceptance by dataset",
            "Dataset",
            "Accepted first time",
            "Bar chart of first-pass acceptance by dataset; the numbers are on the sheet Quality.",
        ),
    )


def _highest(rejected: list[Value]) -> str:
    rated = [value for value in rejected if value.value is not None]
    if len(rated) < 2:
        return "First-pass acceptance and rejections by dataset"
    highest = max(rated, key=lambda value: value.value or 0.0)
    share = REJECTION_RATE.show(highest.value)
    return f"{highest.segment} has the highest rejection rate: {share} of its reviews"


def _dataset(
    context: Context,
    name: str,
    first: Value | None,
    refused: Value | None,
    target: Target | None,
) -> Row:
    low, high = (first.low, first.high) if first else (None, None)
    interval = "n/a" if low is None or high is None else PERCENT.show_range(low, high)
    goal = FIRST_PASS_ACCEPTANCE.show_target(target.value) if target else "none"
    notes = [value.withheld for value in (first, refused) if value is not None and value.withheld]
    cells = (
        Cell(name),
        Cell(first.n if first else None, unit=COUNT.name),
        number(first),
        Cell(interval),
        Cell(low, unit=PERCENT.name),
        Cell(high, unit=PERCENT.name),
        Cell(target.value if target else None, unit=PERCENT.name, text=goal),
        status_cell(_status(context, first, target).value),
        Cell(refused.n if refused else None, unit=COUNT.name),
        number(refused),
        Cell(" ".join(dict.fromkeys(notes))),
    )
    return Row(cells, key=name)


def _status(context: Context, first: Value | None, target: Target | None) -> Status:
    if first is None:
        return Status.MISSING
    is_stale = context.judged[FIRST_PASS_ACCEPTANCE.name].is_stale
    return status(first, target, is_stale=is_stale, is_missing=False)


def _defects(context: Context) -> list[Block]:
    now = [v for v in context.by(DEFECTS_PER_ITEM, "error_type") if v.segment != NOT_RECORDED]
    now = [v for v in now if v.numerator]
    if not now:
        return [Paragraph(sentence("No defect was recorded by type."))]
    past = {v.segment: v for v in context.by(DEFECTS_PER_ITEM, "error_type", context.versus)}
    now.sort(key=lambda value: -(value.numerator or 0.0))
    share = (now[0].numerator or 0.0) / sum(value.numerator or 0.0 for value in now)
    table = Table(
        name="defects",
        caption=f"{now[0].segment} is the most frequent defect: {PERCENT.show(share)} of all",
        columns=(
            Column("Error type", width=2.4, chars=30),
            Column("Defects", kind="number", width=1.0, chars=12),
            Column("Per item reviewed", kind="number", width=1.2, chars=14),
            Column(context.versus_label, kind="number", width=1.2, chars=14),
            Column("Change", kind="change", width=1.2, chars=12),
        ),
        rows=tuple(_defect(value, past.get(value.segment)) for value in now),
        description="One row per error type with its defects, per item, and the change.",
        sheet="Defects",
        word_rows=_MOST_ROWS,
    )
    return [table]


def _defect(value: Value, before: Value | None) -> Row:
    then = before.value if before else None
    change = None if then is None or value.value is None else value.value - then
    cells = (
        Cell(value.segment),
        Cell(value.numerator, unit=COUNT.name),
        number(value),
        Cell(then, unit=RATIO.name),
        Cell(change, unit=RATIO.name),
    )
    return Row(cells, key=value.segment)


def _checks(context: Context, accepted: list[Value], rejected: list[Value]) -> list[Check]:
    """Totals asked of the database without the split, against the sums of the datasets."""
    first = context.judged[FIRST_PASS_ACCEPTANCE.name].value
    reviews = context.judged[REVIEWS_DONE.name].value
    defects = context.judged[DEFECTS_PER_ITEM.name].value
    found = []
    if accepted:
        found.append(
            Check(
                "First reviews of all datasets", "quality", "First reviews", "sum", float(first.n)
            )
        )
    if rejected:
        found.append(
            Check("Reviews of all datasets", "quality", "Reviews", "sum", float(reviews.n))
        )
    if defects.numerator is not None:
        found.append(
            Check("Defects of all types", "defects", "Defects", "sum", float(defects.numerator))
        )
    return found
