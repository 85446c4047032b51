"""A report made by hand: every kind of block, numbers chosen to be told apart."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta

import charts
from analysis.model import Caution, Limits, Status
from metrics.flow import ITEMS_WAITING, TURNAROUND_P50
from metrics.periods import week
from metrics.quality import FIRST_PASS_ACCEPTANCE
from metrics.units import COUNT, HOURS, PERCENT
from metrics.value import Value
from reports.blocks import (
    Banner,
    BarChart,
    Bullets,
    Cell,
    Check,
    Column,
    Contents,
    Figure,
    FindingLine,
    FindingList,
    Heading,
    Paragraph,
    Point,
    Quote,
    Row,
    Run,
    Score,
    Scorecard,
    Section,
    Table,
    sentence,
)
from reports.report import Report

W46 = week("2026-W46")
FIRST = date(2026, 5, 18)
TURNAROUND = [
    35.8,
    34.1,
    34.05,
    34.3,
    37.2,
    34.0,
    34.2,
    35.3,
    34.5,
    34.4,
    32.8,
    34.7,
    33.9,
    36.7,
    35.8,
    34.7,
    35.8,
    34.1,
    36.5,
    34.7,
    35.7,
    32.5,
    35.3,
    31.8,
    31.1,
    44.6,
]


def points(values, n=400):
    return tuple(Point(FIRST + timedelta(weeks=i), value, n) for i, value in enumerate(values))


def score(**given) -> Score:
    base = {
        "metric": "turnaround_p50",
        "label": "Median turnaround",
        "unit": HOURS.name,
        "value": 44.6,
        "versus": 31.1,
        "change": 44.6 - 31.1,
        "target": 36.0,
        "target_text": "≤\xa036.0\xa0h",
        "status": "missed",
        "signal": "worsening",
        "points": points(TURNAROUND),
        "low": 30.31,
        "high": 38.7,
        "message": "Median turnaround rose above its expected range: 44.6\xa0h against an upper "
        "limit of 38.7\xa0h",
        "sentence": "Median turnaround rose to 44.6\xa0h, the highest in 26 weeks and above its "
        "expected range of 30.3–38.7\xa0h; it misses the target of at most 36.0\xa0h by 8.6\xa0h.",
    }
    return Score(**(base | given))


def scorecard() -> Scorecard:
    rates = [0.93 + 0.004 * ((i * 7) % 5 - 2) for i in range(26)]
    return Scorecard(
        caption="Three of eight measures are off target; three show a worsening signal",
        value_label="This week",
        versus_label="Last week",
        rows=(
            score(),
            score(
                metric="on_time_delivery",
                label="On-time delivery",
                unit=PERCENT.name,
                value=0.85,
                versus=1.0,
                change=-0.15,
                target=0.95,
                target_text="≥\xa095.0%",
                signal="routine",
                points=points([*rates[:25], 0.85]),
                low=0.846,
                high=1.0,
                message="On-time delivery stayed within its expected range at 85.0%",
            ),
            score(
                metric="items_completed",
                label="Items completed",
                unit=COUNT.name,
                value=11874.0,
                versus=12502.0,
                change=-628.0,
                target=12000.0,
                target_text="≥\xa012,000",
                status="at_risk",
                signal="routine",
                low=11196.0,
                high=13391.0,
                points=points([12000.0 + 137 * ((i * 5) % 9 - 4) for i in range(25)] + [11874.0]),
                message="Items completed stayed within their expected range at 11,874",
            ),
            score(
                metric="first_pass_acceptance",
                label="First-pass acceptance",
                unit=PERCENT.name,
                value=0.835,
                versus=0.842,
                change=0.835 - 0.842,
                status="met",
                target=0.82,
                target_text="≥\xa082.0%",
                signal="improving",
                points=points([*rates[:25], 0.835]),
                low=0.80,
                high=0.95,
                message="First-pass acceptance stayed within its expected range at 83.5%",
            ),
            score(
                metric="issues_overdue",
                label="Issues past due",
                unit=COUNT.name,
                value=None,
                versus=None,
                change=None,
                target=5.0,
                target_text="≤\xa05",
                status="missing",
                signal="unjudged",
                points=(),
                low=None,
                high=None,
                message="No data for issues past due in week 46",
                sentence="No data for issues past due in week\xa046: the issues extract was never "
                "uploaded.",
            ),
        ),
        description="One row per key measure with its value, change, target, status and signal.",
        note="Status compares this week with the target. Signal says whether the change is larger "
        "than routine week-to-week variation (control chart, 26 weeks). Changes are worked out "
        "before rounding.",
    )


def decisions(rows=2) -> Table:
    made = [
        Row(
            (
                Cell("Move two senior reviewers from Pathology to Second review until 4 Dec"),
                Cell("Pathology batch 2 would finish about 2 days later (4 Dec to 6 Dec)"),
                Cell("Ops director"),
                Cell(date(2026, 11, 24)),
            )
        ),
        Row(
            (
                Cell("Keep Chest X-ray triage restricted to adults under 75 until F-21 is closed"),
                Cell("Without it the age gap stays above its limit"),
                Cell("AI governance board"),
                Cell(date(2026, 11, 26)),
            )
        ),
    ]
    return Table(
        name="decisions",
        caption="Two decisions needed this week",
        columns=(
            Column("Decision", width=2.9, chars=60),
            Column("If not decided", width=2.2, chars=50),
            Column("Who", width=1.0, chars=20),
            Column("By", kind="date", width=0.9, chars=12),
        ),
        rows=tuple(made[:rows]),
        sheet="Decisions",
        is_short=True,
        has_row_heads=False,
        description="Open decisions with what happens when they are not taken.",
    )


def control_figure() -> Figure:
    values = [
        Value(TURNAROUND_P50, week(f"2026-W{21 + i}"), "", value, 400)
        for i, value in enumerate(TURNAROUND)
    ]
    limits = Limits(34.5, 30.31, 38.7, values[0].period, values[-2].period, 25)
    chart = charts.trend(
        TURNAROUND_P50,
        values,
        theme="print",
        target=36.0,
        limits=limits,
        signal="worsening",
        height=150,
    )
    return Figure(
        "Median turnaround rose above its expected range: 44.6\xa0h against an upper limit of "
        "38.7\xa0h",
        asdict(chart),
        chart.alt,
    )


def profile_figure() -> Figure:
    rows = [
        {"segment": name, "value": value, "baseline": baseline}
        for name, value, baseline in (
            ("Queue for annotation", 7.9, 7.4),
            ("Annotation", 11.9, 11.2),
            ("First review", 7.9, 7.4),
            ("Second review", 14.5, 8.3),
            ("Adjudication", 4.2, 2.9),
            ("Export and hand-over", 1.5, 1.6),
        )
    ]
    chart = charts.stage_profile(
        rows, HOURS, theme="print", what="Mean hours per item by stage", highlight="Second review"
    )
    return Figure(
        "Second review added the most time: 14.5\xa0h against a 13-week mean of 8.3\xa0h",
        asdict(chart),
        chart.alt,
    )


def intervals_figure() -> Figure:
    rows = [
        {"segment": name, "value": value, "low": value - 0.03, "high": value + 0.025, "n": n}
        for name, value, n in (
            ("Radiology reports", 0.843, 312),
            ("Pathology images", 0.933, 341),
            ("Discharge notes", 0.941, 355),
        )
    ]
    chart = charts.intervals(
        FIRST_PASS_ACCEPTANCE, rows, theme="print", what="First-pass acceptance", target=0.92
    )
    return Figure(
        "Radiology reports first-pass acceptance is 84.3% of 312 items", asdict(chart), chart.alt
    )


def stages() -> Table:
    return Table(
        name="bottlenecks",
        caption="Second review holds 31% of the turnaround",
        columns=(
            Column("Stage", width=1.8, chars=24),
            Column("Visits", kind="number", width=0.8, chars=10),
            Column("Mean hours", kind="number", width=1.0, chars=12),
            Column("Share", kind="number", width=1.0, chars=10),
            Column("Change", kind="change", width=1.2, chars=12),
            Column("Signal", kind="text", width=1.2, chars=14),
        ),
        rows=tuple(
            Row(
                (
                    Cell(name),
                    Cell(visits, unit=COUNT.name),
                    Cell(hours, unit=HOURS.name),
                    Cell(share, unit=PERCENT.name),
                    Cell(change, unit=HOURS.name),
                    Cell("Worsening", tone="orange") if change > 3 else Cell("Routine"),
                )
            )
            for name, visits, hours, share, change in (
                ("Annotation", 410, 11.9, 0.248, 0.7),
                ("First review", 402, 7.9, 0.165, 0.5),
                ("Second review", 398, 14.5, 0.302, 6.2),
                ("Adjudication", 61, 4.2, 0.0875, 1.3),
            )
        ),
        sheet="Bottlenecks",
        description="One row per stage with its part in the turnaround.",
        bars=BarChart(
            "Mean hours by stage", "Stage", "Mean hours", "Bars of the mean hours by stage."
        ),
    )


def actions(rows=5) -> Table:
    made = (
        (
            "A-38",
            "Second exporter trained and named in SOP-14",
            "Platform",
            date(2026, 11, 12),
            "Overdue",
        ),
        (
            "A-41",
            "Publish guideline v2.3 with worked examples",
            "L. Haddad",
            date(2026, 11, 25),
            "In progress",
        ),
        (
            "A-42",
            "Run calibration round with 14 annotators",
            "L. Haddad",
            date(2026, 11, 27),
            "Open",
        ),
        ("A-43", "Re-validate model on November sample", "", None, "Open"),
        ("A-36", "Token rotation reminder in place", "Platform", date(2026, 11, 11), "Done"),
    )
    return Table(
        name="actions",
        caption="One of five actions done; one overdue",
        columns=(
            Column("ID", width=0.6, chars=8),
            Column("Action", width=3.6, chars=60),
            Column("Owner", width=1.1, chars=18),
            Column("Due", kind="date", width=0.8, chars=12),
            Column(
                "State",
                width=0.9,
                chars=14,
                choices=("Open", "In progress", "Overdue", "Done", "Dropped"),
            ),
        ),
        rows=tuple(
            Row(
                (
                    Cell(code),
                    Cell(text),
                    Cell(owner),
                    Cell(due),
                    Cell(state, tone="red" if state == "Overdue" else ""),
                )
            )
            for code, text, owner, due, state in made[:rows]
        ),
        sheet="Actions",
        description="Actions with owner, due day and state, overdue first.",
    )


def measures(rows=2) -> Table:
    return Table(
        name="measures",
        caption="Definitions, expected ranges and owners",
        columns=(
            Column("Id", width=0, chars=24),
            Column("Measure", width=1.4, chars=26),
            Column("Definition", width=3.4, chars=60),
            Column("Value", kind="number", width=0.9, chars=12, names="kpi_"),
            Column("n", kind="number", width=0.7, chars=10),
            Column("Note", width=0, chars=30),
        ),
        rows=tuple(
            Row(
                (
                    Cell(metric.name),
                    Cell(metric.label),
                    Cell(metric.definition, note=note),
                    Cell(value, unit=metric.unit.name),
                    Cell(n, unit=COUNT.name),
                    Cell(note),
                ),
                key=metric.name,
            )
            for metric, value, n, note in (
                (TURNAROUND_P50, 44.599999999999994, 400, ""),
                (ITEMS_WAITING, None, 3, "Too few rows: 3 of the 20 needed."),
            )
        )[:rows],
        sheet="Measures",
        description="Every measure with its definition and value.",
    )


def report(**given) -> Report:
    def bold(lead: str, rest: str):
        return (Run(lead, is_bold=True), Run(rest))

    sections = (
        Section(
            "top",
            "",
            (
                Banner(
                    "red",
                    "■ Off target. Three measures off target: median turnaround, on-time "
                    "delivery and items waiting.",
                ),
                Contents(),
            ),
            is_first_page=True,
        ),
        Section(
            "brief",
            "The week in brief",
            (
                Bullets(
                    (
                        bold(
                            "Median turnaround rose to 44.6\xa0h",
                            ", the highest in 26 weeks and above "
                            "its expected range of 30.3–38.7\xa0h; it misses the target of at most "
                            "36.0\xa0h by 8.6\xa0h.",
                        ),
                        bold(
                            "On-time delivery was 85.0% (17 of 20)",
                            ", within its expected range "
                            "(84.6–100.0%); it misses the target of at least 95.0% by 10.0\xa0pts.",
                        ),
                        sentence(
                            "Four of eight measures show only routine week-to-week variation."
                        ),
                    )
                ),
            ),
            is_first_page=True,
        ),
        Section("measures", "Key measures", (scorecard(),), is_first_page=True),
        Section("decisions", "Decisions needed", (decisions(),), is_first_page=True),
        Section(
            "changes",
            "What changed, and where",
            (
                control_figure(),
                FindingList(
                    (
                        FindingLine(
                            "orange",
                            "■",
                            "Second review's mean queue rose to 14.5\xa0h",
                            ", above its expected range.",
                            "n = 398 visits.",
                            "Ask why.",
                        ),
                    )
                ),
                Quote(
                    "Radiology reviewers report that the new label is read in two ways.",
                    "L. Haddad",
                    datetime(2026, 11, 16, 8),
                ),
            ),
        ),
        Section(
            "bottlenecks",
            "Bottlenecks",
            (
                Paragraph(sentence("Mean turnaround was 47.9\xa0h, 9.1\xa0h longer than before.")),
                profile_figure(),
                stages(),
                Check("Visits of all stages", "bottlenecks", "Visits", "sum", 1271.0),
            ),
        ),
        Section("quality", "Quality outcomes", (Heading("By dataset"), intervals_figure())),
        Section("actions", "Actions", (actions(),)),
        Section("empty", "Issues", ()),
        Section(
            "notes", "Data notes", (Bullets((sentence("Jira extract is from Sunday 06:00."),)),)
        ),
        Section(
            "appendix",
            "Measures in full and how to read them",
            (
                Paragraph(sentence("How to read them."), style="note"),
                measures(),
            ),
            is_landscape=True,
        ),
    )
    base = {
        "title": "Weekly operations and quality report",
        "organization": "Clinical Data Operations",
        "audience": "Ops director, ML leads",
        "kind": "weekly",
        "period": "2026-W46",
        "period_label": W46.label,
        "since": W46.since,
        "until": W46.until,
        "data_to": datetime(2026, 11, 15, 23, 59),
        "prepared": datetime(2026, 11, 16, 8),
        "zone": "UTC",
        "snapshot": "snapshot-000007-3fa2b1c9.duckdb",
        "page": "Letter",
        "is_sample": False,
        "status": "missed",
        "uploads": ("000001-3fa2b1c9",),
        "sections": sections,
        "cautions": (
            Caution("stale_source", "Jira is 17\xa0h old", "The report says so.", Status.STALE),
        ),
    }
    return Report(**(base | given))
