"""Vega-Lite templates, made by Altair once per process and then filled with data.

Rules that keep them fast and safe (each was a trap):

- What depends on the numbers is data, never spec: ticks, labels, colours, room for labels. While
  the spec is equal, the browser keeps the drawn view and exchanges the data only.
- The dataset `frame` has one row: the ends of the scales and pixel sizes. Expressions read it as
  `data('frame')[0]`. So no other dataset needs to have rows, and no scale asks the data.
- Every layer names its own data: a layer that inherits them is drawn once per row. One layer
  spells out each scale, or the layers' default domains merge.
- A dataset that no mark uses is dropped by the compiler, and `data('...')` then fails silently.
- Times are UTC milliseconds on a linear scale: text dates would be parsed at the first drawing,
  but not at an exchange, and the ticks are given anyway.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from charts import tokens
from charts.model import Spec
from charts.tokens import Theme

FRAME = "data('frame')[0]"
NARROW = f"width < {tokens.NARROW_PX}"
ROOM = f"min({NARROW} ? {FRAME}.narrow : {FRAME}.room, width * 0.42)"
EDGE = f"(width - {ROOM})"  # where the plot ends and the labels at its right begin
AXIS_PX = 20  # tick labels under a plot
PAD_TOP, PAD_BOTTOM = 6, 2
ALL_TICKS = 99  # Vega thins given ticks, too, when they are more than it would make


def named(name: str) -> alt.Chart:
    """A chart on one of the template's datasets."""
    return alt.Chart(alt.NamedData(name))


def span(low: str, high: str) -> list[Any]:
    """The domain between two fields of the frame."""
    return [alt.expr(f"{FRAME}.{low}"), alt.expr(f"{FRAME}.{high}")]


def as_is(field: str, kind: str = "N") -> dict[str, Any]:
    """A field whose values are colours or sizes already."""
    return {"shorthand": f"{field}:{kind}", "scale": None, "legend": None}


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
    return {**chart.to_dict(validate=False), "config": _config(theme)}


def clickable(
    layer: alt.Chart, fields: list[str], tips: dict[str, str]
) -> tuple[alt.Chart, alt.Parameter]:
    """A layer that answers to pointer and screen reader, and its selection named "pick".

    Args:
        layer: an invisible layer over the marks, easier to hit than they are.
        fields: what a click selects, as `event.selection.pick` in Streamlit.
        tips: field to title, for the tooltip.
    """
    lines = [alt.Tooltip(f"{field}:N", title=title) for field, title in tips.items()]
    chosen = alt.selection_point(name="pick", fields=fields, on="click", clear="dblclick")
    told = layer.encode(tooltip=lines, description=alt.Description("description:N"))
    return told.add_params(chosen), chosen
