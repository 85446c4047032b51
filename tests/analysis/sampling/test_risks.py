"""Chances, plans by stated risks and plans without defects, against scipy."""

from __future__ import annotations

import itertools
import math
from functools import partial

import numpy as np
import pytest
from scipy import stats

from analysis.sampling import risks
from analysis.sampling.iso2859 import plan
from analysis.sampling.model import Plan, Scheme, Severity
from analysis.sampling.probability import binomial, clopper_pearson, hypergeometric, poisson
from metrics.errors import AppError

# data/README.md: n, Ac and the chance at 1, 2.5, 5, 8 and 10 percent, to three digits.
KNOWN = {
    (50, 3): (0.998, 0.964, 0.760, 0.425, 0.250),
    (80, 5): (1.000, 0.985, 0.789, 0.375, 0.177),
    (125, 7): (1.000, 0.986, 0.712, 0.209, 0.060),
    (100, 0): (0.366, 0.080, 0.006, 0.0, 0.0),
}


@pytest.mark.parametrize(("drawn", "chances"), KNOWN.items())
def test_the_known_chances_of_acceptance_come_out(
    drawn: tuple[int, int], chances: tuple[float, ...]
) -> None:
    n, ac = drawn
    found = tuple(round(binomial(ac, n, p), 3) for p in (0.01, 0.025, 0.05, 0.08, 0.10))
    assert found == chances


def test_chances_equal_scipy_to_twelve_digits() -> None:
    random = np.random.default_rng(2859)
    for _ in range(400):
        n = int(random.integers(1, 3_200))
        k, p = int(random.integers(-1, min(n, 60) + 1)), float(random.random() ** 3)
        assert binomial(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), abs=1e-12)
        assert poisson(k, n * p) == pytest.approx(stats.poisson.cdf(k, n * p), abs=1e-12)
        size = n + int(random.integers(0, 4_000))
        bad = int(random.integers(0, size + 1))
        expected = stats.hypergeom.cdf(k, size, bad, n)
        assert hypergeometric(k, n, bad, size) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("k", [-1, 0, 3])
def test_chances_at_the_ends_are_whole(k: int) -> None:
    assert binomial(k, 3, 0.0) == hypergeometric(k, 3, 0, 9) == float(k >= 0)
    assert binomial(k, 3, 1.0) == hypergeometric(k, 3, 9, 9) == float(k >= 3)


@pytest.mark.parametrize(("found", "n"), [(0, 50), (2, 50), (50, 50), (1, 1), (7, 315), (400, 999)])
def test_the_exact_interval_is_that_of_scipy(found: int, n: int) -> None:
    low, high = clopper_pearson(found, n)
    exact = stats.binomtest(found, n).proportion_ci(0.95, method="exact")
    assert low == pytest.approx(exact.low, abs=1e-12)
    assert high == pytest.approx(exact.high, abs=1e-12)


@pytest.mark.parametrize(
    ("p1", "alpha", "p2", "beta"),
    [(0.01, 0.05, 0.06, 0.10), (0.02, 0.05, 0.08, 0.10), (0.005, 0.10, 0.05, 0.05)],
)
@pytest.mark.parametrize("size", [120, 420, 3_000])
def test_a_plan_by_risks_keeps_both_and_no_smaller_one_does(
    size: int, p1: float, alpha: float, p2: float, beta: float
) -> None:
    found = risks.by_risks(size, p1, alpha, p2, beta)
    good, bad = int(p1 * size + 1e-9), math.ceil(p2 * size - 1e-9)

    def keeps(n: int, ac: int) -> bool:
        return bool(
            stats.hypergeom.cdf(ac, size, good, n) >= 1 - alpha
            and stats.hypergeom.cdf(ac, size, bad, n) <= beta
        )

    assert keeps(found.n, found.ac)
    assert not any(keeps(n, ac) for n in range(1, found.n) for ac in range(found.ac + 3))
    assert found.re == found.ac + 1


def test_a_plan_for_a_series_of_lots_is_that_of_a_search_over_all_plans() -> None:
    n, ac = risks.series_plan(0.02, 0.05, 0.08, 0.10)
    sizes = np.arange(1, 400)
    kept = [
        (int(size), limit)
        for size, limit in itertools.product(sizes, range(20))
        if stats.binom.cdf(limit, size, 0.02) >= 0.95 and stats.binom.cdf(limit, size, 0.08) <= 0.10
    ]
    assert (n, ac) == min(kept)


