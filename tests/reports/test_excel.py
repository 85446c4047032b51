from __future__ import annotations

import re
from dataclasses import replace

import pytest

from metrics.errors import ReportError
from reports import excel
from reports.blocks import Cell, Check, Column, Failure, Row, Section
from reports.package import unpack
from tests.reports import handmade
from tests.reports.acceptance import excel_faults
from tests.reports.hostile import FORMULAS, HOSTILE
from tests.reports.outline import check_snapshot, excel_outline, loaded
from tests.reports.test_word import clean, hostile_report


def test_the_workbook_reads_as_its_snapshot():
    check_snapshot("handmade-excel", excel_outline(excel.write(handmade.report())))


def test_the_workbook_passes_the_acceptance_checks():
    assert excel_faults(excel.write(handmade.report())) == []


def test_the_same_report_gives_the_same_bytes():
    assert excel.write(handmade.report()) == excel.write(handmade.report())


def test_sheets_come_in_the_order_of_the_outline():
    book, _ = loaded(excel.write(handmade.report()))
    assert book.sheetnames == [
        "Summary",
        "Charts",
        "About",
        "Measures",
        "Trend data",
        "Decisions",
        "Bottlenecks",
        "Actions",
        "Commentary",
        "Checks",
    ]


def test_named_cells_hold_the_exact_values():
    book, shown = loaded(excel.write(handmade.report()))
    assert named(book, shown, "kpi_turnaround_p50") == 44.599999999999994
    assert named(book, shown, "kpi_items_waiting") is None
    assert named(book, shown, "report_week") == "2026-W46"


def named(book, shown, name: str):
    sheet, cell = book.defined_names[name].attr_text.replace("'", "").split("!")
    return shown[sheet][cell.replace("$", "")].value


def test_a_change_is_a_formula_whose_cached_result_is_the_change_before_rounding():
    book, shown = loaded(excel.write(handmade.report()))
    cells = {book["Summary"].cell(r, 1).value: r for r in range(1, 30)}
    row = cells["First-pass acceptance"]
    assert book["Summary"].cell(row, 4).value == f"=(B{row}-C{row})*100"
    assert shown["Summary"].cell(row, 4).value == (0.835 - 0.842) * 100
    assert book["Summary"].cell(cells["Issues past due"], 4).value is None


def test_a_sum_that_differs_from_the_database_says_check():
    section = Section(
        "b",
        "Bottlenecks",
        (
            handmade.stages(),
            Check("Right", "bottlenecks", "Visits", "sum", 1271.0),
            Check("Wrong", "bottlenecks", "Visits", "sum", 1272.0),
            Check("Rows", "bottlenecks", "Visits", "count", 4.0),
        ),
    )
    package = excel.write(handmade.report(sections=(section,)))
    _book, shown = loaded(package)
    found = {row[0].value: row[3].value for row in shown["Checks"].iter_rows() if row[0].value}
    assert (found["Right"], found["Wrong"], found["Rows"]) == ("OK", "CHECK", "OK")
    assert "=SUM(tbl_bottlenecks[Visits])" in excel_outline(package)
    assert [fault for fault in excel_faults(package) if "CHECK" in fault]


def test_charts_read_the_trend_sheet_and_carry_their_messages():
    book, _ = loaded(excel.write(handmade.report()))
    chart = book["Charts"]._charts[0]
    assert chart.series[-1].val.numRef.f == "'Trend data'!$D$5:$D$30"
    assert [cell.value for cell in book["Trend data"]["A"][4:30]] == ["turnaround_p50"] * 26
    assert book["Trend data"]["D30"].value == 44.6


def test_sparklines_cover_the_last_13_points_of_each_measure():
    files = unpack(excel.write(handmade.report()))
    xml = files["xl/worksheets/sheet1.xml"].decode()
    ranges = re.findall(r"<xm:f>([^<]+)</xm:f><xm:sqref>([^<]+)</xm:sqref>", xml)
    assert len(ranges) == 4
    assert sorted(ranges)[0] == ("'Trend data'!D18:D30", "H12")


