"""Requirements against real rows: values by hand, days that run, rows that fail, words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from analysis.requirements import Timing, answers, banner, check, outcome_words
from analysis.verdicts import Verdict, Why, Window
from data_access import warehouse
from data_access.criteria import Criterion
from data_access.misses import misses
from data_access.records import Records
from data_access.requirements import Requirement
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.catalog import METRICS
from metrics.periods import week
from metrics.scope import scope
from tests.uploading import Row, upload

EARLY = datetime(2026, 10, 1, 9)
MONDAY = datetime(2026, 11, 16, 7)
DUE = date(2026, 11, 20)


def review(i: int, day: str, outcome: str) -> Row:
    return {
        "review_id": f"R-{i}", "item_id": f"I-{i}", "review_stage": 1, "reviewer": "A. Novak",
        "reviewed_at": f"{day} 10:00", "outcome": outcome, "team": "T",
        "dataset": "D",
    }  # fmt: skip


# week 46: 50 reviews, 5 rejected, 2 fixed (10% rejected); week 45: 40 reviews, 8 rejected (20%).
W46 = [
    review(i, "2026-11-10", "rejected" if i < 5 else "fixed" if i < 7 else "accepted")
    for i in range(50)
]
W45 = [review(100 + i, "2026-11-03", "rejected" if i < 8 else "accepted") for i in range(40)]
# batch B-2: 3 items completed on 3 November, a fourth still in work; B-1: one item.
LOG = [
    {
        "item_id": f"W-{i}", "project": "P", "team": "T", "dataset": "D", "stage": "Review",
        "batch": "B-1" if i == 4 else "B-2", "entered_at": "2026-11-03 08:00",
        "started_at": "2026-11-03 09:00", "finished_at": None if i == 3 else "2026-11-03 10:00",
    }
    for i in range(5)
]  # fmt: skip
RATE = Criterion(
    metric="rejection_rate", window="2026-W46", comparison="at most", threshold=0.1, min_n=50,
    due_on=DUE,
)  # fmt: skip


BATCH = Criterion(
    metric="items_completed", filters="batch=B-2", window="whole batch", threshold=4, due_on=DUE
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace(tmp_path_factory.mktemp("requirements") / "workspace")
    made.save_settings(Settings())
    upload(made, "reviews", [*W46, *W45])
    upload(made, "work_log", LOG)
    warehouse.publish(made)
    return made


@pytest.fixture(scope="module")
def store(workspace: Workspace) -> Store:
    return Store.open(workspace, clock=MONDAY)


def at(workspace: Workspace, clock: datetime) -> Store:
    return Store.open(workspace, clock=clock)


def test_five_of_fifty_is_ten_percent_and_equal_passes(store):
    found = check(store, RATE, EARLY)
    assert (found.verdict, found.why, found.n) == (Verdict.PASS, Why.MET, 50)
    assert found.value.value == pytest.approx(0.1)
    assert found.sentence == "Rejection rate was 10.0%; at most 10.0% was asked."
    assert found.due == ""


def test_a_miss_says_by_how_much_and_when_it_is_due(store):
    found = check(store, replace(RATE, threshold=0.08), EARLY)
    assert found.verdict is Verdict.FAIL
    assert found.sentence.replace("\N{NO-BREAK SPACE}", " ") == (
        "Rejection rate was 10.0%; at most 8.0% was asked, so it misses by 2.0 pts."
    )
    assert (found.due, found.gap_text) == ("due in 4 days", "−2.0\N{NO-BREAK SPACE}pts")


@pytest.mark.parametrize(
    ("due_on", "says"),
    [
        (date(2026, 11, 17), "due in 1 day"),
        (date(2026, 11, 16), "due today"),
        (date(2026, 11, 15), "overdue by 1 day"),
        (date(2026, 11, 6), "overdue by 10 days"),
    ],
)
def test_what_is_not_met_is_due_or_overdue(store, due_on, says):
    assert check(store, replace(RATE, threshold=0.05, due_on=due_on), EARLY).due == says


def test_one_row_short_is_not_enough_evidence_in_words(store):
    found = check(store, replace(RATE, min_n=51), EARLY)
    assert found.verdict is Verdict.NOT_ENOUGH
    assert found.sentence == "Too few reviews: 50 of the 51 needed."


def test_last_weeks_are_pooled_from_rows_not_averaged(store):
    """13 of 90 over both weeks; the mean of 10% and 20% would be 15%."""
    found = check(store, replace(RATE, window="last 2 weeks"), EARLY)
    assert found.value.value == pytest.approx(13 / 90)
    assert found.scope.period.name == "2026-11-02..2026-11-15"


def test_moving_weeks_stand_still_once_the_criterion_was_due(workspace):
    """Asked on 30 November for the week before; due on 15 November, so week 46 keeps counting."""
    later = at(workspace, datetime(2026, 11, 30, 9))
    moving = replace(RATE, window="last 1 weeks", due_on=date(2026, 11, 15))
    assert check(later, moving, EARLY).scope.period == week("2026-W46")
    assert check(later, replace(moving, due_on=date(2026, 12, 30)), EARLY).scope.period == week(
        "2026-W48"
    )


def test_days_that_run_or_lie_ahead_are_not_enough_evidence(workspace):
    thursday = at(workspace, datetime(2026, 11, 12, 9))
    found = check(thursday, RATE, EARLY)
    assert (found.verdict, found.window) == (Verdict.NOT_ENOUGH, Window.RUNNING)
    assert "is not over" in found.sentence
    before = at(workspace, datetime(2026, 11, 5, 9))
    assert check(before, RATE, EARLY).window is Window.AHEAD


def test_days_that_the_data_do_not_reach_are_not_enough_evidence(workspace):
    """The review sheets end on 10 November; three weeks later their source is silent."""
    later = at(workspace, datetime(2026, 12, 7, 9))
    found = check(later, replace(RATE, window="2026-W47", due_on=date(2026, 12, 20)), EARLY)
    assert found.verdict is Verdict.NOT_ENOUGH


def test_a_whole_batch_is_all_its_rows_whenever(store):
    found = check(store, BATCH, EARLY)
    assert (found.n, found.value.value, found.verdict) == (3, 3.0, Verdict.FAIL)
    assert found.where == "Batch: B-2; the whole batch"


def completed(item: str, batch: str, day: str) -> Row:
    return LOG[0] | {
        "item_id": item, "batch": batch, "entered_at": f"{day} 08:00",
        "started_at": f"{day} 09:00", "finished_at": f"{day} 10:00",
    }  # fmt: skip


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """B-1 completes items on 3, 10 and 24 November; B-9, of another source, from June to August."""
    made = Workspace(tmp_path_factory.mktemp("batches") / "workspace")
    made.save_settings(Settings())
    items = [completed(f"W-{day}", "B-1", f"2026-11-{day}") for day in ("03", "10", "24")]
    upload(made, "work_log", items, as_of="2026-11-25", source="one")
    older = [completed(f"V-{n}", "B-9", f"2026-0{n}-05") for n in (6, 7, 8)]
    upload(made, "work_log", older, as_of="2026-08-05", source="two")
    promise = {"batch": "B-1", "project": "P", "items_promised": 5}
    kept = {"promised_on": "2026-11-06", "delivered_at": "2026-11-06 10:00", "items_delivered": 5}
    upload(made, "deliveries", [promise | kept, promise | {"promised_on": "2026-12-24"}])
    warehouse.publish(made)
    return made


@pytest.mark.parametrize(
    ("clock", "due_on", "count", "last"),
    [
        # On the 30th all three count: from the first of the batch's own rows to the last.
        (datetime(2026, 11, 30, 9), date(2026, 12, 20), 3, date(2026, 11, 24)),
        # On the 16th the item of the 24th is still to come.
        (datetime(2026, 11, 16, 9), date(2026, 12, 20), 2, date(2026, 11, 16)),
        # Due on the 10th, that day counts; due on the 9th, only the item of the 3rd does.
        (datetime(2026, 11, 30, 9), date(2026, 11, 10), 2, date(2026, 11, 10)),
        (datetime(2026, 11, 30, 9), date(2026, 11, 9), 1, date(2026, 11, 9)),
    ],
)
def test_of_a_whole_batch_its_own_rows_count_until_today_and_the_day_it_is_due(
    batches, clock, due_on, count, last
):
    asked = replace(BATCH, filters="batch=B-1", threshold=3, due_on=due_on)
    found = check(at(batches, clock), asked, EARLY)
    assert (found.value.value, found.n, found.window) == (count, count, Window.OVER)
    assert found.verdict is (Verdict.PASS if count == 3 else Verdict.FAIL)
    period = found.scope.period
    assert (period.since, period.last_day) == (date(2026, 11, 3), last)


def test_a_whole_batch_is_judged_though_its_source_is_silent_and_a_promise_lies_ahead(batches):
    """B-9's source ended in August. Of B-1's two promises one is due, and it was kept."""
    monday = at(batches, datetime(2026, 11, 16, 9))
    silent = replace(BATCH, filters="batch=B-9", threshold=3, due_on=date(2026, 12, 20))
    found = check(monday, silent, EARLY)
    assert (found.n, found.verdict, found.window) == (3, Verdict.PASS, Window.OVER)
    assert found.scope.period.name == "2026-06-05..2026-08-05"
    kept = replace(silent, metric="on_time_delivery", filters="batch=B-1", threshold=1.0)
    found = check(monday, kept, EARLY)
    assert (found.n, found.verdict, found.window) == (1, Verdict.PASS, Window.OVER)


def test_a_whole_batch_whose_first_row_comes_after_the_day_it_was_due_has_no_evidence(batches):
    late = replace(BATCH, filters="batch=B-1", due_on=date(2026, 11, 2))
    found = check(at(batches, datetime(2026, 11, 30, 9)), late, EARLY)
    assert (found.n, found.verdict) == (0, Verdict.NOT_ENOUGH)


@pytest.mark.parametrize(
    ("agreed_at", "timing"),
    [
        (datetime(2026, 11, 8, 23), Timing.BEFORE),
        (datetime(2026, 11, 9, 1), Timing.BEFORE),  # on its first morning
        (datetime(2026, 11, 10, 9), Timing.DURING),
        (datetime(2026, 11, 15, 23), Timing.DURING),
        (datetime(2026, 11, 16, 0), Timing.AFTER),
    ],
)
def test_a_criterion_agreed_after_its_days_is_marked(store, agreed_at, timing):
    assert check(store, RATE, agreed_at).timing is timing


@pytest.mark.parametrize(
    ("agreed_at", "timing"),
    [
        (datetime(2026, 11, 3, 9), Timing.BEFORE),
        (datetime(2026, 11, 4, 9), Timing.AFTER),  # all its rows are of the day before
    ],
)
def test_for_a_batch_its_rows_tell_what_was_there(store, agreed_at, timing):
    assert check(store, BATCH, agreed_at).timing is timing


def test_a_measure_that_is_gone_and_a_dimension_that_is_missing_are_said(store):
    gone = check(store, replace(RATE, metric="no_such_measure"), EARLY)
    assert gone.verdict is Verdict.NOT_ENOUGH
    assert gone.sentence == "The measure no_such_measure is no longer in the catalogue."
    lacking = check(store, replace(RATE, filters="answer=Yes"), EARLY)
    assert lacking.verdict is Verdict.NOT_ENOUGH
    assert lacking.sentence == "Reviews are not recorded by answer."


def test_a_withheld_value_is_said_in_its_own_words(store):
    found = check(store, replace(RATE, filters="team=Nobody", min_n=1), EARLY)
    assert (found.verdict, found.why) == (Verdict.NOT_ENOUGH, Why.NO_VALUE)
    assert found.sentence == found.value.withheld != ""


def test_an_interval_that_spans_the_threshold_is_too_close_to_call(store):
    """5 of 50: Wilson's interval is 4.3% to 21.4%."""
    found = check(store, replace(RATE, must_clear=True), EARLY)
    assert (found.verdict, found.why) == (Verdict.NOT_ENOUGH, Why.CROSSES)
    assert "too close to call" in found.sentence
    assert check(store, replace(RATE, must_clear=True, threshold=0.22), EARLY).verdict is (
        Verdict.PASS
    )


