"""What charts of one row per segment share: the rows read, their labels, the room for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charts import text, tokens, vega
from charts.model import Row
from charts.points import number
from charts.tokens import Theme

MOST_ROWS = 15
EDGES = vega.PAD_TOP + vega.PAD_BOTTOM  # pixels around a plot
_WIDEST_LABEL = 190


@dataclass(frozen=True)
class Bar:
    """One row: what it stands for, its numbers, and the text at its end (short for phones)."""

    segment: str
    value: float
    baseline: float | None = None
    share: float | None = None
    cumulative: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    n_of: str = "rows"
    text: str = ""
    short: str = ""

    @property
    def far(self) -> float:
        """Where the text at the end starts: beyond the bar, and beyond the tick."""
        if self.baseline is None:
            return self.value
        ends = (self.value, self.baseline)
        return min(ends) if self.value < 0 else max(ends)


def bars_of(rows: Iterable[Mapping[str, Any]]) -> list[Bar]:
    """The rows that have a value, in their order; withheld ones are left out."""
    found = []
    for row in rows:
        value = None if row.get("withheld") else number(row.get("value"))
        if value is None:
            continue
        n = number(row.get("n"))
        bar = Bar(
            str(row.get("segment", "")),
            value,
            baseline=number(row.get("baseline")),
            share=number(row.get("share")),
            cumulative=number(row.get("cumulative")),
            low=number(row.get("low")),
            high=number(row.get("high")),
            n=None if n is None else int(n),
            n_of=str(row.get("n_of") or "rows"),
        )
        found.append(bar)
    return found


def step_of(theme: Theme) -> int:
    """Pixels from row to row."""
    return tokens.PRINT_ROW_STEP if theme == "print" else tokens.ROW_STEP


def numbers(shown: Sequence[Bar]) -> list[float]:
    """Everything that must lie on the axis."""
    every = (v for bar in shown for v in (bar.value, bar.baseline, bar.low, bar.high))
    return [value for value in every if value is not None]


def row_of(bar: Bar, position: int) -> Row:
    """The fields that every row of the dataset `rows` has."""
    return {
        "position": position,
        "segment": bar.segment,
        "label": text.cut(bar.segment, _WIDEST_LABEL, tokens.CHART_TEXT_PX),
        "value": bar.value,
        "text": bar.text,
        "short": bar.short,
        "n": bar.n,
        "n_of": bar.n_of,
    }


def frame_of(shown: Sequence[Bar], low: float, high: float, *, note: str = "") -> Row:
    """The row of the dataset `frame`: the axis from low to high, and room for all labels."""
    size = tokens.CHART_TEXT_PX

    def widest(texts: Iterable[str]) -> float:
        return max((text.width(one, size) for one in texts), default=0.0)

    labels = (text.cut(bar.segment, _WIDEST_LABEL, size) for bar in shown)
    below_zero = [bar.text for bar in shown if bar.far < 0 and low < 0]
    return {
        "x0": low,
        "x1": high,
        "position": 0,
        "zero": 0.0,
        "left": 12 + widest(labels),
        # room for what is written left of bars below zero
        "gap": 10 + widest(below_zero) if below_zero else 0,
        "room": 22 + widest(bar.text for bar in shown),
        "narrow": 22 + widest(bar.short for bar in shown),
        "note": note,
    }
