"""The replay of uploads: newest, vanished, withdrawn and restated, worked by hand."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from data_access import warehouse
from data_access.manifests import Upload
from data_access.question import Query
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.catalog import METRICS
from metrics.periods import Period, week
from metrics.scope import scope
from tests.uploading import Row, upload

CLOCK = datetime(2026, 11, 16, 9)
AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 16))


def published(workspace: Workspace) -> Store:
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


def rows(store: Store, text: str) -> list[tuple[Any, ...]]:
    return store._pinned.fetch(Query(text))


def withdraw(workspace: Workspace, done: Upload) -> None:
    path = workspace.uploads / f"{done.upload_id}.withdrawn.json"
    path.write_text(json.dumps({"at": "2026-11-16T09:00:00", "by": "Test"}))


def review(number: int, outcome: str = "accepted", **more: Any) -> Row:
    return {
        "review_id": f"R{number}",
        "item_id": "I1",
        "review_stage": 1,
        "reviewed_at": "2026-11-10",
        "outcome": outcome,
    } | more


def test_the_newest_by_as_of_wins_whatever_the_order_of_upload(workspace: Workspace):
    upload(workspace, "reviews", [review(1, "rejected")], as_of="2026-11-12")
    upload(workspace, "reviews", [review(1, "accepted")], as_of="2026-11-11")
    store = published(workspace)
    assert rows(store, "select outcome from current_reviews") == [("rejected",)]


def test_of_two_with_the_same_as_of_the_later_upload_wins(workspace: Workspace):
    upload(workspace, "reviews", [review(1, "rejected")], as_of="2026-11-12")
    upload(workspace, "reviews", [review(1, "fixed")], as_of="2026-11-12")
    assert rows(published(workspace), "select outcome from current_reviews") == [("fixed",)]


def test_a_row_that_says_how_new_it_is_beats_a_newer_file(workspace: Workspace):
    newer = {
        "issue_key": "K1",
        "created_at": "2026-10-01",
        "updated_at": "2026-11-10",
        "status": "Done",
    }
    older = newer | {"updated_at": "2026-11-01", "status": "Open"}
    upload(workspace, "issues", [newer], as_of="2026-11-10")
    upload(workspace, "issues", [older], as_of="2026-11-14", coverage="part")
    assert rows(published(workspace), "select status from current_issues") == [("Done",)]


def test_the_same_key_in_two_sources_is_two_rows(workspace: Workspace):
    upload(workspace, "reviews", [review(1)], source="a")
    upload(workspace, "reviews", [review(1)], source="b")
    store = published(workspace)
    assert store.value(METRICS["reviews_done"], scope(week("2026-W46"))).value == 2.0


def test_a_key_missing_from_a_full_file_is_gone_since_the_first_such_file(workspace: Workspace):
    def issue(key: str) -> Row:
        return {"issue_key": key, "created_at": "2026-10-01"}

    upload(workspace, "issues", [issue("K1"), issue("K2"), issue("K3")], as_of="2026-10-05")
    upload(workspace, "issues", [issue("K1")], as_of="2026-10-12")
    upload(workspace, "issues", [issue("K1"), issue("K3")], as_of="2026-10-19")
    store = published(workspace)
    found = rows(store, "select issue_key, vanished_at from current_issues order by issue_key")
    assert found == [("K1", None), ("K2", datetime(2026, 10, 12)), ("K3", None)]
    levels = store.series_values(METRICS["issues_open"], scope(AUTUMN), "week")["issues_open"]
    # K2 left on 12 October, so it is no more there at the end of that week; K3 came back
    assert [(v.period.name, v.value) for v in levels][:3] == [
        ("2026-W40", 3.0),
        ("2026-W41", 3.0),
        ("2026-W42", 2.0),
    ]
    opened = store.value(METRICS["issues_opened"], scope(AUTUMN))
    assert opened.value == 3.0  # what vanished stays in history


def test_a_part_makes_nothing_vanish(workspace: Workspace):
    upload(workspace, "reviews", [review(1), review(2)], as_of="2026-11-10")
    upload(workspace, "reviews", [review(3)], as_of="2026-11-12", coverage="part")
    store = published(workspace)
    assert rows(store, "select count(*), count(vanished_at) from current_reviews") == [(3, 0)]


def test_a_full_file_of_another_source_makes_nothing_vanish(workspace: Workspace):
    upload(workspace, "reviews", [review(1)], as_of="2026-11-10", source="a")
    upload(workspace, "reviews", [review(2)], as_of="2026-11-12", source="b")
    store = published(workspace)
    assert rows(store, "select count(vanished_at) from current_reviews") == [(0,)]


def test_withdrawing_brings_back_what_the_upload_replaced(workspace: Workspace):
    upload(workspace, "reviews", [review(1, "rejected"), review(2)], as_of="2026-11-10")
    wrong = upload(workspace, "reviews", [review(1, "accepted")], as_of="2026-11-11")
    upload(workspace, "reviews", [review(3)], as_of="2026-11-12", coverage="part")
    before = published(workspace)
    assert rows(before, "select outcome from current_reviews where review_id = 'R1'") == [
        ("accepted",)
    ]
    withdraw(workspace, wrong)
    after = published(workspace)
    found = rows(after, "select review_id, outcome, vanished_at from current_reviews order by 1")
    assert found == [("R1", "rejected", None), ("R2", "accepted", None), ("R3", "accepted", None)]
    (workspace.uploads / f"{wrong.upload_id}.withdrawn.json").unlink()
    again = published(workspace)
    assert rows(again, "select outcome from current_reviews where review_id = 'R1'") == [
        ("accepted",)
    ]


def test_history_keeps_each_version_that_says_something_new(workspace: Workspace):
    for as_of, outcome in (
        ("2026-11-10", "rejected"),
        ("2026-11-11", "rejected"),
        ("2026-11-12", "accepted"),
        ("2026-11-13", "rejected"),
    ):
        upload(workspace, "reviews", [review(1, outcome)], as_of=as_of)
    store = published(workspace)
    assert rows(
        store, "select version, outcome, row_as_of, is_newest from history_reviews order by version"
    ) == [
        (1, "rejected", datetime(2026, 11, 10), False),
        (2, "accepted", datetime(2026, 11, 12), False),
        (3, "rejected", datetime(2026, 11, 13), True),
    ]


def test_an_issue_that_comes_back_unresolved_was_reopened_then(workspace: Workspace):
    def issue(updated: str, resolved: str | None) -> list[Row]:
        first = {
            "issue_key": "K1",
            "created_at": "2026-10-01",
            "updated_at": updated,
            "resolved_at": resolved,
            "team": "Radiology",
        }
        day = "2026-10-05"  # another one is done all along, so each export has the column
        return [first, first | {"issue_key": "K2", "updated_at": day, "resolved_at": day}]

    upload(workspace, "issues", issue("2026-10-08", "2026-10-08"), as_of="2026-10-09")
    upload(workspace, "issues", issue("2026-10-21", None), as_of="2026-10-23")
    upload(workspace, "issues", issue("2026-10-28", "2026-10-28"), as_of="2026-10-30")
    upload(workspace, "issues", issue("2026-11-04", None), as_of="2026-11-06")
    store = published(workspace)
    metric = METRICS["issues_reopened"]
    found = store.series_values(metric, scope(AUTUMN), "week")[metric.name]
    assert {v.period.name: v.value for v in found if v.value} == {"2026-W43": 1.0, "2026-W45": 1.0}
    assert store.rows(metric, scope(AUTUMN))["team"].to_pylist() == ["Radiology", "Radiology"]


def test_a_new_column_of_an_extract_is_null_in_older_files(workspace: Workspace):
    import pyarrow.parquet as pq

    done = upload(workspace, "reviews", [review(1)])
    table = pq.read_table(done.rows_path)
    pq.write_table(table.drop_columns(["lot", "sampled"]), done.rows_path)
    assert rows(published(workspace), "select lot, sampled from current_reviews") == [(None, None)]


def visit(stage: str, entered: str, started: str | None, finished: str | None, **more: Any) -> Row:
    return {
        "item_id": "I1",
        "stage": stage,
        "entered_at": entered,
        "started_at": started,
        "finished_at": finished,
    } | more


def test_a_visit_corrected_at_its_source_counts_once(workspace: Workspace):
    """Its entry time is its key: the corrected visit is a new row and the old one is gone."""
    first = visit("Intake", "2026-11-02 08:00", "2026-11-02 09:00", "2026-11-02 10:00")
    upload(workspace, "work_log", [first], as_of="2026-11-09")
    upload(workspace, "work_log", [first | {"entered_at": "2026-11-02 07:00"}], as_of="2026-11-16")
    store = published(workspace)
    found = store.values([METRICS["stage_events"], METRICS["rework_loops"]], scope(AUTUMN))
    assert found["stage_events"].value == 1.0
    assert rows(store, "select rework_loops, turnaround_hours from items") == [(0, 3)]


def test_an_item_that_vanished_is_kept_and_leaves_the_open_work(workspace: Workspace):
    here = visit("Intake", "2026-11-02 08:00", None, None)
    upload(workspace, "work_log", [here, here | {"item_id": "I2"}], as_of="2026-11-03")
    upload(workspace, "work_log", [here], as_of="2026-11-10")
    store = published(workspace)
    metric = METRICS["work_in_progress"]
    levels = store.series_values(metric, scope(AUTUMN), "week")[metric.name]
    assert [value.value for value in levels] == [2.0, 1.0]
    assert store.value(METRICS["arrivals"], scope(AUTUMN)).value == 2.0
    assert store.notes(scope(AUTUMN)) == [
        "1 item vanished from its source before it was complete and left the open work."
    ]


def test_late_rows_of_a_covered_week_are_told_as_restated(workspace: Workspace):
    upload(workspace, "reviews", [review(1), review(2)], as_of="2026-11-10", coverage="part")
    upload(
        workspace,
        "reviews",
        [review(3, reviewed_at="2026-11-04")],
        as_of="2026-11-15",
        coverage="part",
    )
    store = published(workspace)
    (note,) = store.notes(scope(week("2026-W45")))
    assert note.startswith("1 row of the period arrived or changed after an earlier upload")
    assert store.notes(scope(week("2026-W46"))) == []


@pytest.mark.parametrize(
    ("settings", "expected"),
    [({}, [("A", "Review", 3)]), ({"A": "Delivery"}, [("A", "Delivery", 3)])],
)
def test_the_terminal_stage_is_the_setting_or_the_last_of_most_items(
    workspace: Workspace, settings: dict[str, str], expected: list[tuple[str, str, int]]
):
    workspace.save_settings(Settings(terminal_stages=settings))
    log = []
    for number, last in enumerate(["Review", "Review", "Review", "Delivery", "Intake"]):
        log.append(
            visit(
                "Intake",
                "2026-11-02 08:00",
                "2026-11-02 09:00",
                "2026-11-02 10:00",
                item_id=f"I{number}",
                project="A",
            )
        )
        if last != "Intake":
            log.append(
                visit(
                    last,
                    "2026-11-02 10:00",
                    "2026-11-02 11:00",
                    "2026-11-02 12:00",
                    item_id=f"I{number}",
                    project="A",
                )
            )
    upload(workspace, "work_log", log)
    store = published(workspace)
    found = [(t.project, t.stage, t.items_ending_there) for t in store.terminal_stages()]
    assert found == expected
    completed = store.value(METRICS["items_completed"], scope(AUTUMN)).value
    assert completed == (1.0 if settings else 3.0)


def test_complete_is_the_last_finish_of_the_terminal_stage(workspace: Workspace):
    upload(
        workspace,
        "work_log",
        [
            visit("Intake", "2026-11-02 00:00", "2026-11-02 01:00", "2026-11-02 02:00"),
            visit("Review", "2026-11-02 02:00", "2026-11-02 03:00", "2026-11-02 04:00"),
            visit("Intake", "2026-11-02 04:00", "2026-11-02 05:00", "2026-11-02 06:00"),
            visit("Review", "2026-11-02 06:00", "2026-11-02 07:00", "2026-11-02 10:00"),
        ],
    )
    store = published(workspace)
    assert rows(store, "select completed_at, turnaround_hours, rework_loops from items") == [
        (datetime(2026, 11, 2, 10), 10, 2)
    ]


def test_clocks_that_run_backwards_give_no_time_and_are_counted(workspace: Workspace):
    upload(
        workspace,
        "work_log",
        [
            visit("A", "2026-11-02 08:00", "2026-11-02 07:00", "2026-11-02 10:00"),
            visit("B", "2026-11-02 10:00", "2026-11-02 12:00", "2026-11-02 11:00"),
            visit("C", "2026-11-02 12:00", "2026-11-02 13:00", "2026-11-02 15:00"),
        ],
    )
    store = published(workspace)
    found = rows(
        store, "select stage, queue_hours, touch_hours, stage_hours from visits order by stage"
    )
    assert found == [("A", None, 3, 2), ("B", None, None, None), ("C", 1, 2, 3)]
    (note, *_) = store.notes(scope(week("2026-W45")))
    assert note.startswith("2 stage visits have clocks that run backwards")


def test_an_event_takes_its_time_from_the_event_before(workspace: Workspace):
    """One time an event: no queue, no touch, and the first event has no stage time."""
    upload(
        workspace,
        "work_log",
        [
            {"item_id": "I1", "stage": "Open", "event_at": "2026-11-02 08:00"},
            {"item_id": "I1", "stage": "Check", "event_at": "2026-11-02 11:30"},
            {"item_id": "I1", "stage": "Close", "event_at": "2026-11-02 11:30"},
        ],
        is_closed_cases=True,
    )
    store = published(workspace)
    found = rows(
        store,
        "select stage, entered_at, finished_at, queue_hours, touch_hours, "
        "stage_hours, has_queue_recorded from visits order by line",
    )
    at = datetime(2026, 11, 2, 11, 30)
    assert [row[0] for row in found] == ["Open", "Check", "Close"]
    assert [row[1:3] for row in found] == [
        (datetime(2026, 11, 2, 8),) * 2,
        (datetime(2026, 11, 2, 8), at),
        (at, at),
    ]
    assert [float(row[5]) if row[5] is not None else None for row in found] == [None, 3.5, 0.0]
    assert {row[3:5] + row[6:] for row in found} == {(None, None, False)}
    queue = store.value(METRICS["queue_time"], scope(AUTUMN))
    assert (queue.value, queue.n) == (None, 0)
    waiting = store.value(METRICS["items_waiting"], scope(AUTUMN))
    assert waiting.value is None
    assert waiting.withheld == (
        "Not recorded: no source here that may hold open work says when work on a visit started."
    )


def test_a_closed_case_is_complete_at_its_last_event(workspace: Workspace):
    events = [
        {"item_id": item, "stage": stage, "event_at": f"2026-11-0{day}"}
        for item, path in (("I1", "AB"), ("I2", "ABC"), ("I3", "A"))
        for day, stage in enumerate(path, 2)
    ]
    upload(workspace, "work_log", events, is_closed_cases=True)
    store = published(workspace)
    assert store.value(METRICS["items_completed"], scope(AUTUMN)).value == 3.0
    assert rows(store, "select item_id, case_days from items order by item_id") == [
        ("I1", 1),
        ("I2", 2),
        ("I3", 0),
    ]


def test_days_are_cut_in_the_reporting_zone(workspace: Workspace):
    """23:30 UTC on 31 October is still 31 October in New York and 1 November in Paris."""
    rows_ = [review(1, reviewed_at="2026-10-31 23:30"), review(2, reviewed_at="2026-11-01 03:30")]
    upload(workspace, "reviews", rows_)
    for zone, expected in (
        ("UTC", [31, 1]),
        ("Europe/Paris", [1, 1]),
        ("America/New_York", [31, 31]),
    ):
        warehouse.save_settings(workspace, Settings(reporting_zone=zone))
        store = Store.open(workspace, clock=CLOCK)
        found = rows(store, "select day(reviewed_on) from reviews order by review_id")
        assert [row[0] for row in found] == expected, zone


def test_names_are_hidden_everywhere_until_the_setting_is_off(workspace: Workspace):
    upload(workspace, "reviews", [review(1, reviewer="M. Chen", annotator="D. Ruiz")])
    upload(
        workspace,
        "issues",
        [
            {
                "issue_key": "K1",
                "created_at": "2026-11-10",
                "assignee": "M. Chen",
                "reporter": "S. Haddad",
            }
        ],
    )
    warehouse.save_settings(workspace, Settings(salt="a"))
    store = Store.open(workspace, clock=CLOCK)
    assert store.shown_name("M. Chen") != "M. Chen"
    asked = scope(week("2026-W46"))
    texts = [
        str(store.rows(METRICS[name], asked).to_pylist())
        for name in ("reviews_done", "issues_opened")
    ]
    texts += [str(store.dimension_values(name)) for name in ("reviewer", "annotator", "assignee")]
    assert not any(name in text for text in texts for name in ("Chen", "Ruiz", "Haddad"))
    assert store.dimension_values("reviewer") == [store.shown_name("M. Chen")]
    assert store.dimension_values("assignee") == [store.shown_name("M. Chen")]
    for person in ("M. Chen", store.shown_name("M. Chen")):  # who knows the name may ask by it
        assert (
            store.value(
                METRICS["reviews_done"], scope(week("2026-W46"), {"reviewer": [person]})
            ).value
            == 1.0
        )
    warehouse.save_settings(workspace, Settings(salt="a", hide_names=False))
    open_ = Store.open(workspace, clock=CLOCK)
    assert open_.dimension_values("reviewer") == ["M. Chen"]
    assert open_.rows(METRICS["issues_opened"], asked)["reporter"].to_pylist() == ["S. Haddad"]


def test_targets_and_markers_are_those_of_the_newest_full_file(workspace: Workspace):
    def target(metric: str, where: str | None, value: float) -> Row:
        return {"metric": metric, "scope": where, "value": value, "valid_from": "2026-07-01"}

    upload(
        workspace,
        "targets",
        [target("arrivals", None, 1.0), target("fix_rate", "all", 2.0)],
        as_of="2026-07-01",
    )
    upload(
        workspace,
        "targets",
        [
            target("fix_rate", " team = B;team=A ", 3.0),
            target("fix_rate", None, 4.0),
            target("nonsense", "", 1.0),
        ],
        as_of="2026-08-01",
    )
    upload(
        workspace,
        "markers",
        [
            {"marked_on": "2026-10-05", "kind": "release", "label": "R1", "scope": "dataset=CT"},
            {"marked_on": "2026-10-06", "kind": "outage", "label": "Down"},
        ],
    )
    store = published(workspace)
    assert [(t.metric, t.filters, t.value) for t in store.targets()] == [
        ("fix_rate", "", 4.0),
        ("fix_rate", "team=A; team=B", 3.0),
    ]
    ct, mr = scope(AUTUMN, {"dataset": ["CT"]}), scope(AUTUMN, {"dataset": ["MR"]})
    assert [m.label for m in store.markers(scope(AUTUMN))] == ["R1", "Down"]
    assert [m.label for m in store.markers(ct)] == ["R1", "Down"]
    assert [m.label for m in store.markers(mr)] == ["Down"]
    assert store.markers(scope(week("2026-W46"))) == []
