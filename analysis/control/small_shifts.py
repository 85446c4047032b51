"""EWMA and CUSUM: charts that find small lasting shifts sooner than limits of single periods.

EWMA: z = 0.2 x + 0.8 z before, from the center on; limits ∓ 2.962 exact standard deviations of z,
which grow over the first periods. λ = 0.2 with L = 2.962 gives one false alarm in about 500
periods (Lucas and Saccucci 1990, Technometrics 32:1; Montgomery, Introduction to Statistical
Quality Control, 9.2). Where n differs, each period has its own variance:
Var z = 0.64 Var z before + 0.04 Var x.

CUSUM: C⁺ = max(0, C⁺ before + w − 0.5) and C⁻ the same downwards, w in standard deviations from
the center; limit 5. One false alarm in about 465 periods (Page 1954, Biometrika 41:100; Montgomery,
9.1). Tuned to shifts of one standard deviation.

Both assume a center and a spread that are known: from 12 to 26 periods of baseline they err, and
false alarms are more frequent. Neither is for sparse counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from analysis.control.levels import Level
from analysis.control.model import ControlPoint
from analysis.run_rules import Direction, Fired, beyond
from metrics.value import Value

WEIGHT, WIDTH = 0.2, 2.962
SLACK, DECISION = 0.5, 5.0


def ewma(
    counted: Sequence[Value], sizes: Sequence[float], level: Level, phase: int
) -> list[ControlPoint]:
    """The weighted averages of one phase, with their exact limits; all values are there."""
    average, variance, lasts = level.center, 0.0, 0
    points: list[ControlPoint] = []
    for value, size in zip(counted, sizes, strict=True):
        now = value.value or 0.0
        average = WEIGHT * now + (1.0 - WEIGHT) * average
        variance = (1.0 - WEIGHT) ** 2 * variance + (WEIGHT * level.spread(size)) ** 2
        width = WIDTH * sqrt(variance)
        low, high = level.center - width, level.center + width
        outside = beyond(average, low, high)
        lasts = _lasting(lasts, outside)
        flags = (Fired("average", outside, abs(lasts)),) if outside else ()
        points.append(ControlPoint(value, phase, average, None, level.center, low, high, flags))
    return points


def cusum(
    counted: Sequence[Value], sizes: Sequence[float], level: Level, phase: int
) -> list[ControlPoint]:
    """The summed rises and falls of one phase in standard deviations; all values are there.

    `length` of a flag is how many periods back the sum left 0: where the shift may have begun.
    """
    rises, falls, risen, fallen = 0.0, 0.0, 0, 0
    points: list[ControlPoint] = []
    for value, size in zip(counted, sizes, strict=True):
        spread = level.spread(size)
        distance = ((value.value or 0.0) - level.center) / spread if spread else 0.0
        rises = max(0.0, rises + distance - SLACK)
        falls = min(0.0, falls + distance + SLACK)
        risen, fallen = (risen + 1 if rises else 0), (fallen + 1 if falls else 0)
        flags = [_summed(1, risen)] if rises > DECISION else []
        flags += [_summed(-1, fallen)] if falls < -DECISION else []
        points.append(
            ControlPoint(value, phase, rises, falls, 0.0, -DECISION, DECISION, tuple(flags))
        )
    return points


def _summed(direction: Direction, length: int) -> Fired:
    return Fired("sum", direction, length)


def _lasting(before: int, outside: int) -> int:
    """For how many periods, signed, the average has been outside on this side."""
    if not outside:
        return 0
    return before + outside if before * outside > 0 else outside
