"""Alt text: what a picture shows, in 20 to 600 characters, from the numbers it is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from charts.plot import Plot, drawn, is_outside
from charts.points import Point
from charts.text import ELLIPSIS, clean
from metrics.model import Metric
from metrics.periods import show_date
from metrics.units import Unit

SHORTEST, LONGEST = 20, 600


def fitted(sentences: Iterable[str]) -> str:
    """The sentences joined, the last ones left out where the text would be too long.

    >>> fitted(["Median turnaround by week.", ""])
    'Median turnaround by week.'
    """
    text = ""
    for sentence in sentences:
        longer = f"{text} {clean(sentence)}".strip() if sentence else text
        if len(longer) > LONGEST:
            break
        text = longer
    if not text:
        text = clean(" ".join(sentences))[: LONGEST - 1] + ELLIPSIS
    return text if len(text) >= SHORTEST else f"{text} Nothing else is drawn."


def of_time(plot: Plot, markers: Sequence[str]) -> str:
    """The text of a chart over time; one segment in detail, several by their last values."""
    metric = plot.metric
    found = sorted(drawn(plot.points), key=lambda point: point.period)
    if not found:
        return fitted([f"{metric.label}: there are no values to draw in this period."])
    span = f"{show_date(found[0].period.since)} to {show_date(found[-1].period.last_day)}"
    several = len(plot.groups) > 1
    told = _many_lines(metric, plot.groups) if several else _one_line(plot, found)
    aim = f"The target is {metric.show_target(plot.target[-1][1])}." if plot.target else ""
    marked = f"Marked: {', '.join(markers[:4])}." if markers else ""
    return fitted([f"{metric.label}, {span}.", *told, aim, marked])


def _one_line(plot: Plot, points: Sequence[Point]) -> list[str]:
    metric, limits = plot.metric, plot.limits
    first, last = points[0], points[-1]
    if len(points) == 1:
        return [f"One value: {metric.show(last.value)} {_when(last)}."]
    lowest = min(points, key=lambda p: p.value or 0.0)
    highest = max(points, key=lambda p: p.value or 0.0)
    so_far = " so far" if last.is_partial else ""
    told = [
        f"From {metric.show(first.value)} {_when(first)} to {metric.show(last.value)}{so_far} "
        f"{_when(last)}.",
        f"Lowest {metric.show(lowest.value)} {_when(lowest)}, highest "
        f"{metric.show(highest.value)} {_when(highest)}.",
    ]
    if limits is not None:
        outside = [p for p in points if p.value is not None and is_outside(p.value, limits)]
        told.append(
            f"Expected range {plot.range_text}; "
            f"{len(outside) or 'none'} of {len(points)} values outside it."
        )
    return told


def _when(point: Point) -> str:
    return f"{'on' if point.period.days == 1 else 'in'} {point.period.short}"


def _many_lines(metric: Metric, groups: Mapping[str, Sequence[Point]]) -> list[str]:
    lasts = {name: drawn(points)[-1:] for name, points in groups.items()}
    ends = [
        f"{clean(name)[:40]} {metric.show(p.value)}" for name, last in lasts.items() for p in last
    ]
    more = f" and {len(ends) - 6} more" if len(ends) > 6 else ""
    return [f"{len(ends)} lines; last values: {', '.join(ends[:6])}{more}."]


def of_rows(what: str, rows: Sequence[tuple[str, str]], *, shown: int, notes: Sequence[str]) -> str:
    """The text of a ranked chart: its rows in order, as many as fit.

    Args:
        what: what the rows show ("Mean queue time by stage").
        rows: (segment, value as text) in the order drawn.
        shown: how many of them are drawn.
        notes: further sentences (target, how many miss it).
    """
    if not rows:
        return fitted([f"{what}: there are no values to draw."])
    listed = "; ".join(f"{clean(name)[:40]} {value}" for name, value in rows[:8])
    more = f"; and {len(rows) - 8} more" if len(rows) > 8 else ""
    hidden = f"{shown} of {len(rows)} rows are drawn." if shown < len(rows) else ""
    return fitted([f"{what}.", f"{listed}{more}.", *notes, hidden])


def of_sparkline(
    label: str, values: Sequence[float], unit: Unit, target: float | None, signal: str
) -> str:
    """The text of a sparkline: from, to, target, signal."""
    if not values:
        return fitted([f"{label}: there are no values to draw."])
    told = (
        f"{label}, {len(values)} periods: from {unit.show(values[0])} to {unit.show(values[-1])}."
    )
    ends = f"Lowest {unit.show(min(values))}, highest {unit.show(max(values))}."
    aim = f"Target {unit.show(target)}." if target is not None else ""
    return fitted([told, ends, aim, f"Signal: {signal}." if signal else ""])
