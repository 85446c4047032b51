"""Weeks to come, drawn from the weeks before: so many a run, in blocks of neighbors.

Moving-block bootstrap: Künsch 1989, Annals of Statistics 17:1217, with the blocks laid round a
circle so that no week is drawn less often than another (Politis and Romano 1992). Blocks keep what
neighboring weeks have in common; a week keeps its own days, and so the rhythm of weekdays.

A run first draws a history as it might have been and then its future from that one. So the runs
also differ by what so few weeks cannot tell of the level (the "double bootstrap" of Efron and
Tibshirani 1993, chapter 12, here for prediction).

What breaks it: weeks to come that are not like those before. A trend, a season longer than the
history, new people, another kind of work.
"""

from __future__ import annotations

import numpy as np

from analysis.forecast.model import Ints, Numbers


def block_length(weeks: int) -> int:
    """How many neighboring weeks are drawn together: the cube root of the weeks.

    >>> block_length(8), block_length(26)
    (2, 3)
    """
    return max(1, int(weeks ** (1 / 3) + 0.5))


def drawn(rng: np.random.Generator, weeks: int, ahead: int, runs: int) -> Ints:
    """Which week of the history each week to come repeats: runs × weeks ahead."""
    length = block_length(weeks)
    history = _blocks(rng, weeks, weeks, runs, length)
    future = _blocks(rng, weeks, ahead, runs, length)
    return np.take_along_axis(history, future, axis=1)


def widened(totals: Numbers) -> Numbers:
    """Weekly totals, as far from their mean as those of a whole population would be.

    The spread of drawn weeks falls short of the true one by the weeks' own mean and by what blocks
    cut off: their variance is (n − length) / n of it on average (Davison and Hinkley 1997, 8.2).
    """
    n = len(totals)
    mean = totals.mean()
    factor = np.sqrt(n / (n - block_length(n))) if n > block_length(n) else 1.0
    return np.asarray(np.maximum(0.0, mean + factor * (totals - mean)))


def _blocks(rng: np.random.Generator, weeks: int, wanted: int, runs: int, length: int) -> Ints:
    count = -(-wanted // length)
    starts = rng.integers(0, weeks, size=(runs, count))
    places = (starts[:, :, None] + np.arange(length)) % weeks
    return np.asarray(places.reshape(runs, count * length)[:, :wanted])
