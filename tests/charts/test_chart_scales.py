"""Ticks on round values and calendar days; labels that keep apart."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize

from charts.scales import day_ticks, domain, ms, spread, value_ticks
from metrics.periods import period_of
from metrics.units import COUNT, HOURS, PERCENT, RATIO

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))


def test_value_ticks_are_round() -> None:
    assert value_ticks(29.6, 45.8, HOURS) == [30, 35, 40, 45]
    assert value_ticks(0.883, 0.947, PERCENT, 6) == [0.89, 0.9, 0.91, 0.92, 0.93, 0.94]
    assert value_ticks(0, 12_345, COUNT) == [0, 2000, 4000, 6000, 8000, 10_000, 12_000]


def test_value_ticks_are_no_finer_than_the_unit_shows() -> None:
    assert value_ticks(0, 2.2, COUNT) == [0, 1, 2]
    assert value_ticks(0.9101, 0.9139, PERCENT) == [0.911, 0.912, 0.913]
    assert value_ticks(0.801, 0.824, RATIO) == [0.81, 0.82]


@given(NUMBERS, st.floats(1e-3, 1e6))
def test_value_ticks_lie_inside_evenly(low: float, size: float) -> None:
    high = low + size
    assume(size > 10 * 0.1)
    ticks = value_ticks(low, high, HOURS)
    assert 2 <= len(ticks) <= 9
    assert low - size * 1e-6 <= ticks[0]
    assert ticks[-1] <= high + size * 1e-6
    steps = {round(b - a, 6) for a, b in pairwise(ticks)}
    assert len(steps) == 1


@given(st.lists(NUMBERS, min_size=1, max_size=30))
def test_a_domain_holds_all_values_and_is_never_empty(values: list[float]) -> None:
    low, high = domain(values)
    assert low <= min(values)
    assert high >= max(values)
    assert low < high


def test_a_share_ends_at_100_percent_and_a_count_starts_at_0() -> None:
    assert domain([0.8, 1.0])[1] == 1.0
    assert domain([2, 10])[0] == 0
    assert domain([900, 1000])[0] == pytest.approx(892)
    assert domain([5, 5, 5])[0] == 0


def weeks(count: int) -> list:
    first = period_of(date(2026, 5, 18), "week")
    return [period_of(first.since + timedelta(days=7 * i), "week") for i in range(count)]


def test_few_periods_are_all_named() -> None:
    assert day_ticks(weeks(5), "week") == [p.since for p in weeks(5)]


def test_many_weeks_are_named_by_the_months_that_start_in_them() -> None:
    assert day_ticks(weeks(26), "week") == [date(2026, m, 1) for m in (6, 7, 8, 9, 10, 11)]


def test_a_month_of_days_is_named_by_its_mondays() -> None:
    days = [period_of(date(2026, 10, 1) + timedelta(days=i), "day") for i in range(31)]
    assert day_ticks(days, "day") == [date(2026, 10, d) for d in (5, 12, 19, 26)]


def test_years_of_months_are_named_by_quarters() -> None:
    months = [period_of(date(2024 + i // 12, i % 12 + 1, 1), "month") for i in range(24)]
    assert day_ticks(months, "month")[:3] == [date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1)]


def test_ms_is_utc_midnight() -> None:
    assert ms(date(1970, 1, 2)) == 86_400_000
    assert ms(date(2026, 11, 16)) == 1_794_787_200_000


@given(st.lists(st.floats(0, 200), min_size=1, max_size=8))
def test_spread_labels_keep_their_order_and_distance(raw: list[float]) -> None:
    wanted = sorted(raw)
    gaps = [14.0] * len(wanted)
    places = spread(wanted, gaps, 0, 200)
    assert all(b - a >= 14 - 1e-9 for a, b in pairwise(places))
    assert places[0] >= 0
    assert places[-1] <= 200 + 1e-9


def test_labels_that_have_room_stay_where_they_are() -> None:
    assert spread([10.0, 50.0, 90.0], [14.0] * 3, 0, 100) == [10, 50, 90]


@pytest.mark.parametrize(
    "wanted", [[40.0, 42.0, 43.0, 80.0], [50.0, 50.0], [30.0, 31.0, 90.0, 91.0]]
)
def test_labels_move_as_little_as_possible(wanted: list[float]) -> None:
    """Against scipy: least squares of the shifts under the same distances."""
    gap = 14.0
    rules = [
        {"type": "ineq", "fun": lambda x, i=i: x[i + 1] - x[i] - gap}
        for i in range(len(wanted) - 1)
    ]
    best = minimize(
        lambda x: sum((a - b) ** 2 for a, b in zip(x, wanted, strict=True)),
        [20.0 * i for i in range(len(wanted))],
        constraints=rules,
        method="SLSQP",
    )
    assert spread(wanted, [gap] * len(wanted), -1e9, 1e9) == pytest.approx(list(best.x), abs=1e-3)
