"""Pairs of people and pairs of answers, worked by hand and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import assume, given
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.proportion import proportion_confint

from analysis.agreement.pairs import PairCounts, confusions, pair_counts, pair_matrix
from tests.analysis.agreement_making import matrices, rater_patterns


@given(matrices(raters=(2, 4), answers=(2, 4), items=(2, 30)))
def test_each_pair_has_scikit_learns_kappa_over_what_both_answered(case):
    k, codes = case
    patterns = rater_patterns(codes, "abcd"[:k])
    found = {(each.first, each.second): each for each in pair_matrix(pair_counts(patterns))}
    for a in range(codes.shape[1]):
        for b in range(a + 1, codes.shape[1]):
            both = codes[(codes[:, a] >= 0) & (codes[:, b] >= 0)]
            if not len(both):
                assert (f"p{a}", f"p{b}") not in found
                continue
            pair = found[f"p{a}", f"p{b}"]
            assert (pair.n, pair.agreed) == (len(both), int((both[:, a] == both[:, b]).sum()))
            if len(np.unique(both[:, [a, b]])) == 1:
                assert pair.kappa is None
                assert pair.reason == "Everybody gave the same answer."
            else:
                expected = cohen_kappa_score(both[:, a], both[:, b])
                assert pair.kappa == pytest.approx(expected, abs=1e-9)


@given(matrices(raters=(2, 2), answers=(2, 3), items=(12, 30), missing=False))
def test_a_pairs_interval_is_wilsons_carried_to_kappa(case):
    k, codes = case
    assume(len(np.unique(codes)) > 1)
    (pair,) = pair_matrix(pair_counts(rater_patterns(codes, "abc"[:k])))
    low, high = proportion_confint(pair.agreed, pair.n, method="wilson")
    assert (pair.percent_low, pair.percent_high) == pytest.approx((low, high), abs=1e-9)
    shares = [[(codes[:, who] == code).mean() for code in range(k)] for who in (0, 1)]
    chance = sum(a * b for a, b in zip(*shares, strict=True))
    expected = ((low - chance) / (1 - chance), (high - chance) / (1 - chance))
    assert (pair.low, pair.high) == pytest.approx(expected, abs=1e-9)


def test_a_pair_with_fewer_than_ten_shared_items_is_withheld():
    pairs = PairCounts(("Ann", "Ann"), ("Bo", "Cy"), [9, 10], [9, 8], [0.5, 0.5])
    few, enough = pair_matrix(pairs)
    assert few.withheld == "Only 9 items were rated by both; 10 are needed."
    assert enough.withheld == ""
    # by hand: (0.8 − 0.5) / (1 − 0.5)
    assert enough.kappa == pytest.approx(0.6)


def test_confusions_are_symmetric_and_share_all_disagreement():
    found = confusions([("a", "b", 6), ("b", "a", 2), ("a", "c", 2), ("a", "a", 30), ("c", "c", 5)])
    assert [(each.first, each.second, each.n) for each in found] == [("a", "b", 8), ("a", "c", 2)]
    assert [each.share for each in found] == [0.8, 0.2]


def test_lift_is_against_how_common_the_answers_are():
    """By hand: 90 answers, a 70, b 8, c 12. Two different ones have a chance of
    1 − (70² + 8² + 12²) / 90² = 2992 / 8100, a and b of 2·70·8 / 8100: of ten disagreements
    10 · 1120 / 2992 = 3.743 are a and b."""
    found = confusions([("a", "b", 6), ("b", "a", 2), ("a", "c", 2), ("a", "a", 30), ("c", "c", 5)])
    assert found[0].lift == pytest.approx(8 / (10 * 1120 / 2992))
    assert found[1].lift == pytest.approx(2 / (10 * 1680 / 2992))


def test_confusions_of_equal_size_go_by_name_and_only_the_top_is_given():
    pairs = [("c", "b", 3), ("a", "c", 3), ("a", "b", 3)]
    assert [(e.first, e.second) for e in confusions(pairs, top=2)] == [("a", "b"), ("a", "c")]
    assert confusions([("a", "a", 4)]) == ()
    assert confusions([]) == ()
