"""What the store knows of batches: what counts as accepted, which rows are looked at."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest

from analysis.forecast import sentences
from analysis.forecast.desk import by_urgency, outlooks
from analysis.forecast.model import MIN_WEEKS
from analysis.forecast.walk_back import Judged, calibration_of, walk_back
from analysis.forecast.work import work
from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.delivery import DELIVERIES_DUE
from metrics.flow import ITEMS_COMPLETED
from metrics.periods import Period, week
from metrics.scope import scope
from sample_data.deliveries import RUSH_BATCH, RUSH_ITEMS, RUSH_PROMISED
from tests.uploading import upload

W46 = week("2026-W46")
CLOCK = datetime(2026, 11, 16, 7)


@pytest.fixture(scope="module")
def sample(sample_workspace) -> Store:
    return Store.open(sample_workspace)


def opened(workspace, **rows) -> Store:
    workspace.save_settings(Settings(salt="test"))
    for extract, told in rows.items():
        upload(workspace, extract, told)
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


def visit(item: str, stage: str, at: str, *, batch: str = "B1", hours: int = 1) -> dict:
    entered = datetime.fromisoformat(at)
    return {
        "item_id": item, "project": "P", "dataset": "CT", "batch": batch, "stage": stage,
        "entered_at": entered, "started_at": entered,
        "finished_at": entered + timedelta(hours=hours),
    }  # fmt: skip


def review(item: str, at: str, outcome: str) -> dict:
    return {"review_id": f"{item}{at}", "item_id": item, "project": "P", "dataset": "CT",
            "review_stage": 1, "reviewed_at": at, "outcome": outcome}  # fmt: skip


DELIVERY = {"batch": "B1", "project": "P", "dataset": "CT", "promised_on": "2026-11-20",
            "items_promised": 9}  # fmt: skip


def test_a_complete_item_is_accepted_unless_its_last_review_rejected_it_for_good(workspace):
    """I1 accepted; I2 rejected, then adjudicated; I3 closed by its rejection; I4 still open."""
    last = {"I1": "accepted", "I2": "rejected", "I3": "rejected"}
    log = [visit(item, "Review", "2026-11-09 08:00") for item in ("I1", "I2", "I3")]
    log += [visit(item, "Deliver", "2026-11-10 08:00") for item in ("I1", "I2")]
    log += [visit("I3", "Deliver", "2026-11-09 08:30", hours=0)]
    log += [visit("I4", "Review", "2026-11-09 08:00")]
    sheet = [review(item, "2026-11-09 09:00", outcome) for item, outcome in last.items()]
    store = opened(workspace, work_log=log, reviews=sheet, deliveries=[DELIVERY])
    known = work(store, scope(W46))
    (batch,) = known.open_batches(known.until)
    assert (batch.accepted, batch.left, batch.line) == (2, 7, "CT")
    assert [row[1] for row in known.past(batch, known.until)] == [2]


def test_without_a_work_log_the_last_review_counts(workspace):
    sheet = [review("I1", "2026-11-10 09:00", "accepted"), review("I2", "2026-11-10", "rejected"),
             review("I3", "2026-11-11", "fixed")]  # fmt: skip
    answers = [
        {"annotation_id": f"A{n}", "item_id": f"I{n}", "project": "P", "dataset": "CT",
         "batch": "B1", "field": "f", "field_type": "choice", "label": "x", "label_count": 1,
         "created_at": "2026-11-09 09:00", "updated_at": "2026-11-09 09:00"}
        for n in (1, 2, 3)
    ]  # fmt: skip
    store = opened(workspace, annotations=answers, reviews=sheet, deliveries=[DELIVERY])
    known = work(store, scope(W46))
    assert known.is_by_review
    (batch,) = known.open_batches(known.until)
    assert batch.accepted == 2
    (found,) = outlooks(known, known.until)
    assert found.forecasts[0].why == (
        f"A date needs {MIN_WEEKS} whole weeks in which items were accepted in a review; there "
        "are 0 weeks."
    )


def test_a_delivery_list_alone_is_no_forecast(workspace):
    known = work(opened(workspace, deliveries=[DELIVERY]), scope(W46))
    (found,) = outlooks(known, known.until)
    assert found.forecasts[0].why == "No item of this work was accepted in a review yet."
    assert walk_back(known, lambda _: known).judged == ()


def left_before(store: Store, day: date, dataset: str) -> int:
    """Items left of the open batches of a dataset promised before a day, counted another way.

    From the rows of the delivery list and the store's own count of complete items a batch.
    """
    complete = completed_by_batch(store)
    whole = scope(Period(W46.since - timedelta(days=365), day))
    rows = store.rows(DELIVERIES_DUE, whole).to_pylist()
    open_rows = [
        row for row in rows
        if row["dataset"] == dataset and row["promised_on"] < day
        and (row["delivered_on"] is None or row["delivered_on"] >= CLOCK.date())
    ]  # fmt: skip
    return sum(max(0, row["items_promised"] - complete.get(row["batch"], 0)) for row in open_rows)


def completed_by_batch(store: Store) -> dict[str, int]:
    whole = scope(store.extent(ITEMS_COMPLETED))
    found = store.breakdown_values([ITEMS_COMPLETED], whole, "batch")[ITEMS_COMPLETED.name]
    return {value.segment: int(value.value or 0) for value in found}


def test_the_sample_forecasts_its_planted_batches(sample):
    """CXR-R01 cannot be ready, DIS-B17 is safe, BIO-B12 only waits for its delivery."""
    known = work(sample, scope(W46))
    told = {one.batch.batch: one for one in by_urgency(outlooks(known, known.until))}
    rush = told[RUSH_BATCH]
    assert rush.chance < 0.01 and rush.batch.left == RUSH_ITEMS
    assert rush.before == left_before(sample, RUSH_PROMISED, rush.batch.line) > 0
    pace = next(o for o in outlooks(known, known.until) if rush in o.forecasts).pace
    weeks = (rush.before + RUSH_ITEMS) / pace.history.totals.mean()
    assert 3.3 < weeks < 4.0
    assert timedelta(weeks=3) < rush.p50 - known.until < timedelta(weeks=4, days=3)
    assert next(iter(told)) == RUSH_BATCH
    assert told["DIS-B17"].chance > 0.95
    assert told["BIO-B12"].is_done


def test_items_accepted_so_far_are_those_of_the_metric(sample):
    """The open batches of the sample against a count of complete items by the store's own SQL."""
    known = work(sample, scope(W46))
    counted = completed_by_batch(sample)
    for batch in known.open_batches(known.until):
        assert batch.accepted == counted.get(batch.batch, 0), batch.batch


