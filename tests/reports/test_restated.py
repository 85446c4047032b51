"""The restated ledger: what was reported, what it is now, how many rows came late, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from data_access import warehouse
from data_access.manifests import withdraw
from data_access.records import Records
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.errors import WarehouseError
from metrics.periods import week
from metrics.scope import scope
from reports import archive, restated, weekly
from reports.archive import Issued
from tests.uploading import Row, upload

W44, W45, W46 = week("2026-W44"), week("2026-W45"), week("2026-W46")
MONDAY, LATER = datetime(2026, 11, 9, 9), datetime(2026, 11, 16, 9)
KEY = "first_pass_acceptance"


def review(number: int, outcome: str) -> Row:
    return {
        "review_id": f"R{number}", "item_id": f"I{number}", "review_stage": 1, "outcome": outcome,
        "reviewed_at": f"2026-11-{2 + number % 6:02d} 10:00", "dataset": "CT",
    }  # fmt: skip


FIRST = [review(n, "rejected" if n < 30 else "accepted") for n in range(400)]  # 370 of 400: 92.5%
LATE = [review(400 + n, "rejected" if n < 10 else "accepted") for n in range(37)]  # 397 of 437


def store(workspace: Workspace, clock: datetime) -> Store:
    warehouse.publish(workspace)
    return Store.open(workspace, clock=clock)


def issue(workspace: Workspace, clock: datetime = MONDAY) -> Issued:
    """The report of week 45, sent on the Monday after it."""
    with_words = Records(workspace)
    made = weekly.build(store(workspace, clock), with_words, W45)
    with_words.close()
    return archive.issue(workspace, made, by="Lea", clock=clock)


@pytest.fixture
def sent(workspace: Workspace) -> Workspace:
    """The week's reviews and its report; then 37 rows come late."""
    upload(workspace, "reviews", FIRST, as_of="2026-11-09", coverage="part")
    issue(workspace)
    upload(workspace, "reviews", LATE, as_of="2026-11-15", coverage="part")
    return workspace


def of_key(workspace: Workspace) -> restated.Restatement:
    found = restated.ledger(store(workspace, LATER), before=W46)
    (one,) = [each for each in found if each.metric == KEY]
    return one


def test_late_rows_restate_last_weeks_number_and_are_counted(sent: Workspace):
    one = of_key(sent)
    assert (one.before, one.now, one.late_rows) == ("92.5%", "90.8%", 37)
    assert one.sentence(W46) == (
        "Last week's first-pass acceptance of 92.5% is now 90.8%: 37 rows arrived or changed late."
    )
    assert one.sentence(week("2026-W48")).startswith("Week\xa045's first-pass acceptance")


def test_late_rows_that_cannot_move_a_number_are_not_counted_as_its_cause(workspace: Workspace):
    """Of 62 late rows 25 are of the second stage, which first-pass acceptance does not look at."""
    upload(workspace, "reviews", FIRST, as_of="2026-11-09", coverage="part")
    issue(workspace)
    second = [review(500 + n, "accepted") | {"review_stage": 2} for n in range(25)]
    upload(workspace, "reviews", [*LATE, *second], as_of="2026-11-15", coverage="part")
    one = of_key(workspace)
    assert (one.now, one.late_rows) == ("90.8%", 37)


def test_an_issue_that_only_got_a_comment_since_is_no_late_row(workspace: Workspace):
    """Three issues of the week at first. A fourth comes late; the three get a later update only."""
    issues = [
        {"issue_key": f"K-{n}", "created_at": "2026-11-03 10:00", "updated_at": "2026-11-04 10:00"}
        for n in range(4)
    ]
    upload(workspace, "issues", issues[:3], as_of="2026-11-09")
    sent = issue(workspace)
    touched = [one | {"updated_at": "2026-11-12 10:00"} for one in issues[:3]]
    upload(workspace, "issues", [*touched, issues[3]], as_of="2026-11-15")
    here = store(workspace, LATER)
    assert here.value(METRICS["issues_opened"], scope(W45)).value == 4
    assert restated._late_rows(here, sent, METRICS["issues_opened"], W45) == 1


