"""Sentences and statuses of single measures, read as a reader would."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analysis.assess import judge
from analysis.model import Signal, Status, Target
from analysis.sources import Coverage
from metrics.catalog import METRICS, metric
from metrics.periods import Period, period_of, previous, week
from metrics.scope import Scope
from metrics.units import NBSP
from metrics.value import Value

W46 = week("2026-W46")
HOURS = [34, 36, 33, 35, 34, 36, 35, 33, 34, 35, 36, 34]  # mean 34.58, mean range 18/11
CHANGE_VERBS = ("rose", "fell", "improved", "worsened", "increased", "decreased")


def values(name, numbers, *, n=300, last=W46, **more):
    """One value a week, the last in `last`; for rates the number is a share of n."""
    definition = metric(name)
    rows = n if isinstance(n, list) else [n] * len(numbers)
    found = []
    for i, number in enumerate(numbers):
        weeks = timedelta(weeks=len(numbers) - 1 - i)
        period = Period(last.since - weeks, last.until - weeks)
        hits = round(number * rows[i]) if number is not None else None
        is_rate = definition.numerator != ""
        found.append(
            Value(definition, period, "", number, rows[i], numerator=hits if is_rate else None)
        )
    return [*found[:-1], replace(found[-1], **more)]


def told(name, numbers, *, target=None, near=1.0, **more):
    judging = {key: more.pop(key) for key in ("covered", "applies", "is_running") if key in more}
    series = values(name, numbers, **more)
    versus = series[-2] if len(series) > 1 else Value(metric(name), previous(W46), "", None, 0)
    goal = None if target is None else Target(target, near)
    return judge(Scope(W46), series[-1], versus, series, target=goal, **judging)


def plain(text):
    return text.replace(NBSP, " ")


def test_a_jump_is_told_with_record_range_and_target_gap():
    a = told("turnaround_p50", [*HOURS, 44.6], target=36.0)
    # 415/12 ± 2.66 x 18/11: 30.5–38.7
    assert plain(a.sentence) == (
        "Median turnaround rose to 44.6 h, the highest in 13 weeks and above its expected range "
        "of 30.2–38.9 h; it misses the target of at most 36.0 h by 8.6 h."
    )
    assert plain(a.lead) == "Median turnaround rose to 44.6 h"
    assert (a.status, a.signal, a.rule) == (
        Status.MISSED,
        Signal.WORSENING,
        "above its expected range",
    )
    assert plain(a.evidence) == "n = 300 items · expected range 30.2–38.9 h (week 34 to week 45)"
    assert a.change == pytest.approx(10.6)
    assert plain(a.windows) == (
        "Week 46, 9–15 Nov 2026 (n = 300 items) against week 45, 2–8 Nov 2026 (n = 300 items)"
    )


def test_routine_values_are_not_given_a_verb_of_change():
    a = told("turnaround_p50", [*HOURS, 35.2], target=36.0)
    assert plain(a.sentence) == (
        "Median turnaround was 35.2 h, within its expected range (30.2–38.9 h); it meets the "
        "target of at most 36.0 h."
    )
    assert (a.status, a.signal, a.rule) == (Status.MET, Signal.ROUTINE, "")


def test_a_red_measure_without_a_signal_is_still_said_with_its_range():
    a = told("turnaround_p50", [*HOURS, 37.5], target=36.0)
    assert (a.status, a.signal) == (Status.MISSED, Signal.ROUTINE)
    assert "misses the target of at most 36.0 h by 1.5 h" in plain(a.sentence)
    assert "within its expected range" in a.sentence


def test_a_miss_smaller_than_near_is_at_risk_and_one_as_large_as_near_is_a_miss():
    assert told("turnaround_p50", [*HOURS, 36.9], target=36.0).status is Status.AT_RISK
    assert told("turnaround_p50", [*HOURS, 37.0], target=36.0).status is Status.MISSED


def test_a_target_met_with_an_interval_across_it_is_at_risk_and_too_close_to_call():
    a = told("on_time_delivery", [0.9], n=20, target=0.85, low=0.699, high=0.972)
    assert a.status is Status.AT_RISK
    assert "meets the target of at least 85.0% (too close to call)" in plain(a.sentence)


def test_a_plural_label_takes_plural_verbs_and_pronouns():
    a = told("items_waiting", [*[h * 10 for h in HOURS], 460], target=400)
    assert plain(a.sentence) == (
        "Items waiting rose to 460, the highest in 13 weeks and above their expected range of "
        "303–389; they miss the target of at most 400 by 60."
    )
    b = told("items_completed", [*[h * 10 for h in HOURS], 350])
    assert b.sentence == "Items completed were 350, within their expected range (303–389)."


def test_decimals_are_added_until_different_values_look_different():
    before = [0.834, 0.836, 0.833, 0.835, 0.834, 0.836, 0.835, 0.833, 0.834, 0.835, 0.836, 0.834]
    a = told("rework_loops", [*before, 0.829], target=0.8)
    # 10.015/12 ± 2.66 x 0.018/11 = 0.8305–0.8387; 0.829 would read 0.83 like the lower end
    assert "fell to 0.829" in a.sentence
    assert "expected range of 0.830–0.839" in a.sentence
    b = told("turnaround_p50", [36.04], target=36.0, near=0.01)
    assert "misses the target of at most 36.00 h by 0.04 h" in plain(b.sentence)
    assert "36.04 h" in plain(b.sentence)


def test_shares_of_fewer_than_200_rows_show_their_counts():
    assert "85.0% (17 of 20)" in told("on_time_delivery", [0.85], n=20).sentence
    assert "(" not in told("on_time_delivery", [0.85], n=200).lead


def test_rates_differ_in_points():
    a = told("on_time_delivery", [0.85], n=400, target=0.95, near=0.01)
    assert "misses the target of at least 95.0% by 10.0 pts" in plain(a.sentence)


def test_an_improvement_beyond_the_range_reads_as_one_and_a_volume_only_changes():
    assert told("turnaround_p50", [*HOURS, 20.0]).signal is Signal.IMPROVING
    assert told("arrivals", [*[h * 10 for h in HOURS], 900]).signal is Signal.CHANGED
    a = told("on_time_delivery", [0.9, 0.92] * 7 + [0.5], n=400)
    assert a.signal is Signal.WORSENING


def test_a_worsening_measure_can_still_meet_its_target():
    a = told("turnaround_p50", [*HOURS, 44.6], target=60.0)
    assert (a.status, a.signal) == (Status.MET, Signal.WORSENING)
    assert "it still meets the target of at most 60.0 h" in plain(a.sentence)


def test_a_value_above_its_range_but_below_the_week_before_did_not_rise():
    a = told("turnaround_p50", [*HOURS, 60.0, 50.0])
    assert plain(a.lead) == "Median turnaround was 50.0 h"
    assert ", above its expected range" in a.sentence
    assert "highest" not in a.sentence


def test_a_run_and_a_climb_are_told_by_their_length():
    before = [10, 14, 10, 14, 10, 14, 10, 14, 10, 13, 12.5, 13, 12.5, 13, 12.5]
    a = told("turnaround_p50", [*before, 13])
    assert plain(a.sentence) == "Median turnaround rose to 13.0 h, above its mean 7 weeks in a row."
    b = told("turnaround_p50", [12, 9, 15, 8, 14, 9, 15, 10, 14, 9, 15, 8, 9, 10, 11, 12, 13, 14])
    assert plain(b.sentence) == "Median turnaround rose to 14.0 h, up 6 weeks in a row."


def test_records_need_13_weeks():
    assert "highest" in told("turnaround_p50", [*HOURS, 44.6]).sentence
    tied = told("turnaround_p50", [60.0, *HOURS, 60.0])
    assert "highest" not in tied.sentence


def test_five_weeks_are_too_few_to_judge_a_median():
    a = told("turnaround_p50", [34, 36, 33, 35, 70])
    assert plain(a.sentence) == (
        "Median turnaround was 70.0 h; 4 weeks before are too few to judge change."
    )
    assert (a.signal, a.limits) == (Signal.UNJUDGED, None)
    assert "4 weeks before, 12 needed for an expected range" in a.evidence


def test_with_five_weeks_a_rate_changes_only_if_the_interval_of_the_difference_excludes_zero():
    a = told("rejection_rate", [0.1, 0.1, 0.1, 0.1, 0.2], n=300)
    assert plain(a.sentence) == "Rejection rate rose to 20.0% from 10.0% in week 45."
    assert a.signal is Signal.WORSENING
    assert "95% interval of the change +" in a.evidence
    b = told("rejection_rate", [0.1, 0.1, 0.1, 0.1, 0.12], n=300)
    assert plain(b.sentence) == "Rejection rate was 12.0%, no clear change from week 45."
    assert b.signal is Signal.UNJUDGED


def test_a_week_that_the_data_cover_in_part_is_not_compared_with():
    series = values("items_completed", [220, 370])
    cut = replace(series[0], is_partial=True)
    a = judge(Scope(W46), series[-1], cut, series[1:])
    assert a.signal is Signal.UNJUDGED
    assert a.sentence == "Items completed were 370, the first week with data."


def test_twelve_weeks_of_history_are_judged_by_the_chart_alone():
    # 10% to 14% of 3,000 rows differ by their interval, but lie inside the range of the weeks
    a = told("rejection_rate", [0.06, 0.14] * 6 + [0.10, 0.14], n=3000)
    assert a.signal is Signal.ROUTINE


def test_weeks_that_differ_too_much_make_no_claim():
    a = told("turnaround_p50", [10, 10.1] * 10 + [20, 20.1] * 3 + [45.0])
    assert plain(a.sentence) == (
        "Median turnaround was 45.0 h; the weeks before differ too much for an expected range."
    )
    assert a.signal is Signal.UNJUDGED
    assert "no expected range" in a.evidence


def test_one_week_of_data_is_the_first():
    a = told("turnaround_p50", [35.0], target=36.0)
    assert plain(a.sentence) == (
        "Median turnaround was 35.0 h, the first week with data; it meets the target of at most "
        "36.0 h."
    )
    assert (a.signal, a.status_before, a.change) == (Signal.UNJUDGED, None, None)
    assert a.change_text == "n/a"


def test_no_data_now_is_said_with_the_reason():
    covered = Coverage(is_missing=True, why="the work log ends on 8 Nov 2026")
    a = told("items_completed", [300] * 13 + [0], n=[300] * 13 + [0], covered=covered, target=200)
    assert plain(a.sentence) == (
        "No data for items completed in week 46: the work log ends on 8 Nov 2026."
    )
    assert (a.status, a.signal) == (Status.MISSING, Signal.UNJUDGED)
    b = told("on_time_delivery", [0.9] * 13 + [None], n=[20] * 13 + [0])
    assert plain(b.sentence) == (
        "No data for on-time delivery in week 46: no deliveries fall in it."
    )
    assert b.status is Status.MISSING


def test_no_data_last_week_still_judges_this_one():
    a = told("turnaround_p50", [*HOURS, None, 44.6])
    assert a.signal is Signal.WORSENING
    assert (a.change, a.status_before) == (None, Status.TOO_FEW)


def test_too_few_rows_are_counted():
    a = told("first_pass_acceptance", [None], n=[7], target=0.85)
    assert a.status is Status.TOO_FEW
    assert a.sentence == "First-pass acceptance was not rated: 7 items in week\xa046, 20 needed."


def test_a_value_withheld_for_another_reason_than_its_rows_says_that_reason():
    why = "The reviews in the period give no value."
    a = told("reviewer_spread", [None], n=[60], withheld=why)
    assert a.status is Status.TOO_FEW
    assert plain(a.sentence) == (
        "Reviewer-to-reviewer spread was not rated in week 46: the reviews in the period give no "
        "value."
    )


def test_a_missing_value_says_why_it_is_withheld():
    why = "Not recorded: no stage visit here says when work on it started."
    a = told("items_waiting", [None], n=[0], withheld=why)
    assert plain(a.sentence) == (
        "No data for items waiting in week 46: not recorded (no stage visit here says when work "
        "on it started)."
    )
    b = told("reviewer_spread", [None], n=[0], withheld="Too few rows: 0 of the 40 needed.")
    assert plain(b.sentence) == (
        "No data for reviewer-to-reviewer spread in week 46: too few rows (0 of the 40 needed)."
    )


def test_a_stock_that_stands_still_is_not_blamed_on_few_rows():
    # 14 weeks of 500 with one of 400: range about 471 to 516; 450 lies below, but not below 400
    a = told("items_completed", [*[500] * 14, 400, *[500] * 11, 450], n=450)
    assert a.signal is Signal.ROUTINE
    assert "but they have been as low before" in a.sentence
    assert "too few" not in a.sentence


def test_stale_data_are_not_rated_and_say_their_age():
    covered = Coverage(is_stale=True, has_stale_source=True, why="the review sheet is 12 days old")
    a = told("rejection_rate", [0.1], target=0.2, covered=covered)
    assert a.status is Status.STALE
    assert a.sentence.endswith("; not rated: the review sheet is 12 days old.")
    assert a.is_stale


def test_a_flat_series_is_called_so_and_its_first_change_too():
    a = told("time_to_resolve_p50", [4.0] * 20)
    assert (
        plain(a.sentence) == "Median time to resolve was 4.0 d, as in each of the 19 weeks before."
    )
    b = told("time_to_resolve_p50", [*[4.0] * 20, 5.0])
    assert plain(b.sentence) == (
        "Median time to resolve rose to 5.0 d, from 4.0 d in each of the 20 weeks before."
    )


def test_a_rare_event_outside_a_flat_range_is_not_called_a_change():
    a = told("issues_reopened", [*[0] * 20, 1])
    assert a.sentence == (
        "Issues reopened were 1, above their expected range (0), but too few reopenings to "
        "call it a change."
    )
    assert a.signal is Signal.ROUTINE


def test_a_running_week_is_told_so_far_and_not_judged():
    part = Period(W46.since, W46.since + timedelta(days=3))
    series = values("items_completed", [h * 10 for h in HOURS], last=previous(W46))
    now = Value(metric("items_completed"), part, "", 40.0, 40, is_partial=True)
    a = judge(Scope(part), now, series[-1], series, is_running=True)
    assert a.sentence == (
        "Items completed so far were 40, after 3 days; a period is judged when it is over."
    )
    assert (a.signal, a.limits) == (Signal.UNJUDGED, None)
    assert a.windows.endswith("; 3 days against 7")


def test_a_measure_that_a_filter_does_not_know_is_not_blamed_on_the_data():
    a = told(
        "issues_overdue",
        [None],
        n=[0],
        withheld="Issues are not recorded by dataset.",
        applies=False,
    )
    assert a.sentence == (
        "No data for issues past due in week\xa046: issues are not recorded by dataset."
    )
    assert a.next_step == "Remove the filter to see it."


def test_a_share_whose_rows_vary_much_is_told_to_have_a_rough_range():
    a = told("rejection_rate", [0.1] * 20, n=[30, 300] * 10)
    assert "rough range: n went from 30 to 300 a week" in a.evidence
    assert "rough" not in told("rejection_rate", [0.1, 0.11] * 10, n=300).evidence


def test_a_free_span_is_compared_and_never_charted():
    span = Period(date(2026, 11, 1), date(2026, 11, 15))
    then = previous(span)
    now = Value(metric("rejection_rate"), span, "", 0.3, 300, numerator=90)
    before = Value(metric("rejection_rate"), then, "", 0.1, 300, numerator=30)
    a = judge(Scope(span), now, before, values("rejection_rate", [0.1] * 20))
    assert a.limits is None
    assert plain(a.sentence) == "Rejection rate rose to 30.0% from 10.0% in 18–31 Oct 2026."


@pytest.mark.parametrize("name", list(METRICS))
@pytest.mark.parametrize("case", ["jump", "routine", "short", "none", "flat", "one"])
def test_every_metric_gets_a_clean_sentence(name, case):
    share = metric(name).unit.scale == 100
    base = [0.5, 0.52, 0.51, 0.53] * 4 if share else [50, 52, 51, 53] * 4
    numbers = {
        "jump": [*base, 0.9 if share else 500],
        "routine": [*base, base[0]],
        "short": base[:5],
        "none": [*base, None],
        "flat": [base[0]] * 16,
        "one": base[:1],
    }[case]
    goal = None if metric(name).better == "neither" else base[1]
    a = told(
        name, numbers, n=[*[300] * (len(numbers) - 1), 0 if case == "none" else 300], target=goal
    )
    for text in (a.sentence, a.evidence, a.windows):
        assert "  " not in text
        assert "None" not in text
        assert "nan" not in text.replace("final", "")
        assert " -" not in text
    assert a.sentence[0].isupper()
    assert a.sentence.endswith(".")
    assert not any(word in a.sentence for word in ("because", "due to", "driven by"))
    if not a.signal.is_change:
        assert not any(f" {verb} " in a.sentence for verb in CHANGE_VERBS)
    if metric(name).is_plural:
        assert not any(bit in a.sentence for bit in (" was ", " it ", " its ", "misses"))
    assert period_of(a.value.period.since, "week") == W46
