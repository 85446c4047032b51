"""A coefficient as a function of sums over units, and its bootstrap interval over units.

Every coefficient here depends on the units only through a few sums. So a resample needs the sums
again, not the units: the number of times each pattern is drawn is multinomial, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.agreement.patterns import FloatArray, IntArray

SEED = 1979
RESAMPLES = 2_000
NO_SPREAD = "Every resample of the items gives the same value."
TOO_OFTEN_UNDEFINED = "The value is undefined in too many resamples of the items."

_MAX_CELLS = 4_000_000  # of one matrix held at a time
_MAX_BLOCKS = 5_000
_MIN_BLOCKS = 500
_MAX_UNDEFINED = 0.05
_CERTAIN = 1.0 - 1e-12

Rows = npt.NDArray[np.intp]
Features = Callable[[Rows], FloatArray]  # pattern numbers → patterns × sums, of one unit each
Statistic = Callable[[FloatArray], FloatArray]  # resamples × sums → a value each, NaN: undefined


@dataclass(frozen=True)
class Estimate:
    """A value (NaN where undefined), its 95% interval, and why there is none."""

    value: float
    low: float | None = None
    high: float | None = None
    no_interval: str = ""


def estimate(
    features: Features,
    units: IntArray,
    statistic: Statistic,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Estimate:
    """The value over all units with its percentile bootstrap interval over units.

    With the same seed the same interval. There is none where more than 5% of the resamples are
    undefined, nor where all are alike: perfect agreement in a sample does not prove it beyond.

    With more than 5,000 patterns the units are dealt at random into blocks and the blocks are
    drawn: the spread is that of single units, within 3%.

    Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap, 13.3. It takes units for
    drawn independently of each other; with fewer than some 30 it is too narrow. Who rates is taken
    as fixed: it says nothing about other raters.
    """
    used = np.flatnonzero(units)
    value = float(statistic(_totals(features, used, units)[None, :])[0])
    if resamples == 0 or np.isnan(value):
        return Estimate(value)
    drawn = np.concatenate(list(_values(features, used, units, statistic, resamples, seed)))
    defined = drawn[~np.isnan(drawn)]
    if len(defined) < (1.0 - _MAX_UNDEFINED) * len(drawn):
        return Estimate(value, no_interval=TOO_OFTEN_UNDEFINED)
    low, high = np.quantile(defined, [0.025, 0.975])
    if np.ptp(defined) < 1e-12:
        return Estimate(value, no_interval=NO_SPREAD)
    return Estimate(value, float(low), float(high))


def over_chance(agreed: FloatArray, chance: FloatArray) -> FloatArray:
    """(agreement − chance) / (1 − chance); NaN where chance alone is perfect."""
    over, room = agreed - chance, 1.0 - chance
    undefined = np.full_like(over, np.nan)
    corrected: FloatArray = np.divide(over, room, out=undefined, where=chance < _CERTAIN)
    return corrected


def _totals(features: Features, used: Rows, units: IntArray) -> FloatArray:
    width = features(used[:1]).shape[1]
    total = np.zeros(width)
    step = max(1, _MAX_CELLS // max(1, width))
    for start in range(0, len(used), step):
        rows = used[start : start + step]
        total += units[rows] @ features(rows)
    return total


def _values(
    features: Features,
    used: Rows,
    units: IntArray,
    statistic: Statistic,
    resamples: int,
    seed: int,
) -> Iterator[FloatArray]:
    rng = np.random.default_rng(seed)
    blocks, many = _blocks(features, used, units, rng)
    step = max(1, _MAX_CELLS // max(1, sum(blocks.shape)))
    for start in range(0, resamples, step):
        size = min(step, resamples - start)
        draws = rng.multinomial(many.sum(), many / many.sum(), size=size)
        yield statistic(draws @ blocks)


def _blocks(
    features: Features, used: Rows, units: IntArray, rng: np.random.Generator
) -> tuple[FloatArray, IntArray]:
    """The sums of what is drawn at a time, and how often each is there."""
    width = features(used[:1]).shape[1]
    most = int(np.clip(_MAX_CELLS // max(1, width), _MIN_BLOCKS, _MAX_BLOCKS))
    if len(used) <= most:
        return features(used), units[used]
    dealt = rng.permutation(np.repeat(used, units[used]))
    blocks = np.stack([features(part).sum(axis=0) for part in np.array_split(dealt, most)])
    return blocks, np.ones(most, dtype=np.int64)
