"""The Bottlenecks page: the way behind each of its numbers, and clicks that move the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.bottlenecks import QUEUE_HOURS, STAGE_HOURS
from data_access.workspace import Workspace
from metrics.flow import ITEMS_WAITING, QUEUE_TIME, QUEUE_TIME_P50, TOUCH_TIME, TURNAROUND_MEAN
from metrics.model import Metric
from tests.ui.apps import app, home_of, texts
from ui.text import md_escape

PAGE = "pages/operations/bottlenecks.py"
BEHIND = {
    "turnaround": TURNAROUND_MEAN,
    "stage_queue_time": QUEUE_TIME,
    "stage_touch_time": TOUCH_TIME,
    "stage_sum_of_stage_hours": STAGE_HOURS,
    "stage_items_waiting": ITEMS_WAITING,
    "stage_bars_explain": QUEUE_HOURS,
    "stage_line_explain": QUEUE_TIME,
    "what_if_explain": QUEUE_TIME_P50,
    "oldest_explain": ITEMS_WAITING,
}


@pytest.fixture(scope="module", autouse=True)
def home(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("bottlenecks_home")
    shutil.copytree(sample_workspace.root, folder / "sample")
    with home_of(folder) as found:
        yield found


@pytest.mark.parametrize("tab", ["Definition", "Rows", "SQL", "Chart"])
@pytest.mark.parametrize("key", ["turnaround", "stage_sum_of_stage_hours", "stage_bars_explain"])
def test_every_tab_opens_for_numbers_that_only_this_page_shows(key: str, tab: str) -> None:
    started = app(PAGE)
    started.session_state["explain_tab"] = tab
    started.button(key=key).click().run()
    assert not started.exception
    assert "could not be computed" not in texts(started)


@pytest.mark.parametrize(("key", "metric"), BEHIND.items())
def test_every_number_of_the_page_has_its_definition(key: str, metric: Metric) -> None:
    started = app(PAGE)
    started.button(key=key).click().run()
    assert not started.exception
    assert md_escape(metric.definition) in texts(started)


def test_the_points_of_the_stage_over_time_can_be_clicked() -> None:
    started = app(PAGE)
    (line,) = [e.proto for e in started.get("vega_lite_chart") if e.proto.id.endswith("stage_line")]
    assert list(line.selection_mode) == ["pick"]
