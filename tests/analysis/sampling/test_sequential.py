"""The sequential plan: Wald's lines by hand, its true risks by simulation and by enumeration."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.sampling.model import Decision
from analysis.sampling.risks import series_plan
from analysis.sampling.sequential import Lines, lines_of, runs, sequential
from metrics.errors import AppError

STATED = (0.02, 0.05, 0.08, 0.10)


def test_the_lines_are_those_of_wald_worked_by_hand() -> None:
    """ln 4 + ln(.98/.92) = 1.386294 + 0.063179 = 1.449473; ln(.95/.10) = 2.251292;
    ln(.90/.05) = 2.890372."""
    lines = lines_of(sequential(5_000, *STATED))
    assert lines.h1 == pytest.approx(2.251292 / 1.449473, abs=1e-6)
    assert lines.h2 == pytest.approx(2.890372 / 1.449473, abs=1e-6)
    assert lines.slope == pytest.approx(0.063179 / 1.449473, abs=1e-6)
    assert lines.most == math.ceil(1.5 * series_plan(*STATED)[0])


def test_it_decides_at_the_lines_and_not_before() -> None:
    lines = lines_of(sequential(5_000, *STATED))
    first = next(n for n in range(1, 200) if lines.ac(n) == 0)
    assert first == math.ceil(lines.h1 / lines.slope) == 36
    assert lines.after(first - 1, 0) is Decision.KEEP_SAMPLING
    assert lines.after(first, 0) is Decision.ACCEPTED
    assert lines.after(2, 2) is Decision.KEEP_SAMPLING
    assert lines.after(3, 3) is Decision.NOT_ACCEPTED  # 0.0436 x 3 + 1.994 = 2.1, so 3 are too many
    assert lines.after(0, 0) is Decision.KEEP_SAMPLING
    assert lines.after(lines.most, lines.ac(lines.most)) is Decision.ACCEPTED
    assert lines.after(lines.most, lines.ac(lines.most) + 1) is Decision.NOT_ACCEPTED


@pytest.mark.parametrize("rate", [0.0, 0.02, 0.045, 0.08, 1.0])
def test_the_exact_chance_is_that_of_a_hundred_thousand_trials(rate: float) -> None:
    lines = lines_of(sequential(5_000, *STATED))
    random = np.random.default_rng(7)
    trials = 100_000
    counts = np.zeros(trials, dtype=int)
    open_ = np.ones(trials, dtype=bool)
    accepted, checked = 0, 0
    for n in range(1, lines.most + 1):
        checked += int(open_.sum())
        counts += open_ & (random.random(trials) < rate)
        yes = open_ & (counts <= lines.ac(n))
        no = open_ & (counts >= lines.re(n))
        accepted += int(yes.sum())
        open_ &= ~(yes | no)
    assert not open_.any()
    chance, mean = runs(lines, rate)
    assert chance == pytest.approx(accepted / trials, abs=0.006)
    assert mean == pytest.approx(checked / trials, rel=0.01)


def test_a_plan_of_three_items_is_enumerated_by_hand() -> None:
    """Accept after two good ones; refuse two bad; a third item decides the rest.

    h1 1, h2 1.2, slope .5: after 1 item none decides (0 > -.5; 1 < 1.7); after 2: accept 0, refuse
    3; after 3, the last: accept floor(1.5) = 1.
    """
    lines = Lines(1.0, 1.2, 0.5, 3)
    p = 0.3
    by_hand = (1 - p) ** 2 + 2 * p * (1 - p) * (1 - p)
    chance, mean = runs(lines, p)
    assert chance == pytest.approx(by_hand, abs=1e-15)
    assert mean == pytest.approx(2 + (1 - (1 - p) ** 2), abs=1e-15)


def test_on_average_it_checks_fewer_than_the_single_plan_of_the_same_risks() -> None:
    lines = lines_of(sequential(5_000, *STATED))
    single, _ = series_plan(*STATED)
    for rate in (0.0, 0.02, 0.08, 0.2):
        assert runs(lines, rate)[1] < single
    assert runs(lines, 0.02)[0] > 0.94
    assert runs(lines, 0.08)[0] < 0.11


def test_it_never_needs_more_than_the_lot() -> None:
    found = sequential(30, *STATED)
    assert found.n == 30
    assert lines_of(found).most == 30


def test_a_lot_too_small_for_the_risks_says_the_ones_it_has_and_those_asked_for() -> None:
    """Of 10 items none crosses the acceptance line (it begins far later), so all are checked and
    floor(10 x .0250) = 0 may be defective: .95^10 = 59.9% and 1 - .99^10 = 9.6%."""
    found = sequential(10, 0.01, 0.05, 0.05, 0.10)
    assert (found.n, found.ac) == (10, 0)
    assert found.source == (
        "Sequential (Wald): 1.0% defective not accepted 9.6% of the time (asked 5.0%), 5.0% "
        "accepted 59.9% (asked 10.0%), lot of 10"
    )


def test_a_good_rate_of_zero_has_no_sequential_plan() -> None:
    with pytest.raises(AppError, match="above 0%"):
        sequential(400, 0.0, 0.05, 0.08, 0.10)


def test_a_plan_that_nobody_would_check_item_by_item_is_refused() -> None:
    with pytest.raises(AppError, match="2,000 is the most"):
        sequential(500_000, 0.001, 0.05, 0.002, 0.10)
