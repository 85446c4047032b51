"""Forecasts by hand: constant work, shared work, too little of it, a pace that changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from analysis.forecast import sentences
from analysis.forecast.change import pace
from analysis.forecast.desk import by_urgency, fan, outlook_of, outlooks
from analysis.forecast.levers import FIRST_PASS, REWORK, THROUGHPUT, levers, most
from analysis.forecast.model import History
from analysis.forecast.order import order_days
from analysis.forecast.runs import day_by_which, futures
from analysis.forecast.work import Line, Promise, Work
from analysis.spc import xmr
from analysis.status import Status
from metrics.flow import ARRIVALS
from metrics.periods import Period
from metrics.value import Value

MONDAY = date(2026, 11, 16)
WEEK = Period(MONDAY - timedelta(weeks=1), MONDAY)


def line(
    weeks: int, *, a_day: float = 2.0, rejected: float = 0.0, first: float = 0.0, good: float = 0.0
) -> Line:
    """Work of whole weeks that end on a Sunday: so many items on each of five days."""
    week = [1.0] * 5 + [0.0] * 2
    days = np.array(week * weeks)
    return Line(days * a_day, days * rejected, days * first, days * good)


def promise(name: str, items: int | None, on: date, *, done: int = 0, weeks: int = 10) -> Promise:
    """A batch of which so many items were accepted on the last day known."""
    last = weeks * 7 - 1
    return Promise("List", name, "CT", "Spec 1", None, on, None, None, items, done,
                   np.full(done, last))  # fmt: skip


def known(promises: list[Promise], work: Line | None = None, *, weeks: int = 10) -> Work:
    first = MONDAY - timedelta(weeks=weeks)
    return Work("dataset", first, MONDAY, {"CT": work or line(weeks)}, tuple(promises), False)


def only(work: Work):
    (found,) = outlooks(work, MONDAY)
    return found


def test_constant_work_gives_the_one_date_there_is() -> None:
    """2 a working day, 35 items left: 30 by Friday 4 December, then 2, 2 and 1 by Wednesday 9."""
    found = only(known([promise("B1", 35, date(2026, 12, 9))]))
    (one,) = found.forecasts
    assert (one.p50, one.p85, one.chance) == (date(2026, 12, 9), date(2026, 12, 9), 1.0)
    assert sentences.answer(one) == (
        "B1: 50% by 9\xa0Dec, 85% by 9\xa0Dec",
        "; the promise of 9\xa0Dec holds in 100 of 100 runs.",
    )
    assert sentences.status(one) is Status.MET


def test_a_promise_of_the_day_before_never_holds() -> None:
    found = only(known([promise("B1", 35, date(2026, 12, 8))]))
    (one,) = found.forecasts
    assert one.chance == 0.0
    assert sentences.status(one) is Status.MISSED


def test_the_batch_promised_first_gets_the_work_first() -> None:
    """10 a week: B1 needs 10 (Friday 20 Nov), B2 another 5 after it (Wednesday 25 Nov)."""
    late, early = promise("B2", 5, date(2026, 12, 1)), promise("B1", 10, date(2026, 11, 30))
    work = known([early, late])
    found = only(work)
    assert [one.p85 for one in found.forecasts] == [date(2026, 11, 20), date(2026, 11, 25)]
    assert [one.before for one in found.forecasts] == [0, 10]
    assert sentences.after_whom(found.batches[1], found) == "B1"
    (turned,) = outlooks(work, MONDAY, first="List:B2")
    assert [(one.batch.batch, one.p85) for one in turned.forecasts] == [
        ("B2", date(2026, 11, 18)), ("B1", date(2026, 11, 25)),
    ]  # fmt: skip


def test_items_accepted_already_need_no_more_work() -> None:
    found = only(known([promise("B1", 14, date(2026, 12, 1), done=10)]))
    assert found.forecasts[0].p85 == date(2026, 11, 17)  # 4 left: Monday and Tuesday
    assert sentences.evidence(found.forecasts[0], found).startswith("10 of 14 items accepted")


def test_a_batch_that_is_accepted_in_full_waits_for_its_delivery_only() -> None:
    found = only(known([promise("B1", 10, date(2026, 11, 10), done=10)]))
    (one,) = found.forecasts
    assert one.is_done and one.chance is None
    assert sentences.status(one) is Status.MISSED
    lead, rest = sentences.answer(one)
    assert lead + rest == (
        "B1: all 10 items are accepted; only its delivery is missing, which was promised for "
        "10\xa0Nov."
    )


def test_without_a_promised_number_the_items_known_are_taken_and_said() -> None:
    one = Promise("List", "B1", "CT", "", None, date(2026, 12, 1), None, None, None, 6,
                  np.array([69, 69]))  # fmt: skip
    found = only(known([one]))
    assert found.forecasts[0].batch.left == 4
    assert "2 accepted of the 6 items known" in sentences.evidence(found.forecasts[0], found)
    none = only(known([promise("B1", None, date(2026, 12, 1))]))
    assert none.forecasts[0].why == "How many items it holds is not recorded."


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (line(7), "A date needs 8 whole weeks in which items were completed and accepted; there "
         "are 7 weeks."),
        (line(1), "A date needs 8 whole weeks in which items were completed and accepted; there "
         "is 1 week."),
        (line(9, a_day=0.0), "No item of this work was completed and accepted yet."),
    ],
)  # fmt: skip
def test_too_little_history_says_what_is_missing_and_gives_no_date(work: Line, why: str) -> None:
    weeks = len(work.accepted) // 7
    found = only(known([promise("B1", 10, date(2026, 12, 1))], work, weeks=weeks))
    (one,) = found.forecasts
    assert (one.p50, one.p85, one.chance, one.why) == (None, None, None, why)
    assert sentences.answer(one) == ("B1: no date can be given", f". {why}")
    assert not fan(known([promise("B1", 10, date(2026, 12, 1))], work, weeks=weeks), found,
                   one.batch).days  # fmt: skip


def test_a_batch_of_work_that_nobody_does_has_no_date() -> None:
    one = Promise("List", "B9", "MR", "", None, MONDAY, None, None, 5, 0, np.zeros(0, np.int64))
    found = outlooks(known([one]), MONDAY)
    assert found[0].forecasts[0].why == "No item of this work was completed and accepted yet."


def test_the_fan_grows_from_what_is_accepted_to_what_was_promised() -> None:
    work = known([promise("B1", 14, date(2026, 12, 1), done=10)])
    found = only(work)
    grown = fan(work, found, found.batches[0])
    assert grown.past == ((date(2026, 11, 15), 10),)
    assert [(day.on, day.p05, day.p95) for day in grown.days] == [
        (date(2026, 11, 16), 12.0, 12.0), (date(2026, 11, 17), 14.0, 14.0),
    ]  # fmt: skip


def test_later_rows_change_nothing_of_a_forecast() -> None:
    """The forecast of a past Monday is the same whatever came afterwards."""
    rng = np.random.default_rng(5)
    days = rng.poisson(3, 30 * 7).astype(float)
    other = days.copy()
    other[20 * 7 :] = 99.0  # from the day on which the forecast is made
    then = MONDAY - timedelta(weeks=10)
    batch = Promise("List", "B1", "CT", "", None, then + timedelta(days=20), None, None, 60, 60,
                    np.arange(100, 160))  # fmt: skip
    later = Promise("List", "B1", "CT", "", None, batch.promised_on, then + timedelta(days=2), None,
                    60, 60, np.r_[np.arange(100, 140), np.full(20, 141)])  # fmt: skip
    zeros = np.zeros(len(days))
    told = []
    for numbers, one in ((days, batch), (other, later)):
        work = Work("dataset", MONDAY - timedelta(weeks=30), MONDAY,
                    {"CT": Line(numbers, zeros, zeros, zeros)}, (one,), False)  # fmt: skip
        told.append(outlooks(work, then))
    assert told[0][0].forecasts == told[1][0].forecasts
    assert told[0][0].late == told[1][0].late
    assert told[0][0].forecasts[0].has_date


def test_the_same_question_gives_the_same_dates() -> None:
    rng = np.random.default_rng(1)
    accepted = rng.poisson(5, (12, 7)).astype(float)
    history = History(MONDAY, accepted, np.zeros(12), np.zeros(12), np.zeros(12))
    one, two = (futures(history, 100, question="q").days_to(100) for _ in range(2))
    assert (one == two).all()
    assert (futures(history, 100, question="other").days_to(100) != one).any()


def test_a_lasting_change_leaves_the_weeks_before_out_and_says_so() -> None:
    """16 weeks of about 50, then 9 of about 20: only the 9 are drawn from."""
    totals = [50.0 + week % 3 for week in range(16)] + [20.0 + week % 3 for week in range(9)]
    days = np.zeros((25, 7))
    days[:, 0] = totals
    found = pace(History(MONDAY, days, np.zeros(25), np.zeros(25), np.zeros(25)))
    assert found.history.weeks == 9
    assert found.since == MONDAY - timedelta(weeks=9)
    assert found.note == (
        "The pace changed: fewer items a week than before since 14\xa0Sep\xa02026. Only the "
        "9 weeks since then are drawn from."
    )
    values = [Value(ARRIVALS, WEEK, "", total, int(total)) for total in totals]
    assert xmr(values[:-1]) is None  # why spc.rules cannot be asked: it expects nothing here
    young = History(MONDAY, days[:-2], np.zeros(23), np.zeros(23), np.zeros(23))
    still = pace(young)  # 7 weeks are a change, but too few to draw from alone
    assert still.history.weeks == 23
    assert "too short a time to draw from alone" in still.note
    steady = History(MONDAY, days[:16], np.zeros(16), np.zeros(16), np.zeros(16))
    assert pace(steady).note == ""


def test_levers_by_hand_on_constant_work() -> None:
    """10 accepted and 5 rejected a week, 45 left: the fifth Wednesday, 16 December.

    10% more are 11 a week: 44 by Friday 11 December, the last one on Monday 14: 2 days sooner.
    Half the rejections are 12.5 a week: 37.5 by 4 December, 2.5 a day: 40, 42.5, 45 by Wednesday 9.
    Of 10 first reviews a week 8 are good in the newest quarter, all 10 in the one before: 9 of 10
    over all 26 weeks. As in the best quarter nothing fails: 15 a week, 45 by Friday 4 December.
    """
    work = line(26, a_day=2.0, rejected=1.0, first=2.0, good=2.0)
    good = work.first_accepted.copy()
    good[13 * 7 :] *= 0.8
    work = Line(work.accepted, work.rejected, work.first_reviews, good)
    told = known([promise("B1", 45, date(2026, 12, 11), weeks=26)], work, weeks=26)
    found = only(told)
    (one,) = found.forecasts
    assert one.p85 == date(2026, 12, 16)
    effects = {lever.name.partition(" (")[0]: lever for lever in levers(told, found, one.batch)}
    assert effects[THROUGHPUT].p85 == date(2026, 12, 14) and effects[THROUGHPUT].days == -2
    assert effects[REWORK].p85 == date(2026, 12, 9) and effects[REWORK].chance == 1.0
    assert effects[FIRST_PASS].p85 == date(2026, 12, 4) and effects[FIRST_PASS].days == -12
    best = most(tuple(effects.values()))
    assert best is effects[FIRST_PASS]
    said = sentences.lever(tuple(effects.values()), one).replace("\xa0", " ")
    assert said == (
        "First-pass acceptance as in its best quarter (100.0% instead of 90.0%) would move it "
        "most: the 85% date 12 days sooner, by 4 Dec and the promise would hold in 100 of 100 runs "
        "(+100.0 pts), all else equal."
    )


def test_no_lever_is_named_where_none_moves_the_date() -> None:
    """One item left: it comes on Monday whatever else happens."""
    told = known([promise("B1", 1, date(2026, 12, 11))])
    found = only(told)
    effects = levers(told, found, found.batches[0])
    assert most(effects) is None
    assert sentences.lever(effects, found.forecasts[0]).startswith("No lever moves it clearly")
    assert {lever.why_not for lever in effects} == {"", "No review is recorded for this work."}


def test_the_last_items_of_past_batches_put_dates_off() -> None:
    """At every earlier Monday the batch lacked 5 items; they came 3 days after that.

    2 a day: the fifth accepted item of a week comes on Wednesday, the batch is done on Saturday.
    """
    first = MONDAY - timedelta(weeks=10)
    batches = []
    for week in range(3, 10):
        monday = first + timedelta(weeks=week)
        days = np.full(5, week * 7 + 5)
        agreed, due = monday - timedelta(days=1), monday + timedelta(days=6)
        batches.append(Promise("List", f"B{week}", "CT", "", agreed, due, monday + timedelta(7),
                               None, 5, 5, days))  # fmt: skip
    new = replace(promise("NEW", 5, date(2026, 12, 1)), agreed_on=MONDAY - timedelta(days=1))
    work = known([*batches, new])
    assert set(order_days(work, "CT", MONDAY)) == {3}
    found = only(work)
    told = next(one for one in found.forecasts if one.batch.batch == "NEW")
    assert told.p85 == date(2026, 11, 21)  # Wednesday and three days
    assert order_days(work, "CT", first + timedelta(weeks=4)) == ()


def test_the_most_urgent_batch_stands_first_and_finds_its_line() -> None:
    work = known([promise("B1", 10, date(2026, 12, 30)), promise("B2", 40, date(2026, 11, 20))])
    found = outlooks(work, MONDAY)
    told = by_urgency(found)
    assert [one.batch.batch for one in told] == ["B2", "B1"]
    assert outlook_of(found, told[0].batch) is found[0]
    assert sentences.summary(told) == ("Of 2 batches with a date, one is likely late (B2).")


def test_quantiles_are_days_by_which_at_least_that_share_is_there() -> None:
    days = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert (day_by_which(days, 0.5), day_by_which(days, 0.85)) == (5, 9)
