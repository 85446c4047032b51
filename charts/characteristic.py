"""The operating characteristic of a sampling plan: how often lots of each quality are accepted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import altair as alt

from analysis.sampling.risks import Point, Risk
from charts import alt_text, scales, tokens
from charts.model import Chart, Row, Spec
from charts.rows import EDGES
from charts.tokens import Theme
from charts.vega import ALL_TICKS, AXIS_PX, clickable, color_of, named, shade, span, spec
from metrics.units import PERCENT

_HEIGHT = 250
_ROOM = 1.6  # how far beyond a risk the axis goes, for its label
_HITS = 24  # points of the curve that answer to the pointer


def characteristic(
    points: Sequence[Point], risks: Sequence[Risk], *, theme: Theme, height: int = _HEIGHT
) -> Chart:
    """The curve with both risks marked and labeled inside it.

    Args:
        points: of the curve, by rate.
        risks: producer's, then consumer's.
        theme: "light", "dark" or "print".
        height: of the plot in pixels.
    """
    template = characteristic_template(theme, height)
    whole = height + AXIS_PX + EDGES
    what = "How often lots are accepted by their true defective rate"
    if not points:
        return Chart("characteristic", theme, template, {"rows": []}, what, whole, what)
    far = min(1.0, max([points[-1].rate, *(risk.rate * _ROOM for risk in risks)]))
    told = alt_text.fitted([f"{what}.", *(f"{_said(risk)}." for risk in risks)])
    datasets: dict[str, list[Row]] = {
        "frame": [{"x0": 0.0, "x1": far, "y0": 0.0, "y1": 1.14, "room": 12, "narrow": 8}],
        "across": [{"x": x} for x in scales.value_ticks(0.0, far, PERCENT, 5)],
        "ticks": [{"y": y} for y in (0.0, 0.25, 0.5, 0.75, 1.0)],
        "rows": [{"x": p.rate, "y": p.accepted, "color": shade("brand")} for p in points],
        "risks": [_risk(risk, i, far) for i, risk in enumerate(risks)],
        "hits": [_hit(point) for point in points[:: max(1, len(points) // _HITS)]],
    }
    return Chart("characteristic", theme, template, datasets, told, whole, f"{what}, chart")


def _hit(point: Point) -> Row:
    return {"x": point.rate, "y": point.accepted, "rate": point.rate}


def _said(risk: Risk) -> str:
    return f"{risk.words} ({PERCENT.show(risk.accepted)} accepted)"


def _risk(risk: Risk, place: int, far: float) -> Row:
    """A mark at the risk, its label where the curve leaves room."""
    name = ("Producer's risk", "Consumer's risk")[place]
    return {
        "x": risk.rate,
        "y": risk.accepted,
        "name": name,
        "label": risk.words,
        "short": risk.words.partition(": ")[2],
        "color": shade("orange" if place else "ink"),
        "is_left": risk.rate > 0.68 * far,
    }


@lru_cache(maxsize=16)
def characteristic_template(theme: Theme, height: int) -> Spec:
    """The template. Its datasets:

    frame (one row): x0, x1, y0, y1, room, narrow. across: x. ticks: y. rows: x, y, color.
    risks: x, y, name, label, short, color, is_left. hits: x, y, rate.
    """
    colors = tokens.palette(theme)
    upward = alt.Scale(zero=False, nice=False, domain=span("y0", "y1"))
    frame = named("frame").mark_point(opacity=0, size=0)
    frame = frame.encode(
        x=alt.X(
            "x0:Q",
            scale=alt.Scale(
                zero=False, nice=False, domain=span("x0", "x1"), range=[0, alt.expr("edge")]
            ),
            axis=_axis("pluck(data('across'), 'x')"),
        ),
        y=alt.Y("y0:Q", scale=upward, axis=_axis("pluck(data('ticks'), 'y')")),
    )
    grid = named("ticks").mark_rule(
        color=colors.grid, y=alt.expr("round(scale('y', datum.y)) + 0.5")
    )
    floor = named("frame").mark_rule(color=colors.rule)
    layers = [
        frame,
        grid.encode(x=alt.value(0), x2=alt.value(alt.expr("edge"))),
        floor.encode(x=alt.value(0), x2=alt.value(alt.expr("edge")), y=alt.value(height)),
        named("across").mark_rule(color=colors.grid, strokeDash=[1, 3]).encode(x="x:Q"),
        named("rows").mark_line(strokeWidth=2).encode(x="x:Q", y="y:Q", color=color_of(theme)),
        *_marks(theme),
    ]
    if theme != "print":
        layers.append(_hits())
    return spec(layers, theme, height)


def _axis(ticks: str) -> alt.Axis:
    return alt.Axis(
        values=alt.expr(ticks),
        labelExpr=PERCENT.axis,
        domain=False,
        labelOverlap="greedy",
        tickCount=ALL_TICKS,
    )


def _marks(theme: Theme) -> list[alt.Chart]:
    """Both risks: a dot, a line down to the axis, name and words beside it."""
    color = color_of(theme)
    drop = named("risks").mark_rule(strokeDash=[3, 3], strokeWidth=1, y2=alt.expr("height"))
    dot = named("risks").mark_point(filled=True, opacity=1, size=70)
    align = alt.expr("datum.is_left ? 'right' : 'left'")
    beside = alt.expr("datum.is_left ? -14 : 9")
    said = alt.expr("is_narrow ? datum.short : datum.label")
    name = named("risks").mark_text(
        align=align,
        dx=beside,
        dy=alt.expr("datum.is_left ? -1 : -25"),
        fontWeight="bold",
        text=alt.expr("datum.name"),
    )
    words = named("risks").mark_text(
        align=align, dx=beside, dy=alt.expr("datum.is_left ? 13 : -10"), text=said
    )
    return [
        drop.encode(x="x:Q", y="y:Q", color=color),
        dot.encode(x="x:Q", y="y:Q", color=color),
        name.encode(x="x:Q", y="y:Q", color=color),
        words.encode(x="x:Q", y="y:Q"),
    ]


def _hits() -> alt.Chart:
    """Points of the curve that are easy to hit and say what they stand for."""
    hits = named("hits").mark_point(
        filled=True, opacity=0, size=260, aria=True, cursor="pointer"
    )  # fmt: skip
    tips = {
        "True defective rate": "format(datum.x, '.1%')",
        "Accepted": "format(datum.y, '.1%') + ' of the time'",
    }
    return clickable(hits.encode(x="x:Q", y="y:Q"), ["rate"], tips)[0]
