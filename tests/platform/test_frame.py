"""The frame around every page: what it says when accepted files are in no number yet."""

from __future__ import annotations

import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from data_access import catching_up, warehouse
from data_access.workspace import Workspace
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
