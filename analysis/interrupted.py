"""Interrupted time series: how far a series lies from where its earlier course would have led.

Segmented regression (Wagner et al. 2002, Journal of Clinical Pharmacy and Therapeutics 27:299;
Lopez Bernal et al. 2017, International Journal of Epidemiology 46:348): a level, a trend, a step at
the change, a change of trend after it, and the weekday where periods are days. An error is partly
the luck of its period (the more, the fewer rows it has) and partly a first-order autoregression
that lingers. How much, and how long, is hardly known from a few dozen periods, and the usual
corrections (Newey-West, feasible least squares) then give intervals that are too narrow (Turner et
al. 2021, BMC Medical Research Methodology 21:181). So neither is estimated, both are averaged over:
each pair gives a generalized least squares fit with a t interval, and counts by its restricted
likelihood (Harville 1974, Biometrika 61:383; Zellner and Tiao 1964, JASA 59:763). That is the
Bayesian interval under flat priors on these values.

How often it covers was first counted on the seeds of the tests, by which these values were chosen;
so it was counted again on three seeds that nothing was chosen by (1, 7, 31337): seven kinds of
series, neighbors correlated by 0, 0.25 and 0.5, 500 series each. The 95% interval held the planted
effect in 93.6 to 98.6% of each 500, 96.1% together: 62 of the 63 counts lie from 92 to 98%. The
one above is of 10 weeks on either side without correlation, where 5,000 more series gave 97.7%: the
interval is then rather wide. A series without an effect was called better in 0.6 to 4.0%, 2.0%
together.

What breaks it: something else that happens at the same time, an earlier course that was no straight
line, and errors that linger longer than a first-order autoregression. A random walk is such a
series; see `analysis.improvement` for what is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import lgamma, log, pi

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RHOS: Floats = np.array([-0.4, -0.25, -0.1, 0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95])
SHARES: Floats = np.array([0.7, 1.0])  # of the variance that lingers
_LEAST_MEAN = 0.25  # of a count that varies like a count


@dataclass(frozen=True)
class Observed:
    """The periods with a value, oldest first.

    Attributes:
        at: number of the period, counted from the change: below 0 before it, from 0 on after it.
        y: the values.
        spread: how much each varies beside the others (1 / n for shares, means and medians).
        weekday: 0 to 6 where the periods are days, else None.
        is_count: the values are counts, which vary as much as their mean; `spread` is not read.
    """

    at: Floats
    y: Floats
    spread: Floats
    weekday: NDArray[np.int64] | None = None
    is_count: bool = False


@dataclass(frozen=True)
class Estimate:
    """A number with its 95% interval, in the unit of the series."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Fit:
    """What the regression says.

    Attributes:
        effect: the mean distance, after the change, of the fitted series from where the earlier
            trend would have led.
        level: the step at the change.
        slope: the change of the trend, per period.
        course: the fitted values, one per period observed, on a weekday like the mean of all.
        expected: after the change, where the earlier trend would have led, one per period, on a
            weekday like the mean of all.
        rho: the correlation of neighbors, averaged by its likelihood.
    """

    effect: Estimate
    level: Estimate
    slope: Estimate
    course: Floats
    expected: tuple[Estimate, ...]
    rho: float


def fit(observed: Observed) -> Fit | None:
    """The regression; None when the values leave nothing to estimate the spread from."""
    design, without = _designs(observed)
    size, terms = design.shape
    if size - terms < 3:
        return None
    spread = _spread(observed, design)
    rhos, shares = (grid.ravel() for grid in np.meshgrid(RHOS, SHARES))
    solved = gls(design, observed.y, spread, observed.at, rhos, shares)
    if solved.rest.min() <= 1e-18 * float(np.sum(observed.y**2) + 1e-300):
        return None
    weights = np.exp(solved.log_likelihood - solved.log_likelihood.max())
    weights /= weights.sum()
    betas = solved.beta
    after = observed.at >= 0
    plain = without[after].copy()
    plain[:, 4:] = 0.0
    asked = np.vstack([_contrasts(design, without, after), plain])
    found = _averaged(asked, betas, solved.covariance, weights, size - terms)
    return Fit(
        effect=found[0],
        level=found[1],
        slope=found[2],
        course=np.asarray(design[:, :4] @ (weights @ betas)[:4]),
        expected=tuple(found[3:]),
        rho=float(weights @ (rhos * shares)),
    )


def _designs(observed: Observed) -> tuple[Floats, Floats]:
    """The columns of the regression, and the same as if the change had not been."""
    at = observed.at
    after = (at >= 0).astype(float)
    columns = [np.ones_like(at), at / 10.0, after, after * at / 10.0]
    if observed.weekday is not None:
        known = np.unique(observed.weekday)
        columns += [
            (observed.weekday == day).astype(float) - (observed.weekday == known[-1])
            for day in known[:-1]
        ]
    design = np.column_stack(columns)
    without = design.copy()
    without[:, 2:4] = 0.0
    return design, without


def _contrasts(design: Floats, without: Floats, after: NDArray[np.bool_]) -> Floats:
    """Mean effect, step, and change of slope as sums of the coefficients."""
    terms = design.shape[1]
    return np.vstack(
        [(design - without)[after].mean(axis=0), np.eye(terms)[2], np.eye(terms)[3] / 10.0]
    )


