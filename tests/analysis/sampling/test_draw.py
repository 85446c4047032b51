"""The draw: the same for a seed, fair, and nobody left out."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.sampling.draw import Item, draw, shares
from metrics.errors import AppError

LOT = [Item(f"CT-{i:04}", "abc"[i % 7 % 3], f"A-{i}") for i in range(420)]


@pytest.mark.parametrize("is_stratified", [False, True])
def test_a_seed_draws_the_same_items_in_whatever_order_the_list_came(is_stratified: bool) -> None:
    shuffled = list(LOT)
    random.Random(5).shuffle(shuffled)
    one = draw(LOT, 50, seed=11, is_stratified=is_stratified)
    other = draw([*shuffled, *shuffled[:30]], 50, seed=11, is_stratified=is_stratified)
    assert one == other
    assert len(set(one.items)) == 50
    assert one.items != draw(LOT, 50, seed=12, is_stratified=is_stratified).items


def test_the_place_of_an_item_can_be_worked_out_by_anybody() -> None:
    """SHA-256 of seed, item and piece of work, parted by the unit separator, smallest first."""
    import hashlib

    def place(item: Item) -> str:
        text = "11\x1f" + item.item_id + "\x1f" + item.work_id
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    assert list(draw(LOT, 5, seed=11).items) == sorted(LOT, key=place)[:5]


@pytest.mark.parametrize("is_stratified", [False, True])
def test_a_seed_draws_the_same_work_under_whatever_names_people_are_shown(
    is_stratified: bool,
) -> None:
    names = {"a": "Person Z", "b": "Person Q", "c": "Person K"}
    hidden = [Item(i.item_id, names[i.annotator], i.work_id) for i in LOT]
    one, other = (draw(lot, 50, seed=3, is_stratified=is_stratified) for lot in (LOT, hidden))
    assert [i.work_id for i in one.items] == [i.work_id for i in other.items]


def test_two_peoples_work_on_an_item_is_drawn_each_by_itself() -> None:
    lot = [Item(str(i), who, f"{i}-{k}") for i in range(200) for k, who in enumerate("ab")]
    found = draw(lot, 40, seed=2).items
    assert len({item.item_id for item in found}) > 30


def test_every_item_is_drawn_equally_often() -> None:
    small = [Item(str(i), "a") for i in range(20)]
    drawn = Counter(item for seed in range(4_000) for item in draw(small, 5, seed=seed).items)
    assert sum(drawn.values()) == 20_000
    assert stats.chisquare([drawn[item] for item in small]).pvalue > 0.001


def test_a_stratified_draw_leaves_nobody_out() -> None:
    lot = [Item(str(i), "busy") for i in range(400)] + [Item("x", "rare"), Item("y", "rare")]
    found = draw(lot, 20, seed=1, is_stratified=True)
    assert found.by_annotator == {"busy": 19, "rare": 1}
    assert found.words.startswith("Annotators with few items are drawn more than their share")


def test_more_annotators_than_the_plan_asks_for_raise_the_draw_and_it_is_said() -> None:
    lot = [Item(str(i), f"person {i % 8}") for i in range(80)]
    found = draw(lot, 5, seed=1, is_stratified=True)
    assert set(found.by_annotator.values()) == {1}
    assert len(found.items) == 8
    assert found.words == (
        "The plan asks for 5; 8 are drawn so that each of 8 annotators is checked."
    )


@given(
    sizes=st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 500), min_size=1),
    n=st.integers(1, 400),
)
def test_shares_are_proportional_whole_and_never_none(sizes: dict[str, int], n: int) -> None:
    total = sum(sizes.values())
    n = min(n, total)
    found = shares(sizes, n)
    assert sum(found.values()) == max(n, len(sizes))
    for name, size in sizes.items():
        assert 1 <= found[name] <= size
        if n >= len(sizes) and min(n * s / total for s in sizes.values()) >= 1:
            assert abs(found[name] - n * size / total) < 1  # largest remainder keeps the quota


def test_a_draw_larger_than_the_lot_is_the_lot() -> None:
    assert len(draw(LOT[:7], 50, seed=1).items) == 7


def test_an_empty_lot_is_refused() -> None:
    with pytest.raises(AppError, match="no items"):
        draw([], 5, seed=1)
