"""A seeded draw from a lot: simple, or stratified so that every annotator is drawn from.

An item's place in the draw is the SHA-256 of seed, item and piece of work. So the same seed draws
the same items from the same lot on every machine, in whatever order the list came and under
whatever names people are shown, and anybody can check it. To who knows the seed beforehand a draw
is foreseeable: choose it after the work is done.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.sampling.weighting import UNEVEN, unevenness
from metrics.errors import AppError


@dataclass(frozen=True, order=True)
class Item:
    """One thing to check: somebody's work on an item.

    Attributes:
        item_id: the item.
        annotator: whose work, as people may be shown.
        work_id: which piece of work on it, whatever name its author is shown under.
    """

    item_id: str
    annotator: str
    work_id: str = ""


@dataclass(frozen=True)
class Draw:
    """The items drawn, in the order to check them.

    Attributes:
        items: drawn.
        asked: how many the plan asked for.
        by_annotator: how many of each annotator; of a simple draw how it fell out.
        strata: the lot's items by each annotator, in the order in which they come in the draw;
            empty for a simple draw.
    """

    items: tuple[Item, ...]
    asked: int
    by_annotator: Mapping[str, int]
    strata: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """What was drawn beyond the plan or unevenly, and what that means; "" when nothing was."""
        said = []
        if len(self.items) > self.asked:
            said.append(
                f"The plan asks for {self.asked:,}; {len(self.items):,} are drawn so that each of "
                f"{len(self.by_annotator):,} annotators is checked."
            )
        if (times := self._unevenness) > UNEVEN:
            said.append(
                "Annotators with few items are drawn more than their share: one drawn item stands "
                f"for up to {times:.0f} times as many items of the lot as another. The plan's "
                "curve holds for a draw by chance alone, so a rate weighted by annotator will "
                "stand beside the plain one."
            )
        return " ".join(said)

    @property
    def _unevenness(self) -> float:
        if not self.strata:
            return 1.0
        order = dict.fromkeys(item.annotator for item in self.items)
        return unevenness(self.strata, [self.by_annotator[name] for name in order])


def draw(items: Iterable[Item], n: int, *, seed: int, is_stratified: bool = False) -> Draw:
    """Draw n different items, or at least one of every annotator.

    Args:
        items: the lot; an item that is listed twice counts once.
        n: how many; all when the lot has no more.
        seed: any whole number.
        is_stratified: draw from each annotator in proportion to their items, one at least.

    Raises:
        AppError: the lot is empty.
    """
    lot = sorted(set(items), key=lambda item: (_place(seed, item), item))
    if not lot:
        raise AppError("The lot has no items to draw from.", next_step="Choose a wider lot.")
    asked = min(n, len(lot))
    groups: dict[str, list[Item]] = {}
    for item in lot:
        groups.setdefault(item.annotator, []).append(item)
    if is_stratified:
        share = shares({name: len(found) for name, found in groups.items()}, asked)
        chosen = {item for name, found in groups.items() for item in found[: share[name]]}
    else:
        chosen = set(lot[:asked])
    drawn = tuple(item for item in lot if item in chosen)
    counts = {name: sum(i in chosen for i in groups[name]) for name in sorted(groups)}
    order = dict.fromkeys(item.annotator for item in drawn)
    strata = tuple(len(groups[name]) for name in order) if is_stratified else ()
    return Draw(drawn, asked, {name: count for name, count in counts.items() if count}, strata)


def shares(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many to draw of each annotator: in proportion, by largest remainder, one at least.

    Together n, or the number of annotators when that is more; never more than somebody has. Ties
    go to who is listed first.

    >>> shares({"a": 90, "b": 9, "c": 1}, 10)
    {'a': 8, 'b': 1, 'c': 1}
    """
    total = sum(sizes.values())
    exact = {name: n * size / total for name, size in sizes.items()}
    found = {name: min(sizes[name], max(1, math.floor(exact[name]))) for name in sizes}
    while (missing := max(n, len(sizes)) - sum(found.values())) > 0:
        open_to = [name for name in sizes if found[name] < sizes[name]]
        if not open_to:
            break
        open_to.sort(key=lambda name: found[name] - exact[name])
        for name in open_to[:missing]:
            found[name] += 1
    while (spare := sum(found.values()) - max(n, len(sizes))) > 0:
        heavy = [name for name in sizes if found[name] > 1]
        heavy.sort(key=lambda name: exact[name] - found[name])
        for name in heavy[:spare]:
            found[name] -= 1
    return found


def _place(seed: int, item: Item) -> str:
    said = f"{seed}\x1f{item.item_id}\x1f{item.work_id}"
    return hashlib.sha256(said.encode()).hexdigest()
