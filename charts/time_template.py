"""The template of charts over time."""

from __future__ import annotations

from functools import lru_cache

import altair as alt

from charts import tokens
from charts.model import Spec
from charts.tokens import Theme
from charts.vega import ALL_TICKS, EDGE, FRAME, NARROW, ROOM, as_is, clickable, named, span, spec
from metrics.periods import Grain

_MARKER_PX = f"({NARROW} ? datum.px_narrow : datum.px)"
_MARKER_LEFT = f"({NARROW} ? datum.is_left_narrow : datum.is_left)"
_DAY_LABELS: dict[Grain, str] = {
    "day": "utcFormat(datum.value, '%-d %b')",
    "week": "utcFormat(datum.value, '%-d %b')",
    "month": "utcFormat(datum.value, utcmonth(datum.value) == 0 ? '%b %Y' : '%b')",
}


@lru_cache(maxsize=128)
def time_template(theme: Theme, axis: str, grain: Grain, height: int) -> Spec:
    """Lines over time. Its datasets, with the fields they need:

    frame (one row): x0, x1, y0, y1, top, top_narrow, room, narrow.
    band: x, x2, low, high. mean: x, x2, y. target: x, y. ticks: y. days: x.
    markers: x, px, px_narrow, label, short, is_left, is_left_narrow.
    rows: x, y, segment, color, weight. tails: x, y, part, color.
    dots: x, y, fill, color, size, segment, period, when, who, text, count, description.
    ends: y, from, label, short, color, is_bold, is_moved.
    """
    layers = [_frame(axis, grain), *_background(theme, height), *_markers(theme)]
    layers += [*_lines(), *_ends()]
    if theme != "print":
        layers.append(_hits())
    return spec(layers, theme, height)


def _frame(axis: str, grain: Grain) -> alt.Chart:
    """Both scales, and the labels of days and values."""
    across = alt.Scale(zero=False, nice=False, domain=span("x0", "x1"), range=[12, alt.expr(EDGE)])
    days = alt.Axis(
        values=alt.expr("pluck(data('days'), 'x')"),
        labelExpr=_DAY_LABELS[grain],
        domain=False,
        labelOverlap="greedy",
        labelSeparation=6,
        tickCount=ALL_TICKS,
    )
    top = alt.expr(f"{NARROW} ? {FRAME}.top_narrow : {FRAME}.top")
    upward = alt.Scale(
        zero=False, nice=False, domain=span("y0", "y1"), range=[alt.expr("height"), top]
    )
    values = alt.Axis(
        values=alt.expr("pluck(data('ticks'), 'y')"),
        labelExpr=axis,
        domain=False,
        labelOverlap=False,
        tickCount=ALL_TICKS,
    )
    frame: alt.Chart = named("frame").mark_point(opacity=0, size=0)
    return frame.encode(
        x=alt.X("x0:Q", scale=across, axis=days), y=alt.Y("y0:Q", scale=upward, axis=values)
    )


def _background(theme: Theme, height: int) -> list[alt.Chart]:
    colors = tokens.palette(theme)
    return [
        named("band").mark_rect(color=colors.band).encode(x="x:Q", x2="x2", y="low:Q", y2="high"),
        named("ticks")
        .mark_rule(color=colors.grid, y=alt.expr("round(scale('y', datum.y)) + 0.5"))
        .encode(x=alt.value(0), x2=alt.value(alt.expr(EDGE))),
        named("days")
        .mark_rule(color=colors.rule)
        .encode(x="x:Q", y=alt.value(height), y2=alt.value(height + 4)),
        named("frame")
        .mark_rule(color=colors.rule)
        .encode(x=alt.value(0), x2=alt.value(alt.expr(EDGE)), y=alt.value(height)),
        named("mean")
        .mark_rule(color=colors.muted, strokeDash=[1, 3])
        .encode(x="x:Q", x2="x2", y="y:Q"),
        named("target")
        .mark_line(
            color=colors.target,
            strokeDash=list(tokens.TARGET_DASH),
            strokeWidth=1.5,
            interpolate="step-after",
        )
        .encode(x="x:Q", y="y:Q"),
    ]


def _markers(theme: Theme) -> list[alt.Chart]:
    color = tokens.palette(theme).muted
    rule = named("markers").mark_rule(
        color=color, strokeWidth=1, y=alt.expr("height"), y2=alt.expr(f"{_MARKER_PX} - 6")
    )
    label = named("markers").mark_text(
        y=alt.expr(_MARKER_PX),
        align=alt.expr(f"{_MARKER_LEFT} ? 'right' : 'left'"),
        dx=alt.expr(f"{_MARKER_LEFT} ? -5 : 5"),
        text=alt.expr(f"{NARROW} ? datum.short : datum.label"),
    )
    return [rule.encode(x="x:Q"), label.encode(x="x:Q")]


def _lines() -> list[alt.Chart]:
    color = alt.Color(**as_is("color"))
    return [
        named("rows")
        .mark_line(strokeJoin="round")
        .encode(
            x="x:Q",
            y="y:Q",
            detail="segment:N",
            color=color,
            strokeWidth=alt.StrokeWidth(**as_is("weight", "Q")),
        ),
        named("tails")
        .mark_line(strokeDash=[3, 3], strokeWidth=1.5)
        .encode(x="x:Q", y="y:Q", detail="part:N", color=color),
        named("dots")
        .mark_point(opacity=1, strokeWidth=1.5)
        .encode(
            x="x:Q",
            y="y:Q",
            stroke=alt.Stroke(**as_is("color")),
            fill=alt.Fill(**as_is("fill")),
            size=alt.Size(**as_is("size", "Q")),
        ),
    ]


def _ends() -> list[alt.Chart]:
    color = alt.Color(**as_is("color"))
    return [
        named("ends")
        .transform_filter("datum.is_moved")
        .mark_rule(
            x=alt.expr(f"{EDGE} + 4"), x2=alt.expr(f"{EDGE} + 11"), strokeWidth=1, opacity=0.7
        )
        .encode(y="from:Q", y2="y", color=color),
        named("ends")
        .mark_text(
            align="left",
            x=alt.expr(f"{EDGE} + 13"),
            text=alt.expr(f"{NARROW} ? datum.short : datum.label"),
            fontWeight=alt.expr("datum.is_bold ? 'bold' : 'normal'"),
            fontSize=alt.expr(
                f"datum.is_bold ? {tokens.CHART_BOLD_PX} : {tokens.CHART_TEXT_PX - 1}"
            ),
            limit=alt.expr(f"{ROOM} - 8"),
        )
        .encode(y="y:Q", color=color),
    ]


def _hits() -> alt.Chart:
    hits = named("dots").mark_point(filled=True, opacity=0, size=240, aria=True, cursor="pointer")
    tips = {"when": "When", "who": "Of", "text": "Value", "count": "From"}
    return clickable(hits.encode(x="x:Q", y="y:Q"), ["segment", "period"], tips)[0]
