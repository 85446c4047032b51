"""Bottlenecks: each stage's part in the turnaround, its growth, and what a shorter queue gives."""

from __future__ import annotations

import charts
from analysis.bottlenecks import what_if
from analysis.flow import flow
from analysis.model import Bottlenecks, Signal, StageRow
from analysis.what_if import too_few
from metrics.catalog import metric
from metrics.units import HOURS, PERCENT
from reports.blocks import (
    BarChart,
    Block,
    Cell,
    Check,
    Column,
    Figure,
    Paragraph,
    Row,
    Section,
    Table,
    sentence,
    signal_cell,
)
from reports.context import Context, figure

KEY, TITLE = "bottlenecks", "Bottlenecks"
BETWEEN = "(between stages)"
_MOST_ROWS = 12
_HOURS = HOURS.name


def section(context: Context) -> Section:
    """The stage profile, the table of stages, the what-if of the leading stage."""
    found = context.bottlenecks
    if not found.rows:
        return Section(KEY, TITLE, ())
    blocks: list[Block] = [Paragraph(sentence(_joined(found)))]
    blocks.append(_profile(found))
    blocks.append(_table(found))
    if found.has_queue:
        gain = what_if(context.store, context.asked, _leading(found).stage)
        told = gain.sentence if gain is not None else too_few(_leading(found).stage)
        blocks.append(Paragraph(sentence(told)))
    blocks.append(Paragraph(sentence(flow(context.store, context.asked).sentence)))
    blocks += [Paragraph(sentence(note), style="note") for note in found.notes]
    return Section(KEY, TITLE, (*blocks, *_checks(context, found)))


def _leading(found: Bottlenecks) -> StageRow:
    worse = [row for row in found.rows if row.signal is Signal.WORSENING]
    return (worse or list(found.rows))[0]


def _joined(found: Bottlenecks) -> str:
    return f"{found.sentence} {found.change}".strip()


def _profile(found: Bottlenecks) -> Figure:
    rows = [
        {
            "segment": row.stage,
            "value": row.hours_per_item,
            "baseline": None
            if row.hours_vs_13_weeks is None
            else row.hours_per_item - row.hours_vs_13_weeks,
        }
        for row in found.rows
    ]
    lead = _leading(found)
    has_past = lead.hours_vs_13_weeks is not None
    usual = " (bar) and in the 13 weeks before (tick)" if has_past else ""
    chart = charts.stage_profile(
        rows,
        HOURS,
        theme="print",
        what=f"Hours per item by stage in this period{usual}",
        highlight=lead.stage if lead.signal is Signal.WORSENING else "",
    )
    return figure(_message(lead), chart)


def _message(lead: StageRow) -> str:
    now = HOURS.show(lead.hours_per_item)
    if lead.hours_vs_13_weeks is None:
        return f"{lead.stage} takes {now} of each item's turnaround"
    usual = HOURS.show(lead.hours_per_item - lead.hours_vs_13_weeks)
    if lead.signal is Signal.WORSENING:
        return f"{lead.stage} grew to {now} per item against {usual} in the 13 weeks before"
    return f"{lead.stage} takes the most time per item: {now}, {usual} in the 13 weeks before"


def _table(found: Bottlenecks) -> Table:
    lead = found.rows[0]
    whole = "turnaround" if found.turnaround_mean is not None else "time shown"
    return Table(
        name="bottlenecks",
        caption=f"{lead.stage} holds {PERCENT.show(lead.share_of_turnaround)} of the {whole}",
        columns=_columns(whole, has_queue=found.has_queue),
        rows=(*(_row(row) for row in found.rows), *_between(found)),
        description=f"One row per stage with its hours, its share of the {whole} and its queue.",
        sheet="Bottlenecks",
        word_rows=_MOST_ROWS,
        bars=BarChart(
            _message(_leading(found)),
            "Stage",
            "Hours per item",
            "Bar chart of the hours per item in each stage; the numbers are on the sheet "
            "Bottlenecks.",
        ),
        note=f"Hours per item add up to the mean {whole}. The signal is that of the weekly mean "
        f"{'wait' if found.has_queue else 'time in the stage'}.",
    )


def _columns(whole: str, *, has_queue: bool) -> tuple[Column, ...]:
    """The columns; where no queue is recorded Word leaves those that would be empty out."""
    name, head = (1.4, "Wait vs 13 weeks") if has_queue else (3.2, "Time vs 13 weeks")
    shown = 1.0 if has_queue else 0.0
    return (
        Column("Stage", width=name, chars=26),
        Column("Visits", kind="number", width=0.55, chars=11),
        Column("Hours per item", kind="number", width=0.75, chars=14),
        Column(f"Share of {whole}", kind="number", width=0.9, chars=14),
        Column("Mean wait", kind="number", width=0.7 * shown, chars=13),
        Column("Mean work", kind="number", width=0.7 * shown, chars=13),
        Column(head, kind="change", width=0.85, chars=14),
        Column("Waiting now", kind="number", width=0.7 * shown, chars=12),
        Column("Signal", width=0.98, chars=14),
    )


def _row(row: StageRow) -> Row:
    numbers = [
        Cell(row.visits, unit="count"),
        Cell(row.hours_per_item, unit=_HOURS),
        Cell(row.share_of_turnaround, unit=PERCENT.name),
        Cell(row.queue_mean, unit=_HOURS),
        Cell(row.touch_mean, unit=_HOURS),
        Cell(row.queue_vs_13_weeks, unit=_HOURS),
        Cell(row.waiting_now, unit="count"),
    ]
    return Row((Cell(row.stage), *numbers, signal_cell(row.signal)), key=row.stage)


def _between(found: Bottlenecks) -> tuple[Row, ...]:
    """The time outside every stage, so that the column adds up to the turnaround."""
    if found.turnaround_mean is None or abs(found.between_share) < 0.0005:
        return ()
    hours = found.turnaround_mean * found.between_share
    blank = Cell(None, text="–")
    cells = (blank, Cell(hours, unit=_HOURS), Cell(found.between_share, unit=PERCENT.name))
    return (Row((Cell(BETWEEN), *cells, blank, blank, blank, blank, Cell("–"))),)


def _checks(context: Context, found: Bottlenecks) -> tuple[Check, ...]:
    asked = context.store.values((metric("turnaround_mean"), metric("stage_time")), context.scope)
    turnaround, visits = asked["turnaround_mean"], asked["stage_time"]
    checks = [Check("Visits of all stages", "bottlenecks", "Visits", "sum", float(visits.n))]
    if turnaround.value is not None and _between(found):
        checks.append(
            Check(
                "Hours of all stages: mean turnaround",
                "bottlenecks",
                "Hours per item",
                "sum",
                turnaround.value,
                unit=_HOURS,
            )
        )
    return tuple(checks)
