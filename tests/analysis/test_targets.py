"""Which target holds where and when, and how a number stands against it."""

from datetime import date

import pytest

from analysis.model import Status, Target
from analysis.targets import status, target_for
from data_access.store import TargetRow
from metrics.catalog import metric
from metrics.periods import parse_period, week
from metrics.scope import Scope, scope
from metrics.value import Value

W46 = week("2026-W46")
P50 = metric("turnaround_p50")
ROWS = (
    TargetRow("turnaround_p50", "", 54.0, date(2026, 5, 18)),
    TargetRow("turnaround_p50", "", 50.0, date(2026, 11, 15)),
    TargetRow("turnaround_p50", "", 40.0, date(2026, 11, 16)),
    TargetRow("turnaround_p50", "team=Radiology", 48.0, date(2026, 5, 18)),
    TargetRow("turnaround_p50", "team=Radiology; dataset=CT", 44.0, date(2026, 5, 18)),
    TargetRow("rejection_rate", "", 0.2, date(2026, 5, 18)),
)


def held(filters=None, period=W46, name="turnaround_p50", rows=ROWS):
    found = target_for(metric(name), scope(period, filters), rows)
    return found.value if found else None


def test_without_a_stated_target_the_definitions_own_holds():
    assert held(rows=()) == 60.0
    assert target_for(P50, Scope(W46), ()).near == 6.0
    assert held(rows=(), name="queue_time") is None


def test_the_newest_row_valid_on_the_periods_last_day_holds():
    assert held() == 50.0  # of 15 Nov, a Sunday; the one of 16 Nov is for later
    assert held(period=week("2026-W45")) == 54.0


def test_more_filters_beat_newer_days():
    assert held({"team": ["Radiology"]}) == 48.0
    assert held({"team": ["Radiology"], "dataset": ["CT"]}) == 44.0
    assert held({"team": ["Triage"]}) == 50.0


def test_a_target_for_two_teams_holds_for_each_and_not_for_all():
    rows = (TargetRow("turnaround_p50", "team=A; team=B", 9.0, date(2026, 1, 1)),)
    assert held({"team": ["A"]}, rows=rows) == 9.0
    assert held({"team": ["A", "B"]}, rows=rows) == 9.0
    assert held({"team": ["A", "C"]}, rows=rows) == 60.0
    assert held(rows=rows) == 60.0


def test_a_target_of_what_adds_up_holds_for_its_very_slice_alone():
    since = date(2026, 1, 1)
    rows = (
        TargetRow("items_completed", "", 380.0, since),
        TargetRow("items_completed", "team=Radiology", 90.0, since),
    )
    assert held(name="items_completed", rows=rows) == 380.0
    assert held({"team": ["Radiology"]}, name="items_completed", rows=rows) == 90.0
    assert held({"team": ["Triage"]}, name="items_completed", rows=rows) is None
    inside = {"team": ["Radiology"], "dataset": ["CT"]}
    assert held(inside, name="items_completed", rows=rows) is None
    assert held(name="issues_overdue", rows=()) == 5.0
    assert held({"team": ["Triage"]}, name="issues_overdue", rows=()) is None


def test_a_target_of_a_count_is_for_whole_weeks():
    rows = (TargetRow("items_completed", "", 380.0, date(2026, 1, 1)),)
    assert held(name="items_completed", rows=rows) == 380.0
    assert held(name="items_completed", rows=rows, period=parse_period("2026-10")) is None


def test_a_stated_target_of_a_metric_without_near_is_near_within_a_twentieth():
    rows = (TargetRow("items_completed", "", 380.0, date(2026, 1, 1)),)
    assert target_for(metric("items_completed"), Scope(W46), rows).near == pytest.approx(19.0)


def test_the_origin_names_scope_and_day():
    assert target_for(P50, Scope(W46), ROWS).origin == "everywhere from 2026-11-15"
    assert target_for(P50, Scope(W46), ()).origin == "definition"


def test_a_volume_has_no_target_even_when_somebody_states_one():
    rows = (TargetRow("arrivals", "", 5.0, date(2026, 1, 1)),)
    assert held(name="arrivals", rows=rows) is None


def stands(name, number, target, near=0.05, **more):
    value = Value(metric(name), W46, "", number, more.pop("n", 100), **more)
    goal = None if target is None else Target(target, near)
    return status(value, goal, is_stale=False, is_missing=False)


@pytest.mark.parametrize(
    ("number", "low", "high", "expected"),
    [
        (0.95, 0.91, 0.97, Status.MET),
        (0.95, 0.85, 0.97, Status.AT_RISK),  # met, the interval crosses
        (0.90, 0.85, 0.95, Status.AT_RISK),  # on the target, the interval crosses
        (0.87, 0.80, 0.92, Status.AT_RISK),  # missed by less than near
        (0.85, 0.80, 0.92, Status.MISSED),  # missed by near
        (0.50, 0.40, 0.60, Status.MISSED),
    ],
)
def test_a_share_that_should_be_at_least_90_percent(number, low, high, expected):
    assert stands("on_time_delivery", number, 0.9, low=low, high=high) is expected


def test_a_duration_that_should_be_at_most_36_hours():
    assert stands("turnaround_p50", 36.0, 36.0, 1.0) is Status.MET
    assert stands("turnaround_p50", 36.5, 36.0, 1.0) is Status.AT_RISK
    assert stands("turnaround_p50", 37.0, 36.0, 1.0) is Status.MISSED


def test_what_cannot_be_rated_says_why():
    assert stands("turnaround_p50", None, 36.0, n=0) is Status.MISSING
    assert stands("turnaround_p50", None, 36.0, n=3) is Status.TOO_FEW
    assert stands("turnaround_p50", 40.0, None) is Status.NO_TARGET
    value = Value(P50, W46, "", 40.0, 50)
    assert status(value, Target(36, 1), is_stale=True, is_missing=False) is Status.STALE
    assert status(value, Target(36, 1), is_stale=True, is_missing=True) is Status.MISSING
