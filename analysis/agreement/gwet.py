"""Percent agreement, Fleiss, Gwet AC1/AC2, Brennan-Prediger and Conger, with missing answers.

Each is (agreement − chance) / (1 − chance) with the same agreement and another idea of chance.
Agreement is taken from units with two answers or more; how common an answer is from all answered
units, each counted once, however many people answered it.

Source: Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., chapters 4 and 5 (weights and
missing answers); Gwet 2008, British Journal of Mathematical and Statistical Psychology 61:29 (AC1
and the variance). The intervals shown come from the bootstrap over units; beside them stands
Gwet's: standard error by linearization without finite population correction, and t with n − 1
degrees of freedom. That one is symmetric, so it can reach beyond 1 and is too narrow near 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis.agreement.patterns import FloatArray, IntArray, Patterns, RaterPatterns
from analysis.agreement.resampling import (
    RESAMPLES,
    SEED,
    Estimate,
    Features,
    Rows,
    Statistic,
    estimate,
    over_chance,
)
from analysis.agreement.result import NOBODY_TWICE, SAME_ANSWER, Agreement
from analysis.agreement.weights import Weights, weights
from analysis.distributions import t_quantile

Chance = Literal["percent", "fleiss", "gwet", "brennan_prediger"]
UNEQUAL = "Fleiss 1971 needs equally many answers for each item."


@dataclass(frozen=True, eq=False)
class _Units:
    """The patterns with an answer, unit by unit: what Gwet's formulas are written in."""

    units: IntArray
    shares: FloatArray  # of each answer among those of the unit
    agreed: FloatArray  # share of its pairs of people that agree, by weight; 0 with one answer
    is_paired: FloatArray  # 1 with two answers or more, else 0

    @classmethod
    def of(cls, counts: IntArray, units: IntArray, weighing: FloatArray) -> _Units:
        seen = (counts.sum(axis=1) > 0) & (units > 0)
        given = counts[seen].astype(float)
        people = given.sum(axis=1)
        alike = (given * (given @ weighing - 1.0)).sum(axis=1)
        paired = people >= 2
        agreed = np.where(paired, alike / np.maximum(people * (people - 1.0), 1.0), 0.0)
        return cls(units[seen], given / people[:, None], agreed, paired.astype(float))


