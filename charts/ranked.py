"""Charts of one row per segment: bars, a stage profile, and dots with their 95% intervals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from charts import alt_text, row_templates, scales, text, vega
from charts.model import Chart, Row
from charts.rows import EDGES, MOST_ROWS, Bar, bars_of, frame_of, numbers, row_of, step_of
from charts.tokens import Theme
from charts.vega import shade
from metrics.model import Better, Kind, Metric
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
        rows: segment, value, and optionally share (0 to 1, written beside the value), cumulative
            (the share of this row and those above it, written beside that), n and n_of. Rows
            without a value are left out.
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


def intervals(
    metric: Metric,
    rows: Iterable[Mapping[str, Any]],
    *,
    theme: Theme,
    what: str,
    target: float | None = None,
    note: str = "",
    most: int = MOST_ROWS,
    highlights: Collection[str] = (),
) -> Chart:
    """A dot with its 95% interval per row; orange where the whole interval misses the target.

    Args:
        metric: what is drawn: its unit, its better side, the noun of n.
        rows: segment, value, low, high, n, in the order to draw; a row without an interval gets
            only its dot.
        theme: "light", "dark" or "print".
        what: what the dots show, for the alt text.
        target: the dashed rule; None for none.
        note: a line of small text under the axis; "" for none.
        most: how many rows are drawn.
        highlights: segments to draw in orange whatever their interval.
    """
    found = [_with_n(bar, metric) for bar in bars_of(rows)]
    shown, step = found[:most], step_of(theme)
    missed = [bar for bar in shown if _misses(bar, metric.better, target)]
    told = alt_text.of_rows(
        f"{what}, with 95% intervals",
        [(bar.segment, f"{bar.text} ({_interval(bar, metric.unit)})") for bar in found],
        shown=len(shown),
        notes=_target_notes(metric, target, len(missed), len(shown)),
    )
    template = row_templates.intervals_template(
        theme, metric.unit.axis, max(len(shown), 1), step, has_note=bool(note)
    )
    below = vega.AXIS_PX + (row_templates.NOTE_PX if note else 0)
    height = len(shown) * step + below + EDGES
    if not shown:
        return Chart(
            "intervals", theme, template, {"rows": []}, told, height, f"{text.clean(what)}, chart"
        )
    aim = [] if target is None else [target]
    low, high = scales.domain([*numbers(shown), *aim])
    datasets = {
        "frame": [frame_of(shown, low, high, note=text.clean(note) if note else "")],
        "rows": [
            _interval_row(bar, i, is_missed=bar in missed or bar.segment in highlights)
            for i, bar in enumerate(shown)
        ],
        "ticks": [{"x": x} for x in scales.value_ticks(low, high, metric.unit, 5)],
        "target": [{"x": value} for value in aim],
    }
    return Chart("intervals", theme, template, datasets, told, height, f"{text.clean(what)}, chart")


def _with_share(bar: Bar, unit: Unit) -> Bar:
    shown = unit.show(bar.value)
    share = "" if bar.share is None else f" · {round_half_up(bar.share * 100, 0)}%"
    if bar.cumulative is not None:
        share += f" · together {round_half_up(bar.cumulative * 100, 0)}%"
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
        return Chart(
            kind, theme, template, {"rows": []}, told, height, f"{text.clean(what)}, chart"
        )
    data = [
        row_of(bar, i)
        | {
            "color": shade("orange" if bar.segment == highlight else "quiet"),
            "baseline": bar.baseline,
            "zero": 0.0,
            "end": bar.far,
        }
        for i, bar in enumerate(shown)
    ]
    low, high = min(0.0, *numbers(shown)), max(0.0, *numbers(shown))
    frame = frame_of(shown, low, high if low < high else 1.0)
    return Chart(
        kind,
        theme,
        template,
        {"frame": [frame], "rows": data},
        told,
        height,
        f"{text.clean(what)}, chart",
    )


def _with_n(bar: Bar, metric: Metric) -> Bar:
    shown = metric.show(bar.value)
    joint = " of " if metric.kind is Kind.RATE else ", n = "
    n = "" if bar.n is None else f"{joint}{bar.n:,}"
    return replace(bar, text=f"{shown}{n}", short=shown, n_of=metric.n_of)


def _interval(bar: Bar, unit: Unit) -> str:
    if bar.low is None or bar.high is None:
        return "no interval"
    return unit.show_range(bar.low, bar.high)


def _misses(bar: Bar, better: Better, target: float | None) -> bool:
    if target is None or bar.low is None or bar.high is None or better is Better.NEITHER:
        return False
    return bar.low > target if better is Better.LOWER else bar.high < target


def _target_notes(metric: Metric, target: float | None, missed: int, shown: int) -> list[str]:
    if target is None:
        return []
    return [
        f"The target is {metric.show_target(target)}; the whole interval misses it in "
        f"{missed or 'none'} of {shown}."
    ]


def _interval_row(bar: Bar, position: int, *, is_missed: bool) -> Row:
    has_interval = bar.low is not None and bar.high is not None
    return row_of(bar, position) | {
        "low": bar.low if has_interval else bar.value,
        "high": bar.high if has_interval else bar.value,
        "color": shade("orange" if is_missed else "brand"),
    }
