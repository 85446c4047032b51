"""Files that once gave a wrong number without a word, each with its numbers worked by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data_access import warehouse
from data_access.ingest import accept, prepare
from data_access.question import Query
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.catalog import METRICS
from metrics.periods import Period, parse_period, week
from metrics.scope import scope
from tests.store import made
from tests.uploading import Row, upload

CLOCK = datetime(2026, 11, 16, 9)  # a Monday
WEEKS = Period(date(2026, 10, 26), date(2026, 11, 16))  # 2026-W44 to W46


def published(workspace: Workspace, **settings: Any) -> Store:
    workspace.save_settings(Settings(**settings))
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


def fetched(store: Store, text: str) -> list[tuple[Any, ...]]:
    return store._pinned.fetch(Query(text))


def number(store: Store, name: str, period: str | Period) -> float | None:
    window = parse_period(period) if isinstance(period, str) else period
    return store.value(METRICS[name], scope(window)).value


def batch(name: str, promised: str, delivered: str | None = None, **more: Any) -> Row:
    return {"batch": name, "promised_on": promised, "delivered_at": delivered} | more


def test_items_accepted_of_an_unknown_number_are_in_no_share(workspace: Workspace):
    """90 of 100, and 100 of nobody knows how many: 90%, not 190 of 100."""
    rows = [
        batch("B1", "2026-11-10", "2026-11-10 09:00", items_delivered=100, items_accepted=90),
        batch("B2", "2026-11-11", "2026-11-11 09:00", items_accepted=100),
    ]
    upload(workspace, "deliveries", rows)
    store = published(workspace)
    value = store.value(METRICS["accepted_share"], scope(week("2026-W46")))
    assert (value.value, value.numerator, value.n) == (0.9, 90.0, 1)
    assert store.notes(scope(week("2026-W46"))) == [
        "1 batch has accepted items without a count of delivered ones: left out of the accepted "
        "share."
    ]


def test_a_batch_that_vanished_is_promised_no_longer_from_that_day(workspace: Workspace):
    """B2, promised for 28 October, is in the list of 2 November and not in that of the 16th."""
    kept = batch("B1", "2026-10-27", "2026-10-27 10:00")
    upload(workspace, "deliveries", [kept, batch("B2", "2026-10-28")], as_of="2026-11-02 08:00")
    upload(workspace, "deliveries", [kept], as_of="2026-11-12 08:00")
    store = published(workspace)
    overdue = store.series_values(METRICS["deliveries_overdue"], scope(WEEKS), "week")[
        "deliveries_overdue"
    ]
    assert [(v.period.name, v.value) for v in overdue] == [
        ("2026-W44", 1.0),
        ("2026-W45", 1.0),
        ("2026-W46", 0.0),
    ]
    # the week that ended before it vanished keeps it as late, by 15 days until it vanished
    assert number(store, "on_time_delivery", "2026-W44") == 0.5
    assert number(store, "days_late", "2026-W44") == 15 / 2
    # the three weeks to 15 November know that nobody waits for it
    assert (number(store, "on_time_delivery", WEEKS), number(store, "days_late", WEEKS)) == (1, 0)
    assert number(store, "deliveries_due", WEEKS) == 2.0
    assert store.notes(scope(week("2026-W46"))) == [
        "1 batch vanished from its source before it was delivered and is no longer promised."
    ]


def test_a_batch_that_never_came_is_not_less_late_than_one_that_did(workspace: Workspace):
    """Promised for 5 October: one came on the 23rd, the other is 41 days late on 15 November."""
    rows = [batch("B1", "2026-10-05", "2026-10-23 10:00"), batch("B2", "2026-10-05")]
    upload(workspace, "deliveries", rows)
    store = published(workspace)
    for window in ("2026-W41", "2026-10"):
        table = store.breakdown(METRICS["days_late"], scope(parse_period(window)), "batch")
        assert dict(zip(table["segment"], table["value"], strict=True)) == {"B1": 18, "B2": 41}
    weeks = store.series_values(METRICS["days_late"], scope(parse_period("2026-10")), "week")
    assert weeks["days_late"][0].value == 29.5


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_a_delivery_day_without_a_time_is_that_day_in_every_zone(workspace: Workspace, zone: str):
    upload(workspace, "deliveries", [batch("B1", "2026-11-10", "2026-11-11")])
    store = published(workspace, reporting_zone=zone)
    assert number(store, "on_time_delivery", "2026-W46") == 0.0
    assert number(store, "days_late", "2026-W46") == 1.0


def test_a_delivery_time_is_placed_in_the_reporting_zone(workspace: Workspace):
    """03:00 UTC on 11 November is 22:00 on the 10th in New York: on time there."""
    upload(workspace, "deliveries", [batch("B1", "2026-11-10", "2026-11-11 03:00")])
    store = published(workspace, reporting_zone="America/New_York")
    assert number(store, "on_time_delivery", "2026-W46") == 1.0


def visit(
    item: str, stage: str, entered: str, started: str | None = None, finished: str | None = None
) -> Row:
    times = {"entered_at": entered, "started_at": started, "finished_at": finished}
    return {"item_id": item, "stage": stage, "project": "P"} | {
        name: text and f"2026-{text}" for name, text in times.items()
    }


def test_an_item_taken_up_again_is_complete_only_when_that_visit_ends(workspace: Workspace):
    """I1 shipped on 27 October and is worked on again; I2 too, and shipped again on 10 November."""
    rows = [visit(i, "Ship", "10-26 10:00", "10-26 11:00", "10-27 12:00") for i in ("I1", "I2")]
    rows += [
        visit("I1", "Work", "11-03 08:00", "11-03 09:00"),
        visit("I2", "Work", "11-03 08:00", "11-03 09:00", "11-03 12:00"),
        visit("I2", "Ship", "11-03 12:00", "11-04 12:00", "11-10 10:00"),
    ]
    upload(workspace, "work_log", rows)
    store = published(workspace, terminal_stages={"P": "Ship"})
    weeks = ("2026-W44", "2026-W45", "2026-W46")
    assert [number(store, "items_completed", name) for name in weeks] == [0, 0, 1]
    assert [number(store, "work_in_progress", name) for name in weeks] == [2, 2, 1]
    assert fetched(store, "select item_id, turnaround_hours from items order by 1") == [
        ("I1", None),
        ("I2", 360),
    ]


def test_a_visit_after_the_last_stage_that_ended_leaves_the_item_complete(workspace: Workspace):
    rows = [
        visit("I1", "Check", "10-26 08:00"),  # never finished, and before the last stage
        visit("I1", "Ship", "10-26 10:00", "10-26 11:00", "10-27 12:00"),
        visit("I1", "Work", "11-03 08:00", "11-03 09:00", "11-03 12:00"),
    ]
    upload(workspace, "work_log", rows)
    store = published(workspace, terminal_stages={"P": "Ship"})
    assert number(store, "items_completed", "2026-W44") == 1.0


def test_a_visit_waits_no_longer_once_its_item_is_complete(workspace: Workspace):
    rows = [
        visit("I1", "Triage", "10-26 08:00"),
        visit("I1", "Ship", "10-26 10:00", "10-26 11:00", "11-03 12:00"),
    ]
    upload(workspace, "work_log", rows)
    store = published(workspace, terminal_stages={"P": "Ship"})
    waiting = [number(store, "items_waiting", name) for name in ("2026-W44", "2026-W45")]
    assert waiting == [1.0, 0.0]


def test_an_impossible_finish_completes_nothing_and_is_told(workspace: Workspace):
    """Entered and started on 12 November, finished on the 10th: that is no finish."""
    rows = [
        visit("I1", "Work", "11-09 08:00", "11-09 09:00", "11-09 10:00"),
        visit("I1", "Ship", "11-12 10:00", "11-12 11:00", "11-10 12:00"),
    ]
    upload(workspace, "work_log", rows)
    store = published(workspace, terminal_stages={"P": "Ship"})
    asked = ("items_completed", "work_in_progress", "stage_events", "items_waiting")
    assert [number(store, name, "2026-W46") for name in asked] == [0, 1, 1, 0]
    assert store.notes(scope(week("2026-W46"))) == [
        "1 stage visit has clocks that run backwards: the times that cannot be are left out."
    ]


def test_a_finish_before_the_entry_completes_nothing_even_when_it_follows_a_start(
    workspace: Workspace,
):
    """Entered on 12 November, started and finished on the 10th: it is there from the 12th on."""
    upload(
        workspace, "work_log", [visit("I1", "Ship", "11-12 10:00", "11-10 08:00", "11-10 12:00")]
    )
    store = published(workspace, terminal_stages={"P": "Ship"})
    days = [f"2026-11-{day}" for day in (10, 11, 12, 13)]
    assert number(store, "items_completed", "2026-W46") == 0
    # the level by the item's two times and the sum of its moves agree, and neither is below 0
    standing = [number(store, "work_in_progress", day) for day in days]
    assert standing == [None, None, 1, 1]  # no data before the 12th
    moves = "select move, cast(moved_on as varchar) from item_moves"
    assert fetched(store, moves) == [("entered", "2026-11-12")]
    assert fetched(store, "select stage_hours, touch_hours from visits") == [(None, None)]
    assert store.notes(scope(week("2026-W46"))) == [
        "1 stage visit has clocks that run backwards: the times that cannot be are left out."
    ]


def test_an_item_gone_before_the_day_it_was_to_come_leaves_when_it_comes(workspace: Workspace):
    """Announced on the 9th for the 20th, off the list on the 13th: never fewer than 0 in work."""
    row = visit("I1", "Work", "11-20 08:00")
    stays = visit("I2", "Work", "11-09 08:00")
    upload(workspace, "work_log", [row, stays], as_of="2026-11-09 12:00")
    upload(workspace, "work_log", [stays], as_of="2026-11-13 12:00")
    store = published(workspace)
    found = fetched(
        store, "select move, cast(moved_on as varchar) from item_moves where item_id = 'I1'"
    )
    assert sorted(found) == [("entered", "2026-11-20"), ("vanished", "2026-11-20")]


def test_a_source_that_never_says_when_work_started_has_no_queue(workspace: Workspace):
    """Of three open visits none is known to wait; the other tool's one is."""
    log = [visit(f"I{day}", "Work", f"11-{day} 08:00") for day in (10, 11, 12)]
    log.append(visit("I9", "Work", "11-09 08:00", None, "11-09 12:00"))
    upload(workspace, "work_log", log, source="no starts")
    store = published(workspace)
    value = store.value(METRICS["items_waiting"], scope(week("2026-W46")))
    assert (value.value, value.withheld) == (
        None,
        "Not recorded: no source here that may hold open work says when work on a visit started.",
    )
    assert store.notes(scope(week("2026-W46"))) == [
        "1 stage visit is of a source without start times: its queue and touch time are not "
        "recorded."
    ]
    told = [
        visit("I10", "Work", "11-10 08:00"),
        visit("I11", "Work", "11-10 08:00", "11-11 08:00"),
    ]
    upload(workspace, "work_log", told, source="starts")
    store = published(workspace)
    table = store.breakdown(METRICS["items_waiting"], scope(week("2026-W46")), "source")
    assert dict(zip(table["segment"], table["value"], strict=True)) == {"starts": 1.0}


