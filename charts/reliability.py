"""Did promises hold as often as was said? The chance given against the share that held."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import altair as alt

from analysis.forecast.walk_back import Bin
from charts import alt_text, tokens
from charts.model import Chart, Row, Spec
from charts.rows import EDGES
from charts.tokens import Theme
from charts.vega import ALL_TICKS, AXIS_PX, clickable, named, span, spec
from metrics.units import PERCENT

_HEIGHT = 220
_NAME = "Chances that were given and shares of promises that held, chart"
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def reliability(bins: Sequence[Bin], *, theme: Theme, height: int = _HEIGHT) -> Chart:
    """A point for each band of chances with its interval; on the diagonal they held as said.

    Args:
        bins: of promises with about the same chance.
        theme: "light", "dark" or "print".
        height: of the plot in pixels.
    """
    template = reliability_template(theme, height)
    whole = height + AXIS_PX + EDGES
    rows = [_row(one) for one in bins]
    told = alt_text.fitted(
        ["Chances that were given, and the share of those promises that held."]
        + [f"Said {PERCENT.show(b.said)}: {PERCENT.show(b.share)} of {b.n} held." for b in bins]
    )
    if not rows:
        return Chart("reliability", theme, template, {"rows": []}, told, whole, _NAME)
    datasets: dict[str, list[Row]] = {
        "frame": [{"x0": 0.0, "x1": 1.0, "y0": 0.0, "y1": 1.0, "room": 30, "narrow": 24}],
        "ticks": [{"y": tick} for tick in _QUARTERS],
        "diagonal": [{"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0}],
        "rows": rows,
    }
    return Chart("reliability", theme, template, datasets, told, whole, _NAME)


def _row(one: Bin) -> Row:
    low, high = one.interval
    return {
        "x": one.said,
        "y": one.share,
        "low": low,
        "high": high,
        "label": f"n = {one.n}",
        "text": f"{PERCENT.show(one.share)} of {one.n} held",
        "said": PERCENT.show(one.said),
        "is_low": one.share > 0.88,
    }


@lru_cache(maxsize=16)
def reliability_template(theme: Theme, height: int) -> Spec:
    """The template. Its datasets:

    frame (one row): x0, x1, y0, y1, room, narrow. ticks: y. diagonal: x, y.
    rows: x, y, low, high, label, text, said, is_low.
    """
    colors = tokens.palette(theme)
    frame = named("frame").mark_point(opacity=0, size=0)
    axis = alt.Axis(
        values=list(_QUARTERS), labelExpr=PERCENT.axis, domain=False, tickCount=ALL_TICKS
    )
    frame = frame.encode(
        x=alt.X(
            "x0:Q",
            scale=alt.Scale(
                zero=False, nice=False, domain=span("x0", "x1"), range=[8, alt.expr("edge")]
            ),
            axis=axis,
        ),
        y=alt.Y(
            "y0:Q", scale=alt.Scale(zero=False, nice=False, domain=span("y0", "y1")), axis=axis
        ),
    )
    grid = named("ticks").mark_rule(color=colors.grid)
    line = named("diagonal").mark_line(
        color=colors.target, strokeDash=list(tokens.TARGET_DASH), strokeWidth=1.5
    )
    dots = named("rows").mark_point(
        filled=True, opacity=1, size=60, color=colors.brand, aria=theme != "print",
        cursor="pointer",
    ).encode(x="x:Q", y="y:Q")  # fmt: skip
    label = named("rows").mark_text(
        align="right", dx=-8, dy=alt.expr("datum.is_low ? 12 : -10"), text=alt.expr("datum.label")
    )
    layers = [
        frame,
        grid.encode(y="y:Q", x=alt.value(0), x2=alt.value(alt.expr("edge"))),
        line.encode(x="x:Q", y="y:Q"),
        named("rows").mark_rule(color=colors.muted).encode(x="x:Q", y="low:Q", y2="high"),
        dots,
        label.encode(x="x:Q", y="y:Q"),
    ]
    if theme != "print":
        tips = {"Chance given": "datum.said", "Held": "datum.text"}
        layers[-2] = clickable(dots, ["said"], tips)[0]
    return spec(layers, theme, height)
