"""The report's section of improvements."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from data_access.improvements import _TABLE, Improvement
from data_access.records import Records
from metrics.periods import week
from reports import excel, weekly, word
from reports.blocks import FindingList, Paragraph, Table, plain
from reports.context import Context
from reports.sections import improvements
from tests.reports import small
from tests.reports.acceptance import excel_faults, word_faults

W46 = week("2026-W46")


@pytest.fixture
def store(tmp_path):
    return small.store_of_weeks(tmp_path, 2)


@pytest.fixture
def records(store):
    opened = Records(store.workspace)
    yield opened
    opened.close()


def test_without_improvements_the_section_says_so(store, records):
    (block,) = improvements.section(Context(store, records, W46)).blocks
    assert isinstance(block, Paragraph)
    assert plain(block.runs) == "No improvement is followed yet."


def test_two_weeks_of_data_claim_nothing_and_nasty_words_stay_words(store, records):
    for name, state in (("=1+1 <b>**Turn**", "Running"), ("Given up", "Dropped")):
        records.improvements.add(
            Improvement(name=name, start_on=date(2026, 11, 9), metric="turnaround_p50",
                        state=state),
            by="Ana", at=datetime(2026, 11, 1),
        )  # fmt: skip
    blocks = improvements.section(Context(store, records, W46)).blocks
    (lines,) = [block for block in blocks if isinstance(block, FindingList)]
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert [row.key for row in table.rows] == ["I-01"]  # the dropped one is left out
    assert "annot be told" in lines.items[0].lead
    assert table.rows[0].cells[5].value is None
    report = weekly.build(store, records, W46)
    assert word_faults(word.write(report)) == []
    assert excel_faults(excel.write(report)) == []


@pytest.mark.parametrize(
    ("columns", "lead"),
    [
        ({"metric": "old_rate"}, "the measure old_rate is no longer in the catalogue."),
        ({"filters": '{"planet": ["Mars"]}'}, "are not recorded by planet."),
    ],
)
def test_one_whose_measure_or_slice_is_gone_is_said_and_the_rest_stands(
    store, records, columns, lead
):
    for name in ("First", "Second"):
        records.improvements.add(
            Improvement(name=name, start_on=date(2026, 11, 9), metric="turnaround_p50"),
            by="Ana", at=datetime(2026, 11, 1),
        )  # fmt: skip
    with records.improvements._database.writing() as connection:
        connection.execute(_TABLE.update().where(_TABLE.c.name == "First").values(**columns))
    blocks = improvements.section(Context(store, records, W46)).blocks
    (lines,) = [block for block in blocks if isinstance(block, FindingList)]
    (table,) = [block for block in blocks if isinstance(block, Table)]
    said = {line.lead.split(":")[0]: line for line in lines.items}
    assert said["First"].lead.endswith(lead)
    assert "Change" in said["First"].next_step
    assert "needed before the change have a value" in said["Second"].lead
    assert [row.key for row in table.rows] == ["I-02", "I-01"]  # as of now: newest number first
    report = weekly.build(store, records, W46)
    assert word_faults(word.write(report)) == []
    assert excel_faults(excel.write(report)) == []
