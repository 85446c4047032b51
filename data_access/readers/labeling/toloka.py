"""Toloka: the assignments TSV, one row per task of an assignment.

Columns: INPUT:…, OUTPUT:…, GOLDEN:…, HINT:… and ASSIGNMENT:link, task_id, assignment_id,
worker_id, status, started, submitted, accepted, rejected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from data_access.readers.labeling import fields, tables, writing
from data_access.readers.labeling.answers import Tally
from data_access.readers.labeling.fields import Profile
from data_access.readers.labeling.writing import Table
from data_access.readers.model import Asked, Detected

FORMAT = "Toloka TSV"
NAMES = tuple(
    f"ASSIGNMENT:{name}"
    for name in ("link", "task_id", "assignment_id", "worker_id", "status", "started", "submitted")
)
_REVIEWED = {"APPROVED": "accepted", "ACCEPTED": "accepted", "REJECTED": "rejected"}
_SKIPPED = frozenset(("SKIPPED", "EXPIRED"))
Cells = Mapping[str, str]


def recognizes(header: tuple[str, ...]) -> bool:
    """Whether a table has the columns of Toloka's assignments."""
    names = {_name(cell) for cell in header}
    parts = {name.partition(":")[0] for name in names if ":" in name}
    return "OUTPUT" in parts and "ASSIGNMENT:worker_id" in names


def _name(cell: str) -> str:
    """A header cell with its part in capitals: " input: image" → "INPUT:image"."""
    part, colon, rest = cell.strip().partition(":")
    return f"{part.strip().upper()}:{rest.strip()}" if colon else part


@dataclass
class _File:
    """What one pass over the file tells, and what was met in the next."""

    profiles: dict[str, Profile]
    tasks: Counter[str]  # of each assignment
    gold: set[str] = field(default_factory=set)
    has_review_times: bool = True
    unfinished: int = 0


def read(detected: Detected, asked: Asked) -> Detected:
    """The answers, the gold answers and what was said of the assignments."""
    header = [_name(cell) for cell in detected.header]
    outputs = [name for name in header if name.startswith("OUTPUT:")]
    tasks: Counter[str] = Counter()

    def seen() -> Iterator[tuple[str, dict[str, str]]]:
        for _, cells, _ in tables.rows(detected):
            row = dict(zip(header, cells, strict=False))
            tasks[row.get("ASSIGNMENT:assignment_id", "")] += 1
            yield _item(row), {name: row.get(name, "") for name in outputs}

    file = _File(fields.look_at(seen(), frozenset()), tasks)
    with writing.annotation_table(asked) as made, writing.review_table(asked) as reviewed:
        for line, cells, fault in tables.rows(detected):
            if fault:
                made.refuse(line, fault)
            else:
                _row(line, dict(zip(header, cells, strict=False)), made, reviewed, file)
    found = writing.together(made, reviewed, FORMAT, _notes(file))
    return found.noting(*detected.notes)


def _item(row: Cells) -> str:
    """The task; without its id, what it shows."""
    return row.get("ASSIGNMENT:task_id") or "|".join(
        cell for name, cell in row.items() if name.startswith("INPUT:") and cell
    )


def _row(line: int, row: Cells, made: Table, reviewed: Table, file: _File) -> None:
    item = _item(row)
    _gold(line, row, item, made, file)
    if not row.get("ASSIGNMENT:worker_id") and not row.get("ASSIGNMENT:assignment_id"):
        file.unfinished += 1
        return
    shared = _shared(row, item, file)
    tally = Tally()
    for name, profile in file.profiles.items():
        tally.add(name.removeprefix("OUTPUT:"), fields.answered(profile, row.get(name, "")))
    for answer in tally.rows():
        made.add(line, {**shared, **answer})
    outcome = _REVIEWED.get(row.get("ASSIGNMENT:status", "").upper())
    if outcome:
        reviewed.add(line, _review(row, shared, outcome, file))


def _gold(line: int, row: Cells, item: str, made: Table, file: _File) -> None:
    """The right answers of a control task, once per task."""
    if item in file.gold:
        return
    tally = Tally()
    for name, cell in row.items():
        if name.startswith("GOLDEN:") and cell:
            field_name = name.removeprefix("GOLDEN:")
            profile = file.profiles.get(f"OUTPUT:{field_name}", Profile())
            tally.add(field_name, fields.answered(profile, cell))
    if tally.counts:
        file.gold.add(item)
        for answer in tally.rows():
            shared = {"annotation_id": f"gold-{item}", "item_id": item, "is_gold": "true"}
            made.add(line, {**shared, **answer})


def _shared(row: Cells, item: str, file: _File) -> dict[str, str]:
    assignment = row.get("ASSIGNMENT:assignment_id", "")
    status = row.get("ASSIGNMENT:status", "")
    started, submitted = row.get("ASSIGNMENT:started", ""), row.get("ASSIGNMENT:submitted", "")
    own = assignment or row.get("ASSIGNMENT:worker_id", "")
    return {
        "annotation_id": f"{own}|{item}" if item else "",
        "item_id": item,
        "annotator": row.get("ASSIGNMENT:worker_id", ""),
        "created_at": submitted or started,
        "updated_at": submitted or started,
        "lead_time_seconds": _seconds(started, submitted, file.tasks[assignment]),
        "is_skipped": "true" if status.upper() in _SKIPPED else "false",
        "is_gold": "false",
        "last_action": status.lower(),
    }


def _seconds(started: str, submitted: str, tasks: int) -> str:
    """The time of an assignment shared evenly among its tasks; "" when it cannot be told."""
    try:
        took = datetime.fromisoformat(submitted) - datetime.fromisoformat(started)
    except (ValueError, TypeError):
        return ""
    return repr(took.total_seconds() / max(tasks, 1)) if took.total_seconds() >= 0 else ""


def _review(row: Cells, shared: Cells, outcome: str, file: _File) -> dict[str, str]:
    said = row.get(f"ASSIGNMENT:{outcome}", "")
    file.has_review_times = file.has_review_times and bool(said)
    return {
        "review_id": shared["annotation_id"],
        "item_id": shared["item_id"],
        "annotation_id": shared["annotation_id"],
        "review_stage": "1",
        "annotator": shared["annotator"],
        "reviewed_at": said or row.get("ASSIGNMENT:submitted", ""),
        "outcome": outcome,
    }


def _notes(file: _File) -> list[str]:
    told = []
    if any(count > 1 for count in file.tasks.values()):
        told.append("The time of an assignment is shared evenly among its tasks.")
    if not file.has_review_times:
        told.append(
            "This TSV does not say when an assignment was accepted or rejected; the time it was "
            "submitted stands for it."
        )
    if file.gold:
        told.append(f"{len(file.gold):,} tasks carry a gold answer; each is an annotation more.")
    if file.unfinished:
        told.append(f"{file.unfinished:,} rows are tasks that nobody has taken; passed over.")
    return told
