"""The Stages page: its numbers are those of the log, and a way or a path opens its rows."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.periods import week
from metrics.scope import scope
from tests.ui.apps import app, home_of, made, texts

PAGE = "pages/operations/stages.py"


@pytest.fixture(scope="module", autouse=True)
def home(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("stages_home")
    shutil.copytree(sample_workspace.root, folder / "sample")
    with home_of(folder) as found:
        yield found


@pytest.fixture(scope="module")
def visits(sample_workspace: Workspace) -> pd.DataFrame:
    """The visits of the items completed in week 46, in their order."""
    store = Store.open(sample_workspace)
    rows = store.rows(METRICS["stage_time"], scope(week("2026-W46"))).to_pandas()
    return rows.sort_values(["source", "item_id", "entered_at"], kind="stable")


def test_ways_and_paths_are_those_of_the_visits(visits: pd.DataFrame):
    page = app(PAGE, period="2026-W46")
    assert not page.exception
    edges = next(d.value for d in page.dataframe if "Median wait" in d.value and "Times" in d.value)
    before = visits.groupby(["source", "item_id"])["stage"].shift()
    pairs = visits.assign(before=before).dropna(subset=["before"])
    counted = pairs.groupby(["before", "stage"]).size()
    found = edges.set_index(["From", "To"])["Times"]
    assert found.to_dict() == counted.to_dict()
    paths = Counter(visits.groupby(["source", "item_id"])["stage"].agg(" → ".join))
    table = next(d.value for d in page.dataframe if "Path" in d.value)
    assert dict(zip(table["Path"], table["Items"], strict=True)) == dict(paths.most_common(20))


def test_a_way_opens_its_visits_and_a_path_its_items(visits: pd.DataFrame):
    page = app(PAGE, period="2026-W46")
    page.selectbox(key="look_at").set_value("Way: First review → Second review").run()
    before = visits.groupby(["source", "item_id"])["stage"].shift()
    count = ((before == "First review") & (visits["stage"] == "Second review")).sum()
    assert not page.exception and f"**{count:,} rows, newest first**" in texts(page)
    path = "Intake → Annotation → First review → Delivery"
    page.selectbox(key="look_at").set_value(f"Path: {path}").run()
    whole = visits.groupby(["source", "item_id"])["stage"].agg(" → ".join)
    assert not page.exception
    assert f"**{(whole == path).sum():,} rows, newest first**" in texts(page)


def test_more_stages_than_a_map_can_hold_are_a_matrix(tmp_path: Path):
    start = datetime(2026, 11, 9, 8)
    rows = [
        {"item_id": f"I{item}", "stage": f"Stage *{step}* <b>", "event_at": start + timedelta(
            minutes=item + 5 * step)}
        for item in range(3)
        for step in range(27)
    ]  # fmt: skip
    made(Workspace(tmp_path / "own"), work_log=rows)
    with home_of(tmp_path):
        page = app(PAGE)
        assert not page.exception
        assert "27 stages, 26 ways between them" in texts(page)
        assert "rows lead to columns" in texts(page)
