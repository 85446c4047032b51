"""How few items hold the disagreement, and how few would if all items were equally hard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.agreement.latent import Guessing
from analysis.agreement.patterns import FloatArray

_POOL = 20_000  # units made up per number of answers


@dataclass(frozen=True)
class Spread:
    """Where the disagreeing pairs of answers lie.

    Attributes:
        units: items with two answers or more.
        contested: those with any disagreement.
        half: the fewest items that hold half of all disagreeing pairs.
        half_expected: how many would hold half if all items of a label were equally hard.
    """

    units: int
    contested: int
    half: int
    half_expected: int


def spread(fitted: Guessing, *, seed: int) -> Spread:
    """The spread of disagreement over items, against units made up by the fitted model.

    Args:
        fitted: the model with a chance of guessing per label: a hard label is no hard item.
        seed: of the units made up, as many per number of answers as there are of it.
    """
    people = fitted.counts.sum(axis=1).astype(np.int64)
    apart, units = _apart(fitted.counts), fitted.units.astype(float)
    made = [_apart(_made_up(fitted, int(m), seed)) for m in np.unique(people)]
    many = [units[people == m].sum() for m in np.unique(people)]
    weight = [np.full(_POOL, n / _POOL) for n in many]
    return Spread(
        units=round(units.sum()),
        contested=round(units[apart > 0].sum()),
        half=round(_half(apart, units)),
        half_expected=round(_half(np.concatenate(made), np.concatenate(weight))),
    )


def _apart(counts: FloatArray) -> FloatArray:
    """Pairs of people that disagree, per row."""
    pairs: FloatArray = (counts.sum(axis=1) ** 2 - (counts**2).sum(axis=1)) / 2.0
    return pairs


def _made_up(fitted: Guessing, people: int, seed: int) -> FloatArray:
    rng = np.random.default_rng((seed, people))
    true = rng.multinomial(_POOL, fitted.prior / fitted.prior.sum())
    chances = fitted.chances / fitted.chances.sum(axis=1, keepdims=True)
    drawn = [rng.multinomial(people, chances[t], size=n) for t, n in enumerate(true)]
    return np.concatenate(drawn).astype(float)


def _half(apart: FloatArray, weight: FloatArray) -> float:
    """The fewest units, by weight, that hold half of the disagreeing pairs."""
    order = np.argsort(-apart, kind="stable")
    held = (apart * weight)[order].cumsum()
    if not len(held) or held[-1] == 0:
        return 0.0
    last = int(np.searchsorted(held, held[-1] / 2.0))
    before = held[last - 1] if last else 0.0
    part = (held[-1] / 2.0 - before) / apart[order[last]]
    return float(weight[order[:last]].sum() + part)
