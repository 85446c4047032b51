"""Charts over time: a trend (one or several segments) and a control chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from analysis.model import Limits
from charts import alt_text, events, line_ends, scales, tokens, vega
from charts.model import Chart, Judged, Marker, Row
from charts.plot import Plot, Steps, Stretch, drawn
from charts.points import MOST_MARKS, Point, by_segment, points_of, thinned
from charts.time_template import time_template
from charts.tokens import Theme
from charts.vega import shade
from metrics.errors import ReportError
from metrics.model import Metric
from metrics.periods import Grain
from metrics.value import Value

_DOTS_UP_TO = 70  # points of one line that still get a dot each
TOP = 8  # pixels above the highest value
_SMALL_DOT, _LAST_DOT, _SIGNAL_DOT = 16.0, 24.0, 85.0  # square pixels
_FLAGGED_DOT = 55.0  # where a whole run is flagged
Target = float | Sequence[tuple[date, float]] | None


def trend(
    metric: Metric,
    series: Iterable[Value | Mapping[str, Any]],
    *,
    theme: Theme,
    grain: Grain = "week",
    target: Target = None,
    limits: Limits | None = None,
    markers: Sequence[Marker] = (),
    highlight: str = "",
    signal: str = "",
    height: int = tokens.TREND_HEIGHT,
) -> Chart:
    """A line per segment over time; six segments get a colour and a label, the others are grey.

    Args:
        metric: what is drawn; its unit labels the axis.
        series: values, or rows of a store's series (period, segment, value, n, is_partial,
            withheld). Values that are withheld or missing leave a gap; a period that is not over
            is hollow and joined by a dashed line.
        theme: "light", "dark" or "print".
        grain: length of the periods.
        target: a number, or (valid from, number) pairs where it changed.
        limits: the expected range of the only segment; ignored for several.
        markers: what happened on a day in the span.
        highlight: the segment to draw in orange; the others are then grey.
        signal: of the last value (a Signal): colours it.
        height: of the plot in pixels, without the labels under it and those of markers above.
    """
    points = points_of(series, grain)
    groups = {name: thinned(p, _room(points)) for name, p in by_segment(points).items()}
    steps = _steps(target)
    found = events.events_in(markers, points)
    marked, wide, narrow = events.event_rows(found)
    plot = Plot(
        metric,
        grain,
        groups,
        limits if len(groups) == 1 else None,
        steps,
        highlight,
        str(signal),
        height + wide,
        TOP + wide,
    )
    told = alt_text.of_time(plot, [event.dated for event in found])
    name = f"{metric.label} by {grain}, chart"
    return filled(plot, theme, "trend", name, told, marked, TOP + narrow)


def filled(
    plot: Plot,
    theme: Theme,
    kind: str,
    name: str,
    told: str,
    marked: list[Row],
    top_narrow: int,
) -> Chart:
    """The time template with the data of a plot; without rows when there is nothing to draw.

    Args:
        plot: what is drawn.
        theme: "light", "dark" or "print".
        kind, name, told: of the chart; `told` is its alt text.
        marked: rows of the dataset `markers`.
        top_narrow: where the y scale ends on a phone.
    """
    template = time_template(theme, plot.metric.unit.axis, plot.grain, plot.height)
    whole = plot.height + vega.AXIS_PX + vega.PAD_TOP + vega.PAD_BOTTOM
    if not drawn(plot.points):
        return Chart(kind, theme, template, {"rows": []}, told, whole, name)
    ends = line_ends.end_rows(plot)
    data = _background(plot) | _lines(plot) | {"ends": ends, "markers": marked}
    data["frame"] = [_frame(plot, ends, top_narrow)]
    return Chart(kind, theme, template, data, told, whole, name)


def control(
    judged: Judged,
    *,
    theme: Theme,
    markers: Sequence[Marker] = (),
    target: Target = None,
    height: int = tokens.CONTROL_HEIGHT,
) -> Chart:
    """A measure with its expected range: only what lies outside is big and coloured.

    Args:
        judged: an Assessment, or a StageRow: series, limits and signal, and a target if it has one.
        theme: "light", "dark" or "print".
        markers: what happened on a day in the span.
        target: takes the place of the target that `judged` carries.
        height: of the plot in pixels.

    Raises:
        ReportError: the series is empty and names no metric, so there is nothing to say.
    """
    series = judged.series
    metric = series[0].metric if series else getattr(judged, "metric", None)
    if metric is None:
        raise ReportError("A control chart needs a series.", next_step="Leave the chart out.")
    own = getattr(judged, "target", None)
    return trend(
        metric,
        series,
        theme=theme,
        grain=(series[-1].period.grain if series else None) or "week",
        target=target if target is not None else (own.value if own else None),
        limits=judged.limits,
        markers=markers,
        signal=str(judged.signal),
        height=height,
    )


def _room(points: Sequence[Point]) -> int:
    segments = len({point.segment for point in points}) or 1
    return max(40, MOST_MARKS // segments)


def _steps(target: Target) -> Steps:
    if target is None:
        return ()
    if isinstance(target, (int, float)):
        return ((date.min, float(target)),)
    return tuple(sorted((day, float(value)) for day, value in target))


def _frame(plot: Plot, ends: list[Row], top_narrow: int) -> Row:
    first, last = plot.periods[0].since, plot.periods[-1].since
    pad = scales.DAY_MS if first == last else 0
    low, high = plot.span
    return {
        "x0": scales.ms(first) - pad,
        "x1": scales.ms(last) + pad,
        "y0": low,
        "y1": high,
        "top": plot.top,
        "top_narrow": top_narrow,
        "room": line_ends.widest(ends, "label"),
        "narrow": line_ends.widest(ends, "short"),
        "noun": plot.metric.n_of,
    }


def _background(plot: Plot) -> dict[str, list[Row]]:
    ends = {"x": scales.ms(plot.periods[0].since), "x2": scales.ms(plot.periods[-1].since)}
    low, high = plot.span
    band, mean = _bands(plot.stretches)
    if plot.limits is not None and not plot.stretches:
        band = [ends | {"low": max(plot.limits.low, low), "high": min(plot.limits.high, high)}]
        mean = [ends | {"y": plot.limits.mean}]
    days = scales.day_ticks(plot.periods, plot.grain)
    return {
        "band": band,
        "mean": mean,
        "edges": _edges(plot.stretches),
        "ticks": [{"y": y} for y in _ticks(plot)],
        "days": [{"x": scales.ms(day)} for day in days],
        "target": _target_rows(plot),
    }


def _bands(stretches: Sequence[Stretch]) -> tuple[list[Row], list[Row]]:
    """A rectangle per stretch, and the line between its limits."""
    ends = [{"x": part.start, "x2": part.end} for part in stretches]
    pairs = list(zip(ends, stretches, strict=True))
    band = [where | {"low": part.low, "high": part.high} for where, part in pairs]
    return band, [where | {"y": part.mean} for where, part in pairs]


def _edges(stretches: Sequence[Stretch]) -> list[Row]:
    """The limits as stepped lines, broken where a phase ends."""
    rows: list[Row] = []
    for place, part in enumerate(stretches):
        is_end = stretches[place + 1 : place + 2] == () or stretches[place + 1].phase != part.phase
        for side, level in enumerate((part.low, part.high)):
            line = 2 * part.phase + side
            rows += [{"x": part.start, "y": level, "part": line}]
            rows += [{"x": part.end, "y": level, "part": line}] if is_end else []
    return rows


def _ticks(plot: Plot) -> list[float]:
    """Round values, none so close to the bottom line that both would blur."""
    low, high = plot.span
    count = max(3, (plot.height - plot.top) // 34)
    ticks = scales.value_ticks(low, high, plot.metric.unit, count)
    return [y for y in ticks if y == low or plot.height - plot.px(y) > 7]


def _target_rows(plot: Plot) -> list[Row]:
    """The target's corners from the first to the last period; each holds until the next."""
    first, last = plot.periods[0].since, plot.periods[-1].since
    begun = [value for day, value in plot.target if day <= first][-1:]
    later = [(day, value) for day, value in plot.target if first < day <= last]
    steps = [(first, value) for value in begun] + later
    if not steps:
        return []
    return [{"x": scales.ms(day), "y": value} for day, value in [*steps, (last, steps[-1][1])]]


