"""CVAT: the events of the Analytics page, one row per job, person, stage and state.

Columns by their names on the page: Task ID, Task name, Job ID, Type, Frame count, Exists,
Objects, Assignee, Stage, State, User, Working time (thousandths of a second), Start UTC time,
End UTC time, Created objects, Updated objects, Deleted objects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from data_access.readers.labeling import tables, writing
from data_access.readers.labeling.writing import Table
from data_access.readers.model import Asked, Detected, plain

FORMAT = "CVAT events"
NAMES = ("Job ID", "Stage", "State", "Working time", "Created objects", "Deleted objects")
_NEEDED = frozenset(("jobid", "stage", "state"))
_OBJECTS = ("created", "updated", "deleted")
_STAGES = {"validation": "1", "acceptance": "2"}
_OFFSET = re.compile(r"([zZ]|[+-]\d\d:?\d\d|UTC|GMT)$")
Cells = Mapping[str, str]


def recognizes(header: tuple[str, ...]) -> bool:
    """Whether a table has the columns of CVAT's events."""
    names = {_name(cell) for cell in header}
    return names >= _NEEDED and "workingtime" in names and bool(names & set(_counts_of()))


def _name(cell: str) -> str:
    """A header cell without case, spaces and the unit behind it."""
    return re.sub(r"(milliseconds|msec|ms)$", "", plain(cell)) or plain(cell)


def _counts_of() -> dict[str, str]:
    return {f"{name}objects": name for name in _OBJECTS}


@dataclass
class _Met:
    """Who annotated a job last, and what was passed over."""

    annotators: dict[str, str] = field(default_factory=dict)
    open_reviews: int = 0
    fixed: int = 0


def read(detected: Detected, asked: Asked) -> Detected:
    """The work on the jobs, and what validation and acceptance said of them."""
    header = [_name(cell) for cell in detected.header]
    met = _Met()
    for _, cells, fault in tables.rows(detected):
        row = dict(zip(header, cells, strict=False))
        if not fault and row.get("stage", "").lower() == "annotation" and _user(row):
            met.annotators[row.get("jobid", "")] = _user(row)
    with writing.annotation_table(asked) as made, writing.review_table(asked) as reviewed:
        for line, cells, fault in tables.rows(detected):
            row = dict(zip(header, cells, strict=False))
            if fault:
                made.refuse(line, fault)
            elif row.get("stage", "").lower() in _STAGES:
                _review(line, row, reviewed, met)
            else:
                _work(line, row, made)
    return writing.together(made, reviewed, FORMAT, _notes(met)).noting(*detected.notes)


def _user(row: Cells) -> str:
    return row.get("user") or row.get("assignee", "")


def _utc(time: str) -> str:
    """A time that is said to be UTC, with the offset that says so."""
    return f"{time}Z" if time and not _OFFSET.search(time) else time


def _begun(row: Cells) -> str:
    return row.get("startutctime") or row.get("starttime", "")


def _ended(row: Cells) -> str:
    return row.get("endutctime") or row.get("endtime", "")


def _key(row: Cells) -> str:
    """One row stands for a job, a person, a stage and when that began."""
    parts = (row.get("jobid", ""), _user(row), row.get("stage", ""), _begun(row))
    return "|".join(parts) if parts[0] else ""


def _work(line: int, row: Cells, made: Table) -> None:
    shared = {
        "annotation_id": _key(row),
        "item_id": row.get("jobid", ""),
        "annotator": _user(row),
        "created_at": _utc(_begun(row)),
        "updated_at": _utc(_ended(row) or _begun(row)),
        "lead_time_seconds": _seconds(row.get("workingtime", "")),
        "is_skipped": "false",
        "is_gold": "true" if plain(row.get("type", "")) == "groundtruth" else "false",
        "last_action": row.get("state", ""),
        "project": row.get("projectname") or row.get("projectid", ""),
        "dataset": row.get("taskname") or row.get("taskid", ""),
    }
    counts = {label: row.get(name, "") for name, label in _counts_of().items()}
    filled = {label: count for label, count in counts.items() if count.strip("0. ")}
    for label, count in filled.items():
        answer = {"field": "objects", "field_type": "box", "label": label, "label_count": count}
        made.add(line, {**shared, **answer})
    if not filled:
        made.add(line, shared)


def _seconds(milliseconds: str) -> str:
    """Thousandths of a second as seconds; what is no number stays, to be refused with a reason."""
    try:
        return repr(float(milliseconds.replace(",", "")) / 1000) if milliseconds else ""
    except ValueError:
        return milliseconds


def _review(line: int, row: Cells, reviewed: Table, met: _Met) -> None:
    state = row.get("state", "").lower()
    if state not in ("completed", "rejected"):
        met.open_reviews += 1
        return
    changed = any(row.get(name, "").strip("0. ") for name in _counts_of())
    is_fixed = state == "completed" and changed
    met.fixed += is_fixed
    reviewed.add(
        line,
        {
            "review_id": _key(row),
            "item_id": row.get("jobid", ""),
            "project": row.get("projectname") or row.get("projectid", ""),
            "dataset": row.get("taskname") or row.get("taskid", ""),
            "review_stage": _STAGES[row.get("stage", "").lower()],
            "annotator": met.annotators.get(row.get("jobid", ""), ""),
            "reviewer": _user(row),
            "reviewed_at": _utc(_ended(row) or _begun(row)),
            "outcome": "rejected" if state == "rejected" else "fixed" if is_fixed else "accepted",
        },
    )


def _notes(met: _Met) -> list[str]:
    told = ["CVAT's events count objects; they have no labels, so no agreement follows from them."]
    if met.fixed:
        told.append(
            f"{met.fixed:,} reviews were completed by somebody who changed objects too; they count "
            "as fixed."
        )
    if met.open_reviews:
        told.append(f"{met.open_reviews:,} reviews are not decided yet and are passed over.")
    return told
