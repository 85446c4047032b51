"""The rate of a lot of which small groups were drawn more than their share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis.sampling.deciding import outcome
from analysis.sampling.draw import Item, draw, shares
from analysis.sampling.iso2859 import plan
from analysis.sampling.model import Decision
from analysis.sampling.weighting import unevenness, weighted
from tests import count

LOT = [Item(f"I{i}", "busy", str(i)) for i in range(485)]
LOT += [Item(f"J{i}", f"rare {i:02}", f"r{i}") for i in range(15)]


def test_a_lot_with_15_bad_items_of_15_people_is_3_percent_defective_and_not_30() -> None:
    """50 drawn: 35 of 485, and one of each of 15. 15 of 500 are bad, 15 of 50 in the draw.

    Weights 485/35 and 1: worth 500² / (35 · (485/35)² + 15) = 37.15 items.
    """
    drawn = draw(LOT, 50, seed=4, is_stratified=True)
    assert sorted(drawn.strata) == [1] * 15 + [485]
    used = plan(500, "II", 10.0)
    people = [item.annotator for item in drawn.items]
    bad: list[bool | None] = [person != "busy" for person in people]
    found = outcome(replace(used, strata=drawn.strata), bad, people)
    assert (found.rate, found.decision) == (0.3, Decision.NOT_ACCEPTED)
    assert found.weighted is not None
    worth = 500**2 / (35 * (485 / 35) ** 2 + 15)
    x = 0.03 * worth
    assert found.weighted.rate == pytest.approx(0.03)
    assert found.weighted.low == pytest.approx(stats.beta.ppf(0.025, x, worth - x + 1), abs=1e-9)
    assert found.weighted.high == pytest.approx(stats.beta.ppf(0.975, x + 1, worth - x), abs=1e-9)
    assert found.rate_words.startswith("30.0% defective, 95% interval 17.9–44.6%. Small groups are")
    assert "Weighted by annotator about 3.0% of the lot is defective" in found.rate_words


def test_an_uneven_draw_says_so_before_it_is_drawn_and_an_even_one_does_not() -> None:
    uneven = draw(LOT, 50, seed=4, is_stratified=True).words
    assert "stands for up to 14 times as many items of the lot as another" in uneven
    assert draw(LOT, 50, seed=4).words == ""
    even = [Item(str(i), "abc"[i % 3], str(i)) for i in range(300)]
    assert draw(even, 50, seed=4, is_stratified=True).words == ""


def test_an_even_or_a_simple_draw_has_no_second_rate() -> None:
    assert unevenness([100, 100, 90], [10, 10, 9]) == 1.0
    assert weighted([100, 90], ["a"] * 10 + ["b"] * 9, [False] * 19) is None
    assert weighted([], ["a"] * 10 + ["b"] * 9, [False] * 19) is None
    assert weighted([500, 1], ["a", "a", "b"], [None, None, None]) is None


def test_while_some_are_not_checked_the_others_of_their_group_stand_for_them() -> None:
    """2 of 4 checked of 400, one bad, and the one item of b: (200 + 0) / 401."""
    found = weighted([400, 1], list("aaaab"), [True, False, None, None, False])
    assert found is not None
    assert found.rate == pytest.approx(200 / 401)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sizes", "rates", "n"),
    [
        ([485] + [1] * 15, [0.1] + [0.0] * 15, 50),
        ([485] + [1] * 15, [0.02] + [1.0] * 15, 50),
        ([700] + [1] * 30, [0.5] + [0.0] * 30, 40),
        ([200, 100, 50, 20, 5, 2, 1, 1], [0.1, 0.05, 0.2, 0.3, 0.4, 0.5, 1.0, 0.0], 20),
    ],
)
def test_the_interval_holds_the_lots_own_rate_in_about_95_percent(sizes, rates, n) -> None:
    runs, random = count(3_000), np.random.default_rng(6)
    drawn = shares({str(i): size for i, size in enumerate(sizes)}, n)
    bad = [round(size * rate) for size, rate in zip(sizes, rates, strict=True)]
    held = 0
    for _ in range(runs):
        people: list[str] = []
        results: list[bool | None] = []
        for (name, k), size, of in zip(drawn.items(), sizes, bad, strict=True):
            hits = int(random.hypergeometric(of, size - of, k))
            people += [name] * k
            results += [True] * hits + [False] * (k - hits)
        found = weighted(sizes, people, results)
        assert found is not None
        held += found.low <= sum(bad) / sum(sizes) <= found.high
    assert held >= stats.binom.ppf(0.001, runs, 0.945)
