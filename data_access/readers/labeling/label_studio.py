"""Label Studio: the JSON export, Community and Enterprise, from 2020 on.

An array of tasks (or JSON Lines of them), each with its `annotations`, before 2021 `completions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data_access.readers.labeling import stream, writing
from data_access.readers.labeling.answers import Answer, Tally, from_result, text_of
from data_access.readers.labeling.values import (
    identifier,
    listed,
    mapped,
    moment,
    person,
    share,
    yes_or_no,
)
from data_access.readers.labeling.writing import Table
from data_access.readers.model import Asked, Detected
from metrics.errors import BadExtractError

FORMAT = "Label Studio JSON"
_LISTS = ("annotations", "completions")
_INSIDE = frozenset(
    f"{name}.{key}" for name in _LISTS for key in ("result", "completed_by", "was_cancelled")
)
_TASK = frozenset(("id", "data", "meta", "predictions", *_LISTS))
# An export has one of these; a file of another tool that has `annotations` too has the second.
_OWN = frozenset(("data", "predictions", "total_annotations", "file_upload", "inner_id"))
_FOREIGN = frozenset(("images", "categories", "info", "licenses"))
_REVIEWED = {"accepted": "accepted", "fixed_and_accepted": "fixed", "rejected": "rejected"}


def recognizes(keys: set[str]) -> bool:
    """Whether objects with these names are tasks of Label Studio."""
    top = {key for key in keys if "." not in key}
    if top & _FOREIGN:
        return False
    if top <= _TASK and any(key.startswith("data.") for key in keys):
        return True  # a list to import, at the least
    return bool(keys & {*_LISTS, "predictions"}) and bool(keys & (_INSIDE | _OWN))


@dataclass
class _Counts:
    """What was met in the file, to be said."""

    tasks: int = 0
    annotations: int = 0
    signed: int = 0  # with an annotator or a time
    for_import: int = 0  # tasks with predictions, or without a place for annotations
    bare: int = 0  # tasks without an annotation
    unnamed: int = 0  # annotations without an id
    empty: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    no_tasks: int = 0


def read(path: Path, asked: Asked) -> Detected:
    """The annotations and reviews of an export.

    Raises:
        BadExtractError: the JSON is broken, or nobody and no time is named in it.
    """
    counts = _Counts()
    with writing.annotation_table(asked) as made, writing.review_table(asked) as reviewed:
        for place, task in stream.objects(path, asked, thing="task"):
            if not isinstance(task, Mapping):
                counts.no_tasks += 1
                made.refuse(place, "It is no task: an object with annotations is expected here.")
                continue
            _task(place, task, made, reviewed, counts)
    _refuse_unsigned(counts)
    return writing.together(made, reviewed, FORMAT, _notes(counts))


def _task(
    place: int, task: Mapping[str, Any], made: Table, reviewed: Table, counts: _Counts
) -> None:
    counts.tasks += 1
    has_list = any(name in task for name in _LISTS)
    counts.for_import += bool(listed(task.get("predictions"))) or not has_list
    found = listed(next((task[name] for name in _LISTS if task.get(name)), None))
    counts.bare += not found
    for number, annotation in enumerate(found, start=1):
        if not isinstance(annotation, Mapping):
            made.refuse(place, f"Its annotation {number} is no annotation: an object is expected.")
            counts.annotations += 1
            counts.signed += 1
            continue
        shared = _shared(task, annotation, number, counts)
        for row in _answers(annotation, counts):
            made.add(place, {**shared, **row})
        for row in _reviews(annotation, shared):
            reviewed.add(place, row)


def _shared(
    task: Mapping[str, Any], annotation: Mapping[str, Any], number: int, counts: _Counts
) -> dict[str, str]:
    """What all rows of an annotation have alike."""
    item = identifier(task.get("id")) or identifier(annotation.get("task"))
    own = identifier(annotation.get("id")) or identifier(annotation.get("unique_id"))
    counts.annotations += 1
    counts.unnamed += not own
    who = person(annotation.get("completed_by")) or person(annotation.get("created_username"))
    created = moment(annotation.get("created_at"))
    counts.signed += bool(who or created)
    skipped = annotation.get("was_cancelled", annotation.get("skipped"))
    project = annotation.get("project") or task.get("project")
    return {
        "annotation_id": own or (f"{item}|{number}" if item else ""),
        "item_id": item,
        "annotator": who,
        "created_at": created,
        "updated_at": moment(annotation.get("updated_at")) or created,
        "lead_time_seconds": text_of(annotation.get("lead_time")),
        "is_skipped": yes_or_no(skipped),
        "is_gold": yes_or_no(annotation.get("ground_truth")),
        "last_action": text_of(annotation.get("last_action")) or _newest_action(annotation),
        "project": identifier(project),
        "tool_agreement": share(task.get("agreement")),
    }


def _history(annotation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [step for step in listed(annotation.get("history")) if isinstance(step, Mapping)]


def _newest_action(annotation: Mapping[str, Any]) -> str:
    steps = [step for step in _history(annotation) if text_of(step.get("action"))]
    newest = max(steps, key=lambda step: text_of(step.get("created_at")), default=None)
    return text_of(newest["action"]) if newest else ""


def _answers(annotation: Mapping[str, Any], counts: _Counts) -> Iterator[dict[str, str]]:
    """The rows of an annotation without what they have alike."""
    tally = Tally()
    for result in listed(annotation.get("result")):
        one = mapped(result)
        kind = text_of(one.get("type"))
        answers, is_known = from_result(kind, one.get("value"))
        if kind == "relation":  # between two regions; its labels stand beside the value
            labels = listed(one.get("labels")) or [""]
            answers = [Answer("other", text_of(label)) for label in labels]
        elif not is_known:
            counts.unknown[kind or "(no type)"] += 1
        tally.add(text_of(one.get("from_name")) or kind or "(no name)", answers)
    counts.empty += not tally.counts
    return tally.rows()


def _reviews(annotation: Mapping[str, Any], shared: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The reviews of an annotation; from its history when it does not list them itself."""
    if "reviews" in annotation:
        given = [one for one in listed(annotation["reviews"]) if isinstance(one, Mapping)]
        outcomes = [_outcome(one) for one in given]
    else:
        given = [s for s in _history(annotation) if text_of(s.get("action")) in _REVIEWED]
        outcomes = [_REVIEWED[text_of(one["action"])] for one in given]
    for number, (one, outcome) in enumerate(zip(given, outcomes, strict=True), start=1):
        yield {
            "review_id": identifier(one.get("review_id") or one.get("id"))
            or f"{shared['annotation_id']}|{number}",
            "item_id": shared["item_id"],
            "annotation_id": shared["annotation_id"],
            "project": shared["project"],
            "review_stage": "1",
            "annotator": shared["annotator"],
            "reviewer": person(one.get("created_by")),
            "reviewed_at": moment(one.get("created_at")),
            "outcome": outcome,
        }


