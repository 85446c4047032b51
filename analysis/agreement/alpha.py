"""Krippendorff's alpha: nominal, ordinal, interval and ratio, with missing answers.

Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; Krippendorff 2019, Content
Analysis, 4th ed., 12.3. Alpha is 1 − observed / expected disagreement over the answers that can be
paired: units with one answer do not count, not even in how common an answer is. With one answer
far more common than the others a few disagreements bring alpha near 0: read it beside percent
agreement and AC1.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from analysis.agreement.patterns import FloatArray, Patterns, UnitMoments
from analysis.agreement.resampling import (
    RESAMPLES,
    SEED,
    Estimate,
    Features,
    Rows,
    Statistic,
    estimate,
)
from analysis.agreement.result import NOBODY_TWICE, SAME_ANSWER, Agreement

Level = Literal["nominal", "ordinal", "interval", "ratio"]
NOT_NUMBERS = "The answers are not numbers."
BELOW_ZERO = "Ratio alpha needs numbers of zero or more."


def alpha(
    patterns: Patterns, level: Level = "nominal", *, resamples: int = RESAMPLES, seed: int = SEED
) -> Agreement:
    """Krippendorff's alpha at a level of measurement.

    Ordinal takes the answers in the order of their values, or as they stand where they have none.
    Interval and ratio need values, ratio none below zero; else the value is None with the reason.

    Args:
        patterns: the answers.
        level: how far apart two answers are.
        resamples: of the bootstrap; 0 for no interval.
        seed: of the bootstrap.
    """
    ready = patterns.ordered
    paired = ready.counts.sum(axis=1) >= 2
    totals = (ready.units * paired) @ ready.counts
    reason = _reason(ready, level, totals)
    found = Estimate(np.nan)
    if not reason:
        features, statistic = _parts(ready, level)
        found = estimate(features, ready.units * paired, statistic, resamples=resamples, seed=seed)
    shares = totals / max(1, totals.sum())
    prevalence = tuple(zip(ready.answers, (float(share) for share in shares), strict=True))
    return _record(level, found, reason, int(ready.units[paired].sum()), ready.raters, prevalence)


def alpha_from_moments(
    moments: UnitMoments, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Agreement:
    """Interval alpha from each unit's n, sum and sum of squares; no prevalence."""
    used = moments.units * (moments.n >= 2)
    features, statistic = _interval(moments)
    units = int(used.sum())
    found = Estimate(np.nan)
    if units:
        found = estimate(features, used, statistic, resamples=resamples, seed=seed)
    reason = "" if units and not np.isnan(found.value) else SAME_ANSWER if units else NOBODY_TWICE
    return _record("interval", found, reason, units, moments.raters, ())


def _reason(patterns: Patterns, level: Level, totals: npt.NDArray[np.int64]) -> str:
    if totals.sum() == 0:
        return NOBODY_TWICE
    if np.count_nonzero(totals) < 2:
        return SAME_ANSWER
    if level in ("interval", "ratio") and patterns.values is None:
        return NOT_NUMBERS
    if level == "ratio" and patterns.values is not None and min(patterns.values) < 0:
        return BELOW_ZERO
    return ""


def _record(
    level: Level,
    found: Estimate,
    reason: str,
    units: int,
    raters: int,
    prevalence: tuple[tuple[str, float], ...],
) -> Agreement:
    return Agreement(
        name="alpha",
        label="Krippendorff's alpha",
        kind=level,
        value=None if np.isnan(found.value) else found.value,
        reason=reason,
        n_units=units,
        n_raters=raters,
        prevalence=prevalence,
        low=found.low,
        high=found.high,
        no_interval=found.no_interval,
    )


def _parts(patterns: Patterns, level: Level) -> tuple[Features, Statistic]:
    """The sums of a unit that alpha needs, and alpha from their totals."""
    if level == "interval":
        return _interval(patterns.moments)
    if level == "ordinal":
        return _ordinal(patterns)
    return _fixed(patterns, _distances(patterns, level))


def _distances(patterns: Patterns, level: Level) -> FloatArray | None:
    """Answers × answers: the squared difference of two; None for nominal: 0 or 1."""
    if level == "nominal":
        return None
    values = np.asarray(patterns.values, dtype=float)
    sums = values[:, None] + values[None, :]
    apart = values[:, None] - values[None, :]
    share: FloatArray = np.divide(apart, sums, out=np.zeros_like(sums), where=sums != 0)
    return share**2