# --- the failing rows


def test_of_a_share_that_is_too_high_its_numerator_fails(store):
    found = check(store, replace(RATE, threshold=0.05), EARLY)
    rows = store.rows(found.failing, found.scope).to_pylist()
    assert found.is_failing_told
    assert {row["item_id"] for row in rows} == {f"I-{i}" for i in range(5)}


def test_of_a_share_that_is_too_low_the_rest_of_its_denominator_fails(store):
    least = replace(RATE, metric="first_pass_acceptance", comparison="at least", threshold=0.95)
    found = check(store, least, EARLY)
    assert {row["item_id"] for row in store.rows(found.failing, found.scope).to_pylist()} == {
        f"I-{i}" for i in range(7)
    }


def test_where_the_definition_does_not_tell_the_rows_behind_are_shown(store):
    found = check(store, replace(RATE, metric="reviews_done", threshold=10), EARLY)
    assert not found.is_failing_told
    assert store.row_count(found.failing, found.scope) == 50


@pytest.mark.parametrize("name", sorted(METRICS))
def test_failing_rows_and_the_others_make_up_the_denominator_of_every_share(name, store):
    metric = METRICS[name]
    low, high = misses(metric, "below"), misses(metric, "above")
    if low is None or high is None:
        assert low is high is None
        return
    here = scope(week("2026-W46"))
    value = store.value(metric, here)
    assert store.row_count(high, here) == (value.numerator or 0)
    assert store.row_count(low, here) + store.row_count(high, here) == value.n


