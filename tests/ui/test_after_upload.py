"""The one sentence after accepting a file, worked by hand."""

from __future__ import annotations

from pathlib import Path

from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Workspace
from tests.ui.apps import ONE_OF_EACH, made
from tests.uploading import upload
from ui.after_upload import told


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def issue(key: str, **more: str) -> dict[str, str]:
    (row,) = ONE_OF_EACH["issues"]
    return {**row, "issue_key": key, "due_on": "2026-11-12", **more}


def test_the_first_file_says_which_week_is_shown_and_how_much_of_it(tmp_path: Path) -> None:
    workspace = made(Workspace(tmp_path / "own"))
    before = Store.open(workspace)
    upload(workspace, "issues", [issue("OPS-1")])
    warehouse.publish(workspace)
    assert plain(told(before, workspace)) == (
        "This week now shows week 46: one of eight measures has data."
    )


def test_a_later_file_names_the_numbers_that_moved(tmp_path: Path) -> None:
    workspace = made(Workspace(tmp_path / "own"), issues=[issue("OPS-1")])
    before = Store.open(workspace)
    upload(workspace, "issues", [issue("OPS-1"), issue("OPS-2"), issue("OPS-3")])
    warehouse.publish(workspace)
    assert plain(told(before, workspace)) == (
        "On This week, week 46: issues past due are 3 (were 1)."
    )


def test_a_file_that_moves_nothing_says_so(tmp_path: Path) -> None:
    workspace = made(Workspace(tmp_path / "own"), issues=[issue("OPS-1")])
    before = Store.open(workspace)
    upload(workspace, "issues", [issue("OPS-1", summary="Slower")])
    warehouse.publish(workspace)
    assert plain(told(before, workspace)) == (
        "Nothing changed on This week: all measures of week 46 are the same."
    )


def test_a_file_that_ends_before_the_week_says_where_it_ends(tmp_path: Path) -> None:
    workspace = made(Workspace(tmp_path / "own"))
    before = Store.open(workspace)
    (row,) = ONE_OF_EACH["reviews"]
    upload(workspace, "reviews", [{**row, "reviewed_at": "2026-11-05 10:00"}])
    warehouse.publish(workspace)
    assert plain(told(before, workspace)) == (
        "This week shows week 46, for which none of its measures has data yet; the data so far "
        "end on 5 Nov 2026."
    )
