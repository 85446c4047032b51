"""Flow by hand on a tiny log, and against pandas on random logs with ties, open and bad visits."""

import random
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from analysis.flow import flow
from analysis.flow.ages import late_visits
from analysis.flow.diagram import ALL_VISITS, OPEN_VISITS
from analysis.flow.window import weeks_before
from analysis.model import Status
from data_access.store import Store
from metrics.periods import Period, week
from metrics.scope import Scope
from metrics.units import NBSP
from tests import count
from tests.analysis.small import monday, store_of, visit

W46 = Scope(week("2026-W46"))
UNTIL = pd.Timestamp("2026-11-16")
STAGES = ("Work", "Check")


def open_visit(item, stage, entered, started=None):
    return {"item_id": item, "project": "P", "stage": stage, "entered_at": entered,
            "started_at": started}  # fmt: skip


def tiny():
    """Three items in week 46: one done in it, one open in Check, one open in Work."""
    start = monday(0)
    first = visit("A", "Work", start, 10, 2)
    second = visit("B", "Work", start + timedelta(days=1), 10, 2)
    return [
        first,
        visit("A", "Check", first["finished_at"], 11, 1),  # done on Tuesday at 00:00
        second,
        open_visit("B", "Check", second["finished_at"]),
        open_visit("C", "Work", start + timedelta(days=6)),
    ]


def test_a_tiny_log_by_hand(tmp_path):
    found = flow(store_of(tmp_path, {"work_log": tiny()}), W46)
    assert found.sentence.startswith(
        "Work comes in faster than it leaves: 3 in, 1 out, +2 in week" + NBSP + "46"
    )
    assert found.diagram.days[0] == date(2026, 11, 9)  # no data before
    assert found.diagram.entered == (1, 1, 0, 0, 0, 0, 1)
    assert found.diagram.completed == (0, 1, 0, 0, 0, 0, 0)
    assert found.diagram.in_progress == (1, 1, 1, 1, 1, 1, 2)
    bands = dict(found.diagram.bands)
    assert bands["Done"] == (0, 1, 1, 1, 1, 1, 1)
    assert bands["Work"] == (0, 0, 0, 0, 0, 0, 1)  # A and B are out of it within the day
    assert bands["Check"] == (1, 1, 1, 1, 1, 1, 1)
    assert found.diagram.notes == ()
    ages = {visit.item: visit.age_hours for stage in found.ages.stages for visit in stage.oldest}
    assert ages == {"B": 24 * 6 - 12, "C": 24}
    assert "Too few items" in found.little.sentence
    assert [spot.hours for spot in found.scatter.spots] == [24]


def at_work(item, stage, since, until=None):
    """A visit to a stage, started as it was entered."""
    since, until = (datetime.fromisoformat(f"2026-11-{t}") if t else None for t in (since, until))
    return open_visit(item, stage, since, since) | {"finished_at": until}


SMALL_LOG = [
    at_work("A", "Work", "09 08:00", "11 17:00"),  # in Work at the end of the 9th and the 10th
    at_work("A", "Check", "11 17:00", "12 09:00"),  # in Check at the end of the 11th
    at_work("B", "Work", "09 09:00", "10 10:00"),  # left and entered again on the same day: in Work
    at_work("B", "Check", "10 10:00", "10 11:00"),  # at the end of the 9th, the 10th and the 11th,
    at_work("B", "Work", "10 11:00", "12 12:00"),  # one item, not two
    at_work("B", "Check", "12 12:00", "14 12:00"),  # in Check at the end of the 12th and the 13th
    at_work("C", "Work", "13 00:00", "14 00:00"),  # a whole day: at the end of the 13th only
    at_work("C", "Check", "14 00:00", "14 23:59"),  # within a day: at no end
    at_work("D", "Work", "10 23:59"),  # open: from the end of the 10th on
    at_work("E", "Work", "11 08:00", "11 07:00"),  # ends before it begins: in no band, but told
    at_work("E", "Check", "11 09:00"),  # in Check from the 11th on
    at_work("F", "Work", "12 08:00", "12 09:00"),  # all within the 12th, twice in each stage: at no
    at_work("F", "Check", "12 09:00", "12 10:00"),  # end of a day, but begun and ended twice
    at_work("F", "Work", "12 10:00", "12 11:00"),
    at_work("F", "Check", "12 11:00", "12 12:00"),
]


