"""Excel sheets and Parquet files say the same as the CSV file they were made from."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from functools import cache
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from data_access.ingest import DryRun, accept, prepare
from data_access.manifests import uploads
from data_access.warehouse import current, open_snapshot
from data_access.workspace import Workspace
from tests.ingest.making import HEADER, SETTLED, dry_run, reviews

ROWS = reviews(50)
CLOCK = datetime(2026, 12, 1, 9)


def book(*sheets: tuple[str, list[list[object]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def typed(row: list[str]) -> list[object]:
    return [*row[:2], int(row[2]), row[3], datetime.fromisoformat(row[4]), *row[5:]]


def kept(found: DryRun) -> list[dict[str, object]]:
    return pq.read_table(found.folder / "rows.parquet").to_pylist()


def test_a_sheet_with_real_dates_and_numbers_gives_the_rows_of_its_csv(
    workspace: Workspace, tmp_path: Path
) -> None:
    from tests.ingest.making import text

    as_csv = kept(dry_run(workspace, tmp_path, text(ROWS)))
    content = book(("Reviews", [list(HEADER), *(typed(row) for row in ROWS)]))
    found = dry_run(workspace, tmp_path, content, name="reviews.xlsx")
    assert kept(found) == as_csv
    assert found.detected.words == "Excel, sheet Reviews"


def test_lines_are_the_rows_of_the_sheet_whatever_stands_above_and_between(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows: list[list[object]] = [["Weekly sheet"], [], list(HEADER), *(typed(r) for r in ROWS[:3])]
    rows += [[], ["R-x", "I", "no number", "A", datetime(2026, 11, 9), "accepted", "L"]]
    found = dry_run(workspace, tmp_path, book(("S", rows)), name="r.xlsx")
    assert [row["line"] for row in kept(found)] == [4, 5, 6]
    assert [row.line for row in found.first_refused] == [8]
    assert "The header is in row 3." in found.notes


def test_with_several_sheets_the_only_one_that_fits_is_read_and_else_it_is_asked(
    workspace: Workspace, tmp_path: Path
) -> None:
    data: list[list[object]] = [list(HEADER), *(typed(row) for row in ROWS)]
    notes: list[list[object]] = [["read me"], ["made by hand"]]
    one = dry_run(workspace, tmp_path, book(("Notes", notes), ("Data", data)), name="a.xlsx")
    assert (one.detected.sheet, one.accepted) == ("Data", 50)

    two = book(("May", data), ("June", data))
    asked = dry_run(workspace, tmp_path, two, name="b.xlsx")
    (question,) = asked.questions
    assert (question.key, question.choices, question.default) == ("sheet", ("May", "June"), None)
    assert dry_run(workspace, tmp_path, two, name="b.xlsx", sheet="June").detected.sheet == "June"


def test_numbers_keep_their_digits_and_error_values_refuse_their_row(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows: list[list[object]] = [
        ["metric", "value", "valid_from"],
        ["turnaround_p50", 1.037, date(2026, 1, 1)],
        ["turnaround_p85", 40.0, date(2026, 1, 1)],
        ["turnaround_p95", "#REF!", date(2026, 1, 1)],
    ]
    found = dry_run(workspace, tmp_path, book(("T", rows)), name="targets.xlsx")
    assert found.must_answer == ()
    assert [row["value"] for row in kept(found)] == [1.037, 40.0]
    assert [row["valid_from"] for row in kept(found)] == [date(2026, 1, 1)] * 2
    assert found.first_refused[0].line == 4


def test_a_declared_size_that_is_too_small_hides_no_row(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = book(("S", [list(HEADER), *(typed(row) for row in ROWS)]))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = part.replace(b'ref="A1:G51"', b'ref="A1:G5"')
                assert b'ref="A1:G5"' in part
            new.writestr(name, part)
    assert dry_run(workspace, tmp_path, out.getvalue(), name="r.xlsx").accepted == 50


def test_a_workbook_bomb_and_a_damaged_workbook_are_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 << 20))
    bomb = dry_run(workspace, tmp_path, out.getvalue(), name="r.xlsx")
    assert "unpacks to far more" in bomb.refusal.text

    whole = book(("S", [list(HEADER)]))
    with zipfile.ZipFile(io.BytesIO(whole)) as old:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name)[:-40])
    damaged = dry_run(workspace, tmp_path, out.getvalue(), name="r.xlsx")
    assert "damaged" in damaged.refusal.text


def test_an_empty_workbook_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    found = dry_run(workspace, tmp_path, book(("S", [])), name="r.xlsx")
    assert "no rows" in found.refusal.text


def test_parquet_keeps_types_offsets_and_lines(workspace: Workspace, tmp_path: Path) -> None:
    table = pa.table(
        {
            "Issue key": ["A-1", "A-2", None],
            "Created": pa.array(
                [datetime(2026, 7, 1, 12)] * 3, pa.timestamp("us", tz="Europe/Madrid")
            ),
            "Updated": pa.array([datetime(2026, 7, 1, 12)] * 3, pa.timestamp("us")),
            "Due date": pa.array([date(2026, 8, 1)] * 3),
            "Issue id": [10, 11, 12],
        }
    )
    path = tmp_path / "made.parquet"
    pq.write_table(table, path)
    found = dry_run(
        workspace, tmp_path, path.read_bytes(), name="x.parquet", zone="America/New_York"
    )
    assert (found.accepted, [row.line for row in found.first_refused]) == (2, [3])
    first = kept(found)[0]
    assert first["created_at"] == datetime(2026, 7, 1, 12)  # an instant: pyarrow took it as UTC
    assert first["updated_at"] == datetime(2026, 7, 1, 16)  # a wall clock in New York
    assert first["due_on"] == date(2026, 8, 1)
    assert first["line"] == 1


def test_a_damaged_parquet_file_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    found = dry_run(workspace, tmp_path, b"PAR1" + b"x" * 500 + b"PAR1", name="x.parquet")
    assert "damaged" in found.refusal.text


@cache  # the time stands in a workbook, so two of them differ
def two_sheets() -> bytes:
    """One workbook: May has the reviews R-00000 to R-00002, June the three after them."""
    rows = [typed(row) for row in ROWS[:6]]
    return book(("May", [list(HEADER), *rows[:3]]), ("June", [list(HEADER), *rows[3:]]))


def in_force(workspace: Workspace) -> list[str]:
    """The reviews that are not gone, in the snapshot in force."""
    with open_snapshot(workspace, current(workspace)) as con:
        query = "select review_id from current_reviews where vanished_at is null order by 1"
        return [row[0] for row in con.execute(query).fetchall()]


def test_the_second_sheet_of_a_workbook_is_loaded_beside_the_first(
    workspace: Workspace, tmp_path: Path
) -> None:
    may = dry_run(workspace, tmp_path, two_sheets(), name="y.xlsx", sheet="May")
    accept(workspace, may, by="A", clock=CLOCK)
    june = dry_run(workspace, tmp_path, two_sheets(), name="y.xlsx", sheet="June")
    assert (june.is_same_file, june.new, june.vanished) == (False, 3, 0)
    assert "The sheet May of this workbook is in force too; both stay." in june.notes
    accept(workspace, june, by="A", clock=CLOCK)
    assert in_force(workspace) == [row[0] for row in ROWS[:6]]
    assert [upload.sheet for upload in uploads(workspace)] == ["May", "June"]


def test_a_second_sheet_that_holds_everything_says_that_the_first_goes(
    workspace: Workspace, tmp_path: Path
) -> None:
    said = {"name": "y.xlsx", "coverage": "everything"}
    may = dry_run(workspace, tmp_path, two_sheets(), sheet="May", **said)
    accept(workspace, may, by="A", clock=CLOCK)
    june = dry_run(workspace, tmp_path, two_sheets(), sheet="June", **said)
    assert (june.new, june.vanished) == (3, 3)
    assert "leaves no room for another" in " ".join(june.notes)
    accept(workspace, june, by="A", clock=CLOCK)
    assert in_force(workspace) == [row[0] for row in ROWS[3:6]]


def test_a_loaded_workbook_offers_its_other_sheets_and_asks_again_what_they_hold(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "tool.xlsx"
    path.write_bytes(two_sheets())
    answers = {**SETTLED, "sheet": "May", "coverage": "everything"}
    first = prepare(workspace, path, file_name=path.name, answers=answers)
    accept(workspace, first, by="A", clock=CLOCK)
    again = prepare(workspace, path, file_name=path.name)  # the sheet is remembered
    assert again.is_same_file
    assert [(q.key, q.choices, q.default) for q in again.questions] == [
        ("sheet", ("May", "June"), "May")
    ]
    other = prepare(workspace, path, file_name=path.name, answers={"sheet": "June"})
    assert [(q.key, q.default) for q in other.questions] == [("coverage", "everything")]
