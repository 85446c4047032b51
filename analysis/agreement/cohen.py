"""Cohen's kappa of two people, plain and weighted."""

from __future__ import annotations

import numpy as np

from analysis.agreement.patterns import FloatArray, PairTable
from analysis.agreement.resampling import RESAMPLES, SEED, Estimate, Rows, estimate, over_chance
from analysis.agreement.result import NOBODY_TWICE, SAME_ANSWER, Agreement
from analysis.agreement.weights import Weights, weights
from analysis.intervals import Z95


def cohen(
    table: PairTable,
    weighing: Weights = "identity",
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Agreement:
    """Cohen's kappa over the units that both answered.

    Chance: each person's own answers, drawn independently. Undefined where both gave one and the
    same answer throughout. The interval shown is the bootstrap's; beside it stands the one by the
    large-sample standard error and the normal distribution.

    Source: Cohen 1960, Educational and Psychological Measurement 20:37; weighted: Cohen 1968,
    Psychological Bulletin 70:213; standard error: Fleiss, Cohen and Everitt 1969, Psychological
    Bulletin 72:323.
    """
    k, n = len(table.answers), int(table.cells.sum())
    weighing_ = weights(weighing, k, table.values)
    cells = table.cells.ravel()

    def features(rows: Rows) -> FloatArray:
        first, second = rows // k, rows % k
        places = np.arange(k)
        return np.column_stack(
            [weighing_[first, second], first[:, None] == places, second[:, None] == places]
        ).astype(float)

    def statistic(totals: FloatArray) -> FloatArray:
        first, second = totals[:, 1 : k + 1], totals[:, k + 1 :]
        units = first.sum(axis=1)
        chance = ((first @ weighing_) * second).sum(axis=1) / units**2
        return over_chance(totals[:, 0] / units, chance)

    found = Estimate(np.nan)
    if n:
        found = estimate(features, cells, statistic, resamples=resamples, seed=seed)
    is_there = not np.isnan(found.value)
    error = _standard_error(table.cells / n, n, weighing_, found.value) if is_there else None
    both = (table.cells.sum(axis=0) + table.cells.sum(axis=1)) / max(1, 2 * n)
    return Agreement(
        name="cohen",
        label="Cohen's kappa" if weighing == "identity" else "Weighted Cohen's kappa",
        kind=weighing,
        value=found.value if is_there else None,
        reason="" if is_there else SAME_ANSWER if n else NOBODY_TWICE,
        n_units=n,
        n_raters=2,
        prevalence=tuple(zip(table.answers, map(float, both), strict=True)),
        low=found.low,
        high=found.high,
        no_interval=found.no_interval,
        standard_error=error,
        analytic=None if error is None else (found.value - Z95 * error, found.value + Z95 * error),
    )


def _standard_error(shares: FloatArray, n: int, weighing: FloatArray, value: float) -> float:
    first, second = shares.sum(axis=1), shares.sum(axis=0)
    chance = float(first @ weighing @ second)
    across = (weighing @ second)[:, None] + (weighing.T @ first)[None, :]
    spread = float((shares * (weighing - across * (1.0 - value)) ** 2).sum())
    variance = spread - (value - chance * (1.0 - value)) ** 2
    return float(np.sqrt(max(0.0, variance) / n) / (1.0 - chance))
