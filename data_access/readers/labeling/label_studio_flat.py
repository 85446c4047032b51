"""Label Studio: the flat exports JSON-MIN, CSV and TSV, one row per annotation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from data_access.readers.labeling import fields, stream, tables, writing
from data_access.readers.labeling.answers import Tally, text_of
from data_access.readers.labeling.values import identifier, moment, person, share, yes_or_no
from data_access.readers.model import Asked, Detected, plain
from metrics.errors import BadExtractError

MIN_FORMAT = "Label Studio JSON-MIN"
_NEEDED = frozenset(("annotation_id", "annotator", "created_at", "id", "lead_time", "updated_at"))
NAMES = tuple(_NEEDED)
# Columns that are told by their names; the rest is data or answers.
_OWN = _NEEDED | {
    "agreement", "was_cancelled", "file_upload", "inner_id", "project", "history", "reviews",
    "total_annotations", "cancelled_annotations", "ground_truth", "comment_count",
}  # fmt: skip
# (line, values by their column, why the row cannot be read or "")
Entry = tuple[int, Mapping[str, Any], str]


def recognizes_objects(keys: set[str]) -> bool:
    """Whether objects with these names are those of JSON-MIN."""
    return {"annotation_id", "id"} <= keys and len(keys & _NEEDED) >= 4


def recognizes_header(header: tuple[str, ...]) -> bool:
    """Whether a table has the columns that Label Studio always writes."""
    return {plain(name) for name in _NEEDED} <= {plain(cell) for cell in header}


def read_objects(path: Path, asked: Asked) -> Detected:
    """The annotations of a JSON-MIN file.

    Raises:
        BadExtractError: the JSON is broken, or nobody and no time is named in it.
    """

    def entries() -> Iterator[Entry]:
        for place, value in stream.objects(path, asked, thing="annotation"):
            is_one = isinstance(value, Mapping)
            yield place, value if is_one else {}, "" if is_one else "It is no annotation."

    return _read(entries, MIN_FORMAT, asked)


def read_table(detected: Detected, asked: Asked) -> Detected:
    """The annotations of a CSV or TSV file.

    Raises:
        BadExtractError: nobody and no time is named in it.
    """
    named = {plain(name): name for name in _OWN}
    header = [named.get(plain(cell), cell.strip()) for cell in detected.header]

    def entries() -> Iterator[Entry]:
        for line, cells, fault in tables.rows(detected):
            yield line, dict(zip(header, cells, strict=False)), fault

    said = "Label Studio TSV" if detected.delimiter == "\t" else "Label Studio CSV"
    return _read(entries, said, asked).noting(*detected.notes)


def _read(entries: Callable[[], Iterator[Entry]], said: str, asked: Asked) -> Detected:
    """Two passes: the first sees which columns hold answers, the second writes them."""
    seen = ((identifier(values.get("id")), values) for _, values, _ in entries())
    profiles = fields.look_at(seen, _OWN)
    candidates = {n: p for n, p in profiles.items() if n and not n.startswith("_data_")}
    chosen, ask = fields.choose(candidates, asked.answers)
    bare = signed = has_skips = 0
    with writing.annotation_table(asked) as made, writing.review_table(asked) as reviewed:
        for line, values, fault in entries():
            if fault:
                made.refuse(line, fault)
            elif not identifier(values.get("annotation_id")) and not person(
                values.get("annotator")
            ):
                bare += 1
            else:
                shared = _shared(values)
                signed += bool(shared["annotator"] or shared["created_at"])
                has_skips += bool(shared["is_skipped"])
                tally = Tally()
                for name in chosen:
                    tally.add(name, fields.answered(profiles[name], values.get(name)))
                for row in tally.rows():
                    made.add(line, {**shared, **row})
    if not made.rows or not (signed or made.faults):
        raise _unsigned(said, bare)
    notes = _notes(said, chosen, list(profiles), bare, has_skips=has_skips)
    return replace(
        writing.together(made, reviewed, said, notes), ask=ask, fields=fields.joined(chosen)
    )


def _shared(values: Mapping[str, Any]) -> dict[str, str]:
    created = moment(values.get("created_at"))
    skipped = values.get("was_cancelled", "")
    return {
        "annotation_id": identifier(values.get("annotation_id")),
        "item_id": identifier(values.get("id")),
        "annotator": person(values.get("annotator")),
        "created_at": created,
        "updated_at": moment(values.get("updated_at")) or created,
        "lead_time_seconds": text_of(values.get("lead_time")),
        "is_skipped": skipped if isinstance(skipped, str) else yes_or_no(skipped),
        "project": identifier(values.get("project")),
        "tool_agreement": _agreement(values.get("agreement")),
    }


def _agreement(value: object) -> str:
    try:
        return share(float(text_of(value)))
    except ValueError:
        return ""


def _unsigned(said: str, bare: int) -> BadExtractError:
    if bare:
        return BadExtractError(
            f"The {said} file holds {bare:,} tasks and not one annotation.",
            next_step="Annotate some of them, then export again; or choose another project.",
        )
    return BadExtractError(
        "There is no annotator or time in this file, so nothing could be said of quality by it.",
        next_step="Export from the project in Label Studio as JSON and choose that file.",
    )


def _notes(
    said: str, chosen: list[str], names: list[str], bare: int, *, has_skips: int
) -> list[str]:
    kind = said.removeprefix("Label Studio ")
    lost = "reviews or gold answers" if has_skips else "skips, reviews or gold answers"
    left = [name for name in names if name and name not in chosen]
    told = [
        f"This {kind} has no {lost}: export JSON for those.",
        f"Answers are read from {', '.join(chosen)}."
        if chosen
        else "No column holds answers, so each annotation is one row without a label.",
    ]
    if left:
        shown = ", ".join(left[:20]) + (" …" if len(left) > 20 else "")
        told.append(f"Taken for the data that was annotated and left out: {shown}.")
    if bare:
        told.append(f"{bare:,} tasks have no annotation and are passed over.")
    return told
