"""Run rules by name, phases, gaps and odd series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analysis.control import ChartKind, Rebase, chart_of, proposals
from analysis.control.rule_words import fired_words, phase_words
from analysis.model import Signal
from analysis.run_rules import Fired, moves, near, run, typical_move
from metrics.units import NBSP
from tests.analysis.charted import LAST, counted, numbers

# mean 10, moving ranges all 2: limits 10 -+ 5.32, two thirds of the way 3.547
ZIGZAG = [9.0, 11.0] * 13


def plain(text):
    return text.replace(NBSP, " ")


def flags(values, kind=None):
    """The rules on the newest period of a measure in hours."""
    return chart_of(numbers("turnaround_p50", values), kind=kind).points[-1].flags


def test_two_of_three_near_a_limit_fire_with_the_second():
    assert near([0.1, 0.7, 0.7]) == Fired("near", 1, 3)
    assert near([0.7, 0.1, 0.7]) == Fired("near", 1, 3)
    assert near([-0.7, 0.1, -0.9]) == Fired("near", -1, 3)
    assert near([0.7, 0.1, -0.7]) is None  # one on each side
    assert near([0.7, 0.7, 0.1]) is None  # ended before
    assert near([0.1, 0.66, 0.9]) is None  # 0.66 is not beyond two thirds
    assert near([0.9, 0.9]) is None  # three are needed


def test_seven_in_a_row_and_six_moves_are_told_with_their_length():
    assert run([9, *[11] * 7], 10) == Fired("run", 1, 7)
    assert run([9, *[11] * 6], 10) is None
    assert moves([5, 1, 2, 3, 4, 5, 6, 7]) == Fired("moves", 1, 6)
    assert moves([1, 2, 3, 4, 5, 6]) is None
    assert typical_move([1.0, 2.0, 4.0]) == 1.5


def test_a_value_beyond_the_limits_is_flagged_and_one_near_them_is_not():
    assert flags([*ZIGZAG, 15.4]) == (Fired("limits", 1),)
    assert flags([*ZIGZAG, 15.3]) == ()
    assert flags([*ZIGZAG, 4.6]) == (Fired("limits", -1),)


def test_two_of_three_beyond_two_thirds_of_the_way_are_flagged():
    # limits from the 26 before: the three newest do not move them
    assert flags([*ZIGZAG, 13.6, 11.0, 13.6]) == (Fired("near", 1, 3),)
    assert flags([*ZIGZAG, 13.5, 9.0, 13.6]) == ()


def test_a_run_is_told_once_by_its_newest_period_and_since_its_first():
    chart = chart_of(numbers("turnaround_p50", [*ZIGZAG, *[11.0, 10.5] * 5]))
    (signal,) = chart.signals
    point, fired = signal
    assert fired == Fired("run", 1, 11)  # the last of the zigzag is above, too
    assert point is chart.points[-1]
    assert chart.since(point, fired) == chart.points[25].period
    assert set(chart.shades) == {p.period for p in chart.points[25:]}
    assert set(chart.shades.values()) == {Signal.WORSENING}
    assert fired_words(chart, fired) == "11 weeks in a row above the center"


@pytest.mark.parametrize(
    ("fired", "words"),
    [
        (Fired("limits", -1), "below the limits"),
        (Fired("run", -1, 7), "7 weeks in a row below the center"),
        (Fired("moves", 1, 6), "6 weeks in a row up"),
        (Fired("near", 1, 3), "near the upper limit in 2 of 3 weeks"),
        (Fired("average", 1, 1), "weighted average above its limits for 1 week"),
        (Fired("sum", -1, 4), "small falls add up beyond the limit over 4 weeks"),
    ],
)
def test_every_rule_has_its_words(fired, words):
    assert fired_words(chart_of(numbers("turnaround_p50", ZIGZAG)), fired) == words


def test_eleven_periods_have_no_limits_and_twelve_have():
    eleven = chart_of(numbers("turnaround_p50", ZIGZAG[:11]))
    assert all(point.low is None and not point.flags for point in eleven.points)
    assert eleven.phases[0].limits is None
    twelve = chart_of(numbers("turnaround_p50", ZIGZAG[:12]))
    assert twelve.phases[0].baseline == 12


def test_the_newest_period_is_not_judged_by_limits_that_it_widened():
    chart = chart_of(numbers("turnaround_p50", [*ZIGZAG[:12], 40.0]))
    assert chart.phases[0].baseline == 12
    assert chart.points[0].high == pytest.approx(10 + 5.32)
    assert chart.points[-1].flags == (Fired("limits", 1),)


def test_periods_without_a_value_keep_their_place_and_count_for_nothing():
    chart = chart_of(numbers("turnaround_p50", [*ZIGZAG[:6], None, None, *ZIGZAG[:7]]))
    assert [point.plotted for point in chart.points[6:8]] == [None, None]
    assert chart.phases[0].periods == 13
    assert chart.points[6].low == chart.points[5].low  # the band goes on
    assert len(chart.valued) == 13


def test_weeks_without_rows_are_no_shares_of_nothing():
    chart = chart_of(counted("rejection_rate", [10, 0, 12] * 8, [100, 0, 110] * 8))
    assert [point.value.value for point in chart.points[:3]] == [0.1, None, 12 / 110]
    assert chart.phases[0].limits is not None
    assert not any(point.flags for point in chart.points)


def test_all_equal_values_have_their_value_as_limits_and_nothing_fires():
    for kind in (None, ChartKind.EWMA, ChartKind.CUSUM):
        chart = chart_of(numbers("turnaround_p50", [8.0] * 20), kind=kind)
        assert not any(point.flags for point in chart.points)
    (fired,) = flags([8.0] * 20 + [8.5])
    assert fired == Fired("limits", 1)


def test_a_share_that_is_always_whole_is_not_accused_for_one_miss_and_is_for_ten():
    whole = [20] * 20
    assert chart_of(counted("on_time_delivery", [*whole, 19], [20] * 21)).points[-1].flags == ()
    (fired,) = chart_of(counted("on_time_delivery", [*whole, 10], [20] * 21)).points[-1].flags
    assert fired == Fired("limits", -1)


def test_few_events_have_no_runs_and_an_exact_test():
    events = [1, 0, 2, 0, 1, 1, 0, 2, 1, 0, 1, 0, 2, 0] + [0] * 8
    chart = chart_of(counted("defects_per_item", events, [30] * 22))
    assert chart.phases[0].is_few
    assert not any(point.flags for point in chart.points)
    assert any("Few events" in note for note in chart.notes)
    many = chart_of(counted("defects_per_item", [*events[:-1], 9], [30] * 22))
    assert many.points[-1].flags == (Fired("limits", 1),)


def test_days_are_told_to_have_a_weekly_rhythm():
    chart = chart_of(numbers("turnaround_p50", ZIGZAG, grain="day"))
    assert chart.grain == "day"
    assert any("By day" in note for note in chart.notes)


def test_a_running_period_is_left_out():
    values = numbers("turnaround_p50", [*ZIGZAG, 99.0])
    values[-1] = replace(values[-1], is_partial=True)
    assert len(chart_of(values).points) == 26


STEP = [*ZIGZAG[:14], *[19.0, 21.0] * 8]  # from the 15th of 30 weeks on: 16 weeks at 20
CHANGED = LAST - timedelta(weeks=15)
GUIDELINE = Rebase(CHANGED, "Guideline v3")


def test_new_limits_start_with_the_first_whole_period_after_the_day_and_say_why():
    for days in (0, -1, -6):
        cut = Rebase(CHANGED + timedelta(days=days), "Guideline v3")
        chart = chart_of(numbers("turnaround_p50", STEP), rebase=[cut])
        before, after = chart.phases
        assert after.first.since == CHANGED
        assert before.level.center == 10.0
        assert after.level.center == pytest.approx((8 * 19 + 7 * 21) / 15)  # without the newest
        assert not any(point.flags for point in chart.points)
    assert plain(phase_words(chart.phases[1], "week")) == (
        "Limits from 27 Jul 2026: Guideline v3 (21 Jul), worked out from 15 weeks"
    )
    assert plain(phase_words(before, "week")) == (
        "Limits from 20 Apr 2026, worked out from 14 weeks"
    )


def test_a_phase_of_fewer_than_twelve_periods_borrows_no_limits():
    late = Rebase(LAST - timedelta(weeks=4), "Release 5")
    chart = chart_of(numbers("turnaround_p50", STEP), rebase=[GUIDELINE, late])
    assert [phase.periods for phase in chart.phases] == [14, 11, 5]
    assert [phase.limits is None for phase in chart.phases] == [False, True, True]
    assert all(point.center is None for point in chart.points[14:])
    assert plain(phase_words(chart.phases[2], "week")) == (
        "From 12 Oct 2026: Release 5: limits after 12 weeks, 5 so far"
    )


def test_days_outside_the_series_cut_nothing():
    cuts = [Rebase(date(2020, 1, 1), "Long ago"), Rebase(date(2030, 1, 1), "To come")]
    assert len(chart_of(numbers("turnaround_p50", STEP), rebase=cuts).phases) == 1


@pytest.mark.parametrize("kind", [ChartKind.EWMA, ChartKind.CUSUM])
def test_small_shifts_start_anew_with_each_phase(kind):
    values = numbers("turnaround_p50", STEP)
    whole = chart_of(values, kind=kind, rebase=[GUIDELINE])
    alone = chart_of(values[14:], kind=kind)
    assert [p.plotted for p in whole.points[14:]] == [p.plotted for p in alone.points]


def test_new_limits_are_proposed_at_the_marker_before_a_lasting_change_alone():
    values = numbers("turnaround_p50", STEP)
    other = Rebase(LAST - timedelta(weeks=3), "Outage")
    chart = chart_of(values)
    (proposal,) = proposals(values, [GUIDELINE, other], chart)
    assert proposal.rebase is GUIDELINE
    assert proposal.fired == Fired("run", 1, 7)
    taken = chart_of(values, rebase=[GUIDELINE])
    assert proposals(values, [GUIDELINE, other], taken) == ()


def test_new_limits_are_not_proposed_for_one_odd_week_nor_after_too_few():
    odd = [*ZIGZAG[:14], 40.0, *ZIGZAG[:12]]
    values = numbers("turnaround_p50", odd)
    marker = Rebase(values[14].period.since, "Outage")
    assert proposals(values, [marker], chart_of(values)) == ()
    early = numbers("turnaround_p50", [*ZIGZAG[:10], *[19.0, 21.0] * 6])
    marker = Rebase(early[10].period.since, "Guideline v3")
    assert proposals(early, [marker], chart_of(early)) == ()
