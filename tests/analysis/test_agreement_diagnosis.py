"""The diagnosis: plants are found and named, people who are alike are left in peace."""

import numpy as np
import pytest

from analysis.agreement.diagnosis import Problem, diagnose
from analysis.agreement.evidence import evidence, people_counts
from analysis.agreement.patterns import RaterPatterns
from tests import count
from tests.analysis.agreement_making import rater_patterns

SEEDS = count(200)
LABELS = ("v", "w", "x", "y", "z")


def team(
    seed, *, items=200, people=5, labels=5, error=0.12, prior=None, each=None, missing=0.0,
    careless=None, ambiguous=0.0, hard=0.0, one_persons_label=0.0,
):  # fmt: skip
    """People who err alike, at random among the other labels; and what is planted on top.

    Args:
        each: how many people answer an item, drawn at random; all unless given.
        careless: the chance that p0 errs.
        ambiguous: the chance that an answer on an item that is v becomes w.
        hard: the share of items on which everybody guesses.
        one_persons_label: the chance that p0 alone gives w for v.
    """
    rng = np.random.default_rng(seed)
    truth = rng.choice(labels, items, p=prior)
    chance = np.full((items, people), error)
    if careless:
        chance[:, 0] = careless
    chance[rng.random(items) < hard] = (labels - 1) / labels
    codes = np.repeat(truth[:, None], people, axis=1)
    other = (codes + rng.integers(1, labels, codes.shape)) % labels
    codes = np.where(rng.random(codes.shape) < chance, other, codes)
    is_v = np.repeat(truth[:, None] == 0, people, axis=1)
    codes[is_v & (rng.random(codes.shape) < ambiguous)] = 1
    own = is_v & (rng.random(codes.shape) < one_persons_label)
    codes[own[:, 0], 0] = 1
    if each:
        place = rng.random(codes.shape).argsort(axis=1).argsort(axis=1)
        codes[place >= each] = -1
    codes[rng.random(codes.shape) < missing] = -1
    return rater_patterns(codes, LABELS[:labels])


def named(**plant):
    """Per seed, what is named: (problem, subject)."""
    return [
        {(each.problem, each.subject) for each in diagnose(evidence(team(seed, **plant))).findings}
        for seed in range(SEEDS)
    ]


QUIET = {(Problem.NONE, "")}


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    [
        {},
        {"each": 3},
        {"each": 2},
        {"people": 3, "prior": [0.5, 0.25, 0.15, 0.07, 0.03]},
        {"people": 3, "error": 0.3},
        {"labels": 2},
        {"items": 60},
        {"items": 1_000, "error": 0.3, "missing": 0.3},
    ],
    ids=str,
)
def test_people_who_are_alike_are_accused_in_at_most_5_percent_of_teams(kind):
    accused = sum(found not in (QUIET, {(Problem.TOO_LITTLE, "")}) for found in named(**kind))
    assert accused <= 0.05 * SEEDS


@pytest.mark.slow
@pytest.mark.parametrize(
    "plant",
    [
        {"careless": 0.4},
        {"careless": 0.45, "people": 3},
        {"careless": 0.45, "each": 3, "people": 6},
        {"careless": 0.5, "each": 2, "items": 400},
        {"careless": 0.5, "each": 2, "items": 800, "people": 10},
    ],
    ids=str,
)
def test_a_careless_person_is_named_and_nobody_else(plant):
    found = named(**plant)
    assert sum((Problem.PERSON, "p0") in each for each in found) >= 0.9 * SEEDS
    others = [{e for e in each if e[0] is not Problem.PERSON or e[1] != "p0"} for each in found]
    assert sum(bool(each - QUIET) for each in others) <= 0.05 * SEEDS


@pytest.mark.slow
@pytest.mark.parametrize(
    "plant",
    [
        {"ambiguous": 0.4},
        {"ambiguous": 0.4, "people": 3, "items": 300},
        {"ambiguous": 0.4, "each": 2, "items": 500},
    ],
    ids=str,
)
def test_an_ambiguous_label_is_named_and_no_other(plant):
    found = named(**plant)
    assert sum((Problem.GUIDELINE, "v") in each for each in found) >= 0.9 * SEEDS
    others = [{e for e in each if e != (Problem.GUIDELINE, "v")} for each in found]
    assert sum(bool(each - QUIET) for each in others) <= 0.05 * SEEDS


