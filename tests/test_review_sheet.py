"""The review sheet goes out and comes back: CSV and Excel, bad lines named, nothing lost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from data_access import review_sheet
from data_access.lots import Drawn, Lot
from data_access.records import Records
from data_access.review_sheet import HEADER, Sheet
from metrics.errors import BadExtractError
from reports.excel import rows_workbook
from ui.rows import csv_table

MONDAY = datetime(2026, 11, 16, 8)
IDS = ["CT-1", "=1+1", "Ünïcode 東京", "with, comma", "007"]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records(f"sqlite:///{tmp_path / 'records.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def lot(records: Records) -> Lot:
    new = Lot(name="B", project="P", scope="", size=9, plan="{}", seed=1, drawn_at=MONDAY)
    return records.lots.draw(new, [(i, "Ana") for i in IDS], by="Lea", at=MONDAY)


def read(records: Records, lot: Lot, content: bytes) -> Sheet:
    return review_sheet.read("sheet", content, lot, records.lots.items(lot))


def filled(records: Records, lot: Lot, results: list[str]) -> list[list[str]]:
    """The sheet's rows with results typed in."""
    table = review_sheet.written(lot, records.lots.items(lot))
    rows = [list(row.values()) for row in table.to_pylist()]
    for row, result in zip(rows, results, strict=True):
        row[4] = result
    return rows


def as_csv(rows: list[list[str]]) -> bytes:
    import csv

    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows])
    return out.getvalue().encode()


def said(sheet: Sheet) -> dict[int, str]:
    return {item.place: item.result for item in sheet.results}


def test_an_untouched_sheet_says_nothing(records, lot):
    table = review_sheet.written(lot, records.lots.items(lot))
    for content in (csv_table(table), rows_workbook(table, "sheet")):
        found = read(records, lot, content)
        assert (found.results, found.refused, found.blank) == ((), (), 5)


def test_a_csv_filled_in_comes_back_whole(records, lot):
    rows = filled(records, lot, ["pass", "FAIL", " ok ", "rejected", ""])
    rows[1][5], rows[1][6] = "Wrong label", "two\nlines, and a comma"
    found = read(records, lot, as_csv(rows))
    assert said(found) == {1: "pass", 2: "fail", 3: "pass", 4: "fail"}
    assert found.blank == 1 and found.refused == ()
    assert records.lots.record(lot, found.results, by="Ana", at=MONDAY) == 4
    kept = records.lots.items(lot)[1]
    assert (kept.error_type, kept.note) == ("Wrong label", "two\nlines, and a comma")


def test_a_sheet_that_passed_through_a_spreadsheet_with_semicolons_is_read(records, lot):
    rows = filled(records, lot, ["pass", "fail", "pass", "pass", "pass"])
    text = "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in [list(HEADER), *rows])
    assert len(said(read(records, lot, b"\xef\xbb\xbf" + text.encode()))) == 5


def test_the_inert_quote_before_a_formula_is_no_other_item(records, lot):
    table = review_sheet.written(lot, records.lots.items(lot))
    text = csv_table(table).decode("utf-8-sig").replace("Ana,,", "Ana,pass,")
    assert "'=1+1" in text
    assert set(said(read(records, lot, text.encode())).values()) == {"pass"}


def test_a_workbook_filled_in_comes_back_whole(records, lot):
    content = rows_workbook(review_sheet.written(lot, records.lots.items(lot)), "sheet")
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if [c.value for c in row[:2]] == ["Lot", "No."])
    column = [cell.value for cell in head].index("Result") + 1
    for i, result in enumerate(["fail", "pass", "pass", None, "pass"], start=1):
        sheet.cell(head[0].row + i, column).value = result
    out = io.BytesIO()
    book.save(out)
    found = read(records, lot, out.getvalue())
    assert said(found) == {1: "fail", 2: "pass", 3: "pass", 5: "pass"}
    assert found.blank == 1 and found.refused == ()


def test_a_bad_line_is_named_and_the_others_are_taken(records, lot):
    rows = filled(records, lot, ["pass", "maybe", "pass", "pass", "pass"])
    rows[2][2] = "CT-9"
    rows[3][0] = "L-99"
    rows[4][1] = "77"
    found = read(records, lot, as_csv(rows))
    assert said(found) == {1: "pass"}
    assert [(line.line, line.reason) for line in found.refused] == [
        (3, "maybe is not a result. Write pass or fail."),
        (4, "No. 3 is Ünïcode 東京, not CT-9."),
        (5, "It is of lot L-99, not of L-01."),
        (6, "No. 77 was not drawn; there are 1 to 5."),
    ]


def test_two_lines_of_one_item_must_agree(records, lot):
    rows = filled(records, lot, ["pass", "pass", "pass", "pass", "pass"])
    other = list(rows[0])
    other[4] = "fail"
    found = read(records, lot, as_csv([*rows, list(rows[1]), other]))
    assert len(found.results) == 5
    assert [(r.line, r.reason) for r in found.refused] == [
        (8, "Line 2 says something else of the same item.")
    ]


def test_a_broken_line_is_refused_with_its_number(records, lot):
    good = as_csv(filled(records, lot, ["pass"] * 5)).decode()
    found = read(records, lot, (good + "L-01,1,CT-1,Ana,pass,,,,too,many\r\n").encode())
    assert [line.line for line in found.refused] == [7]
    assert len(found.results) == 5


def test_every_line_is_taken_refused_or_blank(records, lot):
    rows = filled(records, lot, ["pass", "", "odd", "fail", ""])
    found = read(records, lot, as_csv(rows))
    assert len(found.results) + len(found.refused) + found.blank == len(rows)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"Item,Result\nCT-1,pass\n"])
def test_another_file_is_refused_in_words(records, lot, content):
    with pytest.raises(BadExtractError):
        read(records, lot, content)


def test_the_missing_columns_are_named(records, lot):
    with pytest.raises(BadExtractError, match=r"no column Lot and no column No\.") as refused:
        read(records, lot, b"Item,Result\nCT-1,pass\n")
    assert refused.value.choices == HEADER


def test_a_drawn_item_has_its_own_row(records, lot):
    table = review_sheet.written(lot, records.lots.items(lot))
    assert table.column_names == list(HEADER)
    assert table.column("Item").to_pylist() == IDS
    assert review_sheet.written(lot, ()).num_rows == 0
    assert isinstance(records.lots.items(lot)[0], Drawn)
