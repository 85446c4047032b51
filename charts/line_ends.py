"""Labels at the right of a time chart, in place of a legend: last values, target, limits."""

from __future__ import annotations

from charts import scales, text, tokens
from charts.model import Row
from charts.plot import Plot, drawn
from charts.vega import shade

_SMALL = tokens.CHART_TEXT_PX - 1
_WIDEST, _WIDEST_SHORT = 110, 70  # pixels of a segment's name, on a desk and on a phone


def end_rows(plot: Plot) -> list[Row]:
    """Rows for the dataset `ends`, from top to bottom, moved apart where they would overlap."""
    ends = sorted([*_lines(plot), *_others(plot), *_levels(plot)], key=lambda end: -end["y"])
    wanted = [plot.px(end["y"]) for end in ends]
    gaps = [17.0 if end["is_bold"] else 14.0 for end in ends]
    places = scales.spread(wanted, gaps, 4.0, plot.height - 2.0)
    return [end | {"y": plot.at(place)} for end, place in zip(ends, places, strict=True)]


def widest(ends: list[Row], field: str) -> float:
    """Pixels to keep free at the right for the longest "label" or "short"."""
    return 22.0 + max(
        (
            text.width(
                end[field],
                tokens.CHART_BOLD_PX if end["is_bold"] else _SMALL,
                is_bold=end["is_bold"],
            )
            for end in ends
        ),
        default=0.0,
    )


def _end(value: float, label: str, short: str, color: str, *, is_bold: bool = False) -> Row:
    return {
        "y": value,
        "label": label,
        "short": short,
        "color": shade(color),
        "is_bold": is_bold,
    }


def _lines(plot: Plot) -> list[Row]:
    """The last value of each segment that has a colour; with its name when there are several."""
    is_only = len(plot.groups) == 1
    ends = []
    for name, color in plot.shades.items():
        found = drawn(plot.groups[name])
        if not found:
            continue
        last = found[-1]
        shown = plot.metric.show(last.value)
        label = shown if is_only else f"{text.cut(name, _WIDEST, _SMALL)} {shown}"
        short = shown if is_only else text.cut(name, _WIDEST_SHORT, _SMALL)
        color = plot.signal_shade(last, is_last=True) or color
        ends.append(_end(last.value or 0.0, label, short, color, is_bold=is_only))
    return ends


def _others(plot: Plot) -> list[Row]:
    """How many grey lines there are, at the middle of their last values."""
    grey = [drawn(group)[-1:] for name, group in plot.groups.items() if name not in plot.shades]
    lasts = sorted(point.value or 0.0 for last in grey for point in last)
    if not lasts:
        return []
    words = f"{len(lasts)} {'other' if len(lasts) == 1 else 'others'}"
    return [_end(lasts[len(lasts) // 2], words, words, "muted")]


def _levels(plot: Plot) -> list[Row]:
    """The target valid last, and the limits that lie in the picture."""
    ends = []
    if plot.target:
        value = plot.target[-1][1]
        aim = plot.metric.show_target(value)
        ends.append(_end(value, f"target {aim}", aim, "target"))
    if plot.limits is not None:
        low, high = plot.span
        pair = (("lower", plot.limits.low), ("upper", plot.limits.high))
        for (side, limit), shown in zip(pair, plot.limit_texts, strict=True):
            if low <= limit <= high:
                ends.append(_end(limit, f"{side} limit {shown}", shown, "muted"))
    return ends
