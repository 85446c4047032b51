"""Each planted truth holds in the raw files, its twin has it not; worked out by pandas alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu, norm

import sample_data
from sample_data import ALL, FLOW, Plant
from tests import FULL
from tests.sample_data import reading

SEEDS = (7, 21, 22, 23) if FULL else (7,)


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed {seed}")
def pair(request, tmp_path_factory) -> tuple[Path, Path, sample_data.Truths]:
    """The planted sample and its twin."""
    planted, twin = (tmp_path_factory.mktemp(name) for name in ("planted", "twin"))
    truths = sample_data.write(planted, seed=request.param)
    sample_data.write(twin, seed=request.param, plants=frozenset())
    return planted, twin, truths


def waiting(folder: Path, stage: str) -> pd.Series:
    log = reading.visits(folder)
    log = log[log["Stage"] == stage]
    return reading.level(log["Entered"], log["Started"].fillna(log["Finished"]))


def rejection(reviews: pd.DataFrame, *, later: bool) -> tuple[float, int]:
    is_later = reviews["Reviewed at"] >= "2026-09-21"
    rows = reviews[is_later == later]
    return float((rows["Outcome"] == "rejected").mean()), len(rows)


def difference_z(before: tuple[float, int], after: tuple[float, int]) -> float:
    """Two proportions, unpooled standard error (Newcombe 1998, method 1)."""
    (p, n), (q, m) = before, after
    return (q - p) / float(np.sqrt(p * (1 - p) / n + q * (1 - q) / m))


def test_the_queue_of_second_review_grows_from_week_43(pair):
    folder = pair[0]
    queue = waiting(folder, "Second review")
    before, after = queue.iloc[:22], queue.iloc[22:]
    assert after.iloc[-1] > 2 * before.mean()
    assert after.iloc[-1] > before.max() * 1.4
    assert after.iloc[-2:].mean() > after.iloc[:2].mean()
    for stage in ("Annotation", "First review", "Delivery"):
        other = waiting(folder, stage)
        assert abs(other.iloc[-4:].mean() - other.iloc[:22].mean()) < 2 * other.iloc[:22].std()


def test_the_mean_wait_grows_every_week_and_turnaround_with_it(pair):
    log = reading.visits(pair[0])
    second = log[log["Stage"] == "Second review"]
    wait = reading.by_week(second["queue"], second["Completed"], "mean")
    assert wait.iloc[22:].is_monotonic_increasing
    assert wait.iloc[-1] > 2 * wait.iloc[:22].max()
    items = reading.items(log)
    median = reading.by_week(items["turnaround"], items["Completed"], "median")
    assert median.iloc[-1] > 1.2 * median.iloc[:22].max()


def test_the_twins_queue_does_not_grow(pair):
    queue = waiting(pair[1], "Second review")
    assert queue.iloc[-4:].mean() < queue.iloc[:22].mean() + 2 * queue.iloc[:22].std()


def test_the_rejection_rate_of_one_dataset_doubles_on_the_day_of_the_marker(pair):
    reviews = reading.reviews(pair[0])
    hit = reviews[reviews["Dataset"] == "Radiology reports"]
    before, after = rejection(hit, later=False), rejection(hit, later=True)
    assert 1.7 < after[0] / before[0] < 2.3
    assert difference_z(before, after) > 6
    markers = pd.read_csv(pair[0] / "markers.csv")
    guideline = markers[markers["Kind"] == "guideline change"].iloc[0]
    assert (guideline["Day"], guideline["Scope"]) == ("2026-09-21", "dataset=Radiology reports")


def test_no_other_datasets_rejection_rate_moves_nor_the_twins(pair):
    limit = float(norm.isf(0.001 / 2))
    for folder, names in ((pair[0], set()), (pair[1], {"Radiology reports"})):
        reviews = reading.reviews(folder)
        for name in names | (set(reviews["Dataset"]) - {"Radiology reports"}):
            rows = reviews[reviews["Dataset"] == name]
            z = difference_z(rejection(rows, later=False), rejection(rows, later=True))
            assert abs(z) < limit, name


def test_one_reviewer_gets_far_more_second_reviews_than_any_peer_and_they_wait_longer(pair):
    log = reading.visits(pair[0])
    second = log[(log["Stage"] == "Second review") & (log["Entered"] >= "2026-10-05")]
    load = second["Assignee"].value_counts()
    assert load.index[0] == "R. Okafor"
    assert load.iloc[0] > 2 * load.iloc[1]
    wait = second.groupby("Assignee")["queue"].mean()
    assert wait["R. Okafor"] > 2 * wait.drop("R. Okafor").max()


def test_before_and_in_the_twin_the_reviewer_is_one_of_six(pair):
    for folder, since, until in (
        (pair[0], "2026-05-12", "2026-10-05"),
        (pair[1], "2026-10-05", "2026-11-16"),
    ):
        log = reading.visits(folder)
        rows = log[(log["Stage"] == "Second review") & log["Entered"].between(since, until)]
        share = (rows["Assignee"] == "R. Okafor").mean()
        assert abs(share - 1 / 6) < 4 * np.sqrt(1 / 6 * 5 / 6 / len(rows))


def test_the_overload_alone_does_not_make_the_stage_wait_longer(tmp_path):
    sample_data.write(tmp_path, plants=frozenset({Plant.OVERLOAD}))
    log = reading.visits(tmp_path)
    second = log[log["Stage"] == "Second review"]
    wait = reading.by_week(second["queue"], second["Completed"], "mean")
    assert abs(wait.iloc[20:].mean() - wait.iloc[:20].mean()) < 3 * wait.iloc[:20].std() / np.sqrt(
        6
    )


def test_one_batch_promised_in_the_last_week_is_missing_and_the_rest_mostly_on_time(pair):
    folder, twin, truths = pair
    truth = truths.planted_truth(Plant.LATE)
    assert truth is not None
    listed = reading.deliveries(folder)
    due = listed[listed["Promised on"] < "2026-11-16"]
    missing = due[due["Delivered at"].isna()]
    assert missing["Batch"].tolist() == [truth.segment]
    assert missing["Promised on"].iloc[0] >= pd.Timestamp("2026-11-09")
    others = due.drop(missing.index)
    is_on_time = others["Delivered at"].dt.normalize() <= others["Promised on"]
    assert is_on_time.mean() > 0.88
    other = reading.deliveries(twin).set_index("Batch").loc[truth.segment]
    assert other["Delivered at"].normalize() <= other["Promised on"]


@pytest.mark.parametrize("plant", sorted(FLOW))
def test_leaving_one_plant_out_leaves_the_others_in(plant, tmp_path):
    truths = sample_data.write(tmp_path, plants=ALL - {plant})
    assert {truth.plant for truth in truths.planted} == ALL - {plant}
    queue = waiting(tmp_path, "Second review")
    grows = queue.iloc[-1] > 2 * queue.iloc[:22].mean()
    reviews = reading.reviews(tmp_path)
    hit = reviews[reviews["Dataset"] == "Radiology reports"]
    doubles = difference_z(rejection(hit, later=False), rejection(hit, later=True)) > 5
    second = reviews[(reviews["Review stage"] == "2") & (reviews["Reviewed at"] >= "2026-10-05")]
    share = second["Reviewer"].value_counts(normalize=True)
    overloaded = share.iloc[0] > 2 * share.iloc[1]
    listed = reading.deliveries(tmp_path)
    is_late = bool(
        ((listed["Promised on"] < "2026-11-16") & listed["Delivered at"].isna()).any()
    )  # fmt: skip
    found = {
        Plant.QUEUE: grows, Plant.REJECTIONS: doubles,
        Plant.OVERLOAD: overloaded, Plant.LATE: is_late,
    }  # fmt: skip
    assert found == {one: one is not plant for one in FLOW}


def test_the_first_weeks_are_like_the_others(pair):
    """No ramp-up: durations, completions and open work of weeks 21-24 are not apart."""
    log = reading.visits(pair[1])
    items = reading.items(log)
    done = items.dropna(subset=["Completed"])
    early = done["Completed"].between("2026-05-18", "2026-06-15")
    later = done["Completed"] >= "2026-06-15"
    test = mannwhitneyu(done.loc[early, "turnaround"], done.loc[later, "turnaround"])
    assert test.pvalue > 0.001
    completed = reading.by_week(done["Task"], done["Completed"], "size")
    wip = reading.level(items["Entered"], items["Completed"])
    for series in (completed, wip):
        assert abs(series.iloc[0] - series.mean()) < 3 * series.std()
