"""One chart of every kind, from numbers written down here, and a look at what was painted."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PIL import Image

from analysis.control import ChartKind, Rebase, chart_of
from analysis.flow.model import Ages, Diagram, OpenVisit, Scatter, Spot, StageAges
from analysis.funnel import Funnel, funnel
from analysis.model import Limits, Signal
from analysis.sampling.risks import Point, Risk
from charts import (
    Band,
    Level,
    MatrixCell,
    bars,
    characteristic,
    control,
    cumulative,
    funnel_plot,
    intervals,
    matrix,
    sparkline,
    stage_profile,
    trend,
)
from charts.flow import ages, turnaround
from charts.model import Chart
from charts.process import process
from charts.tokens import Theme
from metrics.annotation import GOLD_ACCURACY
from metrics.flow import ARRIVALS, TURNAROUND_P50, TURNAROUND_P85, TURNAROUND_P95
from metrics.model import Metric
from metrics.periods import Grain, Period, period_of
from metrics.quality import FIRST_PASS_ACCEPTANCE
from metrics.units import COUNT, HOURS
from metrics.value import Value

FIRST = date(2026, 5, 18)
NASTY = (
    '<b>"A" & =1+1</b>\n\x00{{x}} \u202eevil datum.x \N{ZERO WIDTH JOINER} 東京データ '
    + "long " * 60
)


@dataclass(frozen=True)
class Happened:
    on: date
    label: str
    kind: str = "guideline"


@dataclass(frozen=True)
class Aim:
    value: float
    near: float = 1.0


@dataclass(frozen=True)
class Judged:
    series: tuple[Value, ...]
    limits: Limits | None = None
    signal: Signal = Signal.ROUTINE
    target: Aim | None = None


def values(
    metric: Metric,
    numbers: list[float | None],
    *,
    segment: str = "",
    grain: Grain = "week",
    first: date = FIRST,
    n: int = 400,
    is_running: bool = False,
) -> list[Value]:
    """A value per period; None is withheld; `is_running` makes the last period partial."""
    found: list[Value] = []
    day = first
    for i, number in enumerate(numbers):
        period = period_of(day, grain)
        day = period.until
        found.append(
            Value(
                metric,
                period,
                segment,
                number,
                n,
                is_partial=is_running and i == len(numbers) - 1,
                withheld="" if number is not None else "Too few rows: 3 of the 20 needed.",
            )
        )
    return found


def limits(low: float, mean: float, high: float) -> Limits:
    since = Period(FIRST, date(2026, 11, 9))
    return Limits(mean, low, high, since, since, 25)


def steady(middle: float, spread: float, count: int = 26, *, seed: int = 1) -> list[float | None]:
    """Numbers around a middle, the same every time."""
    draw = random.Random(seed)
    return [middle + draw.uniform(-spread, spread) for _ in range(count)]


MARKERS = (
    Happened(date(2026, 8, 3), "Labeling tool release 4.2"),
    Happened(date(2026, 8, 14), "Outage"),
    Happened(date(2026, 10, 26), "Guideline v3"),
)
JUDGED = Judged(
    tuple(values(TURNAROUND_P50, [*steady(34.5, 2.0, 25), 44.6])),
    limits(30.3, 34.5, 38.7),
    Signal.WORSENING,
    Aim(36.0),
)
STAGES = [
    {"segment": "Annotation", "value": 11.9, "baseline": 11.2, "share": 0.25, "n": 812},
    {"segment": "Second review", "value": 14.5, "baseline": 8.3, "share": 0.45, "n": 790},
    {"segment": "Export", "value": 1.5, "baseline": 1.6, "share": 0.3, "n": 801},
]
DATASETS = [
    {"segment": "Radiology reports", "value": 0.72, "low": 0.67, "high": 0.77, "n": 312},
    {"segment": "Pathology images", "value": 0.86, "low": 0.82, "high": 0.89, "n": 341},
    {"segment": "Call transcripts", "value": 0.92, "low": 0.89, "high": 0.94, "n": 344},
]


def people(shares: list[tuple[int, int]]) -> Funnel:
    """A funnel of people with so many hits of so many."""

    def value(name: str, hits: int, n: int) -> Value:
        share = hits / n
        period = period_of(FIRST, "week")
        return Value(GOLD_ACCURACY, period, name, share, n, float(hits), share / 1.1, share)

    return funnel(GOLD_ACCURACY, [value(f"Person {i}", *one) for i, one in enumerate(shares)])


PEOPLE = [(87 + i % 7, 100) for i in range(12)] + [(272, 300), (140, 200), (43, 48), (20, 25)]

# n = 100, Ac = 0: (1 - p)^100.
CURVE = [Point(i / 1000, (1 - i / 1000) ** 100) for i in range(61)]
RISKS = (
    Risk(0.001, 0.999**100, "0.1% defective: 9.5% not accepted"),
    Risk(0.0228, 0.9772**100, "2.3% defective: 10.0% accepted"),
)
DAYS = [date(2026, 9, 28 + i) if i < 3 else date(2026, 10, i - 2) for i in range(30)]
STATES = [
    Band(
        name, [Level(day, rise(i), rise(i) - i % 2, rise(i) + i % 3) for i, day in enumerate(DAYS)]
    )
    for name, rise in (
        ("Done", lambda i: 400 + 2 * i),
        ("In Progress", lambda i: 30 + i),
        ("To Do", lambda i: 20 - i // 3),
    )
]
NAMES = ("Nodule", "Mass", "None seen")
CELLS = [
    MatrixCell(one, two, f"{10 * i + j}", None if one == two else i / 3, f"{i} and {j}", i < j == 2)
    for i, one in enumerate(NAMES)
    for j, two in enumerate(NAMES)
]


def rising(kind: ChartKind | None, theme: Theme, rebase: tuple[Rebase, ...] = ()) -> Chart:
    """Hours that stay around 34 and then rise: a control chart with limits and flagged points."""
    hours = [*steady(34.0, 2.0, 26), 38.2, 40.4, 42.6, 44.1]
    chart = chart_of(values(TURNAROUND_P50, hours), kind=kind, rebase=rebase)
    return process(chart, theme=theme, markers=MARKERS, target=36.0)


def split(count: int, *, periods: int = 26) -> list[Value]:
    """A series per segment: "Team 0" is the largest, and the highest."""
    return [
        value
        for i in range(count)
        for value in values(
            FIRST_PASS_ACCEPTANCE,
            steady(0.9 - 0.01 * i, 0.004, periods, seed=i),
            segment=f"Team {i}",
            n=1000 - i,
        )
    ]


def diagram(stages: tuple[str, ...] = ("Second review", "Annotation")) -> Diagram:
    """Four weeks with a weekend in each; Done, then the stages."""
    days = tuple(FIRST + timedelta(days=number) for number in range(28))
    done = tuple(30 * (number - number // 7 * 2) for number in range(28))
    bands = [(name, tuple(10 + 3 * place + n % 7 for n in range(28)))
             for place, name in enumerate(stages)]  # fmt: skip
    whole = tuple(map(sum, zip(*(counts for _, counts in bands), strict=True)))
    nothing = (0,) * 28
    span = Period(FIRST, FIRST + timedelta(days=28))
    return Diagram(span, days, (("Done", done), *bands), whole, 20, nothing, nothing, nothing)


def spots() -> tuple[Spot, ...]:
    """Cells of a few days, and two long items as points."""
    span = [FIRST + timedelta(days=number) for number in range(20)]
    cells = [Spot(day, 5.0 + 10 * n, 1 + n, 10.0, "", "", "") for day in span for n in range(4)]
    return (*cells, Spot(span[3], 90.0, 1, 0.0, "IT-1", "tool", NASTY),
            Spot(span[9], 61.0, 1, 0.0, NASTY, "tool", "CT"))  # fmt: skip


def open_visits(stage: str, count: int) -> tuple[OpenVisit, ...]:
    return tuple(
        OpenVisit(stage, f"IT-{n}", "tool", "CT", "T", "A", datetime(2026, 6, 1), True, 4.0 * n)
        for n in range(count, 0, -1)
    )


DIAGRAM = diagram()
SCATTER = Scatter(
    Period(FIRST, FIRST + timedelta(days=28)),
    spots(),
    tuple(
        Value(line, Period(FIRST, FIRST + timedelta(days=28)), "", number, 200)
        for line, number in zip(
            (TURNAROUND_P50, TURNAROUND_P85, TURNAROUND_P95), (20.0, 35.0, 60.0), strict=True
        )
    ),
    True,
    0,
)
AGES = Ages(
    datetime(2026, 6, 15),
    Period(FIRST, FIRST + timedelta(days=28)),
    (
        StageAges("Annotation", 12, open_visits("Annotation", 12), 4, None, None),
        StageAges(
            NASTY, 40, open_visits(NASTY, 40), 900, (10.0, 30.0, 70.0), (38, 32, 22), True, "1–9"
        ),
    ),
)


def every_kind(theme: Theme) -> dict[str, Chart]:
    """One chart of each kind, with everything on it that the kind can show."""
    return {
        "control": control(JUDGED, theme=theme, markers=MARKERS),
        "process": rising(None, theme, (Rebase(date(2026, 8, 3), "Labeling tool release 4.2"),)),
        "ewma": rising(ChartKind.EWMA, theme),
        "cusum": rising(ChartKind.CUSUM, theme),
        "trend": trend(
            ARRIVALS,
            values(ARRIVALS, [*steady(900, 90, 12), None, *steady(950, 90, 13)], is_running=True),
            theme=theme,
            target=950.0,
        ),
        "split": trend(FIRST_PASS_ACCEPTANCE, split(8), theme=theme, target=0.85),
        "bars": bars(STAGES, HOURS, theme=theme, what="Hours", highlight="Second review"),
        "profile": stage_profile(
            STAGES, HOURS, theme=theme, what="Mean hours per item", highlight="Second review"
        ),
        "intervals": intervals(
            FIRST_PASS_ACCEPTANCE,
            DATASETS,
            theme=theme,
            what="First-pass acceptance",
            target=0.85,
            note="first-pass acceptance with 95% interval",
        ),
        "funnel": funnel_plot(people(PEOPLE), theme=theme),
        "characteristic": characteristic(CURVE, RISKS, theme=theme),
        "cumulative": cumulative(STATES, theme=theme, what="Issues by status"),
        "scatter": turnaround(SCATTER, theme=theme),
        "ages": ages(AGES, theme=theme),
        "matrix": matrix(NAMES, CELLS, theme=theme, what="Pairs of people by answer"),
        "sparkline": sparkline(
            [*steady(34.5, 2.0, 12), 44.6],
            unit=COUNT,
            theme=theme,
            label="Turnaround",
            target=36.0,
            signal="worsening",
        ),
    }


def picture(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("RGB")


def painted(image: Image.Image, color: str, *, near: int = 6) -> int:
    """How many pixels have about this colour."""
    wanted = tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))
    return sum(
        count
        for count, found in image.getcolors(1 << 24) or []
        if max(abs(a - b) for a, b in zip(wanted, found, strict=True)) <= near
    )
