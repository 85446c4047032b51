"""Capacity by hand on a small plan, and the planted truths of the sample."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from analysis import capacity_words as words
from analysis.capacity import ALL_TEAMS, Capacity, capacity, hours_in, moved
from data_access.planned import Assigned
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.periods import week
from sample_data.assignments import OVER_HOURS, OVER_PERSON, OVER_STAGE
from tests.ui.apps import made
from tests.uploading import Row

MONDAY = date(2026, 9, 21)  # of the first of the eight weeks before the clock


def visits(stage: str, a_week: list[int], minutes: int) -> list[Row]:
    """Visits entered on the Mondays of eight weeks, each worked on for so many minutes."""
    return [
        {
            "item_id": f"{stage}-{number}-{one}",
            "project": "P",
            "team": "Blue" if one % 2 else "Red",
            "stage": stage,
            "entered_at": f"{MONDAY + timedelta(weeks=number)} 08:00",
            "started_at": f"{MONDAY + timedelta(weeks=number)} 09:00",
            "finished_at": f"{MONDAY + timedelta(weeks=number)} {9 + minutes // 60:02d}:"
            f"{minutes % 60:02d}",
        }
        for number, count in enumerate(a_week)
        for one in range(count)
    ]  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def one_visit(on: date) -> Row:
    """A visit to another stage on a day, that says only that the log had begun or still ran."""
    return visits("Other", [1], 60)[0] | {
        "item_id": f"Other-{on}", "entered_at": f"{on} 08:00", "started_at": f"{on} 09:00",
        "finished_at": f"{on} 10:00",
    }  # fmt: skip


def plan(person: str, hours: float, **more: object) -> Row:
    return {"person": person, "hours_per_week": hours, "from_on": "2026-09-01"} | more  # type: ignore[return-value]


def found_in(folder: Path, assignments: list[Row], log: list[Row]) -> Capacity:
    extracts = {"work_log": log} | ({"assignments": assignments} if assignments else {})
    return capacity(Store.open(made(Workspace(folder), **extracts)))


def test_ten_visits_of_two_hours_ask_for_twenty(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        [plan("Ann", 8, stage="Check"), plan("Bob", 8, stage="Check")],
        visits("Check", [10] * 8, 120),
    )
    (load,) = found.stages
    assert (load.stage, load.team, load.people, load.touched) == ("Check", ALL_TEAMS, 2, 80)
    assert load.arrivals is not None
    assert (load.arrivals.value, load.touch, load.touch_median) == (10, 2, 2)
    assert load.demand is not None and load.use is not None
    assert (load.demand.value, load.demand.low, load.demand.high) == (20, 20, 20)
    assert (load.supply, load.use.value, load.is_over) == (16, 1.25, True)
    assert words.state(load) == "■ Over capacity"


def test_weeks_that_vary_leave_it_too_close_to_call(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        [plan("Ann", 19, stage="Check")],
        visits("Check", [8, 12, 8, 12, 8, 12, 8, 12], 120),
    )
    (load,) = found.stages
    assert load.demand is not None
    # mean 10, standard deviation 2.1381, over the root of 8 0.7559, times t(7) 2.3646: 1.7875
    assert (load.demand.low, load.demand.high) == pytest.approx((16.425, 23.575), abs=2e-3)
    assert words.state(load) == "▲ Too close to call"


def test_weeks_before_the_data_begin_do_not_count(tmp_path: Path) -> None:
    """Ten visits on each of the last four Mondays and nothing before: ten a week, not five."""
    log = visits("Check", [0, 0, 0, 0, 10, 10, 10, 10], 120)
    found = found_in(tmp_path, [plan("Ann", 16, stage="Check")], log)
    (load,) = found.stages
    assert load.arrivals is not None
    assert (load.arrivals.value, len(found.weeks.whole)) == (10, 4)
    assert load.demand is not None and (load.demand.value, load.is_over) == (20, True)
    assert (found.weeks.window.since, found.weeks.window.until) == (
        date(2026, 10, 19),
        date(2026, 11, 16),
    )
    assert plain(words.basis(found)) == (
        "Arrivals of 19 Oct – 15 Nov 2026, four whole weeks, with the interval of their mean. "
        "Other weeks do not count: the work log begins on 19 Oct 2026."
    )


def test_a_week_in_which_the_data_begin_in_the_middle_does_not_count(tmp_path: Path) -> None:
    """Ten visits on three Mondays, and one on the Wednesday of the week before these."""
    log = visits("Check", [0, 0, 0, 0, 0, 10, 10, 10], 120)
    wednesday = visits("Check", [1], 60)[0] | {
        "item_id": "W", "entered_at": "2026-10-21 08:00", "started_at": "2026-10-21 09:00",
        "finished_at": "2026-10-21 10:00",
    }  # fmt: skip
    found = found_in(tmp_path, [], [*log, wednesday])
    assert (found.stages[0].arrivals.value, len(found.weeks.whole)) == (10, 3)


def test_weeks_after_the_log_ended_do_not_count(tmp_path: Path) -> None:
    """Ten on each of six Mondays. The log ends on Monday 26 Oct: that week and two are unknown."""
    found = found_in(tmp_path, [], visits("Check", [10, 10, 10, 10, 10, 10, 0, 0], 120))
    (load,) = found.stages
    assert load.arrivals is not None
    assert (load.arrivals.value, load.arrivals.low, len(found.weeks.whole)) == (10, 10, 5)
    assert found.weeks.window.until == date(2026, 10, 26)
    assert "the work log is 21 days old" in plain(words.basis(found))


def test_a_week_without_arrivals_inside_the_data_counts(tmp_path: Path) -> None:
    """The log runs on in another stage: 0 of Check in the last two weeks are true zeros."""
    log = visits("Check", [10, 10, 10, 10, 10, 10, 0, 0], 120)
    log += [one_visit(MONDAY + timedelta(weeks=week)) for week in range(8)]
    by_stage = {load.stage: load for load in found_in(tmp_path, [], log).stages}
    assert by_stage["Check"].arrivals.value == 7.5  # 60 visits in 8 weeks


@pytest.mark.parametrize("weeks", [0, 1])
def test_fewer_than_two_whole_weeks_say_so(tmp_path: Path, weeks: int) -> None:
    """One week has no spread; without a week nothing is known of arrivals."""
    log = [one_visit(date(2026, 11, 11))] if weeks == 0 else visits("Other", [0] * 7 + [3], 60)
    (load,) = found_in(tmp_path, [plan("Ann", 20, stage="Other")], log).stages
    assert load.arrivals is None
    assert (load.demand, load.use, words.state(load)) == (None, None, "○ Too few weeks")


def test_a_stage_whose_people_have_teams_is_split_by_team(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        [plan("Ann", 9, stage="Check", team="Red"), plan("Bob", 20, stage="Check", team="Blue")],
        visits("Check", [10] * 8, 120),
    )
    assert {load.team: (load.supply, load.is_over) for load in found.stages} == {
        "Red": (9, True),
        "Blue": (20, False),
    }


def test_hours_beyond_what_absence_leaves_are_over(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        [
            plan("Ann", 20, stage="Check", capacity_hours=40),
            plan("Ann", 15, project="Pilot", capacity_hours=40, from_on="2026-09-02"),
            plan("Ann", 8, kind="absence", from_on="2026-11-23", until_on="2026-11-27"),
            plan("Bob", 60, stage="Check"),
        ],
        visits("Check", [10] * 8, 30),
    )
    by_over = sorted(found.people, key=lambda one: -one.over)
    assert [(one.assigned, one.absent, one.capacity, one.over) for one in by_over] == [
        (35, 8, 32, 3),
        (60, 0, None, 0),
    ]
    assert plain(words.people_sentence(found)) == (
        "1 person is over-allocated in week 48, of 1 with a known capacity. "
        "Of 1 more the plan gives no capacity, so nothing is said."
    )


@pytest.mark.parametrize(
    ("hours", "other"),
    [
        (40, {"until_on": "2026-11-20"}),  # over on the Friday before the week looked at
        (10, {"from_on": "2026-11-30"}),  # begins on the Monday after it
        (10, {"from_on": "2026-11-28"}),  # begins on its Saturday: none of its working days
    ],
)
def test_capacity_is_that_of_an_assignment_of_the_week(
    tmp_path: Path, hours: float, other: dict[str, str]
) -> None:
    """In the week of 23 Nov Ann has 24 hours and 30 assigned: 6 over, whatever held at others."""
    rows = [
        plan("Ann", 30, stage="Check", capacity_hours=24, from_on="2026-11-23",
             until_on="2026-11-27"),
        plan("Ann", 5, stage="Old", capacity_hours=hours, **other),
    ]  # fmt: skip
    (one,) = found_in(tmp_path, rows, visits("Check", [10] * 8, 30)).people
    assert (one.assigned, one.capacity, one.over) == (30, 24, 6)


def test_capacity_of_another_time_alone_is_none(tmp_path: Path) -> None:
    rows = [
        plan("Ann", 30, stage="Check", from_on="2026-11-23"),
        plan("Ann", 5, stage="Old", capacity_hours=24, until_on="2026-11-20"),
    ]
    (one,) = found_in(tmp_path, rows, visits("Check", [10] * 8, 30)).people
    assert (one.capacity, one.over) == (None, 0)


def test_an_assignment_that_ends_on_tuesday_holds_two_of_five_days() -> None:
    row = Assigned("Ann", "work", "", "", "Check", 20, date(2026, 1, 1), date(2026, 11, 24), 40)
    assert hours_in(row, week("2026-W48")) == 8
    assert hours_in(row, week("2026-W49")) == 0


def test_touch_hours_that_are_not_recorded_are_said_so(tmp_path: Path) -> None:
    log = [row | {"started_at": None} for row in visits("Check", [10] * 8, 30)]
    (load,) = found_in(tmp_path, [plan("Ann", 20, stage="Check")], log).stages
    assert (load.demand, load.use, words.state(load)) == (None, None, "○ Hours not recorded")


def test_without_a_plan_demand_is_still_told(tmp_path: Path) -> None:
    found = found_in(tmp_path, [], visits("Check", [10] * 8, 120))
    assert not found.has_plan
    assert words.state(found.stages[0]) == "○ Nobody assigned"
    assert words.stages_sentence(found)[0] == "Nothing can be compared."


def test_one_person_moved_takes_their_hours_along(tmp_path: Path) -> None:
    people = [plan(name, 10, stage="Check") for name in "AB"] + [plan("C", 20, stage="Pack")]
    log = visits("Check", [10] * 8, 60) + visits("Pack", [10] * 8, 60)
    by_stage = {load.stage: load for load in found_in(tmp_path, people, log).stages}
    after = moved(by_stage["Check"], by_stage["Pack"])
    assert after is not None
    assert [(load.supply, load.people) for load in after] == [(10, 1), (30, 2)]
    assert "Pack would go from 50% to 33%" in words.moved_sentence(
        by_stage["Check"], by_stage["Pack"]
    )


def test_the_planted_stage_and_person_are_the_only_ones_over(sample_workspace: Workspace) -> None:
    store = Store.open(sample_workspace)
    found = capacity(store)
    assert [load.stage for load in found.stages if load.is_over] == [OVER_STAGE]
    over = [one for one in found.people if one.over > 0]
    assert [(one.person, one.over) for one in over] == [
        (store.shown_name(OVER_PERSON), OVER_HOURS)
    ]  # fmt: skip
