"""What callers hand in (values, or rows of a store's table) as points to draw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from metrics.periods import Grain, Period, period_of
from metrics.value import Value

MOST_MARKS = 2_000  # above this the browser leaves SVG, and with it accessibility


@dataclass(frozen=True)
class Point:
    """One value of one segment in one period; `value` is None where there is none to draw."""

    period: Period
    segment: str
    value: float | None
    n: int
    is_partial: bool
    withheld: str


def number(value: object) -> float | None:
    """A finite float, or None for everything that is not one (NaN, NA, text)."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def points_of(series: Iterable[Value | Mapping[str, Any]], grain: Grain) -> list[Point]:
    """The points in the order of time.

    Args:
        series: values, or rows with period (first day), segment, value, n, is_partial, withheld.
        grain: how long a period of such a row is.
    """
    found = [
        _of_value(item) if isinstance(item, Value) else _of_row(item, grain) for item in series
    ]
    return sorted(found, key=lambda point: point.period.since)


def _of_value(item: Value) -> Point:
    value = None if item.withheld else number(item.value)
    return Point(item.period, item.segment, value, item.n, item.is_partial, item.withheld)


def _of_row(row: Mapping[str, Any], grain: Grain) -> Point:
    day = row["period"]
    day = day.date() if isinstance(day, datetime) else date.fromisoformat(str(day)[:10])
    withheld = row.get("withheld") or ""
    return Point(
        period_of(day, grain),
        str(row.get("segment") or ""),
        None if withheld else number(row.get("value")),
        int(number(row.get("n")) or 0),
        bool(row.get("is_partial", False)),
        str(withheld),
    )


def by_segment(points: Iterable[Point]) -> dict[str, list[Point]]:
    """Points of each segment, largest segment (by n) first."""
    groups: dict[str, list[Point]] = {}
    for point in points:
        groups.setdefault(point.segment, []).append(point)
    order = sorted(groups, key=lambda name: (-sum(p.n for p in groups[name]), name))
    return {name: groups[name] for name in order}


def thinned(points: list[Point], most: int) -> list[Point]:
    """At most `most` points: of each stretch the lowest, the highest and the ends.

    No extreme is lost, so the line looks the same (the idea of M4: Jugel et al. 2014, "M4: A
    Visualization-Oriented Time Series Data Aggregation"). Gaps shorter than a stretch close.
    """
    if len(points) <= most:
        return points
    stretch = math.ceil(len(points) * 4 / most)
    kept: list[Point] = []
    for start in range(0, len(points), stretch):
        part = points[start : start + stretch]
        drawn = [point for point in part if point.value is not None]
        lowest = min(drawn, key=lambda p: p.value or 0.0, default=part[0])
        highest = max(drawn, key=lambda p: p.value or 0.0, default=part[0])
        wanted = {id(part[0]), id(part[-1]), id(lowest), id(highest)}
        kept += [point for point in part if id(point) in wanted]
    return kept
