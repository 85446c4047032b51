"""What the database hands over: how often each pattern of answers occurred.

A unit is one question about one item. Units that were answered alike are one pattern, so that a
million items are a few dozen rows and every coefficient is still exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Patterns:
    """How many people gave a unit each answer, and how many units look like that.

    Order and duplicates of patterns do not matter. Units that nobody answered may be there or not.

    Attributes:
        answers: the answers of the field, in their order where they have one. Those that nobody
            gave count as possible answers in AC1/AC2 and Brennan-Prediger; `given` drops them,
            as irrCAC does by itself.
        counts: patterns × answers: people per answer.
        units: per pattern, how many units.
        raters: how many people answered any of the units.
        values: the answers as numbers, all different; None where they are not numbers.
    """

    answers: tuple[str, ...]
    counts: IntArray
    units: IntArray
    raters: int
    values: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.answers))
        counts = np.asarray(self.counts, dtype=np.int64).reshape(shape)
        object.__setattr__(self, "counts", counts)
        object.__setattr__(self, "units", np.asarray(self.units, dtype=np.int64))
        if self.values is not None and len(set(self.values)) != len(self.answers):
            raise ValueError("each answer needs a value of its own")

    @property
    def given(self) -> Patterns:
        """The same with only the answers that somebody gave."""
        seen = np.flatnonzero(self.units @ self.counts)
        return self._columns(seen)

    @property
    def ordered(self) -> Patterns:
        """The same with the answers by value; as they are where they have none."""
        if self.values is None:
            return self
        return self._columns(np.argsort(self.values))

    @property
    def moments(self) -> UnitMoments:
        """Each pattern's n, sum and sum of squares.

        Raises:
            ValueError: the answers have no values.
        """
        if self.values is None:
            raise ValueError("the answers are not numbers")
        values = np.asarray(self.values)
        return UnitMoments(
            self.counts.sum(axis=1),
            self.counts @ values,
            self.counts @ values**2,
            self.units,
            self.raters,
        )

    def _columns(self, keep: npt.NDArray[np.intp]) -> Patterns:
        values = None if self.values is None else tuple(self.values[i] for i in keep)
        answers = tuple(self.answers[i] for i in keep)
        return Patterns(answers, self.counts[:, keep], self.units, self.raters, values)


def presence(
    rated: Sequence[int] | IntArray,
    present: Sequence[int] | IntArray,
    units: Sequence[int] | IntArray,
    *,
    raters: int,
) -> Patterns:
    """The patterns of one label, there or not: answers "absent" and "present".

    Args:
        rated: people who answered the unit.
        present: those of them who gave the label.
        units: units like that.
        raters: how many people answered any of the units.
    """
    n, k = np.asarray(rated, dtype=np.int64), np.asarray(present, dtype=np.int64)
    return Patterns(("absent", "present"), np.stack([n - k, k], axis=1), np.asarray(units), raters)


@dataclass(frozen=True, eq=False)
class UnitMoments:
    """Numbers given to units by their moments: enough for interval alpha, however many values.

    Far from zero the squares lose digits: hand in the numbers less something like their mean.

    Attributes:
        n: numbers per unit.
        total: their sum.
        squares: the sum of their squares.
        units: how many units are like that.
        raters: how many people gave any of the numbers.
    """

    n: IntArray
    total: FloatArray
    squares: FloatArray
    units: IntArray
    raters: int

    def __post_init__(self) -> None:
        for name, kind in (("n", np.int64), ("total", float), ("squares", float)):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=kind))
        object.__setattr__(self, "units", np.asarray(self.units, dtype=np.int64))


@dataclass(frozen=True, eq=False)
class RaterPatterns:
    """Who gave which answer, and how many units look like that.

    Attributes:
        raters: the names of the people.
        answers: the answers, as in `Patterns`.
        codes: patterns × raters: the place of the answer in `answers`, −1 where there is none.
        units: per pattern, how many units.
        values: the answers as numbers, as in `Patterns`.
    """

    raters: tuple[str, ...]
    answers: tuple[str, ...]
    codes: IntArray
    units: IntArray
    values: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.raters))
        codes = np.asarray(self.codes, dtype=np.int64).reshape(shape)
        object.__setattr__(self, "codes", codes)
        object.__setattr__(self, "units", np.asarray(self.units, dtype=np.int64))

    @property
    def counts(self) -> IntArray:
        """Patterns × answers: people per answer."""
        return np.stack(
            [(self.codes == code).sum(axis=1) for code in range(len(self.answers))], axis=1
        ).astype(np.int64)

    @property
    def patterns(self) -> Patterns:
        """The same without the people."""
        seen, where = np.unique(self.counts, axis=0, return_inverse=True)
        units = np.bincount(where.ravel(), weights=self.units, minlength=len(seen))
        raters = int((self.codes >= 0).any(axis=0).sum())
        return Patterns(self.answers, seen, units.astype(np.int64), raters, self.values)

    def only(self, names: Sequence[str]) -> RaterPatterns:
        """The same with these people only, in their order here."""
        kept = [at for at, name in enumerate(self.raters) if name in names]
        raters = tuple(self.raters[at] for at in kept)
        return RaterPatterns(raters, self.answers, self.codes[:, kept], self.units, self.values)

    def pair(self, first: str, second: str) -> PairTable:
        """The table of two people over the units that both answered."""
        a, b = (self.codes[:, self.raters.index(name)] for name in (first, second))
        both, k = (a >= 0) & (b >= 0), len(self.answers)
        cells = np.bincount(a[both] * k + b[both], weights=self.units[both], minlength=k * k)
        table = cells.reshape(k, k).astype(np.int64)
        return PairTable((first, second), self.answers, table, self.values)


@dataclass(frozen=True, eq=False)
class PairTable:
    """Two people's answers against each other.

    Attributes:
        raters: both names.
        answers: the answers, as in `Patterns`.
        cells: answers of the first × answers of the second: units that both answered.
        values: the answers as numbers, as in `Patterns`.
    """

    raters: tuple[str, str]
    answers: tuple[str, ...]
    cells: IntArray
    values: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        shape = (len(self.answers), len(self.answers))
        object.__setattr__(self, "cells", np.asarray(self.cells, dtype=np.int64).reshape(shape))
