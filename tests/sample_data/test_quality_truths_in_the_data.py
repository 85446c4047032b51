"""The planted truths of the quality desk hold in the raw files; worked out by pandas alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import sample_data
from sample_data import ALL, Plant
from tests import FULL
from tests.sample_data import reading

SEEDS = (7, 21, 22, 23, 24, 25) if FULL else (7,)
PERSON, LABEL, LOT = "S. Lindqvist", "Phone call", "TUM-B11-L1"
CARELESS_SINCE, GUIDELINE_SINCE = "2026-09-14", "2026-09-28"
LIMIT = float(norm.isf(0.001 / 2))
Two = tuple[Path, Path]


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed {seed}")
def both(request, tmp_path_factory) -> Two:
    """The planted sample and its twin."""
    planted, twin = (tmp_path_factory.mktemp(name) for name in ("planted", "twin"))
    sample_data.write(planted, seed=request.param)
    sample_data.write(twin, seed=request.param, plants=frozenset())
    return planted, twin


def shared(folder: Path, dataset: str, field: str = "", *, since: str = "") -> pd.DataFrame:
    found = reading.answers(reading.annotations(folder))
    found = found[(found["dataset"] == dataset) & (found["created_at"] >= since)]
    return reading.pairs(found[found["field"] == field] if field else found)


def split(pairs: pd.DataFrame, name: str) -> tuple[pd.Series, pd.Series]:
    """Agreement by pair of people: of those with the person, and of the others."""
    is_theirs = (pairs["annotator_one"] == name) | (pairs["annotator_two"] == name)
    by_pair = pairs.groupby([is_theirs, "pair"])["agree"].mean()
    return by_pair[True], by_pair[False]


def gold_accuracy(folder: Path, *, since: str, until: str = "9") -> tuple[float, float]:
    """Of the person, and of all others together."""
    found = reading.answers(reading.annotations(folder)).dropna(subset="gold")
    found = found[found["dataset"] == "Chest X-ray findings"]
    found = found[(found["created_at"] >= since) & (found["created_at"] < until)]
    is_right = found["answer"] == found["gold"]
    shares = is_right.groupby(found["annotator"] == PERSON).mean()
    return shares[True], shares[False]


def test_all_pairs_with_the_careless_annotator_are_low_and_no_other_pair(both):
    theirs, others = split(shared(both[0], "Chest X-ray findings", since=CARELESS_SINCE), PERSON)
    assert len(theirs) == 5
    assert len(others) == 10
    assert theirs.max() < others.min()
    assert theirs.mean() < others.mean() - 0.3


def test_the_careless_annotator_was_like_the_others_before_and_is_in_the_twin(both):
    early = shared(both[0], "Chest X-ray findings")
    early = early[early["at"] < pd.Timestamp(CARELESS_SINCE, tz="UTC")]
    for pairs in (early, shared(both[1], "Chest X-ray findings", since=CARELESS_SINCE)):
        theirs, others = split(pairs, PERSON)
        assert abs(theirs.mean() - others.mean()) < 0.07


def test_gold_answers_show_the_careless_annotator_alone(both):
    theirs, others = gold_accuracy(both[0], since=CARELESS_SINCE)
    assert theirs < 0.75 < 0.88 < others
    for usual in (
        gold_accuracy(both[0], since="", until=CARELESS_SINCE),
        gold_accuracy(both[1], since=CARELESS_SINCE),
    ):
        assert min(usual) > 0.85


def given_by_both(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pair of people × label: of the items where one gave the label, the share where both did."""
    shares = {}
    for label in sorted(set(pairs["answer_one"])):
        counted = (pairs[["answer_one", "answer_two"]] == label).sum(axis=1)
        shares[label] = (counted == 2).groupby(pairs["pair"]).sum() / (counted > 0).groupby(
            pairs["pair"]
        ).sum()
    return pd.DataFrame(shares)


@pytest.mark.parametrize("half", ["early", "late"])
def test_every_pair_is_low_on_the_ambiguous_label_in_both_halves(both, half):
    pairs = shared(both[0], "Discharge notes", "Follow-up")
    is_late = pairs["at"] >= "2026-08-17"
    shares = given_by_both(pairs[is_late == (half == "late")])
    assert len(shares) == 3
    assert (shares.idxmin(axis=1) == LABEL).all()
    assert shares[LABEL].max() < 0.5
    assert shares.drop(columns=[LABEL, "Clinic visit"]).mean().min() > 0.6


def test_in_the_twin_the_label_is_as_clear_as_the_others(both):
    shares = given_by_both(shared(both[1], "Discharge notes", "Follow-up"))
    assert shares[LABEL].min() > 0.6
    assert abs(shares[LABEL].mean() - shares.drop(columns=LABEL).to_numpy().mean()) < 0.12


def test_where_the_ambiguous_label_is_doubted_people_say_the_label_beside_it(both):
    pairs = shared(both[0], "Discharge notes", "Follow-up")
    unequal = pairs[~pairs["agree"]]
    one, two = unequal["answer_one"], unequal["answer_two"]
    beside = pd.concat([two[one == LABEL], one[two == LABEL]]).value_counts(normalize=True)
    assert beside.index[0] == "Clinic visit"
    assert beside.iloc[0] > 0.8


def defective_by_lot(folder: Path) -> pd.DataFrame:
    """Of the sampled items of each lot of the dataset, how many any review did not accept."""
    found = reading.reviews(folder)
    found = found[(found["Dataset"] == "Tumor margins") & (found["Sampled"] == "yes")]
    item = (found["Outcome"] != "accepted").groupby([found["Lot"], found["Task"]]).max()
    return item.groupby("Lot").agg(["sum", "size"])


