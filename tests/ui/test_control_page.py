"""The Control charts page: links, new limits, the wall."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.workspace import Workspace
from tests.ui.apps import app, charts, home_of, texts

PAGE = "pages/quality/control_charts.py"
GUIDELINE = "21 Sep 2026: Guideline v3"


@pytest.fixture(scope="module")
def sample_home(
    sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("sample_home")
    shutil.copytree(sample_workspace.root, folder / "sample")
    with home_of(folder):
        yield folder


def said(started) -> str:
    return texts(started).replace("\xa0", " ").replace("\\", "")


def test_the_banner_gives_both_readings(sample_home):
    started = app(PAGE)
    (banner,) = started.warning
    text = banner.value.replace("\xa0", " ").replace("\\", "")
    assert text.startswith("**▲ Rejection rate.** The change since 21 Sep is more than routine:")
    assert "the target of at most 9.0% will be met in some weeks and missed in others" in text
    assert "↑ Worsening" in said(started)
    assert "▲ Hit and miss" in said(started)


def test_a_link_shows_the_measure_the_chart_and_the_new_limits(sample_home):
    started = app(PAGE, measure="Flow: Items completed", chart="EWMA chart", rebase=GUIDELINE)
    assert not started.exception
    assert started.selectbox(key="measure").value == "items_completed"
    assert started.selectbox(key="chart").value == "ewma"
    assert started.multiselect(key="rebase").value == [GUIDELINE]
    assert "Items completed by week, EWMA chart" in charts(started)
    assert "limits after 12 weeks, 8 so far" in said(started)


def test_proposed_new_limits_are_taken_with_a_click_and_say_why(sample_home):
    started = app(PAGE)
    assert "7 weeks in a row above the center after **21 Sep 2026: Guideline v3**" in said(started)
    started.button(key="rebase_0").click().run()
    assert not started.exception
    assert started.multiselect(key="rebase").value == [GUIDELINE]
    assert "From 21 Sep 2026: Guideline v3: limits after 12 weeks, 8 so far" in said(started)
    assert "Too few to judge: 8 weeks since 21 Sep 2026, limits after 12." in said(started)
    assert "New limits?" not in said(started)


def test_a_chart_that_does_not_fit_is_replaced_and_said(sample_home):
    started = app(PAGE, measure="Flow: Median turnaround", chart="p chart")
    assert "A p chart does not fit this measure" in said(started)
    assert "Median turnaround by week, XmR chart" in charts(started)


def test_a_tile_of_the_wall_charts_its_measure_at_the_top(sample_home):
    started = app(PAGE, chart="CUSUM chart")
    assert "Rejection rate by week, CUSUM chart" in charts(started)
    started.button(key="open_turnaround_p50").click().run()
    assert not started.exception
    assert "Median turnaround by week, XmR chart" in charts(started)
    assert [toast.value for toast in started.toast] != []


def test_the_wall_starts_with_the_worst(sample_home):
    started = app(PAGE)
    opened = [button.key for button in started.button if str(button.key).startswith("open_")]
    assert len(opened) > 20
    assert opened.index("open_work_in_progress") < opened.index("open_fix_rate")


@pytest.mark.parametrize("every", ["Day", "Month"])
def test_days_and_months_are_charted_too(sample_home, every):
    started = app(PAGE, every=every)
    assert not started.exception
    assert "could not be computed" not in texts(started)


def test_the_signals_open_their_rows(sample_home):
    started = app(PAGE)
    assert "8 weeks in a row above the center, since week 39" in said(started)
    assert started.button(key="signal_0_rows").label
