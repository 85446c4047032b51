"""One time chart being drawn: what it shows, and the scale it shows it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from analysis.model import Limits, Signal
from charts import scales
from charts.points import Point
from metrics.model import Better, Metric
from metrics.periods import Grain, Period
from metrics.units import EN_DASH, MINUS

MOST_LINES = 6
Steps = tuple[tuple[date, float], ...]
_SHADES = {Signal.WORSENING: "orange", Signal.IMPROVING: "blue", Signal.CHANGED: "ink"}


@dataclass(frozen=True)
class Stretch:
    """A stretch of a chart with limits of its own.

    Attributes:
        start, end: in UTC milliseconds.
        low, mean, high: the limits and what lies between them.
        phase: stretches of one phase are joined.
    """

    start: float
    end: float
    low: float
    mean: float
    high: float
    phase: int


@dataclass(frozen=True)
class Plot:
    """Points, colours and scale of a time chart, the same in every theme.

    Attributes:
        metric, grain: what is drawn, per what.
        groups: the points of each segment, largest segment first.
        limits: the expected range of the only segment, or None.
        target: (valid from, value) pairs in the order of time.
        highlight: the segment in orange; "" for none.
        signal: of the last value.
        height, top: of the plot, and where its y scale ends, in pixels from the top.
        stretches: limits that change along the line; () for one range all along, or none.
        flagged: (segment, period) to signal, where points are judged one by one; None where the
            last value and the range decide.
        beside: values drawn as small dots without a line.
    """

    metric: Metric
    grain: Grain
    groups: dict[str, list[Point]]
    limits: Limits | None
    target: Steps
    highlight: str
    signal: str
    height: int
    top: int
    stretches: tuple[Stretch, ...] = ()
    flagged: Mapping[tuple[str, Period], Signal] | None = None
    beside: tuple[Point, ...] = ()

    @cached_property
    def points(self) -> list[Point]:
        """All points of all segments."""
        return [point for group in self.groups.values() for point in group]

    @cached_property
    def periods(self) -> list[Period]:
        """Every period that has a point, in order."""
        return sorted({point.period for point in self.points})

    @cached_property
    def shades(self) -> dict[str, str]:
        """The colour's name of the segments that have one of their own; the others are grey."""
        if len(self.groups) == 1:
            return dict.fromkeys(self.groups, "brand")
        if self.highlight in self.groups:
            return {self.highlight: "orange"}
        return {name: f"series {i}" for i, name in enumerate(list(self.groups)[:MOST_LINES])}

    @cached_property
    def span(self) -> tuple[float, float]:
        """Lowest and highest value of the y axis."""
        values = [point.value for point in self.points if point.value is not None]
        shown = values + [value for _, value in self.target]
        if self.limits is not None:
            low = self.limits.low if min(values) < 0 else max(self.limits.low, 0.0)
            shown += [low, self.limits.high]
        shown += [end for part in self.stretches for end in (part.low, part.high)]
        shown += [point.value for point in self.beside if point.value is not None]
        return scales.domain(shown)

    @cached_property
    def limit_texts(self) -> tuple[str, str]:
        """Both limits as text, with the decimals that tell them from the values beyond them."""
        if self.limits is None:
            return "", ""
        return self._apart(self.limits.low), self._apart(self.limits.high)

    @property
    def range_text(self) -> str:
        """The expected range as text, the unit said once: "30.3–38.7 h"."""
        low, high = self.limit_texts
        dash = " to " if low.startswith(MINUS) else EN_DASH
        return f"{low.removesuffix(self.metric.unit.suffix)}{dash}{high}"

    def _apart(self, limit: float) -> str:
        """The limit with as many decimals as tell it from every value beyond its range."""
        show = self.metric.unit.show
        values = [point.value for point in self.points if point.value is not None]
        beyond = [value for value in values if self.limits and is_outside(value, self.limits)]
        for extra in range(3):
            shown = show(limit, extra_decimals=extra)
            if all(show(value, extra_decimals=extra) != shown for value in beyond):
                return shown
        return show(limit, extra_decimals=3)

    def px(self, value: float) -> float:
        """Pixels from the top at which a value is drawn."""
        low, high = self.span
        return self.top + (self.height - self.top) * (high - value) / (high - low)

    def at(self, px: float) -> float:
        """The value that is drawn at that many pixels from the top."""
        low, high = self.span
        return high - (px - self.top) / (self.height - self.top) * (high - low)

    def signal_shade(self, point: Point, *, is_last: bool) -> str:
        """The colour's name of a point that is more than routine; "" for all others."""
        if point.value is None or point.is_partial:
            return ""
        if self.flagged is not None:
            found = self.flagged.get((point.segment, point.period))
            return _SHADES.get(found, "") if found else ""
        if is_last and self.signal in _SHADES:
            return _SHADES[Signal(self.signal)]
        return _SHADES.get(self._side(point.value), "")

    def _side(self, value: float) -> Signal:
        """What a value beyond its expected range means; ROUTINE inside it."""
        if self.limits is None or not is_outside(value, self.limits):
            return Signal.ROUTINE
        if self.metric.better is Better.NEITHER:
            return Signal.CHANGED
        is_bad = (value > self.limits.high) == (self.metric.better is Better.LOWER)
        return Signal.WORSENING if is_bad else Signal.IMPROVING


def is_outside(value: float, limits: Limits) -> bool:
    """Whether a value lies beyond its expected range."""
    return value < limits.low or value > limits.high


def drawn(points: Sequence[Point]) -> list[Point]:
    """The points that have a value."""
    return [point for point in points if point.value is not None]
