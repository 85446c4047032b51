"""Dates: every notation read right, ambiguous ones asked about, clock changes counted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access.ingest import DryRun
from data_access.workspace import Workspace
from tests.ingest.making import dry_run

HEADER = "Issue key,Issue Type,Summary,Status,Created,Due date\n"


def issues(*created: str, due: str = "") -> str:
    rows = (f'OPS-{n},Bug,Words,Open,"{at}",{due}\n' for n, at in enumerate(created, 1))
    return HEADER + "".join(rows)


def values(found: DryRun, column: str = "created_at") -> list[object]:
    return pq.read_table(found.folder / "rows.parquet")[column].to_pylist()


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2026-11-09 14:30:05", "2026-11-09T14:30:05"),
        ("2026-11-09T14:30", "2026-11-09T14:30:00"),
        ("2026/11/9", "2026-11-09T00:00:00"),
        ("2026-11-09", "2026-11-09T00:00:00"),
        ("2026-11-09T14:30:05Z", "2026-11-09T14:30:05"),
        ("2026-11-09T14:30:05.250+0200", "2026-11-09T12:30:05.250000"),
        ("2026-11-09 14:30:05 +02:00", "2026-11-09T12:30:05"),
        ("2026-11-09 14:30:05-03:30", "2026-11-09T18:00:05"),
        ("2026-11-09 14:30:05 UTC", "2026-11-09T14:30:05"),
        ("20261109", "2026-11-09T00:00:00"),
        ("20261109T143005Z", "2026-11-09T14:30:05"),
        ("23/Jan/21 10:38 AM", "2021-01-23T10:38:00"),
        ("23/Jan/21 12:00 AM", "2021-01-23T00:00:00"),
        ("23/Jan/21 12:38 PM", "2021-01-23T12:38:00"),
        ("23/Jan/21 1:38 PM", "2021-01-23T13:38:00"),
        ("23/ene/21 1:38 p. m.", "2021-01-23T13:38:00"),
        ("18/jul/26 9:10 AM", "2026-07-18T09:10:00"),
        ("03/dic/25", "2025-12-03T00:00:00"),
        ("3 August 2026", "2026-08-03T00:00:00"),
        ("3. März 2026 14:05", "2026-03-03T14:05:00"),
        ("3 de septiembre de 2026", "2026-09-03T00:00:00"),
        ("15 févr. 2026", "2026-02-15T00:00:00"),
        ("Aug 3, 2026, 2:05:09 PM", "2026-08-03T14:05:09"),
        ("August 3rd 2026", "2026-08-03T00:00:00"),
        ("Mon, 23 Jan 2023 10:38:00 +0100", "2023-01-23T09:38:00"),
        ("31-12-2026 23:59", "2026-12-31T23:59:00"),
        ("31.12.2026", "2026-12-31T00:00:00"),
        ("12/31/2023 15:21", "2023-12-31T15:21:00"),
        ("12/31/23 3:21 PM", "2023-12-31T15:21:00"),
        ("05/05/2026", "2026-05-05T00:00:00"),
    ],
)
def test_a_date_is_read_whatever_its_notation(
    cell: str, utc: str, workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(workspace, tmp_path, issues(cell))
    assert found.must_answer == ()
    assert values(found) == [datetime.fromisoformat(utc)]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31/Feb/26 9:14 AM", "February has no 31st"),
        ("2026-02-30", "February has no 30th"),
        ("2025-02-29", "February has no 29th in that year"),
        ("2026-13-01", "there is no month 13"),
        ("next Friday", "Not a date; expected one like"),
        ("45292", "day number of Excel"),
        ("23/Foo/21 10:38 AM", "Not a"),
        ("0001-01-01", "outside 1900 to 2199"),
        ("infinity", "Not a date"),
        ("epoch", "Not a date"),
        ("2026-11-09 25:30:00", "Not a time"),
        ("23/Jan/21 13:38 PM", "Not a time"),
        ("2026-11-09 14:30 Europe/Paris", "Not a date"),
    ],
)
def test_what_is_no_date_refuses_its_row_and_says_why(
    cell: str, reason: str, workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(workspace, tmp_path, issues("2026-11-09", cell, "2026-11-10"))
    assert (found.accepted, found.refused) == (2, 1)
    (row,) = found.first_refused
    assert (row.line, row.column, row.value) == (3, "Created", cell)
    assert reason in row.reason


def test_one_row_that_tells_day_from_month_tells_it_for_its_column(
    workspace: Workspace, tmp_path: Path
) -> None:
    day_first = dry_run(workspace, tmp_path, issues("06-09-2024 13:55", "21-09-2024 13:55"))
    assert values(day_first) == [datetime(2024, 9, 6, 13, 55), datetime(2024, 9, 21, 13, 55)]
    assert "Dates in Created are read day first." in day_first.notes

    month_first = dry_run(workspace, tmp_path, issues("06/09/2024 13:55", "06/21/2024 13:55"))
    assert values(month_first) == [datetime(2024, 6, 9, 13, 55), datetime(2024, 6, 21, 13, 55)]


def test_the_row_that_tells_may_stand_far_below_the_sample(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(workspace, tmp_path, issues(*["06/09/2024"] * 5000, "06/21/2024"))
    assert values(found)[0] == datetime(2024, 6, 9)


def test_a_notation_that_comes_only_after_the_sample_is_read_too(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(workspace, tmp_path, issues(*["2024-06-09"] * 5000, "21/Jun/24"))
    assert found.refused == 0
    assert values(found)[-1] == datetime(2024, 6, 21)


def test_dates_that_nothing_tells_apart_are_asked_and_never_guessed(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = issues("06-09-2024 13:55", "01/10/2026")
    asked = dry_run(workspace, tmp_path, content)
    (question,) = asked.must_answer
    assert (question.key, question.default) == ("date_order:created_at", None)
    assert question.choices == ("day first", "month first")
    assert not asked.can_accept

    answered = dry_run(workspace, tmp_path, content, date_order__created_at="month first")
    assert values(answered) == [datetime(2024, 6, 9, 13, 55), datetime(2026, 1, 10)]


def test_dates_in_both_orders_are_asked_and_the_others_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = issues("21/09/2024", "09/22/2024", "01/02/2024")
    asked = dry_run(workspace, tmp_path, content)
    (question,) = asked.must_answer
    assert "mixed" in question.text

    answered = dry_run(workspace, tmp_path, content, date_order__created_at="day first")
    assert values(answered) == [datetime(2024, 9, 21), datetime(2024, 2, 1)]
    (row,) = answered.first_refused
    assert row.reason == "Not a date when read day first: there is no month 22."


def test_a_due_date_is_the_day_written_in_whatever_zone(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(
        workspace, tmp_path, issues("2026-11-09", due="15/Jan/27 12:00 AM"), zone="Asia/Tokyo"
    )
    (due,) = values(found, "due_on")
    assert due.isoformat() == "2027-01-15"


def test_times_without_an_offset_are_read_in_the_zone_of_their_source(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(
        workspace, tmp_path, issues("2026-07-01 12:00", "2026-12-01 12:00"), zone="Europe/Madrid"
    )
    assert values(found) == [datetime(2026, 7, 1, 10), datetime(2026, 12, 1, 11)]


def test_times_at_a_clock_change_are_kept_counted_and_said(
    workspace: Workspace, tmp_path: Path
) -> None:
    # Madrid: 2026-03-29 02:00 → 03:00 leaves an hour out, 2026-10-25 03:00 → 02:00 repeats one.
    cells = (
        "2026-03-29 02:30",
        "2026-10-25 02:00",
        "2026-10-25 02:59",
        "2026-10-25 03:00",
        "2026-03-29 03:00",
        "2026-10-25T02:30:00+02:00",
    )
    found = dry_run(workspace, tmp_path, issues(*cells), zone="Europe/Madrid")
    assert found.accepted == 6
    assert {(flag.column, flag.rows) for flag in found.flagged} == {("Created", 2), ("Created", 1)}
    assert values(found) == [
        datetime(2026, 3, 29, 1, 30),  # one hour on: 03:30 summer time
        datetime(2026, 10, 25, 1, 0),  # the second 02:00, standard time
        datetime(2026, 10, 25, 1, 59),
        datetime(2026, 10, 25, 2, 0),
        datetime(2026, 3, 29, 1, 0),
        datetime(2026, 10, 25, 0, 30),
    ]


def test_the_zone_is_asked_only_where_a_time_lacks_its_offset(
    workspace: Workspace, tmp_path: Path
) -> None:
    from data_access.ingest import prepare

    def keys(content: str) -> list[str]:
        path = tmp_path / "issues.csv"
        path.write_text(content)
        return [q.key for q in prepare(workspace, path, file_name="issues.csv").questions]

    assert "zone" not in keys(issues("2026-11-09T10:00:00+01:00"))
    assert "zone" in keys(issues("2026-11-09T10:00:00"))


def test_a_zone_that_does_not_exist_is_said(workspace: Workspace, tmp_path: Path) -> None:
    from metrics.errors import QuestionError

    with pytest.raises(QuestionError, match="Mars/Base is not a time zone"):
        dry_run(workspace, tmp_path, issues("2026-11-09"), zone="Mars/Base")


def test_a_rare_date_that_cannot_be_told_is_refused_and_does_not_hold_up_the_rest(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = dry_run(workspace, tmp_path, issues(*["2026-11-09"] * 40, "01-02-2026"))
    assert found.must_answer == ()
    assert (found.accepted, found.refused) == (40, 1)
    assert "cannot be told apart" in found.first_refused[0].reason
