"""An improvement over time: single values, the fitted course, and where the earlier one would lead.

The picture of an interrupted time series: dots are the values, the line is the regression, and from
the change on a band shows the 95% interval of the earlier trend carried on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from analysis import improvement_words
from analysis.improvement import Measured, Step
from charts import alt_text, events, scales, tokens
from charts.model import Chart, Marker
from charts.plot import Plot, Stretch
from charts.points import Point
from charts.timeline import TOP, filled, trend
from charts.tokens import Theme

_OVERLAP = 0.1  # of a period: neighboring pieces of the band must not leave a hair line


@dataclass(frozen=True)
class _Change:
    """The day of the change, as it is marked."""

    on: date
    label: str


def improvement(
    found: Measured,
    *,
    theme: Theme,
    markers: Sequence[Marker] = (),
    height: int = tokens.TREND_HEIGHT,
) -> Chart:
    """The measure (or its distance from the comparison group) before and after the change.

    Args:
        found: the improvement as measured.
        theme: "light", "dark" or "print".
        markers: what else happened on a day in the span.
        height: of the plot in pixels.
    """
    dots = tuple(_point(step, step.seen) for step in found.steps)
    line = _line(found) if found.fit else list(dots)
    marked, wide, narrow = events.event_rows(
        shown := events.events_in(_marks(found, markers), line)
    )
    plot = Plot(
        found.metric, found.grain, {"": line}, None, (), "", "", height + wide, TOP + wide,
        stretches=_stretches(found),
        flagged={},
        beside=tuple(dot for dot in dots if dot.value is not None) if found.fit else (),
    )  # fmt: skip
    told = alt_text.fitted(
        [
            f"{found.metric.label} by {found.grain} around the change "
            f"{found.improvement.name[:80]}.",
            improvement_words.sentence(found) or found.why,
            f"Marked: {', '.join(event.dated for event in shown[:4])}." if shown else "",
        ]
    )
    name = f"{found.metric.label} by {found.grain}, before and after"
    return filled(plot, theme, "improvement", name, told, marked, TOP + narrow)


def beside_comparison(
    found: Measured, *, theme: Theme, names: tuple[str, str], height: int = 160
) -> Chart:
    """The measure and the comparison group as two lines, by week.

    Args:
        found: the improvement as measured.
        theme: "light", "dark" or "print".
        names: of the two lines.
        height: of the plot in pixels.
    """
    rows = [
        replace(value, segment=name)
        for name, values in zip(names, found.weeks, strict=True)
        for value in values
    ]
    return trend(
        found.metric, rows, theme=theme, grain="week", markers=_marks(found, ()),
        height=height,
    )  # fmt: skip


def _marks(found: Measured, markers: Sequence[Marker]) -> list[Marker]:
    own: Marker = _Change(found.improvement.start_on, found.improvement.name)
    return [own, *(m for m in markers if m.label.casefold() != own.label.casefold())]


def _point(step: Step, value: float | None) -> Point:
    return Point(step.value.period, "", value, step.value.n, is_partial=False, withheld="")


def _line(found: Measured) -> list[Point]:
    """The fitted course of the periods that take part, broken at the change."""
    line: list[Point] = []
    is_after = False
    for step in found.steps:
        if step.course is None:
            continue
        if step.expected is not None and line and not is_after:
            is_after = True
            line.append(replace(line[-1], value=None))
        line.append(_point(step, step.course))
    return line


def _stretches(found: Measured) -> tuple[Stretch, ...]:
    """The band, from the change on; between two values it is joined."""
    after = [
        (float(scales.ms(step.value.period.since)), step.expected)
        for step in found.steps
        if step.expected is not None
    ]
    ends = [later for _, (later, _) in pairwise(after)]
    ends += [after[-1][0]] if after else []
    wider = _OVERLAP * (after[1][0] - after[0][0]) if len(after) > 1 else 0.0
    return tuple(
        Stretch(
            start, min(end + wider, after[-1][0]), expected.low, expected.value, expected.high, 0
        )
        for (start, expected), end in zip(after, ends, strict=True)
    )
