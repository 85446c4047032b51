"""Plain tables of ratings: a column per rater, or a row per rating that lacks an id or a field.

A row per rating needs no id: the item and its annotator make one, whatever times their answers
have. When the person answers the same field of the item again at another time, that is an
annotation of its own, with the time in its id, so that the newest answer counts. Rows at the same
time, or without a time, cannot be told apart: they are one answer of several labels, and a note
says so. Where every label of a field is a number, its labels are ratings, in one spelling.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

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
_NUMBER = re.compile(r"[-+]?((0|[1-9]\d*)(\.\d+)?|\.\d+)")  # 007 is a code
_LARGEST = 1e15  # above it, different numbers could be written alike
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
    number = _number(cell)
    return {
        "annotation_id": f"{item}|{rater}" if item else "",
        "item_id": item,
        "annotator": rater,
        "field": _FIELD,
        "field_type": "rating" if number else "choice",
        "label": number or cell,
        "number": number,
        "label_count": "1",
    }


def _number(cell: str) -> str:
    """A number in one spelling, "4" for "4.0"; "" for what is none.

    >>> _number("4.0"), _number("-2.50"), _number("007"), _number("nan")
    ('4', '-2.5', '', '')
    """
    is_number = _NUMBER.fullmatch(cell) and abs(float(cell)) < _LARGEST
    return number_text(float(cell)) if is_number else ""


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
    """Whether a table has item, annotator and answer, lacks id, field or label, and is no other."""
    places = _places(header)
    has_answer = "label" in places or "number" in places
    if not {"item_id", "annotator"} <= places.keys() or not has_answer:
        return False
    if {"annotation_id", "field", "label"} <= places.keys():
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


@dataclass
class _List:
    """A row per rating: where its columns are, and what was met in it.

    Attributes:
        places: our column → its place.
        numeric: the fields of which every label is a number.
        first: item, annotator and field → the time of their first row, both as hashes.
        again: rows that answer a field again, at another time.
        more: rows with a further label at the same time.
    """

    places: Mapping[str, int]
    numeric: set[str] = field(default_factory=set)
    first: dict[int, int] = field(default_factory=dict)
    again: int = 0
    more: int = 0

    def cell(self, cells: Sequence[str], name: str) -> str:
        """What a row has in one of our columns; "" when the table has no such column."""
        return cells[self.places[name]] if name in self.places else ""

    def answer(self, cells: Sequence[str]) -> tuple[str, str]:
        """(the field, the label as it is written)."""
        label = self.cell(cells, "label") or self.cell(cells, "number")
        return self.cell(cells, "field") or (_FIELD if label else ""), label

    def look(self, detected: Detected) -> None:
        """Find the fields whose labels are all numbers."""
        others: set[str] = set()
        for _, cells, fault in tables.rows(detected):
            name, label = ("", "") if fault else self.answer(cells)
            if label:
                (self.numeric if _number(label) else others).add(name)
        self.numeric -= others

    def row(self, cells: Sequence[str]) -> dict[str, str]:
        """Of our columns those that are added or changed."""
        name, label = self.answer(cells)
        told = {"annotation_id": self._id(cells, name), "field": name, "label": label}
        if label and name in self.numeric:
            number = _number(label)
            told["label"] = number
            told["number"] = self.cell(cells, "number") or number
            told["field_type"] = self.cell(cells, "field_type") or "rating"
        return told

    def _id(self, cells: Sequence[str], name: str) -> str:
        item, who = self.cell(cells, "item_id"), self.cell(cells, "annotator")
        if "annotation_id" in self.places or not item:
            return self.cell(cells, "annotation_id")
        times = (self.cell(cells, "created_at"), self.cell(cells, "updated_at"))
        when = " ".join(dict.fromkeys(filter(None, times)))
        key = hash((item, who, name))
        if key not in self.first:
            self.first[key] = hash(when)
        elif self.first[key] != hash(when):
            self.again += 1
            return f"{item}|{who}|{when}"
        else:
            self.more += 1
        return f"{item}|{who}"

    def notes(self) -> list[str]:
        """What a person should know about it."""
        told = []
        if "annotation_id" not in self.places:
            told.append("It has no id of an annotation: an item and its annotator make one.")
        if "field" not in self.places:
            told.append(f'It names no field: all its answers are of the field "{_FIELD}".')
        if self.again:
            told.append(
                f"{self.again:,} rows answer a field of an item again, by the same annotator at "
                "another time: the newest answer counts."
            )
        if self.more:
            told.append(
                f"{self.more:,} rows give an item, annotator and field that came before, with the "
                "same time or none: their labels together are one answer."
            )
        return told


def read_long(detected: Detected, asked: Asked) -> Detected:
    """The table with the id of each annotation, its field, and numbers where labels are numbers."""
    known = _List(_places(detected.header))
    known.look(detected)
    wanted = ["annotation_id", "label", "field"]
    wanted += ["number", "field_type"] if known.numeric else []
    extra = [name for name in wanted if name not in known.places]
    names = [f"{place}" for place in range(len(detected.header))]
    table = Table(asked.folder / "ratings.parquet", [*names, *extra])
    with table:
        for line, cells, fault in tables.rows(detected):
            if fault:
                table.refuse(line, fault)
                continue
            row = dict(zip(names, cells, strict=False))
            for name, text in known.row(cells).items():
                row[str(known.places.get(name, name))] = text
            table.add(line, row)
    made = table.detected("annotations", LONG, keeps=table.names, is_typed=detected.is_typed)
    header = (*detected.header, *extra)
    return replace(made, header=header).noting(*known.notes(), *detected.notes)
