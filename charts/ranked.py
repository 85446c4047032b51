"""Bars: one row per segment, and a stage profile with ticks at the usual values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from charts import alt_text, row_templates, tokens
from charts.model import Chart
from charts.rows import EDGES, MOST_ROWS, Bar, bars_of, frame_of, numbers, row_of, step_of
from charts.tokens import Theme
from metrics.units import Unit, round_half_up


def bars(
    rows: Iterable[Mapping[str, Any]],
    unit: Unit,
    *,
    theme: Theme,
    what: str,
    highlight: str = "",
    most: int = MOST_ROWS,
) -> Chart:
    """A bar per row, in the order given; one in orange, the others grey; value at the end.

    Args:
        rows: segment, value, and optionally share (0 to 1, written beside the value), n and
            n_of. Rows without a value are left out.
        unit: how values are written.
        theme: "light", "dark" or "print".
        what: what the bars show, for the alt text ("Waiting hours by stage").
        highlight: the segment in orange; "" for none.
        most: how many rows are drawn; the alt text says when there are more.
    """
    found = [_with_share(bar, unit) for bar in bars_of(rows)]
    return _bars("bars", found, theme=theme, what=what, highlight=highlight, most=most)


def stage_profile(
    rows: Iterable[Mapping[str, Any]],
    unit: Unit,
    *,
    theme: Theme,
    what: str,
    highlight: str = "",
    most: int = MOST_ROWS,
) -> Chart:
    """A bar per stage for this period and a tick for its usual value; the change in brackets.

    Args:
        rows: segment, value, baseline (None: no tick and no change), in the order to draw.
        unit: how values are written.
        theme: "light", "dark" or "print".
        what: what bar and tick show, for the alt text.
        highlight: the stage in orange; "" for none.
        most: how many rows are drawn.
    """
    found = [_with_change(bar, unit) for bar in bars_of(rows)]
    return _bars("profile", found, theme=theme, what=what, highlight=highlight, most=most)


def _with_share(bar: Bar, unit: Unit) -> Bar:
    shown = unit.show(bar.value)
    share = "" if bar.share is None else f" · {round_half_up(bar.share * 100, 0)}%"
    return replace(bar, text=f"{shown}{share}", short=shown)


def _with_change(bar: Bar, unit: Unit) -> Bar:
    shown = unit.show(bar.value)
    if bar.baseline is not None:
        change = unit.show_change(bar.value - bar.baseline)
        is_same = unit.suffix == unit.change_suffix  # then the unit is not said twice
        shown = f"{shown} ({change.removesuffix(unit.suffix) if is_same else change})"
    return replace(bar, text=shown, short=shown)


def _bars(
    kind: str, found: list[Bar], *, theme: Theme, what: str, highlight: str, most: int
) -> Chart:
    shown, step = found[:most], step_of(theme)
    listed = [(bar.segment, bar.text) for bar in found]
    told = alt_text.of_rows(what, listed, shown=len(shown), notes=[])
    template = row_templates.bars_template(
        theme, max(len(shown), 1), step, has_baseline=kind == "profile"
    )
    height = len(shown) * step + EDGES
    if not shown:
        return Chart(kind, theme, template, {"rows": []}, told, height)
    colors = tokens.palette(theme)
    data = [
        row_of(bar, i)
        | {
            "color": colors.orange.mark if bar.segment == highlight else colors.quiet,
            "baseline": bar.baseline,
            "zero": 0.0,
            "end": bar.far,
        }
        for i, bar in enumerate(shown)
    ]
    low, high = min(0.0, *numbers(shown)), max(0.0, *numbers(shown))
    frame = frame_of(shown, low, high if low < high else 1.0)
    return Chart(kind, theme, template, {"frame": [frame], "rows": data}, told, height)