REVIEWED = (
    ("I1", "2026-11-09", "accepted"),
    ("I2", "2026-11-09", "accepted"),
    ("I2", "2026-11-12", "rejected"),  # sent back after it had been accepted for three days
    ("I3", "2026-11-10", "rejected"),
    ("I3", "2026-11-13", "accepted"),  # and taken after all
    ("I4", "2026-11-11", "rejected"),
)
ENDED = {"I1": "09", "I2": "09", "I3": "09", "I4": "10", "I5": "12"}


def reviewed_log(before: str = "2026-12-31") -> dict:
    """Six items of a batch of unknown size, I6 since the 14th; only what was known before a day."""
    entered = dict.fromkeys(ENDED, "2026-11-09 08:00") | {"I6": "2026-11-14 08:00"}
    log = [visit(item, "Deliver", at) for item, at in entered.items() if at < before]
    for row in log:
        end = f"2026-11-{ENDED[row['item_id']]} 10:00" if row["item_id"] in ENDED else None
        row["finished_at"] = datetime.fromisoformat(end) if end and end < before else None
    sheet = [review(item, f"{on} 12:00", outcome) for item, on, outcome in REVIEWED if on < before]
    return {"work_log": log, "reviews": sheet, "deliveries": [DELIVERY | {"items_promised": None}]}


def told_of(known) -> tuple:
    """Everything that a forecast of 11 November may look at."""
    then = date(2026, 11, 11)
    (batch,) = known.open_batches(then)
    line = known.lines["CT"]
    numbers = [
        list(part)
        for part in (line.accepted, line.rejected, line.first_reviews, line.first_accepted)
    ]
    return known.first, known.until, numbers, batch, known.past(batch, then)


def test_a_past_day_knows_no_later_review(tmp_path):
    """By Wednesday 11 November I1, I2 and I4 are accepted, of five items known.

    I2 and I4 are rejected only later, and I3 is taken only later. By the 16th I1, I3 and I5 are
    accepted of six.
    """
    then = date(2026, 11, 11)
    whole = opened(Workspace(tmp_path / "whole"), **reviewed_log())
    known = work(whole, scope(W46), until=then)
    (batch,) = known.open_batches(then)
    assert (batch.accepted, batch.promised, batch.is_counted) == (3, 5, False)
    assert [count for _, count in known.past(batch, then)] == [2, 3]  # Monday, Tuesday
    cut = opened(Workspace(tmp_path / "cut"), **reviewed_log(before="2026-11-11"))
    assert told_of(known) == told_of(work(cut, scope(W46)))
    now = work(whole, scope(W46))
    (batch,) = now.open_batches(now.until)
    assert (batch.accepted, batch.promised) == (3, 6)
    assert [count for _, count in now.past(batch, now.until)] == [2, 2, 2, 3, 3, 3]  # to Saturday


