"""How ratings fall on answers and pairs, counted in the database and by loops over the same rows.

Fields of every kind that the database counts in a way of its own: few answers, more than ten
answers, more than 63 people on an item, and items that one to six people rated.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import date
from itertools import combinations

import krippendorff
import numpy as np
import pytest

from data_access.store import Store
from data_access.workspace import Workspace
from metrics.annotation import KRIPPENDORFF_ALPHA
from metrics.periods import Period
from metrics.scope import scope
from tests.store.test_ratings import published, said
from tests.uploading import upload

WINDOW = scope(Period(date(2026, 11, 2), date(2026, 11, 16)))
KINDS = {  # field → answers, people of an item at least and at most, items, people to draw from
    "few": (4, 1, 6, 60, 9),
    "varied": (10, 1, 3, 120, 9),
    "many": (14, 2, 5, 40, 9),
    "crowd": (2, 100, 110, 12, 120),
    "ten": (10, 60, 63, 12, 80),
}
Rated = tuple[str, str, str, str, str]  # project, field, item, person, answer


def drawn(seed: int) -> list[Rated]:
    """Ratings of all kinds; an item of one person or more, each person once."""
    rng = random.Random(seed)
    return [
        (project, field, f"{field}-{item}", f"P{person:03d}", f"a{min(_two(rng, answers)):02d}")
        for field, (answers, fewest, most, items, people) in KINDS.items()
        for item in range(items)
        for project in [rng.choice(["North", "South"])]
        for person in rng.sample(range(people), rng.randint(fewest, most))
    ]


def _two(rng: random.Random, answers: int) -> tuple[int, int]:
    return rng.randrange(answers), rng.randrange(answers)


@pytest.fixture
def rated() -> list[Rated]:
    return drawn(11)


@pytest.fixture
def store(workspace: Workspace, rated: list[Rated]) -> Store:
    rows = [
        said(item, person, answer, project=project, field=field)
        for project, field, item, person, answer in rated
    ]
    upload(workspace, "annotations", rows)
    return published(workspace)


def units(rated: list[Rated]) -> dict[tuple[str, str], list[Rated]]:
    """The ratings of each field and item."""
    found: dict[tuple[str, str], list[Rated]] = defaultdict(list)
    for row in rated:
        found[row[1], row[2]].append(row)
    return found


def test_the_kinds_are_what_they_are_called(rated: list[Rated]) -> None:
    people = {field: Counter(map(len, [u for k, u in units(rated).items() if k[0] == field]))
              for field in KINDS}  # fmt: skip
    assert set(people["few"]) == {1, 2, 3, 4, 5, 6}
    assert min(people["crowd"]) > 63 >= max(people["ten"])
    same = Counter(row[1:3] + row[4:] for row in rated if row[1] == "crowd")
    assert max(same.values()) > 63
    assert len({row[4] for row in rated if row[1] == "many"}) > 10
    assert len({row[4] for row in rated if row[1] == "ten"}) == 10


@pytest.mark.parametrize("by", [None, "project"])
def test_patterns_are_those_of_a_loop_over_the_items(
    store: Store, rated: list[Rated], by: str | None
) -> None:
    expected: Counter[tuple[str, tuple[int, ...]]] = Counter()
    for rows in units(rated).values():
        counts = sorted(Counter(row[4] for row in rows).values())
        expected[rows[0][0] if by else "", tuple(counts)] += 1
    found: Counter[tuple[str, tuple[int, ...]]] = Counter()
    for row in store.statistic("rating_patterns", KRIPPENDORFF_ALPHA, WINDOW, by=by):
        assert row["raters"] == sum(row["counts"])
        assert len(set(row["codes"])) == len(row["codes"])
        found[str(row["segment"]), tuple(sorted(row["counts"]))] += int(row["units"])
    assert found == expected


def test_pairs_are_those_of_a_loop_over_the_items(store: Store, rated: list[Rated]) -> None:
    expected: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for rows in units(rated).values():
        for one, two in combinations(sorted(rows, key=lambda row: row[3]), 2):
            pair = expected[one[3], two[3]]
            pair[0] += 1
            pair[1] += one[4] == two[4]
    found = {
        (row["annotator"], row["other"]): [row["shared"], row["agreed"]]
        for row in store.statistic("rating_pairs", KRIPPENDORFF_ALPHA, WINDOW)
    }
    assert found == expected


def test_pairs_are_counted_among_the_rows_of_a_filter(store: Store, rated: list[Rated]) -> None:
    people = sorted({row[3] for row in rated})[::2]
    expected: Counter[tuple[str, str]] = Counter()
    for rows in units(rated).values():
        expected.update(combinations(sorted({row[3] for row in rows} & set(people)), 2))
    found = {
        (row["annotator"], row["other"]): row["shared"]
        for row in store.statistic(
            "rating_pairs", KRIPPENDORFF_ALPHA, scope(WINDOW.period, {"annotator": people})
        )
    }
    assert found == expected


@pytest.mark.parametrize("field", KINDS)
def test_alpha_of_each_kind_is_that_of_the_library(
    store: Store, rated: list[Rated], field: str
) -> None:
    mine = [row for row in rated if row[1] == field]
    at = {name: n for n, name in enumerate(sorted({row[2] for row in mine}))}
    who = {name: n for n, name in enumerate(sorted({row[3] for row in mine}))}
    table = np.full((len(who), len(at)), np.nan)
    for _, _, item, person, answer in mine:
        table[who[person], at[item]] = int(answer[1:])
    expected = krippendorff.alpha(table, level_of_measurement="nominal")
    here = scope(WINDOW.period, {"field": [field]})
    assert store.value(KRIPPENDORFF_ALPHA, here).value == pytest.approx(expected, abs=1e-9)
    listed = store.breakdown_values(KRIPPENDORFF_ALPHA, WINDOW, by="field")
    by_field = {value.segment: value.value for value in listed[KRIPPENDORFF_ALPHA.name]}
    assert by_field[field] == pytest.approx(expected, abs=1e-9)
