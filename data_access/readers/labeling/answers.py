"""What an annotator answered: the values of an annotation tool as labels with their counts.

Different answers are different labels: a path joins its steps with "/", and a "/" inside a step is
written "\\/" (a backslash "\\\\"); a ranking joins what it ranks with " > ", and what itself holds
" > " stands in quotes. Free text is counted and never kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# The type of a result in Label Studio → our field type; types that end in "labels" are told by
# where their region lies.
_TYPES = {
    "choices": "choice",
    "pairwise": "choice",
    "taxonomy": "taxonomy",
    "rating": "rating",
    "number": "number",
    "textarea": "text",
    "text": "text",
    "ranker": "ranking",
    "ranking": "ranking",
    "labels": "span",
    "hypertextlabels": "span",
    "paragraphlabels": "span",
    "timeserieslabels": "span",
    "timelinelabels": "span",
    "rectangle": "box",
    "ellipse": "box",
    "polygon": "box",
    "keypoint": "box",
    "brush": "box",
    "bitmask": "box",
    "vector": "box",
    "videorectangle": "box",
}
_KEYS = ("choices", "taxonomy", "rating", "number", "ranker", "pairwise")
_SPATIAL = frozenset(("x", "points", "rle", "bbox", "sequence", "vertices"))


@dataclass(frozen=True)
class Answer:
    """One label of one field.

    Attributes:
        field_type: as the extract names it.
        label: "" for free text and for what cannot be read.
        number: of a rating or a number.
        count: how often.
    """

    field_type: str
    label: str = ""
    number: float | None = None
    count: int = 1


@dataclass
class Tally:
    """The answers of one annotation: field → label → how often, in the order of the file."""

    counts: Counter[tuple[str, str, str, float | None]] = field(default_factory=Counter)

    def add(self, name: str, answers: Iterable[Answer]) -> None:
        """Take answers of a field in."""
        for one in answers:
            self.counts[name, one.field_type, one.label, one.number] += one.count

    def rows(self) -> Iterator[dict[str, str]]:
        """One row per field and label; a single row without either when there is no answer."""
        seen: set[tuple[str, str]] = set()
        for (name, field_type, label, number), count in self.counts.items():
            if (name, label) in seen:  # one field, two types: the first one stands
                continue
            seen.add((name, label))
            yield {
                "field": name,
                "field_type": field_type,
                "label": label,
                "number": "" if number is None else number_text(number),
                "label_count": str(count),
            }
        if not self.counts:
            yield {}


def number_text(value: float | Decimal) -> str:
    """A number as text, whole ones without a point.

    >>> number_text(4.0), number_text(Decimal("3.50"))
    ('4', '3.5')
    """
    if isinstance(value, int):
        return str(value)
    number = float(value)
    is_whole = number.is_integer() and abs(number) < 1e15
    return str(int(number)) if is_whole else repr(number)


def is_number(value: object) -> bool:
    """Whether a value is a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def text_of(value: object) -> str:
    """A scalar as text; "" for what is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal):
        return number_text(value) if is_number(value) else ""
    return str(value) if isinstance(value, str | int) else ""


def from_result(kind: str, value: object) -> tuple[list[Answer], bool]:
    """(the answers of one result of Label Studio, whether its type is known).

    A result of an unknown type counts as one answer of the type "other" without a label.
    """
    values = value if isinstance(value, Mapping) else {}
    name = kind.lower()
    field_type = _TYPES.get(name) or _by_region(name, values)
    if not field_type:
        return [Answer("other")], False
    if field_type in ("span", "box"):
        labels = values.get(kind, values.get(name, values.get("labels")))
        return [Answer(field_type, label) for label in _labels(labels) or [""]], True
    inside = values.get(kind, values.get(name, values.get("selected", values.get("text"))))
    return list(_read(field_type, inside)), True


def _by_region(name: str, values: Mapping[str, Any]) -> str:
    if not name.endswith("labels"):
        return ""
    return "span" if "start" in values and _SPATIAL.isdisjoint(values) else "box"


def from_cell(value: object) -> list[Answer]:
    """The answers in one cell of a flat export: plain text, a number, or what JSON says."""
    if isinstance(value, Mapping):
        return list(_from_mapping(value))
    if isinstance(value, list):
        if all(isinstance(part, list) for part in value):
            return list(_read("taxonomy", value))
        parts = [part if isinstance(part, Mapping) else {"choices": [part]} for part in value]
        return [answer for part in parts for answer in _from_mapping(part)]
    if is_number(value):
        return list(_read("number", value))
    text = text_of(value).strip()
    return [Answer("choice", text)] if text else []


def _from_mapping(value: Mapping[str, Any]) -> Iterator[Answer]:
    """The answers of one object, by the list it holds."""
    for key in _KEYS:
        if key in value:
            yield from _read(_TYPES[key], value[key])
            return
    for key, labels in value.items():
        if key.endswith("labels") and isinstance(labels, list):
            yield from from_result(key, value)[0]
            return
    if isinstance(value.get("label"), str):
        is_span = "start" in value and _SPATIAL.isdisjoint(value)
        yield Answer("span" if is_span else "box", value["label"])
    elif "start" in value or not _SPATIAL.isdisjoint(value):
        yield Answer("span" if "start" in value else "box")
    else:
        yield Answer("text" if "text" in value else "other")


def is_answer(value: object) -> bool:
    """Whether a value of a flat export can only be an answer: its keys are those of labels."""
    parts = value if isinstance(value, list) else [value]
    return any(
        isinstance(part, Mapping)
        and any(key in _KEYS or str(key).endswith("labels") for key in part)
        for part in parts
    )


def _read(field_type: str, value: object) -> Iterator[Answer]:
    if field_type in ("rating", "number"):
        yield from (_numeric(field_type, one) for one in _many(value))
    elif field_type == "taxonomy":
        paths = value if isinstance(value, list) else [value]
        yield from (Answer("taxonomy", path) for path in map(_path, paths) if path)
    elif field_type == "ranking":
        yield from (Answer("ranking", label) for label in _ranks(value))
    elif field_type == "text":
        yield Answer("text", count=len(_many(value)))
    else:
        yield from (Answer(field_type, label) for label in _labels(value))


def _numeric(field_type: str, value: object) -> Answer:
    if is_number(value):
        assert isinstance(value, int | float | Decimal)
        return Answer(field_type, number_text(value), float(value))
    return Answer(field_type, text_of(value))


def _many(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _labels(value: object) -> list[str]:
    """Labels as text; a nested one, like a choice inside a choice, as a path."""
    return [label for label in map(_path, _many(value)) if label]


def _path(value: object) -> str:
    """A label as text, a path with "/" between its steps.

    >>> print(_path(["A", "B/C"]), _path(["A/B", "C"]), _path("A/B"))
    A/B\\/C A\\/B/C A/B
    """
    if isinstance(value, list):
        steps = filter(None, map(text_of, value))
        return "/".join(step.replace("\\", r"\\").replace("/", r"\/") for step in steps)
    return text_of(value)


def _ranks(value: object) -> list[str]:
    """A ranking in one label, best first; one label per bucket when there are several."""
    if isinstance(value, Mapping):
        return [f"{_quoted(name, ': ')}: {_ranked(items)}" for name, items in value.items()]
    ranked = _ranked(value)
    return [ranked] if ranked else []


def _ranked(value: object) -> str:
    return " > ".join(_quoted(label, " > ") for label in _labels(value))


def _quoted(text: str, between: str) -> str:
    """A text in quotes when it could be taken for several with `between` between them.

    >>> _quoted("a > b", " > "), _quoted("a>b", " > ")
    ('"a > b"', 'a>b')
    """
    ends = (text.startswith(between[1:]), text.endswith(between[:-1]), text.startswith('"'))
    return '"' + text.replace('"', '""') + '"' if between in text or any(ends) else text
