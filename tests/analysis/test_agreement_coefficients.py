"""Agreement coefficients against krippendorff, statsmodels, scikit-learn, and the papers."""

import warnings
from math import isnan, nan

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from analysis.agreement.alpha import alpha, alpha_from_moments
from analysis.agreement.cohen import cohen
from analysis.agreement.gwet import (
    brennan_prediger,
    conger,
    fleiss,
    fleiss_1971,
    gwet_ac,
    percent_agreement,
)
from analysis.agreement.patterns import PairTable, Patterns, RaterPatterns, presence
from analysis.agreement.result import NOBODY_TWICE, SAME_ANSWER
from tests.analysis import agreement_oracles as oracle
from tests.analysis.agreement_making import long, matrices, rater_patterns

VALUES = (0.5, 1.0, 3.0, 4.0, 10.0)
LEVELS = ("nominal", "ordinal", "interval", "ratio")
WEIGHTS = ("identity", "linear", "quadratic", "ordinal")
GWET = {
    "percent": percent_agreement,
    "fleiss": fleiss,
    "gwet": gwet_ac,
    "brennan_prediger": brennan_prediger,
}


def made(case):
    k, codes = case
    return rater_patterns(codes, [f"a{i}" for i in range(k)], VALUES[:k])


def number(found):
    return nan if found.value is None else found.value


def same(ours, theirs):
    return (isnan(ours) and isnan(theirs)) or ours == pytest.approx(theirs, abs=1e-9)


@settings(max_examples=200)
@given(matrices(answers=(2, 5)), st.sampled_from(LEVELS))
def test_alpha_is_krippendorffs_with_gaps_and_ties(case, level):
    _, codes = case
    paired = codes[(codes >= 0).sum(axis=1) >= 2]
    assume(len(np.unique(paired[paired >= 0])) > 1)
    data = np.where(codes >= 0, np.array(VALUES)[codes], np.nan).T
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = krippendorff.alpha(data, level_of_measurement=level)
    patterns = made(case).patterns
    assert alpha(patterns, level, resamples=0).value == pytest.approx(expected, abs=1e-9)
    assert oracle.alpha(values_of(case), level) == pytest.approx(expected, abs=1e-9)


def values_of(case):
    return long(case[1], VALUES)


@settings(max_examples=200)
@given(matrices(), st.sampled_from(LEVELS))
def test_alpha_is_the_loops_also_where_it_is_undefined(case, level):
    frame = values_of(case)
    found = alpha(made(case).patterns, level, resamples=0)
    assert same(number(found), oracle.alpha(frame, level) if len(frame) else nan)
    assert (found.value is None) == bool(found.reason)


@settings(max_examples=200)
@given(matrices())
def test_interval_alpha_from_moments_is_the_one_from_patterns(case):
    patterns = made(case).patterns
    ours = alpha_from_moments(patterns.moments, resamples=0)
    assert same(number(ours), number(alpha(patterns, "interval", resamples=0)))
    assert ours.reason == alpha(patterns, "interval", resamples=0).reason


@settings(max_examples=200)
@given(matrices(answers=(2, 5), items=(2, 14), missing=False))
def test_fleiss_and_randolph_are_statsmodels_where_nothing_is_missing(case):
    patterns = made(case).patterns.given
    assume(len(patterns.answers) > 1)
    table = np.repeat(patterns.counts, patterns.units, axis=0)
    found = fleiss(patterns, resamples=0).value
    assert found == pytest.approx(fleiss_kappa(table, method="fleiss"), abs=1e-9)
    assert fleiss_1971(patterns, resamples=0).value == found
    ours = brennan_prediger(patterns, resamples=0).value
    assert ours == pytest.approx(fleiss_kappa(table, method="randolph"), abs=1e-9)


@settings(max_examples=200)
@given(
    matrices(raters=(2, 2), answers=(2, 5), items=(2, 30), missing=False),
    st.sampled_from(["identity", "linear", "quadratic"]),
)
def test_cohen_is_scikit_learns_plain_and_weighted(case, kind):
    k, codes = case
    table = rater_patterns(codes, "abcde"[:k]).pair("p0", "p1")
    theirs = {"identity": None, "linear": "linear", "quadratic": "quadratic"}[kind]
    assume(len(np.unique(codes)) > 1)
    expected = cohen_kappa_score(codes[:, 0], codes[:, 1], labels=range(k), weights=theirs)
    found = cohen(table, kind, resamples=0)
    assert found.value == pytest.approx(expected, abs=1e-9)


