"""Who agrees with whom, and which answers are taken for which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.agreement.patterns import FloatArray, IntArray, RaterPatterns
from analysis.agreement.result import SAME_ANSWER, too_few
from analysis.intervals import wilson


@dataclass(frozen=True, eq=False)
class PairCounts:
    """Pairs of people, each pair once, by the units that both answered.

    Attributes:
        first, second: the names, a pair per place.
        shared: units that both answered; 1 or more.
        agreed: those where both gave the same answer.
        chance: the agreement by chance, 0–1: Σ over answers of the share of the first × the share
            of the second, both over the shared units.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    shared: IntArray
    agreed: IntArray
    chance: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "shared", np.asarray(self.shared, dtype=np.int64))
        object.__setattr__(self, "agreed", np.asarray(self.agreed, dtype=np.int64))
        object.__setattr__(self, "chance", np.asarray(self.chance, dtype=float))

    @classmethod
    def from_marginals(
        cls,
        first: Sequence[str],
        second: Sequence[str],
        agreed: Sequence[int] | IntArray,
        of_first: IntArray,
        of_second: IntArray,
    ) -> PairCounts:
        """The pairs from how often each gave each answer on the shared units.

        Args:
            first: one name per pair.
            second: the other.
            agreed: units with the same answer.
            of_first: pairs × answers: how often the first gave each.
            of_second: pairs × answers: how often the second did.
        """
        a, b = np.asarray(of_first, dtype=float), np.asarray(of_second, dtype=float)
        shared = a.sum(axis=1)
        chance = (a * b).sum(axis=1) / shared**2
        return cls(tuple(first), tuple(second), shared.astype(int), np.asarray(agreed), chance)


@dataclass(frozen=True)
class PairAgreement:
    """How far two people agree.

    Attributes:
        first, second: their names.
        n: units that both answered.
        agreed: those with the same answer.
        percent: agreed / n.
        percent_low, percent_high: its 95% interval (Wilson).
        kappa: Cohen's; None where both gave one and the same answer throughout.
        low, high: the 95% interval of kappa: Wilson's limits of percent agreement with chance
            agreement held fixed (Cohen 1960 does the same with the normal approximation). A few
            percent too wide or too narrow as chance agreement is itself from these units.
        withheld: why nothing is shown; "" where it is.
    """

    first: str
    second: str
    n: int
    agreed: int
    percent: float
    percent_low: float
    percent_high: float
    kappa: float | None
    low: float | None
    high: float | None
    withheld: str

    @property
    def reason(self) -> str:
        """Why there is no kappa; "" where there is."""
        return SAME_ANSWER if self.kappa is None else ""


def pair_matrix(pairs: PairCounts) -> tuple[PairAgreement, ...]:
    """Each pair's agreement, in the order given; below 10 shared units it is withheld."""
    rows = zip(
        pairs.first,
        pairs.second,
        pairs.shared.tolist(),
        pairs.agreed.tolist(),
        pairs.chance.tolist(),
        strict=True,
    )
    return tuple(_pair(*row) for row in rows)


def _pair(first: str, second: str, n: int, agreed: int, chance: float) -> PairAgreement:
    share, (low, high) = agreed / n, wilson(agreed, n)
    has_kappa = chance < 1.0 - 1e-12

    def over_chance(agreement: float) -> float | None:
        return (agreement - chance) / (1.0 - chance) if has_kappa else None

    return PairAgreement(
        first=first,
        second=second,
        n=n,
        agreed=agreed,
        percent=share,
        percent_low=low,
        percent_high=high,
        kappa=over_chance(share),
        low=over_chance(low),
        high=over_chance(high),
        withheld=too_few(n).replace("rated by two people or more", "rated by both"),
    )


def pair_counts(patterns: RaterPatterns) -> PairCounts:
    """The pairs of people who share a unit, from who gave which answer."""
    places, k = range(len(patterns.raters)), len(patterns.answers)
    gave = (patterns.codes[:, :, None] == np.arange(k)).astype(float)
    rated = (patterns.codes >= 0).astype(float)
    names: list[tuple[str, str]] = []
    agreed: list[int] = []
    marginals: list[tuple[FloatArray, FloatArray]] = []
    for a in places:
        for b in places[a + 1 :]:
            both = patterns.units * rated[:, a] * rated[:, b]
            if both.any():
                names.append((patterns.raters[a], patterns.raters[b]))
                agreed.append(round(float(both @ (gave[:, a] * gave[:, b]).sum(axis=1))))
                marginals.append((both @ gave[:, a], both @ gave[:, b]))
    of_first = np.array([one for one, _ in marginals]).reshape(-1, k)
    of_second = np.array([other for _, other in marginals]).reshape(-1, k)
    first, second = [a for a, _ in names], [b for _, b in names]
    return PairCounts.from_marginals(first, second, agreed, of_first, of_second)


@dataclass(frozen=True)
class Confusion:
    """Two different answers given to the same unit.

    Attributes:
        first, second: the answers, by name.
        n: pairs of people on a unit where one gave the first and the other the second.
        share: of all pairs that disagree.
        lift: how many times more than when disagreement fell on answers by how common they are;
            None where that gives nothing to divide by.
    """

    first: str
    second: str
    n: int
    share: float
    lift: float | None


def confusions(
    counts: Iterable[tuple[str, str, int]], *, top: int | None = None
) -> tuple[Confusion, ...]:
    """The pairs of answers that are given to the same unit, most frequent first, ties by name.

    Lift is n over what independence gives: with p(a) the share of answer a among all answers in
    the pairs handed in, two different answers are a and b with 2 p(a) p(b) / (1 − Σ p²). A pair
    above 1 is taken for each other more than their frequency alone gives.

    Args:
        counts: (answer, other answer, pairs of people); (a, b) and (b, a) are added. Hand in the
            agreeing pairs (a, a) too: without them lift knows the answers from disagreements only.
        top: how many to return at most.
    """
    together: dict[tuple[str, str], int] = {}
    common: dict[str, int] = {}
    for a, b, n in counts:
        for answer in (a, b):
            common[answer] = common.get(answer, 0) + n
        key = (min(a, b), max(a, b))
        together[key] = together.get(key, 0) + n
    answers = sum(common.values())
    differing = {key: n for key, n in together.items() if key[0] != key[1] and n}
    total = sum(differing.values())
    by_chance = 1.0 - sum((n / answers) ** 2 for n in common.values()) if answers else 0.0

    def told(first: str, second: str, n: int) -> Confusion:
        both = 2.0 * (common[first] / answers) * (common[second] / answers)
        expected = total * both / by_chance if by_chance > 0 else 0.0
        return Confusion(first, second, n, n / total, n / expected if expected > 0 else None)

    ordered = sorted(differing.items(), key=lambda each: (-each[1], each[0]))
    return tuple(told(*key, n) for key, n in ordered[:top])