def returning_log(weeks: int, *, before: datetime) -> dict:
    """20 items a week, each fourth rejected some days after its end, half of these then taken.

    Only what was known before a day; something comes in every Sunday, so that weeks are whole.
    """
    draw, log, sheet = random.Random(5), [], []
    for number in range(20 * weeks):
        day = timedelta(weeks=number // 20, days=draw.randrange(5), hours=8)
        end = datetime(2026, 11, 16) - timedelta(weeks=weeks) + day
        name = f"I{number:03d}"
        log.append(visit(name, "Deliver", f"{end:%F %T}", batch=f"B{number // 60}"))
        back = end + timedelta(days=draw.randrange(1, 15))
        if number % 4 == 0:
            sheet.append(review(name, f"{back:%F %T}", "rejected"))
        if number % 8 == 0:
            sheet.append(review(name, f"{back + timedelta(days=9):%F %T}", "accepted"))
    sundays = [datetime(2026, 11, 15, 20) - timedelta(weeks=n) for n in range(weeks)]
    log += [visit(f"S{at:%j}", "Deliver", f"{at:%F %T}", batch="None", hours=0) for at in sundays]
    listed = [DELIVERY | {"batch": f"B{n}", "items_promised": 60, "agreed_on": "2026-06-01",
                          "promised_on": date(2026, 11, 20) - timedelta(weeks=3 * (4 - n))}
              for n in range(5)]  # fmt: skip
    return {
        "work_log": [row for row in log if row["finished_at"] < before],
        "reviews": [row for row in sheet if row["reviewed_at"] < f"{before:%F %T}"],
        "deliveries": listed,
    }


@pytest.mark.parametrize("weeks_ago", [1, 3])
def test_a_past_week_is_forecast_as_from_the_log_cut_at_that_day(tmp_path, weeks_ago):
    then = CLOCK.date() - timedelta(weeks=weeks_ago)
    midnight = datetime.combine(then, time())
    whole = opened(Workspace(tmp_path / "whole"), **returning_log(15, before=CLOCK))
    cut = opened(Workspace(tmp_path / "cut"), **returning_log(15, before=midnight))
    known = [work(whole, scope(W46), until=then), work(cut, scope(W46), until=then)]
    told = [[(one.forecasts, one.late) for one in outlooks(each, then)] for each in known]
    assert told[0] == told[1]
    assert any(forecast.has_date for forecasts, _ in told[0] for forecast in forecasts)
    # and it is no accident: with the reviews of the days since, it would be another one
    since = outlooks(work(whole, scope(W46)), then)
    assert [(one.forecasts, one.late) for one in since] != told[0]
    found = walk_back(
        work(whole, scope(W46)), lambda day: work(whole, scope(W46), until=day)
    )  # fmt: skip
    judged = {one.batch: (one.p50, one.p85) for one in found.judged if one.made_on == then}
    (outlook,) = outlooks(known[1], then, runs=1_000, ahead=timedelta(days=28))
    dates = {one.batch.batch: (one.p50, one.p85) for one in outlook.forecasts if one.has_date}
    assert judged == dates != {}


def test_past_dates_of_the_sample_held_about_as_often_as_they_said(sample):
    """A stationary sample: the shares said lie in the intervals of the shares that held."""
    now = work(sample, scope(W46))
    found = walk_back(now, lambda day: work(sample, scope(W46), until=day))
    # one week more for each seven days of items, once eight weeks of them are known
    days = sample.series_values(ITEMS_COMPLETED, scope(sample.extent(ITEMS_COMPLETED)), "day")
    first = min(v.period.since for v in days[ITEMS_COMPLETED.name] if v.value)
    assert found.weeks == (CLOCK.date() - first).days // 7 - 8
    assert len(found.judged) > 100
    for held in (found.half, found.most):
        low, high = held.interval
        assert low <= held.said <= high


def test_a_date_that_is_not_over_is_not_judged_even_where_the_batch_is_done():
    def one(p85: date, done: date | None) -> Judged:
        return Judged("L", "B", date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 4), p85, 0.9,
                      done, date(2026, 11, 16))  # fmt: skip

    assert one(date(2026, 11, 10), date(2026, 11, 10)).held(date(2026, 11, 10)) is True
    assert one(date(2026, 11, 10), date(2026, 11, 11)).held(date(2026, 11, 10)) is False
    assert one(date(2026, 11, 10), None).held(date(2026, 11, 10)) is False
    assert one(date(2026, 11, 16), date(2026, 11, 11)).held(date(2026, 11, 16)) is None
    few = calibration_of([one(date(2026, 11, 10), date(2026, 11, 10))] * 3)
    assert (few.most.n, few.most.batches, few.most.share) == (3, 1, 1.0)
    assert few.most.interval is None


