"""Shifts of level: where they begin, and how often a steady series is said to have one."""

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.shifts import Series, find_shift, weigh
from tests import count


def level(length, noise=0.0, seed=1):
    return 10 + noise * np.random.default_rng(seed).normal(size=length)


def found(values, *, floor=0.0, min_after=1):
    series = Series(np.asarray(values, float), np.ones(len(values)), floor)
    return find_shift(series, min_before=12, min_after=min_after)


def test_a_step_is_found_at_its_first_week():
    values = level(26, noise=1)
    values[18:] += 6
    shift = found(values)
    assert (shift.start, shift.shape) == (18, "step")
    assert shift.t > 8
    assert shift.p < 1e-6


def test_a_queue_that_grows_is_found_where_it_began_to_grow():
    values = level(26, noise=1)
    values[22:] += [4, 8, 12, 16]
    shift = found(values)
    assert (shift.start, shift.shape) == (22, "ramp")
    assert shift.p < 1e-6


def test_a_fall_has_a_negative_distance():
    values = level(26, noise=1)
    values[20:] -= 6
    assert found(values).t < -8


def test_a_change_that_is_over_is_no_change_now():
    values = level(26, noise=1)
    values[15:18] += 6
    assert found(values).p > 0.05


def test_one_week_can_be_asked_to_be_seen_twice():
    values = level(26, noise=1)
    values[25] += 12
    assert found(values).p < 1e-4
    twice = found(values, min_after=2)
    assert twice.start < 25


def test_thirteen_weeks_are_needed():
    assert found(level(12)) is None
    assert found(level(13, noise=1)) is not None
    assert found(level(13, noise=1), min_after=2) is None


def test_a_series_that_never_moved_has_no_chance_to_weigh():
    assert found(level(26)).p == 1.0


def test_counting_luck_is_the_least_spread():
    values = level(26, noise=0.1)
    values[25] += 1.5  # 15 times its spread, but 1.5 times that of counting luck
    assert found(values).p < 1e-4
    assert found(values, floor=1.0).p == 1.0


def test_without_correlation_the_distance_is_that_of_weighted_least_squares():
    rng = np.random.default_rng(4)
    weights = rng.uniform(0.5, 2, 26)
    values = np.resize([1.0, -1.0], 26) + rng.normal(0, 0.2, 26)  # neighbors differ: taken for 0
    values[20:] += 2
    design = np.where(np.arange(26) >= 20, 1.0, 0.0)
    expected = sm.WLS(values, sm.add_constant(design), weights=weights).fit()
    t, _ = weigh(Series(values, weights), 20, "step")
    assert t == pytest.approx(expected.tvalues[1], rel=1e-9)


def test_weeks_that_hang_together_weigh_less():
    rng = np.random.default_rng(8)
    drifting = np.zeros(26)
    for i in range(1, 26):
        drifting[i] = 0.8 * drifting[i - 1] + rng.normal()
    shuffled = rng.permutation(drifting[:20])
    step = np.concatenate([drifting[:20], drifting[:6] + 4])
    free = np.concatenate([shuffled, drifting[:6] + 4])
    close = abs(weigh(Series(step, np.ones(26)), 20, "step")[0])
    loose = abs(weigh(Series(free, np.ones(26)), 20, "step")[0])
    assert close < loose


def test_counts_of_other_rows_each_week_hang_together_only_beyond_counting_luck():
    rng = np.random.default_rng(8)
    drifting = np.zeros(26)
    for i in range(1, 26):
        drifting[i] = 0.8 * drifting[i - 1] + rng.normal()
    drifting[20:] += 4
    spread = drifting[:20].var(ddof=1)
    stock = Series(drifting, np.ones(26), floor=spread, is_drawn_anew=False)
    count_ = Series(drifting, np.ones(26), floor=spread, is_drawn_anew=True)
    assert abs(weigh(stock, 20, "step")[0]) < abs(weigh(count_, 20, "step")[0])


@pytest.mark.slow
@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.5])
def test_a_steady_series_is_said_to_shift_no_more_often_than_promised(correlation):
    rng = np.random.default_rng(11)
    rounds = count(4000)
    false = 0
    for _ in range(rounds):
        noise, values = rng.normal(size=56), np.zeros(56)
        for i in range(1, 56):
            values[i] = correlation * values[i - 1] + noise[i]
        false += found(values[30:]).p <= 0.05
    # at most 5%, and three standard errors for the luck of the draw
    assert false / rounds <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / rounds)