def _lines(plot: Plot) -> dict[str, list[Row]]:
    rows: list[Row] = []
    tails: list[Row] = []
    rings: list[Row] = []
    dots: list[Row] = []
    # grey ones first: what is drawn later lies on top
    names = sorted(plot.groups, key=lambda name: name in plot.shades)
    for line, name in enumerate(names):
        found = drawn(plot.groups[name])
        color = shade(plot.shades.get(name, "rest"))
        for point in plot.groups[name]:
            y = None if point.is_partial else point.value
            rows.append({"x": scales.ms(point.period.since), "y": y, "line": line, "color": color})
        tails += _tails(plot.groups[name], color, len(tails))
        rings += [_spot(p, color) for p in found if p.is_partial and name in plot.shades]
        dots += _dots(plot, found, color, is_named=name in plot.shades)
    dots = [_beside(plot, point) for point in plot.beside] + dots
    return {"rows": rows, "tails": tails, "rings": rings, "dots": dots[-MOST_MARKS // 2 :]}


def _beside(plot: Plot, point: Point) -> Row:
    """A single value beside the line of its averages."""
    return _spot(point, shade("muted")) | {"size": _SMALL_DOT} | _told(plot, point)


def _told(plot: Plot, point: Point) -> Row:
    """What a dot tells and selects."""
    return {
        "segment": point.segment,
        "period": point.period.name,
        "when": point.period.label,
        "text": plot.metric.show(point.value) + (" so far" if point.is_partial else ""),
        "n": point.n,
    }


def _spot(point: Point, color: int) -> Row:
    return {"x": scales.ms(point.period.since), "y": point.value, "color": color}


def _tails(group: Sequence[Point], color: int, start: int) -> list[Row]:
    """Dashed pieces between a period that is not over and its neighbours."""
    tails: list[Row] = []
    for pair in pairwise(group):
        if any(p.is_partial for p in pair) and all(p.value is not None for p in pair):
            tails += [_spot(p, color) | {"part": start + len(tails)} for p in pair]
    return tails


def _dots(plot: Plot, found: Sequence[Point], line: int, *, is_named: bool) -> list[Row]:
    """A dot per value: small, big and coloured for a signal, none inside a ring."""
    dots: list[Row] = []
    for point in found:
        color = plot.signal_shade(point, is_last=point is found[-1])
        size = _SMALL_DOT if is_named and len(found) <= _DOTS_UP_TO else 0.0
        if is_named and point is found[-1]:
            size = _LAST_DOT
        if point.is_partial:
            size = 0.0
        signal_size = _SIGNAL_DOT if plot.flagged is None else _FLAGGED_DOT
        row = _spot(point, shade(color) if color else line)
        dots.append(row | {"size": signal_size if color else size} | _told(plot, point))
    return dots
