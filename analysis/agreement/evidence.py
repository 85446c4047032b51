"""What the diagnosis looks at: sums per person, per pair of people and label, and the patterns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.agreement.pairs import PairCounts, pair_counts
from analysis.agreement.patterns import FloatArray, IntArray, Patterns, RaterPatterns

BoolArray = npt.NDArray[np.bool_]


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
        doubles: how far the person's units with two answers agree more than two others do, in
            units: each partner's, against that partner's with other partners of the person.
        doubles_variance: its variance if all answers are alike.
        own_agreed, own_shared: pairs of answers with the person on the units of both tests.
        rest_agreed, rest_shared: pairs of others that these are compared with; none where the
            person does not share with two others who can be compared.
    """

    names: tuple[str, ...]
    contested: IntArray
    agreed: FloatArray
    expected: FloatArray
    variance: FloatArray
    doubles: FloatArray
    doubles_variance: FloatArray
    own_agreed: FloatArray
    own_shared: FloatArray
    rest_agreed: FloatArray
    rest_shared: FloatArray

    @property
    def z(self) -> FloatArray:
        """How far each person's agreement is off that of a person like the others, as z.

        NaN where it cannot be told: with two people all they share is theirs alike. A permutation
        test by its exact mean and variance (Pitman 1937, Supplement to the Journal of the Royal
        Statistical Society 4:119) within units that three or more answered. Between units that two
        answered: observed against expected, a stratum per partner (indirect standardization), with
        the variance of independent units; it takes for granted that a partner's units are as hard
        with one as with another.
        """
        off = self.agreed - self.expected + self.doubles
        spread = np.sqrt(self.variance + self.doubles_variance)
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
    alike = (counts * (counts - 1)).sum(axis=1) / 2.0  # pairs of answers of a unit that agree
    with_, all_ = (several * others) @ rated, (several * m * others / 2.0) @ rated
    own_alike = (several * others) @ agreement
    doubles = _doubles(rated, two, two * (counts.max(axis=1) == 2))
    return PeopleCounts(
        names=patterns.raters,
        contested=contested @ rated,
        agreed=several @ agreement,
        expected=(several * mean) @ rated,
        variance=(several * variance) @ rated,
        doubles=doubles.off,
        doubles_variance=doubles.variance,
        own_agreed=own_alike + doubles.own_agreed,
        own_shared=with_ + doubles.own,
        rest_agreed=(several * alike) @ rated - own_alike + doubles.rest_agreed,
        rest_shared=all_ - with_ + doubles.rest,
    )


@dataclass(frozen=True, eq=False)
class _Doubles:
    """Per person, from units with two answers; see `PeopleCounts`."""

    off: FloatArray
    variance: FloatArray
    own: FloatArray
    own_agreed: FloatArray
    rest: FloatArray
    rest_agreed: FloatArray


def _doubles(rated: BoolArray, two: IntArray, agreed: IntArray) -> _Doubles:
    """Each person's units of two answers against those of two of the person's partners.

    With a(p, q) of n(p, q) units of two people agreed, a person p expects of partner q
    n(p, q) · Σ a(q, r) / Σ n(q, r), r over p and all partners of p. Who shares with one other
    only, or whose partners share nothing with each other, has nothing to be compared with.
    """
    here = (two > 0) & rated.any(axis=1)
    people = rated[here].astype(float)
    shared, alike = ((people.T * units[here]) @ people for units in (two, agreed))
    for table in (shared, alike):
        np.fill_diagonal(table, 0.0)
    rows = [_against_partners(at, shared, alike) for at in range(rated.shape[1])]
    return _Doubles(*np.array(rows).reshape(-1, 6).T)


def _against_partners(at: int, shared: FloatArray, alike: FloatArray) -> tuple[float, ...]:
    """One person's off, variance, own and own agreed, rest and rest agreed."""
    near = np.flatnonzero(shared[at])
    rest, rest_alike = shared[np.ix_(near, near)], alike[np.ix_(near, near)]
    met = rest.sum(axis=1) > 0
    if not met.any():
        return (0.0,) * 6
    own, own_alike = shared[at, near][met], alike[at, near][met]
    rest, rest_alike = rest[np.ix_(met, met)], rest_alike[np.ix_(met, met)]
    total = own + rest.sum(axis=1)
    share = (own_alike + rest_alike.sum(axis=1)) / total
    counts = own / total  # how much each unit of a partner moves what is expected
    off = (own_alike - own * share).sum()
    chance = share * (1.0 - share)
    between = (share[:, None] + share[None, :]) / 2.0
    others = rest * between * (1.0 - between) * (counts[:, None] + counts[None, :]) ** 2
    variance = (own * chance * (1.0 - counts) ** 2).sum() + others.sum() / 2.0
    sums = own.sum(), own_alike.sum(), rest.sum() / 2.0, rest_alike.sum() / 2.0
    return float(off), float(variance), *map(float, sums)


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
