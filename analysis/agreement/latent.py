"""Answers explained by one hidden true answer and a chance of guessing: the yardstick for labels.

A person knows the true answer, or guesses with a chance that depends on the true answer only; a
guess falls on the answers by shares that are the same for all. That everybody is alike and that
items of one true answer are equally hard is what `diagnosis` holds the data against.

Source: the guessing model of Hovy, Berg-Kirkpatrick, Vaswani and Hovy 2013, NAACL-HLT, 1120 (MACE),
with the chance by label instead of by person; EM as in Dawid and Skene 1979. Score test: Rao 1948,
Proceedings of the Cambridge Philosophical Society 44:50, with the variance from the units' own
scores (outer products), so that a mild misfit does not make it certain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.agreement.patterns import FloatArray, IntArray, Patterns

_ROUNDS = 1_000
_TOLERANCE = 1e-9
_FIRST_GUESS = 0.2


@dataclass(frozen=True, eq=False)
class Guessing:
    """The model, fitted.

    Attributes:
        prior: how common each true answer is.
        guess: per true answer, the chance of guessing.
        spread: how guesses fall on the answers.
        posterior: patterns × answers: the chance that the answer is true.
        counts, units: the patterns it was fitted to: those with two answers or more.
    """

    prior: FloatArray
    guess: FloatArray
    spread: FloatArray
    posterior: FloatArray
    counts: FloatArray
    units: IntArray

    @property
    def chances(self) -> FloatArray:
        """True × given answer: the chance of the given one."""
        return _chances(self.guess, self.spread)

    @property
    def errors(self) -> FloatArray:
        """Per true answer, the chance of giving another."""
        return 1.0 - np.diagonal(self.chances)


def fit(patterns: Patterns, *, by_label: bool) -> Guessing:
    """The model that fits best near the majority; one chance of guessing, or one per label."""
    paired = (patterns.counts.sum(axis=1) >= 2) & (patterns.units > 0)
    counts, units = patterns.counts[paired].astype(float), patterns.units[paired]
    posterior = counts / counts.sum(axis=1, keepdims=True)
    prior = units @ posterior / units.sum()
    guess, spread = np.full(counts.shape[1], _FIRST_GUESS), prior
    answers, before = float(units @ counts.sum(axis=1)), -np.inf
    for _ in range(_ROUNDS):
        posterior, grown = _expected(counts, units, prior, _chances(guess, spread))
        if (grown - before) / answers < _TOLERANCE:
            break
        before = grown
        prior = units @ posterior / units.sum()
        guess, spread = _maximized(counts, posterior * units[:, None], guess, spread, by_label)
    return Guessing(prior, guess, spread, posterior, counts, units)


def harder(fitted: Guessing) -> FloatArray:
    """Per true answer a z score: how much harder it is than one chance for all explains.

    About standard normal when it is as hard as the others; NaN where the data cannot tell it from
    how common the answers are: always so with two answers.

    Args:
        fitted: the model with one chance of guessing for all.
    """
    by_label, others = _scores(fitted)
    together = by_label.sum(axis=1, keepdims=True)
    return _z(by_label, np.hstack([together, others]), fitted.units)


def uneven(fitted: Guessing) -> float:
    """A z score: how much more unevenly people err over items than one chance per label explains.

    About standard normal when all items of a label are equally hard, whatever that label; NaN
    where the data cannot tell: always so with two people an item and two answers.

    Source: the C(α) test for mixing, Neyman and Scott 1966, Bulletin of the International
    Statistical Institute 41:477: the second slope of the likelihood by the chance of guessing.

    Args:
        fitted: the model with a chance of guessing per label.
    """
    slopes = fitted.guess[:, None] * _slopes(fitted)
    first = fitted.counts @ slopes.T
    second = fitted.posterior * (first**2 - fitted.counts @ (slopes**2).T)
    by_label, others = _scores(fitted)
    mixed = second.sum(axis=1, keepdims=True)
    return float(_z(mixed, np.hstack([by_label, others]), fitted.units)[0])


def _z(wanted: FloatArray, nuisance: FloatArray, units: IntArray) -> FloatArray:
    """Sums over units, each over its spread beyond what the fitted numbers take up."""
    weight = np.sqrt(units)[:, None]
    design, scores = nuisance * weight, wanted * weight
    scale = np.sqrt((design**2).sum(axis=0))
    design = design[:, scale > 0] / scale[scale > 0]
    left = scores - design @ np.linalg.lstsq(design, scores, rcond=1e-9)[0]
    spread = np.sqrt((left**2).sum(axis=0))
    is_told = spread > 1e-3 * np.sqrt((scores**2).sum(axis=0))
    moved = units @ wanted
    z: FloatArray = np.divide(moved, spread, out=np.full_like(moved, np.nan), where=is_told)
    return z


def _chances(guess: FloatArray, spread: FloatArray) -> FloatArray:
    known: FloatArray = np.diag(1.0 - guess) + guess[:, None] * spread[None, :]
    return known


def _expected(
    counts: FloatArray, units: IntArray, prior: FloatArray, chances: FloatArray
) -> tuple[FloatArray, float]:
    with np.errstate(divide="ignore"):
        log = counts @ np.maximum(np.log(chances), -700.0).T + np.log(prior)
    top = log.max(axis=1, keepdims=True)
    scaled = np.exp(log - top)
    whole = scaled.sum(axis=1, keepdims=True)
    return scaled / whole, float(units @ (top + np.log(whole))[:, 0])


def _maximized(
    counts: FloatArray,
    weighted: FloatArray,
    guess: FloatArray,
    spread: FloatArray,
    by_label: bool,
) -> tuple[FloatArray, FloatArray]:
    given = weighted.T @ counts  # true × given, in answers
    own = np.arange(len(guess))
    guessed = given.copy()
    by_guess = guess * spread
    guessed[own, own] *= by_guess / np.maximum(1.0 - guess + by_guess, 1e-300)
    if by_label:
        share = guessed.sum(axis=1) / np.maximum(given.sum(axis=1), 1e-300)
    else:
        share = np.full(len(guess), guessed.sum() / given.sum())
    total = guessed.sum()
    return share, guessed.sum(axis=0) / total if total > 0 else spread


def _slopes(fitted: Guessing) -> FloatArray:
    """True × given answer: the slope of the logarithm of its chance by the chance of guessing."""
    own = np.eye(len(fitted.prior))
    return (fitted.spread[None, :] - own) / np.maximum(fitted.chances, 1e-300)


def _scores(fitted: Guessing) -> tuple[FloatArray, FloatArray]:
    """Per unit of each pattern: the slopes by each label's guessing, and by all else fitted."""
    by_label = fitted.posterior * (fitted.counts @ _slopes(fitted).T)
    pulled = fitted.guess[:, None] / np.maximum(fitted.chances, 1e-300)
    by_spread = fitted.counts * (fitted.posterior @ pulled)
    by_spread = fitted.spread * (by_spread - (by_spread @ fitted.spread)[:, None])
    by_prior = fitted.posterior - fitted.prior
    return by_label, np.hstack([by_prior, by_spread])
