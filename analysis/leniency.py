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
        is_a_pair: only two could be compared and they differ: which of them is out of line
            nobody can tell.
    """

    reviewers: tuple[Compared, ...]
    too_few: int
    is_a_pair: bool = False

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
    """
    everybody = sorted({stratum.reviewer for stratum in strata})
    tested = [name for name in everybody if _comparable(strata, name, everybody) >= fewest]
    out: list[str] = []
    while len(tested) - len(out) >= 2:
        peers = [name for name in everybody if name not in out]
        alike = [name for name in tested if name not in out]
        chances = {name: _chance(strata, name, peers) for name in alike}
        loudest = min(alike, key=lambda name: (chances[name], name))
        if chances[loudest] * len(alike) >= ALPHA:
            break
        if len(peers) == 2:
            return _told(strata, everybody, tested, out, fewest, is_a_pair=True)
        out.append(loudest)
    return _told(strata, everybody, tested, out, fewest)


def _told(
    strata: Sequence[Stratum],
    everybody: Sequence[str],
    tested: Sequence[str],
    out: Collection[str],
    fewest: int,
    *,
    is_a_pair: bool = False,
) -> Leniency:
    """The numbers of each against the peers who do not stand out."""
    alike = [name for name in everybody if name not in out]
    found = [
        _against(strata, name, alike, stands_out=name in out)
        for name in tested
        if _comparable(strata, name, alike) >= fewest
    ]
    return Leniency(tuple(found), len(everybody) - len(found), is_a_pair)


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
    if found.is_a_pair:
        both = words.listed([one.reviewer for one in found.reviewers])
        who = both if with_names else "The two reviewers"
        return f"{who} accept different shares of the same work; two alone cannot tell who is off"
    if not found.named:
        return "No reviewer stands out from peers on the same work"
    if not with_names:
        verb = "accepts" if len(found.named) == 1 else "accept"
        some = words.sentence_case(words.x_of_y(len(found.named), len(found.reviewers)))
        ways = {one.difference > 0 for one in found.named}
        way = "more or less" if len(ways) == 2 else "more" if True in ways else "less"
        return f"{some} reviewers {verb} clearly {way} than peers on the same work"
    return words.sentence_case(words.listed([_named(one) for one in found.named]))


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
