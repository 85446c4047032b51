"""The report's section on targets: both readings of every measure, the same as on the page."""

from __future__ import annotations

from datetime import date
from math import ceil

import pytest

from analysis.control.desk import charted
from data_access.records import Records
from data_access.store import Store
from metrics.catalog import CHARTED
from metrics.periods import week
from metrics.scope import scope
from reports.blocks import Paragraph, Table, plain
from reports.context import Context
from reports.sections import control
from tests.analysis.small import store_of, two_stages

W46 = week("2026-W46")


@pytest.fixture(scope="module")
def store(sample_workspace) -> Store:
    return Store.open(sample_workspace)


def blocks(store: Store, workspace, period=W46):
    records = Records(workspace)
    try:
        return control.section(Context(store, records, period)).blocks
    finally:
        records.close()


def cells(table: Table, label: str):
    place = [column.label for column in table.columns].index(label)
    return [row.cells[place] for row in table.rows]


def test_word_shows_what_has_a_target_and_excel_all(store, sample_workspace):
    found = charted(store, list(CHARTED.values()), scope(W46), "week")
    paragraph, table = blocks(store, sample_workspace)
    held = [one.metric.label for one in found if one.target is not None]
    assert isinstance(paragraph, Paragraph) and isinstance(table, Table)
    names = [cell.value for cell in cells(table, "Measure")]
    assert names[: table.word_rows] == held
    assert sorted(names) == sorted(one.metric.label for one in found)
    assert table.sheet == "Control charts"


def test_the_table_says_what_the_page_says(store, sample_workspace):
    _, table = blocks(store, sample_workspace)
    found = {
        one.metric.name: one for one in charted(store, list(CHARTED.values()), scope(W46), "week")
    }
    for row, reading, low in zip(
        table.rows, cells(table, "Reading"), cells(table, "Lower limit"), strict=True
    ):
        one = found[row.key]
        assert reading.value == f"{one.reading.variation} {one.reading.promise}"
        limits = one.reading.limits
        exact = limits.low if limits else None
        is_whole = one.metric.unit.name == "count" and limits and limits.high - limits.low > 2
        assert low.value == (ceil(exact) if is_whole else exact)


def test_the_sentence_counts_the_targets_by_what_becomes_of_them(store, sample_workspace):
    paragraph, table = blocks(store, sample_workspace)
    words = [str(cell.value) for cell in cells(table, "Assurance")[: table.word_rows]]
    assert set(words) == {"▲ Hit and miss"}
    assert plain(paragraph.runs) == (
        f"While nothing changes, {_word(len(words))} targets will be hit and missed by routine "
        "variation."
    )


def _word(number: int) -> str:
    names = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return names[number] if number < 10 else str(number)


def test_missed_targets_are_named(tmp_path):
    # 60 h of waiting in each of 16 weeks, with a little variation: a target of 54 h is out of reach
    rows = [row for ago in range(16) for row in two_stages(ago, [60 + ago % 3, 62, 64, 61, 63])]
    store = store_of(tmp_path, {"work_log": rows})
    paragraph, table = blocks(store, store.workspace)
    text = plain(paragraph.runs)
    assert "will be missed nearly always" in text
    missed = [
        name.value
        for name, face in zip(cells(table, "Measure"), cells(table, "Assurance"), strict=True)
        if face.value == "■ Will be missed"
    ]
    assert missed
    for name in missed:
        assert str(name).lower() in text.lower()


def test_little_history_and_none_are_said(tmp_path):
    rows = [row for ago in range(3) for row in two_stages(ago, [60, 62, 64, 61, 63])]
    few = store_of(tmp_path / "few", {"work_log": rows})
    first, _ = blocks(few, few.workspace)
    assert plain(first.runs) == "There is too little history to say whether targets will be met."
    empty = store_of(tmp_path / "empty", {})
    assert blocks(empty, empty.workspace) == ()
    assert few.today == date(2026, 11, 16)
