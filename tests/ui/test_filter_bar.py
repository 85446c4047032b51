"""The address sets the filters; what is no filter falls back to the default."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data_access.store import Store
from data_access.workspace import Workspace
from metrics.flow import ITEMS_COMPLETED
from metrics.periods import parse_period, week
from metrics.scope import scope
from tests.ui.apps import ONE_OF_EACH, app, home_of, made, texts
from ui.view import View

TRENDS = "pages/operations/trends.py"


@pytest.fixture(scope="module", autouse=True)
def home(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("filter_home")
    shutil.copytree(sample_workspace.root, folder / "sample")
    with home_of(folder) as found:
        yield found


def view(started: AppTest) -> View:
    assert not started.exception
    found: View = started.session_state["_view"]
    return found


def test_without_an_address_the_last_complete_week_is_shown_against_the_one_before() -> None:
    seen = view(app())
    assert seen.scope.period == week("2026-W46")
    assert seen.comparison.then == week("2026-W45")
    assert seen.scope.filters == ()


@pytest.mark.parametrize(
    "name",
    ["2026-W40", "2026-10", "2026-11-03", "2026-09-02..2026-10-03"],
)
def test_a_link_can_name_its_days_shortly(name: str) -> None:
    assert view(app(dates=name)).scope.period == parse_period(name)


def test_the_address_sets_period_comparison_and_slices() -> None:
    seen = view(
        app(
            period="Last 13 weeks",
            versus="vs same week last year",
            team=["Radiology", "Pathology"],
            project="Pathology",
            dataset="Biopsy slides",
            where=["Stage: Second review"],
        )
    )
    assert seen.scope.period.days == 91
    assert seen.scope.period.until == date(2026, 11, 16)
    assert seen.comparison.then is not None
    assert seen.comparison.then.since.year == 2025
    assert dict(seen.scope.filters) == {
        "team": ("Pathology", "Radiology"),
        "project": ("Pathology",),
        "dataset": ("Biopsy slides",),
        "stage": ("Second review",),
    }


def test_custom_days_come_from_the_address() -> None:
    seen = view(app(period="Custom dates", days=["2026-09-02", "2026-10-03"]))
    assert seen.scope.period == parse_period("2026-09-02..2026-10-03")


def test_half_a_custom_range_falls_back_to_a_week() -> None:
    seen = view(app(period="Custom dates", days=["2026-09-02"]))
    assert seen.scope.period == week("2026-W46")


@pytest.mark.parametrize(
    "params",
    [
        {"period": "decade"},
        {"period": ""},
        {"dates": "2026-W99"},
        {"dates": "zzz..yyy"},
        {"dates": "2026-10-03..2026-09-02"},
        {"team": "nobody"},
        {"team": ["", "nobody"]},
        {"versus": "vs the moon"},
        {"where": "Stage: Nowhere"},
        {"where": "no colon"},
        {"where": "Planet: Mars"},
        {"days": ["x", "y"]},
        {"versus_days": "today"},
    ],
)
def test_a_bad_value_in_the_address_falls_back_to_the_default(
    params: dict[str, str | list[str]],
) -> None:
    seen = view(app(**params))
    assert seen.scope.period == week("2026-W46")
    assert seen.comparison.then == week("2026-W45")
    assert seen.scope.filters == ()


@pytest.mark.parametrize(
    "params",
    [{"metric": "Flow: Nothing"}, {"grain": "decade"}, {"split": "By planet"}, {"range": "maybe"}],
)
def test_a_bad_value_of_the_page_itself_falls_back_to_the_default(params: dict[str, str]) -> None:
    started = app(TRENDS, **params)
    assert not started.exception
    assert started.selectbox(key="metric").value == "turnaround_p50"
    assert started.selectbox(key="split").value == "none"


def test_a_filter_stays_when_the_page_changes() -> None:
    started = app(team="Radiology")
    started.switch_page("pages/quality/quality_outcomes.py").run()
    assert view(started).scope.filters == (("team", ("Radiology",)),)


def test_filters_reach_the_numbers_of_the_page(home: Path) -> None:
    started = app(TRENDS, team="Radiology")
    started.selectbox(key="metric").set_value("items_completed").run()
    store = Store.open(Workspace(home / "sample"))
    expected = store.value(ITEMS_COMPLETED, scope(week("2026-W46"), {"team": ["Radiology"]}))
    whole = store.value(ITEMS_COMPLETED, scope(week("2026-W46")))
    assert started.metric[0].value == expected.text
    assert expected.value != whole.value


def test_a_filter_that_the_rows_do_not_have_is_said() -> None:
    started = app("pages/operations/issues.py", dataset="Biopsy slides")
    assert not started.exception
    assert "not recorded by dataset" in texts(started)


def test_days_picked_by_a_reader_move_the_numbers() -> None:
    started = app()
    started.selectbox(key="period").set_value("custom").run()
    started.date_input(key="days").set_value((date(2026, 10, 5), date(2026, 10, 11))).run()
    assert view(started).scope.period == week("2026-W41")


def test_the_weekly_report_and_the_data_pages_show_no_slices() -> None:
    for page, keys in (
        ("pages/now/weekly_report.py", {"period", "versus"}),
        ("pages/data/upload.py", set()),
        ("pages/data/definitions.py", set()),
    ):
        started = app(page)
        shown = {box.key for box in started.selectbox} & {"period", "versus"}
        assert shown == keys
        assert not {box.key for box in started.multiselect} & {"team", "project", "dataset"}


def test_what_a_link_asks_for_in_vain_is_said() -> None:
    started = app(team=["Radiology", "Nobody"], dates="garbage")
    told = " ".join(toast.value for toast in started.toast)
    assert "asks for Nobody" in told and "asks for garbage" in told
    assert view(started).scope.filters == (("team", ("Radiology",)),)
    assert not app(team="Radiology", dates="2026-W40").toast


def test_a_link_names_its_workspace_and_one_reader_does_not_move_another(
    sample_workspace: Workspace, tmp_path: Path
) -> None:
    shutil.copytree(sample_workspace.root, tmp_path / "sample")
    with home_of(tmp_path):
        one, other = app(), app()
        one.button(key="start_own").click().run()
        assert view(one).store.workspace.name == "own"
        assert view(other.run()).store.workspace.name == "sample"
        assert view(app()).store.workspace.name == "own"
        assert view(app(workspace="sample")).store.workspace.name == "sample"
        assert view(app(workspace="nobody's")).store.workspace.name == "own"


def test_the_other_workspace_opens_on_all_of_its_own_newest_week(
    sample_workspace: Workspace, tmp_path: Path
) -> None:
    shutil.copytree(sample_workspace.root, tmp_path / "sample")
    made(Workspace(tmp_path / "own"), **ONE_OF_EACH)
    with home_of(tmp_path):
        started = app(period="Week 40 · 28 Sep – 4 Oct 2026", team="Radiology", workspace="own")
        started.button(key="show_sample").click().run()
        seen = view(started)
        assert seen.store.workspace.name == "sample"
        assert (seen.scope.period, seen.scope.filters) == (week("2026-W46"), ())


@pytest.mark.parametrize("page", ["operations/flow", "operations/stages", "operations/bottlenecks"])
def test_a_page_whose_rows_lie_elsewhere_leads_to_their_newest_week(
    page: str, tmp_path: Path
) -> None:
    """The work is of January 2026, an issue of this week keeps the bar at W46."""
    (work,), issues = ONE_OF_EACH["work_log"], ONE_OF_EACH["issues"]
    old = {**work, "entered_at": "2026-01-13 08:00", "started_at": "2026-01-13 09:00",
           "finished_at": "2026-01-14 10:00"}  # fmt: skip
    made(Workspace(tmp_path / "own"), work_log=[old], issues=issues)
    with home_of(tmp_path):
        started = app(f"pages/{page}.py", workspace="own")
        assert view(started).period == week("2026-W46")
        assert "No rows of this page lie in Week" in texts(started)
        started.button(key="show_newest").click().run()
        assert view(started).period == week("2026-W03")
        assert "No rows of this page lie in Week" not in texts(started)
