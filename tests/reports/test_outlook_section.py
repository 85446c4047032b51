"""The report's delivery outlook: the forecasts of the page, kept when the report is issued."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from analysis.forecast import sentences
from analysis.forecast.desk import by_urgency, outlooks
from analysis.forecast.walk_back import calibration_of, judged_sent
from analysis.forecast.work import work
from data_access.records import Records
from data_access.store import Store
from metrics.periods import week
from metrics.scope import scope
from reports import issuing, weekly
from reports.blocks import Figure, Paragraph, Table, plain
from reports.context import Context
from reports.report import from_json
from reports.sections import outlook
from tests.reports import handmade
from tests.reports.small import records_of, store_of_weeks

W46 = week("2026-W46")


@pytest.fixture(scope="module")
def store(sample_workspace) -> Store:
    return Store.open(sample_workspace)


def blocks(store: Store, period=W46):
    records = Records(store.workspace)
    try:
        return outlook.section(Context(store, records, period)).blocks
    finally:
        records.close()


def test_the_table_has_the_forecasts_of_the_page(store):
    known = work(store, scope(W46))
    told = by_urgency(outlooks(known, known.until))
    text, drawn, table, note = blocks(store)
    assert isinstance(text, Paragraph) and isinstance(drawn, Figure) and isinstance(table, Table)
    labels = [column.label for column in table.columns]
    rows = [dict(zip(labels, row.cells, strict=True)) for row in table.rows]
    assert [(r["Batch"].value, r["85% by"].value, r["Chance"].value) for r in rows] == [
        (one.batch.batch, one.p85, one.chance) for one in told
    ]
    assert rows[0]["Promise"].value == "■ Likely late" and rows[0]["Promise"].tone == "red"
    said = plain(text.runs)
    assert sentences.summary(told) in said
    assert "".join(sentences.answer(told[0])) in said
    assert "Past 85% dates held in" in said
    assert "Holds while the next weeks resemble the 26 weeks" in plain(note.runs)


def test_a_report_of_an_earlier_week_knows_nothing_of_later_ones(store):
    *_, table, _note = blocks(store, week("2026-W40"))
    labels = [column.label for column in table.columns]
    known = [row.cells[labels.index("Known before")].value for row in table.rows]
    assert set(known) == {week("2026-W40").until}
    assert "CXR-R01" not in {row.cells[0].value for row in table.rows}


def test_forecasts_do_not_hang_on_how_the_table_names_its_columns(store, monkeypatch):
    """With every heading another word the same forecasts are kept, through the archive's JSON."""
    known = work(store, scope(W46))
    told = [one for one in by_urgency(outlooks(known, known.until)) if one.chance is not None]
    renamed = tuple(
        replace(column, label=f"Heading {number}") for number, column in enumerate(outlook._COLUMNS)
    )
    monkeypatch.setattr(outlook, "_COLUMNS", renamed)
    records = Records(store.workspace)
    made = outlook.section(Context(store, records, W46))
    records.close()
    report = from_json(replace(handmade.report(), sections=(made,)).to_json())
    assert [
        (one.batch, one.p85, one.chance, one.items_left) for one in outlook.told_in(report)
    ] == [(one.batch.batch, one.p85, one.chance, one.batch.left) for one in told]
    assert outlook.told_in(report.without(outlook.KEY)) == ()


def test_issuing_a_report_keeps_its_forecasts_once(sample_copy):
    store, records = Store.open(sample_copy), Records(sample_copy)
    try:
        report = weekly.build(store, records, W46)
        for _ in range(2):
            one = issuing.issue(sample_copy, records, report, by="Lea", clock=store.clock)
        sent = records.forecasts.all()
    finally:
        records.close()
    known = work(store, scope(W46))
    told = {f.batch.batch: f for f in by_urgency(outlooks(known, known.until)) if f.has_date}
    assert {one.batch for one in sent} == set(told)
    for each in sent:
        forecast = told[each.batch]
        assert (each.report, each.by) == (one.id, "Lea")
        assert (each.p50, each.p85, each.chance) == (forecast.p50, forecast.p85, forecast.chance)
        assert each.items_left == forecast.batch.left
    judged = calibration_of(judged_sent(known, sent))
    assert judged.most.n == 0  # no date is over yet
    assert sentences.held(judged.most) == "No 85% date is over yet."


def test_nothing_promised_is_an_empty_section(tmp_path):
    assert blocks(store_of_weeks(tmp_path, 0)) == ()


@pytest.mark.parametrize("weeks", [1, 9, 14])
def test_few_weeks_and_nasty_texts_are_told_in_words(tmp_path, weeks):
    store = store_of_weeks(tmp_path, weeks, text="=1+1 <b>*x* ")
    records = records_of(store)
    found = outlook.section(Context(store, records, W46)).blocks
    records.close()
    tables = [block for block in found if isinstance(block, Table)]
    assert all(row.cells[0].value.startswith("=1+1 <b>*x*") for row in tables[0].rows)
    assert store.clock == datetime(2026, 11, 16, 7)
