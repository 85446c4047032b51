"""Vega-Lite templates, made by Altair once per process and then filled with data.

Rules that keep them fast and safe (each was a trap):

- What depends on the numbers is data, never spec: ticks, labels, colours, room for labels. While
  the spec is equal, the browser keeps the drawn view and exchanges the data only.
- The dataset `frame` has one row: the ends of the scales and pixel sizes. Expressions read it as
  `frame`, and what follows from it and the width as `is_narrow`, `room` and `edge` (signals, worked
  out once, not per mark). So no other dataset needs to have rows, and no scale asks the data.
- Every layer names its own data: a layer that inherits them is drawn once per row. One layer
  spells out each scale, or the layers' default domains merge.
- A dataset that no mark uses is dropped by the compiler, and `data('...')` then fails silently.
- Colours are numbers into `SHADES`, and texts that are alike are put together by expressions: a
  cell of text costs the browser ten times a number.
- The accessible name is part of the template to Streamlit, so the page passes `Chart.name`, which
  does not change with the numbers; they are told by the marks themselves.
- Times are UTC milliseconds on a linear scale: text dates would be parsed at the first drawing,
  but not at an exchange, and the ticks are given anyway.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from charts import tokens
from charts.model import Spec
from charts.tokens import Theme

_SIGNALS = {
    "frame": "data('frame')[0]",
    "is_narrow": f"width < {tokens.NARROW_PX}",
    "room": "min(is_narrow ? frame.narrow : frame.room, width * 0.42)",
    "edge": "width - room",  # where the plot ends and the labels at its right begin
    "start": "min(frame.left || 0, width * 0.4)",  # where the labels at the left end
}
# Colours by what they are for; the data carry the place in this list.
SHADES = (
    "brand",
    "orange",
    "blue",
    "ink",
    "muted",
    "target",
    "quiet",
    "rest",
    "series 0",
    "series 1",
    "series 2",
    "series 3",
    "series 4",
    "series 5",
)
AXIS_PX = 20  # tick labels under a plot
PAD_TOP, PAD_BOTTOM = 6, 2
ALL_TICKS = 99  # Vega thins given ticks, too, when they are more than it would make


def named(name: str) -> alt.Chart:
    """A chart on one of the template's datasets."""
    return alt.Chart(alt.NamedData(name))


def span(low: str, high: str) -> list[Any]:
    """The domain between two fields of the frame."""
    return [alt.expr(f"frame.{low}"), alt.expr(f"frame.{high}")]


def shade(name: str) -> int:
    """The number that stands for a colour in the data."""
    return SHADES.index(name)


def shade_color(number: int, theme: Theme) -> str:
    """The colour behind such a number."""
    colors = tokens.palette(theme)
    name, _, place = SHADES[number].partition(" ")
    if place:
        return colors.series[int(place)]
    tone = getattr(colors, name)
    return tone.mark if isinstance(tone, tokens.Tone) else str(tone)


def color_of(theme: Theme) -> alt.Color:
    """The colour that the field `color` numbers."""
    shades = [shade_color(number, theme) for number in range(len(SHADES))]
    scale = alt.Scale(domain=list(range(len(SHADES))), range=shades)
    return alt.Color("color:N", scale=scale, legend=None)


def _config(theme: Theme) -> dict[str, Any]:
    colors = tokens.palette(theme)
    is_print = theme == "print"
    size = tokens.CHART_TEXT_PX
    return {
        "background": colors.background if is_print else "transparent",
        "font": tokens.CHART_FONT if is_print else tokens.PAGE_FONT,
        "view": {"stroke": None, "cursor": "default"},
        "mark": {"tooltip": None, "aria": False},
        "text": {"color": colors.ink2, "fontSize": size, "baseline": "middle"},
        "axis": {
            "aria": False,
            "title": None,
            "grid": False,
            "ticks": False,
            "domainColor": colors.rule,
            "labelColor": colors.muted,
            "labelFontSize": size - 1,
            "labelPadding": 6,
            "labelFlush": False,
            "labelBound": False,
            "labelLimit": 120,
        },
    }


def spec(layers: list[alt.Chart], theme: Theme, height: int) -> Spec:
    """The finished template of a plot of that height, as wide as its container."""
    chart = alt.layer(*layers).properties(
        width=tokens.PRINT_WIDTH,
        height=height,
        padding={"left": 4, "top": PAD_TOP, "right": 2, "bottom": PAD_BOTTOM},
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
    made = chart.to_dict(validate=False)
    signals = [{"name": name, "expr": expression} for name, expression in _SIGNALS.items()]
    return {**made, "params": [*signals, *made.get("params", [])], "config": _config(theme)}


def clickable(
    layer: alt.Chart, fields: list[str], tips: dict[str, str]
) -> tuple[alt.Chart, alt.Parameter]:
    """A layer that answers to pointer and screen reader, and its selection named "pick".

    Args:
        layer: easy to hit; its mark has `aria=True`.
        fields: what a click selects, as `event.selection.pick` in Streamlit.
        tips: title to expression, for the tooltip; a screen reader is told the same.
    """
    chosen = alt.selection_point(name="pick", fields=fields, on="click", clear="dblclick")
    shown = ", ".join(f"'{title}': {expression}" for title, expression in tips.items())
    told = " + ', ' + ".join(tips.values())
    mark = layer.mark.to_dict() | {
        "tooltip": {"expr": f"{{{shown}}}"},
        "description": {"expr": told},
    }
    return alt.Chart(layer.data, mark=mark, encoding=layer.encoding).add_params(chosen), chosen
