"""How much a test does: a tenth of its long counts in every run, all of them with `--full`.

A test marked `slow` takes its counts from here, so that the tenth is the same every time:

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", range(count(20)))     # 2 seeds, 20 with --full
    def test_a_twin_without_the_plant_is_never_flagged(seed): ...

    for attack in tenth(ATTACKS):                          # of a list; the choice is seeded

A test that makes sense only whole, or that needs the network, carries `@only_full`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from typing import TypeVar

import pytest

FULL = os.environ.get("PLUMBLINE_FULL") == "1"

only_full = pytest.mark.skipif(not FULL, reason="only in the full run: python start.py test --full")

Thing = TypeVar("Thing")


def count(whole: int) -> int:
    """The number of rounds this run does: `whole` with --full, else a tenth of it, at least one.

    >>> count(1) >= 1
    True
    """
    return whole if FULL else max(1, whole // 10)


def tenth(things: Sequence[Thing], *, seed: int = 7) -> list[Thing]:
    """The things this run looks at, in order: all with --full, else a tenth."""
    if FULL or not things:
        return list(things)
    chosen = random.Random(seed).sample(range(len(things)), max(1, len(things) // 10))
    return [things[i] for i in sorted(chosen)]