def weekly(dataset: str, weeks: int, *, a_day: int) -> list[dict]:
    """So many items a day, five days a week, from Monday 4 May 2026 on."""
    days = [
        date(2026, 5, 4) + timedelta(weeks=week, days=day) for week in range(weeks)
        for day in range(5)
    ]  # fmt: skip
    return [
        visit(f"{dataset}-{day}-{one}", "Review", f"{day} 08:00", batch=f"{dataset}-1")
        | {"dataset": dataset}
        for day in days
        for one in range(a_day)
    ]


def promised(dataset: str, items: int) -> dict:
    return DELIVERY | {"batch": f"{dataset}-1", "dataset": dataset, "items_promised": items}


def test_weeks_after_a_source_ended_are_not_drawn_from(workspace):
    """CT ends on Friday 18 Sep (week 20); MR, of another source, goes on to Friday 13 Nov.

    CT brought 10 items in each of 20 weeks: no week is 0, and none after week 20 counts.
    """
    workspace.save_settings(Settings(salt="test"))
    upload(workspace, "work_log", weekly("CT", 20, a_day=2), source="old tool")
    upload(workspace, "work_log", weekly("MR", 28, a_day=1), source="new tool")
    upload(workspace, "deliveries", [promised("CT", 230), promised("MR", 160)])
    warehouse.publish(workspace)
    store = Store.open(workspace, clock=CLOCK)
    known = work(store, scope(W46))
    ct, mr = outlooks(known, known.until)
    assert ct.pace.history.totals.tolist() == [10.0] * 19  # whole weeks from 9 May to 18 Sep
    assert mr.pace.history.totals.tolist() == [5.0] * 26
    assert ct.ends_on == date(2026, 9, 18) and mr.ends_on is None
    past = walk_back(known, lambda day: work(store, scope(W46), until=day))
    untils = {one.batch: one.until for one in past.judged}
    assert untils == {"CT-1": date(2026, 9, 21), "MR-1": known.until}  # nothing known of CT later
    said = sentences.assumption(ct, known.until).replace("\N{NO-BREAK SPACE}", " ")
    assert "the 19 weeks since 9 May" in said
    assert "The data of this work end on 18 Sep 2026" in said
    assert "data of this work end" not in sentences.assumption(mr, known.until)


def test_a_typing_error_in_a_year_makes_no_weeks_without_items(workspace):
    """One visit of 2027 among 20 weeks up to 18 Sep 2026; the clock stands at 16 Nov."""
    log = [*weekly("CT", 20, a_day=2), visit("X", "Review", "2027-05-04 08:00") | {"batch": "X"}]
    store = opened(workspace, work_log=log, deliveries=[promised("CT", 230)])
    known = work(store, scope(W46))
    (found,) = outlooks(known, known.until)
    assert known.until == date(2026, 9, 19)
    assert found.pace.history.totals.tolist() == [10.0] * 19
    assert found.ends_on == date(2026, 9, 18)  # 59 days before the day asked


def test_a_source_that_rests_over_the_weekend_has_not_ended(workspace):
    log = weekly("CT", 28, a_day=2)  # to Friday 13 Nov; asked on Monday 16 Nov
    known = work(opened(workspace, work_log=log, deliveries=[promised("CT", 300)]), scope(W46))
    (found,) = outlooks(known, known.until)
    assert found.ends_on is None


def test_work_that_stopped_while_its_source_goes_on_has_no_date(workspace):
    """CT stops after 20 of 28 weeks, MR of the same source goes on: eight true weeks of 0."""
    log = [*weekly("CT", 20, a_day=2), *weekly("MR", 28, a_day=1)]
    known = work(opened(workspace, work_log=log, deliveries=[promised("CT", 230)]), scope(W46))
    (found,) = outlooks(known, known.until)
    assert found.forecasts[0].chance is None
    assert found.why == "No item of this work was completed and accepted in the last 8 weeks."


def test_filters_by_project_and_dataset_count_and_others_do_not(sample):
    whole = work(sample, scope(W46))
    one = work(sample, scope(W46, {"dataset": ["Biopsy slides"], "team": ["ML imaging"]}))
    named = {batch.batch for batch in one.open_batches(one.until)}
    assert named == {"BIO-B12", "BIO-B13"}
    assert {batch.batch for batch in whole.open_batches(whole.until)} > named
    assert set(work(sample, scope(W46), by="").lines) == {""}
