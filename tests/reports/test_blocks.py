from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.errors import ReportError
from metrics.units import COUNT, HOURS, PERCENT, POINTS
from reports import report as report_module
from reports.blocks import Cell, cell_text
from reports.report import from_json
from tests.reports import handmade


def test_a_report_comes_back_from_json_equal_in_every_field():
    made = handmade.report()
    assert from_json(made.to_json()) == made
    assert from_json(made.to_json()).to_json() == made.to_json()


@settings(max_examples=60)
@given(st.floats(allow_nan=False, allow_infinity=False), st.text())
def test_json_keeps_every_bit_of_a_number_and_every_letter(number, text):
    text = text.encode("utf-8", "replace").decode()
    made = handmade.report(title=text, sections=())
    cell = Cell(number, unit=HOURS.name, text=text)
    section = report_module.Section(
        "x", "X", (handmade.Table("t", "T", (), (handmade.Row((cell,)),), "d"),)
    )
    back = from_json(replace(made, sections=(section,)).to_json())
    kept = back.sections[0].blocks[0].rows[0].cells[0]
    assert repr(kept.value) == repr(number)
    assert (kept.text, back.title) == (text, text)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), object(), {1, 2}])
def test_a_value_that_json_has_no_place_for_is_refused(bad):
    section = report_module.Section(
        "x", "X", (handmade.Table("t", "T", (), (handmade.Row((Cell(bad),)),), "d"),)
    )
    with pytest.raises(ReportError, match="cannot be archived"):
        handmade.report(sections=(section,)).to_json()


@pytest.mark.parametrize("bad", ["", "[", "{}", '{"$": "Nothing"}', '{"$": "Report"}'])
def test_json_that_is_no_report_is_told_so(bad):
    with pytest.raises(ReportError, match="cannot be read"):
        from_json(bad)


def test_the_digest_names_the_inputs_and_not_the_moment_or_the_look():
    made = handmade.report()
    later = handmade.report(prepared=datetime(2026, 11, 17), snapshot="another")
    assert later.digest == made.digest
    assert made.id == f"2026-W46-{made.digest[:10]}"
    assert handmade.report(organization="Else").digest != made.digest
    assert handmade.report(uploads=()).digest != made.digest


def test_a_section_left_out_is_gone_and_the_rest_stays():
    made = handmade.report().without("actions", "notes")
    assert made.section("actions") is None
    assert [s.key for s in made.sections][-3:] == ["quality", "empty", "appendix"]


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        (Cell(0.835, unit=PERCENT.name), "number", "83.5%"),
        (Cell(-0.007, unit=PERCENT.name), "change", "−0.7\xa0pts"),
        (Cell(0.0731, unit=POINTS.name), "number", "7.3\xa0pts"),
        (Cell(12345, unit=COUNT.name), "number", "12,345"),
        (Cell(None, unit=COUNT.name), "number", "n/a"),
        (Cell(None), "text", ""),
        (Cell(36.0, unit=HOURS.name, text="≤\xa036.0\xa0h"), "number", "≤\xa036.0\xa0h"),
        (Cell(date(2026, 11, 2)), "date", "2\xa0Nov"),
        (Cell(date(2025, 11, 2)), "date", "2\xa0Nov\xa02025"),
        (Cell(datetime(2026, 11, 2, 7, 5)), "time", "2\xa0Nov\xa02026, 07:05"),
    ],
)
def test_a_cell_reads_by_the_unit_of_its_number(cell, kind, text):
    assert cell_text(cell, kind, year=2026) == text


@pytest.mark.parametrize(
    ("period", "stem"),
    [
        ("2026-W46", "weekly-report-2026-W46"),
        ("2026-11-09..2026-11-22", "weekly-report-2026-11-09_2026-11-22"),
        ("../../etc/x", "weekly-report-_-_-etc-x"),
    ],
)
def test_file_names_are_safe_on_every_system(period, stem):
    assert handmade.report(period=period).file_stem == stem
