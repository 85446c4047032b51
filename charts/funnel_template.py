"""The template of a funnel plot: shares by their n, between the limits of luck."""

from __future__ import annotations

from functools import lru_cache

import altair as alt

from charts import tokens
from charts.frame_template import frame
from charts.model import Spec
from charts.tokens import Theme
from charts.vega import clickable, color_of, named, spec


@lru_cache(maxsize=64)
def funnel_template(theme: Theme, axis: str, height: int) -> Spec:
    """Dots by n and share, two pairs of limits, the overall share. Its datasets:

    frame (one row): x0, x1, y0, y1, top, room, narrow, noun. ticks: y. sizes: x.
    inner, outer: x, y, line. mean: y.
    rows: x, y, color, size, segment, text, range, n.
    labels: x, y, label, is_left, is_bold, color. ends: y, label, short.
    """
    labels = frame(below=("sizes", "format(datum.value, ',')"), beside=axis)
    layers = [labels, *_background(theme, height), *_limits(theme)]
    layers += [_dots(theme), *_labels(theme)]
    return spec(layers, theme, height)


def _background(theme: Theme, height: int) -> list[alt.Chart]:
    colors = tokens.palette(theme)
    return [
        named("ticks")
        .mark_rule(color=colors.grid, y=alt.expr("round(scale('y', datum.y)) + 0.5"))
        .encode(x=alt.value(0), x2=alt.value(alt.expr("edge"))),
        named("sizes")
        .mark_rule(color=colors.rule)
        .encode(x="x:Q", y=alt.value(height), y2=alt.value(height + 4)),
        named("frame")
        .mark_rule(color=colors.rule)
        .encode(x=alt.value(0), x2=alt.value(alt.expr("edge")), y=alt.value(height)),
    ]


def _limits(theme: Theme) -> list[alt.Chart]:
    colors = tokens.palette(theme)
    inner = named("inner").mark_line(color=colors.muted, strokeDash=[2, 3], strokeWidth=1.2)
    outer = named("outer").mark_line(color=colors.muted, strokeWidth=1.2)
    mean = named("mean").mark_rule(color=colors.ink2, strokeWidth=1)
    return [
        inner.encode(x="x:Q", y="y:Q", detail="line:N"),
        outer.encode(x="x:Q", y="y:Q", detail="line:N"),
        mean.encode(x=alt.value(12), x2=alt.value(alt.expr("edge")), y="y:Q"),
    ]


def _dots(theme: Theme) -> alt.Chart:
    is_live = theme != "print"
    dots: alt.Chart = named("rows").mark_point(
        filled=True,
        opacity=1,
        stroke="transparent",
        strokeWidth=10 if is_live else 0,
        aria=is_live,
        cursor="pointer",
    )
    size = alt.Size("size:Q", scale=None, legend=None)
    dots = dots.encode(x="x:Q", y="y:Q", color=color_of(theme), size=size)
    if not is_live:
        return dots
    tips = {
        "Who": "datum.segment",
        "Share": "datum.text",
        "95% interval": "datum.range",
        "From": "format(datum.n, ',') + ' ' + frame.noun",
    }
    return clickable(dots, ["segment"], tips)[0]


def _labels(theme: Theme) -> list[alt.Chart]:
    label = named("labels").mark_text(
        align=alt.expr("datum.is_left ? 'right' : 'left'"),
        dx=alt.expr("datum.is_left ? -9 : 9"),
        text=alt.expr("datum.label"),
        fontWeight=alt.expr("datum.is_bold ? 'bold' : 'normal'"),
        limit=alt.expr("edge * 0.55"),
    )
    end = named("ends").mark_text(
        color=tokens.palette(theme).muted,
        align="left",
        x=alt.expr("edge + 8"),
        fontSize=tokens.CHART_TEXT_PX - 1,
        text=alt.expr("is_narrow ? datum.short : datum.label"),
        limit=alt.expr("room - 6"),
    )
    return [label.encode(x="x:Q", y="y:Q", color=color_of(theme)), end.encode(y="y:Q")]
