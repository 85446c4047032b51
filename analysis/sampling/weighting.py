"""The defective rate of a lot from a draw that takes more of small groups than their share.

A stratified draw takes one item at least of every annotator. Where many have few items, the plain
rate of the sample speaks for them more than for the lot; weighted, every item counts for as many
items of the lot as it stands for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from analysis.distributions import incomplete_beta
from analysis.sampling.probability import Interval, root
from metrics.units import PERCENT

UNEVEN = 2.0  # how many times more one item stands for than another before it is said


@dataclass(frozen=True)
class Weighted:
    """The weighted rate.

    Attributes:
        rate: defective, each checked item times what it stands for.
        low, high: its 95% interval.
    """

    rate: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """What is said beside the plain rate."""
        return (
            "Small groups are checked more than their share, so the plain rate and its interval "
            f"are not the lot's. Weighted by annotator about {PERCENT.show(self.rate)} of the lot "
            f"is defective, 95% interval {PERCENT.show_range(self.low, self.high)}"
        )


def unevenness(sizes: Sequence[int], drawn: Sequence[int]) -> float:
    """How many times more the heaviest drawn item stands for than the lightest; 1 is an even draw.

    Args:
        sizes: items of the lot, per group.
        drawn: items drawn of each.
    """
    stands_for = [size / n for size, n in zip(sizes, drawn, strict=True) if n]
    return max(stands_for) / min(stands_for) if stands_for else 1.0


def weighted(
    sizes: Sequence[int], people: Sequence[Hashable], results: Sequence[bool | None]
) -> Weighted | None:
    """The weighted rate of a lot; None where the draw is even enough, or nothing is checked.

    Groups of which nothing is checked yet are left out. The interval is Clopper and Pearson's for
    as many items as the weights are worth, (Σw)² / Σw²: Kish 1965, Survey Sampling, 8.2; Korn and
    Graubard 1998, Survey Methodology 24:193. Of a group drawn once no spread can be told, so what
    the strata gain is not counted. Assumes items drawn at random within each group.

    Args:
        sizes: items of the lot by each annotator, in the order in which they come in the draw;
            empty for a simple draw.
        people: whose each drawn item is, in the order of the draw.
        results: True is defective, None is not checked.
    """
    groups = list(dict.fromkeys(people))
    if len(groups) != len(sizes):
        return None
    drawn = Counter(people)
    if unevenness(sizes, [drawn[group] for group in groups]) <= UNEVEN:
        return None
    known = [(who, bad) for who, bad in zip(people, results, strict=True) if bad is not None]
    if not known:
        return None
    checked, size = Counter(who for who, _ in known), dict(zip(groups, sizes, strict=True))
    weights = [(size[who] / checked[who], bad) for who, bad in known]
    total = sum(weight for weight, _ in weights)
    rate = sum(weight for weight, bad in weights if bad) / total
    worth = total**2 / sum(weight**2 for weight, _ in weights)
    return Weighted(rate, *_interval(rate, worth))


def _interval(rate: float, worth: float) -> Interval:
    found, tail = rate * worth, 0.025
    left = worth - found
    low = root(lambda p: incomplete_beta(found, left + 1, p) - tail) if rate > 0 else 0.0
    high = root(lambda p: incomplete_beta(found + 1, left, p) - 1 + tail) if rate < 1 else 1.0
    return low, high