def test_a_section_that_failed_is_told_on_the_summary():
    section = Section("x", "Risks", (Failure("Risks could not be computed: no disk."),))
    outline = excel_outline(excel.write(handmade.report(sections=(section,))))
    assert "▲ Risks could not be computed: no disk." in outline


def test_tables_of_one_sheet_are_stacked_and_must_have_equal_columns():
    table = handmade.actions()
    twice = Section("a", "Actions", (table, replace(table, name="more", rows=table.rows[:2])))
    book, _ = loaded(excel.write(handmade.report(sections=(twice,))))
    assert book["Actions"].tables["tbl_actions"].ref == "A3:E10"
    other = replace(table, columns=(*table.columns[:4], Column("Condition")))
    with pytest.raises(ReportError, match="Actions have different columns"):
        excel.write(handmade.report(sections=(Section("a", "A", (table, other)),)))


def test_an_empty_table_says_nothing_to_report():
    section = Section("a", "Actions", (handmade.actions(rows=0),))
    package = excel.write(handmade.report(sections=(section,)))
    book, _ = loaded(package)
    assert book["Actions"]["A4"].value == "Nothing to report this week."
    assert excel_faults(package) == []


def test_a_report_without_any_section_is_still_a_valid_workbook():
    package = excel.write(handmade.report(sections=()))
    book, _ = loaded(package)
    assert book.sheetnames == ["Summary", "About", "Trend data", "Checks"]
    assert excel_faults(package) == []


def test_states_are_a_drop_down():
    book, _ = loaded(excel.write(handmade.report()))
    (found,) = book["Actions"].data_validations.dataValidation
    assert str(found.sqref) == "E4:E8"
    assert found.formula1 == '"Open,In progress,Overdue,Done,Dropped"'


def test_a_formula_column_holds_formulas_with_their_results():
    table = replace(
        handmade.actions(),
        name="risks",
        sheet="Risks",
        columns=(
            Column("Risk", chars=20),
            Column("Likelihood", "number", chars=8),
            Column("Impact", "number", chars=8),
            Column("Score", "number", chars=8, formula="{1}*{2}"),
        ),
        rows=(Row((Cell("Late"), *(Cell(n, unit="count") for n in (4, 5, 20)))),),
    )
    book, shown = loaded(excel.write(handmade.report(sections=(Section("r", "R", (table,)),))))
    assert (book["Risks"]["D4"].value, shown["Risks"]["D4"].value) == ("=B4*C4", 20)


def test_hostile_text_is_kept_as_inert_text():
    package = excel.write(hostile_report())
    assert excel_faults(package, user_text=[clean(text) for text in HOSTILE]) == []
    book, _ = loaded(package)
    cells = {cell.value: cell for row in book["Decisions"] for cell in row if cell.value}
    for text in HOSTILE:
        cell = cells[clean(text)]
        assert cell.data_type == "s"
        if clean(text).startswith(("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")):
            assert cell.quotePrefix
    formulas = [c for sheet in book for row in sheet for c in row if c.data_type == "f"]
    assert formulas == []
    assert len(FORMULAS) > 20


def test_text_longer_than_a_cell_is_cut_and_says_so():
    table = handmade.decisions()
    row = Row((Cell("x" * 40_000), Cell(), Cell(), Cell()))
    section = Section("d", "Decisions", (replace(table, rows=(row,)),))
    book, _ = loaded(excel.write(handmade.report(sections=(section,))))
    kept = book["Decisions"]["A4"].value
    assert len(kept) == 32_767 and kept.endswith("...[cut]")


def test_an_ampersand_in_the_title_is_not_a_header_code():
    book, _ = loaded(excel.write(handmade.report(title="R&D & 8 report", period="2026-W46")))
    head = book["Summary"].oddHeader
    assert head.left.text == "R&&D && 8 report"  # doubled: Excel shows one
    assert (head.right.text, head.right.size) == ("2026-W46", 8)
