"""Flat exports: which of their columns hold answers, and which the data that was annotated.

The header does not tell. What does: an answer's own JSON; a value that differs between the
annotations of one item; short values that come again and again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

from data_access.readers.labeling.answers import Answer, from_cell, is_answer, text_of
from data_access.readers.model import Ask, plain

NONE = "(none of these)"
_URL = re.compile(r"(https?|s3|gs|azure-blob|file)://|/data/|data:")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_DIFFERENT = 200  # values remembered per column
_ITEMS = 100_000  # items remembered per column
_LONG = 60  # characters; a label is shorter
_ENOUGH = 5  # items with two annotations that say something
_OFFERED = 3  # columns of which every combination is offered


@dataclass
class Profile:
    """What a column holds, from all its rows.

    Attributes:
        filled: rows with a value.
        values: different values, up to a limit.
        longest: characters of the longest value.
        answers: values whose JSON can only be an answer.
        objects: other JSON values, and addresses of files.
        numbers: values that are numbers.
        first: item → its first value.
        again: further values of an item; `differing` of them are not the first one.
    """

    filled: int = 0
    values: set[str] = field(default_factory=set)
    longest: int = 0
    answers: int = 0
    objects: int = 0
    numbers: int = 0
    first: dict[str, int] = field(default_factory=dict)
    again: int = 0
    differing: int = 0

    def look(self, item: str, value: object) -> None:
        """Take a row in."""
        parsed = parse(value)
        text = parsed if isinstance(parsed, str) else json.dumps(parsed, default=str)
        self._compare(item, hash(text))
        if parsed in ("", None):
            return
        self.filled += 1
        self.answers += is_answer(parsed)
        if isinstance(parsed, list | Mapping) or _URL.match(text):
            self.objects += 1
            return
        self.numbers += bool(_NUMBER.fullmatch(text))
        self.longest = max(self.longest, len(text))
        if len(self.values) < _DIFFERENT:
            self.values.add(text)

    def _compare(self, item: str, value: int) -> None:
        if item in self.first:
            self.again += 1
            self.differing += self.first[item] != value
        elif len(self.first) < _ITEMS:
            self.first[item] = value

    @property
    def is_text(self) -> bool:
        """Whether its plain values are free text rather than labels."""
        plain_ones = self.filled - self.objects
        is_varied = len(self.values) > max(30, plain_ones / 2)
        return self.longest > _LONG or (is_varied and self.numbers < plain_ones)

    @property
    def is_numeric(self) -> bool:
        """Whether all its values are numbers."""
        return self.numbers == self.filled > 0

    def verdict(self) -> Literal["answer", "likely", "possible", "data"]:
        """How surely it holds answers."""
        if self.answers or self.differing:
            return "answer"
        if self.objects or self.longest > _LONG or self.again >= _ENOUGH or not self.filled:
            return "data"
        if len(self.values) >= min(self.filled, _DIFFERENT):
            return "data" if self.filled >= _ENOUGH else "possible"
        return "likely" if len(self.values) <= max(12, self.filled / 5) else "possible"


def parse(value: object) -> object:
    """A value, read as JSON when a text looks like an array or an object."""
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and text[:1] in ("[", "{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):  # no JSON, or nested deeper than any answer
            return text
    return text if text is not None else ""


def choose(
    profiles: Mapping[str, Profile], answers: Mapping[str, str]
) -> tuple[list[str], Ask | None]:
    """(the columns that hold answers, the question that is left about them).

    An answer that names a column which the file does not have is no answer.
    """
    by = {name: profile.verdict() for name, profile in profiles.items()}
    sure = [name for name in profiles if by[name] == "answer"]
    likely = [name for name in profiles if by[name] == "likely"]
    open_ones = likely or ([] if sure else [n for n in profiles if by[n] == "possible"])
    named = _named(answers.get("fields", ""), list(profiles))
    if named is not None:
        return named, None
    if not open_ones or (len(likely) == 1 and not sure):
        return sure or likely, None
    return sure, _ask(sure, open_ones, must_say=len(likely) > 1 and not sure)


def _ask(sure: Sequence[str], open_ones: Sequence[str], *, must_say: bool) -> Ask:
    many = len(open_ones) > _OFFERED
    sizes = (1, len(open_ones)) if many else range(1, len(open_ones) + 1)
    added = [list(some) for size in sizes for some in combinations(open_ones, size)]
    choices = [joined(sure), *(joined([*sure, *some]) for some in added)]
    return Ask(
        key="fields",
        text="Which columns hold what the annotators answered? The others are taken for the data "
        "that was annotated and are left out. By their values these could be either: "
        f"{', '.join(open_ones)}. Several are written with commas between them.",
        choices=tuple(dict.fromkeys(choices)),
        default=None if must_say else choices[0],
    )


def joined(names: Sequence[str]) -> str:
    """Names as one answer."""
    return ", ".join(names) or NONE


def _named(answer: str, names: Sequence[str]) -> list[str] | None:
    if answer == NONE:
        return []
    known = {plain(name): name for name in names}
    parts = [answer] if plain(answer) in known else answer.split(",")
    found = [known[plain(part)] for part in parts if plain(part) in known]
    return found if len(found) == len(parts) else None


def answered(profile: Profile, value: object) -> list[Answer]:
    """The answers in one value of a column."""
    parsed = parse(value)
    if parsed in ("", None, [], {}):
        return []
    if isinstance(parsed, list | Mapping):
        return from_cell(parsed)
    text = text_of(parsed)
    if profile.is_numeric:
        return [Answer("number", _without_point(text), float(text))]
    return [Answer("text")] if profile.is_text else [Answer("choice", text)]


def _without_point(number: str) -> str:
    return re.sub(r"\.0+$", "", number)


def look_at(
    rows: Iterable[tuple[str, Mapping[str, Any]]], skip: frozenset[str]
) -> dict[str, Profile]:
    """Column → what it holds.

    Args:
        rows: (item, values by column).
        skip: columns that are told by their names.
    """
    profiles: dict[str, Profile] = {}
    for item, values in rows:
        for name, value in values.items():
            if name not in skip:
                profiles.setdefault(name, Profile()).look(item, value)
    return profiles
