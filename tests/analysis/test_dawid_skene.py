"""The consensus of Dawid and Skene against plain loops written from their paper."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

from analysis.agreement.dawid_skene import consensus, dawid_skene
from analysis.agreement.patterns import RaterPatterns
from tests.analysis.agreement_making import matrices, rater_patterns


def loops(codes, k, rounds):
    """Dawid and Skene 1979, (2.3) to (2.5), item by item: the posteriors after so many rounds."""
    items, people = range(len(codes)), range(len(codes[0]))
    truth = []
    for given_ in codes:
        votes = [sum(code == j for code in given_) for j in range(k)]
        truth.append([n / sum(votes) for n in votes])
    likelihood = 0.0
    for _ in range(rounds):
        prior = [sum(truth[i][j] for i in items) / len(codes) for j in range(k)]
        error = {}
        for person in people:
            for j in range(k):
                whole = sum(truth[i][j] for i in items if codes[i][person] >= 0)
                for given_ in range(k):
                    part = sum(truth[i][j] for i in items if codes[i][person] == given_)
                    error[person, j, given_] = part / whole if whole else 0.0
        likelihood, grown = 0.0, []
        for i in items:
            each = [
                prior[j] * math.prod(error[p, j, codes[i][p]] for p in people if codes[i][p] >= 0)
                for j in range(k)
            ]
            likelihood += math.log(sum(each))
            grown.append([value / sum(each) for value in each])
        truth = grown
    return truth, likelihood


@settings(max_examples=60, deadline=None)
@given(matrices(raters=(2, 5), answers=(2, 4), items=(2, 14)))
def test_posteriors_and_labels_are_those_of_plain_loops_from_the_same_start(case):
    k, codes = case
    codes = codes[(codes >= 0).any(axis=1)]
    if not len(codes):
        return
    patterns = rater_patterns(codes, "abcd"[:k])
    found = dawid_skene(patterns)
    expected, likelihood = loops(codes.tolist(), k, found.iterations)
    row = {tuple(pattern): at for at, pattern in enumerate(patterns.codes.tolist())}
    for given_, truth in zip(codes.tolist(), expected, strict=True):
        at = row[tuple(given_)]
        assert found.posterior[at] == pytest.approx(truth, abs=1e-6)
        first = next(j for j in range(k) if truth[j] >= max(truth) - 1e-9)
        if sorted(truth)[-1] - sorted(truth)[-2] > 1e-6:
            assert found.label[at] == first
    assert found.log_likelihood == pytest.approx(likelihood, abs=1e-6)


def known(*, items=3_000, seed=1):
    """Three answers, four people: three good ones and one who takes b for a every other time."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, items, p=[0.5, 0.3, 0.2])
    good = np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]])
    biased = np.array([[0.95, 0.03, 0.02], [0.5, 0.45, 0.05], [0.05, 0.05, 0.9]])
    tables = [good, good, good, biased]
    codes = np.stack(
        [[rng.choice(3, p=table[t]) for t in truth] for table in tables], axis=1
    )  # fmt: skip
    return truth, codes, tables


def test_the_planted_confusions_and_truths_are_found():
    truth, codes, tables = known()
    rows, people = np.nonzero(codes >= 0)
    found = consensus(
        rows, people, codes[rows, people], answers=("a", "b", "c"), raters=tuple("pqrs"),
        units=np.ones(len(codes)),
    )  # fmt: skip
    assert found.has_converged
    assert found.prior == pytest.approx([0.5, 0.3, 0.2], abs=0.03)
    for at, table in enumerate(tables):
        assert found.confusion[at] == pytest.approx(table, abs=0.05)
    right = found.label == truth
    assert right.mean() > 0.97
    assert found.certainty.mean() == pytest.approx(right.mean(), abs=0.01)


def test_patterns_with_counts_give_what_single_items_give():
    _, codes, _ = known(items=400)
    whole = rater_patterns(codes, "abc")
    single = RaterPatterns(whole.raters, whole.answers, codes, np.ones(len(codes)))
    one, other = dawid_skene(whole), dawid_skene(single)
    assert one.iterations == other.iterations
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-9)
    assert one.confusion == pytest.approx(other.confusion, abs=1e-9)


def test_a_tie_goes_to_the_first_answer_and_is_marked():
    patterns = RaterPatterns(("p", "q"), ("a", "b"), [[0, 1], [1, 0]], [5, 5])
    found = dawid_skene(patterns)
    assert found.label.tolist() == [0, 0]
    assert found.is_tied.tolist() == [True, True]
    assert found.certainty == pytest.approx([0.5, 0.5])


def test_what_nobody_answered_and_what_a_person_never_met_stay_unknown():
    patterns = RaterPatterns(("p", "q", "r"), ("a", "b"), [[0, 0, -1], [-1, -1, -1]], [5, 3])
    found = dawid_skene(patterns)
    assert found.label.tolist() == [0, -1]
    assert np.isnan(found.posterior[1]).all()
    assert np.isnan(found.confusion[2]).all()
    assert np.isnan(found.confusion[0, 1]).all()
    assert found.prior.tolist() == [1.0, 0.0]
    empty = dawid_skene(RaterPatterns(("p",), ("a", "b"), np.zeros((0, 1)), []))
    assert (empty.iterations, empty.label.tolist()) == (0, [])
