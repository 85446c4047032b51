"""What is drawn and written on a page is what the store answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from analysis.headline_set import KEY_METRICS
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.flow import ITEMS_COMPLETED, ITEMS_WAITING
from metrics.periods import parse_period, week
from metrics.quality import REJECTION_RATE
from metrics.scope import Scope, scope
from tests.ui.apps import app, charts, home_of, texts

W46 = Scope(week("2026-W46"))
HALF_YEAR = Scope(parse_period("2026-05-18..2026-11-15"))


@pytest.fixture(scope="module")
def store(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("drawn_home")
    shutil.copytree(sample_workspace.root, folder / "sample")
    with home_of(folder):
        yield Store.open(Workspace(folder / "sample"))


def day(stamp: float) -> str:
    return datetime.fromtimestamp(stamp / 1000, UTC).date().isoformat()


def test_the_tiles_show_the_values_of_the_store(store: Store) -> None:
    shown = {tile.label: tile.value for tile in app().metric}
    values = store.values(KEY_METRICS, W46)
    assert shown == {metric.label: values[metric.name].text for metric in KEY_METRICS}


def test_a_tile_shows_the_change_against_the_window_it_names(store: Store) -> None:
    started = app()
    now = store.value(ITEMS_COMPLETED, W46).value
    then = store.value(ITEMS_COMPLETED, Scope(week("2026-W45"))).value
    assert now is not None and then is not None
    change = ITEMS_COMPLETED.unit.show_change(now - then)
    assert f"-badge[{change}] :small[:gray[vs week\N{NO-BREAK SPACE}45]]" in texts(started)


def test_a_window_of_another_year_is_named_with_its_year_and_its_lack_of_data() -> None:
    started = app(versus="vs same week last year")
    assert "no value in week 46, 2025" in texts(started).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("name", ["items_completed", "rejection_rate", "items_waiting"])
def test_the_trend_draws_every_value_of_the_series(name: str, store: Store) -> None:
    started = app("pages/operations/trends.py")
    started.selectbox(key="metric").set_value(name).run()
    metric = METRICS[name]
    (drawn,) = [sets for sets in charts(started).values() if sets.get("ticks") is not None]
    points = {day(row["x"]): row["y"] for row in drawn["rows"]}
    expected = {
        value.period.since.isoformat(): value.value
        for value in store.series_values(metric, HALF_YEAR, "week")[name]
    }
    assert len(expected) == 26
    assert points == expected


def test_a_split_trend_draws_a_line_for_every_segment(store: Store) -> None:
    started = app("pages/operations/trends.py")
    started.selectbox(key="metric").set_value("rejection_rate").run()
    started.selectbox(key="split").set_value("dataset").run()
    assert not started.exception
    (drawn,) = [sets for sets in charts(started).values() if sets.get("ticks") is not None]
    expected = {
        (value.segment, value.period.name): value.value
        for value in store.series_values(REJECTION_RATE, HALF_YEAR, "week", by="dataset")[
            REJECTION_RATE.name
        ]
        if value.value is not None
    }
    assert {(row["segment"], row["period"]): row["y"] for row in drawn["dots"]} == expected


def test_the_bars_by_dataset_are_the_breakdown_of_the_store(store: Store) -> None:
    drawn = charts(app("pages/quality/quality_outcomes.py"))
    (found,) = [sets for alt, sets in drawn.items() if alt.startswith("Rejection rate by dataset")]
    expected = {
        value.segment: (value.value, value.low, value.high)
        for value in store.breakdown_values(REJECTION_RATE, W46, "dataset")[REJECTION_RATE.name]
        if value.value is not None
    }
    assert {row["segment"]: (row["value"], row["low"], row["high"]) for row in found["rows"]} == (
        expected
    )


def test_the_bottleneck_page_counts_who_waits_in_each_stage(store: Store) -> None:
    started = app("pages/operations/bottlenecks.py")
    table = started.dataframe[0].value
    waiting = dict(zip(table["stage"], table["waiting"], strict=True))
    for stage, count in waiting.items():
        here = scope(W46.period, {"stage": [stage]})
        assert store.value(ITEMS_WAITING, here).value == count
    assert abs(table["share"].sum() - 100) < 5  # the rest is time between stages


def test_every_chart_of_every_page_has_a_name(store: Store) -> None:
    for page in ("pages/now/this_week.py", "pages/operations/bottlenecks.py",
                 "pages/quality/quality_outcomes.py", "pages/delivery/deliveries.py",
                 "pages/operations/issues.py", "pages/operations/trends.py"):  # fmt: skip
        for element in app(page).get("vega_lite_chart"):
            assert 8 <= len(element.proto.alt) <= 600
