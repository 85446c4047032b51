"""Prodigy: the JSON Lines that `db-out` writes, one answered task per line.

Shape: https://prodi.gy/docs/api-interfaces. `answer` is accept, reject or ignore; `accept` lists
the chosen options, `spans` the regions, `label` what a yes-or-no question was about. A task with
options that was rejected as a whole is an answer of the same field, "(rejected)", so that it
disagrees with the options that others chose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data_access.readers.labeling import stream, writing
from data_access.readers.labeling.answers import Answer, Tally, text_of
from data_access.readers.labeling.values import identifier, listed, mapped, moment, person
from data_access.readers.model import Asked, Detected
from metrics.errors import BadExtractError

FORMAT = "Prodigy JSON Lines"
_HASHES = frozenset(("_input_hash", "_task_hash"))
_SIGNED = ("_annotator_id", "_session_id")
_TEXTS = ("user_input", "transcript", "field_rationale")
_REJECTED = "(rejected)"
_BOX = frozenset(("points", "x", "width"))


def recognizes(keys: set[str]) -> bool:
    """Whether objects with these names are tasks of Prodigy."""
    return bool(keys & _HASHES)


def read(path: Path, asked: Asked) -> Detected:
    """The answers of a Prodigy dataset.

    Raises:
        BadExtractError: the JSON is broken, or none of its tasks was answered by anybody.
    """
    met: Counter[str] = Counter()
    with writing.annotation_table(asked) as made, writing.review_table(asked) as reviewed:
        for place, task in stream.objects(path, asked, thing="task"):
            if not isinstance(task, Mapping):
                made.refuse(place, "It is no task: an object is expected here.")
                continue
            met["tasks"] += 1
            shared = _shared(task)
            met["signed"] += bool(shared["annotator"] or shared["created_at"])
            met["ignored"] += shared["is_skipped"] == "true"
            for row in _answers(task, met).rows():
                made.add(place, {**shared, **row})
    if not met["signed"]:
        raise BadExtractError(
            "There is no annotator or time in this file: it is a list of tasks for Prodigy, not "
            "its answers.",
            next_step="Write the answers out with prodigy db-out and choose that file.",
        )
    return writing.together(made, reviewed, FORMAT, _notes(met))


def _shared(task: Mapping[str, Any]) -> dict[str, str]:
    who = next((person(task[key]) for key in _SIGNED if task.get(key)), "")
    item = identifier(task.get("_input_hash", task.get("_task_hash")))
    same = identifier(task.get("_task_hash", task.get("_input_hash")))
    answer = text_of(task.get("answer"))
    time = moment(task.get("_timestamp"))
    return {
        "annotation_id": f"{same}|{who}" if same else "",
        "item_id": item,
        "annotator": who,
        "created_at": time,
        "updated_at": time,
        "is_skipped": "true" if answer == "ignore" else "false",
        "last_action": answer,
    }


def _answers(task: Mapping[str, Any], met: Counter[str]) -> Tally:
    """What a task was answered with; nothing when it was ignored."""
    tally = Tally()
    answer = text_of(task.get("answer"))
    if answer not in ("accept", "reject"):
        return tally
    if answer == "reject" and _has_options(task):
        tally.add("accept", [Answer("choice", _REJECTED)])
    elif answer == "reject" or not _content(task, tally, met):
        question = text_of(task.get("label")) or "answer"
        tally.add(question, [Answer("choice", answer)])
    return tally


def _has_options(task: Mapping[str, Any]) -> bool:
    return "accept" in task or "options" in task


def _content(task: Mapping[str, Any], tally: Tally, met: Counter[str]) -> bool:
    """Take in the options, regions and texts of an accepted task; whether it has any."""
    chosen = task.get("accept")
    values = chosen if isinstance(chosen, list) else [chosen]
    tally.add("accept", [Answer("choice", text) for text in map(text_of, values) if text])
    for name in ("spans", "audio_spans"):
        regions = [mapped(one) for one in listed(task.get(name))]
        tally.add(name, [_region(one) for one in regions])
    links = [mapped(one) for one in listed(task.get("relations"))]
    tally.add("relations", [Answer("other", text_of(one.get("label"))) for one in links])
    texts = [name for name in _TEXTS if text_of(task.get(name))]
    met["texts"] += len(texts)
    for name in texts:
        tally.add(name, [Answer("text")])
    return _has_options(task) or "spans" in task or "audio_spans" in task or bool(tally.counts)


def _region(region: Mapping[str, Any]) -> Answer:
    kind = "span" if _BOX.isdisjoint(region) else "box"
    return Answer(kind, text_of(region.get("label")))


def _notes(met: Counter[str]) -> list[str]:
    told = [
        f"{met['tasks']:,} answered tasks. A line is a task: line 17 is the 17th of the file.",
        "Prodigy keeps no lead time, reviews or gold answers, so none is in this file.",
    ]
    if met["ignored"]:
        told.append(f"{met['ignored']:,} ignored tasks count as skipped.")
    return told
