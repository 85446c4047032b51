"""The Issues page: cumulative flow, what is oldest, and what changed since the last export."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.workspace import Workspace
from tests.ui.apps import app, home_of, texts
from ui.text import md_escape

PAGE = "pages/operations/issues.py"


@pytest.fixture(scope="module", autouse=True)
def home(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("issues_home")
    shutil.copytree(sample_workspace.root, folder / "sample")
    with home_of(folder) as found:
        yield found


def test_the_sample_has_a_flow_over_its_eight_exports() -> None:
    started = app(PAGE)
    assert not started.exception
    said = texts(started)
    assert md_escape("8 exports, by status category") in said
    assert "Issues not done went from" in said


def test_changes_are_listed_with_the_days_between_which_they_were_and_filtered_by_kind() -> None:
    started = app(PAGE)
    (pills,) = [one for one in started.get("button_group") if one.key == "issue_change_kinds"]
    table = _table(started)
    assert {"New", "Resolved"} <= set(table["Change"])
    assert any("between" in when for when in table["When"])
    pills.set_value(["resolved"]).run()
    assert not started.exception
    assert set(_table(started)["Change"]) == {"Resolved"}


def test_no_issue_is_longer_in_its_status_than_it_can_be() -> None:
    started = app(PAGE)
    (table,) = [one.value for one in started.dataframe if "Days, at least" in one.value.columns]
    assert len(table) == 10
    assert (table["Days, at least"] <= table["Days, at most"]).all()
    assert list(table["Days, at least"]) == sorted(table["Days, at least"], reverse=True)


def _table(started):
    (table,) = [one.value for one in started.dataframe if "When" in one.value.columns]
    return table
