"""A stage map: stages from first to last, and the ways between them as arcs.

How often items went a way is its thickness, how long they waited at its end its colour; ways ahead
run at the right, ways back at the left. The layout needs nothing but the stages' order, so the same
data give the same picture on a page, on a phone and in Word.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import altair as alt

from charts import alt_text, text, tokens
from charts.model import Chart, Row, Spec
from charts.tokens import Theme
from charts.vega import clickable, named, span, spec

MOST_WAYS = 40  # the rarest are left out of the picture, never of the tables
_STEP = 62  # pixels from one stage to the next
_HALF = 0.24  # half a stage's box, as a share of half the width
_BOX = 0.24  # half its height, as a share of the step
_DEPARTS, _ARRIVES = 0.12, -0.12  # where a way leaves and reaches a box, from its middle
_POINTS = 21  # of an arc
_LABELLED = 12


@dataclass(frozen=True)
class Way:
    """A way from one stage to another: how often, the usual wait, and what to tell of it."""

    from_stage: str
    to_stage: str
    n: int
    wait: float | None
    shown: str
    told: str


def stage_map_chart(
    stages: Sequence[tuple[str, str]], ways: Sequence[Way], *, theme: Theme, what: str
) -> Chart:
    """The map of stages, at most 12 of them, and the 40 most frequent ways.

    Args:
        stages: name and a short note below it, in the order from first to last; on a phone the
            note ends at its first middle dot.
        ways: between these stages.
        theme: "light", "dark" or "print".
        what: what the map is about, for the alt text.
    """
    place = {name: at for at, (name, _) in enumerate(stages)}
    kept = [way for way in ways if way.from_stage in place and way.to_stage in place]
    kept = sorted(kept, key=lambda way: -way.n)[:MOST_WAYS]
    told = alt_text.of_rows(
        what,
        [(f"{way.from_stage} to {way.to_stage}", way.shown) for way in kept],
        shown=len(kept),
        notes=[],
    )
    height = max(len(stages), 1) * _STEP + 12
    template = _template(theme, max(len(stages), 1))
    name = f"{text.clean(what)}, chart"
    if not stages:
        return Chart("stage map", theme, template, {"rows": []}, told, height, name)
    deep, most = _depths(kept, place), max((way.n for way in kept), default=1)
    longest = max((way.wait or 0.0 for way in kept), default=0.0) or 1.0
    arcs = [_arc(way, place, deep, most, longest, way in kept[:_LABELLED]) for way in kept]
    datasets = {
        "frame": [{"low": -1.0, "high": 1.0, "top": -0.6, "bottom": len(stages) - 0.4, "room": 0.0,
                   "narrow": 0.0, "left": 0.0}],
        "boxes": [_box(name, note, at) for at, (name, note) in enumerate(stages)],
        "curves": [row for arc in arcs for row in arc[0]],
        "heads": [arc[2] for arc in arcs],
        "rows": [arc[1] for arc in arcs] or [],
    }  # fmt: skip
    if not kept:
        datasets["rows"] = []
    return Chart("stage map", theme, template, datasets, told, height, name)


def _depths(ways: Sequence[Way], place: dict[str, int]) -> dict[int, float]:
    """Stages passed → how far an arc bends out, 0 to 1."""
    spans = sorted({abs(place[way.to_stage] - place[way.from_stage]) for way in ways})
    if len(spans) == 1:
        return {spans[0]: 0.55}
    return {passed: 0.3 + 0.7 * at / (len(spans) - 1) for at, passed in enumerate(spans)}


def _arc(
    way: Way, place: dict[str, int], deep: dict[int, float], most: int, longest: float,
    is_labelled: bool,
) -> tuple[list[Row], Row, Row]:  # fmt: skip
    """The points of an arc, its label's row, and its head's."""
    first, last = place[way.from_stage], place[way.to_stage]
    side = 1.0 if last > first or last == first else -1.0
    start, end = first + _DEPARTS, last + _ARRIVES
    if side < 0:  # back: leaves the upper half, reaches the lower one
        start, end = first + _ARRIVES, last + _DEPARTS
    out = _HALF + (0.94 - _HALF) * deep[abs(last - first)]
    name = f"{way.from_stage}|{way.to_stage}"
    shade = min((way.wait or 0.0) / longest, 1.0)
    width = 1.2 + 7.0 * math.sqrt(way.n / most)
    points: list[Row] = []
    for number in range(_POINTS):
        turn = math.pi * number / (_POINTS - 1)  # half an ellipse
        t = (1 - math.cos(turn)) / 2
        points.append(
            {"way": name, "t": t, "x": side * (_HALF + (out - _HALF) * math.sin(turn)),
             "y": start + (end - start) * t, "width": width, "shade": shade}
        )  # fmt: skip
    row = {
        "from_stage": way.from_stage,
        "to_stage": way.to_stage,
        "x": side * out,
        "y": (start + end) / 2,
        "text": way.shown if is_labelled else "",
        "short": f"{way.n:,}×" if is_labelled else "",
        "gap": side * -(width / 2 + 9),
        "told": way.told,
    }
    head = {"x": side * (_HALF + 0.012), "y": end, "shade": shade, "size": 40 + width * 14,
            "shape": "triangle-left" if side > 0 else "triangle-right"}  # fmt: skip
    return points, row, head


def _box(name: str, note: str, at: int) -> Row:
    return {
        "label": text.clean(name),
        "note": note,
        "short": note.partition(" \N{MIDDLE DOT} ")[0],
        "x": -_HALF,
        "x2": _HALF,
        "middle": 0.0,
        "y": at - _BOX * 1.25,
        "y2": at + _BOX * 1.25,
        "name_y": at - 0.11,
        "note_y": at + 0.14,
    }


@lru_cache(maxsize=64)
def _template(theme: Theme, count: int) -> Spec:
    """Boxes, arcs with heads, labels. Its datasets: frame (one row): low, high, top, bottom.

    boxes: label, note, short, x, x2, middle, y, y2, name_y, note_y.
    curves: way, t, x, y, width, shade. heads: x, y, shade, size, shape.
    rows: from_stage, to_stage, x, y, text, short, gap, told.
    """
    colors = tokens.palette(theme)
    heat = alt.Scale(domain=[0, 1], range=[colors.muted, colors.orange.mark], interpolate="rgb")
    curves = named("curves").mark_line(strokeCap="butt", opacity=0.8)
    heads = named("heads").mark_point(filled=True, opacity=1)
    layers = [
        _scales(),
        curves.encode(
            x="x:Q", y="y:Q", order="t:Q", detail="way:N",
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
            color=alt.Color("shade:Q", scale=heat, legend=None),
        ),
        heads.encode(
            x="x:Q", y="y:Q", size=alt.Size("size:Q", scale=None),
            shape=alt.Shape("shape:N", scale=None),
            color=alt.Color("shade:Q", scale=heat, legend=None),
        ),
        *_boxes(theme),
        _labels(theme),
    ]  # fmt: skip
    if theme != "print":
        hits = named("rows").mark_point(
            filled=True, opacity=0, size=1400, aria=True, cursor="pointer"
        )
        tips = {"Way": "datum.from_stage + ' to ' + datum.to_stage", "": "datum.told"}
        layers.append(clickable(hits.encode(x="x:Q", y="y:Q"), ["from_stage", "to_stage"], tips)[0])
    return spec(layers, theme, count * _STEP)


def _scales() -> alt.Chart:
    across = alt.Scale(zero=False, nice=False, domain=span("low", "high"))
    down = alt.Scale(
        zero=False, nice=False, domain=span("top", "bottom"), range=[0, alt.expr("height")]
    )
    point = named("frame").mark_point(opacity=0, size=0)
    made: alt.Chart = point.encode(
        x=alt.X("low:Q", scale=across, axis=None), y=alt.Y("top:Q", scale=down, axis=None)
    )
    return made


def _boxes(theme: Theme) -> list[alt.Chart]:
    colors = tokens.palette(theme)
    rect = named("boxes").mark_rect(fill=colors.panel, stroke=colors.brand, cornerRadius=6)
    room = alt.expr(f"width * {_HALF} - 12")
    name = named("boxes").mark_text(color=colors.ink, fontWeight="bold", limit=room)
    note = named("boxes").mark_text(
        color=colors.muted,
        fontSize=11,
        limit=room,
        text=alt.expr("is_narrow ? datum.short : datum.note"),
    )
    return [
        rect.encode(x="x:Q", x2="x2", y="y:Q", y2="y2"),
        name.encode(x="middle:Q", y="name_y:Q", text="label:N"),
        note.encode(x="middle:Q", y="note_y:Q"),
    ]


def _labels(theme: Theme) -> alt.Chart:
    """Inside an arc's bend; on a phone how often alone, as the wait is in colour and table."""
    colors = tokens.palette(theme)
    label = named("rows").mark_text(
        color=colors.ink2,
        fontSize=11,
        text=alt.expr("is_narrow ? datum.short : datum.text"),
        align=alt.expr("datum.gap > 0 ? 'left' : 'right'"),
        dx=alt.expr("datum.gap"),
    )
    made: alt.Chart = label.encode(x="x:Q", y="y:Q")
    return made