def _spread(observed: Observed, design: Floats) -> Floats:
    """The variance of each value up to a factor; that of a count follows its own mean."""
    if not observed.is_count:
        return np.asarray(observed.spread / observed.spread.mean())
    beta = np.linalg.lstsq(design, observed.y, rcond=None)[0]
    mean = design[:, :4] @ beta[:4]  # without the weekdays: they weigh alike
    spread = np.maximum(mean, max(_LEAST_MEAN, 0.02 * float(observed.y.mean())))
    return np.asarray(spread / spread.mean())


@dataclass(frozen=True)
class Solved:
    """Generalized least squares, one fit per pair of rho and share along the first axis.

    Attributes:
        beta, covariance: the coefficients, and how they vary.
        rest: the weighted sum of squared residuals.
        log_likelihood: the restricted one, up to a constant.
    """

    beta: Floats
    covariance: Floats
    rest: Floats
    log_likelihood: Floats


def gls(
    design: Floats, y: Floats, spread: Floats, at: Floats, rhos: Floats, shares: Floats
) -> Solved:
    """Least squares with errors of covariance (1 − share) spread + share rho^distance, exactly.

    Periods without a value widen the distance between their neighbors.
    """
    rows, log_scale = _whitened(np.column_stack([design, y]), spread, at, rhos, shares)
    x, z = rows[:, :, :-1], rows[:, :, -1:]
    q, r = np.linalg.qr(x)
    beta = np.linalg.solve(r, q.swapaxes(1, 2) @ z)
    rest = np.sum((z - x @ beta) ** 2, axis=(1, 2))
    inverse = np.linalg.inv(r)
    df = x.shape[1] - x.shape[2]
    corners = np.abs(np.diagonal(r, axis1=1, axis2=2))
    likely = -log_scale - np.sum(np.log(corners), axis=1)
    likely = likely - 0.5 * df * np.log(np.maximum(rest, 1e-300))
    covariance = inverse @ inverse.swapaxes(1, 2) * (rest / df)[:, None, None]
    return Solved(beta[:, :, 0], covariance, rest, likely)


def _whitened(
    rows: Floats, spread: Floats, at: Floats, rhos: Floats, shares: Floats
) -> tuple[Floats, Floats]:
    """The rows with uncorrelated errors of variance 1, and half the log determinant taken out.

    One step of the Kalman filter (Kalman 1960, Journal of Basic Engineering 82:35) per period: what
    the earlier ones foretell is subtracted, and what remains is scaled. All pairs go side by side.
    """
    size, terms = rows.shape
    told = np.zeros((len(rhos), terms))
    doubt = shares.copy()
    found = np.empty((len(rhos), size, terms))
    log_scale = np.zeros(len(rhos))
    for place in range(size):
        if place:
            link = np.sign(rhos) ** (at[place] - at[place - 1])
            link = link * np.abs(rhos) ** (at[place] - at[place - 1])
            told = link[:, None] * told
            doubt = link**2 * doubt + shares * (1.0 - link**2)
        whole = doubt + (1.0 - shares) * spread[place]
        new = rows[place] - told
        found[:, place] = new / np.sqrt(whole)[:, None]
        log_scale += 0.5 * np.log(whole)
        told = told + (doubt / whole)[:, None] * new
        doubt = doubt * (1.0 - doubt / whole)
    return found, log_scale


def _averaged(
    asked: Floats, betas: Floats, covariances: Floats, weights: Floats, df: int
) -> list[Estimate]:
    """Each sum of coefficients with the 95% interval of the mixture of t distributions."""
    centers = betas @ asked.T
    errors = np.sqrt(np.einsum("ai,rij,aj->ra", asked, covariances, asked))
    ends = [_quantiles(share, centers, errors, weights, df) for share in (0.025, 0.975)]
    means = weights @ centers
    return [Estimate(*map(float, one)) for one in zip(means, *ends, strict=True)]


def _quantiles(share: float, centers: Floats, errors: Floats, weights: Floats, df: int) -> Floats:
    """Where the mixture has that share below it; by halving, for all columns at once."""
    x, below = _t_table(df)
    low = (centers - 60 * errors).min(axis=0)
    high = (centers + 60 * errors).max(axis=0)
    for _ in range(45):
        middle = (low + high) / 2
        reached = weights @ np.interp((middle - centers) / errors, x, below)
        low, high = np.where(reached < share, middle, low), np.where(reached < share, high, middle)
    return np.asarray((low + high) / 2)


@lru_cache(maxsize=256)
def _t_table(df: int) -> tuple[Floats, Floats]:
    """Student's t: points and the share below each, from its density by the trapezoid rule."""
    x = np.sinh(np.linspace(-6.0, 6.0, 12_001))
    log_density = lgamma((df + 1) / 2) - lgamma(df / 2) - 0.5 * log(df * pi)
    density = np.exp(log_density - (df + 1) / 2 * np.log1p(x * x / df))
    steps = np.diff(x) * (density[1:] + density[:-1]) / 2
    below = np.concatenate([[0.0], np.cumsum(steps)])
    return x, below + (1.0 - below[-1]) / 2


def observed(
    at: Sequence[int],
    y: Sequence[float],
    spread: Sequence[float],
    *,
    weekday: Sequence[int] | None = None,
    is_count: bool = False,
) -> Observed:
    """The same as arrays."""
    return Observed(
        np.asarray(at, dtype=float),
        np.asarray(y, dtype=float),
        np.asarray(spread, dtype=float),
        None if weekday is None else np.asarray(weekday, dtype=np.int64),
        is_count,
    )