@pytest.mark.parametrize(
    ("size", "p2", "beta"), [(420, 0.05, 0.10), (60, 0.10, 0.05), (9, 0.5, 0.2)]
)
def test_a_plan_without_defects_is_the_smallest_that_keeps_a_bad_lot_out(
    size: int, p2: float, beta: float
) -> None:
    found = risks.zero(size, p2, beta)
    bad = math.ceil(p2 * size - 1e-9)
    chances = [stats.hypergeom.cdf(0, size, bad, n) for n in range(1, size + 1)]
    assert found.n == 1 + next(i for i, chance in enumerate(chances) if chance <= beta)
    assert (found.ac, found.re) == (0, 1)


def test_risks_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(AppError, match="below the bad one"):
        risks.by_risks(420, 0.08, 0.05, 0.02, 0.10)
    with pytest.raises(AppError, match="Each risk"):
        risks.by_risks(420, 0.02, 0.0, 0.08, 0.10)
    with pytest.raises(AppError, match="same number of items"):
        risks.by_risks(10, 0.30, 0.05, 0.30000000000001, 0.10)
    with pytest.raises(AppError, match="no items"):
        risks.zero(0, 0.05, 0.10)


def test_the_curve_falls_from_one_and_marks_both_risks() -> None:
    found = plan(420, "II", 2.5)
    chance = partial(risks.accepted, found)
    points = risks.curve(chance)
    assert points[0] == (0.0, 1.0)
    falls = [point.accepted for point in points]
    assert falls == sorted(falls, reverse=True)
    assert falls[-1] < 0.02
    producer, consumer = risks.risks(found, chance)
    assert producer.rate == 0.025
    assert producer.accepted == pytest.approx(stats.binom.cdf(3, 50, 0.025), abs=1e-12)
    # 12.9%: the rate that n = 50, Ac = 3 accepts 10% of the time
    assert (
        stats.binom.cdf(3, 50, consumer.rate) <= 0.10 < stats.binom.cdf(3, 50, consumer.rate - 1e-4)
    )
    assert producer.words == "2.5% defective: 3.6% not accepted"


def test_a_plan_for_one_lot_is_judged_by_the_lot() -> None:
    found = risks.zero(60, 0.10, 0.05)
    exact = stats.hypergeom.cdf(0, 60, 6, found.n)
    assert risks.accepted(found, 0.10) == pytest.approx(exact, abs=1e-12)
    whole = plan(8, "II", 0.65)
    assert risks.accepted(whole, 1 / 8) == 0.0
    assert risks.accepted(whole, 0.0) == 1.0


def test_the_outgoing_limit_is_the_top_of_the_outgoing_curve() -> None:
    found = Plan(Scheme.ISO, 10_000, 100, 0, 1, "", aql=0.1, severity=Severity.NORMAL)
    rates = np.linspace(0, 0.2, 20_001)
    exact = (stats.binom.cdf(0, 100, rates) * rates * (1 - 100 / 10_000)).max()
    assert risks.outgoing_limit(found) == pytest.approx(exact, rel=0.01)


def test_the_risks_marked_for_one_lot_are_those_that_were_stated() -> None:
    """2% and 8% of 166 items are 3.3 and 13.3: at most 3 are good, at least 14 are bad."""
    found = risks.by_risks(166, 0.02, 0.05, 0.08, 0.10)
    producer, consumer = risks.risks(found, lambda rate: risks.accepted(found, rate))
    assert (producer.rate, consumer.rate) == (3 / 166, 14 / 166)
    assert producer.accepted == pytest.approx(stats.hypergeom.cdf(found.ac, 166, 3, found.n))
    assert consumer.accepted == pytest.approx(stats.hypergeom.cdf(found.ac, 166, 14, found.n))
    assert producer.accepted >= 0.95
    assert consumer.accepted <= 0.10


def test_between_two_counts_the_curve_of_a_lot_is_a_straight_line() -> None:
    found = risks.zero(60, 0.10, 0.05)
    low, high = (stats.hypergeom.cdf(0, 60, bad, found.n) for bad in (2, 3))
    assert risks.accepted(found, 2.25 / 60) == pytest.approx(0.75 * low + 0.25 * high, abs=1e-12)
    assert risks.accepted(found, 1.0) == 0.0