def test_a_row_that_left_a_level_is_not_counted_among_those_behind_it(workspace: Workspace):
    """Two items are open at the week's end; one was finished then, which is told a week later."""

    def visit(number: int, finished: str | None = None) -> Row:
        return {
            "item_id": f"W-{number}", "project": "P", "stage": "Intake",
            "entered_at": "2026-11-03 08:00", "started_at": "2026-11-03 09:00",
            "finished_at": finished,
        }  # fmt: skip

    upload(workspace, "work_log", [visit(1), visit(2)], as_of="2026-11-09", coverage="part")
    sent = issue(workspace)
    done = visit(1, "2026-11-05 10:00")
    upload(workspace, "work_log", [done], as_of="2026-11-15", coverage="part")
    here = store(workspace, LATER)
    assert here.value(METRICS["work_in_progress"], scope(W45)).value == 1
    assert restated._late_rows(here, sent, METRICS["work_in_progress"], W45) == 0
    assert restated._late_rows(here, sent, METRICS["items_completed"], W45) == 1


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (1, "1 more number was restated; the ledger lists it."),
        (2, "2 more numbers were restated; the ledger lists them."),
    ],
)
def test_what_is_not_printed_is_counted_in_good_grammar(sent: Workspace, more: int, says: str):
    here = store(sent, LATER)
    count = len(restated.ledger(here, before=W46))
    assert restated.sentences(here, W46, most=count - more)[-1] == says


def test_only_an_archive_that_cannot_be_read_is_swallowed(
    sent: Workspace, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object, **__: object) -> None:
        raise WarehouseError("The disk is gone.")

    here = store(sent, LATER)
    monkeypatch.setattr(Store, "values", broken)
    with pytest.raises(WarehouseError):
        restated.sentences(here, W46)


def test_the_next_report_prints_it_in_words_and_as_a_table(sent: Workspace):
    records = Records(sent)
    made = weekly.build(store(sent, LATER), records, W46)
    records.close()
    text = made.to_json()
    assert "Restated: Last week's first-pass acceptance of 92.5% is now 90.8%" in text
    notes = made.section("notes")
    assert notes is not None
    (table,) = [b for b in notes.blocks if getattr(b, "name", "") == "restated"]
    (row,) = [row for row in table.rows if row.key.endswith(f":{KEY}")]  # type: ignore[union-attr]
    assert [cell.value for cell in row.cells[2:5]] == [0.925, 397 / 437, 37]


def test_without_later_rows_nothing_is_restated(workspace: Workspace):
    upload(workspace, "reviews", FIRST, as_of="2026-11-09", coverage="part")
    issue(workspace)
    assert restated.ledger(store(workspace, LATER)) == ()


def test_what_rounds_to_the_same_text_is_no_restatement(workspace: Workspace):
    many = [review(n, "rejected" if n < 300 else "accepted") for n in range(4000)]
    upload(workspace, "reviews", many, as_of="2026-11-09", coverage="part")
    issue(workspace)
    upload(workspace, "reviews", [review(4000, "accepted")], as_of="2026-11-15", coverage="part")
    found = restated.ledger(store(workspace, LATER))  # 3,700 of 4,000, then 3,701 of 4,001
    assert KEY not in {one.metric for one in found}


def test_a_changed_definition_is_told_as_such_and_not_as_late_rows(
    sent: Workspace, monkeypatch: pytest.MonkeyPatch
):
    changed = replace(METRICS[KEY], definition="Something else.")
    monkeypatch.setitem(METRICS, KEY, changed)
    assert of_key(sent).cause == "its definition changed since, so the two do not compare"


def test_an_upload_undone_since_is_told(sent: Workspace):
    first = archive.issued(sent)[0].uploads[0]
    withdraw(sent, first, by="Lea", at=LATER)
    one = of_key(sent)
    assert "an upload that the report used was undone" in one.cause
    assert (one.before, one.now) == ("92.5%", "73.0%")  # 27 of 37


def test_a_report_of_a_week_that_was_not_over_is_not_compared(workspace: Workspace):
    upload(workspace, "reviews", FIRST[:200], as_of="2026-11-06", coverage="part")
    issue(workspace, datetime(2026, 11, 6, 9))
    upload(workspace, "reviews", FIRST[200:], as_of="2026-11-09", coverage="part")
    assert restated.ledger(store(workspace, LATER)) == ()


def test_a_report_is_not_told_its_own_restatements(sent: Workspace):
    assert restated.ledger(store(sent, LATER), before=W45) == ()
    assert restated.sentences(store(sent, LATER), W44) == []


def test_an_archive_that_cannot_be_read_is_said(sent: Workspace):
    (sent.reports / archive.issued(sent)[0].id / "report.json").write_text("{")
    (said,) = restated.sentences(store(sent, LATER), W46)
    assert said.startswith(restated.UNREADABLE)
    assert str(sent.reports) not in said  # a report tells nobody where its files lie
    records = Records(sent)
    made = weekly.build(store(sent, LATER), records, W46)
    records.close()
    assert restated.UNREADABLE in made.to_json()