@pytest.mark.slow
@pytest.mark.parametrize(
    "plant",
    [{"hard": 0.1, "error": 0.06}, {"hard": 0.1, "error": 0.05, "people": 3, "items": 400}],
    ids=str,
)
def test_a_few_hard_items_are_told_and_neither_label_nor_person(plant):
    found = named(**plant)
    assert sum((Problem.ITEM, "") in each for each in found) >= 0.9 * SEEDS
    others = [each - {(Problem.ITEM, "")} - QUIET for each in found]
    assert sum(map(bool, others)) <= 0.05 * SEEDS


@pytest.mark.slow
def test_a_label_that_one_person_alone_uses_otherwise_is_no_guideline_problem():
    found = named(one_persons_label=0.9, error=0.05)
    assert sum((Problem.PERSON, "p0") in each for each in found) >= 0.9 * SEEDS
    accused = sum(any(e[0] is Problem.GUIDELINE for e in each) for each in found)
    assert accused <= 0.05 * SEEDS


def test_the_sentences_carry_their_numbers_and_a_first_step():
    (person,) = diagnose(evidence(team(3, careless=0.5))).findings
    codes = np.repeat(team(3, careless=0.5).codes, team(3, careless=0.5).units, axis=0)
    alike = [(codes[:, a] == codes[:, b]).mean() for a in range(5) for b in range(a + 1, 5)]
    with_, without = np.mean(alike[:4]), np.mean(alike[4:])
    assert person.sentence == (
        f"p0 and another person give the same answer in {with_:.1%} of their shared answers "
        f"(n = 800); two others do in {without:.1%} (n = 1,200)."
    )
    assert person.next_step == (
        "Go through items where p0 and the others disagree before drawing a conclusion."
    )
    (label,) = diagnose(evidence(team(3, ambiguous=0.5))).findings
    assert label.sentence.startswith("Where one of two people gives “v”, the other gives it too in")
    assert label.sentence.endswith(
        "Beside “v” stands most often “w”. All 10 pairs of people are lower on it than on the "
        "other labels."
    )
    assert label.next_step == "Check the guideline for “v” first, where it borders “w”."


def test_a_persons_sums_are_those_of_shuffling_the_answers_within_items():
    """Every order of (a, a, b): the person of b agrees 0, the others 1/2: mean 1/3, var 1/18."""
    people = people_counts(RaterPatterns(("p", "q", "r"), ("a", "b"), [[0, 0, 1]], [18]))
    assert people.agreed.tolist() == [9.0, 9.0, 0.0]
    assert people.expected == pytest.approx([6.0, 6.0, 6.0])
    assert people.variance == pytest.approx([1.0, 1.0, 1.0])
    assert people.z == pytest.approx([3.0, 3.0, -6.0])
    assert people.contested.tolist() == [18, 18, 18]


def test_between_items_of_two_answers_a_partner_is_compared_with_its_other_partners():
    """p and q agree on 2 of 6, p and r on 2 of 4, q and r on 9 of 10.

    Of q's 16, 11 agree: 6 · 11/16 expected with p. Of r's 14, 11 agree: 4 · 11/14 expected.
    A unit of p and q weighs 10/16, of p and r 10/14, of q and r 6/16 + 4/14.
    """
    codes = [[0, 0, -1], [0, 1, -1], [0, -1, 0], [0, -1, 1], [-1, 0, 0], [-1, 0, 1]]
    patterns = RaterPatterns(("p", "q", "r"), ("a", "b"), codes, [2, 4, 2, 2, 9, 1])
    people = people_counts(patterns)
    of_q, of_r = 11 / 16, 11 / 14
    off = 2 - 6 * of_q + 2 - 4 * of_r
    both = (of_q + of_r) / 2
    variance = (
        6 * of_q * (1 - of_q) * (10 / 16) ** 2
        + 4 * of_r * (1 - of_r) * (10 / 14) ** 2
        + 10 * both * (1 - both) * (6 / 16 + 4 / 14) ** 2
    )
    assert people.doubles[0] == pytest.approx(off)
    assert people.z[0] == pytest.approx(off / np.sqrt(variance))
    sums = people.own_agreed[0], people.own_shared[0], people.rest_agreed[0], people.rest_shared[0]
    assert sums == (4, 10, 9, 10)