def test_each_visit_is_in_the_band_of_its_stage_at_the_ends_of_the_days_it_lasts(tmp_path):
    """Every count by hand, day by day from the 9th to the 15th; see the log."""
    found = flow(store_of(tmp_path, {"work_log": SMALL_LOG}), W46).diagram
    bands = dict(found.bands)
    #                        9  10 11 12 13 14 15
    assert bands["Work"] == (2, 3, 2, 1, 2, 1, 1)  # A B, A B D, B D, D, C D, D, D
    assert bands["Check"] == (0, 0, 2, 2, 2, 1, 1)  # -, -, A E, B E, B E, E, E
    assert found.in_progress == (2, 3, 4, 3, 4, 2, 2)  # A B, A B D, A B D E, B D E, B C D E, D E
    assert found.notes == ("1 visit that ends before it begins: left out of the bands.",)
    assert "Between stages" not in bands


def test_visits_of_each_stage_begin_and_end_on_their_days(tmp_path):
    """The same log as it is asked for: how many begin, end and cannot be, on each day."""
    store = store_of(tmp_path, {"work_log": SMALL_LOG})
    rows = store.statistic("stage_days", ALL_VISITS, W46)
    told = {
        (row["stage"], row["day"].day): (row["entered"], row["ended"], row["impossible"])
        for row in rows
    }
    assert len(told) == len(rows)
    assert told == {
        ("Work", 9): (2, 0, 0),
        ("Work", 10): (2, 1, 0),  # B again and D begin, B's first visit ends
        ("Work", 11): (0, 1, 1),  # A ends; E cannot be
        ("Work", 12): (2, 3, 0),  # F twice; B ends, too
        ("Work", 13): (1, 0, 0),
        ("Work", 14): (0, 1, 0),
        ("Check", 10): (1, 1, 0),
        ("Check", 11): (2, 0, 0),  # A and E
        ("Check", 12): (3, 3, 0),  # F twice; B begins, A ends
        ("Check", 14): (1, 2, 0),  # C begins, B and C end
    }


def test_an_item_in_two_stages_at_once_is_told(tmp_path):
    log = [at_work("A", "Work", "09 08:00"), at_work("A", "Check", "10 08:00")]
    found = flow(store_of(tmp_path, {"work_log": log}), W46).diagram
    assert found.in_progress == (1,) * 7
    assert dict(found.bands)["Work"] == (1,) * 7
    assert found.notes == ("An item in two stages at once is in both bands.",)


def test_an_item_that_ends_before_it_comes_is_never_less_than_nothing(tmp_path):
    """Z came on Friday, but was started and finished on Wednesday: no end, so it is there since."""
    start = monday(0)
    friday, wednesday = start + timedelta(days=4), start + timedelta(days=2, hours=8)
    wrong = open_visit("Z", "Check", friday, wednesday)
    wrong["finished_at"] = wednesday + timedelta(hours=3)
    there = visit("A", "Work", start, 1, 1), open_visit("A", "Check", start + timedelta(hours=2))
    drawn = flow(store_of(tmp_path, {"work_log": [*there, wrong]}), W46).diagram
    assert drawn.in_progress == (1, 1, 1, 1, 2, 2, 2)  # A all week, Z from Friday
    assert dict(drawn.bands)["Check"] == (1, 1, 1, 1, 1, 1, 1)
    assert drawn.notes == ("1 visit that ends before it begins: left out of the bands.",)


def random_log(seed: int) -> list[dict]:
    """Whole hours, so many ties; a tenth open in each stage; some finish before they start."""
    draw = random.Random(seed)
    rows = []
    for number in range(700):
        item = f"I{number}"
        came = monday(26) + timedelta(hours=draw.randrange(24 * 7 * 27 - 5))
        work = visit(item, "Work", came, draw.randrange(30), draw.randrange(8))
        if number % 40 == 3 or work["finished_at"] > UNTIL:
            rows.append(open_visit(item, "Work", came))
            continue
        check = visit(item, "Check", work["finished_at"], draw.choice([0, 5, 200]), 1)
        rows.append(work)
        if number % 50 == 7:
            check["finished_at"] = check["entered_at"] - timedelta(hours=4)
        if number % 30 == 5 or check["finished_at"] > UNTIL:
            check = open_visit(item, "Check", check["entered_at"])
        rows.append(check)
    return rows


