"""The items of a lot, from annotations, reviews or completed work."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.sampling.draw import Item, draw
from analysis.sampling.lot_items import SOURCES, items, sources
from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.periods import week
from metrics.scope import NOT_RECORDED, scope
from sample_data.plants import CLOCK
from tests.uploading import Row, upload

W46 = scope(week("2026-W46"))
ANNOTATIONS: list[Row] = [
    {
        "annotation_id": f"A-{i}", "item_id": f"CT-{i // 2}", "annotator": f"Ann {i % 2}",
        "field": "finding", "label": "Mass", "created_at": "2026-11-10 08:00",
        "updated_at": "2026-11-10 08:00", "project": "Chest CT", "batch": "B1" if i < 4 else "B2",
        "is_skipped": i == 7,
    }
    for i in range(8)
]  # fmt: skip
REVIEWS: list[Row] = [
    {
        "review_id": f"R-{i}", "item_id": f"CT-{i % 3}", "review_stage": 1, "reviewer": "A. Novak",
        "annotator": "Ann 0" if i < 3 else None, "outcome": "accepted",
        "reviewed_at": "2026-11-11 08:00", "project": "Chest CT",
    }
    for i in range(4)
]  # fmt: skip


def store(folder: Path, *, hide: bool = False, **extracts: list[Row]) -> Store:
    workspace = Workspace(folder / "workspace")
    workspace.save_settings(
        Settings(fixed_clock=CLOCK.isoformat(), salt="test", hide_names=hide)
    )  # fmt: skip
    for name, rows in extracts.items():
        upload(workspace, name, rows)
    warehouse.publish(workspace)
    return Store.open(workspace)


def test_annotations_are_offered_first_and_only_what_has_rows_is_offered(tmp_path: Path) -> None:
    opened = store(tmp_path, annotations=ANNOTATIONS, reviews=REVIEWS)
    assert [source.name for source in sources(opened, W46)] == ["annotated", "reviewed"]
    assert sources(opened, scope(week("2026-W30"))) == []


def test_each_persons_work_on_an_item_is_one_item_and_skipped_ones_are_none(
    tmp_path: Path,
) -> None:
    opened = store(tmp_path, annotations=ANNOTATIONS)
    (source,) = sources(opened, W46)
    found = items(opened, W46, source)
    assert found == tuple(
        Item(f"CT-{i}", f"Ann {j}", f"A-{2 * i + j}")
        for i in range(4)
        for j in range(2)
        if (i, j) != (3, 1)
    )
    assert items(opened, W46.where(batch="B2"), source) == found[4:]


def test_an_item_reviewed_twice_counts_once_and_unknown_people_are_said(tmp_path: Path) -> None:
    opened = store(tmp_path, reviews=REVIEWS)
    found = items(opened, W46, SOURCES[1])
    assert found == (
        Item("CT-0", NOT_RECORDED, "R-3"), Item("CT-0", "Ann 0", "R-0"),
        Item("CT-1", "Ann 0", "R-1"), Item("CT-2", "Ann 0", "R-2"),
    )  # fmt: skip


def test_people_stand_under_the_names_that_may_be_shown(tmp_path: Path) -> None:
    opened = store(tmp_path, hide=True, annotations=ANNOTATIONS)
    people = {item.annotator for item in items(opened, W46, SOURCES[0])}
    assert len(people) == 2
    assert not any(person.startswith("Ann") for person in people)


def test_a_seed_draws_the_same_work_whether_names_are_hidden_or_not(tmp_path: Path) -> None:
    shown, hidden = (
        items(store(tmp_path / str(hide), hide=hide, annotations=ANNOTATIONS), W46, SOURCES[0])
        for hide in (False, True)
    )
    for seed in range(20):
        one, other = (draw(lot, 3, seed=seed, is_stratified=True) for lot in (shown, hidden))
        assert [i.work_id for i in one.items] == [i.work_id for i in other.items]


def test_a_gold_answer_that_nobody_of_the_team_gave_is_nobodys_work(tmp_path: Path) -> None:
    gold: Row = {
        **ANNOTATIONS[0], "annotation_id": "G", "item_id": "CT-9", "annotator": None,
        "is_gold": True,
    }  # fmt: skip
    opened = store(tmp_path, annotations=[*ANNOTATIONS[:2], gold])
    assert items(opened, W46, SOURCES[0]) == (
        Item("CT-0", "Ann 0", "A-0"), Item("CT-0", "Ann 1", "A-1"),
    )  # fmt: skip


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_source_can_be_asked_when_nothing_was_uploaded(tmp_path: Path, source) -> None:
    assert items(store(tmp_path), W46, source) == ()