# --- together


@pytest.fixture
def records(workspace: Workspace):
    opened = Records(f"sqlite:///{workspace.root / 'other.sqlite'}")
    yield opened
    opened.close()
    Path(workspace.root / "other.sqlite").unlink()


def kept(records: Records, *criteria: Criterion, is_agreed: bool = True) -> Requirement:
    door = records.requirements
    one = door.add(Requirement(title="Fit"), "As asked", by="Lea", at=EARLY)
    one = door.write(one, text="As asked", steps=[], criteria=criteria, by="Lea", at=EARLY)
    return door.agree(one, by="Ana", at=EARLY) if is_agreed else one


def answered(store: Store, records: Records):
    door = records.requirements
    return answers(store, door.all(), door.editions())


def test_a_draft_shows_no_result(store, records):
    kept(records, RATE, is_agreed=False)
    (answer,) = answered(store, records)
    assert (answer.verdict, answer.checks) == (Verdict.DRAFT, ())
    assert banner([answer]) == (Verdict.DRAFT, "One requirement is a draft.")


def test_a_drafted_version_does_not_take_a_failure_away(store, records):
    one = kept(records, replace(RATE, threshold=0.05))
    door = records.requirements
    one = door.revise(one, "Too strict", outcome="", by="Lea", at=MONDAY)
    door.write(one, text="", steps=[], criteria=[RATE], by="Lea", at=MONDAY)
    (answer,) = answered(store, records)
    assert answer.verdict is Verdict.FAIL
    assert answer.draft.number == 2


