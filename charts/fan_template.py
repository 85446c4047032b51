"""The template of a fan chart."""

from __future__ import annotations

from functools import lru_cache

import altair as alt

from charts import tokens
from charts.frame_template import DAYS, frame
from charts.model import Spec
from charts.tokens import Theme
from charts.vega import clickable, color_of, named, spec
from metrics.units import COUNT


@lru_cache(maxsize=16)
def fan_template(theme: Theme, height: int) -> Spec:
    """Lines over days with a fan. Its datasets:

    frame (one row): x0, x1, y0, y1, top, goal, short, room, narrow. ticks: y. days: x.
    rows: x, y. fan: x, p05, p15, p50, p85, p95. goal: y.
    dates: x, label, short, px, color, is_left, is_promise. hits: x, y, when, text.
    """
    colors = tokens.palette(theme)
    layers = [
        frame(below=("days", DAYS), beside=COUNT.axis),
        named("ticks")
        .mark_rule(color=colors.grid, y=alt.expr("round(scale('y', datum.y)) + 0.5"))
        .encode(x=alt.value(0), x2=alt.value(alt.expr("edge"))),
        named("days")
        .mark_rule(color=colors.rule)
        .encode(x="x:Q", y=alt.value(height), y2=alt.value(height + 4)),
        named("frame")
        .mark_rule(color=colors.rule)
        .encode(x=alt.value(0), x2=alt.value(alt.expr("edge")), y=alt.value(height)),
        _band(colors.brand, "p05", "p95", 0.16),
        _band(colors.brand, "p15", "p85", 0.22),
        named("fan")
        .mark_line(color=colors.brand, strokeDash=[3, 3], strokeWidth=1.5)
        .encode(x="x:Q", y="p50:Q"),
        named("rows").mark_line(color=colors.brand, strokeWidth=2).encode(x="x:Q", y="y:Q"),
        *_goal(theme),
        *_dates(theme),
    ]
    if theme != "print":
        layers.append(_hits())
    return spec(layers, theme, height)


def _band(color: str, low: str, high: str, opacity: float) -> alt.Chart:
    band: alt.Chart = named("fan").mark_area(color=color, opacity=opacity, line=False)
    return band.encode(x="x:Q", y=f"{low}:Q", y2=f"{high}:Q")


def _goal(theme: Theme) -> list[alt.Chart]:
    color = tokens.palette(theme).target
    rule = named("goal").mark_rule(
        color=color, strokeDash=list(tokens.TARGET_DASH), strokeWidth=1.5
    )  # fmt: skip
    label = named("goal").mark_text(
        color=color,
        align="left",
        x=alt.expr("edge + 8"),
        text=alt.expr("is_narrow ? frame.short : frame.goal"),
        limit=alt.expr("room - 4"),
    )
    return [
        rule.encode(x=alt.value(0), x2=alt.value(alt.expr("edge")), y="y:Q"),
        label.encode(y="y:Q"),
    ]


def _dates(theme: Theme) -> list[alt.Chart]:
    """The promised day and both dates: a line down to the axis, named above the plot."""
    color = color_of(theme)
    rule = named("dates").mark_rule(
        strokeWidth=1.2, y=alt.expr("datum.px + 8"), y2=alt.expr("height")
    )  # fmt: skip
    dash = alt.StrokeDash("is_promise:N", scale=alt.Scale(domain=[True, False],
                          range=[list(tokens.TARGET_DASH), [1, 0]]), legend=None)  # fmt: skip
    label = named("dates").mark_text(
        y=alt.expr("datum.px"),
        align=alt.expr("datum.is_left ? 'right' : 'left'"),
        dx=alt.expr("datum.is_left ? 3 : -3"),
        text=alt.expr("is_narrow ? datum.short : datum.label"),
        fontWeight="bold",
    )
    return [
        rule.encode(x="x:Q", color=color, strokeDash=dash),
        label.encode(x="x:Q", color=color),
    ]


def _hits() -> alt.Chart:
    hits = named("hits").mark_point(filled=True, opacity=0, size=160, aria=True, cursor="pointer")
    tips = {"Day": "datum.when", "Accepted": "datum.text + ' items'"}
    return clickable(hits.encode(x="x:Q", y="y:Q"), ["when"], tips)[0]