def percent_agreement(
    patterns: Patterns,
    weighing: Weights = "identity",
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Agreement:
    """The share of pairs of people that agree, averaged over units with two answers or more."""
    return _coefficient(patterns, "percent", weighing, resamples, seed)


def fleiss(
    patterns: Patterns,
    weighing: Weights = "identity",
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Agreement:
    """Fleiss' kappa, generalized to missing answers; Fleiss 1971 where none is missing.

    Chance: two answers drawn from how common they are. Near 0 when one answer is far more common.
    """
    return _coefficient(patterns, "fleiss", weighing, resamples, seed)


def fleiss_1971(patterns: Patterns, *, resamples: int = RESAMPLES, seed: int = SEED) -> Agreement:
    """Fleiss' kappa as published: undefined unless every unit has equally many answers.

    Source: Fleiss 1971, Psychological Bulletin 76:378.
    """
    people = patterns.counts.sum(axis=1)[patterns.units > 0]
    is_equal = len(set(people[people > 0].tolist())) <= 1
    found = fleiss(patterns, resamples=resamples if is_equal else 0, seed=seed)
    named = replace(found, name="fleiss_1971", label="Fleiss' kappa (1971)")
    if is_equal:
        return named
    return replace(named, value=None, reason=UNEQUAL, standard_error=None, analytic=None)


def gwet_ac(
    patterns: Patterns,
    weighing: Weights = "identity",
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Agreement:
    """Gwet's AC1, or AC2 with weights other than identity.

    Chance: answers given at random on hard items only; it stays low when one answer is far more
    common than the others. Counts every answer of `patterns.answers` as possible.
    """
    return _coefficient(patterns, "gwet", weighing, resamples, seed)


def brennan_prediger(
    patterns: Patterns,
    weighing: Weights = "identity",
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Agreement:
    """Brennan-Prediger's kappa (Randolph's, Bennett's S): every answer equally likely by chance.

    Source: Brennan and Prediger 1981, Educational and Psychological Measurement 41:687; Randolph
    2005. Counts every answer of `patterns.answers` as possible, whether or not anybody gave it.
    """
    return _coefficient(patterns, "brennan_prediger", weighing, resamples, seed)


def conger(
    patterns: RaterPatterns,
    weighing: Weights = "identity",
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Agreement:
    """Conger's kappa: chance from each person's own answers; Cohen's for two without gaps.

    Source: Conger 1980, Psychological Bulletin 88:322; with missing answers Gwet 2014, 5.3.3: each
    person's shares are over what that person answered. Bootstrap interval only.
    """
    weighing_ = weights(weighing, len(patterns.answers), patterns.values)
    features, statistic = _conger_parts(patterns, weighing_)
    found = _Units.of(patterns.counts, patterns.units, weighing_)
    result = Estimate(np.nan)
    if found.units.sum():
        answered = patterns.units * (patterns.codes >= 0).any(axis=1)
        result = estimate(features, answered, statistic, resamples=resamples, seed=seed)
    raters = int((patterns.codes[patterns.units > 0] >= 0).any(axis=0).sum())
    return _result("conger", "Conger's kappa", weighing, found, result, raters, patterns.answers)


def _conger_parts(patterns: RaterPatterns, weighing: FloatArray) -> tuple[Features, Statistic]:
    k, r = len(patterns.answers), len(patterns.raters)
    counts = patterns.counts

    def features(rows: Rows) -> FloatArray:
        one = np.ones(len(rows), dtype=np.int64)
        people = np.maximum(counts[rows].sum(axis=1), 1)
        paired = (people >= 2).astype(float)
        alike = (counts[rows] * (counts[rows] @ weighing - 1.0)).sum(axis=1)
        agreed = paired * alike / np.maximum(people * (people - 1), one)
        gave = patterns.codes[rows][:, :, None] == np.arange(k)
        return np.column_stack([paired, agreed, gave.reshape(len(rows), r * k)])

    def statistic(totals: FloatArray) -> FloatArray:
        gave = totals[:, 2:].reshape(-1, r, k)
        answered = gave.sum(axis=2, keepdims=True)
        shares = np.divide(gave, answered, out=np.zeros_like(gave), where=answered > 0)
        people = (answered[:, :, 0] > 0).sum(axis=1)
        together = shares.sum(axis=1)
        with_all = ((together @ weighing) * together).sum(axis=1)
        with_self = ((shares @ weighing) * shares).sum(axis=(1, 2))
        chance = (with_all - with_self) / np.maximum(people * (people - 1), 1)
        return over_chance(_ratio(totals[:, 1], totals[:, 0]), chance)

    return features, statistic


def _coefficient(
    patterns: Patterns, chance: Chance, weighing: Weights, resamples: int, seed: int
) -> Agreement:
    weighing_ = weights(weighing, len(patterns.answers), patterns.values)
    found = _Units.of(patterns.counts, patterns.units, weighing_)

    def features(rows: Rows) -> FloatArray:
        ones = np.ones(len(rows))
        return np.column_stack(
            [found.is_paired[rows], found.agreed[rows], ones, found.shares[rows]]
        )

    def statistic(totals: FloatArray) -> FloatArray:
        shares = totals[:, 3:] / totals[:, 2:3]
        by_chance = _chance(chance, shares, weighing_)
        return over_chance(_ratio(totals[:, 1], totals[:, 0]), by_chance)

    result = Estimate(np.nan)
    if found.units.sum():
        result = estimate(features, found.units, statistic, resamples=resamples, seed=seed)
    error = _standard_error(found, chance, weighing_, result.value)
    label = _label(chance, weighing)
    return _result(chance, label, weighing, found, result, patterns.raters, patterns.answers, error)


def _label(chance: Chance, weighing: Weights) -> str:
    if chance == "gwet":
        return "Gwet's AC1" if weighing == "identity" else "Gwet's AC2"
    return {
        "percent": "Percent agreement",
        "fleiss": "Fleiss' kappa",
        "brennan_prediger": "Brennan-Prediger kappa",
    }[chance]


def _chance(chance: Chance, shares: FloatArray, weighing: FloatArray) -> FloatArray:
    """Agreement expected by chance, per row of shares of the answers."""
    k = len(weighing)
    if chance == "percent" or (chance == "gwet" and k < 2):
        return np.zeros(len(shares))
    if chance == "fleiss":
        together: FloatArray = ((shares @ weighing) * shares).sum(axis=1)
        return together
    if chance == "gwet":
        spread: FloatArray = (shares * (1.0 - shares)).sum(axis=1)
        return spread * float(weighing.sum() / (k * (k - 1)))
    return np.full(len(shares), weighing.sum() / k**2)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def _standard_error(
    found: _Units, chance: Chance, weighing: FloatArray, value: float
) -> float | None:
    """Gwet's: each unit's share in the coefficient, less what it moves in chance agreement."""
    n = float(found.units.sum())
    if n < 2 or np.isnan(value):
        return None
    shares = (found.units @ found.shares / n)[None, :]
    by_chance = float(_chance(chance, shares, weighing)[0])
    paired = float(found.units @ found.is_paired)
    own = (n / paired) * (found.agreed - by_chance * found.is_paired) / (1.0 - by_chance)
    moved = _chance_of_units(chance, found.shares, shares[0], weighing) - by_chance
    own = own - 2.0 * (1.0 - value) * moved / (1.0 - by_chance)
    return float(np.sqrt(found.units @ (own - value) ** 2 / (n * (n - 1.0))))


def _chance_of_units(
    chance: Chance, own: FloatArray, shares: FloatArray, weighing: FloatArray
) -> FloatArray:
    """What each unit adds to chance agreement; their mean is chance agreement itself."""
    k = len(weighing)
    if chance == "fleiss":
        each: FloatArray = own @ (weighing @ shares)
        return each
    if chance == "gwet" and k > 1:
        spread: FloatArray = own @ (1.0 - shares)
        return spread * float(weighing.sum() / (k * (k - 1)))
    return np.full(len(own), _chance(chance, shares[None, :], weighing)[0])


def _result(
    name: str,
    label: str,
    weighing: Weights,
    found: _Units,
    result: Estimate,
    raters: int,
    answers: tuple[str, ...],
    error: float | None = None,
) -> Agreement:
    n, paired = int(found.units.sum()), int(found.units @ found.is_paired)
    is_there = not np.isnan(result.value)
    shares = (found.units @ found.shares) / max(1, n)
    analytic = None
    if error is not None:
        half = t_quantile(n - 1) * error
        analytic = (result.value - half, result.value + half)
    return Agreement(
        name=name,
        label=label,
        kind=weighing,
        value=result.value if is_there else None,
        reason="" if is_there else SAME_ANSWER if paired else NOBODY_TWICE,
        n_units=paired,
        n_raters=raters,
        prevalence=tuple(zip(answers, map(float, shares), strict=True)),
        low=result.low,
        high=result.high,
        no_interval=result.no_interval,
        standard_error=error,
        analytic=analytic,
    )
