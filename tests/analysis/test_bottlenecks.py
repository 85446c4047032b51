"""Where time goes, on hand-worked weeks."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from analysis.bottlenecks import longest_waiting, rank, what_if
from analysis.model import Signal, Status
from data_access import warehouse
from data_access.store import Store
from metrics.catalog import metric
from metrics.periods import week
from metrics.scope import Scope
from metrics.units import NBSP
from tests.analysis.small import monday, store_of, two_stages, visit

W46 = Scope(week("2026-W46"))
STARTED = visit("S", "Check", monday(1), 1, 1)  # so that the log is one that records starts


def plain(text):
    return text.replace(NBSP, " ")


@pytest.fixture
def grown(tmp_path):
    """15 weeks in which Check waits 2, 4 and 6 h, then one with 20, 40 and 60 h; one item waits."""
    rows = [row for ago in range(1, 16) for row in two_stages(ago, [2, 4, 6] * 2)]
    rows += two_stages(0, [20, 40, 60] * 2)
    rows.append(
        {"item_id": "X", "project": "P", "stage": "Check", "entered_at": datetime(2026, 11, 15, 9)}
    )
    return store_of(tmp_path, {"work_log": rows})


def test_shares_are_hours_over_hours_and_add_up(grown):
    found = rank(grown, W46)
    # turnaround 10 + 2 + wait + 1: mean 53; Check holds 41 of it, Work 12
    assert (found.items, found.turnaround_mean) == (6, pytest.approx(53))
    check, work = found.rows
    assert (check.stage, work.stage) == ("Check", "Work")
    assert check.share_of_turnaround == pytest.approx(41 / 53)
    assert work.share_of_turnaround == pytest.approx(12 / 53)
    assert check.hours_per_item == pytest.approx(41)
    assert found.between_share == pytest.approx(0, abs=1e-9)
    assert (check.queue_mean, check.touch_mean, check.stage_mean) == pytest.approx((40, 1, 41))
    assert check.waiting_hours == pytest.approx(240)
    assert check.share_of_waiting == pytest.approx(240 / 300)
    assert check.visits == 6


def test_a_stage_is_held_against_the_13_weeks_before(grown):
    found = rank(grown, W46)
    check, work = found.rows
    assert check.queue_vs_13_weeks == pytest.approx(36)
    assert check.hours_vs_13_weeks == pytest.approx(36)
    assert work.queue_vs_13_weeks == pytest.approx(0)
    assert found.turnaround_vs_13_weeks == pytest.approx(36)
    assert (check.signal, work.signal) == (Signal.WORSENING, Signal.ROUTINE)
    assert [value.value for value in check.series][-2:] == pytest.approx([4, 40])
    assert check.waiting_now == 1
    assert check.waiting_vs_13_weeks == 1
    assert work.waiting_now == 0


def test_the_banner_names_the_stage_its_part_and_the_routine_rest(grown):
    found = rank(grown, W46)
    assert plain(found.lead) == "Check takes 41.0 h of the 53.0 h mean turnaround (77%)"
    assert plain(found.rest).endswith(" The other stage is routine.")
    assert found.status is Status.MISSED


def test_a_change_of_the_mean_is_located_because_means_add_up(grown):
    found = rank(grown, W46)
    assert plain(found.change) == (
        "Mean turnaround was 53.0 h, 36.0 h longer than over the 13 weeks before. Check accounts "
        "for 36.0 h of that (100%)."
    )
    assert (
        plain(found.accounts) == "Check accounts for 36.0 h of the 36.0 h rise in the mean (100%)"
    )


def test_a_shorter_queue_is_worked_through_every_item(grown):
    found = what_if(grown, W46, "Check")
    # weekly medians: 12 times 4, then 40; their 25th percentile is 4, so waits are taken x 0.1
    assert (found.median_now, found.median_target) == (40, 4)
    assert (found.mean_before, found.mean_after) == pytest.approx((53, 17))
    assert (found.median_before, found.median_after) == pytest.approx((53, 17))
    assert found.low is None  # six items are too few for an interval
    assert plain(found.sentence) == (
        "Had Check waited a median of 4.0 h, as in the best quarter of its 13 weeks, instead of "
        "40.0 h, median turnaround in week 46 would have been about 17.0 h instead of 53.0 h and "
        "the mean 17.0 h instead of 53.0 h, all else equal (n = 6 items). 6 items are too few for "
        "an interval."
    )


def test_a_stage_as_short_as_in_its_better_weeks_has_nothing_to_gain(grown):
    found = what_if(grown, W46, "Work")
    assert found.mean_after == pytest.approx(found.mean_before)
    assert "no longer than in its better weeks" in found.sentence


def test_what_if_needs_twelve_weeks_and_a_known_stage(tmp_path):
    rows = [row for ago in range(6) for row in two_stages(ago, [2, 4, 6] * 2)]
    store = store_of(tmp_path, {"work_log": rows})
    assert what_if(store, W46, "Check") is None
    assert what_if(store, W46, "Nowhere") is None
    assert what_if(store, W46.where(reviewer="M. Chen"), "Check") is None


def test_what_if_agrees_with_numpy_on_items_that_come_back(tmp_path):
    rng = np.random.default_rng(3)
    rows, waits, done = [], {}, {}
    for ago in range(13):
        for number in range(40):
            item, at = f"{ago}-{number}", monday(ago) + timedelta(minutes=number)
            start, mine = at, []
            for _ in range(int(rng.integers(1, 3))):
                first = visit(item, "Work", at, rng.exponential(5), 1)
                wait = rng.exponential(8 if ago else 20)
                second = visit(item, "Check", first["finished_at"], wait, 0.5)
                rows += [first, second]
                mine.append((second["started_at"] - second["entered_at"]).total_seconds() / 3600)
                at = second["finished_at"]
            if at < monday(ago) + timedelta(days=7):
                waits.setdefault(ago, []).extend(mine)
                hours = (at - start).total_seconds() / 3600
                done.setdefault(ago, []).append((hours, sum(mine)))
    medians = [np.median(waits[ago]) for ago in range(13)]
    factor = np.quantile(medians, 0.25) / medians[0]
    after = np.array([hours - queue * (1 - factor) for hours, queue in done[0]])
    found = what_if(store_of(tmp_path, {"work_log": rows}), W46, "Check")
    assert len(done[0]) == 40  # all of the week, so that no item is counted in two weeks
    assert all(len(done[ago]) == 40 for ago in range(13))
    assert found.mean_after == pytest.approx(after.mean(), rel=1e-6)
    assert found.median_after == pytest.approx(np.median(after), rel=1e-6)
    half = 2.022691 * after.std(ddof=1) / np.sqrt(40)  # t(39), 97.5%
    assert (found.low, found.high) == pytest.approx(
        (after.mean() - half, after.mean() + half), rel=1e-4
    )
    draws = np.median(rng.choice(after, (20_000, 40)), axis=1)  # the bootstrap over items
    ends, ordered = np.quantile(draws, [0.025, 0.975]), np.sort(after)
    found_ends = np.array([found.median_low, found.median_high])
    # ranks 20 -+ 0.98 * sqrt(40) = 13.8 and 27.2; the bootstrap ends within one item of them
    assert found_ends == pytest.approx(ordered[[12, 27]])
    assert ordered[11] <= ends[0] <= ordered[14]
    assert ordered[25] <= ends[1] <= ordered[28]
    assert "95% interval" in found.sentence


def test_an_event_log_is_ranked_by_stage_time_and_says_so(tmp_path):
    rows = []
    for ago in range(14):
        for number in range(6):
            for hours, stage in ((0, "Open"), (3, "Work"), (13, "Close")):
                at = monday(ago) + timedelta(hours=hours)
                rows.append({"item_id": f"{ago}-{number}", "stage": stage, "event_at": at})
    found = rank(store_of(tmp_path, {"work_log": rows}), W46)
    assert not found.has_queue
    assert [row.stage for row in found.rows][:2] == ["Close", "Work"]
    assert found.rows[0].share_of_turnaround == pytest.approx(10 / 13)
    assert found.rows[0].queue_mean is None
    assert found.rows[0].waiting_now is None
    assert found.notes == (
        "Queue time is not recorded; stages are ranked by the whole time in them.",
    )
    assert what_if(store_of(tmp_path / "again", {"work_log": rows}), W46, "Close") is None


def test_time_between_stages_is_said(tmp_path):
    rows = []
    for number in range(6):
        first = visit(f"I{number}", "Work", monday(0), 1, 1)
        later = first["finished_at"] + timedelta(hours=2)
        rows += [first, visit(f"I{number}", "Check", later, 3, 1)]
    found = rank(store_of(tmp_path, {"work_log": rows}), W46)
    assert found.between_share == pytest.approx(2 / 8)
    assert found.notes == ("25% of turnaround lies between stages, in none of them.",)


def test_a_week_without_completed_items_says_so(tmp_path):
    store = store_of(tmp_path, {"work_log": two_stages(3, [2, 4, 6])})
    found = rank(store, W46)
    assert plain(found.sentence) == "No item was completed in week 46."
    assert (found.rows, found.status) == ((), Status.MISSING)
    assert rank(store_of(tmp_path / "empty", {}), W46).status is Status.MISSING


def test_a_short_history_makes_no_claim(tmp_path):
    rows = [row for ago in range(5) for row in two_stages(ago, [2, 4, 6 + 60 * (ago == 0)] * 2)]
    found = rank(store_of(tmp_path, {"work_log": rows}), W46)
    assert {row.signal for row in found.rows} == {Signal.UNJUDGED}
    assert found.status is Status.NO_TARGET
    assert found.change == ""
    assert found.turnaround_vs_13_weeks is None


def test_stage_sums_agree_with_the_mean_they_are_taken_from(grown):
    found = rank(grown, W46)
    mean = grown.value(metric("turnaround_mean"), W46).value
    assert sum(row.hours_per_item for row in found.rows) == pytest.approx(mean)


@pytest.mark.parametrize(
    ("zone", "hours"), [("UTC", 15), ("Asia/Tokyo", 15 - 9), ("America/New_York", 15 + 5)]
)
def test_a_wait_ends_at_midnight_of_the_reporting_zone(tmp_path, zone, hours):
    row = {"item_id": "X", "project": "P", "stage": "Check", "entered_at": monday(0)}
    late = row | {"item_id": "Y", "entered_at": datetime(2026, 11, 15, 9)}
    workspace = store_of(tmp_path, {"work_log": [late, row, STARTED]}).workspace
    workspace.save_settings(replace(workspace.settings, reporting_zone=zone))
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=datetime(2026, 11, 17))
    first, second = longest_waiting(store, W46.where(stage="Check"))
    assert (first.item, second.item, second.since) == ("X", "Y", late["entered_at"])
    assert second.hours == hours
    assert longest_waiting(store, W46.where(reviewer="M. Chen")) == ()


def test_a_wait_in_a_running_period_ends_now(tmp_path):
    row = {"item_id": "X", "project": "P", "stage": "Check", "entered_at": monday(0)}
    store = store_of(tmp_path, {"work_log": [row, STARTED]}, clock=monday(0) + timedelta(hours=30))
    assert [one.hours for one in longest_waiting(store, W46)] == [30]


def test_of_many_that_wait_the_eight_oldest_are_read(tmp_path):
    rows = [
        {"item_id": f"{n:02d}", "project": "P", "stage": "Check",
         "entered_at": monday(0) + timedelta(hours=n)} for n in range(20)
    ]  # fmt: skip
    found = longest_waiting(store_of(tmp_path, {"work_log": [*rows[::-1], STARTED]}), W46)
    assert [one.item for one in found] == [f"{n:02d}" for n in range(8)]
