from __future__ import annotations

import io
import tracemalloc
from datetime import UTC, date, datetime

import openpyxl
import pyarrow as pa
import pytest

from metrics.errors import ReportError
from reports import excel_rows
from reports.excel_rows import rows_workbook, sheet_name
from tests.reports.hostile import HOSTILE
from tests.reports.test_word import clean


def cells(table: pa.Table, name: str = "Items"):
    sheet = openpyxl.load_workbook(io.BytesIO(rows_workbook(table, name))).worksheets[0]
    return sheet, [list(row) for row in sheet.iter_rows(values_only=True)]


def test_every_cell_comes_back_as_it_was():
    table = pa.table({
        "item": ["A", None, "=1+1"], "hours": [0.1 + 0.2, None, float("nan")],
        "on": [date(2026, 11, 9), None, date(2026, 11, 10)],
        "at": [datetime(2026, 11, 9, 8, 30), None, datetime(2026, 11, 10)],
        "n": [7, 2**60, None], "done": [True, False, None],
    })  # fmt: skip
    sheet, found = cells(table)
    assert found[0] == ["item", "hours", "on", "at", "n", "done"]
    assert found[1] == [
        "A",
        0.1 + 0.2,
        datetime(2026, 11, 9),
        datetime(2026, 11, 9, 8, 30),
        7,
        True,
    ]
    assert found[2] == [None, None, None, None, str(2**60), False]
    assert found[3][:2] == ["=1+1", None]
    assert sheet["A4"].data_type == "s" and sheet["A4"].quotePrefix
    assert sheet.auto_filter.ref == "A1:F4"
    assert (sheet.freeze_panes, sheet["A1"].font.bold) == ("A2", True)


def test_times_with_a_zone_become_utc():
    moment = datetime(2026, 11, 9, 8, tzinfo=UTC)
    _, found = cells(pa.table({"at": pa.array([moment], pa.timestamp("us", "Europe/Paris"))}))
    assert found[1] == [datetime(2026, 11, 9, 8)]


def test_hostile_cells_stay_text():
    sheet, found = cells(
        pa.table({"text": [t.encode("utf-8", "replace").decode() for t in HOSTILE]})
    )
    # openpyxl leaves the mark that keeps "_x0041_" from becoming an "A" where text stands in a cell
    kept = {row[0] and row[0].replace("_x005F_x", "_x") for row in found[1:]}
    for text in HOSTILE:
        assert clean(text.encode("utf-8", "replace").decode()) in kept
    assert all(cell.data_type == "s" for row in sheet["A2:A70"] for cell in row if cell.value)


def test_no_rows_give_heads_alone():
    _, found = cells(pa.table({"item": pa.array([], pa.string())}))
    assert found[0] == ["item"]


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(excel_rows, "MOST_ROWS", 2)
    with pytest.raises(ReportError, match="3 rows do not fit"):
        rows_workbook(pa.table({"a": [1, 2, 3]}), "x")


@pytest.mark.parametrize("name", ["x" * 60, "a[b]:c*d?e/f\\g", "'quoted'", "", "History"])
def test_any_name_gives_a_sheet_that_excel_takes(name):
    found = sheet_name(name)
    assert 0 < len(found) <= 31 and not set(found) & set("[]:*?/\\")
    assert found.casefold() != "history" and not found.startswith("'")


def test_the_same_rows_give_the_same_bytes():
    table = pa.table({"a": [1.5, 2.5]})
    assert rows_workbook(table, "x") == rows_workbook(table, "x")


def test_a_large_table_is_written_without_holding_its_cells():
    def peak(count: int) -> int:
        table = pa.table({f"c{n}": pa.array(range(count)) for n in range(10)})
        tracemalloc.start()
        rows_workbook(table, "x")
        (_, most) = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(60_000) < 2.5 * peak(15_000)  # the file grows fourfold; cells held would as well
