"""Time in status of the sample: it adds up, comes back as planted, and the app finds it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import metric
from metrics.periods import Period
from metrics.scope import scope
from sample_data import write
from sample_data.time_in_status import COLUMN, NAMES

ALWAYS = scope(Period(date(2026, 3, 1), date(2026, 11, 16)))


@pytest.fixture(scope="module")
def stays(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """One row per issue and status, taken apart by pandas alone."""
    folder: Path = tmp_path_factory.mktemp("sample")
    write(folder)
    issues = pd.read_csv(folder / "issues_2026-W46.csv", dtype=str).dropna(subset=[COLUMN])
    form = "%d/%b/%y %I:%M %p"
    took = pd.to_datetime(issues["Resolved"], format=form) - pd.to_datetime(
        issues["Created"], format=form
    )
    issues = issues.assign(seconds=took.dt.total_seconds())
    issues["entry"] = issues[COLUMN].str.split("_*|*_", regex=False)
    rows = issues.explode("entry")
    rows[["id", "visits", "ms"]] = rows["entry"].str.split("_*:*_", regex=False, expand=True)
    rows["status"] = rows["id"].map(NAMES)
    return rows.assign(visits=rows["visits"].astype(int), hours=rows["ms"].astype(int) / 3.6e6)


def test_the_times_of_an_issue_add_up_to_its_time_to_resolve(stays: pd.DataFrame) -> None:
    total = stays.groupby("Issue key")["hours"].sum() * 3600
    took = stays.groupby("Issue key")["seconds"].first()
    assert len(total) > 400
    assert (total - took).abs().max() < 60


def test_one_in_five_came_back_from_review(stays: pd.DataFrame) -> None:
    back = stays[stays["status"] == "In Review"]["visits"] > 1
    assert back.mean() == pytest.approx(0.2, abs=0.06)  # three standard errors of 450 issues


def test_the_app_finds_the_same(stays: pd.DataFrame, sample_workspace: Workspace) -> None:
    store = Store.open(sample_workspace)

    def by_status(name: str) -> dict[str, float]:
        found = store.breakdown_values(metric(name), ALWAYS, "status")[name]
        return {value.segment: float(value.value or 0) for value in found}

    by_hand = stays.groupby("status")
    assert by_status("status_hours_p50") == pytest.approx(
        by_hand["hours"].median().to_dict(), abs=1e-5
    )
    assert by_status("status_hours_p85") == pytest.approx(
        by_hand["hours"].quantile(0.85).to_dict(), abs=1e-5
    )
    came_back = by_hand["visits"].agg(lambda visits: (visits > 1).mean()).to_dict()
    assert by_status("status_rework") == pytest.approx(came_back)
    assert by_status("status_visits") == pytest.approx(by_hand["visits"].mean().to_dict())
