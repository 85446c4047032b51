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
from itertools import combinations, pairwise

import altair as alt

from charts import alt_text, text, tokens
from charts.model import Chart, Row, Spec
from charts.tokens import Theme
from charts.vega import clickable, named, span, spec

MOST_WAYS = 40  # the rarest are left out of the picture, never of the tables
_STEP = 62  # pixels from one stage to the next
_HALF = 0.24  # half a stage's box, as a share of half the width
_SIDES, _NOTE, _ENDS = 8, 13, 11  # pixels of a box beside its name, for the note, above and below
_LEAST, _MOST, _MOST_OF_THREE = 9, 12, 10.5  # font sizes of a stage's name
_MOST_NAME = 300  # pixels of a name on several lines; what is longer is cut
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
    row: Row = {
        "note": note,
        "short": note.partition(" \N{MIDDLE DOT} ")[0],
        "x": -_HALF,
        "x2": _HALF,
        "middle": 0.0,
        "at": float(at),
    }
    for most in (1, 2, 3):
        lines, widest = _wrapped(name, most)
        row |= {f"text{most}": "\n".join(lines), f"count{most}": len(lines), f"wide{most}": widest}
    return row


def _wrapped(name: str, most: int) -> tuple[list[str], float]:
    """The name on so many lines, the widest as narrow as can be, and that one's pixels."""
    if most == 1:
        whole = text.clean(name)
        return [whole], text.width(whole, _MOST, is_bold=True)
    words = text.cut(name, _MOST_NAME, _MOST).split(" ")
    tries = []
    for count in range(1, min(most, len(words)) + 1):
        for breaks in combinations(range(1, len(words)), count - 1):
            ends = (0, *breaks, len(words))
            lines = [" ".join(words[i:j]) for i, j in pairwise(ends)]
            widest = max(text.width(line, _MOST, is_bold=True) for line in lines)
            tries.append((widest, count, lines))
    widest, _, lines = min(tries)
    return lines, widest


@lru_cache(maxsize=64)
def _template(theme: Theme, count: int) -> Spec:
    """Boxes, arcs with heads, labels. Its datasets: frame (one row): low, high, top, bottom.

    boxes: note, short, x, x2, middle, at; of the name on one, two and three lines text1, count1,
    wide1 (pixels of the widest line) and so on.
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
    """Boxes with their names, on as many lines as the width needs, and the notes below these."""
    colors = tokens.palette(theme)
    boxes = _fitted()
    top = "scale('y', datum.at) - datum.high / 2"
    rect = boxes.mark_rect(
        fill=colors.panel,
        stroke=colors.brand,
        cornerRadius=6,
        y=alt.expr(top),
        y2=alt.expr(f"{top} + datum.high"),
    )
    name = boxes.mark_text(
        color=colors.ink,
        fontWeight="bold",
        fontSize=alt.expr("datum.px"),
        lineBreak="\n",
        lineHeight=alt.expr("datum.line"),
        limit=alt.expr("datum.room + 4"),
        text=alt.expr("datum.text"),
        y=alt.expr(f"{top} + {_ENDS / 2} + datum.line / 2"),
    )
    note = boxes.mark_text(
        color=colors.muted,
        fontSize=11,
        limit=alt.expr("datum.room"),
        text=alt.expr("is_narrow ? datum.short : datum.note"),
        y=alt.expr(f"{top} + datum.high - {(_ENDS + _NOTE) / 2}"),
    )
    return [rect.encode(x="x:Q", x2="x2"), name.encode(x="middle:Q"), note.encode(x="middle:Q")]


def _fitted() -> alt.Chart:
    """The boxes with the name that fits the width: its text, lines, font and the box's height."""
    biggest = f"(datum.lines > 2 ? {_MOST_OF_THREE} : {_MOST})"
    px = f"min({biggest}, max({_LEAST}, {_MOST} * datum.room / datum.wide))"

    def of(field: str) -> str:
        """The field of the fewest lines on which a name of hardly smaller letters fits."""
        one, two = "datum.wide1 * 11 / 12 <= datum.room", "datum.wide2 * 10 / 12 <= datum.room"
        return f"({one} ? datum.{field}1 : {two} ? datum.{field}2 : datum.{field}3)"

    made: alt.Chart = named("boxes").transform_calculate(room=f"width * {_HALF} - {_SIDES}")
    made = made.transform_calculate(text=of("text"), lines=of("count"), wide=of("wide"))
    made = made.transform_calculate(px=px)
    made = made.transform_calculate(line="datum.lines > 1 ? datum.px * 1.15 : 14")
    return made.transform_calculate(high=f"datum.lines * datum.line + {_NOTE + _ENDS}")


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