def test_the_banner_counts_what_is_agreed_and_not_withdrawn(store, records):
    kept(records, RATE)
    kept(records, RATE, replace(RATE, threshold=0.05))
    kept(records, RATE, replace(RATE, min_n=51))
    gone = kept(records, replace(RATE, threshold=0.05))
    records.requirements.withdraw(gone, "Gone", by="Lea", at=MONDAY)
    found = answered(store, records)
    assert banner(found) == (
        Verdict.FAIL,
        "Three requirements are agreed: one passes, one fails and one has not enough evidence.",
    )
    assert [a.words for a in found[:3]] == [
        "Its one criterion passes",
        "1 of 2 criteria pass, 1 fails",
        "1 of 2 criteria pass, 1 has not enough evidence",
    ]
    assert banner([]) == (Verdict.DRAFT, "No requirement is written yet.")


def test_an_outcome_names_every_criterion_with_its_day(store, records):
    kept(records, RATE)
    (answer,) = answered(store, records)
    told = outcome_words(answer, date(2026, 11, 16)).replace("\N{NO-BREAK SPACE}", " ")
    assert told == (
        "Its one criterion passes on 16 Nov 2026.\n"
        "Rejection rate, at most 10.0%: pass. Rejection rate was 10.0%; at most 10.0% was asked."
    )