@settings(max_examples=100)
@given(
    st.lists(st.integers(1, 30), min_size=9, max_size=9),
    st.sampled_from([("identity", None), ("linear", "linear"), ("quadratic", "quadratic")]),
)
def test_cohens_standard_error_is_statsmodels(cells, kinds):
    ours, theirs = kinds
    expected = cohens_kappa(np.array(cells).reshape(3, 3), wt=theirs)
    found = cohen(PairTable(("p", "q"), ("a", "b", "c"), cells), ours, resamples=0)
    assert found.value == pytest.approx(expected.kappa, abs=1e-9)
    assert found.standard_error == pytest.approx(expected.std_kappa, abs=1e-9)


@settings(max_examples=200)
@given(matrices(), st.sampled_from(WEIGHTS), st.sampled_from(sorted(GWET)))
def test_gwets_family_is_the_loops_from_the_papers(case, kind, name):
    frame, k = values_of(case), case[0]
    assume(len(frame))
    scale = list(VALUES[:k])
    found = GWET[name](made(case).patterns, kind, resamples=0)
    assert same(number(found), oracle.gwet_kind(name, frame, kind, scale))
    if found.standard_error is not None:
        expected = oracle.standard_error(name, frame, kind, scale)
        assert found.standard_error == pytest.approx(expected, abs=1e-9)


@settings(max_examples=200)
@given(matrices(), st.sampled_from(WEIGHTS))
def test_conger_and_cohen_are_the_loops_from_the_papers(case, kind):
    frame, k = values_of(case), case[0]
    assume(len(frame))
    scale, patterns = list(VALUES[:k]), made(case)
    assert same(number(conger(patterns, kind, resamples=0)), oracle.conger(frame, kind, scale))
    ours = cohen(patterns.pair("p0", "p1"), kind, resamples=0)
    assert same(number(ours), oracle.cohen(frame, "p0", "p1", kind, scale))


@settings(max_examples=50)
@given(matrices(raters=(2, 2), missing=False), st.sampled_from(WEIGHTS))
def test_conger_of_two_people_without_gaps_is_cohen(case, kind):
    patterns = made(case)
    ours = conger(patterns, kind, resamples=0)
    assert same(number(ours), number(cohen(patterns.pair("p0", "p1"), kind, resamples=0)))


@settings(max_examples=50)
@given(matrices(), st.randoms())
def test_the_order_and_splitting_of_patterns_change_nothing(case, random):
    whole = made(case)
    rows = [row for row, n in zip(whole.codes, whole.units, strict=True) for _ in range(n)]
    random.shuffle(rows)
    split = RaterPatterns(
        whole.raters, whole.answers, np.array(rows), np.ones(len(rows)), whole.values
    )
    for coefficient in (fleiss, gwet_ac, alpha):
        one = coefficient(whole.patterns, resamples=0)
        other = coefficient(
            Patterns(split.answers, split.counts, split.units, 5, split.values), resamples=0
        )
        assert same(number(one), number(other))
        assert one.n_units == other.n_units
    assert same(number(conger(whole, resamples=0)), number(conger(split, resamples=0)))


def test_with_one_answer_throughout_kappas_are_undefined_and_ac1_is_1():
    patterns = Patterns(("yes",), np.array([[3], [2]]), np.array([10, 5]), 3)
    for coefficient in (alpha, fleiss, brennan_prediger):
        found = coefficient(patterns)
        assert (found.value, found.reason) == (None, SAME_ANSWER)
    assert percent_agreement(patterns).value == 1.0
    assert gwet_ac(patterns).value == 1.0
    two = Patterns(("yes", "no"), np.array([[3, 0]]), np.array([10]), 3)
    assert alpha(two).reason == fleiss(two).reason == SAME_ANSWER
    assert gwet_ac(two).value == brennan_prediger(two).value == 1.0


def test_units_of_one_answer_count_in_gwets_chance_and_not_in_alpha():
    """By hand: 2 pairs (aa, ab), with and without six units answered b by one person alone."""
    pairs = np.array([[2, 0], [1, 1]])
    alone = Patterns(("a", "b"), np.vstack([pairs, [[0, 1]]]), np.array([1, 1, 6]), 2)
    without = Patterns(("a", "b"), pairs, np.array([1, 1]), 2)
    # alpha: n = 4, a 3, b 1; observed 2 / 4, expected 2·3·1 / (4·3): 1 − 1 = 0, both times
    assert alpha(alone).value == alpha(without).value == pytest.approx(0.0, abs=1e-12)
    # AC1: agreement 1/2. Without: shares 3/4, 1/4, chance 3/8 → 1/5.
    # With: shares (1 + 1/2) / 8 = 3/16, chance 2 · 3/16 · 13/16 = 39/128 → (64 − 39) / (128 − 39)
    assert gwet_ac(without).value == pytest.approx(1 / 5)
    assert gwet_ac(alone).value == pytest.approx(25 / 89)
    assert gwet_ac(alone).n_units == alpha(alone).n_units == 2
    assert dict(gwet_ac(alone).prevalence)["a"] == pytest.approx(3 / 16)
    assert dict(alpha(alone).prevalence)["a"] == pytest.approx(3 / 4)


