"""The frame of a plot over two numbers: both scales, and the labels at their ticks."""

from __future__ import annotations

from typing import Literal

import altair as alt

from charts.vega import ALL_TICKS, named, span

DAYS = "utcFormat(datum.value, '%-d %b')"  # labels of an axis of days


def frame(
    *,
    below: tuple[str, str] | None,
    beside: str,
    start: int = 12,
    top: int | str = "frame.top",
    upward: Literal["linear", "sqrt"] = "linear",
) -> alt.Chart:
    """The invisible layer that spells out both scales; its datasets are `frame` and the ticks.

    Args:
        below: the dataset with the ticks `x` under the plot and the expression of their labels;
            None for no labels.
        beside: the expression of the labels at the left, at the ticks `y` of the dataset `ticks`.
        start: where the plot begins, in pixels from the labels at the left.
        top: where its y scale ends, in pixels from the top: a number or an expression.
        upward: the kind of the y scale.
    """
    across = alt.Scale(
        zero=False, nice=False, domain=span("x0", "x1"), range=[start, alt.expr("edge")]
    )
    end = alt.expr(top) if isinstance(top, str) else top
    up = alt.Scale(
        type=upward,
        zero=False,
        nice=False,
        domain=span("y0", "y1"),
        range=[alt.expr("height"), end],
    )
    places, labels = below or ("", "''")
    under = alt.Axis(
        values=alt.expr(f"pluck(data('{places}'), 'x')") if below else [],
        labelExpr=labels,
        domain=False,
        labelOverlap="greedy",
        labelSeparation=6,
        tickCount=ALL_TICKS,
    )
    left = alt.Axis(
        values=alt.expr("pluck(data('ticks'), 'y')"),
        labelExpr=beside,
        domain=False,
        labelOverlap=False,
        tickCount=ALL_TICKS,
    )
    point: alt.Chart = named("frame").mark_point(opacity=0, size=0)
    return point.encode(
        x=alt.X("x0:Q", scale=across, axis=under), y=alt.Y("y0:Q", scale=up, axis=left)
    )
