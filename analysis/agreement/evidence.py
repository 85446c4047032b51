"""What the diagnosis looks at: sums per person, per pair of people and label, and the patterns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.agreement.pairs import PairCounts, pair_counts
from analysis.agreement.patterns import FloatArray, IntArray, Patterns, RaterPatterns


@dataclass(frozen=True, eq=False)
class PeopleCounts:
    """How often each person agrees with the others on the same units.

    A person's agreement on a unit is the share of the others who gave the same answer:
    (n of that answer − 1) / (m − 1), with m answers on the unit. If people are alike, each of the
    m answers of a unit could be anybody's: so mean and variance over the m answers are exact.

    Attributes:
        names: the people.
        contested: units that the person and others answered, and not all alike.
        agreed: the sum of the person's agreement over units with three answers or more.
        expected: the sum of these units' means over their answers.
        variance: the sum of their variances over their answers.
        doubles: units with two answers, the person's and one other.
        doubles_agreed: those with the same answer.
    """

    names: tuple[str, ...]
    contested: IntArray
    agreed: FloatArray
    expected: FloatArray
    variance: FloatArray
    doubles: IntArray
    doubles_agreed: IntArray

    @property
    def z(self) -> FloatArray:
        """How far each person's agreement is off that of a person like the others, as z.

        NaN where it cannot be told: with two people all they share is theirs alike. A permutation
        test by its exact mean and variance (Pitman 1937, Supplement to the Journal of the Royal
        Statistical Society 4:119): within units that three or more answered; and between units for
        those that two answered, which takes for granted that people got comparable units.
        """
        n, total = self.doubles.astype(float), self.doubles.sum() / 2.0
        share = self.doubles_agreed.sum() / 2.0 / total if total else 0.0
        left = (total - n) / (total - 1.0) if total > 1 else 0.0
        between = n * share * (1.0 - share) * left
        off = self.agreed - self.expected + self.doubles_agreed - n * share
        spread = np.sqrt(self.variance + between)
        return np.divide(off, spread, out=np.full_like(off, np.nan), where=spread > 1e-9)


@dataclass(frozen=True, eq=False)
class LabelPairs:
    """Per pair of people and label, how often one or both gave it.

    Attributes:
        labels: the labels, as the answers of the patterns.
        either: pairs × labels: shared units where at least one of the two gave the label.
        both: pairs × labels: shared units where both did.
    """

    labels: tuple[str, ...]
    either: IntArray
    both: IntArray


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that the diagnosis looks at; `evidence` makes it from who gave which answer.

    Attributes:
        patterns: people per answer and unit.
        people: sums per person.
        pairs: the pairs of people.
        label_pairs: by the same pairs, in the same order.
    """

    patterns: Patterns
    people: PeopleCounts
    pairs: PairCounts
    label_pairs: LabelPairs


def evidence(patterns: RaterPatterns) -> Evidence:
    """The evidence from who gave which answer."""
    pairs = pair_counts(patterns)
    return Evidence(patterns.patterns, people_counts(patterns), pairs, label_pairs(patterns, pairs))


def people_counts(patterns: RaterPatterns) -> PeopleCounts:
    """Each person's sums, from who gave which answer."""
    counts = patterns.counts
    m = counts.sum(axis=1)
    others = np.maximum(m - 1.0, 1.0)
    rated = patterns.codes >= 0
    own = np.take_along_axis(counts, np.maximum(patterns.codes, 0), axis=1)
    agreement = np.where(rated, (own - 1) / others[:, None], 0.0)
    share = counts / np.maximum(m, 1)[:, None]
    each = (counts - 1) / others[:, None]
    mean = (share * each).sum(axis=1)
    variance = np.maximum((share * each**2).sum(axis=1) - mean**2, 0.0)
    several, two = patterns.units * (m >= 3), patterns.units * (m == 2)
    contested = patterns.units * (m >= 2) * (counts.max(axis=1) < m)
    return PeopleCounts(
        names=patterns.raters,
        contested=contested @ rated,
        agreed=several @ agreement,
        expected=(several * mean) @ rated,
        variance=(several * variance) @ rated,
        doubles=two @ rated,
        doubles_agreed=(two * (counts.max(axis=1) == 2)) @ rated,
    )


def label_pairs(patterns: RaterPatterns, pairs: PairCounts) -> LabelPairs:
    """How often the two of each pair gave each label, from who gave which answer."""
    place = {name: at for at, name in enumerate(patterns.raters)}
    either, both = [], []
    for first, second in zip(pairs.first, pairs.second, strict=True):
        a, b = patterns.codes[:, place[first]], patterns.codes[:, place[second]]
        shared = patterns.units * (a >= 0) * (b >= 0)
        for label in range(len(patterns.answers)):
            either.append(int(shared @ ((a == label) | (b == label))))
            both.append(int(shared @ ((a == label) & (b == label))))
    shape = (len(pairs.first), len(patterns.answers))
    return LabelPairs(
        patterns.answers,
        np.array(either, dtype=np.int64).reshape(shape),
        np.array(both, dtype=np.int64).reshape(shape),
    )
