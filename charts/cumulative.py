"""The cumulative flow diagram: how many things are in each state on each day, one on another.

The vertical height of a band is work in that state; where a band widens, work piles up (Anderson,
Kanban, 2010). It says nothing about single items, and misleads where things skip states unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import altair as alt

from charts import alt_text, line_ends, scales, text, tokens
from charts.frame_template import DAYS, frame
from charts.model import Chart, Row, Spec
from charts.tokens import Theme
from charts.vega import (
    AXIS_PX,
    PAD_BOTTOM,
    PAD_TOP,
    clickable,
    color_of,
    named,
    shade,
    spec,
)
from metrics.periods import Grain, Period, period_of, show_date
from metrics.units import COUNT, EN_DASH

_HEIGHT, _TOP = 240, 8
_COLORS = ("quiet", "brand", "rest", "series 1", "series 2", "series 3", "series 4", "series 5")
_TEXT = ("muted", "brand", "muted", "series 1", "series 2", "series 3", "series 4", "series 5")
_GAP = 14.0  # pixels between labels at the right
_SMALL = tokens.CHART_TEXT_PX - 1
_WIDEST, _WIDEST_SHORT = 130, 80


@dataclass(frozen=True)
class Level:
    """How many there are at the end of a day; `low` and `high` where that is not exact."""

    on: date
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Band:
    """One state, with a level for each day; all bands of a diagram have the same days.

    `color` is a name of `charts.vega.SHADES`; "" for the one that its place has.
    """

    name: str
    levels: Sequence[Level]
    color: str = ""


def cumulative(
    bands: Sequence[Band],
    *,
    theme: Theme,
    what: str,
    grain: Grain = "day",
    height: int = _HEIGHT,
) -> Chart:
    """The bands on each other, each labeled at its right end with its last level.

    Where most of the lowest band was there from the start, the axis begins above 0, so that the
    others can be seen.

    Args:
        bands: from the bottom up, up to eight.
        theme: "light", "dark" or "print".
        what: its name, like "Issues by status category".
        grain: "day" or "week": how far apart the days are.
        height: of the plot in pixels.
    """
    template = cumulative_template(theme, height)
    whole = height + AXIS_PX + PAD_TOP + PAD_BOTTOM
    name = f"{what}, cumulative flow"
    if not bands or not bands[0].levels:
        return Chart("cumulative", theme, template, {"rows": []}, name, whole, name)
    rows = _rows(bands)
    low, high = _ends(rows)
    days = [level.on for level in bands[0].levels]
    periods = [period_of(day, grain) for day in days]
    shown = scales.day_ticks(
        [Period(d, p.until) for d, p in zip(days, periods, strict=True)], grain
    )
    ends = _labels(bands, rows, (low, high), height)
    one_day = scales.DAY_MS if days[0] == days[-1] else 0
    datasets: dict[str, list[Row]] = {
        "frame": [
            {
                "x0": scales.ms(days[0]) - one_day,
                "x1": scales.ms(days[-1]) + one_day,
                "y0": low,
                "y1": high,
                "room": line_ends.widest(ends, "label"),
                "narrow": line_ends.widest(ends, "short"),
            }
        ],
        "days": [{"x": scales.ms(day)} for day in shown],
        "ticks": [{"y": y} for y in scales.value_ticks(low, high, COUNT, max(3, height // 45))],
        "rows": [row | {"y0": max(row["y0"], low)} for row in rows],
        "hits": _hits(bands, rows),
        "ends": ends,
    }
    return Chart("cumulative", theme, template, datasets, _told(bands, what), whole, name)


def _rows(bands: Sequence[Band]) -> list[Row]:
    """The corners of the bands; a day that stands alone gets some width."""
    floor = [0.0] * len(bands[0].levels)
    rows: list[Row] = []
    is_one = len(floor) == 1
    for place, band in enumerate(bands):
        for i, level in enumerate(band.levels):
            edge = {"y0": floor[i], "y1": floor[i] + level.value, "part": place}
            edge["color"] = shade(band.color or _COLORS[place])
            x = scales.ms(level.on)
            for at in (x - scales.DAY_MS / 2, x + scales.DAY_MS / 2) if is_one else (x,):
                rows.append({"x": float(at)} | edge)
            floor[i] += level.value
    return rows


def _ends(rows: Sequence[Row]) -> tuple[float, float]:
    """The ends of the upright axis: at 0 unless the lowest band would hide the others."""
    high = max(row["y1"] for row in rows)
    least = min(row["y1"] for row in rows if row["part"] == 0)
    air = max(1.0, (high - least) * 0.06)
    low = max(0.0, least - 2 * air) if least > 0.5 * high else 0.0
    return float(int(low)), high + air


def _labels(
    bands: Sequence[Band], rows: Sequence[Row], ends: tuple[float, float], height: int
) -> list[Row]:
    """Name and last level at the right of each band that has any, moved apart."""
    low, high = ends
    found: list[Row] = []
    for place, band in enumerate(bands):
        last = band.levels[-1]
        corner = [row for row in rows if row["part"] == place][-1]
        if last.value:
            middle = (max(corner["y0"], low) + corner["y1"]) / 2
            shown = f"{text.cut(band.name, _WIDEST, _SMALL)} {COUNT.show(last.value)}"
            short = text.cut(band.name, _WIDEST_SHORT, _SMALL)
            color = shade(_text_color(band.color) or _TEXT[place])
            found.append(
                {"y": middle, "label": shown, "short": short, "color": color, "is_bold": False}
            )
    found.sort(key=lambda end: -end["y"])
    scale = (height - _TOP) / (high - low)
    wanted = [height - (end["y"] - low) * scale for end in found]
    places = scales.spread(wanted, [_GAP] * len(found), 4.0, height - 2.0)
    return [end | {"y": low + (height - px) / scale} for end, px in zip(found, places, strict=True)]


def _text_color(color: str) -> str:
    """The colour of a label; grey bands are too faint to be read in their own."""
    return "muted" if color in ("quiet", "rest") else color


def _hits(bands: Sequence[Band], rows: Sequence[Row]) -> list[Row]:
    """What the pointer finds: the top of each band on each day, where the band has any."""
    tops = {(row["part"], row["x"]): row["y1"] for row in rows}
    return [
        {
            "x": float(scales.ms(level.on)),
            "y": tops.get((place, float(scales.ms(level.on))), level.value),
            "day": show_date(level.on),
            "name": text.clean(band.name),
            "text": _level(level),
        }
        for place, band in enumerate(bands)
        for level in band.levels
        if level.value or level.high
    ]


def _level(level: Level) -> str:
    if level.low == level.high:
        return COUNT.show(level.value)
    return (
        f"{COUNT.show(level.value)}, between {COUNT.show(level.low)} and {COUNT.show(level.high)}"
    )


def _told(bands: Sequence[Band], what: str) -> str:
    first, last = bands[0].levels[0].on, bands[0].levels[-1].on
    sentences = [f"{what}, {show_date(first)} {EN_DASH} {show_date(last)}."]
    sentences += [
        f"{band.name}: {COUNT.show(band.levels[0].value)} to {COUNT.show(band.levels[-1].value)}."
        for band in bands
    ]
    return alt_text.fitted(sentences)


@lru_cache(maxsize=16)
def cumulative_template(theme: Theme, height: int) -> Spec:
    """The template. Its datasets:

    frame (one row): x0, x1, y0, y1, room, narrow. days: x. ticks: y. rows: x, y0, y1, part, color.
    hits: x, y, day, name, text. ends: y, label, short, color, is_bold.
    """
    colors = tokens.palette(theme)
    grid = named("ticks").mark_rule(
        color=colors.grid, y=alt.expr("round(scale('y', datum.y)) + 0.5")
    )
    area = named("rows").mark_area(opacity=1, stroke=colors.background, strokeWidth=1)
    layers = [
        frame(below=("days", DAYS), beside=COUNT.axis, start=0, top=_TOP),
        grid.encode(x=alt.value(0), x2=alt.value(alt.expr("edge"))),
        area.encode(x="x:Q", y="y0:Q", y2="y1", detail="part:N", color=color_of(theme)),
        named("days")
        .mark_rule(color=colors.rule)
        .encode(x="x:Q", y=alt.value(height), y2=alt.value(height + 4)),
        _names(theme),
    ]
    return spec([*layers, _points(theme)], theme, height)


def _names(theme: Theme) -> alt.Chart:
    label: alt.Chart = named("ends").mark_text(
        align="left",
        x=alt.expr("edge + 8"),
        text=alt.expr("is_narrow ? datum.short : datum.label"),
        fontSize=_SMALL,
        limit=alt.expr("room - 8"),
    )
    return label.encode(y="y:Q", color=color_of(theme))


def _points(theme: Theme) -> alt.Chart:
    """Points on the tops of the bands that are easy to hit and say what they stand for."""
    is_live = theme != "print"
    hits: alt.Chart = named("hits").mark_point(
        filled=True, opacity=0, size=120, aria=is_live, cursor="pointer"
    )
    hits = hits.encode(x="x:Q", y="y:Q")
    if not is_live:
        return hits
    tips = {"Day": "datum.day", "Of": "datum.name", "Count": "datum.text"}
    return clickable(hits, ["name", "day"], tips)[0]
