"""Has a series left its level, since when, and is that more than chance?

One regression per candidate: the series is level until some period, and from then on lies apart by
a constant (a step) or moves on by a constant every period (a ramp). The candidate that leaves the
smallest residual is kept: the maximum-likelihood change point (Hinkley 1970, Biometrika 57:1).

Its chance is that of Student's t, made honest in three ways:

- times the number of candidates tried (Bonferroni);
- neighboring periods are taken for correlated as much as the residuals are, where counting luck
  leaves room for it (first-order autoregression; the exact variance of the estimate, and degrees
  of freedom of the effective number of periods behind a variance, n (1 - r²) / (1 + r²), Bayley
  and Hammersley 1946, Supplement to the JRSS 8:184): a stock that drifts is not a shift;
- the residual variance is never taken for smaller than counting luck alone makes it.

What breaks it: a season longer than the history, and single values with very heavy tails (ask for
at least two periods there).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.distributions import t_two_sided

Numbers = NDArray[np.float64]
Shape = Literal["step", "ramp"]
_MOST_CORRELATED = 0.9
_FEWEST_DEGREES = 3.0


@dataclass(frozen=True)
class Shift:
    """A series that left its level.

    Attributes:
        start: index of the first period that lies apart.
        shape: apart by a constant, or more every period.
        t: the estimate in standard errors; its sign says which way.
        p: the chance of one at least so far apart, anywhere, in a steady series.
    """

    start: int
    shape: Shape
    t: float
    p: float


@dataclass(frozen=True)
class Series:
    """A series in time order, without gaps, on a scale where its spread is even.

    Attributes:
        values: one a period.
        weights: the variance of a value is proportional to 1 / weight.
        floor: the least that variance can be at weight 1: counting luck.
        is_drawn_anew: whether the luck of one period is another's: other rows are counted in each.
            Not so for a stock, which is mostly made of the rows of the period before.
    """

    values: Numbers
    weights: Numbers
    floor: float = 0.0
    is_drawn_anew: bool = True


def find_shift(series: Series, *, min_before: int, min_after: int = 1) -> Shift | None:
    """The change of level that fits a series best and lasts to its end, with its chance.

    Args:
        series: the series.
        min_before: periods that must come before the change.
        min_after: periods that must come after it.

    Returns:
        None when the series is too short to have one.
    """
    candidates = _candidates(len(series.values), min_before, min_after)
    if not candidates:
        return None
    designs = np.array([design for *_, design in candidates])
    start, shape, _ = candidates[int(np.argmax(_explained(series, designs)))]
    t, p = weigh(series, start, shape)
    return Shift(start, shape, t, min(1.0, p * len(candidates)))


def weigh(series: Series, start: int, shape: Shape) -> tuple[float, float]:
    """A given change of level in standard errors, and its two-sided chance."""
    length = len(series.values)
    root = np.sqrt(series.weights)
    columns = np.column_stack([root, root * _design(length, start, shape)])
    inverse = np.linalg.inv(columns.T @ columns)
    estimate = inverse @ (columns.T @ (root * series.values))
    left = root * series.values - columns @ estimate
    correlation = _correlation(left[:start], series)
    lags = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    related = correlation**lags
    hat = columns @ inverse @ columns.T
    variance = float(left @ left) / float(np.trace(related - hat @ related))
    pull = inverse[1] @ columns.T
    error = float(np.sqrt(max(variance, series.floor) * (pull @ related @ pull)))
    if error == 0.0:
        return (float(np.sign(estimate[1]) * np.inf) if estimate[1] else 0.0), 1.0
    effective = length * (1 - correlation**2) / (1 + correlation**2) - 2
    t = float(estimate[1]) / error
    return t, t_two_sided(t, max(_FEWEST_DEGREES, effective))


@lru_cache(maxsize=64)
def _candidates(
    length: int, min_before: int, min_after: int
) -> tuple[tuple[int, Shape, Numbers], ...]:
    found: list[tuple[int, Shape, Numbers]] = []
    for start in range(min_before, length - min_after + 1):
        found.append((start, "step", _design(length, start, "step")))
        if start < length - 1:  # one period alone is a step
            found.append((start, "ramp", _design(length, start, "ramp")))
    return tuple(found)


def _design(length: int, start: int, shape: Shape) -> Numbers:
    since = np.arange(length) - start + 1.0
    return np.where(since > 0, since if shape == "ramp" else 1.0, 0.0)


def _explained(series: Series, designs: Numbers) -> Numbers:
    """How much of the weighted sum of squares each design explains."""
    weights = series.weights
    share = weights / weights.sum()
    centered = series.values - share @ series.values
    regressors = designs - (designs @ share)[:, None]
    together = regressors @ (weights * centered)
    return np.asarray(together**2 / ((regressors**2) @ weights))


def _correlation(left: Numbers, series: Series) -> float:
    """First-order correlation of residuals, corrected for its bias in short series, at least 0.

    Only periods before the change are asked: after it, a change of another shape looks like
    correlation. Kendall 1954, Biometrika 41:403: the estimate falls short by (1 + 3 r) / length;
    choosing where the change begins takes about as much again (seen in simulation: with twice the
    correction the 5% level holds up to a correlation of 0.5).

    Where other rows are counted in each period, only what their spread has beyond counting luck
    can hang together.
    """
    squares = float(left @ left)
    if squares == 0.0:
        return 0.0
    raw = float(left[1:] @ left[:-1]) / squares
    corrected = raw + 2 * (1 + 3 * raw) / len(left)
    most = _MOST_CORRELATED
    if series.is_drawn_anew:
        most = min(most, 1 - series.floor * (len(left) - 1) / squares)
    return max(0.0, min(most, corrected))
