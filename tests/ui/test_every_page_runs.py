"""Every page on the sample data, on an empty workspace and on one row of each extract."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.workspace import Workspace
from tests.ui.apps import ONE_OF_EACH, PAGES, TITLES, app, home_of, made, texts

NEEDS_NO_DATA = ("Definitions", "Guides", "Upload")


@pytest.fixture(scope="module")
def sample_home(
    sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("sample_home")
    shutil.copytree(sample_workspace.root, folder / "sample")
    with home_of(folder):
        yield folder


@pytest.fixture(scope="module")
def one_row_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one_row")
    made(Workspace(folder / "own"), **ONE_OF_EACH)
    return folder


def test_the_pages_are_those_of_the_menu() -> None:
    assert sorted(TITLES) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_on_the_sample_data(page: str, sample_home: Path) -> None:
    started = app(page)
    assert not started.exception
    assert [title.value for title in started.title] == [TITLES[page]]
    assert all(banner.value.startswith("**■ ") for banner in started.error)
    assert "could not be computed" not in texts(started)
    assert guides_of_charts(started) == wanted_guides(started)


def guides_of_charts(started: AppTest) -> Counter[str]:
    """What a page offers on how to read its charts: links, and texts of its own."""
    offered = [link.proto.label for link in started.get("page_link")]
    offered += [each.label for each in started.expander]
    offered += [str(each.value) for each in started.markdown]
    return Counter(re.findall("How to read (?:this|the small) charts?", "\n".join(offered)))


def wanted_guides(started: AppTest) -> Counter[str]:
    """One for each chart, one for all sparklines of the wall together."""
    names = [chart.proto.alt for chart in started.get("vega_lite_chart")]
    small = sum(name.endswith(", sparkline") for name in names)
    wanted = {
        "How to read this chart": len(names) - small,
        "How to read the small charts": min(small, 1),
    }
    return Counter({name: count for name, count in wanted.items() if count})


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_empty_workspace_leads_to_the_upload(page: str, tmp_path: Path) -> None:
    with home_of(tmp_path):
        started = app(page)
        assert not started.exception
        assert [title.value for title in started.title] == [TITLES[page]]
        if TITLES[page] not in NEEDS_NO_DATA:
            assert "There are no data yet" in texts(started)
            labels = [link.proto.label for link in started.get("page_link")]
            assert "Upload an extract" in labels


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_on_one_row_of_each_extract(page: str, one_row_home: Path) -> None:
    with home_of(one_row_home):
        started = app(page)
        assert not started.exception
        assert [title.value for title in started.title] == [TITLES[page]]
        assert "could not be computed" not in texts(started)


@pytest.mark.parametrize("extract", sorted(ONE_OF_EACH))
def test_this_week_runs_when_only_one_extract_was_uploaded(extract: str, tmp_path: Path) -> None:
    made(Workspace(tmp_path / "own"), **{extract: ONE_OF_EACH[extract]})
    with home_of(tmp_path):
        started = app()
        assert not started.exception
        assert [title.value for title in started.title] == ["This week"]


def test_a_period_without_data_is_shown_without_an_exception(sample_home: Path) -> None:
    for page in PAGES:
        started = app(page, dates="2020-W10")
        assert not started.exception, page


def test_the_sample_says_so_and_offers_a_start_of_ones_own(tmp_path: Path) -> None:
    made(Workspace(tmp_path / "sample"), **ONE_OF_EACH)
    workspace = Workspace(tmp_path / "sample")
    from dataclasses import replace

    workspace.save_settings(replace(workspace.settings, is_sample=True))
    with home_of(tmp_path):
        started = app()
        assert "Sample data" in texts(started)
        started.button(key="start_own").click().run()
        assert not started.exception
        assert "Sample data" not in texts(started)
        assert "There are no data yet" in texts(started)
        started.button(key="show_sample").click().run()
        assert "Sample data" in texts(started)
