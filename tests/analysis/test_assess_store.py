"""Measures judged on a store: windows, targets, sources and warnings as they really come."""

from datetime import date, datetime, timedelta

import pytest

from analysis.assess import assess
from analysis.headline_set import KEY_METRICS
from analysis.history import history
from analysis.model import Signal, Status
from analysis.overview import overview
from data_access import warehouse
from data_access.store import Store
from metrics.catalog import METRICS, metric
from metrics.periods import Period, parse_period, week
from metrics.scope import Scope, scope
from metrics.units import NBSP
from tests.analysis.small import CLOCK, monday, store_of, two_stages
from tests.uploading import upload

W46 = Scope(week("2026-W46"))
P50, DONE = metric("turnaround_p50"), metric("items_completed")


def reviews(weeks_ago, rejected, of, *, dataset="CT"):
    return [
        {
            "review_id": f"{dataset}-{weeks_ago}-{i}",
            "item_id": f"{dataset}-{weeks_ago}-{i}",
            "dataset": dataset,
            "review_stage": 1,
            "reviewer": "M. Chen",
            "reviewed_at": monday(weeks_ago) + timedelta(hours=i % 100),
            "outcome": "rejected" if i < rejected else "accepted",
        }
        for i in range(of)
    ]


def log(*waits):
    """Weeks of items, the last in 2026-W46: turnaround 13 h and the wait."""
    return [row for ago, wait in enumerate(reversed(waits)) for row in two_stages(ago, [wait] * 6)]


def test_a_week_is_held_against_the_weeks_before_it(tmp_path):
    # medians 21 22 23 22 three times, then 21 22: mean 307/14, every move 1
    waits = [8, 9, 10, 9] * 3 + [8, 9]
    store = store_of(tmp_path, {"work_log": log(*waits, 30)})
    (a,) = assess(store, (P50,), W46)
    assert a.value.value == pytest.approx(43)
    assert a.versus.value == pytest.approx(22)
    assert a.change == pytest.approx(21)
    assert (a.limits.low, a.limits.high) == pytest.approx((307 / 14 - 2.66, 307 / 14 + 2.66))
    assert a.limits.periods == 14
    assert len(a.series) == 15
    assert (a.status, a.signal) == (Status.MET, Signal.WORSENING)
    assert a.sentence.replace(NBSP, " ").startswith(
        "Median turnaround rose to 43.0 h, the highest in 15 weeks and above its expected range"
    )


def test_a_stated_target_is_taken_for_its_scope_and_time(tmp_path):
    targets = [
        {"metric": "turnaround_p50", "scope": "", "value": 20.0, "valid_from": date(2026, 11, 9)},
        {"metric": "turnaround_p50", "scope": "", "value": 90.0, "valid_from": date(2026, 1, 1)},
    ]
    store = store_of(tmp_path, {"work_log": log(9, 9), "targets": targets})
    (a,) = assess(store, (P50,), W46)
    assert (a.target.value, a.status) == (20.0, Status.AT_RISK)  # 22 h misses by less than 6
    assert a.status_before is Status.MET  # last week 90 h was the target


def test_a_running_week_is_cut_to_its_days_that_are_over_on_both_sides(tmp_path):
    store = store_of(tmp_path, {"work_log": log(9, 9, 9)}, clock=datetime(2026, 11, 12, 9))
    (a,) = assess(store, (DONE,), W46)
    assert a.scope.period.name == "2026-11-09..2026-11-11"
    assert a.versus.period.name == "2026-11-02..2026-11-04"
    assert "so far were 6, after 3 days" in a.sentence
    assert [value.period.name for value in a.series] == ["2026-W44", "2026-W45"]


def test_another_window_can_be_compared_with(tmp_path):
    store = store_of(tmp_path, {"work_log": log(9, 5, 9)})
    (a,) = assess(store, (P50,), W46, versus=week("2026-W44"))
    assert a.change == pytest.approx(0)
    (b,) = assess(store, (P50,), W46)
    assert b.change == pytest.approx(4)


