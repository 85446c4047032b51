"""The frame around every page: cautions and settings."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from streamlit.testing.v1 import AppTest

from data_access import catching_up, warehouse
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.periods import week
from metrics.scope import scope
from tests.ui.apps import ONE_OF_EACH, app, home_of, made, texts
from tests.uploading import upload

DEFINITIONS = "pages/data/definitions.py"
MORE = [{"item_id": "I-2", "stage": "Review", "entered_at": "2026-11-11 08:00"}]


def plain(started: AppTest) -> str:
    """All texts of the page without the marks that keep Markdown from reading them."""
    return texts(started).replace("\\", "")


def wait_until_built(workspace: Workspace) -> None:
    until = time.monotonic() + 60
    while catching_up._watch(workspace).turn.locked() or warehouse.is_behind(workspace):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_page_shows_the_old_numbers_with_a_caution_while_a_manifest_cannot_be_read(
    tmp_path: Path,
) -> None:
    own = made(Workspace(tmp_path / "own"), **ONE_OF_EACH)
    manifest = own.uploads / f"{upload(own, 'work_log', MORE, source='other').upload_id}.json"
    whole = manifest.read_text()
    manifest.write_text(whole[:50])
    with home_of(tmp_path):
        started = app(DEFINITIONS)
        assert [title.value for title in started.title] == ["Definitions"]
        assert "Accepted files are not in the numbers yet: The manifest of an" in plain(started)
        manifest.write_text(whole)
        started.run()
        wait_until_built(own)
        assert "Accepted files" not in plain(started.run())


def test_an_open_page_builds_what_a_killed_upload_left_unbuilt(tmp_path: Path) -> None:
    own = made(Workspace(tmp_path / "own"), **ONE_OF_EACH)
    before = warehouse.current(own)
    upload(own, "work_log", MORE, source="other")
    with home_of(tmp_path):
        started = app(DEFINITIONS)
        assert not started.exception
        assert "Accepted files" not in plain(started)
        wait_until_built(own)
        assert warehouse.current(own) != before
        number = warehouse.current(own).split("-")[1]
        assert f"Snapshot {number}" in plain(started.run())


ITEM = {"item_id": "I-3", "project": "P", "team": "T", "entered_at": "2026-11-09 08:00"}
VISITS = [
    ITEM | {"stage": "Review", "finished_at": "2026-11-09 10:00"},
    ITEM | {"stage": "Delivery", "entered_at": "2026-11-12 09:00"},
    *ONE_OF_EACH["work_log"],
]


def settings_of(started: AppTest) -> AppTest:
    return started.button("settings").click().run()


def save(opened: AppTest) -> None:
    """A click inside the dialog, which this runner keeps open only when it is asked for again."""
    opened.button("settings").click()
    opened.button("save_settings").click().run()


def completed(workspace: Workspace) -> float | None:
    store = Store.open(workspace)
    return store.value(METRICS["items_completed"], scope(week("2026-W46"))).value


def test_the_stage_at_which_a_projects_items_are_complete_is_set_in_the_settings(
    tmp_path: Path,
) -> None:
    own = made(Workspace(tmp_path / "own"), work_log=VISITS)
    before = warehouse.current(own)
    assert completed(own) == 1.0
    with home_of(tmp_path):
        opened = settings_of(app(DEFINITIONS))
        row = opened.selectbox("terminal_P")
        assert row.options == ["Suggested: Review (1 item ended there)", "Delivery", "Review"]
        row.select("Delivery")
        save(opened)
        assert not opened.exception and not opened.error
        assert own.settings.terminal_stages == {"P": "Delivery"}
        assert warehouse.current(own) > before
        assert completed(own) == 0.0
        assert [(s.stage, s.suggested) for s in Store.open(own).terminal_stages()] == [
            ("Delivery", "Review")
        ]
        again = settings_of(app(DEFINITIONS))
        assert again.selectbox("terminal_P").value == "Delivery"
        again.selectbox("terminal_P").select_index(0)
        save(again)
    assert own.settings.terminal_stages == {}
    assert completed(own) == 1.0


def test_settings_that_cut_no_table_build_none(tmp_path: Path) -> None:
    own = made(Workspace(tmp_path / "own"), **ONE_OF_EACH)
    before = warehouse.current(own)
    with home_of(tmp_path):
        opened = settings_of(app(DEFINITIONS))
        opened.text_input[-1].set_value("Quality board")
        save(opened)
        assert not opened.exception and not opened.error
    assert own.settings.audience == "Quality board"
    assert warehouse.current(own) == before


def test_settings_whose_tables_cannot_be_built_are_kept_and_the_page_claims_no_pseudonyms(
    tmp_path: Path,
) -> None:
    own = made(Workspace(tmp_path / "own"), **ONE_OF_EACH)
    own.save_settings(replace(own.settings, hide_names=False))
    warehouse.publish(own)
    with home_of(tmp_path):
        opened = settings_of(app(DEFINITIONS))
        opened.toggle[-1].set_value(True)
        manifest = next(own.uploads.glob("*.json"))
        whole = manifest.read_text()
        manifest.write_text("{")
        save(opened)
        assert "The manifest of an upload cannot be read" in plain(opened)
        assert own.settings.hide_names
        assert not Store.open(own).settings.hide_names
        manifest.write_text(whole)
        catching_up._watch(own).tried_at = -1e9
        opened.run()
        wait_until_built(own)
    assert Store.open(own).settings.hide_names
