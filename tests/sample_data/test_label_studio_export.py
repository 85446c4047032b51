"""The overlap sample as Label Studio's JSON holds what the plain list holds, and the reviews."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data_access.ingest import accept, prepare
from data_access.store import Store
from data_access.warehouse import publish
from data_access.workspace import Workspace
from metrics.annotation import ANNOTATIONS_DONE, GOLD_ACCURACY, KRIPPENDORFF_ALPHA, SKIP_RATE
from metrics.periods import Period
from metrics.quality import REVIEWS_DONE
from metrics.scope import scope
from sample_data import ALL, exports
from sample_data.labeling import write_json
from sample_data.plants import CLOCK
from sample_data.working_time import seconds

REAL = Path(os.environ.get("REAL_EXTRACTS_DIR", "/nowhere")) / "label_studio" / "team_10.json"


@pytest.fixture(scope="module")
def sample() -> exports.Sample:
    return exports.Sample(7, ALL)


@pytest.fixture(scope="module")
def rows(sample: exports.Sample) -> pd.DataFrame:
    return exports.ratings(sample, CLOCK.date())


@pytest.fixture(scope="module")
def tasks(sample: exports.Sample, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    path = tmp_path_factory.mktemp("json") / "project.json"
    write_json(sample.annotations, path, cut=seconds(CLOCK.date()))
    return list(json.loads(path.read_text(encoding="utf-8")))


def labels_of(result: dict[str, Any]) -> list[str]:
    value = result["value"]
    if result["type"] == "choices":
        return list(value["choices"])
    if result["type"] == "taxonomy":
        return ["/".join(path) for path in value["taxonomy"]]
    assert result["type"] == "rating"
    return [str(value["rating"])]


def test_every_answer_of_the_list_is_in_the_json_once(rows, tasks):
    labelled = rows[rows["label"] != ""]
    names = ["annotation_id", "item_id", "field", "label", "created_at", "updated_at"]
    listed = Counter(map(tuple, labelled[names].to_numpy()))
    told = Counter(
        (one["unique_id"], task["data"]["item_id"], result["from_name"], label,
         one["created_at"], one["updated_at"])
        for task in tasks
        for one in task["annotations"]
        for result in one["result"]
        for label in labels_of(result)
    )  # fmt: skip
    assert listed == told
    assert len(labelled) > 11_000


def test_skips_empty_answers_and_gold_answers_are_the_same(rows, tasks):
    made = rows.drop_duplicates("annotation_id")
    told = [one for task in tasks for one in task["annotations"]]
    assert len(told) == len(made) == len({one["id"] for one in told})
    assert sum(one["was_cancelled"] for one in told) == (made["is_skipped"] == "yes").sum() > 30
    assert sum(one["ground_truth"] for one in told) == (made["is_gold"] == "yes").sum() > 150
    is_empty = (made["label"] == "") & (made["is_skipped"] == "no")
    empty = sum(not one["result"] and not one["was_cancelled"] for one in told)
    assert empty == is_empty.sum() > 10
    assert Counter(one["last_action"] for one in told) == Counter(made["last_action"])


def test_a_tenth_of_the_annotations_is_reviewed_and_the_last_action_says_how(tasks):
    told = [one for task in tasks for one in task["annotations"]]
    reviewed = [one for one in told if one["reviews"]]
    assert 0.07 < len(reviewed) / len(told) < 0.13
    for one in reviewed:
        (review,) = one["reviews"]
        said = "accepted" if review["accepted"] else "rejected"
        said = "fixed_and_accepted" if review["fixed_annotation_history"] else said
        assert one["last_action"] == said
        assert review["created_at"] > one["created_at"]
        assert review["annotation"] == one["id"]


def test_the_agreement_of_a_task_is_the_share_of_equal_pairs(rows, tasks):
    shared = rows.drop_duplicates("item_id").set_index("item_id")["tool_agreement"]
    told = {task["data"]["item_id"]: task["agreement"] for task in tasks}
    assert sum(value is None for value in told.values()) == (shared == "").sum()
    for item, value in told.items():
        assert value is None or abs(value / 100 - float(shared[item])) < 1e-4


def test_the_app_says_the_same_of_the_json_as_of_the_list(sample, rows, tasks, tmp_path):
    stores = []
    for name in ("list.csv", "project.json"):
        path = tmp_path / name
        if name == "list.csv":
            rows.to_csv(path, index=False)
        else:
            write_json(sample.annotations, path, cut=seconds(CLOCK.date()))
        workspace = Workspace(tmp_path / f"of {name}")
        answers = {"extract": "annotations", "source": "Tool", "coverage": "everything"}
        found = prepare(workspace, path, file_name=name, answers=answers)
        assert found.can_accept
        assert found.refused == 0
        accept(workspace, found, by="Test", clock=CLOCK, publish=False)
        publish(workspace)
        stores.append(Store.open(workspace, clock=CLOCK))
    whole = scope(Period(date(2026, 5, 11), date(2026, 11, 16)))
    asked = [ANNOTATIONS_DONE, SKIP_RATE, GOLD_ACCURACY]
    listed, told = (store.values(asked, whole) for store in stores)
    assert {name: (v.value, v.n) for name, v in listed.items()} == {
        name: (v.value, v.n) for name, v in told.items()
    }
    alphas = [store.breakdown(KRIPPENDORFF_ALPHA, whole, "field") for store in stores]
    by_field = [one.set_index("segment")[["value", "n"]].sort_index() for one in alphas]
    pd.testing.assert_frame_equal(*by_field, rtol=1e-9)
    reviews = sum(len(one["reviews"]) for task in tasks for one in task["annotations"])
    assert stores[1].value(REVIEWS_DONE, whole).value == reviews


@pytest.mark.skipif(not REAL.exists(), reason="needs REAL_EXTRACTS_DIR")
def test_the_names_are_those_of_a_real_export(tasks):
    real = json.loads(REAL.read_text(encoding="utf-8"))
    annotation = next(one for task in real for one in task["annotations"] if one["reviews"])
    assert tasks[0].keys() == real[0].keys()
    own = next(one for task in tasks for one in task["annotations"] if one["reviews"])
    assert own.keys() == annotation.keys()
    assert own["reviews"][0].keys() == annotation["reviews"][0].keys()
    assert own["result"][0].keys() == annotation["result"][0].keys()