def test_a_person_with_one_partner_is_not_held_against_others_who_share_other_items():
    codes = [[0, 0, -1, -1], [0, 1, -1, -1], [-1, 0, 0, -1], [-1, -1, 0, 0], [-1, 0, -1, 0]]
    people = people_counts(RaterPatterns(tuple("pqrs"), ("a", "b"), codes, [10, 40, 50, 50, 50]))
    assert np.isnan(people.z[0]) and people.rest_shared[0] == 0


def pairs_of_a_team(seed, chances, *, labels=3, items=320):
    """Each pair of people by themselves, with a chance of guessing of their own."""
    rng = np.random.default_rng(seed)
    truth, pair = rng.integers(0, labels, items), np.arange(items) % len(chances)
    codes = np.full((items, 2 * len(chances)), -1)
    for side in (0, 1):
        guesses = rng.random(items) < np.array(chances)[pair]
        said = np.where(guesses, rng.integers(0, labels, items), truth)
        codes[np.arange(items), 2 * pair + side] = said
    return rater_patterns(codes, LABELS[:labels])


def test_of_pairs_on_datasets_of_their_own_nobody_is_accused_of_the_hard_one():
    for seed in range(count(40)):
        found = diagnose(evidence(pairs_of_a_team(seed, (0.04, 0.04, 0.04, 0.25))))
        assert all(each.problem is not Problem.PERSON for each in found.findings)
        assert found.cannot_tell[0].startswith("Nothing can be said about single people")


def two_teams(seed, hard, *, each):
    """Six people; three share the easy items, three the hard ones, and p2 does some of both."""
    rng = np.random.default_rng(seed)
    items, labels = 400, 3
    truth, is_hard = rng.integers(0, labels, items), np.arange(items) % 2 == 1
    codes = np.repeat(truth[:, None], 6, axis=1)
    guesses = rng.random(codes.shape) < np.where(is_hard, hard, 0.05)[:, None]
    codes = np.where(guesses, rng.integers(0, labels, codes.shape), codes)
    team = np.where(is_hard[:, None], np.arange(6) >= 2, np.arange(6) < 3)
    place = np.where(team, rng.random(codes.shape), 2.0).argsort(axis=1).argsort(axis=1)
    codes[(place >= each) | ~team] = -1
    return rater_patterns(codes, LABELS[:labels])


@pytest.mark.slow
@pytest.mark.parametrize("each", [2, 3])
def test_a_team_with_harder_items_is_not_accused(each):
    accused = 0
    for seed in range(SEEDS):
        found = diagnose(evidence(two_teams(seed, 0.3, each=each)))
        accused += any(one.problem is Problem.PERSON for one in found.findings)
    assert accused <= 0.05 * SEEDS


def test_with_two_people_neither_is_blamed_and_that_is_said():
    found = diagnose(evidence(team(1, people=2, items=400)))
    assert found.cannot_tell[0] == (
        "Nothing can be said about single people: that needs three people who share items."
    )
    assert all(each.problem is not Problem.PERSON for each in found.findings)


@pytest.mark.parametrize(
    ("codes", "units", "sentence"),
    [
        ([[0, 1]], [7], "Only 7 items were rated by two people or more; 10 are needed."),
        ([[0, 0]], [40], "People gave the same answer to each item: there is no disagreement to "
         "look into."),
        ([[0, 0], [0, 1]], [40, 12], "Only 12 items show any disagreement; 20 are needed to say "
         "where it lies."),
    ],
)  # fmt: skip
def test_too_little_to_go_by_is_said_with_its_numbers(codes, units, sentence):
    found = diagnose(evidence(RaterPatterns(("p", "q"), ("a", "b"), codes, units)))
    (only,) = found.findings
    assert (only.problem, only.sentence) == (Problem.TOO_LITTLE, sentence)