def frames(rows):
    """Visits and items by pandas, from the rows as sent."""
    visits = pd.DataFrame(rows)
    for name in ("entered_at", "started_at", "finished_at"):
        visits[name] = pd.to_datetime(visits[name])
    visits["is_bad"] = visits.finished_at < visits[["entered_at", "started_at"]].max(axis=1)
    good = visits[~visits.is_bad]
    items = visits.groupby("item_id").agg(came=("entered_at", "min"))
    items["done"] = good[good.stage == "Check"].groupby("item_id").finished_at.max()
    return visits, items


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(count(20)))
def test_every_number_is_that_of_pandas(tmp_path, seed):
    rows = random_log(seed)
    store = store_of(tmp_path, {"work_log": rows})
    visits, items = frames(rows)
    found = flow(store, W46)
    since = pd.Timestamp("2026-08-17")  # 13 weeks
    assert found.span == Period(since.date(), UNTIL.date())
    ends = pd.date_range(since + pd.Timedelta(days=1), UNTIL)
    check_days(found.diagram, visits, items, ends)
    check_ages(store, found.ages, visits)
    check_scatter(found.scatter, items[(items.done >= since) & (items.done < UNTIL)])
    check_little(found.little, items, since)
    bad = int(visits.is_bad.sum())
    assert found.diagram.notes == (
        f"{bad} visits that end before they begin: left out of the bands.",
    )


def check_days(drawn, visits, items, ends):
    standing = [int(((items.came < end) & ~(items.done < end)).sum()) for end in ends]
    assert list(drawn.in_progress) == standing
    before = ends[0] - pd.Timedelta(days=1)
    done = [int(((items.done >= before) & (items.done < end)).sum()) for end in ends]
    bands = dict(drawn.bands)
    assert list(bands["Done"]) == done
    good = visits[~visits.is_bad]
    for name in STAGES:
        mine = good[good.stage == name]
        inside = [int(((mine.entered_at < e) & ~(mine.finished_at < e)).sum()) for e in ends]
        assert list(bands[name]) == inside


def check_ages(store, ages, visits):
    past = visits[~visits.is_bad & visits.finished_at.notna()]
    window = past[
        (past.finished_at >= pd.Timestamp("2026-05-11"))
        & (past.finished_at < pd.Timestamp("2026-11-09"))
    ]
    still = visits[~visits.is_bad & visits.finished_at.isna()]
    for stage in ages.stages:
        mine = window[window.stage == stage.stage]
        hours = (mine.finished_at - mine.entered_at).dt.total_seconds() / 3600
        limits = np.quantile(hours, [0.5, 0.85, 0.95])
        age = (UNTIL - still[still.stage == stage.stage].entered_at).dt.total_seconds() / 3600
        assert (stage.history, stage.n) == (len(hours), len(age))
        assert stage.hours == pytest.approx(limits)
        assert stage.beyond == tuple(int((age > limit).sum()) for limit in limits)
        assert [one.age_hours for one in stage.oldest] == sorted(age, reverse=True)
        here = W46.where(stage=stage.stage)
        assert store.row_count(OPEN_VISITS, here) == stage.n
        assert store.row_count(late_visits(ages, stage), here) == stage.beyond[1]


def check_scatter(drawn, done):
    hours = (done.done - done.came).dt.total_seconds() / 3600
    assert [line.value for line in drawn.lines] == pytest.approx(
        list(np.quantile(hours, [0.5, 0.85, 0.95]))
    )
    assert sorted(spot.hours for spot in drawn.spots) == pytest.approx(sorted(hours))
    assert not drawn.is_dense


def check_little(found, items, since):
    left = items.done.fillna(UNTIL).clip(since, UNTIL)
    inside = (left - items.came.clip(since, UNTIL)).dt.total_seconds().clip(lower=0).sum()
    days = (UNTIL - since).days
    assert found.in_progress == pytest.approx(inside / 86400 / days)
    done = items[(items.done >= since) & (items.done < UNTIL)]
    through = (done.done - done.came).dt.total_seconds().mean() / 86400
    assert found.per_day == pytest.approx(len(done) / days)
    assert found.ratio == pytest.approx(found.in_progress / (found.per_day * through))


