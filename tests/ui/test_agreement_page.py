"""The page Agreement: what is drawn, what a click shows, and what is said where nothing can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from data_access.workspace import Workspace
from tests.ui.apps import app, charts, home_of, made, texts
from tests.uploading import Row
from ui.agreement_items import EVERYTHING, confusion_option, people_option

PAGE = "pages/quality/agreement.py"
WEEK = "2026-W46"
SAID = {  # item → who said what
    "I-1": {"Ana": "Nodule", "Ben": "Nodule", "Cleo": "Nodule"},
    "I-2": {"Ana": "Nodule", "Ben": "Mass", "Cleo": "Nodule"},
    "I-3": {"Ana": "Mass", "Ben": "Nodule", "Cleo": "Clear"},
    "I-4": {"Ana": "Clear", "Ben": "Clear"},
    **{f"I-{n}": {"Ana": "Clear", "Ben": "Clear", "Cleo": "Clear"} for n in range(5, 15)},
    "I-15": {"Ana": "Mass", "Cleo": "Clear"},
}


def rows() -> list[Row]:
    return [
        {
            "annotation_id": f"{item}-{person}",
            "item_id": item,
            "annotator": person,
            "field": "finding",
            "label": label,
            "created_at": "2026-11-10 09:00",
            "updated_at": "2026-11-10 09:00",
        }
        for item, people in SAID.items()
        for person, label in people.items()
    ]


def numbers() -> list[Row]:
    return [
        {
            "annotation_id": f"N{item}-{person}",
            "item_id": f"N-{item}",
            "annotator": person,
            "field": "severity",
            "label": str(value),
            "number": float(value),
            "created_at": "2026-11-10 09:00",
            "updated_at": "2026-11-10 09:00",
        }
        for item in range(11)
        for person, value in (("Ana", 1 + item % 4), ("Ben", 1 + (item + item % 2) % 4))
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("agreement_home")
    workspace = made(Workspace(folder / "own"), annotations=[*rows(), *numbers()])
    assert workspace.settings.hide_names
    with home_of(folder) as found:
        yield found


def opened(**params: str):
    started = app(PAGE, dates=WEEK, field="finding", **params)
    assert not started.exception
    return started


def shown(started) -> list[str]:
    """The items of the table, in order."""
    (frame,) = [f.value for f in started.dataframe if "Who said what" in f.value]
    return list(frame["Item"])


def test_the_matrix_counts_pairs_of_people_by_their_two_answers(home: Path) -> None:
    pairs = Counter(
        frozenset(pair) if len(set(pair)) > 1 else frozenset(pair[:1])
        for people in SAID.values()
        for pair in combinations(people.values(), 2)
    )
    (found,) = [sets for alt, sets in charts(opened()).items() if "two answers" in alt]
    for row in found["rows"]:
        assert row["text"] == f"{pairs[frozenset((row['row'], row['column_name']))]:,}"


def test_every_item_on_which_people_differ_is_listed_and_no_other(home: Path) -> None:
    assert sorted(shown(opened())) == ["I-15", "I-2", "I-3"]
    assert shown(opened())[0] == "I-3"  # three different answers


def test_a_pair_of_answers_shows_the_items_with_both(home: Path) -> None:
    assert set(shown(opened(show=confusion_option("Nodule", "Mass")))) == {"I-2", "I-3"}
    assert set(shown(opened(show=confusion_option("Clear", "Mass")))) == {"I-3", "I-15"}


def test_a_pair_of_people_shows_the_items_on_which_the_two_differ(home: Path) -> None:
    started = opened()
    options = [o for o in started.selectbox(key="show").options if o.startswith("People")]
    assert len(options) == 3
    found = [set(shown(opened(show=option))) for option in options]
    wanted = [
        {i for i, said in SAID.items() if {a, b} <= said.keys() and said[a] != said[b]}
        for a, b in combinations(("Ana", "Ben", "Cleo"), 2)
    ]
    assert sorted(map(sorted, found)) == sorted(map(sorted, wanted))


def test_people_stand_under_pseudonyms_while_names_are_hidden(home: Path) -> None:
    started = opened()
    everything = texts(started) + str([list(f.value.to_dict("list").items())
                                       for f in started.dataframe])  # fmt: skip
    assert "Person " in everything
    for name in ("Ana", "Ben", "Cleo"):
        assert name not in everything
    assert people_option("Ben", "Ana") == "People: Ana and Ben"


def test_an_unknown_choice_of_a_link_shows_everything(home: Path) -> None:
    started = opened(show="People: Nobody and Somebody")
    assert started.selectbox(key="show").value == EVERYTHING


def test_numbers_can_be_compared_by_distance_and_labels_cannot(home: Path) -> None:
    started = app(PAGE, dates=WEEK, field="severity", level="interval")
    assert not started.exception
    assert "Krippendorff" in texts(started)
    assert [c for c in started.get("button_group") if "How far apart" in c.label]
    assert not [c for c in opened().get("button_group") if "How far apart" in c.label]


def test_a_window_without_ratings_says_so_and_leads_to_the_upload(home: Path) -> None:
    empty = app(PAGE, dates="2026-11-09..2026-11-09")
    assert not empty.exception
    assert "No ratings to compare" in texts(empty)


def test_too_little_is_said_instead_of_a_diagnosis(home: Path) -> None:
    assert "needed to say where it lies" in texts(opened())
