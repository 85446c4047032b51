"""A matrix: who or what against whom or what, a shaded cell with its number for each pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import altair as alt

from charts import alt_text, text, tokens
from charts.model import Chart, Row, Spec
from charts.rows import EDGES, step_of
from charts.tokens import Theme
from charts.vega import clickable, named, span, spec

MOST = 14  # rows or columns that can still be read
_HEAD_ROWS = 1.5  # the heads of the columns take as much room as so many rows
_STRONG = {"light": 0.7, "print": 0.7, "dark": 0.57}  # from this shade on numbers stand reversed
_WIDEST_LABEL = 150


@dataclass(frozen=True)
class MatrixCell:
    """One cell.

    Attributes:
        row, column: what it stands for, two of the names.
        shown: its number as text; "" leaves it blank.
        shade: 0 to 1, how strongly it is filled; None for a neutral cell such as the diagonal's.
        told: what a reader is told on pointing at it.
        is_marked: outlined in orange.
    """

    row: str
    column: str
    shown: str
    shade: float | None
    told: str
    is_marked: bool = False


def matrix(
    names: Sequence[str], cells: Sequence[MatrixCell], *, theme: Theme, what: str, notes: str = ""
) -> Chart:
    """A square of cells under the names; those beyond the first 14 names are left out.

    Args:
        names: of rows and columns, in their order.
        cells: of any pairs of names; a pair without one stays blank.
        theme: "light", "dark" or "print".
        what: what the cells show, for the alt text.
        notes: a further sentence for the alt text.
    """
    shown = [name for name in names if any(name in (cell.row, cell.column) for cell in cells)]
    shown = shown[:MOST]
    place = {name: at for at, name in enumerate(shown)}
    kept = [cell for cell in cells if cell.row in place and cell.column in place]
    step = step_of(theme)
    count = max(len(shown), 1)
    told = alt_text.of_rows(
        what,
        [(f"{cell.row} and {cell.column}", cell.shown) for cell in _loudest(kept)],
        shown=len(kept),
        notes=[notes] if notes else [],
    )
    height = round((count + _HEAD_ROWS) * step) + EDGES
    template = _template(theme, count, step)
    name = f"{text.clean(what)}, chart"
    if not kept:
        return Chart("matrix", theme, template, {"rows": []}, told, height, name)
    datasets = {
        "frame": [_frame(shown)],
        "rows": [_cell(cell, place) for cell in kept],
        "heads": [_head(label, at) for label, at in place.items()],
        "marked": [_cell(cell, place) for cell in kept if cell.is_marked],
    }
    return Chart("matrix", theme, template, datasets, told, height, name)


def _loudest(cells: Sequence[MatrixCell]) -> list[MatrixCell]:
    """Marked cells first, then the strongest shades; blank and neutral ones are not told."""
    loud = [cell for cell in cells if cell.shade is not None and cell.shown]
    return sorted(loud, key=lambda cell: (not cell.is_marked, -(cell.shade or 0.0)))


def _frame(shown: Sequence[str]) -> Row:
    size = tokens.CHART_TEXT_PX
    labels = [text.cut(name, _WIDEST_LABEL, size) for name in shown]
    widest = max(text.width(label, size) for label in labels)
    return {
        "zero": 0.0,
        "columns": float(len(shown)),
        "bottom": float(len(shown) + _HEAD_ROWS),
        "left": 12 + widest,
        "widest": widest + 6,
        "room": 0.0,
        "narrow": 0.0,
    }


def _head(label: str, at: int) -> Row:
    return {
        "label": text.cut(label, _WIDEST_LABEL, tokens.CHART_TEXT_PX),
        "column": at + 0.5,
        "head": _HEAD_ROWS - 0.35,
        "position": at + _HEAD_ROWS + 0.5,
    }


def _cell(cell: MatrixCell, place: dict[str, int]) -> Row:
    row, column = place[cell.row] + _HEAD_ROWS, place[cell.column]
    return {
        "row": cell.row,
        "column_name": cell.column,
        "x": float(column),
        "x2": column + 1.0,
        "y": float(row),
        "y2": row + 1.0,
        "x_mid": column + 0.5,
        "y_mid": row + 0.5,
        "shade": -1.0 if cell.shade is None else float(min(max(cell.shade, 0.0), 1.0)),
        "text": cell.shown,
        "told": cell.told,
    }


@lru_cache(maxsize=128)
def _template(theme: Theme, count: int, step: int) -> Spec:
    """Cells, their numbers, heads at the left and on top. Its datasets:

    frame (one row): zero, columns, bottom, left, widest, room, narrow. heads: label, column, head,
    position. rows and marked: row, column_name, x, x2, y, y2, x_mid, y_mid, shade, text, told.
    """
    layers = [_scales(), _cells(theme), *_heads(theme), _numbers(theme), _marked(theme)]
    if theme != "print":
        hits = named("rows").mark_rect(opacity=0, aria=True, cursor="pointer")
        hits = hits.encode(x="x:Q", x2="x2", y="y:Q", y2="y2")
        tips = {"Pair": "datum.row + ' and ' + datum.column_name", "": "datum.told"}
        layers.append(clickable(hits, ["row", "column_name"], tips)[0])
    return spec(layers, theme, round((count + _HEAD_ROWS) * step))


def _scales() -> alt.Chart:
    across = alt.Scale(
        zero=False,
        nice=False,
        domain=span("zero", "columns"),
        range=[alt.expr("start"), alt.expr("width")],
    )
    down = alt.Scale(
        zero=False,
        nice=False,
        domain=span("zero", "bottom"),
        range=[0, alt.expr("height")],
    )
    point = named("frame").mark_point(opacity=0, size=0)
    made: alt.Chart = point.encode(
        x=alt.X("zero:Q", scale=across, axis=None), y=alt.Y("zero:Q", scale=down, axis=None)
    )
    return made


def _cells(theme: Theme) -> alt.Chart:
    colors = tokens.palette(theme)
    strength = alt.Scale(
        domain=[0, 1], range=[colors.panel, colors.brand], interpolate="rgb", clamp=True
    )
    fill = alt.condition(
        "datum.shade < 0", alt.value(colors.band), alt.Color("shade:Q", scale=strength, legend=None)
    )
    rect = named("rows").mark_rect(stroke=colors.background, strokeWidth=2)
    made: alt.Chart = rect.encode(x="x:Q", x2="x2", y="y:Q", y2="y2", fill=fill)
    return made


def _numbers(theme: Theme) -> alt.Chart:
    colors = tokens.palette(theme)
    label = named("rows").mark_text(limit=alt.expr("(width - start) / frame.columns - 4"))
    color = alt.condition(
        f"datum.shade >= {_STRONG[theme]}", alt.value(colors.background), alt.value(colors.ink)
    )
    made: alt.Chart = label.encode(x="x_mid:Q", y="y_mid:Q", text="text:N", color=color)
    return made


def _marked(theme: Theme) -> alt.Chart:
    colors = tokens.palette(theme)
    rect = named("marked").mark_rect(filled=False, stroke=colors.orange.mark, strokeWidth=2.5)
    made: alt.Chart = rect.encode(x="x:Q", x2="x2", y="y:Q", y2="y2")
    return made


def _heads(theme: Theme) -> list[alt.Chart]:
    """Names at the left, and on top slanted where a column is narrower than the widest name."""
    colors = tokens.palette(theme)
    is_tight = "frame.widest > (width - start) / frame.columns"
    left = named("heads").mark_text(
        color=colors.ink, align="right", x=alt.expr("start - 8"), limit=alt.expr("start - 8")
    )
    top = named("heads").mark_text(
        color=colors.ink,
        angle=alt.expr(f"{is_tight} ? 330 : 0"),
        align=alt.expr(f"{is_tight} ? 'left' : 'center'"),
        limit=alt.expr(f"{is_tight} ? 76 : (width - start) / frame.columns - 4"),
    )
    return [
        left.encode(y="position:Q", text="label:N"),
        top.encode(x="column:Q", y="head:Q", text="label:N"),
    ]
