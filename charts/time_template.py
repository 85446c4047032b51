"""The template of charts over time."""

from __future__ import annotations

from functools import lru_cache

import altair as alt

from charts import tokens
from charts.frame_template import DAYS, frame
from charts.model import Spec
from charts.tokens import Theme
from charts.vega import clickable, color_of, named, shade, spec
from metrics.periods import Grain

_MARKER_PX = "(is_narrow ? datum.px_narrow : datum.px)"
_MARKER_LEFT = "(is_narrow ? datum.is_left_narrow : datum.is_left)"
_DAY_LABELS: dict[Grain, str] = {
    "day": DAYS,
    "week": DAYS,
    "month": "utcFormat(datum.value, utcmonth(datum.value) == 0 ? '%b %Y' : '%b')",
}


@lru_cache(maxsize=128)
def time_template(theme: Theme, axis: str, grain: Grain, height: int) -> Spec:
    """Lines over time. Its datasets, with the fields they need:

    frame (one row): x0, x1, y0, y1, top, top_narrow, room, narrow, noun.
    band: x, x2, low, high. mean: x, x2, y. edges: x, y, part. target: x, y. ticks: y. days: x.
    markers: x, px, px_narrow, label, short, is_left, is_left_narrow.
    rows: x, y, line, color. tails: x, y, part, color. rings: x, y, color.
    dots: x, y, color, size, segment, period, when, text, n.
    ends: y, label, short, color, is_bold.
    """
    top = "is_narrow ? frame.top_narrow : frame.top"
    labels = frame(below=("days", _DAY_LABELS[grain]), beside=axis, top=top)
    layers = [labels, *_background(theme, height), *_markers(theme)]
    layers += [*_lines(theme), *_ends(theme)]
    return spec(layers, theme, height)


def _background(theme: Theme, height: int) -> list[alt.Chart]:
    colors = tokens.palette(theme)
    return [
        named("band").mark_rect(color=colors.band).encode(x="x:Q", x2="x2", y="low:Q", y2="high"),
        named("ticks")
        .mark_rule(color=colors.grid, y=alt.expr("round(scale('y', datum.y)) + 0.5"))
        .encode(x=alt.value(0), x2=alt.value(alt.expr("edge"))),
        named("days")
        .mark_rule(color=colors.rule)
        .encode(x="x:Q", y=alt.value(height), y2=alt.value(height + 4)),
        named("frame")
        .mark_rule(color=colors.rule)
        .encode(x=alt.value(0), x2=alt.value(alt.expr("edge")), y=alt.value(height)),
        named("mean")
        .mark_rule(color=colors.muted, strokeDash=[1, 3])
        .encode(x="x:Q", x2="x2", y="y:Q"),
        named("edges")
        .mark_line(color=colors.muted, strokeWidth=1, opacity=0.7, interpolate="step-after")
        .encode(x="x:Q", y="y:Q", detail="part:N"),
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
        text=alt.expr("is_narrow ? datum.short : datum.label"),
    )
    return [rule.encode(x="x:Q"), label.encode(x="x:Q")]


def _lines(theme: Theme) -> list[alt.Chart]:
    color = color_of(theme)
    is_rest = f"datum.color == {shade('rest')}"
    line = named("rows").mark_line(strokeJoin="round")
    width = alt.condition(is_rest, alt.value(1.2), alt.value(2))
    tail = named("tails").mark_line(strokeDash=[3, 3], strokeWidth=1.5)
    ring = named("rings").mark_point(
        fill=tokens.palette(theme).background, strokeWidth=1.5, size=36, opacity=1
    )
    return [
        line.encode(x="x:Q", y="y:Q", detail="line:N", color=color, strokeWidth=width),
        tail.encode(x="x:Q", y="y:Q", detail="part:N", color=color),
        ring.encode(x="x:Q", y="y:Q", color=color),
        _dots(theme),
    ]


def _dots(theme: Theme) -> alt.Chart:
    """The values; their transparent edge makes them easier to hit."""
    size = alt.Size("size:Q", scale=None, legend=None)
    is_live = theme != "print"
    dots: alt.Chart = named("dots").mark_point(
        filled=True,
        opacity=1,
        stroke="transparent",
        strokeWidth=12 if is_live else 0,
        aria=is_live,
        cursor="pointer",
    )
    dots = dots.encode(x="x:Q", y="y:Q", color=color_of(theme), size=size)
    if not is_live:
        return dots
    tips = {
        "When": "datum.when",
        "Of": "(datum.segment || 'All')",
        "Value": "datum.text",
        "From": "format(datum.n, ',') + ' ' + frame.noun",
    }
    return clickable(dots, ["segment", "period"], tips)[0]


def _ends(theme: Theme) -> list[alt.Chart]:
    label = named("ends").mark_text(
        align="left",
        x=alt.expr("edge + 12"),
        text=alt.expr("is_narrow ? datum.short : datum.label"),
        fontWeight=alt.expr("datum.is_bold ? 'bold' : 'normal'"),
        fontSize=alt.expr(f"datum.is_bold ? {tokens.CHART_BOLD_PX} : {tokens.CHART_TEXT_PX - 1}"),
        limit=alt.expr("room - 8"),
    )
    return [label.encode(y="y:Q", color=color_of(theme))]
