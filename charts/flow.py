"""Charts of flow: bands of a cumulative flow diagram, items by turnaround, open work by age."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from analysis.flow.model import BETWEEN, DONE, OTHER, Ages, Diagram, Scatter, Spot, StageAges
from charts import alt_text, scales, text, tokens, vega
from charts.cumulative import Band, Level, cumulative
from charts.flow_template import ages_template, scatter_template
from charts.model import Chart, Row
from charts.tokens import Theme
from charts.vega import shade
from metrics.periods import period_of, show_date
from metrics.units import HOURS, round_half_up

HEIGHT = 230
_TOP, _LABEL_PX = 16, 13
_SMALL = tokens.CHART_TEXT_PX - 1
_MOST_AREA_DAYS = 180
_PLAIN = {DONE: "rest", OTHER: "quiet", BETWEEN: "muted"}
_AGE_TICKS = (0, 4, 8, 24, 72, 168, 336, 672, 1344, 2688, 5376, 10752, 21504)


def stacked(found: Diagram, *, theme: Theme, has_done: bool, days: int = 0) -> Chart:
    """Items by stage at each day's end, one band on the other; at most 8 bands.

    Args:
        found: the days and bands.
        theme: "light", "dark" or "print".
        has_done: with the items completed since the first day drawn as the lowest band: then it is
            a cumulative flow diagram, else work in progress by stage.
        days: how many of the last days are drawn; 0 for all.
    """
    what = "Items done and in each stage" if has_done else "Items in each stage"
    bands = _bands(found, days, has_done=has_done)
    is_empty = not any(level.value for band in bands for level in band.levels)
    return cumulative([] if is_empty else bands, theme=theme, what=what, height=HEIGHT)


def _bands(found: Diagram, last: int, *, has_done: bool) -> list[Band]:
    """The bands of the last days; done counts from the first of them, long spans are thinned."""
    start = max(0, len(found.days) - last) if last else 0
    step = max(1, -(-(len(found.days) - start) // _MOST_AREA_DAYS))
    places = range(len(found.days) - 1, start - 1, -step)[::-1]
    bands, stages = [], 0
    for name, counts in found.bands:
        before = counts[start - 1] if name == DONE and start else 0
        color = _PLAIN.get(name) or f"series {stages % 6}"
        stages += name not in _PLAIN
        if name != DONE or has_done:
            levels = [_level(found.days[place], counts[place] - before) for place in places]
            bands.append(Band(name, levels, color))
    return bands


def _level(day: date, count: int) -> Level:
    return Level(day, count, count, count)


def _spread(
    ends: Sequence[tuple[float, str, str, str]], low: float, high: float, height: int
) -> list[Row]:
    def px(y: float) -> float:
        return _TOP + (height - _TOP) * (high - y) / (high - low)

    gaps = [float(_LABEL_PX)] * len(ends)
    places = scales.spread([px(end[0]) for end in ends], gaps, 6.0, height - 4.0)
    return [
        {
            "y": high - (place - _TOP) / (height - _TOP) * (high - low),
            "label": label,
            "short": short,
            "color": shade(color),
        }
        for place, (_, label, short, color) in zip(places, ends, strict=True)
    ]


def _frame(days: Sequence[date], low: float, high: float, ends: Iterable[Row]) -> Row:
    labels = list(ends)
    pad = scales.DAY_MS if days[0] == days[-1] else 0
    return {
        "x0": scales.ms(days[0]) - pad,
        "x1": scales.ms(days[-1]) + pad,
        "y0": low,
        "y1": high,
        "room": 18 + max((text.width(str(end["label"]), _SMALL) for end in labels), default=0.0),
        "narrow": 18 + max((text.width(str(end["short"]), _SMALL) for end in labels), default=0.0),
    }


def _day_ticks(days: Sequence[date]) -> list[Row]:
    first, last = days[0], days[-1]
    periods = [period_of(first + timedelta(days=n), "day") for n in range((last - first).days + 1)]
    return [{"x": scales.ms(day)} for day in scales.day_ticks(periods, "day") if day <= last]


def turnaround(found: Scatter, *, theme: Theme, height: int = HEIGHT) -> Chart:
    """A dot per completed item by day and hours; cells where there are many; percentile lines."""
    template = scatter_template(theme, HOURS.axis, height)
    whole = height + vega.AXIS_PX + vega.PAD_TOP + vega.PAD_BOTTOM
    name = "Turnaround of completed items by day, scatter"
    told = _scatter_told(found)
    lines = [line for line in found.lines if line.value is not None]
    if not found.spots:
        return Chart("scatter", theme, template, {"rows": []}, told, whole, name)
    high = max(spot.hours + spot.height / 2 for spot in found.spots) * 1.04 or 1.0
    ends = [
        (line.value or 0.0, f"{share} within {HOURS.show(line.value)}", HOURS.show(line.value),
         "ink")
        for line, share in zip(found.lines, ("50%", "85%", "95%"), strict=True)
        if line.value is not None
    ]  # fmt: skip
    shown = _spread(ends[::-1], 0.0, high, height)
    days = (found.span.since, found.span.last_day)
    most = max((spot.items for spot in found.spots), default=1)
    data = {
        "frame": [_frame(days, 0.0, high, shown)],
        "ticks": [{"y": y} for y in scales.value_ticks(0.0, high, HOURS, 5)],
        "days": _day_ticks(days),
        "cells": [_cell(spot, most) for spot in found.spots if not spot.item],
        "lines": [{"y": line.value} for line in lines],
        "rows": [_point(spot, found) for spot in found.spots if spot.item],
        "ends": shown,
    }
    return Chart("scatter", theme, template, data, told, whole, name)


def _cell(spot: Spot, most: int) -> Row:
    first = scales.ms(spot.day)
    return {
        "x": first - scales.DAY_MS * 0.45,
        "x2": first + scales.DAY_MS * 0.45,
        "y": max(0.0, spot.hours - spot.height / 2),
        "y2": spot.hours + spot.height / 2,
        "strength": round(0.1 + 0.7 * (spot.items / most) ** 0.5, 3),
        "text": f"{spot.items:,} items, {show_date(spot.day)}, about {HOURS.show(spot.hours)}",
    }


def _point(spot: Spot, found: Scatter) -> Row:
    line = found.lines[-1].value
    is_long = line is not None and spot.hours > line
    return {
        "x": scales.ms(spot.day),
        "y": spot.hours,
        "color": shade("ink" if is_long else "brand"),
        "item": text.clean(spot.item),
        "segment": text.clean(spot.dataset),
        "period": period_of(spot.day, "week").name,
        "when": show_date(spot.day),
        "text": HOURS.show(spot.hours),
    }


def _scatter_told(found: Scatter) -> str:
    if not found.spots:
        return alt_text.fitted(["Turnaround of completed items: there are no values to draw."])
    count = sum(spot.items for spot in found.spots)
    longest = max(found.spots, key=lambda spot: spot.hours)
    lines = [
        f"{share} were done within {HOURS.show(line.value)}"
        for line, share in zip(found.lines, ("50%", "85%", "95%"), strict=True)
        if line.value is not None
    ]
    dense = "Where there are many, shading shows how many." if found.is_dense else ""
    return alt_text.fitted(
        [
            f"Turnaround of {count:,} items completed {found.span.dates}.",
            f"{'; '.join(lines)}." if lines else "Too few for percentiles.",
            f"The longest took {HOURS.show(longest.hours)}, completed {show_date(longest.day)}.",
            dense,
        ]
    )


def ages(found: Ages, *, theme: Theme, height: int = HEIGHT) -> Chart:
    """A column of dots per stage: open visits by age, against the percentiles of its past."""
    template = ages_template(theme, height)
    whole = height + vega.AXIS_PX + vega.PAD_TOP + vega.PAD_BOTTOM
    name = "Age of open work by stage"
    told = _ages_told(found)
    visits = [visit for stage in found.stages for visit in stage.oldest]
    if not visits:
        return Chart("ages", theme, template, {"rows": []}, told, whole, name)
    marks = [hours for stage in found.stages for hours in stage.hours or ()]
    high = max([visit.age_hours for visit in visits] + marks) * 1.05 or 1.0
    data: dict[str, list[Row]] = {
        "frame": [
            {"x0": -0.5, "x1": len(found.stages) - 0.5, "y0": 0.0, "y1": high,
             "count": len(found.stages), "room": 118.0, "narrow": 40.0}
        ],
        "ticks": [{"y": y} for y in _age_ticks(high)],
        "columns": [
            {"x": x, "label": text.cut(stage.stage, 150, _SMALL), "told": f"{stage.n:,} open"}
            for x, stage in enumerate(found.stages)
        ],
        "marks": [
            {"x": x - 0.42, "x2": x + 0.42, "y": hours, "weight": weight}
            for x, stage in enumerate(found.stages)
            for hours, weight in zip(stage.hours or (), (1, 1.8, 2.8), strict=False)
        ],
        "rows": [row for x, stage in enumerate(found.stages) for row in _age_dots(stage, x)],
        "ends": _age_ends(found, high),
    }  # fmt: skip
    return Chart("ages", theme, template, data, told, whole, name)


def _age_ticks(high: float) -> list[float]:
    fitting = [float(tick) for tick in _AGE_TICKS if tick <= high]
    return [0.0, *fitting[1:][-5:]] if len(fitting) > 6 else fitting


def _age_dots(stage: StageAges, x: int) -> list[Row]:
    """The visits side by side in their column, so that equal ages do not hide each other."""
    hours = stage.hours
    rows = []
    for number, visit in enumerate(stage.oldest):
        is_late = hours is not None and visit.age_hours > hours[2]
        rows.append(
            {
                "x": x + ((number * 7) % 15 - 7) / 20,
                "y": visit.age_hours,
                "color": shade("orange" if is_late and stage.is_flagged else "brand"),
                "item": text.clean(visit.item),
                "segment": text.clean(stage.stage),
                "when": show_date(visit.entered_at.date()),
                "text": HOURS.show(visit.age_hours),
            }
        )
    return rows


def _age_ends(found: Ages, high: float) -> list[Row]:
    """What the marks are, beside those of the last stage that has them, top first."""
    hours = next((stage.hours for stage in reversed(found.stages) if stage.hours), None)
    if hours is None:
        return []
    scaled = [(value / high) ** 0.5 for value in hours]
    named = [
        (where, f"{share} of past visits", share, "ink")
        for where, share in zip(scaled, ("50%", "85%", "95%"), strict=True)
    ]
    spread = _spread(named[::-1], 0.0, 1.0, HEIGHT)
    return [end | {"y": max(0.0, end["y"]) ** 2 * high} for end in spread]


def _ages_told(found: Ages) -> str:
    if not found.stages:
        return alt_text.fitted(["Age of open work by stage: there is no open work to draw."])
    told = []
    for stage in found.stages:
        late = "" if stage.beyond is None else f", {stage.beyond[1]:,} past the 85th percentile"
        told.append(f"{text.clean(stage.stage)[:40]} {stage.n:,} open{late}")
    oldest = max(
        (visit for stage in found.stages for visit in stage.oldest),
        key=lambda visit: visit.age_hours,
    )
    days = round_half_up(oldest.age_hours / 24, 1)
    return alt_text.fitted(
        [
            "Age of open work by stage.",
            f"{'; '.join(told[:8])}.",
            f"The oldest is {days} days in {text.clean(oldest.stage)[:40]}.",
        ]
    )
