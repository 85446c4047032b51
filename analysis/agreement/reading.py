"""From the database to the ratings of one field: patterns of answers, people, labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from analysis.agreement.pairs import PairCounts, pair_counts
from analysis.agreement.patterns import Patterns, RaterPatterns, presence
from data_access.store import Store
from metrics.annotation import KRIPPENDORFF_ALPHA, RATINGS_GIVEN
from metrics.scope import Scope, scope

MOST_ANSWERS = 400  # of a field whose answers are compared one by one
MOST_PATTERNS = 200_000  # who said what on the same item; the SQL hands over one more
MOST_PEOPLE = 40  # whose pairs are compared; others are met through their own filter
_MOST_CELLS = 20_000_000
ABSENT = "not given"  # a label of a set, by the people who left it out
_MOST_LABELS = 40  # of a field with several labels, the most frequent ones are looked into
_PEOPLE = "Who said what differs too much from item to item to be looked into: {0:,} patterns."


@dataclass(frozen=True)
class Answer:
    """One answer of a field: a label, a set of labels, a number.

    Attributes:
        codes: its places in the field; several where one number was written in several ways.
        text: as readers see it.
        number: its value, None where it is no number.
        labels: the labels it is made of.
        ratings: how many ratings give it.
    """

    codes: tuple[int, ...]
    text: str
    number: float | None
    labels: tuple[str, ...]
    ratings: int


@dataclass(frozen=True)
class FieldRatings:
    """All ratings of one field in a window and its filters.

    Attributes:
        store, scope: where they come from; the scope names the field.
        field: the question.
        answers: every answer given, by code.
    """

    store: Store
    scope: Scope
    field: str
    answers: tuple[Answer, ...]

    @property
    def has_sets(self) -> bool:
        """Whether somebody gave several labels at once."""
        return any(len(answer.labels) > 1 for answer in self.answers)

    @property
    def is_numeric(self) -> bool:
        """Whether every answer is a number."""
        return all(answer.number is not None for answer in self.answers)

    @cached_property
    def places(self) -> dict[int, int]:
        """Code of an answer in the database → its place among the answers."""
        return {code: at for at, answer in enumerate(self.answers) for code in answer.codes}

    @property
    def _is_merged(self) -> bool:
        """Whether a number was written in several ways, so that texts do not tell answers apart."""
        return any(len(answer.codes) > 1 for answer in self.answers)

    @property
    def too_many(self) -> str:
        """Why answers are not compared one by one; "" where they are."""
        if len(self.answers) <= MOST_ANSWERS:
            return ""
        return f"The field has {len(self.answers):,} different answers, too many to compare."

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        """In an order of their own: the resamples of an interval follow it."""
        rows = self._ask("rating_patterns")
        return sorted(rows, key=lambda row: (row["codes"], row["counts"]))

    @cached_property
    def raters(self) -> tuple[str, ...]:
        """Everybody who answered, A to Z."""
        return tuple(row["annotator"] for row in self._ask("rating_people"))

    @property
    def of_each(self) -> tuple[int, ...]:
        """How many ratings each of the raters gave."""
        return tuple(row["ratings"] for row in self._ask("rating_people"))

    @cached_property
    def patterns(self) -> Patterns:
        """How the answers fall on the items; order and people left out."""
        counts = np.zeros((len(self._rows), len(self.answers)), dtype=np.int64)
        for at, row in enumerate(self._rows):
            np.add.at(counts[at], [self.places[code] for code in row["codes"]], row["counts"])
        units = np.array([row["units"] for row in self._rows], dtype=np.int64)
        return Patterns(self._texts, counts, units, len(self.raters), self._values)

    @property
    def _texts(self) -> tuple[str, ...]:
        return tuple(answer.text for answer in self.answers)

    @property
    def _values(self) -> tuple[float, ...] | None:
        if not self.is_numeric:
            return None
        return tuple(answer.number or 0.0 for answer in self.answers)

    @cached_property
    def _of_people(self) -> list[dict[str, Any]]:
        return self._ask("rater_patterns")

    @property
    def no_people(self) -> str:
        """Why it is not known who said what; "" where it is."""
        size = len(self._of_people)
        if size > MOST_PATTERNS or size * max(len(self.raters), 1) > _MOST_CELLS:
            return _PEOPLE.format(size)
        return self.too_many

    @cached_property
    def people(self) -> RaterPatterns:
        """Who gave which answer on the same item; ask `no_people` first."""
        who = {name: at for at, name in enumerate(self.raters)}
        codes = np.full((len(self._of_people), len(who)), -1, dtype=np.int64)
        for at, row in enumerate(self._of_people):
            columns = [who[name] for name in row["annotators"]]
            codes[at, columns] = [self.places[code] for code in row["codes"]]
        units = np.array([row["units"] for row in self._of_people], dtype=np.int64)
        return RaterPatterns(self.raters, self._texts, codes, units, self._values)

    @cached_property
    def label_people(self) -> RaterPatterns:
        """Who gave which label: each item and label is a unit, answered by it or "not given".

        For fields with several labels an answer; the most frequent 40 labels.
        """
        labels = self.labels[:_MOST_LABELS]
        found: dict[tuple[int, ...], int] = defaultdict(int)
        given = np.array(
            [[label in answer.labels for label in labels] for answer in self.answers], dtype=bool
        )
        codes = self.people.codes
        for at, _ in enumerate(labels):
            has = given[:, at][np.maximum(codes, 0)]
            rows = np.where(codes < 0, -1, np.where(has, at + 1, 0))
            for row, units in zip(map(tuple, rows.tolist()), self.people.units, strict=True):
                found[row] += int(units)
        unique = np.array(list(found), dtype=np.int64).reshape(-1, len(self.raters))
        weights = np.array(list(found.values()), dtype=np.int64)
        return RaterPatterns(self.raters, (ABSENT, *labels), unique, weights)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label of the field, the most frequent first."""
        times: dict[str, int] = defaultdict(int)
        for answer in self.answers:
            for label in answer.labels:
                times[label] += answer.ratings
        return tuple(sorted(times, key=lambda label: (-times[label], label)))

    @cached_property
    def by_label(self) -> dict[str, Patterns]:
        """Label → whether people gave it or not, on all items of the field."""
        if self._is_merged:
            return self._by_number
        rows: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for row in self._ask("label_patterns"):
            rows[row["label"]].append((row["raters"], row["present"], row["units"]))
        return {
            label: presence(*np.array(found).T, raters=len(self.raters))
            for label, found in rows.items()
        }

    @property
    def _by_number(self) -> dict[str, Patterns]:
        counts, units = self.patterns.counts, self.patterns.units
        rated = counts.sum(axis=1)
        return {
            answer.text: presence(rated, counts[:, at], units, raters=len(self.raters))
            for at, answer in enumerate(self.answers)
        }

    @cached_property
    def pairs(self) -> PairCounts:
        """The pairs of people who share an item; of the 40 with most ratings where more rated."""
        people = sorted(zip(self.of_each, self.raters, strict=True), reverse=True)[:MOST_PEOPLE]
        names = tuple(name for _, name in people)
        if self._is_merged and not self.no_people:
            return pair_counts(self.people.only(names))
        here = self.scope
        if len(names) < len(self.raters):
            here = scope(here.period, {**dict(here.filters), "annotator": names})
        rows = self.store.statistic("rating_pair_chance", RATINGS_GIVEN, here)
        return PairCounts(
            tuple(row["annotator"] for row in rows),
            tuple(row["other"] for row in rows),
            np.array([row["shared"] for row in rows], dtype=np.int64),
            np.array([row["agreed"] for row in rows], dtype=np.int64),
            np.array([row["by_chance"] for row in rows], dtype=float),
        )

    def answer_pairs(self) -> list[tuple[str, str, int]]:
        """(answer, other answer, pairs of people who gave them to one item), alike ones too."""
        counts, units = self.patterns.counts, self.patterns.units
        table = (counts * units[:, None]).T @ counts
        own = units @ counts
        texts = self._texts
        found = []
        for a, _ in enumerate(texts):
            found.append((texts[a], texts[a], int((table[a, a] - own[a]) // 2)))
            found += [(texts[a], texts[b], int(table[a, b])) for b in range(a + 1, len(texts))]
        return [(a, b, n) for a, b, n in found if n]

    def _ask(self, name: str) -> list[dict[str, Any]]:
        return self.store.statistic(name, RATINGS_GIVEN, self.scope)


def fields(store: Store, scope: Scope) -> tuple[str, ...]:
    """The fields with ratings in the window and filters, those with most shared items first."""
    values = store.breakdown_values([KRIPPENDORFF_ALPHA], scope, "field")[KRIPPENDORFF_ALPHA.name]
    return tuple(v.segment for v in sorted(values, key=lambda v: (-v.n, v.segment)))


def read(store: Store, scope: Scope, field: str) -> FieldRatings:
    """The ratings of a field; what is behind it is asked for when it is looked at."""
    here = scope.where(field=field)
    answers = [
        Answer((row["code"],), row["answer"], row["number"], tuple(row["labels"]), row["ratings"])
        for row in store.statistic("rating_answers", RATINGS_GIVEN, here)
    ]
    return FieldRatings(store, here, field, merged(answers))


def merged(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers, those of one value as one where all are numbers: "1" and "1.0" are the same.

    It stands under its shortest text, at the place of the first.
    """
    if any(answer.number is None for answer in answers):
        return tuple(answers)
    alike: dict[float | None, list[Answer]] = defaultdict(list)
    for answer in answers:
        alike[answer.number].append(answer)
    return tuple(_one(found) for found in alike.values())


def _one(alike: Sequence[Answer]) -> Answer:
    shown = min(alike, key=lambda answer: (len(answer.text), answer.text))
    codes = tuple(code for answer in alike for code in answer.codes)
    return replace(shown, codes=codes, ratings=sum(answer.ratings for answer in alike))
