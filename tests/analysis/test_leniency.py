"""Reviewers against peers: the numbers against scipy and statsmodels, the naming against luck."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.leniency import Stratum, _Pair, compare, exact_chance, in_words, interval
from tests import count

PAIRS = [_Pair(40, 36, 120, 90), _Pair(15, 9, 60, 30), _Pair(3, 3, 4, 2)]


def drawn(
    draw: np.random.Generator, people: int, shift: dict[int, float] | None = None
) -> list[Stratum]:
    """Reviewers who see unequal mixes of three datasets of unequal difficulty, two stages."""
    found = []
    for person in range(people):
        for dataset, ease in (("A", 0.95), ("B", 0.8), ("C", 0.55)):
            for stage in ("1", "2"):
                reviews = int(draw.integers(0, 60))
                rate = min(1.0, max(0.0, ease + (shift or {}).get(person, 0.0)))
                if reviews:
                    accepted = int(draw.binomial(reviews, rate))
                    found.append(Stratum(f"R{person}", dataset, stage, reviews, accepted))
    return found


def test_expected_is_what_peers_accept_of_the_same_work():
    # In A peers accept 90 of 100, in B 20 of 40. Ann did 10 in A and 30 in B: 9 + 15 expected.
    strata = [
        Stratum("Ann", "A", "1", 10, 9),
        Stratum("Ann", "B", "1", 30, 18),
        Stratum("Ann", "C", "1", 7, 7),  # nobody else reviewed C
        Stratum("Bo", "A", "1", 60, 54),
        Stratum("Bo", "B", "1", 40, 20),
        Stratum("Cy", "A", "1", 40, 36),
    ]
    ann = compare(strata).reviewers[0]
    assert (ann.reviewer, ann.reviews, ann.left_out, ann.accepted) == ("Ann", 40, 7, 27)
    assert ann.expected == pytest.approx(24.0)
    assert ann.difference == pytest.approx(3 / 40)


def test_a_crude_difference_that_is_only_the_mix_is_none_at_all():
    # Both accept 90% of A and 50% of B; Ann sees mostly B, so her crude rate is far lower.
    strata = [
        Stratum("Ann", "A", "1", 100, 90),
        Stratum("Ann", "B", "1", 900, 450),
        Stratum("Bo", "A", "1", 900, 810),
        Stratum("Bo", "B", "1", 100, 50),
    ]
    for one in compare(strata).reviewers:
        assert one.difference == pytest.approx(0.0, abs=1e-12) and not one.stands_out


def test_the_chance_is_the_full_distribution_of_the_sum_of_hypergeometrics():
    whole = np.ones(1)
    for pair in PAIRS:
        total, good = pair.reviews + pair.peer_reviews, pair.accepted + pair.peer_accepted
        counts = np.arange(pair.reviews + 1)
        whole = np.convolve(whole, stats.hypergeom.pmf(counts, total, good, pair.reviews))
    observed = sum(pair.accepted for pair in PAIRS)
    tails = whole[: observed + 1].sum(), whole[observed:].sum()
    assert exact_chance(PAIRS) == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-9)


def test_a_difference_far_beyond_luck_has_no_chance_at_all_on_either_side():
    for pair in (_Pair(5000, 500, 5000, 4900), _Pair(5000, 4900, 5000, 500)):
        assert 0.0 <= exact_chance([pair]) < 1e-15


def test_a_hundred_thousand_reviews_are_as_exact_as_a_few():
    pair = _Pair(40_000, 34_350, 60_000, 51_000)
    counts = np.arange(40_001)
    mass = stats.hypergeom.pmf(counts, 100_000, 85_350, 40_000)
    expected = 2 * min(mass[:34_351].sum(), mass[34_350:].sum())
    assert exact_chance([pair]) == pytest.approx(expected, rel=1e-6)


def test_with_many_reviewers_those_who_stand_out_are_drawn_whatever_their_name():
    strata = [Stratum(f"R{n:02d}", "A", "1", 100 + n, 90 + n) for n in range(30)]
    found = compare([*strata, Stratum("Zed", "A", "1", 60, 20)])
    drawn_names = [one.reviewer for one in found.drawn(5)]
    assert drawn_names == ["R26", "R27", "R28", "R29", "Zed"]


def test_with_one_stratum_it_is_fishers_exact_test():
    pair = _Pair(30, 28, 90, 60)
    table = [[28, 2], [60, 30]]
    sides = [stats.fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
    assert exact_chance([pair]) == pytest.approx(min(1.0, 2 * min(sides)), rel=1e-9)


def test_with_many_rows_it_comes_close_to_cochran_mantel_and_haenszel():
    pairs = [_Pair(900, 800, 2600, 2200), _Pair(700, 390, 1500, 900), _Pair(400, 330, 900, 700)]
    tables = [
        np.array(
            [
                [p.accepted, p.reviews - p.accepted],
                [p.peer_accepted, p.peer_reviews - p.peer_accepted],
            ]
        )
        for p in pairs
    ]
    asymptotic = StratifiedTable(tables).test_null_odds(correction=True).pvalue
    assert exact_chance(pairs) == pytest.approx(asymptotic, rel=0.03)


def test_with_one_stratum_the_interval_is_newcombes_up_to_the_added_success_and_failure():
    pair = _Pair(400, 352, 900, 700)
    expected = confint_proportions_2indep(352, 400, 700, 900, method="newcomb", compare="diff")
    # the peers' 900 reviews count as 900 × p(1 − p) / p̃(1 − p̃) = 900 here: one stratum, same p̃
    assert interval([pair]) == pytest.approx(expected, abs=1e-9)


def test_a_strict_reviewer_is_named_and_does_not_make_the_others_look_lenient():
    # Three accept 90% of A and 60% of B; Cy accepts 60% and 30%, which pulls any pooled rate down.
    strata = [
        Stratum(name, dataset, "1", 50, accepted)
        for name, in_a, in_b in (("Ann", 45, 30), ("Bo", 45, 30), ("Cy", 30, 15), ("Di", 45, 30))
        for dataset, accepted in (("A", in_a), ("B", in_b))
    ]
    found = compare(strata)
    assert [one.reviewer for one in found.named] == ["Cy"]
    cy = found.named[0]
    assert cy.difference == pytest.approx(-0.3) and cy.high < 0
    others = [one for one in found.reviewers if one.reviewer != "Cy"]
    assert [one.difference for one in others] == pytest.approx([0.0, 0.0, 0.0])


def test_of_two_who_differ_nobody_is_named():
    strata = [Stratum("Ann", "A", "1", 200, 190), Stratum("Bo", "A", "1", 200, 120)]
    found = compare(strata)
    assert found.pairs == (("Ann", "Bo"),) and found.named == ()
    assert [one.reviewer for one in found.reviewers] == ["Ann", "Bo"]


ALONE = "two alone cannot tell who is off"


def test_of_two_who_alone_share_a_dataset_nobody_is_named_however_many_others_there_are():
    strata = [
        Stratum(f"R{d}{k}", f"D{d}", "1", 80, 68 if d else (76 if k == 0 else 56))
        for d in range(4)
        for k in range(2)
    ]
    found = compare(strata)
    assert (found.named, found.pairs) == ((), (("R00", "R01"),))
    assert in_words(found) == f"R00 and R01 accept different shares of the same work; {ALONE}"
    assert in_words(found, with_names=False) == (
        f"Two reviewers accept different shares of the same work; {ALONE}"
    )


def test_three_who_share_elsewhere_do_not_tell_which_of_two_is_off():
    strata = [
        *[Stratum(name, "D1", "1", 300, k) for name, k in (("A", 290), ("B", 180))],
        *[Stratum(name, "D2", "1", 300, k) for name, k in (("C", 180), ("D", 185), ("E", 180))],
    ]
    assert compare(strata).named == () and compare(strata).pairs == (("A", "B"),)


def test_a_strict_partner_in_one_dataset_does_not_make_a_reviewer_lenient():
    # Bo accepts what Cy and Di accept of D2; only beside Ann, whom nobody else meets, more.
    strata = [
        *[Stratum(name, "D1", "1", 300, k) for name, k in (("Ann", 150), ("Bo", 270))],
        *[Stratum(name, "D2", "1", 300, 270) for name in ("Bo", "Cy", "Di")],
    ]
    assert compare(strata).named == () and compare(strata).pairs == (("Ann", "Bo"),)


def test_a_reviewer_off_the_same_way_beside_two_different_partners_is_named():
    strata = [
        *[Stratum(name, "D1", "1", 200, k) for name, k in (("Ann", 110), ("Bo", 180))],
        *[Stratum(name, "D2", "1", 200, k) for name, k in (("Ann", 110), ("Cy", 180))],
        *[Stratum(name, "D3", "1", 200, 180) for name in ("Bo", "Cy")],
    ]
    assert [one.reviewer for one in compare(strata).named] == ["Ann"]


@pytest.mark.slow
def test_of_pairs_who_share_nothing_with_others_nobody_is_ever_named():
    draw, named = np.random.default_rng(2), 0
    for _ in range(count(200)):
        strata = [
            Stratum(f"R{d}{k}", f"D{d}", "1", 80, int(draw.binomial(80, rate)))
            for d in range(4)
            for k, rate in enumerate((0.85, 0.85) if d else (0.95, 0.70))
        ]
        named += bool(compare(strata).named)
    assert named == 0


def test_few_comparable_reviews_are_not_judged_but_counted():
    strata = [
        Stratum("Ann", "A", "1", 19, 0),
        Stratum("Bo", "A", "1", 50, 45),
        Stratum("Cy", "A", "1", 50, 44),
        Stratum("Di", "B", "1", 500, 100),  # no peer there
    ]
    found = compare(strata)
    assert [one.reviewer for one in found.reviewers] == ["Bo", "Cy"]
    assert found.too_few == 2


def test_no_review_at_all_compares_nobody():
    assert compare([]).reviewers == ()


def test_the_order_of_rows_is_irrelevant():
    strata = drawn(np.random.default_rng(8), 5, {1: 0.2})
    mixed = random.Random(1).sample(strata, len(strata))
    for one, other in zip(compare(strata).reviewers, compare(mixed).reviewers, strict=True):
        assert one.reviewer == other.reviewer
        assert math.isclose(one.chance, other.chance, rel_tol=1e-9)


@pytest.mark.slow
def test_of_reviewers_who_are_all_alike_somebody_is_named_in_at_most_five_percent():
    runs, draw = count(4000), np.random.default_rng(20)
    named = sum(bool(compare(drawn(draw, 8)).named) for _ in range(runs))
    # at a true rate of 5% more than this many happen in fewer than 1 of 1,000 test runs
    assert named <= stats.binom.ppf(0.999, runs, 0.05)


@pytest.mark.slow
def test_beside_a_reviewer_who_is_out_of_line_the_others_are_not_accused():
    runs, draw = count(1000), np.random.default_rng(50)
    accused = sum(
        any(one.reviewer != "R2" for one in compare(drawn(draw, 4, {2: -0.3})).named)
        for _ in range(runs)
    )
    assert accused <= stats.binom.ppf(0.999, runs, 0.05)


@pytest.mark.slow
def test_the_interval_holds_the_true_difference_in_about_95_percent():
    runs, draw = count(4000), np.random.default_rng(30)
    held = 0
    for _ in range(runs):
        pairs = []
        for rate in (0.95, 0.8, 0.55):
            mine, peers = int(draw.integers(5, 60)), int(draw.integers(10, 150))
            accepted, of_peers = draw.binomial(mine, rate - 0.05), draw.binomial(peers, rate)
            pairs.append(_Pair(mine, int(accepted), peers, int(of_peers)))
        low, high = interval(pairs)
        held += low <= -0.05 <= high
    assert held >= stats.binom.ppf(0.001, runs, 0.94)


@pytest.mark.slow
def test_a_reviewer_who_accepts_20_points_less_is_found():
    runs, draw = count(300), np.random.default_rng(40)
    found = sum(
        "R3" in {one.reviewer for one in compare(drawn(draw, 8, {3: -0.2})).named}
        for _ in range(runs)
    )
    assert found >= 0.9 * runs
