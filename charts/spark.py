"""Sparklines: a small line, its target, its last point. As a spec, and as hand-made SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import altair as alt

from analysis.model import Signal
from charts import alt_text, tokens
from charts.model import Chart, Row, Spec
from charts.points import number
from charts.tokens import Theme
from charts.vega import color_of, named, shade, shade_color, span, spec
from metrics.units import Unit

WEEKS = 13


@lru_cache(maxsize=16)
def sparkline_template(theme: Theme, height: int) -> Spec:
    """A small line with its target and its last point.

    Datasets: frame (x0, x1, y0, y1), rows (x, y), target (x, y), dots (x, y, color).
    """
    colors = tokens.palette(theme)
    across = alt.Scale(
        zero=False, nice=False, domain=span("x0", "x1"), range=[5, alt.expr("width - 5")]
    )
    upward = alt.Scale(
        zero=False, nice=False, domain=span("y0", "y1"), range=[alt.expr("height - 5"), 5]
    )
    x, y = alt.X("x0:Q", scale=across, axis=None), alt.Y("y0:Q", scale=upward, axis=None)
    layers = [
        named("frame").mark_point(opacity=0, size=0).encode(x=x, y=y),
        named("target")
        .mark_line(color=colors.target, strokeDash=list(tokens.TARGET_DASH), strokeWidth=1.2)
        .encode(x="x:Q", y="y:Q"),
        named("rows")
        .mark_line(color=colors.muted, strokeWidth=1.5, strokeJoin="round")
        .encode(x="x:Q", y="y:Q"),
        named("dots")
        .mark_point(filled=True, opacity=1, size=45)
        .encode(x="x:Q", y="y:Q", color=color_of(theme)),
    ]
    made = spec(layers, theme, height - 4)
    return {**made, "padding": {"left": 0, "top": 2, "right": 0, "bottom": 2}}


def sparkline(
    values: Sequence[float | None],
    *,
    unit: Unit,
    theme: Theme,
    label: str,
    target: float | None = None,
    signal: str = "",
    height: int = tokens.SPARKLINE_HEIGHT,
) -> Chart:
    """The last 13 values as a line, for a tile on the page.

    Args:
        values: oldest first; None leaves a gap. Only the last 13 are drawn.
        unit: how values are written in the alt text.
        theme: "light", "dark" or "print".
        label: what the values are, for the alt text.
        target: the dashed line; None for none.
        signal: of the last value (a Signal): colours its point.
        height: of the whole picture in pixels.
    """
    last = [number(value) for value in values][-WEEKS:]
    drawn = [value for value in last if value is not None]
    told = alt_text.of_sparkline(label, drawn, unit, target, str(signal))
    template = sparkline_template(theme, height)
    if not drawn:
        return Chart(
            "sparkline", theme, template, {"rows": []}, told, height, f"{label}, sparkline"
        )
    low, high = _span(drawn, target)
    until = max(len(last) - 1, 1)
    rows: list[Row] = [{"x": i, "y": value} for i, value in enumerate(last)]
    dot = max(i for i, value in enumerate(last) if value is not None)
    datasets = {
        "frame": [{"x0": 0, "x1": until, "y0": low, "y1": high}],
        "rows": rows,
        "target": [{"x": x, "y": target} for x in (0, until)] if target is not None else [],
        "dots": [{"x": dot, "y": last[dot], "color": point_shade(signal)}],
    }
    return Chart("sparkline", theme, template, datasets, told, height, f"{label}, sparkline")


def point_shade(signal: str) -> int:
    """The colour of the last point: orange worsening, blue improving, ink changed, else grey."""
    shades = {Signal.WORSENING: "orange", Signal.IMPROVING: "blue", Signal.CHANGED: "ink"}
    return shade(shades.get(Signal(signal), "muted") if signal else "muted")


def sparkline_svg(
    values: Sequence[float | None],
    *,
    theme: Theme,
    target: float | None = None,
    signal: str = "",
    band: tuple[float, float] | None = None,
    most: int = WEEKS,
    width: int = 86,
    height: int = 20,
) -> str:
    """The same picture as SVG text, without a browser or Vega; "" when there is no value.

    Args:
        values, target, signal: as for `sparkline`.
        theme: its colours; "print" for Word.
        band: limits, drawn as a grey band behind the line.
        most: how many of the last values are drawn.
        width, height: in pixels; the SVG has this viewBox.
    """
    last = [number(value) for value in values][-most:]
    drawn = [value for value in last if value is not None]
    if not drawn:
        return ""
    colors = tokens.palette(theme)
    low, high = _span([*drawn, *(band or ())], target)
    pad = 3.0
    step = (width - 2 * pad) / max(len(last) - 1, 1)

    def place(i: int, value: float) -> tuple[float, float]:
        return pad + i * step, pad + (height - 2 * pad) * (high - value) / (high - low)

    color = shade_color(point_shade(signal), theme)
    dot = max(i for i, value in enumerate(last) if value is not None)
    x, y = place(dot, last[dot] or 0.0)
    ground = aim = ""
    if band is not None:
        top, bottom = (place(0, end)[1] for end in reversed(band))
        ground = (
            f'<path d="M{pad:.2f} {top:.2f}H{width - pad:.2f}V{bottom:.2f}H{pad:.2f}Z" '
            f'fill="{colors.band}"/>'
        )
    if target is not None:
        _, level = place(0, target)
        aim = (
            f'<path d="M{pad:.2f} {level:.2f}H{width - pad:.2f}" stroke="{colors.target}" '
            'stroke-width="0.9" stroke-dasharray="3 1.5"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" fill="none">{ground}{aim}'
        f'<path d="{_path(last, place)}" stroke="{colors.ink2}" stroke-width="1.2" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.3" fill="{color}"/></svg>'
    )


def _path(
    values: Sequence[float | None], place: Callable[[int, float], tuple[float, float]]
) -> str:
    """SVG path of a line that breaks where a value is missing."""
    parts = []
    is_pen_up = True
    for i, value in enumerate(values):
        if value is None:
            is_pen_up = True
            continue
        x, y = place(i, value)
        parts.append(f"{'M' if is_pen_up else 'L'}{x:.2f} {y:.2f}")
        is_pen_up = False
    return "".join(parts)


def _span(values: Sequence[float], target: float | None) -> tuple[float, float]:
    """Lowest and highest of values and target; never equal."""
    every = [*values, *([target] if target is not None else [])]
    low, high = min(every), max(every)
    return (low, high) if low < high else (low - 1.0, high + 1.0)
