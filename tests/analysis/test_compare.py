"""Comparison windows and how they are spelled out."""

from datetime import date

import pytest

from analysis.compare import CHOICES, windows, windows_in_words
from metrics.catalog import metric
from metrics.errors import BadPeriodError
from metrics.periods import parse_period, week
from metrics.units import NBSP
from metrics.value import Value

MONDAY = date(2026, 11, 16)


def then(period, choice, clock=MONDAY, **more):
    return windows(parse_period(period), choice, clock, **more).then.name


def test_the_period_before_is_the_default_of_weeks_months_and_spans():
    assert then("2026-W46", "previous") == "2026-W45"
    assert then("2026-10", "previous") == "2026-09"
    assert then("2026-11-05..2026-11-14", "previous") == "2026-10-26..2026-11-04"


def test_matching_weekdays_goes_back_by_whole_weeks():
    assert then("2026-W46", "matching_weekdays") == "2026-W45"
    # 10 days from a Thursday: two weeks back, a Thursday again
    assert then("2026-11-05..2026-11-14", "matching_weekdays") == "2026-10-22..2026-10-31"
    assert then("2026-10", "matching_weekdays") == "2026-08-27..2026-09-26"  # 31 days, 5 weeks


def test_the_same_week_last_year_keeps_its_number():
    assert then("2026-W46", "same_week_last_year") == "2025-W46"
    assert then("2026-W53", "same_week_last_year", date(2027, 2, 1)) == "2025-W52"


def test_a_running_week_is_compared_by_its_days_that_are_over():
    pair = windows(week("2026-W46"), "previous", date(2026, 11, 12))  # Thursday
    assert pair.is_running
    assert pair.now.name == "2026-11-09..2026-11-11"
    assert pair.then.name == "2026-11-02..2026-11-04"
    assert pair.label == f"same days of week{NBSP}45"


def test_a_running_month_is_not_compared_past_the_shorter_one_before():
    pair = windows(parse_period("2026-03"), "previous", date(2026, 3, 31))
    assert pair.now.days == 30
    assert pair.then.name == "2026-02"


def test_target_only_has_no_other_window():
    assert windows(week("2026-W46"), "target", MONDAY).then is None


def test_another_period_is_taken_as_it_is_and_must_be_given():
    other = week("2026-W30")
    assert windows(week("2026-W46"), "custom", MONDAY, custom=other).then == other
    with pytest.raises(BadPeriodError, match="Give the other period"):
        windows(week("2026-W46"), "custom", MONDAY)


def test_every_choice_but_custom_gives_a_comparison_for_every_grain():
    for choice in CHOICES:
        for name in ("2026-W46", "2026-10", "2026-11-10", "2026-10-03..2026-11-01"):
            if choice != "custom":
                windows(parse_period(name), choice, MONDAY)


def test_windows_of_different_lengths_are_said_to_be_so():
    now = Value(metric("arrivals"), parse_period("2026-11-09..2026-11-11"), "", 12.0, 12)
    before = Value(metric("arrivals"), week("2026-W45"), "", 30.0, 1)
    assert windows_in_words(now, before).replace(NBSP, " ") == (
        "9–11 Nov 2026 (n = 12 items) against week 45, 2–8 Nov 2026 (n = 1 item); 3 days against 7"
    )
    assert windows_in_words(now, None).endswith("(n = 12 items)")