def _outcome(review: Mapping[str, Any]) -> str:
    accepted = review.get("accepted")
    if accepted is True:
        return "fixed" if review.get("fixed_annotation_history") else "accepted"
    return "rejected" if accepted is False else ""


def _refuse_unsigned(counts: _Counts) -> None:
    """Refuse what was made for import, and what holds no annotation."""
    if counts.annotations and counts.signed:
        return
    if counts.annotations or counts.for_import:
        raise BadExtractError(
            "This file was made for import into Label Studio, not exported from it: there is no "
            "annotator or time in this file, so nothing could be said of quality by it.",
            next_step="Import it, annotate, then export from the project as JSON and choose that "
            "file.",
        )
    if counts.tasks or counts.no_tasks:
        raise BadExtractError(
            f"The file holds {counts.tasks + counts.no_tasks:,} tasks and not one annotation.",
            next_step="Annotate some of them, then export again; or choose another project.",
        )
    raise BadExtractError("The export holds no tasks.", next_step="Export a project with tasks.")


def _notes(counts: _Counts) -> list[str]:
    """What a reader should know of the file."""
    tasks = f"{counts.tasks:,} {'task' if counts.tasks == 1 else 'tasks'}"
    made = f"{counts.annotations:,} {'annotation' if counts.annotations == 1 else 'annotations'}"
    told = [f"{made} of {tasks}. A line is a task: line 17 is the 17th task of the file."]
    if counts.empty:
        told.append(f"{counts.empty:,} of them have no answer; each is one row without a label.")
    if counts.bare:
        told.append(f"{counts.bare:,} of the tasks have no annotation and are passed over.")
    if counts.unnamed:
        told.append(f"{counts.unnamed:,} annotations have no id; they are named after their task.")
    if counts.unknown:
        named = ", ".join(f"{kind} ({n:,})" for kind, n in counts.unknown.most_common(8))
        told.append(f"Answers of types that are not known count as other: {named}.")
    return told
