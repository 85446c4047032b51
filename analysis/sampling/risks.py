"""Plans by stated risks, plans that allow no defect, and the operating characteristic of a plan.

Source: Schilling and Neubauer 2009, Acceptance Sampling in Quality Control, chapters 5 and 17.
A lot of stated size is a finite lot: the chance is hypergeometric. Without a size items come from
one process: binomial. Both assume that the items were drawn at random and that a check is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from analysis.sampling.model import Plan, Scheme
from analysis.sampling.probability import binomial, hypergeometric
from metrics.errors import AppError
from metrics.units import PERCENT

MOST_ITEMS = 100_000
LIMITING = 0.10  # the chance at which a rate is called limiting when no risk was stated
_DUST = 1e-9


class Point(NamedTuple):
    """One point of the curve: a true defective rate and how often the plan accepts it."""

    rate: float
    accepted: float


class Risk(NamedTuple):
    """A risk as it is marked on the curve: where it lies, how large it is, in words."""

    rate: float
    accepted: float
    words: str


def by_risks(size: int, p1: float, alpha: float, p2: float, beta: float) -> Plan:
    """The smallest plan that accepts a rate of p1 with 1 − alpha and one of p2 with at most beta.

    Args:
        size: items in the lot, drawn from without replacement.
        p1, p2: the good and the bad defective rate, 0 to 1; p1 below p2.
        alpha: producer's risk, that a lot at p1 is not accepted.
        beta: consumer's risk, that a lot at p2 is accepted.

    Raises:
        AppError: the risks or rates contradict each other, or no two counts of this lot do them
            justice.
    """
    _check(size, p1, alpha, p2, beta)
    good, bad = math.floor(p1 * size + _DUST), math.ceil(p2 * size - _DUST)
    if good >= bad:
        raise AppError(
            f"In a lot of {size:,} both rates are the same number of items.",
            next_step="Choose rates that lie further apart, or a larger lot.",
        )
    n, ac = _search(
        size,
        lambda ac, n: hypergeometric(ac, n, good, size) >= 1 - alpha - _DUST,
        lambda ac, n: hypergeometric(ac, n, bad, size) <= beta + _DUST,
    )
    told = (
        f"Stated risks: {share(p1)} defective accepted {share(1 - alpha)} of the time or more, "
        f"{share(p2)} at most {share(beta)}, lot of {size:,}"
    )
    return Plan(
        Scheme.RISKS, size, n, ac, ac + 1, told, p1=p1, p2=p2, alpha=alpha, beta=beta
    )  # fmt: skip


def series_plan(p1: float, alpha: float, p2: float, beta: float) -> tuple[int, int]:
    """The smallest n and its Ac for a long series of lots (binomial); see `by_risks`."""
    _check(MOST_ITEMS, p1, alpha, p2, beta)
    return _search(
        MOST_ITEMS,
        lambda ac, n: binomial(ac, n, p1) >= 1 - alpha - _DUST,
        lambda ac, n: binomial(ac, n, p2) <= beta + _DUST,
    )


def zero(size: int, p2: float, beta: float) -> Plan:
    """The smallest sample without a defect that keeps a lot at p2 out with 1 − beta (c = 0).

    Source: Squeglia 1994, Zero Acceptance Number Sampling Plans; worked exactly for the lot. Such a
    plan is small, and refuses many good lots: its curve says how many.

    Raises:
        AppError: p2 or beta is no share, or the lot has no item.
    """
    _check(size, 0.0, 0.5, p2, beta)
    bad = math.ceil(p2 * size - _DUST)
    n = _fewest(size, lambda n: hypergeometric(0, n, bad, size) <= beta + _DUST)
    told = (
        f"No defect allowed (c\xa0=\xa00): {share(p2)} defective accepted at most {share(beta)} "
        f"of the time, lot of {size:,}"
    )
    return Plan(Scheme.ZERO, size, n, 0, 1, told, p2=p2, beta=beta)


def accepted(plan: Plan, rate: float) -> float:
    """The chance that a single plan accepts at a true defective rate.

    Of an ISO plan for a series of lots (binomial; the standard's own curves). Of the others for the
    one lot: exact where the rate is a whole number of its items, on a straight line between.
    """
    if plan.scheme is Scheme.ISO and not plan.is_whole_lot:
        return binomial(plan.ac, plan.n, rate)
    count = rate * plan.size
    below = math.floor(count + _DUST)
    part = max(0.0, count - below)
    low = hypergeometric(plan.ac, plan.n, min(below, plan.size), plan.size)
    if part < _DUST or below >= plan.size:
        return low
    return low + part * (hypergeometric(plan.ac, plan.n, below + 1, plan.size) - low)


def curve(chance: Callable[[float], float], *, most: int = 120) -> list[Point]:
    """The operating characteristic from 0 to where hardly a lot is accepted; `most` steps.

    Args:
        chance: of acceptance at a rate.
        most: how many steps the curve has.
    """
    far = 1.0
    while far > 0.004 and chance(far * 0.8) < 0.01:
        far *= 0.8
    return [Point(far * i / most, chance(far * i / most)) for i in range(most + 1)]


def rate_at(chance: Callable[[float], float], wanted: float) -> float:
    """The true defective rate that is accepted with a wanted chance, to a hundredth of a percent.

    The smallest such rate where the curve has steps.
    """
    low, high = 0, 10_000
    while low < high:
        middle = (low + high) // 2
        if chance(middle / 10_000) <= wanted:
            high = middle
        else:
            low = middle + 1
    return low / 10_000


def outgoing_limit(plan: Plan) -> float:
    """The worst mean defective rate that leaves when lots not accepted are checked whole (AOQL).

    Source: Dodge and Romig 1959, Sampling Inspection Tables. Assumes that defective items found are
    mended and that all are found when a lot is checked whole.
    """
    left = (plan.size - plan.n) / plan.size
    return max(point.accepted * point.rate * left for point in curve(lambda p: accepted(plan, p)))


def risks(plan: Plan, chance: Callable[[float], float]) -> tuple[Risk, Risk]:
    """Both risks of a plan as marked on its curve: producer's, then consumer's.

    Producer's at the AQL or p1, consumer's at p2; of one lot at the whole numbers of items that a
    lot so good, or so bad, may have. Where none was stated: the rate that is accepted 95% of the
    time, and the one that is accepted 10% of the time.
    """
    good = plan.p1 if plan.p1 is not None else plan.aql / 100 if plan.aql is not None else None
    good = rate_at(chance, 0.95) if good is None or good >= 1 else good
    bad = plan.p2 if plan.p2 is not None else rate_at(chance, LIMITING)
    if plan.scheme in (Scheme.RISKS, Scheme.ZERO):
        good = math.floor(good * plan.size + _DUST) / plan.size
        bad = math.ceil(bad * plan.size - _DUST) / plan.size
    kept = chance(good)
    return (
        Risk(good, kept, f"{share(good)} defective: {share(1 - kept)} not accepted"),
        Risk(bad, chance(bad), f"{share(bad)} defective: {share(chance(bad))} accepted"),
    )


def _search(
    most: int, is_kind: Callable[[int, int], bool], is_safe: Callable[[int, int], bool]
) -> tuple[int, int]:
    """The smallest n and its Ac. For each Ac the fewest items that are safe; n grows with Ac."""
    for ac in range(most):
        if not is_safe(ac, most):
            break
        n = _fewest(most, lambda n, ac=ac: is_safe(ac, n))  # type: ignore[misc]
        if is_kind(ac, n):
            return n, ac
    raise AppError(
        f"No sample of up to {most:,} items keeps both risks.",
        next_step="Choose rates that lie further apart, or larger risks.",
    )


def _fewest(most: int, is_safe: Callable[[int], bool]) -> int:
    """The fewest items that are safe; all when no fewer are.

    Looked for from below: exact chances of small samples are quick, of half a large lot not.
    """
    high = 1
    while high < most and not is_safe(high):
        high *= 2
    low, high = high // 2 + 1, min(high, most)
    while low < high:
        middle = (low + high) // 2
        if is_safe(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _check(size: int, p1: float, alpha: float, p2: float, beta: float) -> None:
    if size < 1:
        raise AppError("The lot has no items.", next_step="Choose a lot with items.")
    if not 0.0 <= p1 < p2 <= 1.0:
        raise AppError(
            "The good defective rate must be below the bad one, both between 0% and 100%.",
            where=f"good {share(p1)}, bad {share(p2)}",
        )
    if not (0.0 < alpha < 1.0 and 0.0 < beta < 1.0 and alpha + beta < 1.0):
        raise AppError(
            "Each risk must lie between 0% and 100%, and both together below 100%.",
            where=f"producer's {share(alpha)}, consumer's {share(beta)}",
        )


def share(value: float) -> str:
    """A share as text, with decimals enough for the smallest AQL.

    >>> share(0.025), share(0.0001)
    ('2.5%', '0.010%')
    """
    return PERCENT.show(value, extra_decimals=2 if 0.0 < value < 0.001 else 0)
