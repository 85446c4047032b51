"""The Flow page: the numbers it shows are those of the analysis, and their rows can be opened."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import sample_data
from analysis.flow import flow
from analysis.flow.diagram import OPEN_VISITS
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.flow import NET_FLOW, TURNAROUND_P85, WORK_IN_PROGRESS
from metrics.model import Metric
from metrics.periods import week
from metrics.scope import Scope
from tests.sample_data import reading
from tests.ui.apps import app, home_of, texts
from ui.text import md_escape

PAGE = "pages/operations/flow.py"
BEHIND = {
    "cfd_explain": NET_FLOW,
    "wip_explain": WORK_IN_PROGRESS,
    "scatter_explain": TURNAROUND_P85,
    "ages_explain": OPEN_VISITS,
    "oldest_explain": OPEN_VISITS,
}


@pytest.fixture(scope="module", autouse=True)
def home(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("flow_home")
    shutil.copytree(sample_workspace.root, folder / "sample")
    with home_of(folder) as found:
        yield found


def test_the_page_says_what_the_analysis_found(sample_workspace: Workspace) -> None:
    found = flow(Store.open(sample_workspace), Scope(week("2026-W46")))
    started = app(PAGE)
    assert not started.exception
    shown = texts(started)
    assert md_escape(found.rest) in shown
    assert "Second review" in found.rest
    assert found.little is not None
    assert md_escape(found.little.sentence) in shown
    clickable = [e.proto.id for e in started.get("vega_lite_chart")]
    for key in ("scatter", "ages", "net_chart", "throughput_chart"):
        assert any(name.endswith(f"-{key}") for name in clickable), (key, clickable)
    assert len(clickable) == 4 + 4 + 2  # tiles, these, and the two pictures of bands


def test_the_oldest_work_listed_is_that_of_the_stage_named(sample_workspace: Workspace) -> None:
    found = flow(Store.open(sample_workspace), Scope(week("2026-W46")))
    assert found.ages is not None
    assert found.ages.worst is not None
    started = app(PAGE)
    assert started.selectbox(key="flow_stage").value == "Second review"
    listed = next(
        frame.value for frame in started.dataframe if "Age" in getattr(frame.value, "columns", ())
    )
    assert list(listed["Item"]) == [visit.item for visit in found.ages.worst.late[:12]]


@pytest.mark.parametrize(("key", "metric"), BEHIND.items())
def test_every_number_of_the_page_has_its_definition(key: str, metric: Metric) -> None:
    started = app(PAGE)
    started.button(key=key).click().run()
    assert not started.exception
    assert md_escape(metric.definition) in texts(started)
    assert "could not be computed" not in texts(started)


def older_than_most_in_second_review(folder: Path) -> int:
    """Visits open when week 46 ends, older than 85% of those finished in the 26 weeks before it."""
    sample_data.write(folder)
    log = reading.visits(folder)
    log = log[log["Stage"] == "Second review"]
    begun = log[["Entered", "Started"]].max(axis=1)
    window = (log["Finished"] >= "2026-05-11") & (log["Finished"] < "2026-11-09")
    done = log[window & (log["Finished"] >= begun)]
    limit = (done["Finished"] - done["Entered"]).quantile(0.85)
    standing = log[log["Finished"].isna() & log["Completed"].isna()]
    return int((pd.Timestamp("2026-11-16") - standing["Entered"] > limit).sum())


def test_rows_of_the_oldest_open(tmp_path: Path) -> None:
    started = app(PAGE)
    started.session_state["explain_tab"] = "Rows"
    started.button(key="oldest_explain").click().run()
    assert not started.exception
    assert f"{older_than_most_in_second_review(tmp_path)} rows" in texts(started)
