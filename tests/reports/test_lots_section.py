"""The report's section of sampled lots."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from analysis.sampling.history import outcome_of
from analysis.sampling.iso2859 import plan
from analysis.sampling.model import Plan, plan_text
from data_access.lots import Lot
from data_access.records import Records
from metrics.periods import week
from reports import excel, weekly, word
from reports.blocks import Cell, Paragraph, Table, cell_text, plain
from reports.context import Context
from reports.sections import lots
from tests.reports import small
from tests.reports.acceptance import excel_faults, word_faults
from tests.reports.outline import excel_outline, word_outline

W46 = week("2026-W46")
H = plan(420, "II", 2.5)
TUESDAY = datetime(2026, 11, 10, 9)


@pytest.fixture
def store(tmp_path):
    return small.store_of_weeks(tmp_path, 2)


@pytest.fixture
def records(store):
    opened = Records(store.workspace)
    yield opened
    opened.close()


def decided(records: Records, bad: int, at: datetime, used: Plan = H, text: str = "") -> None:
    lot = records.lots.draw(
        Lot(name=f"{text}Batch", project=f"{text}Chest CT", scope=f"{text}Week 46", size=used.size,
            plan=plan_text(used), seed=4711, drawn_at=at),
        [(f"{text}CT-{i}", "Ann") for i in range(used.n)], by=f"{text}Lea", at=at,
    )  # fmt: skip
    items = records.lots.items(lot)
    results = [replace(x, result="fail" if i < bad else "pass") for i, x in enumerate(items)]
    records.lots.record(lot, results, by="Ana", at=at)
    found = outcome_of(lot, records.lots.items(lot))
    records.lots.decide(
        lot, found.decision.value, checked=found.checked, defective=found.defective,
        by=f"{text}M. Chen", at=at + timedelta(hours=2),
    )  # fmt: skip


def section(store, records):
    return lots.section(Context(store, records, W46))


def tables(store, records) -> list[Table]:
    return [block for block in section(store, records).blocks if isinstance(block, Table)]


def test_the_table_has_the_lots_decided_in_the_period_and_no_other(store, records):
    decided(records, 1, datetime(2026, 11, 8, 9))  # Sunday of week 45
    decided(records, 2, TUESDAY)
    decided(records, 4, TUESDAY + timedelta(days=1))
    decided(records, 0, datetime(2026, 11, 16, 0))  # Monday of week 47
    (table, *_) = tables(store, records)
    assert [row.key for row in table.rows] == ["L-02", "L-03"]
    assert table.caption == "Two lots decided, one not accepted"
    assert table.sheet == "Lots"


def test_a_row_says_plan_counts_interval_and_decision(store, records):
    decided(records, 4, TUESDAY)
    (table, *_) = tables(store, records)
    shown = {
        column.label: cell_text(cell, column.kind)
        for column, cell in zip(table.columns, table.rows[0].cells, strict=True)
    }
    assert shown | {
        "Items": "420", "n": "50", "Ac": "3", "Re": "4", "Checked": "50", "Defective": "4",
        "Rate": "8.0%", "95% interval": "2.2–19.2%", "Decision": "■ Not accepted",
        "Seed": "4711", "By": "M. Chen",
        "Plan": "ISO 2859-1:1999, level II, normal, AQL 2.5, code letter H",
        "Inspection": "Normal inspection, as the lots before at AQL 2.5, level II ask for",
    } == shown  # fmt: skip


def test_every_lot_has_its_certificate(store, records):
    decided(records, 2, TUESDAY)
    certificate = tables(store, records)[1]
    facts = {row.key: row.cells[1] for row in certificate.rows}
    assert certificate.caption == "L-01 was accepted: 2 of 50 checked items defective"
    assert facts["Plan"] == Cell(
        "ISO 2859-1:1999, level II, normal, AQL 2.5, code letter H: n 50, Ac 3, Re 4"
    )
    assert facts["Found"].value == ("2 of 50 checked items defective: 4.0%, 95% interval 0.5–13.7%")
    assert facts["Items"].value == "420 in the lot, 50 drawn by Lea with seed 4711"
    assert str(facts["Decided"].value).replace("\xa0", " ") == "10 Nov 2026, 11:00, by M. Chen"
    assert "Switching score 3 of 30" in str(facts["Afterwards"].value)
    assert certificate.sheet == ""


def test_what_came_before_the_period_counts_for_the_standing(store, records):
    decided(records, 4, datetime(2026, 11, 6, 9))
    decided(records, 4, TUESDAY)
    facts = {row.key: row.cells[1].value for row in tables(store, records)[1].rows}
    assert str(facts["Afterwards"]).startswith("2 of the last 2 lots were not accepted (9.3.1)")


def test_more_lots_than_certificates_are_said(store, records):
    for day in range(8):
        decided(records, 0, TUESDAY + timedelta(hours=day))
    found = section(store, records)
    assert len([block for block in found.blocks if isinstance(block, Table)]) == 7
    last = found.blocks[-1]
    assert isinstance(last, Paragraph)
    assert "the first 6 of 8 lots" in plain(last.runs)


def test_a_week_without_lots_says_so(store, records):
    (table,) = tables(store, records)
    assert table.rows == ()
    report = weekly.build(store, records, W46)
    text = word_outline(word.write(report))
    _, heading, after = text.partition("[Heading 1] Sampled lots")
    assert heading
    assert "Nothing to report this week." in after.partition("[Heading 1]")[0]


@pytest.mark.parametrize("text", ["", "=1+1 <b>&amp; "])
def test_the_files_with_lots_pass_all_acceptance_checks(store, records, text):
    decided(records, 2, TUESDAY, text=text)
    decided(records, 6, TUESDAY, plan(8, "II", 0.65) if not text else H, text=text)
    report = weekly.build(store, records, W46)
    written, book = word.write(report), excel.write(report)
    assert word_faults(written) == []
    assert excel_faults(book) == []
    assert "Certificate L-02" in word_outline(written)
    assert "tbl_lots" in excel_outline(book)
