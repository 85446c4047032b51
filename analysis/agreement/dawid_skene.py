"""Which answer is likely right, and how each person errs, from the answers alone.

Source: Dawid and Skene 1979, Journal of the Royal Statistical Society C (Applied Statistics) 28:20:
each unit has one true answer, and each person gives each answer with a chance that depends on the
true one only. EM from the shares of votes; no smoothing.

What breaks it: people who err together (a wrong guideline makes a wrong consensus, and with it
certainty), hard items (people err on the same ones), one person a unit, and fewer than some dozen
units per person and true answer. It finds a maximum near the majority, not always the highest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.agreement.patterns import FloatArray, IntArray, RaterPatterns

TOLERANCE = 1e-10  # growth of the log-likelihood per answer
MAX_ITERATIONS = 500
TIE = 1e-9


@dataclass(frozen=True, eq=False)
class Consensus:
    """What EM found.

    Attributes:
        answers: the answers; codes are their places.
        raters: the people.
        prior: how common each true answer is.
        confusion: people × true answer × given answer: the chance of the given one; NaN where a
            person has answered no unit that may have that true answer.
        posterior: units (or patterns) × answers: the chance that the answer is true; NaN for one
            that nobody answered.
        label: the likeliest answer of each; of equal ones the first in `answers`; −1 unanswered.
        certainty: its chance; NaN unanswered.
        is_tied: whether another answer is as likely.
        iterations: rounds of EM.
        has_converged: whether it stopped by itself, not at the limit.
        log_likelihood: of all answers, natural logarithm.
    """

    answers: tuple[str, ...]
    raters: tuple[str, ...]
    prior: FloatArray
    confusion: FloatArray
    posterior: FloatArray
    label: IntArray
    certainty: FloatArray
    is_tied: npt.NDArray[np.bool_]
    iterations: int
    has_converged: bool
    log_likelihood: float


@dataclass(frozen=True, eq=False)
class _Answers:
    """One row per answer: which unit, who, which; and how many units each unit stands for."""

    item: IntArray
    rater: IntArray
    code: IntArray
    weight: FloatArray
    raters: int
    k: int

    def by_item(self, column: FloatArray) -> FloatArray:
        summed: FloatArray = np.bincount(
            self.item, weights=column, minlength=len(self.weight)
        ).astype(float)
        return summed

    def votes(self) -> FloatArray:
        """Units × answers: the shares of votes."""
        own = np.bincount(self.item * self.k + self.code, minlength=len(self.weight) * self.k)
        counts = own.reshape(-1, self.k).astype(float)
        shares: FloatArray = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
        return shares

    def confusion(self, posterior: FloatArray) -> FloatArray:
        """People × given × true: the M step; NaN where there is nothing to go by."""
        cell, size = self.rater * self.k + self.code, self.raters * self.k
        weighted = posterior * self.weight[:, None]
        given = np.stack(
            [
                np.bincount(cell, weights=weighted[self.item, true], minlength=size)
                for true in range(self.k)
            ],
            axis=1,
        ).astype(float)
        given = given.reshape(self.raters, self.k, self.k)
        whole = given.sum(axis=1, keepdims=True)
        unknown = np.full_like(given, np.nan)
        shares: FloatArray = np.divide(given, whole, out=unknown, where=whole > 0)
        return shares

    def expectation(self, prior: FloatArray, confusion: FloatArray) -> tuple[FloatArray, float]:
        """The E step: posteriors, and the log-likelihood of all answers."""
        with np.errstate(divide="ignore"):
            chances = np.log(np.nan_to_num(confusion, nan=0.0)).reshape(-1, self.k)
            log = np.tile(np.log(prior), (len(self.weight), 1))
        cell = self.rater * self.k + self.code
        for true in range(self.k):
            log[:, true] += self.by_item(chances[cell, true])
        top = log.max(axis=1, keepdims=True)
        scaled = np.exp(log - top)
        whole = scaled.sum(axis=1, keepdims=True)
        return scaled / whole, float(self.weight @ (top + np.log(whole))[:, 0])


def dawid_skene(
    patterns: RaterPatterns,
    *,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> Consensus:
    """The consensus of each pattern: units that were answered alike by the same people."""
    row, rater = np.nonzero(patterns.codes >= 0)
    return consensus(
        row,
        rater,
        patterns.codes[row, rater],
        answers=patterns.answers,
        raters=patterns.raters,
        units=patterns.units,
        tolerance=tolerance,
        max_iterations=max_iterations,
    )


def consensus(
    item: npt.ArrayLike,
    rater: npt.ArrayLike,
    code: npt.ArrayLike,
    *,
    answers: tuple[str, ...],
    raters: tuple[str, ...],
    units: IntArray,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> Consensus:
    """The consensus from one row per answer; the order of rows does not matter.

    Args:
        item: the place of the unit in `units`, per answer.
        rater: the place of the person in `raters`.
        code: the place of the answer in `answers`.
        answers: the answers.
        raters: the people.
        units: how many units each unit stands for: ones for single units.
        tolerance: EM stops when the log-likelihood per answer grows by less.
        max_iterations: EM stops here at the latest.
    """
    given = _Answers(
        np.asarray(item, dtype=np.int64),
        np.asarray(rater, dtype=np.int64),
        np.asarray(code, dtype=np.int64),
        np.asarray(units, dtype=float),
        len(raters),
        len(answers),
    )
    answered = given.by_item(np.ones(len(given.item))) > 0
    weight = given.weight * answered
    rows = max(1.0, float(given.weight[given.item].sum()))
    posterior, log_likelihood, has_converged, rounds = given.votes(), -np.inf, False, 0
    prior = weight @ posterior / max(1.0, weight.sum())
    confusion = given.confusion(posterior)
    while rounds < max_iterations and not has_converged and answered.any():
        rounds += 1
        posterior, grown = given.expectation(prior, confusion)
        has_converged = (grown - log_likelihood) / rows < tolerance
        log_likelihood = grown
        prior = weight @ posterior / weight.sum()
        confusion = given.confusion(posterior)
    return _told(
        answers,
        raters,
        prior,
        confusion,
        posterior,
        answered,
        rounds,
        has_converged,
        log_likelihood,
    )


def _told(
    answers: tuple[str, ...],
    raters: tuple[str, ...],
    prior: FloatArray,
    confusion: FloatArray,
    posterior: FloatArray,
    answered: npt.NDArray[np.bool_],
    rounds: int,
    has_converged: bool,
    log_likelihood: float,
) -> Consensus:
    top = posterior.max(axis=1, initial=0.0)
    likeliest = posterior >= top[:, None] - TIE
    return Consensus(
        answers=answers,
        raters=raters,
        prior=prior,
        confusion=confusion.transpose(0, 2, 1),
        posterior=np.where(answered[:, None], posterior, np.nan),
        label=np.where(answered, likeliest.argmax(axis=1), -1),
        certainty=np.where(answered, top, np.nan),
        is_tied=answered & (likeliest.sum(axis=1) > 1),
        iterations=rounds,
        has_converged=has_converged,
        log_likelihood=log_likelihood,
    )
