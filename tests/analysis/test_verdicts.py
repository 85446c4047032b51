"""One number against one criterion: pass, fail or not enough evidence, at every edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.verdicts import Evidence, Verdict, Why, Window, decide, margin, together
from data_access.criteria import Criterion

LEAST = Criterion(
    metric="first_pass_acceptance", window="2026-W46", comparison="at least", threshold=0.9,
    min_n=40, due_on=date(2026, 11, 20),
)  # fmt: skip
MOST = replace(LEAST, metric="rejection_rate", comparison="at most", threshold=0.1)
BETWEEN = replace(LEAST, comparison="between", threshold=0.4, upper=0.6)
OVER = Window.OVER


def seen(value=0.95, n=40, low=None, high=None, window=OVER) -> Evidence:
    return Evidence(value, n, low, high, window)


@pytest.mark.parametrize(
    ("criterion", "value", "verdict"),
    [
        (LEAST, 0.9, Verdict.PASS),  # equal counts as met
        (LEAST, 0.8999, Verdict.FAIL),
        (LEAST, 0.9001, Verdict.PASS),
        (MOST, 0.1, Verdict.PASS),
        (MOST, 0.1001, Verdict.FAIL),
        (MOST, 0.0999, Verdict.PASS),
        (BETWEEN, 0.4, Verdict.PASS),
        (BETWEEN, 0.6, Verdict.PASS),
        (BETWEEN, 0.3999, Verdict.FAIL),
        (BETWEEN, 0.6001, Verdict.FAIL),
    ],
)
def test_the_value_itself_is_compared_and_both_ends_count_as_met(criterion, value, verdict):
    assert decide(criterion, seen(value))[0] is verdict


def test_rounding_of_binary_numbers_is_no_miss():
    """0.1 + 0.2 is 0.30000000000000004 in binary."""
    assert decide(replace(MOST, threshold=0.3), seen(0.1 + 0.2))[0] is Verdict.PASS
    assert decide(replace(MOST, threshold=0.3), seen(0.3 + 1e-6))[0] is Verdict.FAIL


def test_one_row_short_of_the_smallest_n_is_not_enough_evidence():
    assert decide(LEAST, seen(0.5, n=39)) == (Verdict.NOT_ENOUGH, Why.FEW)
    assert decide(LEAST, seen(0.5, n=40)) == (Verdict.FAIL, Why.MISSED)


@pytest.mark.parametrize("window", [Window.AHEAD, Window.RUNNING, Window.CUT])
def test_days_that_are_not_over_or_not_covered_are_not_enough_evidence(window):
    assert decide(LEAST, seen(0.99, n=10_000, window=window)) == (Verdict.NOT_ENOUGH, Why.WINDOW)


def test_a_value_that_is_withheld_is_not_enough_evidence():
    assert decide(LEAST, seen(None, n=500)) == (Verdict.NOT_ENOUGH, Why.NO_VALUE)


@pytest.mark.parametrize(
    ("criterion", "low", "high", "verdict"),
    [
        (LEAST, 0.9, 0.97, Verdict.PASS),  # touching from the good side clears it
        (LEAST, 0.89, 0.97, Verdict.NOT_ENOUGH),
        (LEAST, 0.8, 0.9, Verdict.NOT_ENOUGH),  # its upper end would be met
        (LEAST, 0.8, 0.89, Verdict.FAIL),
        (MOST, 0.02, 0.1, Verdict.PASS),
        (MOST, 0.05, 0.15, Verdict.NOT_ENOUGH),
        (MOST, 0.11, 0.2, Verdict.FAIL),
        (BETWEEN, 0.45, 0.55, Verdict.PASS),
        (BETWEEN, 0.35, 0.45, Verdict.NOT_ENOUGH),
        (BETWEEN, 0.35, 0.65, Verdict.NOT_ENOUGH),  # wider than the range on both sides
        (BETWEEN, 0.1, 0.39, Verdict.FAIL),
        (BETWEEN, 0.61, 0.9, Verdict.FAIL),
    ],
)
def test_an_interval_must_clear_the_threshold_where_that_was_agreed(criterion, low, high, verdict):
    must = replace(criterion, must_clear=True)
    assert decide(must, seen((low + high) / 2, low=low, high=high))[0] is verdict


def test_an_interval_that_there_is_not_cannot_clear_anything():
    must = replace(LEAST, must_clear=True)
    assert decide(must, seen(0.99)) == (Verdict.NOT_ENOUGH, Why.NO_INTERVAL)


def test_the_interval_is_only_shown_where_the_value_was_agreed_on():
    assert decide(LEAST, seen(0.9, low=0.7, high=0.97))[0] is Verdict.PASS


@pytest.mark.parametrize(
    ("criterion", "value", "gap"),
    [(LEAST, 0.95, 0.05), (LEAST, 0.85, -0.05), (MOST, 0.04, 0.06), (MOST, 0.16, -0.06),
     (BETWEEN, 0.45, 0.05), (BETWEEN, 0.58, 0.02), (BETWEEN, 0.7, -0.1), (LEAST, 0.9, 0.0)],
)  # fmt: skip
def test_the_margin_says_how_far_the_nearest_end_is_cleared(criterion, value, gap):
    assert margin(criterion, value) == pytest.approx(gap)


def test_a_requirement_passes_only_when_all_its_criteria_pass():
    ok, bad, none = Verdict.PASS, Verdict.FAIL, Verdict.NOT_ENOUGH
    assert together([ok, ok]) is ok
    assert together([ok, none]) is none
    assert together([none, bad, ok]) is bad
    assert together([]) is none


numbers = st.floats(-1e6, 1e6) | st.none()
criteria = st.builds(
    Criterion,
    metric=st.sampled_from(["first_pass_acceptance", "turnaround_p50"]),
    filters=st.sampled_from(["", "team=A", "dataset=B"]),
    window=st.sampled_from(["2026-W46", "last 4 weeks", "whole batch"]),
    comparison=st.sampled_from(["at least", "at most"]),
    threshold=st.floats(-1e6, 1e6),
    min_n=st.integers(1, 500),
    due_on=st.dates(),
)
evidence = st.builds(
    Evidence,
    value=numbers, n=st.integers(0, 1_000), low=numbers, high=numbers,
    window=st.sampled_from(list(Window)),
)  # fmt: skip


@given(criteria, criteria, evidence, numbers, numbers)
def test_a_verdict_depends_on_value_n_threshold_smallest_n_and_window_alone(
    one, other, seen, low, high
):
    """Measure, filters, days, the day it is due and the interval shown change nothing."""
    same = replace(
        other, comparison=one.comparison, threshold=one.threshold, min_n=one.min_n
    )  # fmt: skip
    assert decide(one, seen) == decide(same, replace(seen, low=low, high=high))


@given(criteria, evidence, st.floats(0, 1e3))
def test_a_better_value_never_turns_a_pass_into_a_fail(criterion, seen, better):
    if decide(criterion, seen)[0] is not Verdict.PASS:
        return
    sign = 1 if criterion.comparison == "at least" else -1
    assert decide(criterion, replace(seen, value=seen.value + sign * better))[0] is Verdict.PASS
