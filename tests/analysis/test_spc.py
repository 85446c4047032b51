"""Control charts against hand-worked numbers."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.spc import Fired, natural_range, rules, xmr
from metrics.catalog import metric
from metrics.periods import period_of
from metrics.value import Value

TWELVE = [10, 12, 11, 13, 12, 11, 12, 13, 11, 12, 10, 12]


def weekly(name, numbers, *, n=1000):
    """One value a week, the last in 2026-W46; for rates the number is a share of n."""
    definition = metric(name)
    rows = n if isinstance(n, list) else [n] * len(numbers)
    last = date(2026, 11, 9)
    return [
        Value(
            definition,
            period_of(last - timedelta(weeks=len(numbers) - 1 - i), "week"),
            "",
            number,
            rows[i],
            numerator=None if number is None else round(number * rows[i]),
        )
        for i, number in enumerate(numbers)
    ]


def judged(name, before, now, **more):
    values = weekly(name, [*before, now], **more)
    return rules(values, xmr(values[:-1]))


def test_limits_are_the_mean_and_266_mean_moving_ranges():
    # moving ranges 2 1 2 1 1 1 1 2 1 2 2: sum 16 over 11; values sum to 139 over 12
    width = Fraction("2.66") * Fraction(16, 11)
    mean = Fraction(139, 12)
    assert natural_range(TWELVE) == pytest.approx(
        (float(mean), float(mean - width), float(mean + width))
    )


def test_a_jump_in_the_past_is_screened_out_of_the_moving_ranges_once():
    # TWELVE with 40 in the middle: ranges 2 1 2 1 1 | 29 28 | 1 2 1 2 2 (11→40, 40→12): 12 of them
    numbers = [10, 12, 11, 13, 12, 11, 40, 12, 13, 11, 12, 10, 12]
    kept = [2, 1, 2, 1, 1, 1, 2, 1, 2, 2]
    mean, _, high = natural_range(numbers)
    assert mean == pytest.approx(sum(numbers) / 13)
    assert (high - mean) / 2.66 == pytest.approx(sum(kept) / len(kept))


def test_screening_that_would_leave_no_variation_at_all_is_not_done():
    mean, low, high = natural_range([0.0] * 12 + [6.0] + [0.0] * 12)
    assert mean == pytest.approx(6 / 25)
    assert high - mean == pytest.approx(2.66 * 12 / 24)
    assert low < 0 < high


def test_a_flat_series_has_its_one_value_as_range():
    assert natural_range([0.1] * 20) == (0.1, 0.1, 0.1)


def test_eleven_periods_are_too_few_and_only_the_last_26_count():
    assert xmr(weekly("turnaround_p50", TWELVE[:11])) is None
    limits = xmr(weekly("turnaround_p50", [500.0] * 5 + TWELVE + TWELVE + [11, 12]))
    assert (limits.periods, limits.since.name) == (26, "2026-W21")
    assert limits.high < 20


def test_periods_without_a_value_are_not_counted():
    assert xmr(weekly("turnaround_p50", [*TWELVE[:6], None, *TWELVE[6:11]])) is None


def test_the_range_of_a_share_stays_between_0_and_1_and_of_a_count_above_0():
    shares = xmr(weekly("on_time_delivery", [0.9, 1.0] * 7, n=50))
    assert shares.high == 1.0
    assert xmr(weekly("items_completed", [1, 9, 2, 8] * 4)).low == 0.0


def test_a_value_outside_the_range_fires_and_one_on_its_edge_does_not():
    assert judged("turnaround_p50", TWELVE, 15.46) == Fired("limits", 1)
    assert judged("turnaround_p50", TWELVE, 15.45) is None
    assert judged("turnaround_p50", TWELVE, 7.71) == Fired("limits", -1)


def test_seven_in_a_row_on_one_side_of_the_mean_fire_when_they_end_now():
    before = [10, 14, 10, 14, 10, 14, 10, 14, 10, 13, 12.5, 13, 12.5, 13, 12.5]  # mean 12.2
    assert judged("turnaround_p50", before, 13) == Fired("run", 1, 7)
    assert judged("turnaround_p50", before[:-1], 13) is None  # six
    assert judged("turnaround_p50", [*before, 13], 12) is None  # ended last week


def test_a_value_on_the_mean_breaks_the_run():
    assert judged("turnaround_p50", [10, 14] * 8, 12) is None


def test_six_moves_one_way_fire():
    before = [12, 9, 15, 8, 14, 9, 15, 10, 14, 9, 15, 8, 9, 10, 11, 12, 13]
    assert judged("turnaround_p50", before, 14) == Fired("moves", 1, 6)
    assert judged("turnaround_p50", [*before[:11], 9, *before[12:]], 14) is None  # five


def test_a_flat_series_fires_on_any_other_value_of_a_duration():
    assert judged("turnaround_p50", [31.0] * 12, 31.0) is None
    assert judged("turnaround_p50", [31.0] * 12, 31.5) == Fired("limits", 1)


def test_one_rare_event_after_none_is_counting_luck_and_ten_are_not():
    assert judged("issues_reopened", [0] * 20, 1) is None
    assert judged("issues_reopened", [0] * 20, 10) == Fired("limits", 1)


def test_one_miss_in_twenty_after_a_perfect_record_is_luck_and_ten_are_not():
    assert judged("on_time_delivery", [1.0] * 20, 0.95, n=20) is None
    assert judged("on_time_delivery", [1.0] * 20, 0.5, n=20) == Fired("limits", -1)


def test_where_most_weeks_share_one_value_a_run_of_it_says_nothing():
    seldom = [0.0] * 10 + [0.7] + [0.0] * 10
    assert judged("days_late", seldom, 0.0) is None


def test_where_most_weeks_share_one_value_only_a_record_outside_the_range_fires():
    seldom = [0.0] * 10 + [0.7] + [0.0] * 10
    assert judged("days_late", seldom, 0.7) is None
    assert judged("days_late", seldom, 0.8) == Fired("limits", 1)


def test_runs_are_not_read_from_series_with_few_events():
    assert judged("issues_reopened", [0, 0, 2, 1, 0, 1, 3, 0, 0, 2, 0, 0, 0, 0, 0, 0], 0) is None


@given(
    st.lists(st.integers(0, 50), min_size=12, max_size=30),
    st.integers(1, 9),
    st.integers(0, 100),
)
def test_limits_move_and_stretch_with_the_unit(numbers, scale, shift):
    mean, low, high = natural_range(numbers)
    moved = natural_range([number * scale + shift for number in numbers])
    assert moved == pytest.approx((mean * scale + shift, low * scale + shift, high * scale + shift))


def test_a_level_that_moved_for_good_is_judged_by_the_weeks_since():
    before = [10, 11] * 7 + [20, 21] * 6
    limits = xmr(weekly("turnaround_p50", before))
    assert limits.periods == 12
    assert (limits.low, limits.high) == pytest.approx((20.5 - 2.66, 20.5 + 2.66))


def test_weeks_that_keep_no_range_give_none():
    # two levels within the last twelve: the range round 15 holds none of them
    assert xmr(weekly("turnaround_p50", [10, 10.1] * 10 + [20, 20.1] * 3)) is None


def test_hours_that_are_nearly_always_nothing_have_no_narrow_range():
    before = [0.1, 0.2, 0.1, 40.0, 0.1, 0.2, 0.1, 0.2, 38.0, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1]
    limits = xmr(weekly("turnaround_p50", before))
    assert limits is None or limits.low <= 0.1 <= limits.high
