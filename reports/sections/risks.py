"""Risks and opportunities, as people wrote them."""

from __future__ import annotations

from analysis import words
from data_access.entries import Opportunity, Risk
from metrics.units import COUNT
from reports.blocks import Cell, Column, Row, Section, Table
from reports.context import Context

KEY, TITLE = "risks", "Risks and opportunities"


def section(context: Context) -> Section:
    """Open risks, highest score first, and open opportunities."""
    risks = [entry for entry in context.entries(Risk) if not entry.is_closed]
    gains = [entry for entry in context.entries(Opportunity) if not entry.is_closed]
    risks.sort(key=lambda entry: (-entry.score, entry.number))
    return Section(KEY, TITLE, (_risks(context, risks), _opportunities(gains)))


def _risks(context: Context, found: list[Risk]) -> Table:
    count = words.sentence_case(words.number_word(len(found)))
    noun = "risk" if len(found) == 1 else "risks"
    return Table(
        name="risks",
        caption=f"{count} open {noun}, highest score first (likelihood x impact, 1 to 5 each)"
        if found
        else "No open risk",
        columns=(
            Column("ID", width=0.5, chars=8),
            Column("Risk", width=1.85, chars=54),
            Column("Likelihood", kind="number", width=0, chars=12),
            Column("Impact", kind="number", width=0, chars=10),
            Column("Score", kind="number", width=0.75, chars=10, formula="{2}*{3}"),
            Column("Trend", width=0.6, chars=10, choices=Risk.TRENDS),
            Column("Response", width=1.7, chars=54),
            Column("Owner", width=0.95, chars=20),
            Column("By", kind="date", width=0.65, chars=13),
        ),
        rows=tuple(_risk(context, entry) for entry in found),
        description="One row per open risk: its score, trend, response, owner and day.",
        sheet="Risks",
    )


def _risk(context: Context, entry: Risk) -> Row:
    score = f"{entry.likelihood} x {entry.impact} = {entry.score}"
    return Row(
        (
            Cell(entry.code),
            Cell(entry.text),
            Cell(entry.likelihood, unit=COUNT.name),
            Cell(entry.impact, unit=COUNT.name),
            Cell(entry.score, unit=COUNT.name, text=score),
            Cell(entry.trend),
            Cell(entry.response),
            Cell(entry.owner) if entry.owner else Cell("No owner", tone="amber"),
            Cell(entry.due_on, tone="red" if entry.is_overdue(context.as_of) else ""),
        ),
        key=entry.code,
    )


def _opportunities(found: list[Opportunity]) -> Table:
    return Table(
        name="opportunities",
        caption="Opportunities, with the evidence behind each estimate"
        if found
        else "No open opportunity",
        columns=(
            Column("ID", width=0.5, chars=8),
            Column("Opportunity", width=2.0, chars=54),
            Column("Estimated gain", width=1.2, chars=30),
            Column("Evidence", width=1.75, chars=54),
            Column("Effort", width=0.65, chars=10, choices=Opportunity.EFFORTS),
            Column("Owner", width=0.9, chars=20),
        ),
        rows=tuple(
            Row(
                (
                    Cell(entry.code),
                    Cell(entry.text),
                    Cell(entry.gain),
                    Cell(entry.evidence),
                    Cell(entry.effort),
                    Cell(entry.owner) if entry.owner else Cell("No owner", tone="amber"),
                ),
                key=entry.code,
            )
            for entry in found
        ),
        description="One row per open opportunity: the gain, what backs it, the effort, the owner.",
        sheet="Opportunities",
    )
