"""The templates of the flow charts: a scatter with its lines, ages by stage."""

from __future__ import annotations

from functools import lru_cache

import altair as alt

from charts import tokens
from charts.frame_template import DAYS, frame
from charts.model import Spec
from charts.tokens import Theme
from charts.vega import AXIS_PX, clickable, color_of, named, spec

_AGES = "datum.value < 24 ? format(datum.value, ',') + ' h' : format(datum.value / 24, ',') + ' d'"


@lru_cache(maxsize=32)
def scatter_template(theme: Theme, axis: str, height: int) -> Spec:
    """Dots by day, cells where there are too many, dashed lines at percentiles. Its datasets:

    frame (one row): x0, x1, y0, y1, room, narrow. ticks: y. days: x. ends: y, label, short,
    color. cells: x, x2, y, y2, strength, text.
    lines: y. rows: x, y, color, segment, period, when, text.
    """
    colors = tokens.palette(theme)
    cells = named("cells").mark_rect(color=colors.brand, tooltip=alt.expr("datum.text"))
    strength = alt.Opacity("strength:Q", scale=None, legend=None)
    lines = named("lines").mark_rule(color=colors.ink2, strokeDash=[5, 3], strokeWidth=1.2)
    layers = [
        frame(below=("days", DAYS), beside=axis, top=16),
        *_background(theme, height),
        cells.encode(x="x:Q", x2="x2", y="y:Q", y2="y2", opacity=strength),
        lines.encode(x=alt.value(0), x2=alt.value(alt.expr("edge")), y="y:Q"),
        _items(theme, ["segment", "period"], {"Completed": "datum.when"}),
        _ends(theme),
    ]
    return spec(layers, theme, height)


@lru_cache(maxsize=32)
def ages_template(theme: Theme, height: int) -> Spec:
    """A column of dots per stage, by age, with marks at the percentiles of its past. Its datasets:

    frame (one row): as for the scatter, and count. ticks: y. columns: x, label, told.
    marks: x, x2, y, weight. rows: x, y, color, segment, when, text.
    ends: y, label, short, color.
    """
    colors = tokens.palette(theme)
    limit = alt.expr("(edge - 12) / frame.count - 6")
    names = named("columns").mark_text(color=colors.ink, y=height + AXIS_PX / 2, limit=limit)
    told = named("columns").mark_text(
        color=colors.muted, y=6, limit=limit, fontSize=tokens.CHART_TEXT_PX - 1
    )
    marks = named("marks").mark_rule(color=colors.ink2)
    width = alt.StrokeWidth("weight:Q", scale=None, legend=None)
    layers = [
        frame(below=None, beside=_AGES, top=16, upward="sqrt"),
        *_background(theme, height, has_days=False),
        _items(theme, ["segment"], {"Entered": "datum.when"}),
        marks.encode(x="x:Q", x2="x2", y="y:Q", strokeWidth=width),
        names.encode(x="x:Q", text="label:N"),
        told.encode(x="x:Q", text="told:N"),
        _ends(theme),
    ]
    return spec(layers, theme, height)


def _background(theme: Theme, height: int, *, has_days: bool = True) -> list[alt.Chart]:
    colors = tokens.palette(theme)
    found = [
        named("ticks")
        .mark_rule(color=colors.grid, y=alt.expr("round(scale('y', datum.y)) + 0.5"))
        .encode(x=alt.value(0), x2=alt.value(alt.expr("edge"))),
        named("frame")
        .mark_rule(color=colors.rule)
        .encode(x=alt.value(0), x2=alt.value(alt.expr("edge")), y=alt.value(height)),
    ]
    if has_days:
        days = named("days").mark_rule(color=colors.rule)
        found.append(days.encode(x="x:Q", y=alt.value(height), y2=alt.value(height + 4)))
    return found


def _items(theme: Theme, fields: list[str], tips: dict[str, str]) -> alt.Chart:
    is_live = theme != "print"
    dots: alt.Chart = named("rows").mark_point(
        filled=True,
        opacity=1,
        size=22,
        stroke="transparent",
        strokeWidth=8 if is_live else 0,
        aria=is_live,
        cursor="pointer",
    )
    dots = dots.encode(x="x:Q", y="y:Q", color=color_of(theme))
    if not is_live:
        return dots
    return clickable(dots, fields, {"Item": "datum.item", **tips, "Time": "datum.text"})[0]


def _ends(theme: Theme) -> alt.Chart:
    label: alt.Chart = named("ends").mark_text(
        align="left",
        x=alt.expr("edge + 10"),
        text=alt.expr("is_narrow ? datum.short : datum.label"),
        fontSize=tokens.CHART_TEXT_PX - 1,
        limit=alt.expr("room - 6"),
    )
    return label.encode(y="y:Q", color=color_of(theme))