def test_months_days_and_spans_are_judged_without_an_error(tmp_path):
    store = store_of(tmp_path, {"work_log": log(*[9, 8, 10] * 9), "reviews": reviews(0, 3, 40)})
    names = ("2026-10", "2026-11-10", "2026-10-03..2026-11-01", "2026-W47", "2027-W03", "2024-W03")
    for name in names:
        for a in assess(store, tuple(METRICS.values()), Scope(parse_period(name))):
            assert a.sentence.endswith(".")
            assert "  " not in a.sentence


def test_history_holds_whole_periods_that_the_data_cover(tmp_path):
    store = store_of(tmp_path, {"work_log": log(*range(1, 31))})
    found = history(store, (P50,), W46)["turnaround_p50"]
    assert len(found) == 27
    assert found[-1].period == W46.period
    assert not any(value.is_partial for value in found)
    days = history(store, (P50,), Scope(parse_period("2026-11-10")))["turnaround_p50"]
    assert {value.period.since.weekday() for value in days} == {1}


def test_an_empty_workspace_says_that_there_are_no_data(tmp_path):
    store = store_of(tmp_path, {})
    found = assess(store, KEY_METRICS, W46)
    assert {a.status for a in found} == {Status.MISSING}
    assert found[0].sentence.replace(NBSP, " ") == (
        "No data for median turnaround in week 46: no work log has been uploaded."
    )
    brief = overview(store, found)
    assert brief.status is Status.MISSING
    assert "There are no data for this period" in brief.banner
    assert [w.kind for w in brief.warnings] == ["missing_extract"] * 4
    assert {w.shape for w in brief.warnings} == {"■"}


def with_part(root, files, extract, rows, *, as_of, coverage="part"):
    """A store on uploads of 16 November and on one of another extract, of its own as-of time."""
    workspace = store_of(root, files).workspace
    upload(workspace, extract, rows, as_of=as_of, coverage=coverage)
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


def test_a_source_that_ends_before_the_week_is_missing_and_says_when_it_ended(tmp_path):
    store = with_part(
        tmp_path, {"work_log": log(9, 9)}, "reviews", reviews(1, 3, 40), as_of="2026-11-03 15:00"
    )
    found = assess(store, (DONE, metric("rejection_rate"), metric("reviews_done")), W46)
    assert [a.status for a in found] == [Status.NO_TARGET, Status.MISSING, Status.MISSING]
    assert found[1].sentence.replace(NBSP, " ") == (
        "No data for rejection rate in week 46: the review sheet ends on 3 Nov 2026."
    )
    assert found[2].value.withheld.replace(NBSP, " ") == "No data after 3 Nov 2026."
    assert found[2].value_text == "n/a"
    warned = overview(store, found).warnings
    assert [(w.kind, w.status) for w in warned] == [("missing_extract", Status.MISSING)]
    assert "rejection rate and reviews done" in warned[0].detail


def test_a_file_with_everything_says_that_nothing_happened_until_it_was_accepted(tmp_path):
    store = with_part(
        tmp_path, {}, "reviews", reviews(1, 3, 40), as_of="2026-11-03", coverage="everything"
    )
    rate, done = assess(store, (metric("rejection_rate"), metric("reviews_done")), W46)
    assert (done.value.value, done.status) == (0.0, Status.STALE)  # 12 days without a review
    assert rate.status is Status.MISSING
    (state,) = [s for s in store.sources() if s.extract == "reviews"]
    assert (state.newest_on, state.reaches_on) == (date(2026, 11, 3), date(2026, 11, 16))
    later = store.value(metric("reviews_done"), Scope(week("2026-W48")))
    assert later.withheld.replace(NBSP, " ") == "No data after 16 Nov 2026."