def test_many_items_become_cells_that_hold_every_item_once(tmp_path):
    draw = random.Random(3)
    rows = [
        visit(f"I{n}", "Work", monday(1) + timedelta(minutes=draw.randrange(9000)), 1,
              draw.expovariate(0.1))
        for n in range(1500)
    ]  # fmt: skip
    store = store_of(tmp_path, {"work_log": rows}, clock=datetime(2026, 12, 14, 7))
    drawn = flow(store, Scope(Period(date(2026, 9, 1), date(2026, 12, 13)))).scatter
    hours = sorted((r["finished_at"] - r["entered_at"]).total_seconds() / 3600 for r in rows)
    points = sorted(spot.hours for spot in drawn.spots if spot.item)
    assert drawn.is_dense
    assert sum(spot.items for spot in drawn.spots) == 1500
    assert points == pytest.approx([h for h in hours if h > np.quantile(hours, 0.95)], abs=1e-6)


@pytest.mark.parametrize(
    ("zone", "midnights"),
    [
        ("UTC", ("2026-11-09 00:00", "2026-11-10 00:00", "2026-11-11 00:00")),
        ("America/New_York", ("2026-11-09 05:00", "2026-11-10 05:00", "2026-11-11 05:00")),
        ("Asia/Tokyo", ("2026-11-08 15:00", "2026-11-09 15:00", "2026-11-10 15:00")),
    ],
)
def test_a_visit_never_finished_is_late_to_the_midnight_before_its_item_ends(
    tmp_path, zone, midnights
):
    """Work is open since 2 November; the item ends on the 10th at 13:00 UTC, so everywhere."""
    rows = [
        open_visit("A", "Work", datetime(2026, 11, 2, 12)),
        visit("A", "Check", datetime(2026, 11, 10, 9), 1, 3),
    ]
    store = store_of(tmp_path, {"work_log": rows}, zone=zone)
    moments = [datetime.fromisoformat(midnight) for midnight in midnights]
    found = store.statistic(
        "stage_late", ALL_VISITS, W46.during(Period(date(2026, 11, 2), date(2026, 11, 16))),
        moments=moments, stages=["Work"], hours=[24.0], zone=zone,
    )  # fmt: skip
    assert [(row["moment"], row["visits"]) for row in found] == [
        (moments[0], 1), (moments[1], 1),
    ]  # fmt: skip


def test_the_weeks_before_are_looked_at_when_the_same_clock_shows_the_same(tmp_path):
    """New York left summer time on 1 November 2026: its midnight was 04:00 UTC and is 05:00."""
    store = store_of(tmp_path, {"work_log": tiny()}, zone="America/New_York")
    midnight = datetime(2026, 11, 9, 5)
    assert weeks_before(store, midnight, 1) == datetime(2026, 11, 2, 5)
    assert weeks_before(store, midnight, 2) == datetime(2026, 10, 26, 4)


def test_closed_cases_alone_are_told_so_and_draw_no_zeros(tmp_path):
    from data_access import warehouse
    from data_access.workspace import Workspace
    from tests.uploading import upload

    workspace = Workspace(tmp_path / "closed")
    rows = [row for n in range(40) for row in [visit(f"I{n}", "Work", monday(0), 1, 1)]]
    upload(workspace, "work_log", rows, is_closed_cases=True)
    warehouse.publish(workspace)
    found = flow(Store.open(workspace, clock=datetime(2026, 11, 16, 7)), W46)
    assert found.lead == "Only closed cases are here"
    assert "40 completed" in found.rest
    assert found.diagram is found.ages is found.little is None
    assert len(found.scatter.spots) == 40


def test_a_filter_that_items_do_not_have_leaves_out_what_they_would_show(tmp_path):
    found = flow(store_of(tmp_path, {"work_log": tiny()}), W46.where(stage="Work"))
    assert found.status is Status.TOO_FEW
    assert found.diagram is found.scatter is None


def test_the_planted_queue_is_where_open_work_grows_old(sample_workspace):
    found = flow(Store.open(sample_workspace), W46)
    assert found.ages.worst.stage == "Second review"
    assert "Open work grows old in Second review" in found.sentence
    assert found.status is Status.AT_RISK


def test_before_the_plant_no_stage_is_named(sample_workspace):
    store = Store.open(sample_workspace)
    for name in ("2026-W36", "2026-W40", "2026-W42"):
        found = flow(store, Scope(week(name)))
        assert found.ages.worst is None, name
        assert "grows old" not in found.sentence
