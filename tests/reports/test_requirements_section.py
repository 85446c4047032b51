"""The report's section of requirements: in words first, then every criterion with its evidence."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from data_access.criteria import Criterion
from data_access.records import Records
from data_access.requirements import Requirement
from metrics.periods import week
from reports import excel, weekly, word
from reports.blocks import Table, cell_text
from reports.context import Context
from reports.sections import requirements
from tests.reports import small
from tests.reports.acceptance import excel_faults, word_faults

W46 = week("2026-W46")
EARLY = datetime(2026, 10, 1, 9)
DUE = date(2026, 11, 13)


@pytest.fixture
def store(tmp_path):
    return small.store_of_weeks(tmp_path, 2)


@pytest.fixture
def records(store):
    opened = Records(store.workspace)
    yield opened
    opened.close()


def criterion(store, *, threshold: float, min_n: int = 1) -> Criterion:
    return Criterion(
        metric="reviews_done", window="2026-W46", threshold=threshold, min_n=min_n, due_on=DUE
    )


def kept(records, *criteria: Criterion, text: str = "", at: datetime = EARLY) -> Requirement:
    door = records.requirements
    one = door.add(
        Requirement(title=f"{text}Enough reviews", asked_by=f"{text}ML", owner="Lea"),
        f"{text}As many as there are items.", by="Lea", at=at,
    )  # fmt: skip
    one = door.write(one, text="As many", steps=[], criteria=criteria, by="Lea", at=at)
    return door.agree(one, by=f"{text}Ana", at=at) if criteria else one


def tables(store, records) -> list[Table]:
    section = requirements.section(Context(store, records, W46))
    return [block for block in section.blocks if isinstance(block, Table)]


def shown(table: Table, row: int = 0) -> dict[str, str]:
    return {
        column.label: cell_text(cell, column.kind).replace("\N{NO-BREAK SPACE}", " ")
        for column, cell in zip(table.columns, table.rows[row].cells, strict=True)
    }


def test_without_a_requirement_the_section_says_so(store, records):
    (table,) = tables(store, records)
    assert (table.caption, table.rows) == ("No requirement is written", ())


def test_a_reader_is_told_in_words_what_was_asked_and_whether_it_is_met(store, records):
    """30 items of the week have two reviews each, so at least 60 is met and 61 is not."""
    kept(records, criterion(store, threshold=60))
    kept(records, criterion(store, threshold=61))
    kept(records, criterion(store, threshold=60, min_n=61))
    kept(records)
    withdrawn = kept(records, criterion(store, threshold=61))
    records.requirements.withdraw(withdrawn, "Gone", by="Lea", at=EARLY)
    table, _ = tables(store, records)
    assert table.caption == "One of three agreed requirements met"
    assert [shown(table, i)["Met"] for i in range(4)] == [
        "● Yes", "■ No", "▲ Cannot be told yet", "○ Not agreed yet",
    ]  # fmt: skip
    assert shown(table, 1)["In words"] == (
        "Reviews done were 60; at least 61 was asked, so they miss by 1."
    )
    assert [shown(table, i)["Due"] for i in range(2)] == ["–", "Overdue by 3 days"]
    assert len(table.rows) == 4


def test_the_appendix_has_all_that_is_needed_to_check_it_again(store, records):
    kept(records, criterion(store, threshold=61, min_n=20), at=datetime(2026, 11, 16, 1))
    _, table = tables(store, records)
    row = shown(table)
    assert row | {
        "ID": "REQ-01.1", "Metric": "reviews_done", "Value": "60", "n": "60", "Smallest n": "20",
        "Threshold": "61", "Margin": "−1", "Verdict": "■ Fail", "By": "13 Nov 2026",
        "Version": "1", "Agreed by": "Ana", "When agreed": "Set after the data",
        "Snapshot": store.snapshot, "95% interval": "–",
    } == row  # fmt: skip
    assert "from reviews" in row["SQL"]


@pytest.mark.parametrize("text", ["", "=1+1 <b>&amp; "])
def test_word_and_excel_lay_it_out_without_a_fault(store, records, text, tmp_path):
    kept(records, criterion(store, threshold=60), criterion(store, threshold=61), text=text)
    report = weekly.build(store, records, W46)
    assert report.section("requirements") is not None
    assert word_faults(word.write(report)) == []
    assert excel_faults(excel.write(report)) == []