def test_closed_cases_hold_no_open_work_and_that_is_not_0(workspace: Workspace):
    """Before the end of a log of closed cases its open work seems to melt away; it is not known."""
    cases = [visit("C1", "Work", "11-09 08:00", "11-10 08:00", "11-11 08:00")]
    upload(workspace, "work_log", cases, source="cases", is_closed_cases=True)
    store = published(workspace)
    for name in ("work_in_progress", "open_age_p85", "items_waiting"):
        value = store.value(METRICS[name], scope(parse_period("2026-11-09")))
        assert value.value is None and value.withheld.startswith("Not recorded: "), name
    upload(workspace, "work_log", [visit("I1", "Work", "11-09 08:00", "11-09 09:00")], source="log")
    store = published(workspace)
    assert number(store, "work_in_progress", "2026-11-09") == 1.0
    nowhere = store.value(
        METRICS["work_in_progress"], scope(week("2026-W46"), {"team": ["nobody's"]})
    )
    assert (nowhere.value, nowhere.n) == (0.0, 0)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_visits_entered_at_the_same_time_stand_in_the_order_of_their_finish(
    workspace: Workspace, order: tuple[int, ...]
):
    """Work ended, then Check, and Ship goes on: wherever in the file they stand."""
    rows = [
        visit("I1", "Work", "11-09 08:00", "11-09 08:00", "11-09 09:00"),
        visit("I1", "Check", "11-09 08:00", "11-09 09:00", "11-09 10:00"),
        visit("I1", "Ship", "11-09 08:00"),
    ]
    upload(workspace, "work_log", [rows[place] for place in order])
    store = published(workspace)
    assert fetched(store, "select stage_now from items") == [("Ship",)]