@pytest.mark.parametrize(("zone", "is_known"), [("UTC", True), ("America/New_York", False)])
def test_the_day_that_the_data_reach_is_one_of_the_reporting_zone(tmp_path, zone, is_known):
    store = store_of(tmp_path, {}, zone=zone)
    # 03:00 UTC on Monday 9 November is still Sunday in New York
    upload(store.workspace, "reviews", reviews(2, 3, 40), as_of="2026-11-09 03:00", coverage="part")
    warehouse.publish(store.workspace)
    store = Store.open(store.workspace, clock=CLOCK)
    (state,) = [s for s in store.sources() if s.extract == "reviews"]
    found = store.value(metric("reviews_done"), W46)
    assert (found.value == 0, state.reaches_on == date(2026, 11, 9)) == (is_known, is_known)


def test_weeks_after_the_data_have_no_counts_and_keep_their_levels(tmp_path):
    rows = two_stages(1, [9] * 6)
    rows.append({"item_id": "X", "project": "P", "stage": "Work", "entered_at": monday(1)})
    store = with_part(tmp_path, {}, "work_log", rows, as_of="2026-11-04")
    names = ("items_completed", "stages_active", "work_in_progress")
    span = Scope(Period(date(2026, 11, 2), date(2026, 11, 16)))
    found = store.series_values([metric(name) for name in names], span, "week")
    for name in names[:2]:
        before, after = found[name]
        assert (before.value is None, after.value) == (False, None)
        assert after.withheld.startswith("No data after")
    assert [value.value for value in found["work_in_progress"]] == [1.0, 1.0]
    by_stage = store.series_values(metric("stage_events"), span, "week", by="stage")
    assert {v.value for v in by_stage["stage_events"] if v.period == W46.period} == {None}


def test_overdue_deliveries_are_told_when_nothing_was_delivered_in_the_week(tmp_path):
    days = {"B1": (20, 10, 20), "B2": (6, 11, 6), "B3": (10, 11, None), "B4": (12, 11, None)}
    rows = [
        {
            "batch": batch,
            "promised_on": date(2026, month, day),
            "delivered_at": at and datetime(2026, month, at, 10),
        }
        for batch, (day, month, at) in days.items()
    ]
    store = with_part(
        tmp_path, {}, "deliveries", rows, as_of="2026-11-06 10:00", coverage="everything"
    )
    (a,) = assess(store, (metric("deliveries_overdue"),), W46)
    assert (a.value.value, a.status) == (2.0, Status.NO_TARGET)
    assert a.lead == "Deliveries overdue were 2"


def test_a_promise_without_a_delivery_is_late_and_not_missing(tmp_path):
    rows = [
        {
            "batch": f"B{i}",
            "promised_on": date(2026, 10, 5 + i),
            "delivered_at": datetime(2026, 10, 5 + i),
        }
        for i in range(5)
    ]
    rows.append({"batch": "LATE", "promised_on": date(2026, 11, 11), "delivered_at": None})
    store = store_of(tmp_path, {"deliveries": rows})
    (a,) = assess(store, (metric("on_time_delivery"),), W46)
    assert (a.value.value, a.value.n) == (0.0, 1)
    assert a.status is Status.MISSED
    assert "0.0% (0 of 1)" in a.sentence


def test_a_stale_source_is_not_rated_and_says_its_age(tmp_path):
    store = store_of(tmp_path, {"work_log": log(9, 9)}, clock=datetime(2026, 11, 27, 9))
    (a,) = assess(store, (P50,), W46)
    # items are done on Monday and Tuesday of week 46; the log is older than 1.5 x 7 days
    assert (a.status, a.is_stale) == (Status.STALE, True)
    assert "; not rated: the work log is 1" in a.sentence
    assert [w.kind for w in overview(store, [a]).warnings] == ["stale_source"]
    (b,) = assess(store, (P50,), Scope(week("2026-W45")))
    assert b.status is Status.MET  # what it covered stays rated