def _squares(counts: FloatArray, distances: FloatArray | None) -> FloatArray:
    """Per row the sum over pairs of answers of count × count × distance."""
    if distances is None:
        squared: FloatArray = counts.sum(axis=1) ** 2 - (counts**2).sum(axis=1)
        return squared
    crossed: FloatArray = ((counts @ distances) * counts).sum(axis=1)
    return crossed


def _fixed(patterns: Patterns, distances: FloatArray | None) -> tuple[Features, Statistic]:
    """Alpha where distances do not depend on how common the answers are."""

    def features(rows: Rows) -> FloatArray:
        counts = patterns.counts[rows].astype(float)
        others = np.maximum(counts.sum(axis=1) - 1.0, 1.0)
        return np.column_stack([counts, _squares(counts, distances) / others])

    def statistic(totals: FloatArray) -> FloatArray:
        counts, observed = totals[:, :-1], totals[:, -1]
        return _alpha(observed, _squares(counts, distances), counts.sum(axis=1))

    return features, statistic


def _interval(moments: UnitMoments) -> tuple[Features, Statistic]:
    """Alpha with squared differences: Σ(x − y)² over ordered pairs is 2(nΣx² − (Σx)²)."""
    weight = (moments.units * moments.n).sum()
    middle = float((moments.units * moments.total).sum() / weight) if weight else 0.0
    total = moments.total - middle * moments.n
    squares = moments.squares - 2.0 * middle * moments.total + middle**2 * moments.n
    largest = float((moments.squares / np.maximum(moments.n, 1)).max(initial=0.0))

    def features(rows: Rows) -> FloatArray:
        n, x, xx = moments.n[rows], total[rows], squares[rows]
        observed = 2.0 * np.maximum(n * xx - x**2, 0.0) / np.maximum(n - 1, 1)
        return np.column_stack([n, x, xx, observed])

    def statistic(totals: FloatArray) -> FloatArray:
        n, x, xx, observed = totals.T
        expected = 2.0 * (n * xx - x**2)
        noise = n * np.maximum(1e-10 * xx, 1e-13 * n * largest)
        return _alpha(observed, np.where(expected <= noise, 0.0, expected), n)

    return features, statistic


def _ordinal(patterns: Patterns) -> tuple[Features, Statistic]:
    """Alpha with squared differences of mid-ranks among all answers that can be paired.

    Krippendorff's (Σ n_g from c to k − (n_c + n_k) / 2)² is the squared difference of mid-ranks.
    """
    k = len(patterns.answers)

    def features(rows: Rows) -> FloatArray:
        counts = patterns.counts[rows].astype(float)
        pairs = counts[:, :, None] * counts[:, None, :]
        pairs[:, np.arange(k), np.arange(k)] -= counts
        others = np.maximum(counts.sum(axis=1) - 1.0, 1.0)
        together: FloatArray = (pairs / others[:, None, None]).reshape(len(rows), k * k)
        return together

    def statistic(totals: FloatArray) -> FloatArray:
        pairs = totals.reshape(-1, k, k)
        counts = pairs.sum(axis=2)
        n = counts.sum(axis=1)
        ranks = counts.cumsum(axis=1) - counts / 2.0 - n[:, None] / 2.0
        squares, sums = (counts * ranks**2).sum(axis=1), (counts * ranks).sum(axis=1)
        alike = (ranks * np.einsum("bij,bj->bi", pairs, ranks)).sum(axis=1)
        expected = 2.0 * (n * squares - sums**2)
        noise = 1e-12 * n**4  # of one answer alone; two answers give n²(n − 1) / 2 and more
        return _alpha(2.0 * (squares - alike), np.where(expected <= noise, 0.0, expected), n)

    return features, statistic


def _alpha(observed: FloatArray, expected: FloatArray, n: FloatArray) -> FloatArray:
    """1 − (n − 1) × observed / expected; NaN where everything is the same."""
    undefined = np.full_like(expected, np.nan)
    ratio = np.divide(observed, expected, out=undefined, where=expected > 0.0)
    return 1.0 - (n - 1.0) * ratio
