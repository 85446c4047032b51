"""Run rules: what in a series, in words, is more than routine. Every chart asks these.

- limits: a value beyond its limits (Shewhart 1931).
- run: 7 in a row on one side of the center, ending now. NHS England, Making Data Count, uses 7;
  Western Electric 1956 used 8, Nelson 1984 uses 9.
- moves: 6 moves one way (7 values), ending now. Nelson and NHS count 6 values, which fires seven
  times as often.
- near: of the last 3 values 2 on one side beyond two thirds of the way to the limit, the last one
  of them (Western Electric 1956, rule 2; NHS, Making Data Count).

For steady normal data with known limits they fire by chance in about 0.27%, 1.6% (2 × 0.5⁷),
0.04% (2 ÷ 7!) and 0.2% (2 × 0.02275 × (1 − 0.97725²)) of periods. All assume that neighboring
periods vary by themselves; a drifting stock or a weekly rhythm in days breaks that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isclose
from statistics import fmean
from typing import Literal

Direction = Literal[1, -1]
Rule = Literal["limits", "run", "moves", "near", "average", "sum"]
RUN = 7
MOVES = 6
NEAR = 2 / 3  # of the way from the center to the limit
_SCREEN = 3.27  # upper limit of a moving range, in mean moving ranges


@dataclass(frozen=True)
class Fired:
    """A rule that fired: which, which way (+1 up, −1 down), over how many periods.

    "average" and "sum" are an EWMA and a CUSUM beyond their limits; `length` is then for how many
    periods.
    """

    rule: Rule
    direction: Direction
    length: int = 1


def typical_move(numbers: Sequence[float]) -> float:
    """The mean moving range of a series in time order, 0 when all are equal.

    Moving ranges above 3.27 times their mean are dropped once and the mean is worked out again, so
    that one jump does not hide the next; unless nothing but jumps is left.

    >>> typical_move([5, 7, 6, 8, 6, 7])
    1.6
    """
    if all(isclose(number, numbers[0], rel_tol=1e-12) for number in numbers):
        return 0.0
    ranges = [abs(after - before) for before, after in pairwise(numbers)]
    typical = fmean(ranges)
    kept = [size for size in ranges if size <= _SCREEN * typical]
    return fmean(kept) if any(kept) else typical


def beyond(number: float, low: float, high: float) -> Literal[1, -1, 0]:
    """+1 above the limits, −1 below, 0 inside or on the edge."""
    if number > high and not isclose(number, high, rel_tol=1e-9):
        return 1
    if number < low and not isclose(number, low, rel_tol=1e-9):
        return -1
    return 0


def run(series: Sequence[float], center: float) -> Fired | None:
    """Seven or more in a row on one side of the center, ending with the last; None without."""
    above, length = series[-1] > center, 0
    for number in reversed(series):
        if isclose(number, center, rel_tol=1e-12) or (number > center) != above:
            break
        length += 1
    return Fired("run", 1 if above else -1, length) if length >= RUN else None


def moves(series: Sequence[float]) -> Fired | None:
    """Six or more moves one way, ending with the last value; None without."""
    up, length = False, 0
    for after, before in pairwise(reversed(series)):
        if after == before or (length and (after > before) != up):
            break
        up, length = after > before, length + 1
    return Fired("moves", 1 if up else -1, length) if length >= MOVES else None


def near(distances: Sequence[float]) -> Fired | None:
    """Two of the last three near one limit, the last of them; None without.

    Args:
        distances: of each value from its center, in parts of the way to its limit (1 is on it).
    """
    last = distances[-1]
    if len(distances) < 3 or abs(last) <= NEAR:
        return None
    up = last > 0
    if any(abs(part) > NEAR and (part > 0) == up for part in distances[-3:-1]):
        return Fired("near", 1 if up else -1, 3)
    return None