def test_events_at_the_same_time_stand_in_the_order_of_the_file(workspace: Workspace):
    """Also where a later file tells one of them anew: Check, changed then, still comes first."""
    check, close = (
        {"item_id": "I1", "stage": stage, "event_at": "2026-11-09 08:00"}
        for stage in ("Check", "Close")
    )
    upload(workspace, "work_log", [check, close], as_of="2026-11-10")
    upload(workspace, "work_log", [check | {"team": "A"}, close], as_of="2026-11-11")
    assert fetched(published(workspace), "select stage_now from items") == [("Close",)]


def test_a_pause_in_a_stage_is_no_return_to_it(workspace: Workspace):
    """Work, paused and resumed, then Check, then Work again: one return."""
    stages = ("Work", "Work", "Check", "Work", "Ship")
    rows = [
        visit("I1", stage, f"11-09 1{hour}:00", f"11-09 1{hour}:10", f"11-09 1{hour}:50")
        for hour, stage in enumerate(stages)
    ]
    upload(workspace, "work_log", rows)
    store = published(workspace)
    assert fetched(store, "select rework_loops, visits from items") == [(1, 5)]
    assert fetched(store, "select stage from visits where is_rework") == [("Work",)]


def test_a_done_issue_is_not_open_for_want_of_a_time_of_resolution(
    workspace: Workspace, tmp_path: Path
):
    """K1 was done by its last update, K2 at the change of its status; of K3 no time is known."""
    path = tmp_path / "issues.csv"
    path.write_text(
        "Issue key,Created,Status Category,Status Category Changed,Due date,Updated\n"
        "K1,2026-10-09 08:00,Done,,2026-10-20,2026-10-15 09:00\n"
        "K2,2026-10-09 08:00,Done,2026-10-13 09:00,2026-10-20,2026-10-15 09:00\n"
        "K3,2026-10-09 08:00,Done,,2026-10-20,\n"
        "K4,2026-10-09 08:00,To Do,,2026-10-20,2026-11-15 09:00\n"
    )
    answers = {"source": "Jira", "coverage": "everything", "zone": "UTC"}
    run = prepare(workspace, path, file_name=path.name, extract="issues", answers=answers)
    assert [(flag.rows, flag.column) for flag in run.flagged] == [
        (1, "Status Category"),
        (2, "resolved_at"),
    ]
    accept(workspace, run, by="Test", clock=CLOCK)
    store = published(workspace)
    resolved = fetched(store, "select issue_key, resolved_on from issues order by 1")
    assert resolved == [
        ("K1", date(2026, 10, 15)),
        ("K2", date(2026, 10, 13)),
        ("K3", None),
        ("K4", None),
    ]
    assert number(store, "issues_overdue", "2026-W46") == 2.0
    told = "1 issue is done but no time says since when: it counts as open."
    assert told in store.notes(scope(week("2026-W46")))
    assert told in store.notes(scope(week("2026-W42")))
    assert told not in store.notes(scope(week("2026-W40")))
    assert number(store, "issues_open", "2026-W41") == 4.0  # K1 and K2 were open then: no note


