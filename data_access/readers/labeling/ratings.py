"""Plain tables of ratings: a column per rater, or a row per rating without an id of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from data_access.extracts import EXTRACTS, extract
from data_access.readers.labeling import tables, writing
from data_access.readers.labeling.answers import number_text
from data_access.readers.labeling.writing import Table
from data_access.readers.model import Asked, Detected, plain
from metrics.errors import BadExtractError

WIDE = "Ratings, one column per rater"
LONG = "Ratings, one row each"
_FIELD = "rating"
_STEMS = frozenset((
    "rater", "coder", "annotator", "judge", "reviewer", "labeler", "labeller", "expert", "reader",
    "observer", "grader", "evaluator", "scorer", "assessor", "radiologist", "pathologist",
    "physician", "doctor", "clinician", "worker", "r",
))  # fmt: skip
_ITEMS = frozenset((
    "unit", "units", "item", "items", "subject", "subjects", "case", "cases", "document", "task",
    "id", "record", "patient", "image", "itemid", "unitid", "subjectid", "caseid", "documentid",
    "taskid", "imageid", "patientid", "recordid", "sample", "sampleid", "",
))  # fmt: skip
_RATER = re.compile(r"([a-z]+?)(\d{1,3}|[a-z])")


def _raters(header: tuple[str, ...], *, is_said: bool) -> list[int]:
    """The places of the raters' columns: one stem, each with a number or letter of its own."""
    by_stem: dict[str, list[int]] = {}
    for place, cell in enumerate(header):
        told = _RATER.fullmatch(plain(cell))
        if told and (is_said or told[1] in _STEMS):
            by_stem.setdefault(told[1], []).append(place)
    return max(by_stem.values(), key=len, default=[])


def _item(header: tuple[str, ...], raters: list[int]) -> int | None:
    """The place of the item's column, left of the raters."""
    left = [place for place in range(len(header)) if place < raters[0]]
    named = [place for place in left if plain(header[place]) in _ITEMS]
    return named[0] if named else None


def is_wide(header: tuple[str, ...], *, is_said: bool) -> bool:
    """Whether a table has one column per rater.

    Args:
        header: its cells.
        is_said: a person said that the table holds annotations; then any shared stem will do.
    """
    raters = _raters(header, is_said=is_said)
    return len(raters) >= 2 and _item(header, raters) is not None


def read_wide(detected: Detected, asked: Asked) -> Detected:
    """A table with one column per rater as one row per rating; empty cells are no ratings.

    Raises:
        BadExtractError: it has no rating at all.
    """
    header = detected.header
    raters = _raters(header, is_said=asked.answers.get("extract") == "annotations")
    item = _item(header, raters)
    assert item is not None
    with writing.annotation_table(asked) as made:
        for line, cells, fault in tables.rows(detected):
            if fault:
                made.refuse(line, fault)
                continue
            for place in raters:
                if cells[place]:
                    made.add(line, _rating(cells[item], header[place].strip(), cells[place]))
    if not made.rows:
        raise BadExtractError(
            "The table has columns of raters and not one rating.",
            next_step="Look at it first; a row is an item, a cell what the rater answered.",
        )
    others = [c.strip() for p, c in enumerate(header) if p not in (*raters, item) and c.strip()]
    needed = ("annotation_id", "item_id", "annotator", "field", "label")
    return made.detected("annotations", WIDE, keeps=needed).noting(
        f"{len(raters)} columns hold one rater each: {', '.join(header[p] for p in raters)}.",
        "This table has no dates, skips, reviews or lead time.",
        *((f"Left out and never stored: {', '.join(others)}.",) if others else ()),
        *detected.notes,
    )


def _rating(item: str, rater: str, cell: str) -> dict[str, str]:
    try:
        number = float(cell)
    except ValueError:
        kind, label, value = "choice", cell, ""
    else:
        label = number_text(number)
        kind, value = "rating", label
    return {
        "annotation_id": f"{item}|{rater}" if item else "",
        "item_id": item,
        "annotator": rater,
        "field": _FIELD,
        "field_type": kind,
        "label": label,
        "number": value,
        "label_count": "1",
    }


def _places(header: tuple[str, ...]) -> Mapping[str, int]:
    """Our column → its place in a header, as far as names and aliases tell."""
    at = {plain(cell): place for place, cell in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    for column in extract("annotations").columns:
        names = map(plain, (column.name, column.label, *column.aliases))
        place = next((at[name] for name in names if name in at), None)
        if place is not None and place not in found.values():
            found[column.name] = place
    return found


def is_long(header: tuple[str, ...]) -> bool:
    """Whether a table has item, annotator and label, no id of the annotation, and is no other."""
    places = _places(header)
    has_answer = "label" in places or "number" in places
    if "annotation_id" in places or not {"item_id", "annotator"} <= places.keys() or not has_answer:
        return False
    names = {plain(cell) for cell in header}
    return not any(
        _fits(names, name) for name, kind in EXTRACTS.items() if kind.name != "annotations"
    )


def _fits(names: set[str], kind: str) -> bool:
    """Whether a header has all that an extract needs."""
    wanted = [c for c in extract(kind).columns if c.required]
    return all(
        names & {plain(name) for name in (c.name, c.label, *c.aliases)} for c in wanted
    ) and bool(wanted)


def read_long(detected: Detected, asked: Asked) -> Detected:
    """The table with an id for each annotation: the item and who annotated it."""
    places = _places(detected.header)
    item, who = places["item_id"], places["annotator"]
    answer = places["label"] if "label" in places else places["number"]
    extra = ["annotation_id", *(name for name in ("label", "field") if name not in places)]
    names = [f"{place}" for place in range(len(detected.header))]
    table = Table(asked.folder / "ratings.parquet", [*names, *extra])
    with table:
        for line, cells, fault in tables.rows(detected):
            if fault:
                table.refuse(line, fault)
                continue
            row = dict(zip(names, cells, strict=False))
            row["annotation_id"] = f"{cells[item]}|{cells[who]}" if cells[item] else ""
            row["label"] = cells[answer]
            row["field"] = _FIELD if cells[answer] else ""
            table.add(line, row)
    made = table.detected("annotations", LONG, keeps=table.names, is_typed=detected.is_typed)
    return replace(made, header=(*detected.header, *extra)).noting(
        "It has no id of an annotation: an item and its annotator make one.", *detected.notes
    )
