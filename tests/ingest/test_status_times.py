"""Jira's Time in Status: hours and visits by status, named once, undone with the issues."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access.ingest import DryRun, accept, restore, withdraw
from data_access.manifests import uploads
from data_access.readers.trackers import Entry, decode
from data_access.store import Store
from data_access.warehouse import current, open_snapshot
from data_access.workspace import Workspace
from metrics.catalog import metric
from metrics.periods import Period
from metrics.scope import scope
from tests.ingest.making import dry_run
from tests.ingest.tracker_exports import HEADERS, Issue, export

CLOCK = datetime(2026, 12, 31, 9)
HOUR = 3_600_000
# Two resolved issues and an open one. In minutes OPS-1 took 48 h, OPS-2 20 h.
ISSUES = (
    Issue(
        "OPS-1", 2, datetime(2026, 11, 2, 9), datetime(2026, 11, 4, 9), datetime(2026, 11, 4, 9),
        status="Done", times=(("10000", 2, 12 * HOUR), ("10002", 1, 36 * HOUR), ("10001", 1, 0)),
    ),
    Issue(
        "OPS-2", 2, datetime(2026, 11, 2, 9), datetime(2026, 11, 3, 5), datetime(2026, 11, 3, 5),
        status="Done", times=(("10000", 1, 20 * HOUR - 59_000), ("10001", 1, 0)),
    ),
    Issue("OPS-3", 0, datetime(2026, 11, 2, 9), datetime(2026, 11, 13, 5), status="To Do"),
)  # fmt: skip


def read(workspace: Workspace, tmp_path: Path, content: bytes, **answers: str) -> DryRun:
    return dry_run(workspace, tmp_path, content, name="jira.csv", **answers)


def rows(found: DryRun) -> list[tuple[object, ...]]:
    assert found.folder is not None
    table = pq.read_table(found.folder / "rows.parquet").to_pylist()
    names = ("issue_key", "status", "visits", "hours")
    return [tuple(row[name] for name in names) for row in table]


def test_a_cell_of_a_real_site_is_decoded() -> None:
    """Quoted in a public repository's comment on the field."""
    cell = "3_*:*_1_*:*_256892526_*|*_10000_*:*_1_*:*_258319828_*|*_10001_*:*_1_*:*_0"
    assert decode(cell) == [
        Entry("3", 1, 256_892_526), Entry("10000", 1, 258_319_828), Entry("10001", 1, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("cell", ["", "3", "3_*:*_1", "3_*:*_1_*:*_x", "a_*:*_1_*:*_2", "7 days"])
def test_what_jira_does_not_write_is_not_decoded(cell: str) -> None:
    assert decode(cell) is None


@pytest.mark.parametrize("language", HEADERS)
def test_times_stand_beside_the_issues_in_every_language(
    language: str, workspace: Workspace, tmp_path: Path
) -> None:
    found = read(workspace, tmp_path, export(ISSUES, language=language))
    (times,) = found.also
    assert (found.extract, found.accepted, times.extract) == ("issues", 3, "status_times")
    assert rows(times) == [
        ("OPS-1", "Status 10000", 2, 12.0),
        ("OPS-1", "Status 10002", 1, 36.0),
        ("OPS-1", "Done", 1, 0.0),
        ("OPS-2", "Status 10000", 1, pytest.approx(20 - 59 / 3600, abs=1e-6)),
        ("OPS-2", "Done", 1, 0.0),
    ]
    read_as = [left.why for left in found.left_out if "CHART" in left.theirs]
    assert read_as == ["read as time in status"]


def test_hours_that_do_not_add_up_are_counted_and_said(
    workspace: Workspace, tmp_path: Path
) -> None:
    right = read(workspace, tmp_path, export(ISSUES))
    assert any("in 2 of 2 issues the hours" in note for note in right.notes)
    longer = replace(ISSUES[1], times=(("10000", 1, 20 * HOUR + 61_000), ("10001", 1, 0)))
    wrong = read(workspace, tmp_path, export((ISSUES[0], longer)))
    assert any("in 1 of 2 issues the hours" in note for note in wrong.notes)
    (flag,) = wrong.also[0].flagged
    assert (flag.rows, "more than a minute" in flag.reason) == (1, True)
    assert wrong.also[0].accepted == 5


def test_statuses_are_named_once_and_the_name_is_remembered(
    workspace: Workspace, tmp_path: Path
) -> None:
    asked = read(workspace, tmp_path, export(ISSUES))
    assert {q.key: q.default for q in asked.questions} == {
        "status:10000": "Status 10000",
        "status:10002": "Status 10002",
        "status:10001": "Done",  # both are done, and it is the one status without time in both
    }
    assert asked.can_accept
    said = {"status__10000": "To do", "status__10002": "In review"}
    found = read(workspace, tmp_path, export(ISSUES), **said)
    assert {row[1] for row in rows(found.also[0])} == {"To do", "In review", "Done"}
    accept(workspace, found, by="Ana", clock=CLOCK)
    later = replace(ISSUES[2], resolved=datetime(2026, 11, 13, 5), times=(("10007", 1, HOUR),))
    again = read(workspace, tmp_path, export((*ISSUES[:2], later)))
    assert [q.key for q in again.questions] == ["status:10007"]
    assert [row[1] for row in rows(again.also[0])] == [
        "To do", "In review", "Done", "To do", "Done", "To Do",
    ]  # fmt: skip


def test_a_status_left_without_a_name_is_asked_about_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    accept(workspace, read(workspace, tmp_path, export(ISSUES)), by="Ana", clock=CLOCK)
    newer = replace(ISSUES[2], updated=datetime(2026, 11, 14))
    again = read(workspace, tmp_path, export((*ISSUES[:2], newer)))
    assert [q.key for q in again.questions] == ["status:10000", "status:10002"]


def test_two_statuses_that_claim_one_id_suggest_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    other = replace(ISSUES[1], status="Closed")
    found = read(workspace, tmp_path, export((ISSUES[0], other)))
    assert {q.default for q in found.questions} == {
        "Status 10000", "Status 10001", "Status 10002",
    }  # fmt: skip


def test_a_cell_that_cannot_be_decoded_is_refused_and_the_issue_stays(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = export(ISSUES).replace(b"10002_*:*_1_*:*_129600000", b"10002; 36 hours")
    found = read(workspace, tmp_path, content)
    (times,) = found.also
    assert (found.accepted, times.accepted, times.refused) == (3, 2, 1)
    assert "not written as Jira does" in times.first_refused[0].reason


def test_issues_and_times_are_accepted_undone_and_restored_together(
    workspace: Workspace, tmp_path: Path
) -> None:
    def in_force() -> tuple[int, int]:
        with open_snapshot(workspace, current(workspace)) as con:
            counts = [
                con.execute(f"select count(*) from {mart}").fetchall()[0][0]
                for mart in ("issues", "status_times")
            ]
        return counts[0], counts[1]

    done = accept(workspace, read(workspace, tmp_path, export(ISSUES)), by="Ana", clock=CLOCK)
    assert {upload.extract for upload in uploads(workspace)} == {"issues", "status_times"}
    assert in_force() == (3, 5)
    withdraw(workspace, done.upload_id, by="Ana", clock=CLOCK)
    assert in_force() == (0, 0)
    restore(workspace, done.upload_id, by="Ana", clock=CLOCK)
    assert in_force() == (3, 5)


def test_the_measures_are_those_worked_by_hand(workspace: Workspace, tmp_path: Path) -> None:
    """OPS-1, OPS-2 and three like OPS-2: To do 12, 20, 20, 20, 20 h; one of five came back."""
    like = [replace(ISSUES[1], key=f"OPS-1{n}") for n in range(3)]
    found = read(workspace, tmp_path, export((*ISSUES, *like)), status__10000="To do")
    accept(workspace, found, by="Ana", clock=CLOCK)
    store = Store.open(workspace, clock=CLOCK)
    month = scope(Period(date(2026, 11, 1), date(2026, 12, 1)))

    def by_status(name: str) -> dict[str, float | None]:
        told = store.breakdown_values(metric(name), month, "status")[name]
        return {value.segment: value.value for value in told}

    short = 20 - 59 / 3600
    assert by_status("status_hours_p50")["To do"] == pytest.approx(short, abs=1e-5)
    assert by_status("status_hours_p85")["To do"] == pytest.approx(short, abs=1e-5)
    assert by_status("status_visits")["To do"] == pytest.approx(6 / 5)
    assert by_status("status_rework") == {"To do": 0.2, "Done": 0.0, "Status 10002": None}


def in_mart(workspace: Workspace) -> set[tuple[str, str]]:
    """(issue, status) of every row with time in status."""
    with open_snapshot(workspace, current(workspace)) as con:
        return set(con.execute("select issue_key, status from status_times").fetchall())


def test_a_name_that_is_mended_holds_for_the_rows_of_earlier_files_too(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Of two files with other issues the later says To do; its rows stand beside the earlier."""
    wrong = read(workspace, tmp_path, export(ISSUES[:1]), status__10000="Tu do")
    accept(workspace, wrong, by="Ana", clock=CLOCK)
    right = read(workspace, tmp_path, export(ISSUES[1:]), status__10000="To do")
    later = accept(workspace, right, by="Ana", clock=CLOCK + timedelta(hours=1))
    rest = {("OPS-1", "Status 10002"), ("OPS-1", "Done"), ("OPS-2", "Done")}
    assert in_mart(workspace) == {("OPS-1", "To do"), ("OPS-2", "To do"), *rest}
    withdraw(workspace, later.upload_id, by="Ana", clock=CLOCK)
    assert in_mart(workspace) == {
        ("OPS-1", "Tu do"), ("OPS-1", "Status 10002"), ("OPS-1", "Done"),
    }  # fmt: skip


def test_a_later_file_that_only_knows_the_number_takes_no_name_away(
    workspace: Workspace, tmp_path: Path
) -> None:
    named = read(workspace, tmp_path, export(ISSUES[:1]), status__10000="To do")
    accept(workspace, named, by="Ana", clock=CLOCK)
    (workspace.uploads / "remembered.json").unlink()
    number = read(workspace, tmp_path, export(ISSUES[1:]))
    accept(workspace, number, by="Ana", clock=CLOCK + timedelta(hours=1))
    assert {("OPS-1", "To do"), ("OPS-2", "To do")} <= in_mart(workspace)


def test_the_same_file_again_says_how_a_status_gets_another_name(
    workspace: Workspace, tmp_path: Path
) -> None:
    accept(workspace, read(workspace, tmp_path, export(ISSUES)), by="Ana", clock=CLOCK)
    again = read(workspace, tmp_path, export(ISSUES))
    assert again.is_same_file
    assert "change Status names with the next file of this source" in " ".join(again.notes)