def restated(store: Store) -> list[tuple[str, date, int]]:
    text = "select extract, happened_on, told_rows from restatements order by 1, 2"
    return fetched(store, text)


def test_an_issue_that_leaves_a_reported_week_is_told_there(workspace: Workspace):
    """K1 reopened, K2 resolved two weeks later, K3 as it was, K4 new and resolved long since."""

    def issue(key: str, updated: str, resolved: str | None = None) -> Row:
        times = {"updated_at": updated, "resolved_at": resolved}
        return {"issue_key": key, "created_at": "2026-10-20"} | times

    before = [
        issue("K1", "2026-10-28", "2026-10-28"),
        issue("K2", "2026-10-29", "2026-10-29"),
        issue("K3", "2026-10-30"),
    ]
    after = [
        issue("K1", "2026-11-10"),
        issue("K2", "2026-11-11", "2026-11-11"),
        issue("K3", "2026-11-12"),
        issue("K4", "2026-10-30", "2026-10-30"),
    ]
    upload(workspace, "issues", before, as_of="2026-11-02")
    upload(workspace, "issues", after, as_of="2026-11-16")
    store = published(workspace)
    assert restated(store) == [
        ("issues", date(2026, 10, 20), 1),
        ("issues", date(2026, 10, 28), 1),
        ("issues", date(2026, 10, 29), 1),
        ("issues", date(2026, 10, 30), 1),
    ]
    (note,) = store.notes(scope(week("2026-W44")))
    assert note.startswith("3 rows of the period arrived or changed after an earlier upload")
    assert store.notes(scope(week("2026-W46"))) == []


@pytest.mark.parametrize(("first", "is_told"), [("2026-10-30", True), ("2026-10-28", False)])
def test_a_file_of_friday_has_covered_its_week_and_one_of_wednesday_has_not(
    workspace: Workspace, first: str, is_told: bool
):
    """Its as-of time is that of its newest row, and nobody works on a weekend."""
    resolved = {"issue_key": "K1", "created_at": "2026-10-20", "resolved_at": "2026-10-27"}
    upload(workspace, "issues", [resolved], as_of=first)
    upload(workspace, "issues", [resolved | {"resolved_at": None}], as_of="2026-11-10")
    notes = published(workspace).notes(scope(week("2026-W44")))
    assert [note.startswith("1 row of the period arrived") for note in notes] == [True] * is_told


