"""The Capacity page on the sample: the numbers it shows, and one person moved."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.workspace import Workspace
from tests.ui.apps import app, home_of, texts

PAGE = "pages/operations/capacity.py"


@pytest.fixture(scope="module", autouse=True)
def home(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("capacity_home")
    shutil.copytree(sample_workspace.root, folder / "sample")
    with home_of(folder) as found:
        yield found


def test_the_planted_stage_and_its_assigned_hours_are_in_the_banner_and_the_table() -> None:
    page = app(PAGE)
    assert not page.exception
    told = " ".join(str(one.value) for one in page.error).replace("\\", "")
    assert "Second review needs" in told
    assert "of 41 with a known capacity" in told
    first = page.dataframe[0].value.iloc[0]
    # planted: four reviewers with 38 hours, two with half of them
    assert (first["Stage"], first["Assigned"], first["State"]) == (
        "Second review", 4 * 38 + 2 * 19, "■ Over capacity",
    )  # fmt: skip
    assert "R. Okafor" not in str(page.dataframe[1].value["Person"].tolist())  # names are hidden
    assert page.dataframe[1].value.iloc[0]["State"].startswith("■ 6")


def test_a_person_moved_to_second_review_brings_their_hours() -> None:
    page = app(PAGE)
    page.selectbox(key="move_from").set_value("First review").run()
    told = " ".join(str(one.value) for one in page.info).replace("\\", "")
    assert (
        "One person moved (38\N{NO-BREAK SPACE}h): Second review would go from 143% to 119%" in told
    )


def test_the_mean_of_touch_hours_can_be_chosen() -> None:
    page = app(PAGE)
    before = page.dataframe[0].value.set_index(["Stage", "Team"])["Demand"]
    page.radio(key="touch").set_value("Mean").run()
    after = page.dataframe[0].value.set_index(["Stage", "Team"])["Demand"]
    assert (after > before.reindex(after.index)).all()
    assert "could not be computed" not in texts(page)
