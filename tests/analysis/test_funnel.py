"""The funnel plot: limits and chances against scipy, and nobody accused for luck."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from analysis.funnel import (
    INNER,
    OUTER,
    at_least,
    at_most,
    chance_of,
    curve,
    funnel,
    limits,
)
from data_access.answers import wilson
from metrics.annotation import GOLD_ACCURACY
from metrics.periods import Period
from metrics.value import Value
from tests import count

WEEK = Period(date(2026, 11, 9), date(2026, 11, 16))


def value(name: str, hits: int, n: int) -> Value:
    if n < GOLD_ACCURACY.min_rows:
        return Value(GOLD_ACCURACY, WEEK, name, None, n, withheld="Too few rows.")
    low, high = wilson(hits, n)
    return Value(GOLD_ACCURACY, WEEK, name, hits / n, n, float(hits), low, high)


def plot(people: dict[str, tuple[int, int]]):
    return funnel(GOLD_ACCURACY, [value(name, hits, n) for name, (hits, n) in people.items()])


@pytest.mark.parametrize("share", [0.03, 0.5, 0.9, 0.985])
@pytest.mark.parametrize("n", [1, 7, 40, 333, 5000])
def test_tails_are_those_of_the_binomial(n: int, share: float):
    for hits in {0, 1, n // 2, round(n * share), n - 1, n}:
        assert at_most(hits, n, share) == pytest.approx(stats.binom.cdf(hits, n, share), rel=1e-9)
        expected = stats.binom.sf(hits - 1, n, share)
        assert at_least(hits, n, share) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("confidence", [INNER, OUTER])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.97])
def test_a_count_lies_beyond_a_limit_if_and_only_if_its_exact_tail_is_that_small(
    share: float, confidence: float
):
    tail = (1 - confidence) / 2
    for n in (1, 5, 10, 23, 60, 187, 900):
        low, high = limits(n, share, confidence)
        assert 0.0 <= low < share < high <= 1.0
        for hits in range(n + 1):
            if abs(hits / n - low) > 1e-9 and hits / n > 0:
                assert (hits / n < low) == (stats.binom.cdf(hits, n, share) <= tail), (n, hits)
            if abs(hits / n - high) > 1e-9 and hits / n < 1:
                assert (hits / n > high) == (stats.binom.sf(hits - 1, n, share) <= tail), (n, hits)


def test_the_lower_limit_is_the_papers_interpolated_inverse():
    # Spiegelhalter 2005, appendix: r the smallest count with F(r) ≥ p; (r − (F(r) − p) / f(r)) / n.
    for n, share in ((40, 0.9), (250, 0.85), (1000, 0.6)):
        r = int(stats.binom.ppf(0.025, n, share))
        over = stats.binom.cdf(r, n, share) - 0.025
        expected = (r - over / stats.binom.pmf(r, n, share)) / n
        assert limits(n, share, INNER)[0] == pytest.approx(expected, rel=1e-9)


def test_limits_come_close_to_the_normal_ones_with_many_rows():
    half = stats.norm.ppf(0.999) * np.sqrt(0.8 * 0.2 / 40_000)
    assert limits(40_000, 0.8, OUTER) == pytest.approx((0.8 - half, 0.8 + half), abs=1e-4)


def test_all_right_of_few_is_inside_the_limits():
    assert limits(10, 0.95, INNER)[1] == 1.0 and chance_of(10, 10, 0.95) == 1.0
    assert curve(10, 0.95).outer_high == 1.0


def test_a_careless_annotator_is_named_and_the_others_are_not():
    people = {f"Person {k}": (92 + k, 100) for k in range(6)} | {"Careless": (70, 100)}
    found = plot(people)
    assert [spot.name for spot in found.named] == ["Careless"]
    careless = found.named[0]
    assert (careless.n, careless.hits, careless.share) == (100, 70, 0.7)
    assert (careless.low, careless.high) == wilson(70, 100)
    assert [spot.name for spot in found.spots] == sorted(people)  # by name, no ranking


def test_a_careless_annotator_does_not_make_the_others_look_brilliant():
    # Pooled over all five it is 87.5%, from which 98 of 100 would be far off.
    people = {"Ann": (98, 100), "Bo": (97, 100), "Cy": (50, 100), "Di": (96, 100), "Eve": (97, 100)}
    found = plot(people)
    assert [spot.name for spot in found.named] == ["Cy"]
    assert [spot.name for spot in found.outside] == ["Cy"]
    assert found.usual == pytest.approx(388 / 400)


def test_people_with_few_gold_items_are_left_out_of_the_plot_and_counted():
    found = plot({"A": (9, 10), "B": (8, 10), "C": (0, 9)})
    assert [spot.name for spot in found.spots] == ["A", "B"] and found.too_few == 1
    assert found.usual == pytest.approx(17 / 20)


def test_more_spread_than_luck_gives_is_said_and_luck_is_not():
    # Ten people of 100: five at 95%, five at 85%; the usual share is 90%, its error 3 points.
    wide = plot({f"{k}": (95 if k % 2 else 85, 100) for k in range(10)})
    assert wide.dispersion == pytest.approx((5 / 3) ** 2) and wide.named == ()
    assert wide.is_overdispersed
    draw = np.random.default_rng(3)
    alike = plot({f"{k}": (int(draw.binomial(400, 0.9)), 400) for k in range(40)})
    assert not alike.is_overdispersed and alike.dispersion == pytest.approx(1.0, abs=0.6)
    assert plot({"A": (9, 10), "B": (3, 10)}).dispersion is None


def test_nothing_to_draw_is_an_empty_plot():
    found = funnel(GOLD_ACCURACY, [])
    assert (found.usual, found.spots, found.curve) == (None, (), ())


@pytest.mark.slow
def test_of_people_who_are_all_alike_somebody_is_named_in_at_most_five_percent():
    runs, draw = count(1500), np.random.default_rng(60)
    named = 0
    for _ in range(runs):
        sizes = draw.integers(10, 200, 60)
        people = {f"{k}": (int(draw.binomial(n, 0.9)), int(n)) for k, n in enumerate(sizes)}
        named += bool(plot(people).named)
    assert named <= stats.binom.ppf(0.999, runs, 0.05)
