"""The rows behind a number: twice on a page, in the reporting zone, and in a file that fits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from data_access import warehouse
from data_access.workspace import Workspace
from tests.ui.apps import ONE_OF_EACH, app, home_of, made
from ui import rows
from ui.times import in_zone


@pytest.fixture(scope="module")
def sample_home(
    sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("rows_home")
    shutil.copytree(sample_workspace.root, folder / "sample")
    with home_of(folder):
        yield folder


def explained(started: AppTest, button: str, tab: str) -> AppTest:
    started.session_state["explain_tab"] = tab
    return started.button(key=button).click().run()


@pytest.mark.parametrize(
    ("page", "measure"),
    [
        ("pages/operations/issues.py", "issues_overdue"),
        ("pages/delivery/deliveries.py", "deliveries_due"),
    ],
)
def test_explain_shows_the_rows_of_a_measure_whose_rows_stand_on_the_page(
    page: str, measure: str, sample_home: Path
) -> None:
    started = app(page)
    shown = len(started.dataframe)
    started = explained(started, f"kpi_{measure}_explain", "Rows")
    assert not started.exception
    assert len(started.dataframe) == shown + 1


def test_rows_show_their_times_in_the_reporting_zone_and_name_it(tmp_path: Path) -> None:
    workspace = made(Workspace(tmp_path / "own"), **ONE_OF_EACH)
    workspace.save_settings(replace(workspace.settings, reporting_zone="Asia/Tokyo"))
    warehouse.publish(workspace)
    with home_of(tmp_path):
        started = explained(app(), "kpi_items_completed_explain", "Rows")
    table = started.dataframe[-1].value
    assert list(table["first_entered_at (Asia/Tokyo)"]) == [datetime(2026, 11, 10, 17)]


def test_times_move_to_the_zone_and_its_clock_changes_and_the_rest_stays() -> None:
    moments = [datetime(2026, 10, 25, 0, 30), None, datetime(2026, 10, 25, 1, 30)]
    moved = in_zone(pa.table({"at": moments, "n": [1, 2, 3]}), "Europe/Berlin")
    assert moved.to_pydict() == {
        "at (Europe/Berlin)": [
            datetime(2026, 10, 25, 2, 30), None, datetime(2026, 10, 25, 2, 30),
        ],
        "n": [1, 2, 3],
    }  # fmt: skip
    empty = pa.table({"at": pa.array([], pa.timestamp("us"))})
    assert in_zone(empty, "UTC").num_rows == 0


def test_excel_is_offered_for_as_many_rows_as_a_sheet_holds(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    started = app("pages/operations/issues.py")
    offered = {one.proto.label: one.proto for one in started.get("download_button")}
    assert not offered["CSV"].disabled
    assert offered["Excel"].disabled
    assert "A sheet holds 2 rows" in offered["Excel"].help