def test_a_finish_that_moves_is_told_on_both_days(workspace: Workspace):
    """Moved from Tuesday to Thursday of a reported week, and the other one out of it."""
    before = [visit(i, "Ship", "10-26 10:00", "10-26 11:00", "10-27 12:00") for i in ("I1", "I2")]
    after = [
        before[0] | {"finished_at": "2026-10-29 12:00"},
        before[1] | {"finished_at": "2026-11-12 12:00"},
    ]
    upload(workspace, "work_log", before, as_of="2026-11-02", coverage="part")
    upload(workspace, "work_log", after, as_of="2026-11-16", coverage="part")
    assert restated(published(workspace)) == [
        ("work_log", date(2026, 10, 27), 2),
        ("work_log", date(2026, 10, 29), 1),
    ]


def test_an_item_that_is_complete_no_longer_or_later_is_told_where_it_was(workspace: Workspace):
    """I1 is taken up again, I2 too and shipped again, I3 told anew as it was; then I1 is done."""
    shipped = [
        visit(item, "Ship", "10-26 10:00", "10-26 11:00", "10-27 12:00")
        for item in ("I1", "I2", "I3")
    ]
    again = visit("I1", "Work", "11-03 08:00", "11-03 09:00")
    second = [
        again,
        visit("I2", "Ship", "11-03 12:00", "11-04 12:00", "11-10 12:00"),
        shipped[2],
    ]
    upload(workspace, "work_log", shipped, as_of="2026-11-02", coverage="part")
    upload(workspace, "work_log", second, as_of="2026-11-12", coverage="part")
    settings = {"terminal_stages": {"P": "Ship"}}
    assert restated(published(workspace, **settings)) == [("work_log", date(2026, 10, 27), 2)]
    ended = again | {"finished_at": "2026-11-13 12:00"}
    upload(workspace, "work_log", [ended], as_of="2026-11-16", coverage="part")
    store = published(workspace, **settings)
    text = "select upload_id[:6], happened_on, told_rows from restatements order by 1, 2"
    assert fetched(store, text) == [
        ("000002", date(2026, 10, 27), 2),
        ("000003", date(2026, 10, 27), 1),  # I1 is complete at its last shipping again
    ]
    assert number(store, "items_completed", "2026-W44") == 2.0


def test_a_visit_corrected_away_is_told_on_the_day_it_had(workspace: Workspace):
    """Entry and finish were wrong: the row has another key, so the first one is gone."""
    wrong = visit("I1", "Work", "10-27 08:00", "10-27 09:00", "10-27 10:00")
    right = visit("I1", "Work", "10-29 08:00", "10-29 09:00", "10-29 10:00")
    upload(workspace, "work_log", [wrong], as_of="2026-11-02")
    upload(workspace, "work_log", [right], as_of="2026-11-16")
    assert restated(published(workspace)) == [
        ("work_log", date(2026, 10, 27), 1),
        ("work_log", date(2026, 10, 29), 1),
    ]


def test_a_promise_that_moves_is_told_on_both_days(workspace: Workspace):
    upload(workspace, "deliveries", [batch("B1", "2026-10-27")], as_of="2026-11-02")
    upload(workspace, "deliveries", [batch("B1", "2026-10-30")], as_of="2026-11-16")
    assert restated(published(workspace)) == [
        ("deliveries", date(2026, 10, 27), 1),
        ("deliveries", date(2026, 10, 30), 1),
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("extract", "asked"),
    [
        ("work_log", ("items_completed", "stage_events")),
        ("issues", ("issues_opened", "issues_resolved")),
    ],
)
def test_every_covered_day_whose_number_changed_is_told(
    tmp_path: Path, extract: str, asked: tuple[str, ...], seed: int
):
    """The made world's first file of a kind alone, then with the second one of its source."""
    first, second = [
        sent for sent in made.world(seed).files if (sent.extract, sent.source) == (extract, "tool")
    ]
    before = made.build(tmp_path / "before", made.World([first]))
    after = made.build(tmp_path / "after", made.World([first, second]))
    told = {day for _, day, _ in restated(after)}
    covered = date.fromisoformat(first.as_of) - timedelta(days=1)  # midnight UTC, in New York
    changed = set()
    for name in asked:
        here, there = (
            {v.period.since: v.value for v in store.series_values(metric, days, "day")[name]}
            for store in (before, after)
            for metric, days in [(METRICS[name], scope(made.WINDOW))]
        )
        changed |= {day for day in here if day <= covered and here[day] != there.get(day)}
    assert changed and changed <= told
