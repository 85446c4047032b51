"""Bootstrap intervals: against drawing single items, repeatable, silent where they know nothing."""

import numpy as np
import pytest

from analysis.agreement import resampling
from analysis.agreement.alpha import alpha, alpha_from_moments
from analysis.agreement.cohen import cohen
from analysis.agreement.gwet import conger, fleiss, gwet_ac, percent_agreement
from analysis.agreement.patterns import Patterns, UnitMoments
from analysis.agreement.resampling import NO_SPREAD, TOO_OFTEN_UNDEFINED
from analysis.distributions import t_quantile
from tests.analysis import agreement_oracles as oracle
from tests.analysis.agreement_making import long, rater_patterns

ANSWERS = ("a", "b", "c")
SCALE = (1.0, 2.0, 5.0)


def answered(*, items=80, people=3, seed=4, error=0.3):
    """Items whose true answer each person misses with a chance, with a few gaps."""
    rng = np.random.default_rng(seed)
    true = rng.integers(0, 3, items)
    wrong = rng.random((items, people)) < error
    codes = np.where(wrong, rng.integers(0, 3, (items, people)), true[:, None])
    return np.where(rng.random((items, people)) < 0.1, -1, codes)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda p: alpha(p.patterns), oracle.alpha),
        (lambda p: alpha(p.patterns, "ordinal"), lambda f: oracle.alpha(f, "ordinal")),
        (lambda p: alpha(p.patterns, "interval"), lambda f: oracle.alpha(f, "interval")),
        (lambda p: gwet_ac(p.patterns), lambda f: oracle.gwet_kind("gwet", f)),
        (lambda p: fleiss(p.patterns), lambda f: oracle.gwet_kind("fleiss", f)),
        (conger, oracle.conger),
        (lambda p: cohen(p.pair("p0", "p1")), lambda f: oracle.cohen(f, "p0", "p1")),
    ],
)
def test_the_interval_is_that_of_items_drawn_one_by_one(ours, theirs):
    codes = answered()
    rng = np.random.default_rng(99)
    drawn = [
        theirs(long(codes[rng.integers(0, len(codes), len(codes))], SCALE)) for _ in range(400)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    found = ours(rater_patterns(codes, ANSWERS, SCALE))
    # the spread of a 2.5% quantile of 400 draws is some 0.13 of their standard deviation
    margin = 0.5 * np.std(drawn)
    assert found.low == pytest.approx(low, abs=margin)
    assert found.high == pytest.approx(high, abs=margin)


def test_the_same_answers_give_the_same_interval_and_another_seed_another():
    patterns = rater_patterns(answered(), ANSWERS).patterns
    assert alpha(patterns) == alpha(patterns)
    assert alpha(patterns).low != alpha(patterns, seed=5).low
    assert alpha(patterns, resamples=0).low is None


def test_perfect_agreement_has_no_interval_and_says_why():
    patterns = Patterns(ANSWERS, np.array([[2, 0, 0], [0, 2, 0]]), np.array([40, 40]), 2)
    found = gwet_ac(patterns)
    assert (found.value, found.low, found.high) == (1.0, None, None)
    assert found.no_interval == NO_SPREAD


def test_an_answer_given_once_has_no_interval_of_alpha_and_says_why():
    patterns = Patterns(("a", "b"), np.array([[2, 0], [1, 1]]), np.array([99, 1]), 2)
    found = alpha(patterns)
    assert found.value is not None
    assert (found.low, found.no_interval) == (None, TOO_OFTEN_UNDEFINED)
    assert percent_agreement(patterns).low is not None


def test_many_patterns_dealt_into_blocks_give_the_interval_of_single_items(monkeypatch):
    rng = np.random.default_rng(3)
    middle = rng.normal(0, 1, 6_000)
    numbers = middle[:, None] + rng.normal(0, 0.7, (6_000, 3))
    numbers[:3_000] -= 1.0
    moments = UnitMoments(
        np.full(6_000, 3), numbers.sum(axis=1), (numbers**2).sum(axis=1), np.ones(6_000), 3
    )
    in_blocks = alpha_from_moments(moments)
    monkeypatch.setattr(resampling, "_MAX_BLOCKS", 10_000)
    one_by_one = alpha_from_moments(moments)
    assert in_blocks.value == one_by_one.value
    width = one_by_one.high - one_by_one.low
    assert in_blocks.low == pytest.approx(one_by_one.low, abs=0.1 * width)
    assert in_blocks.high == pytest.approx(one_by_one.high, abs=0.1 * width)


def test_gwets_own_interval_is_t_with_n_less_one():
    codes = answered()
    found = gwet_ac(rater_patterns(codes, ANSWERS).patterns)
    error = oracle.standard_error("gwet", long(codes, ANSWERS))
    items = int((codes >= 0).any(axis=1).sum())
    half = t_quantile(items - 1) * error
    assert found.analytic == pytest.approx((found.value - half, found.value + half), abs=1e-9)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """Two people, right nine times in ten each, else at random among three: agreement known."""
    right = 0.9 + 0.1 / 3
    truth = right**2 + 2 * ((1 - right) / 2) ** 2
    held = 0
    for seed in range(200):
        codes = answered(items=150, people=2, seed=seed, error=0.1)
        found = percent_agreement(rater_patterns(codes, ANSWERS).patterns, resamples=1_000)
        held += found.low <= truth <= found.high
    assert 180 <= held <= 199
