"""The Delivery forecast page: the sentence, the chosen batch, who is first, what was sent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from data_access.records import Records
from data_access.workspace import Workspace
from sample_data.plants import CLOCK
from tests.test_forecast_log import told
from tests.ui.apps import ONE_OF_EACH, app, charts, home_of, made, texts

PAGE = "pages/delivery/delivery_forecast.py"
DELIVERIES = "pages/delivery/deliveries.py"
FAN = "Accepted items of the batch, so far and forecast"


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


def batch_table(started):
    return next(frame.value for frame in started.dataframe if "Chance" in frame.value)


def test_the_most_urgent_batch_is_answered_first(sample_home):
    started = app(PAGE)
    (banner,) = started.error
    text = banner.value.replace("\xa0", " ").replace("\\", "")
    assert text.startswith("**■ CXR-R01: 50% by ")
    assert text.endswith("the promise of 27 Nov holds in 0 of 100 runs.")
    assert "Throughput 10% higher would move it most: the 85% date" in said(started)
    assert "Past 85% dates held in" in said(started)
    table = batch_table(started)
    assert table["Batch"].tolist()[0] == "CXR-R01"
    assert table["Chance"].dropna().is_monotonic_increasing
    assert FAN in charts(started)


def test_a_link_shows_the_batch_and_its_numbers_agree_with_the_table(sample_home):
    started = app(PAGE, batch_forecast="DIS-B17")
    assert started.selectbox(key="batch_forecast").value.endswith(":DIS-B17")
    (banner,) = started.success
    row = batch_table(started).set_index("Batch").loc["DIS-B17"]
    day = row["85% by"]
    assert f"85% by {day.day} {day:%b}" in banner.value.replace("\xa0", " ").replace("\\", "")
    goal = charts(started)[FAN]["frame"][0]["goal"]
    assert goal == "82 promised"
    marked = [one["label"] for one in charts(started)[FAN]["dates"]]
    assert "Promised 4\xa0Dec" in marked


def test_this_batch_first_gives_it_all_the_work(sample_home):
    started = app(PAGE)
    before = batch_table(started).set_index("Batch")
    started.toggle(key="first").set_value(True).run()
    assert not started.exception
    after = batch_table(started).set_index("Batch")
    assert after.loc["CXR-R01", "85% by"] < before.loc["CXR-R01", "85% by"]
    assert after.loc["CXR-B17", "85% by"] > before.loc["CXR-B17", "85% by"]
    assert after.loc["CXR-B17", "After"] == "CXR-R01"


def test_all_work_shared_is_another_question(sample_home):
    started = app(PAGE)
    started.selectbox(key="shared_by").set_value("").run()
    assert not started.exception
    assert set(batch_table(started)["Work"]) == {"All work"}


def test_a_filter_that_does_not_apply_is_said(sample_home):
    started = app(PAGE, team="Radiology")
    assert not started.exception
    assert "Filters by team do not apply here" in said(started)
    one = app(PAGE, dataset="Biopsy slides")
    assert set(batch_table(one)["Batch"]) == {"BIO-B12", "BIO-B13"}


def test_too_little_history_is_said_in_place_of_a_date(tmp_path):
    deliveries = [*ONE_OF_EACH["deliveries"], {
        "batch": "<b>*B-2*</b> =1+1", "dataset": "D", "promised_on": "2026-12-01",
        "items_promised": 5,
    }]  # fmt: skip
    made(Workspace(tmp_path / "own"), **(ONE_OF_EACH | {"deliveries": deliveries}))
    with home_of(tmp_path):
        started = app(PAGE)
    assert not started.exception
    (banner,) = [info for info in started.info if "no date can be given" in info.value]
    assert "A date needs 8 whole weeks" in banner.value
    assert banner.value.startswith("**○ \\<b\\>\\*B\\-2\\*\\<\\/b\\> \\=1\\+1\\: no date")
    assert FAN not in charts(started)


def test_a_workspace_without_deliveries_leads_to_the_upload(tmp_path):
    rows = {name: told for name, told in ONE_OF_EACH.items() if name != "deliveries"}
    made(Workspace(tmp_path / "own"), **rows)
    with home_of(tmp_path):
        started = app(PAGE)
    assert not started.exception
    assert "No delivery list was uploaded" in texts(started)


def test_forecasts_that_were_sent_are_counted(tmp_path, sample_copy):
    records = Records(sample_copy)
    records.forecasts.keep("R1", [told("CXR-B16", date(2026, 11, 9))], by="Lea", at=CLOCK)
    records.close()
    with home_of(tmp_path / "home", sample=sample_copy):
        started = app(PAGE)
    assert "Forecasts that were sent:** 1 forecast in 1 issued report" in said(started)


def test_deliveries_show_the_reason_and_the_days(sample_home):
    started = app(DELIVERIES)
    table = next(frame.value for frame in started.dataframe if "Reason late" in frame.value)
    late = table.set_index("Batch").loc["BIO-B12"]
    assert (late["Status"], late["Days late"]) == ("■ Overdue", 4)
    assert late["Reason late"] == "Export of the slides failed twice"
    assert late["Specification"] == "Slide spec 1.0"
    accepted = table.set_index("Batch").loc["CTN-B16"]
    assert str(accepted["Accepted"])[:10] == "2026-11-13"
