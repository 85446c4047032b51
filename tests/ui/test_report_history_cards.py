"""The Weekly report page: numbers restated since, and what is new between two sent reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from data_access.records import Records
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.periods import week
from reports import archive, weekly
from reports.blocks import Scorecard
from reports.report import Report
from tests.ui.apps import app, home_of, texts
from ui.text import md_escape

PAGE = "pages/now/weekly_report.py"


def _with_first_value(made: Report, value: float) -> Report:
    (card,) = made.blocks(Scorecard)
    other = replace(card, rows=(replace(card.rows[0], value=value), *card.rows[1:]))
    return replace(
        made,
        sections=tuple(
            replace(s, blocks=tuple(other if b is card else b for b in s.blocks))
            for s in made.sections
        ),
    )


def test_sent_reports_are_compared_and_their_restated_numbers_told(
    sample_copy: Workspace, tmp_path
) -> None:
    store, records = Store.open(sample_copy), Records(sample_copy)
    made = weekly.build(store, records, week("2026-W45"))
    records.close()
    clock = store.clock - timedelta(days=5)
    for day, value in enumerate((1.0, 2.0)):
        report = _with_first_value(made, value)
        archive.issue(sample_copy, report, by="Lea", clock=clock + timedelta(days=day))
    with home_of(tmp_path / "home", sample=sample_copy):
        started = app(PAGE)
        assert not started.exception
        said = texts(started)
        assert (
            md_escape("Last week's median turnaround of 2.0") in said
        )  # the newest report of the week
        assert f"**{md_escape('1 changed.')}**" in said
        (ledger,) = [t.value for t in started.dataframe if "As reported" in t.value.columns]
        assert list(ledger["As reported"]) == ["2.0\xa0h"]
        started.selectbox(key="compare_from").set_value(
            started.selectbox(key="compare_to").value
        ).run()
        assert "Both reports read the same" in texts(started)
