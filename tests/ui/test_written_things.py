"""What people write in the app: decisions, actions, commentary; signed, kept, and mended."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data_access.entries import Action, Risk
from data_access.records import Records
from data_access.workspace import Workspace, own
from metrics.errors import AppError
from metrics.periods import week
from tests.ui.apps import app, home_of, texts
from ui import entries_form, text, weekly_report

REPORT = "pages/now/weekly_report.py"
W46 = week("2026-W46")


@pytest.fixture(autouse=True)
def sample(sample_workspace: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    copied = Workspace(shutil.copytree(sample_workspace.root, tmp_path / "home" / "sample"))
    with home_of(tmp_path / "home"):
        yield copied


def kept(workspace: Workspace) -> Records:
    return Records(workspace)


def test_the_name_is_typed_once_and_kept_for_the_next_visit() -> None:
    page = app(REPORT)
    page.text_input(key="who_report").set_value("Ana Novak").run()
    assert Records(own()).person() == "Ana Novak"
    assert app(REPORT).text_input(key="who_report").value == "Ana Novak"


def test_commentary_is_kept_with_its_author_and_its_history(sample: Workspace) -> None:
    page = app(REPORT)
    page.text_input(key="who_report").set_value("Ana Novak").run()
    page.text_area(key="commentary_2026-W46_").set_value("Two people are away.").run()
    assert not page.exception
    now = kept(sample).commentary("2026-W46")
    assert now is not None
    assert (now.text, now.author) == (
        "Two people are away.",
        "S. Haddad, edited by Ana Novak",
    )
    trail = [change.after for change in kept(sample).audit()]
    assert sum('"period": "2026-W46"' in after for after in trail) >= 2


def test_every_warning_stands_above_the_downloads() -> None:
    page = app(REPORT)
    told = texts(page)
    assert "action has no owner" in told
    assert all(button.proto.disabled for button in page.get("download_button")[:2])


def test_what_the_report_prints_about_a_measure_is_on_the_page_too(sample: Workspace) -> None:
    said = [each for each in kept(sample).commentaries("2026-W46") if each.metric]
    assert said, "the sample has one"
    page = app(REPORT)
    for each in said:
        assert text.md_escape(each.text) in texts(page)
        assert text.md_escape(each.author) in texts(page)


def test_hostile_commentary_is_shown_literally_to_a_reader_without_a_name(
    sample: Workspace,
) -> None:
    nasty = "![x](https://evil.example/x.png) **bold**"
    kept(sample).write_commentary("2026-W46", nasty, by="Ana Novak", at=sample.clock())
    page = app(REPORT)
    assert text.md_escape(nasty) in texts(page)
    assert nasty not in texts(page)


class _Edits(dict[str, Any]):
    """What the table editor reports, standing in for the browser's edits."""


@pytest.fixture
def edited(sample: Workspace, monkeypatch: pytest.MonkeyPatch):
    """Report edits of the table of a kind as the browser does, and keep them."""
    page = app(REPORT)
    view = page.session_state["_view"]
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)

    def report(kind: type, **edits: Any) -> dict[str, Any]:
        nothing = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
        state["edits"] = _Edits(nothing | edits)
        entries = kept(sample).entries(kind, period=W46)
        entries_form._keep(view, kind, "edits", entries, "Ana Novak")
        return state

    return report


def test_rows_edited_added_and_deleted_in_a_table_are_kept(edited, sample: Workspace) -> None:
    first, second = kept(sample).entries(Action, period=W46)[:2]
    edited(
        Action,
        edited_rows={0: {"owner": "B. Lee", "due_on": "2026-12-01", "state": "In progress"}},
        added_rows=[{"text": "Call the vendor", "owner": None, "due_on": None, "state": "Open"}],
        deleted_rows=[1],
    )
    now = {entry.number: entry for entry in kept(sample).entries(Action, period=W46)}
    assert now[first.number].owner == "B. Lee"
    assert str(now[first.number].due_on) == "2026-12-01"
    assert second.number not in now
    assert max(now.values(), key=lambda entry: entry.number).text == "Call the vendor"


def test_a_row_without_words_waits_until_it_has_some(edited, sample: Workspace) -> None:
    before = kept(sample).entries(Risk)
    state = edited(Risk, added_rows=[{"owner": "B. Lee", "likelihood": 3}])
    assert kept(sample).entries(Risk) == before
    assert entries_form._VERSION not in state, "the table must not be drawn anew while typing"


def test_a_change_of_what_somebody_else_changed_is_told(edited, sample: Workspace) -> None:
    from dataclasses import replace

    risk = kept(sample).entries(Risk, period=W46)[0]
    state = edited(Risk, edited_rows={0: {"likelihood": 5}})
    assert kept(sample).entries(Risk, period=W46)[0].likelihood == 5
    stale = replace(risk, response="late")
    with pytest.raises(Exception, match="Somebody else changed"):
        kept(sample).change(stale, period=W46, by="C", at=sample.clock())
    assert not state.get("_problems")


def test_commentary_that_cannot_be_kept_is_told_by_the_next_run(
    sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = app(REPORT).session_state["_view"]
    with monkeypatch.context() as patch:
        state = {"field": "Two people are away."}
        patch.setattr(st, "session_state", state)
        weekly_report._keep_commentary(view, "field", "", "")
    page = app(REPORT)
    for name, value in state.items():
        page.session_state[name] = value
    assert "A name is needed to sign this" in texts(page.run())
    assert "A name is needed to sign this" not in texts(page.run())


def test_a_download_that_fails_leaves_its_reason_for_the_next_run() -> None:
    def page() -> None:
        import streamlit as st

        from metrics.errors import AppError
        from ui import messages

        def fail() -> bytes:
            raise AppError("The disk is full.")

        messages.told("file")
        st.session_state["make"] = messages.keeping("file", fail)

    started = AppTest.from_function(page).run()
    assert not started.error
    with pytest.raises(AppError):
        started.session_state["make"]()
    assert "The disk is full" in texts(started.run())
    assert not started.run().error