def test_nothing_rated_twice_is_said_and_nothing_is_shown():
    patterns = Patterns(("a", "b"), np.array([[1, 0], [0, 1]]), np.array([4, 3]), 2)
    for coefficient in (alpha, fleiss, gwet_ac, percent_agreement, brennan_prediger):
        found = coefficient(patterns)
        assert (found.value, found.reason) == (None, NOBODY_TWICE)
        assert found.withheld == "No item was rated by two people or more; 10 are needed."
    empty = Patterns(("a", "b"), np.zeros((0, 2)), np.zeros(0), 0)
    assert alpha(empty).reason == gwet_ac(empty).reason == NOBODY_TWICE


def test_below_ten_units_the_value_is_there_and_withheld():
    patterns = Patterns(("a", "b"), np.array([[2, 0], [1, 1], [0, 2]]), np.array([3, 2, 2]), 2)
    found = alpha(patterns)
    assert found.value is not None
    assert found.shown is None
    assert found.withheld == "Only 7 items were rated by two people or more; 10 are needed."
    enough = alpha(Patterns(("a", "b"), patterns.counts, np.array([4, 3, 3]), 2))
    assert (enough.withheld, enough.shown) == ("", enough.value)


def test_fleiss_of_1971_refuses_units_of_unequal_size():
    patterns = Patterns(("a", "b"), np.array([[2, 1], [1, 1]]), np.array([5, 5]), 3)
    assert fleiss_1971(patterns).value is None
    assert fleiss_1971(patterns).reason == "Fleiss 1971 needs equally many answers for each item."
    assert fleiss(patterns).value is not None


def test_alpha_of_numbers_needs_numbers_and_ratio_none_below_zero():
    words = Patterns(("a", "b"), np.array([[1, 1]]), np.array([5]), 2)
    assert alpha(words, "interval").reason == "The answers are not numbers."
    below = Patterns(("-1", "1"), np.array([[1, 1]]), np.array([5]), 2, (-1.0, 1.0))
    assert alpha(below, "ratio").reason == "Ratio alpha needs numbers of zero or more."
    assert alpha(below, "interval").value is not None


def test_ordinal_alpha_goes_by_the_values_not_by_the_order_of_the_columns():
    counts, units = np.array([[1, 1, 0], [0, 1, 1], [2, 0, 0], [0, 0, 2]]), np.array([4, 3, 5, 6])
    sorted_ = Patterns(("1", "2", "10"), counts, units, 2, (1.0, 2.0, 10.0))
    by_name = Patterns(("1", "10", "2"), counts[:, [0, 2, 1]], units, 2, (1.0, 10.0, 2.0))
    assert alpha(by_name, "ordinal").value == pytest.approx(alpha(sorted_, "ordinal").value)


def test_two_answers_of_one_value_are_refused():
    with pytest.raises(ValueError, match="value of its own"):
        Patterns(("4", "4.0"), np.array([[1, 1]]), np.array([1]), 2, (4.0, 4.0))


def test_a_label_there_or_not_is_a_field_of_two_answers():
    found = presence([3, 2], [1, 2], [7, 4], raters=3)
    assert found.answers == ("absent", "present")
    assert found.counts.tolist() == [[2, 1], [0, 2]]


@pytest.mark.parametrize("values", [tuple(range(13)), tuple(range(-6, 7))], ids=["0-12", "signed"])
def test_ordinal_weights_go_by_the_values_where_answers_stand_by_their_text(values):
    """As the database orders them: "0", "1", "10", "11", "12", "2" …"""
    by_text = tuple(sorted(values, key=str))
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 13, 60)
    given_ = np.clip(truth[:, None] + rng.integers(-2, 3, (60, 3)), 0, 12)
    codes = np.vectorize(lambda at: by_text.index(values[at]))(given_)
    codes[rng.random(codes.shape) < 0.15] = -1
    found = rater_patterns(codes, [str(value) for value in by_text], by_text)
    frame, scale = long(codes, by_text), sorted(values)
    for name, coefficient in GWET.items():
        theirs = oracle.gwet_kind(name, frame, "ordinal", scale)
        assert same(number(coefficient(found.patterns, "ordinal", resamples=0)), theirs)
    theirs = oracle.conger(frame, "ordinal", scale)
    assert same(number(conger(found, "ordinal", resamples=0)), theirs)
    theirs = oracle.cohen(frame, "p0", "p1", "ordinal", scale)
    assert same(number(cohen(found.pair("p0", "p1"), "ordinal", resamples=0)), theirs)
