"""Control charts in full: limits that step with n and with phases, flagged runs, EWMA and CUSUM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf

from analysis import words
from analysis.control import ChartKind, ControlChart, ControlPoint
from analysis.control.rule_words import fired_words
from analysis.model import Limits, Signal
from charts import alt_text, events, scales, tokens
from charts.model import Chart, Marker
from charts.plot import Plot, Stretch, drawn
from charts.points import Point
from charts.timeline import TOP, filled
from charts.tokens import Theme
from metrics.periods import Period, show_date
from metrics.units import RATIO

RISES, FALLS = "Rises", "Falls"
_OVERLAP = 0.02  # of a period: neighboring bands must not leave a hair line between them


def process(
    chart: ControlChart,
    *,
    theme: Theme,
    markers: Sequence[Marker] = (),
    target: float | None = None,
    height: int = tokens.TREND_HEIGHT,
) -> Chart:
    """A control chart with the limits of every phase; what rules flagged is big and colored.

    Args:
        chart: of any kind. An EWMA shows the single values as small dots, a CUSUM its rises and
            falls in standard deviations, without the target.
        theme: "light", "dark" or "print".
        markers: what happened on a day in the span.
        target: the dashed line.
        height: of the plot in pixels, without the labels under it and those of markers above.
    """
    groups = _groups(chart)
    points = [point for group in groups.values() for point in group]
    found = events.events_in(markers, groups[next(iter(groups))])
    marked, wide, narrow = events.event_rows(found)
    is_sum = chart.kind is ChartKind.CUSUM
    metric = chart.metric
    if is_sum:
        metric = replace(metric, unit=RATIO, label=f"{metric.label}, summed changes")
    is_averaged = chart.kind is ChartKind.EWMA
    plot = Plot(
        metric,
        chart.grain,
        groups,
        _limits(chart),
        () if target is None or is_sum else ((points[0].period.since, target),),
        "",
        "",
        height + wide,
        TOP + wide,
        stretches=_stretches(chart),
        flagged=_flagged(chart),
        beside=tuple(_point(one, one.value.value) for one in chart.valued) if is_averaged else (),
    )
    told = _told(plot, chart, [event.dated for event in found])
    name = f"{chart.metric.label} by {chart.grain}, {chart.kind.label}"
    return filled(plot, theme, "process", name, told, marked, TOP + narrow)


def _groups(chart: ControlChart) -> dict[str, list[Point]]:
    if chart.kind is ChartKind.CUSUM:
        return {
            RISES: [_point(one, one.plotted, RISES) for one in chart.points],
            FALLS: [_point(one, one.falls, FALLS) for one in chart.points],
        }
    return {"": [_point(one, one.plotted) for one in chart.points]}


def _point(one: ControlPoint, value: float | None, segment: str = "") -> Point:
    is_there = one.value.value is not None
    found = value if is_there else None
    return Point(one.period, segment, found, one.value.n, is_partial=False, withheld="")


def _limits(chart: ControlChart) -> Limits | None:
    """The limits named at the right: those of the newest point."""
    last = chart.last
    if last is None or last.low is None or last.high is None or last.center is None:
        return None
    low, high = last.low, last.high
    if chart.kind.base:
        low, high = words.whole_limits(chart.metric, low, high)
    return Limits(last.center, low, high, last.period, last.period, 1)


def _stretches(chart: ControlChart) -> tuple[Stretch, ...]:
    """One stretch from the middle before a point to the middle after it; equal ones are joined."""
    days = [float(scales.ms(point.period.since)) for point in chart.points]
    if len(days) < 2:
        return ()
    middles = [(one + two) / 2 for one, two in pairwise(days)]
    starts, ends = [days[0], *middles], [*middles, days[-1]]
    floor = 0.0 if _is_never_negative(chart) else -inf
    found: list[Stretch] = []
    for point, start, end in zip(chart.points, starts, ends, strict=True):
        if point.low is None or point.high is None or point.center is None:
            continue
        now = Stretch(start, end, max(point.low, floor), point.center, point.high, point.phase)
        if found and _is_same(found[-1], now):
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(now)
    wider = _OVERLAP * (days[1] - days[0])
    return tuple(replace(one, end=min(one.end + wider, days[-1])) for one in found)


def _is_never_negative(chart: ControlChart) -> bool:
    """Whether no value was ever below 0, so that limits are not drawn there either."""
    is_sum = chart.kind is ChartKind.CUSUM
    return not is_sum and all((point.value.value or 0.0) >= 0 for point in chart.valued)


def _is_same(one: Stretch, two: Stretch) -> bool:
    return (one.low, one.mean, one.high, one.phase) == (two.low, two.mean, two.high, two.phase)


def _flagged(chart: ControlChart) -> dict[tuple[str, Period], Signal]:
    if chart.kind is not ChartKind.CUSUM:
        return {("", period): signal for period, signal in chart.shades.items()}
    return {
        (RISES if fired.direction > 0 else FALLS, point.period): chart.signal_of(fired)
        for point in chart.valued
        for fired in point.flags
    }


def _told(plot: Plot, chart: ControlChart, markers: Sequence[str]) -> str:
    """The alt text: span, last value, limits, what was flagged, target, markers."""
    if not drawn(plot.points):
        label = chart.metric.label
        return alt_text.fitted([f"{label}: there are no values to draw in this period."])
    first, last = chart.valued[0], chart.valued[-1]
    span = f"{show_date(first.period.since)} to {show_date(last.period.last_day)}"
    limits = f"Limits {plot.range_text}." if plot.limits else "No limits yet."
    flagged = [
        f"{point.period.short} {fired_words(chart, fired)}" for point, fired in chart.signals
    ]
    signals = f"Flagged: {'; '.join(flagged[-4:])}." if flagged else "No rule fired."
    aim = f"The target is {plot.metric.show_target(plot.target[-1][1])}." if plot.target else ""
    return alt_text.fitted(
        [
            f"{chart.metric.label}, {chart.kind.label}, {span}.",
            f"Last value {last.value.text} in {last.period.short}.",
            limits,
            signals,
            aim,
            f"Marked: {', '.join(markers[:4])}." if markers else "",
        ]
    )
