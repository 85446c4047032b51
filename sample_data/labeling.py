"""The overlap sample as the annotation tool exports it: a plain list of ratings, or its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sample_data.annotating import Annotations
from sample_data.working_time import DAY, iso_times

_PEOPLE_FROM, _REVIEWS_FROM, _TASKS_FROM = 1001, 7_000_001, 500_001


def rows(found: Annotations, *, cut: int) -> pd.DataFrame:
    """One row per annotation, field and label, as the extract `annotations` has it, as text.

    An annotation without any answer is one row without field and label. What changed after the
    cut is not known yet.

    Args:
        found: the overlap sample.
        cut: the moment of the export, in seconds.
    """
    made = found.made[found.made["created"] < cut]
    whole = made.join(found.answers.set_index("annotation"))
    is_known = (whole["updated"] < cut).to_numpy()
    is_empty = whole["label"].isna()
    known = np.where(is_known, whole["updated"], whole["created"])
    before = np.where(whole["is_skipped"], "skipped", "submitted")
    return pd.DataFrame(
        {
            "annotation_id": whole["annotation_id"],
            "item_id": whole["item_id"],
            "annotator": whole["annotator"],
            "field": whole["field"].fillna(""),
            "field_type": whole["field_type"].fillna(""),
            "label": whole["label"].fillna(""),
            "number": whole["number"].map(_number),
            "label_count": np.where(is_empty, "", "1"),
            "created_at": iso_times(whole["created"].to_numpy()),
            "updated_at": iso_times(known),
            "lead_time_seconds": whole["lead_time_seconds"].map(_number),
            "is_skipped": np.where(whole["is_skipped"], "yes", "no"),
            "is_gold": np.where(whole["is_gold"], "yes", "no"),
            "last_action": np.where(is_known, whole["last_action"], before),
            "project": whole["project"],
            "dataset": whole["dataset"],
            "batch": whole["batch"],
            "team": whole["team"],
            "tool_agreement": whole["agreement"].round(4).map(_number),
        }
    ).reset_index(drop=True)


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.10g}"


def tasks(found: Annotations, *, cut: int) -> list[dict[str, Any]]:
    """The same as tasks of a Label Studio Enterprise JSON export, with the reviews.

    It has no teams; dataset and batch stand in the data of a task.
    """
    made = found.made[found.made["created"] < cut]
    answers = dict(iter(found.answers.groupby("annotation")))
    names = sorted({*found.made["annotator"], *found.made["reviewer"]} - {""})
    people = {name: _person(number, name) for number, name in enumerate(names, _PEOPLE_FROM)}
    return [
        _task(number, part, answers, people, cut)
        for number, (_, part) in enumerate(made.groupby("item_id", sort=False), _TASKS_FROM)
    ]


def write_json(found: Annotations, path: Any, *, cut: int) -> None:
    """Write `tasks` to a file."""
    path.write_text(json.dumps(tasks(found, cut=cut), indent=1) + "\n", encoding="utf-8")


def _person(number: int, name: str) -> dict[str, Any]:
    first, last = name.split(" ", 1)
    address = f"{first[0]}.{last}@example.org".lower()
    return {"id": number, "email": address, "first_name": first, "last_name": last}


def _task(
    number: int,
    made: pd.DataFrame,
    answers: dict[Any, pd.DataFrame],
    people: dict[str, dict[str, Any]],
    cut: int,
) -> dict[str, Any]:
    first = made.iloc[0]
    annotations = [
        _annotation(place, one, answers.get(place), people, number, cut)
        for place, one in made.iterrows()
    ]
    return {
        "id": number,
        "annotations": annotations,
        "file_upload": f"{first['batch']}.csv",
        "drafts": [],
        "predictions": [],
        "agreement": None if np.isnan(first["agreement"]) else 100 * first["agreement"],
        "data": {name: first[name] for name in ("item_id", "dataset", "batch")},
        "meta": {},
        "created_at": _moment(int(first["created"]) - DAY),
        "updated_at": max(one["updated_at"] for one in annotations),
        "inner_id": number - _TASKS_FROM + 1,
        "total_annotations": sum(not one["was_cancelled"] for one in annotations),
        "cancelled_annotations": sum(one["was_cancelled"] for one in annotations),
        "total_predictions": 0,
        "comment_count": 0,
        "unresolved_comment_count": 0,
        "last_comment_updated_at": None,
        "project": int(first["project_number"]),
        "updated_by": None,
        "comment_authors": [],
    }


def _annotation(
    place: Any,
    one: pd.Series[Any],
    answers: pd.DataFrame | None,
    people: dict[str, dict[str, Any]],
    task: int,
    cut: int,
) -> dict[str, Any]:
    is_known = one["updated"] < cut
    reviews = [_review(place, one, people)] if one["outcome"] and is_known else []
    lead = one["lead_time_seconds"]
    return {
        "id": int(place) + 1,
        "completed_by": people.get(one["annotator"]),
        "result": [] if answers is None else [*_results(answers)],
        "reviews": reviews,
        "was_cancelled": bool(one["is_skipped"]),
        "ground_truth": bool(one["is_gold"]),
        "created_at": _moment(one["created"]),
        "updated_at": _moment(one["updated"] if is_known else one["created"]),
        "draft_created_at": None,
        "lead_time": None if np.isnan(lead) else float(lead),
        "prediction": {},
        "result_count": 0,
        "unique_id": one["annotation_id"],
        "import_id": None,
        "last_action": one["last_action"] if is_known else "submitted",
        "task": task,
        "project": int(one["project_number"]),
        "updated_by": None,
        "parent_prediction": None,
        "parent_annotation": None,
        "last_created_by": None,
    }


def _results(answers: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for field, part in answers.groupby("field", sort=False):
        kind, labels = part["field_type"].iloc[0], list(part["label"])
        value: dict[str, Any] = {"choices": labels}
        if kind == "taxonomy":
            value = {"taxonomy": [label.split("/") for label in labels]}
        if kind == "rating":
            value = {"rating": int(labels[0])}
        yield {
            "id": f"r{part.index[0]}",
            "type": {"choice": "choices"}.get(kind, kind),
            "value": value,
            "origin": "manual",
            "to_name": "item",
            "from_name": field,
        }


def _review(place: Any, one: pd.Series[Any], people: dict[str, dict[str, Any]]) -> dict[str, Any]:
    is_fixed = one["outcome"] == "fixed"
    return {
        "id": _REVIEWS_FROM + int(place),
        "created_by": people[one["reviewer"]],
        "created_at": _moment(one["reviewed"]),
        "accepted": one["outcome"] != "rejected",
        "result": None,
        "annotation": int(place) + 1,
        "fixed_annotation_history": _REVIEWS_FROM + int(place) if is_fixed else None,
        "previous_annotation_history": None,
        "last_annotation_history": None,
        "previous_annotation_history_result": None,
    }


def _moment(at: int) -> str:
    return str(iso_times(np.array([at]))[0])
