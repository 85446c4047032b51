"""The templates of charts with one row per segment."""

from __future__ import annotations

from functools import lru_cache

import altair as alt

from charts import tokens
from charts.model import Spec
from charts.tokens import Theme
from charts.vega import ALL_TICKS, AXIS_PX, clickable, color_of, named, span, spec

NOTE_PX = 18  # a line of small text under the axis
_COUNT = "(datum.n == null ? 'not counted' : format(datum.n, ',') + ' ' + datum.n_of)"


@lru_cache(maxsize=256)
def bars_template(theme: Theme, count: int, step: int, *, has_baseline: bool) -> Spec:
    """Horizontal bars, value at the end; with a tick for a baseline if wanted. Its datasets:

    frame (one row): x0, x1, position, zero, left, gap, room, narrow.
    rows: position, segment, label, value, zero, end, text, short, color, n, n_of; baseline.
    """
    colors = tokens.palette(theme)
    rows = named("rows")
    bars = rows.mark_bar(height={"band": 0.62}).encode(
        x="value:Q", x2="zero", y="position:O", color=color_of(theme)
    )
    hits = []
    if theme != "print":
        hit, chosen = _hits()
        hits = [hit]
        bars = bars.encode(opacity=alt.condition(chosen, alt.value(1.0), alt.value(0.45)))
    tick = rows.mark_tick(color=colors.ink, thickness=2, height={"band": 0.86})
    ticks = [tick.encode(x="baseline:Q", y="position:O")] if has_baseline else []
    zero = named("frame").mark_rule(color=colors.rule).encode(x="zero:Q")
    ends = rows.mark_text(
        color=colors.ink2,
        align=alt.expr("datum.end < 0 ? 'right' : 'left'"),
        dx=alt.expr("datum.end < 0 ? -7 : 7"),
        text=alt.expr("is_narrow ? datum.short : datum.text"),
    ).encode(x="end:Q", y="position:O")
    layers = [_row_frame(None), bars, zero, *ticks, _row_labels(theme), ends, *hits]
    return spec(layers, theme, count * step)


@lru_cache(maxsize=256)
def intervals_template(theme: Theme, axis: str, count: int, step: int, *, has_note: bool) -> Spec:
    """A dot and its interval per row, a dashed rule at the target, the value at the right.

    Its datasets are frame (with note) and rows as for bars, rows with low and high; ticks: x;
    target: x.
    """
    colors = tokens.palette(theme)
    height = count * step
    layers = [_row_frame(axis), *_interval_background(theme), *_interval_marks(theme)]
    if theme != "print":
        layers.append(_hits()[0])
    if has_note:
        note = named("frame").mark_text(
            color=colors.muted,
            fontSize=tokens.CHART_TEXT_PX - 1,
            text=alt.expr("datum.note"),
            x=alt.expr("(start + edge) / 2"),
            y=height + AXIS_PX + NOTE_PX / 2,
        )
        layers.append(note)
    return spec(layers, theme, height)


def _interval_background(theme: Theme) -> list[alt.Chart]:
    colors = tokens.palette(theme)
    dash = list(tokens.TARGET_DASH)
    return [
        named("ticks").mark_rule(color=colors.grid).encode(x="x:Q"),
        named("target")
        .mark_rule(color=colors.target, strokeDash=dash, strokeWidth=1.5)
        .encode(x="x:Q"),
    ]


def _interval_marks(theme: Theme) -> list[alt.Chart]:
    color = color_of(theme)
    rows = named("rows")
    text = rows.mark_text(
        color=tokens.palette(theme).ink2,
        align="left",
        x=alt.expr("edge + 12"),
        text=alt.expr("is_narrow ? datum.short : datum.text"),
        limit=alt.expr("room - 8"),
    )
    line = rows.mark_rule(strokeWidth=2.5)
    dot = rows.mark_point(filled=True, opacity=1, size=85)
    return [
        line.encode(x="low:Q", x2="high", y="position:O", color=color),
        dot.encode(x="value:Q", y="position:O", color=color),
        _row_labels(theme),
        text.encode(y="position:O"),
    ]


def _row_frame(axis: str | None) -> alt.Chart:
    """Both scales; with labels under the plot when there is an axis."""
    labels = None
    if axis:
        ticks = alt.expr("pluck(data('ticks'), 'x')")
        labels = alt.Axis(
            values=ticks, labelExpr=axis, domain=False, labelOverlap="greedy", tickCount=ALL_TICKS
        )
    reach = [alt.expr("start + frame.gap"), alt.expr("edge")]
    scale = alt.Scale(zero=False, nice=False, domain=span("x0", "x1"), range=reach)
    frame: alt.Chart = named("frame").mark_point(opacity=0, size=0)
    return frame.encode(x=alt.X("x0:Q", scale=scale, axis=labels), y=alt.Y("position:O", axis=None))


def _row_labels(theme: Theme) -> alt.Chart:
    label: alt.Chart = named("rows").mark_text(
        color=tokens.palette(theme).ink,
        align="right",
        x=alt.expr("start - 8"),
        limit=alt.expr("start - 8"),
    )
    return label.encode(y="position:O", text="label:N")


def _hits() -> tuple[alt.Chart, alt.Parameter]:
    """The whole row can be clicked, also where its bar is short."""
    hits = named("rows").mark_rect(
        opacity=0, x=0, x2=alt.expr("width"), aria=True, cursor="pointer"
    )
    tips = {"Of": "datum.segment", "Value": "datum.text", "From": _COUNT}
    return clickable(hits.encode(y="position:O"), ["segment"], tips)