def test_a_silence_longer_than_usual_is_a_gap_and_a_weekend_is_not(tmp_path):
    def five_days(weeks_ago, days):
        return [
            row | {"item_id": f"{row['item_id']}-{day}"}
            | {
                name: row[name] + timedelta(days=day)
                for name in ("entered_at", "started_at", "finished_at")
            }
            for day in range(days)
            for row in two_stages(weeks_ago, [1, 1])
        ]  # fmt: skip

    full = [row for ago in range(8) for row in five_days(ago, 5)]
    store = store_of(tmp_path / "full", {"work_log": full})
    assert overview(store, assess(store, (P50,), W46)).warnings == ()
    cut = [row for ago in range(1, 8) for row in five_days(ago, 5)] + five_days(0, 3)
    store = store_of(tmp_path / "cut", {"work_log": cut})
    (warned,) = overview(store, assess(store, (P50,), W46)).warnings
    assert warned.kind == "gap"
    assert (
        warned.detail.replace(NBSP, " ") == "It covers 3 of 7 days of week 46: median turnaround."
    )


def test_refused_rows_a_running_week_and_unwritten_parts_are_warned_of(tmp_path):
    store = store_of(
        tmp_path, {"work_log": log(9, 9, 9)}, clock=datetime(2026, 11, 12, 9), refused=3
    )
    found = assess(store, (DONE,), W46)
    brief = overview(store, found, scope=W46, has_commentary=False, actions_without_owner=1)
    told = {w.kind: w.text.replace(NBSP, " ") for w in brief.warnings}
    assert told["partial_period"] == "Week 46 is not over"
    assert told["refused_rows"] == "3 rows of work_log.csv were refused"
    assert told["no_commentary"] == "Nobody has commented on this period"
    assert told["no_owner"] == "1 action has no owner"
    assert {w.shape for w in brief.warnings} == {"▲"}


def test_a_filter_that_a_measure_does_not_know_takes_it_out_of_the_banner(tmp_path):
    issues = [{"issue_key": "A-1", "created_at": datetime(2026, 11, 10), "due_on": None}]
    files = {"work_log": log(9, 9), "issues": issues}
    store = store_of(tmp_path, files)
    here = scope(W46.period, {"dataset": ["CT"]})
    a = assess(store, (metric("issues_overdue"),), here)[0]
    assert not a.applies
    assert a.sentence.endswith(": issues are not recorded by dataset.")
    assert overview(store, [a]).sentence == "No measure can be shown with these filters."


def test_the_same_question_asks_the_database_nothing_twice(tmp_path, monkeypatch):
    store = store_of(tmp_path, {"work_log": log(*[9, 8, 10] * 9), "reviews": reviews(0, 3, 40)})
    overview(store, assess(store, KEY_METRICS, W46))
    asked = []
    real = type(store._pinned).fetch
    monkeypatch.setattr(
        type(store._pinned), "fetch", lambda self, query: asked.append(query) or real(self, query)
    )
    overview(store, assess(store, KEY_METRICS, W46))
    assert asked == []


def test_eight_measures_take_at_most_one_query_a_mart_and_time_column(tmp_path, monkeypatch):
    rows = log(*[9, 8, 10] * 9)
    rows += [{"item_id": "X", "stage": "Work", "entered_at": datetime(2026, 11, 14)}]
    store = store_of(tmp_path, {"work_log": rows})
    asked = []
    real = type(store._pinned).fetch
    monkeypatch.setattr(
        type(store._pinned),
        "fetch",
        lambda self, query: asked.append(query.text) or real(self, query),
    )
    assess(store, (P50, DONE, metric("turnaround_mean"), metric("items_waiting")), W46)
    # items by completion, visits by entry, and by finish for how long the log is usually silent
    assert sum("from items" in text or "from visits" in text for text in asked) <= 3


def test_windows_are_whole_weeks_also_across_new_year(tmp_path):
    store = store_of(tmp_path, {"work_log": log(9, 9)}, clock=datetime(2027, 1, 11, 9))
    (a,) = assess(store, (DONE,), Scope(week("2027-W01")))
    assert a.versus.period == Period(date(2026, 12, 28), date(2027, 1, 4))
