"""Reviewers against their peers on comparable work: who accepts clearly more, or clearly less.

Comparable is what has the same dataset and the same review stage (a stratum). In each stratum a
reviewer is held against the other reviewers there, and the strata are put together in the
reviewer's own mix (indirect standardization: observed against expected; Breslow and Day 1987,
Statistical Methods in Cancer Research II, 2.3). What breaks it: a reviewer who is given the harder
items within a stratum, and reviews that do not stand for themselves (many of one item, or of one
annotator's bad day).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis import words
from analysis.intervals import Interval, wilson
from metrics.model import Better, Kind, Metric
from metrics.review import ACCEPTANCE_RATE
from metrics.scope import Scope
from metrics.units import POINTS

if TYPE_CHECKING:
    from data_access.store import Store

FEWEST_REVIEWS = ACCEPTANCE_RATE.min_rows
ALPHA = 0.05  # the chance that anybody is named where all reviewers are alike
_NEGLIGIBLE = 1e-18  # probabilities below this are not carried along
_REACH = 12.0  # standard errors beyond which they are that small


@dataclass(frozen=True)
class Stratum:
    """What one reviewer did in one dataset and review stage."""

    reviewer: str
    dataset: str
    stage: str
    reviews: int
    accepted: int


@dataclass(frozen=True)
class Compared:
    """One reviewer against the peers on the same datasets and review stages.

    Attributes:
        reviewer: as people may be shown.
        reviews: those with a peer in their stratum; n of everything here.
        left_out: reviews in strata where no peer reviewed.
        accepted: accepted as they stood, observed.
        expected: what the peers would have accepted of the same work.
        difference: (accepted − expected) / reviews, a share.
        low, high: its 95% interval, of this reviewer alone.
        chance: of a difference as large or larger if all accepted alike; exact, two-sided.
        stands_out: whether the difference is more than luck, over all reviewers together.
    """

    reviewer: str
    reviews: int
    left_out: int
    accepted: int
    expected: float
    difference: float
    low: float
    high: float
    chance: float
    stands_out: bool


@dataclass(frozen=True)
class Leniency:
    """All reviewers that can be compared, by name.

    Attributes:
        reviewers: those with at least 20 comparable reviews.
        too_few: how many others have reviews.
        pairs: two who differ clearly on work that only they share: which of them is out of line
            nobody can tell.
    """

    reviewers: tuple[Compared, ...]
    too_few: int
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def named(self) -> tuple[Compared, ...]:
        """Those who stand out."""
        return tuple(one for one in self.reviewers if one.stands_out)

    def drawn(self, most: int) -> tuple[Compared, ...]:
        """As many as fit, by name: those who stand out, then those with most reviews."""
        first = sorted(self.reviewers, key=lambda one: (not one.stands_out, -one.reviews))
        kept = {one.reviewer for one in first[:most]}
        return tuple(one for one in self.reviewers if one.reviewer in kept)


def leniency(store: Store, scope: Scope) -> Leniency:
    """The reviewers of a window, each against the peers on comparable work.

    A filter by reviewer leaves everybody in it: without peers there is nothing to compare.
    """
    rows = store.statistic("reviewer_strata", ACCEPTANCE_RATE, scope.without("reviewer"))
    return compare(
        [
            Stratum(
                row["reviewer"],
                row["dataset"],
                row["review_stage"],
                int(row["reviews"]),
                int(row["accepted"]),
            )
            for row in rows
        ]
    )


def compare(strata: Sequence[Stratum], *, fewest: int = FEWEST_REVIEWS) -> Leniency:
    """The reviewers of these strata, each against those peers who do not stand out themselves.

    Step by step: of the reviewers still alike, the one with the smallest chance is named when
    that chance times their number is below 5% (Bonferroni), and is then no peer of the others, so
    that one strict reviewer does not make the rest look lenient. If all are alike, anybody at all
    is named in at most 5% of cases. Nothing is shrunk.

    Nobody is named by the word of one peer: without any single peer the difference has to go the
    same way with a chance below 5%. So of two who alone share their work neither is named.
    """
    everybody = sorted({stratum.reviewer for stratum in strata})
    tested = [name for name in everybody if _comparable(strata, name, everybody) >= fewest]
    out: list[str] = []
    while len(tested) - len(out) >= 2:
        loudest = _loudest(strata, tested, [name for name in everybody if name not in out])
        if loudest is None:
            break
        out.append(loudest)
    alike = [name for name in everybody if name not in out]
    found = [
        _against(strata, name, alike, stands_out=name in out)
        for name in tested
        if _comparable(strata, name, alike) >= fewest
    ]
    pairs = _apart(strata, alike, fewest)
    return Leniency(tuple(found), len(everybody) - len(found), pairs)


def _loudest(strata: Sequence[Stratum], tested: Sequence[str], alike: Sequence[str]) -> str | None:
    """The one of those still alike who stands out most, not by the word of one peer alone."""
    left = [name for name in tested if name in alike]
    chances = {name: _chance(strata, name, alike) for name in left}
    for name in sorted(left, key=lambda each: (chances[each], each)):
        if chances[name] * len(left) >= ALPHA:
            return None
        if _stays(strata, name, alike):
            return name
    return None


def _stays(strata: Sequence[Stratum], name: str, alike: Sequence[str]) -> bool:
    """Whether the difference is there, the same way, whichever single peer is left out."""
    is_more = _is_more(_pairs(strata, name, alike))
    for peer in alike:
        if peer == name:
            continue
        without = _pairs(strata, name, [other for other in alike if other != peer])
        if not without or _is_more(without) != is_more or exact_chance(without) >= ALPHA:
            return False
    return True


def _is_more(pairs: Sequence[_Pair]) -> bool:
    return sum(p.accepted - p.reviews * p.peer_accepted / p.peer_reviews for p in pairs) > 0.0


def _apart(
    strata: Sequence[Stratum], alike: Sequence[str], fewest: int
) -> tuple[tuple[str, str], ...]:
    """Those two who alone share strata and differ there, beyond luck over all such pairs."""
    there: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in strata:
        if one.reviewer in alike:
            there[one.dataset, one.stage].append(one.reviewer)
    shared: dict[tuple[str, str], list[Stratum]] = defaultdict(list)
    for one in strata:
        both = sorted(there[one.dataset, one.stage])
        if len(both) == 2 and one.reviewer in both:
            shared[both[0], both[1]].append(one)
    enough = {
        pair: work
        for pair, work in shared.items()
        if min(_comparable(work, name, pair) for name in pair) >= fewest
    }
    return tuple(
        pair
        for pair, work in sorted(enough.items())
        if _chance(work, pair[0], pair) * len(enough) < ALPHA
    )


@dataclass(frozen=True)
class _Pair:
    """A reviewer and the peers in one stratum."""

    reviews: int
    accepted: int
    peer_reviews: int
    peer_accepted: int


def _pairs(strata: Sequence[Stratum], name: str, peers: Collection[str]) -> list[_Pair]:
    """The strata of a reviewer in which a peer reviewed too."""
    theirs: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in strata:
        if one.reviewer != name and one.reviewer in peers:
            theirs[one.dataset, one.stage][0] += one.reviews
            theirs[one.dataset, one.stage][1] += one.accepted
    return [
        _Pair(one.reviews, one.accepted, *theirs[one.dataset, one.stage])
        for one in strata
        if one.reviewer == name and (one.dataset, one.stage) in theirs
    ]


def _comparable(strata: Sequence[Stratum], name: str, peers: Collection[str]) -> int:
    return sum(pair.reviews for pair in _pairs(strata, name, peers))


def _against(
    strata: Sequence[Stratum], name: str, peers: Collection[str], *, stands_out: bool
) -> Compared:
    pairs = _pairs(strata, name, peers)
    reviews, accepted = sum(p.reviews for p in pairs), sum(p.accepted for p in pairs)
    expected = sum(p.reviews * p.peer_accepted / p.peer_reviews for p in pairs)
    low, high = interval(pairs)
    return Compared(
        reviewer=name,
        reviews=reviews,
        left_out=sum(s.reviews for s in strata if s.reviewer == name) - reviews,
        accepted=accepted,
        expected=expected,
        difference=(accepted - expected) / reviews,
        low=low,
        high=high,
        chance=exact_chance(pairs),
        stands_out=stands_out,
    )


def interval(pairs: Sequence[_Pair]) -> Interval:
    """The 95% interval of observed minus expected acceptance, as a share of the reviews.

    Newcombe's hybrid score interval (1998, Statistics in Medicine 17:873, method 10) of two
    shares: the reviewer's own, and the peers' in the reviewer's mix. The latter stands for as many
    reviews as give its variance, which is worked out from shares with one success and one failure
    added, so that a stratum where peers accepted all does not count as certain.
    """
    reviews = sum(pair.reviews for pair in pairs)
    own = sum(pair.accepted for pair in pairs) / reviews
    theirs = middle = variance = 0.0
    for pair in pairs:
        weight = pair.reviews / reviews
        near = (pair.peer_accepted + 1.0) / (pair.peer_reviews + 2.0)
        theirs += weight * pair.peer_accepted / pair.peer_reviews
        middle += weight * near
        variance += weight * weight * near * (1.0 - near) / pair.peer_reviews
    size = middle * (1.0 - middle) / variance
    mine, peers = wilson(own * reviews, reviews), wilson(theirs * size, size)
    below = math.hypot(own - mine[0], peers[1] - theirs)
    above = math.hypot(mine[1] - own, theirs - peers[0])
    return own - theirs - below, own - theirs + above


def _chance(strata: Sequence[Stratum], name: str, peers: Collection[str]) -> float:
    return exact_chance(_pairs(strata, name, peers))


def exact_chance(pairs: Sequence[_Pair]) -> float:
    """Twice the smaller chance of so many acceptances, given all of each stratum, at most 1.

    In each stratum the acceptances fall on reviewer and peers as cards are dealt
    (hypergeometric), the strata independently; their sum is worked out in full (Birch 1964,
    Journal of the Royal Statistical Society B 26:313; Mehta, Patel and Gray 1985, JASA 80:969).
    """
    first, mass = 0, np.ones(1)
    for pair in pairs:
        start, dealt = _hypergeometric(pair)
        first, mass = first + start, np.convolve(mass, dealt)
    at = sum(pair.accepted for pair in pairs) - first
    at_most, at_least = float(mass[: max(at + 1, 0)].sum()), float(mass[max(at, 0) :].sum())
    return min(1.0, 2.0 * min(at_most, at_least))


def _hypergeometric(pair: _Pair) -> tuple[int, np.ndarray]:
    """The first count with a chance worth carrying, and the chances from there on."""
    total = pair.reviews + pair.peer_reviews
    good = pair.accepted + pair.peer_accepted
    low, high = max(0, good - pair.peer_reviews), min(pair.reviews, good)
    middle = pair.reviews * good / total
    reach = _REACH * math.sqrt(middle * (1.0 - good / total) + 1.0)
    low, high = max(low, math.floor(middle - reach)), min(high, math.ceil(middle + reach))
    whole = _log_ways(total, pair.reviews)
    chances = np.array(
        [
            math.exp(_log_ways(good, k) + _log_ways(total - good, pair.reviews - k) - whole)
            for k in range(low, high + 1)
        ]
    )
    kept = np.nonzero(chances > _NEGLIGIBLE)[0]
    return low + int(kept[0]), chances[kept[0] : kept[-1] + 1]


def _log_ways(of: int, chosen: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)


LENIENCY = Metric(
    name="reviewer_leniency",
    label="Acceptance minus peers'",
    definition="What a reviewer accepts minus what peers accept of the same work.",
    source=ACCEPTANCE_RATE.source,
    at=ACCEPTANCE_RATE.at,
    kind=Kind.STATISTIC,
    unit=POINTS,
    better=Better.NEITHER,
    owner=ACCEPTANCE_RATE.owner,
    family=ACCEPTANCE_RATE.family,
    n_of="reviews",
)
"""How the differences are written; it is in no catalogue, as it is worked out here."""


def in_words(found: Leniency, *, with_names: bool = True) -> str:
    """What the comparison says, as a sentence without its full stop."""
    if len(found.reviewers) < 2:
        return "No reviewers can be compared on the same work yet"
    if not found.named:
        return _of_pairs(found, with_names) or "No reviewer stands out from peers on the same work"
    if not with_names:
        verb = "accepts" if len(found.named) == 1 else "accept"
        some = words.sentence_case(words.x_of_y(len(found.named), len(found.reviewers)))
        ways = {one.difference > 0 for one in found.named}
        way = "more or less" if len(ways) == 2 else "more" if True in ways else "less"
        return f"{some} reviewers {verb} clearly {way} than peers on the same work"
    return words.sentence_case(words.listed([_named(one) for one in found.named]))


def _of_pairs(found: Leniency, with_names: bool) -> str:
    """Those who differ where only two share the work; "" where there are none."""
    if not found.pairs:
        return ""
    told = "accept different shares of the same work"
    if with_names:
        first, *others = (" and ".join(pair) for pair in found.pairs)
        told = f"{first} {told}" + (f", so do {words.listed(others, most=2)}" if others else "")
    elif len(found.pairs) > 1:
        some = words.sentence_case(words.number_word(len(found.pairs)))
        told = f"{some} pairs of reviewers {told}"
    else:
        told = f"{'The two' if len(found.reviewers) == 2 else 'Two'} reviewers {told}"
    return f"{told}; two alone cannot tell who is off"


def _named(one: Compared) -> str:
    way = "more" if one.difference > 0 else "less"
    size = POINTS.show(abs(one.difference))
    return f"{one.reviewer} accepts {size} {way} than peers on the same work"


def evidence(found: Leniency) -> str:
    """What the sentence rests on, split by middle dots."""
    parts = [
        f"share accepted minus that of peers in the same datasets and review stages, "
        f"{words.some(len(found.reviewers), 'reviewers')} by name",
        "bars: 95% intervals of each alone",
        "named at a 5% error over all reviewers together",
    ]
    if found.too_few:
        fewest = f"fewer than {FEWEST_REVIEWS} comparable reviews"
        parts.append(f"{found.too_few} with {fewest} left out")
    return " \N{MIDDLE DOT} ".join(parts)