def test_the_bad_lot_is_far_worse_than_all_others_of_its_dataset_and_its_twin_is_not(both):
    lots, twin = defective_by_lot(both[0]), defective_by_lot(both[1])
    share, twin_share = lots["sum"] / lots["size"], twin["sum"] / twin["size"]
    others = lots.drop(LOT).sum()
    assert share[LOT] > 0.45
    assert others["sum"] / others["size"] < 0.17
    assert share.drop(LOT).max() < share[LOT] - 0.15
    assert twin_share[LOT] < 0.3


def test_planting_the_bad_lot_changes_what_its_reviews_say_and_nothing_else(tmp_path):
    key = ["Review", "Task", "Annotator", "Reviewer", "Reviewed at", "Sampled", "Lot"]
    found = []
    for name, plants in (("planted", {Plant.BAD_LOT}), ("twin", set[Plant]())):
        sample_data.write(tmp_path / name, plants=frozenset(plants))
        found.append(reading.reviews(tmp_path / name))
    merged = found[0].merge(found[1], on=key, suffixes=("", "_twin"), how="outer")
    assert len(merged) == len(found[0]) == len(found[1])
    changed = merged[merged["Outcome"] != merged["Outcome_twin"]]
    assert set(changed["Outcome"]) == {"fixed"}
    assert set(changed["Outcome_twin"]) == {"accepted"}
    log = reading.visits(tmp_path / "planted")
    assert set(reading.items(log).set_index("Task")["Batch"][changed["Task"]]) == {"TUM-B11"}
    same = [log.drop(columns="Outcome"), reading.visits(tmp_path / "twin").drop(columns="Outcome")]
    pd.testing.assert_frame_equal(*same)


def test_people_disagree_on_the_items_of_the_bad_lot_and_of_no_other_batch(both):
    agree = shared(both[0], "Tumor margins").groupby("batch")["agree"].mean()
    twin = shared(both[1], "Tumor margins").groupby("batch")["agree"].mean()
    assert agree["TUM-B11"] < 0.6
    assert agree.drop("TUM-B11").min() > 0.72
    assert twin["TUM-B11"] > 0.72


def change(pairs: pd.DataFrame, since: str) -> tuple[float, float]:
    """How much agreement changed on a day, and in standard errors over items (Welch)."""
    by_item = pairs.groupby("item_id").agg(agree=("agree", "mean"), at=("at", "max"))
    is_later = by_item["at"] >= pd.Timestamp(since, tz="UTC")
    before, after = by_item.loc[~is_later, "agree"], by_item.loc[is_later, "agree"]
    error = np.sqrt(before.var() / len(before) + after.var() / len(after))
    return after.mean() - before.mean(), (after.mean() - before.mean()) / error


def best_step(pairs: pd.DataFrame) -> pd.Period:
    """The first week of the step that leaves the least squares."""
    weekly = reading.by_week(pairs["agree"].astype(float), pairs["at"].dt.tz_localize(None), "mean")
    values = weekly.to_numpy()
    left = {
        weekly.index[at]: values[:at].var() * at + values[at:].var() * (values.size - at)
        for at in range(3, values.size - 2)
    }
    return min(left, key=left.__getitem__)


def test_agreement_on_the_topics_falls_in_the_week_of_the_marker_and_stays(both):
    pairs = shared(both[0], "Discharge notes", "Topics")
    size, z = change(pairs, GUIDELINE_SINCE)
    assert size < -0.2
    assert z < -7
    assert best_step(pairs) == pd.Period("2026-09-28", freq="W-SUN")
    last = pairs[pairs["at"] >= pd.Timestamp("2026-10-26", tz="UTC")]["agree"].mean()
    assert abs(last - pairs[pairs["at"] >= GUIDELINE_SINCE]["agree"].mean()) < 0.08
    markers = pd.read_csv(both[0] / "markers.csv").set_index("Label")
    marked = markers.loc["Topic list v2"]
    assert (marked["Day"], marked["Scope"]) == (GUIDELINE_SINCE, "dataset=Discharge notes")


def test_agreement_changes_on_that_day_in_no_other_field_and_not_in_the_twin(both):
    for folder, dataset, field in (
        (both[0], "Discharge notes", "Follow-up"),
        (both[1], "Discharge notes", "Topics"),
        (both[1], "Discharge notes", "Follow-up"),
        (both[1], "Chest X-ray findings", "Finding"),
        (both[1], "Tumor margins", "Margin"),
    ):
        assert abs(change(shared(folder, dataset, field), GUIDELINE_SINCE)[1]) < LIMIT, field


@pytest.mark.parametrize("plant", sorted(sample_data.QUALITY))
def test_leaving_one_plant_of_the_quality_desk_out_leaves_the_others_in(plant, tmp_path):
    truths = sample_data.write(tmp_path, plants=ALL - {plant})
    assert {truth.plant for truth in truths.planted} == ALL - {plant}
    theirs, others = split(shared(tmp_path, "Chest X-ray findings", since=CARELESS_SINCE), PERSON)
    label = given_by_both(shared(tmp_path, "Discharge notes", "Follow-up"))[LABEL]
    lots = defective_by_lot(tmp_path).loc[LOT]
    found = {
        Plant.CARELESS: theirs.max() < others.min(),
        Plant.AMBIGUOUS: label.max() < 0.5,
        Plant.BAD_LOT: lots["sum"] / lots["size"] > 0.45,
        Plant.GUIDELINE: change(shared(tmp_path, "Discharge notes", "Topics"), GUIDELINE_SINCE)[1]
        < -LIMIT,
    }
    assert found == {one: one is not plant for one in sample_data.QUALITY}
