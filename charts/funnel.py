"""A funnel plot: each person's share by the number of rows, between the limits of luck."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.funnel import Curve, Funnel, Spot
from charts import alt_text, scales, text, tokens, vega
from charts.funnel_template import funnel_template
from charts.model import Chart, Row
from charts.points import MOST_MARKS
from charts.tokens import Theme
from charts.vega import shade
from metrics.model import Better
from metrics.units import COUNT, round_half_up

HEIGHT = 260
_TOP = 12
_MOST_LABELS = 8
_FROM_ZERO = 0.25  # the axis of n starts at 0 unless all lie above this part of it
_LABEL_PX = 14  # from label to label
_DOT, _NAMED_DOT = 42.0, 95.0  # square pixels


def funnel_plot(found: Funnel, *, theme: Theme, height: int = HEIGHT) -> Chart:
    """A dot per person; those beyond the limits with their name, the others without.

    Orange (worse) and blue (better) are only those who are beyond luck over all people together.
    Of more than 2,000 people the ones beyond the limits and those with most rows are drawn.

    Args:
        found: the plot as `analysis.funnel` worked it out.
        theme: "light", "dark" or "print".
        height: of the plot in pixels.
    """
    template = funnel_template(theme, found.metric.unit.axis, height)
    whole = height + vega.AXIS_PX + vega.PAD_TOP + vega.PAD_BOTTOM
    name = f"{found.metric.label} by number of {found.metric.n_of}, funnel plot"
    told = _told(found)
    if found.usual is None or not found.spots:
        return Chart("funnel", theme, template, {"rows": []}, told, whole, name)
    spots = _drawn(found.spots)
    axes = _Axes(found.usual, spots, found.curve, height)
    ends = _ends(found, axes)
    data = {
        "frame": [axes.frame(found.metric.n_of, ends)],
        "ticks": [{"y": y} for y in scales.value_ticks(axes.y0, axes.y1, found.metric.unit, 5)],
        "sizes": [{"x": x} for x in _sizes(axes.x0, axes.x1)],
        "inner": _curves(found.curve, axes, ("inner_low", "inner_high")),
        "outer": _curves(found.curve, axes, ("outer_low", "outer_high")),
        "mean": [{"y": found.usual}],
        "rows": [_dot(spot, found) for spot in spots],
        "labels": _labels(found, axes),
        "ends": ends,
    }
    return Chart("funnel", theme, template, data, told, whole, name)


class _Axes:
    """Where both axes begin and end; values beyond them are not drawn."""

    def __init__(
        self, usual: float, spots: Sequence[Spot], curve: Sequence[Curve], height: int
    ) -> None:
        middle = curve[len(curve) // 2]
        shares = [spot.share for spot in spots]
        self.y0, self.y1 = scales.domain([*shares, usual, middle.outer_low, middle.outer_high])
        first, self.x1 = float(curve[0].n), float(curve[-1].n)
        self.x0 = first if first > _FROM_ZERO * self.x1 else 0.0
        self.height = height

    def frame(self, noun: str, ends: Sequence[Row]) -> Row:
        """The one row of the dataset of that name."""
        size = tokens.CHART_TEXT_PX - 1
        return {
            "x0": self.x0,
            "x1": self.x1,
            "y0": self.y0,
            "y1": self.y1,
            "top": _TOP,
            "room": 14 + max(text.width(str(end["label"]), size) for end in ends),
            "narrow": 14 + max(text.width(str(end["short"]), size) for end in ends),
            "noun": noun,
        }

    def px(self, share: float) -> float:
        """Pixels from the top."""
        return _TOP + (self.height - _TOP) * (self.y1 - share) / (self.y1 - self.y0)

    def at(self, px: float) -> float:
        """The share that is drawn so many pixels from the top."""
        return self.y1 - (px - _TOP) / (self.height - _TOP) * (self.y1 - self.y0)

    def apart(self, shares: Sequence[float]) -> list[float]:
        """Shares (the highest first) moved so far that their labels do not overlap."""
        wanted = [self.px(share) for share in shares]
        gaps = [float(_LABEL_PX)] * len(wanted)
        return [self.at(px) for px in scales.spread(wanted, gaps, _TOP, self.height)]


def _drawn(spots: Sequence[Spot]) -> list[Spot]:
    ranked = sorted(spots, key=lambda spot: (not spot.is_outside, -spot.n, spot.name))
    return ranked[:MOST_MARKS][::-1]  # those beyond the limits lie on top


def _sizes(first: float, last: float) -> list[float]:
    """Round numbers of rows."""
    return scales.value_ticks(first, last, COUNT, 7)


def _curves(curve: Sequence[Curve], axes: _Axes, sides: tuple[str, str]) -> list[Row]:
    """Both lines of one confidence; gaps where they leave the plot."""
    rows: list[Row] = []
    for line, side in enumerate(sides):
        for point in curve:
            share = float(getattr(point, side))
            is_in = axes.y0 <= share <= axes.y1
            rows.append({"x": float(point.n), "y": share if is_in else None, "line": line})
    return rows


def _shade(spot: Spot, found: Funnel) -> str:
    if not spot.is_named or found.usual is None:
        return "brand"
    is_worse = (spot.share < found.usual) == (found.metric.better is Better.HIGHER)
    return "orange" if is_worse else "blue"


def _dot(spot: Spot, found: Funnel) -> Row:
    unit = found.metric.unit
    return {
        "x": float(spot.n),
        "y": spot.share,
        "color": shade(_shade(spot, found)),
        "size": _NAMED_DOT if spot.is_named else _DOT,
        "segment": spot.name,
        "text": f"{unit.show(spot.share)} ({spot.hits:,} of {spot.n:,})",
        "range": unit.show_range(spot.low, spot.high),
        "n": spot.n,
    }


def _labels(found: Funnel, axes: _Axes) -> list[Row]:
    """The names of those beyond the limits, the least likely ones, kept apart."""
    loudest = sorted(found.outside, key=lambda spot: (spot.chance, spot.name))[:_MOST_LABELS]
    loudest.sort(key=lambda spot: -spot.share)
    heights = axes.apart([spot.share for spot in loudest])
    return [
        {
            "x": float(spot.n),
            "y": height,
            "label": text.cut(spot.name, 150, tokens.CHART_TEXT_PX),
            "is_left": spot.n - axes.x0 > 0.55 * (axes.x1 - axes.x0),
            "is_bold": spot.is_named,
            "color": shade(_shade(spot, found) if spot.is_named else "ink"),
        }
        for spot, height in zip(loudest, heights, strict=True)
    ]


def _ends(found: Funnel, axes: _Axes) -> list[Row]:
    """What the lines are, at their right ends."""
    last = found.curve[-1]
    usual = found.usual or 0.0
    whole = f"{round_half_up(usual * 100, 1)}%"
    who = "others" if found.named else "together"
    lines = [
        (last.outer_high, "99.8% limit", "99.8%"),
        (last.inner_high, "95% limit", "95%"),
        (usual, f"{who} {whole}", whole),
        (last.inner_low, "95% limit", "95%"),
        (last.outer_low, "99.8% limit", "99.8%"),
    ]
    inside = [line for line in lines if axes.y0 <= line[0] <= axes.y1]
    heights = axes.apart([line[0] for line in inside])
    return [
        {"y": height, "label": label, "short": short}
        for height, (_, label, short) in zip(heights, inside, strict=True)
    ]


def _told(found: Funnel) -> str:
    metric = found.metric
    if found.usual is None or not found.spots:
        return alt_text.fitted([f"{metric.label}: there are no values to draw."])
    beyond = [f"{spot.name} {metric.show(spot.share)} of {spot.n:,}" for spot in found.named]
    return alt_text.fitted(
        [
            f"{metric.label} by number of {metric.n_of}, {len(found.spots)} people around "
            f"{metric.show(found.usual)}{', the named left out' if found.named else ''}.",
            f"{len(found.outside)} lie beyond the 95% limits.",
            f"Beyond luck over all people: {', '.join(beyond)}."
            if beyond
            else "Nobody is beyond luck over all people.",
        ]
    )
