"""Without plants nothing trends and little is flagged: 20 twins, judged by pandas and scipy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import binom, kendalltau

import sample_data
from tests import count
from tests.sample_data import reading

Series = dict[tuple[str, str], pd.Series]


def of_items(items: pd.DataFrame, name: str) -> Iterator[tuple[tuple[str, str], pd.Series]]:
    done = items.dropna(subset=["Completed"])
    week = done["Completed"].dt.to_period("W-SUN")
    yield ("arrivals", name), reading.by_week(items["Task"], items["Entered"], "size")
    yield ("completed", name), reading.by_week(done["Task"], done["Completed"], "size")
    yield ("work in progress", name), reading.level(items["Entered"], items["Completed"])
    for share in (0.5, 0.85):
        quantile = done.groupby(week)["turnaround"].quantile(share).reindex(reading.WEEKS)
        yield (f"turnaround {share}", name), quantile


def of_visits(log: pd.DataFrame, name: str) -> Iterator[tuple[tuple[str, str], pd.Series]]:
    yield ("queue", name), reading.by_week(log["queue"], log["Completed"], "mean")
    yield ("waiting", name), reading.level(log["Entered"], log["Started"].fillna(log["Finished"]))


def of_reviews(reviews: pd.DataFrame, name: str) -> Iterator[tuple[tuple[str, str], pd.Series]]:
    when = reviews["Reviewed at"]
    yield ("reviews", name), reading.by_week(reviews["Task"], when, "size")
    for outcome in ("accepted", "rejected"):
        share = (reviews["Outcome"] == outcome).astype(float)
        yield (outcome, name), reading.by_week(share, when, "mean")


def weekly(folder: Path) -> Series:
    log, reviews = reading.visits(folder), reading.reviews(folder)
    found: Series = {}
    for make, rows, slices in (
        (of_items, reading.items(log), ("Project", "Dataset", "Team")),
        (of_visits, log, ("Dataset", "Team", "Stage")),
        (of_reviews, reviews, ("Dataset", "Team", "Reviewer", "Review stage")),
    ):
        found |= dict(make(rows, ""))
        for column in slices:
            for value, part in rows.groupby(column):
                found |= dict(make(part, f"{column}={value}"))
    return found


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> list[Series]:
    found = []
    for seed in range(101, 101 + count(20)):
        folder = tmp_path_factory.mktemp(f"twin{seed}")
        sample_data.write(folder, seed=seed, plants=frozenset())
        found.append(weekly(folder))
    return found


@pytest.mark.slow
def test_weekly_values_of_twins_have_no_trend_beyond_chance(twins):
    """Kendall's rank test at 5%; slices of one twin share weeks, so the whole is tested apart."""
    p_values = [
        kendalltau(range(26), series.to_numpy()).pvalue
        for twin in twins
        for series in twin.values()
        if series.notna().all()
    ]
    flagged = sum(p < 0.05 for p in p_values)
    assert len(p_values) > 180 * len(twins)
    assert flagged / len(p_values) <= 0.075
    whole = [
        kendalltau(range(26), twin[name, ""].to_numpy()).pvalue < 0.05
        for twin in twins
        for name in ("turnaround 0.5", "arrivals", "rejected", "queue")
    ]
    assert sum(whole) <= binom.ppf(0.999, len(whole), 0.05)


@pytest.mark.slow
def test_a_control_chart_flags_at_most_five_percent_of_the_last_weeks_of_twins(twins):
    flags = [reading.xmr_flags_last(series) for twin in twins for series in twin.values()]
    assert len(flags) > 180 * len(twins)
    assert sum(flags) / len(flags) <= 0.05
