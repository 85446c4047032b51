"""Sequential plans: after every item accept, do not accept, or check one more.

Source: Wald 1947, Sequential Analysis, chapter 5, with his approximate lines; truncated as ISO
28591:2017 does it, at one and a half times the single plan of the same risks. So on average fewer
items are checked than a single plan needs, and never more than that. Assumes that items are
checked in the order in which they were drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.sampling.model import Decision, Plan, Scheme
from analysis.sampling.risks import series_plan, share
from metrics.errors import AppError

MOST_ITEMS = 2_000  # more is not checked one by one


@dataclass(frozen=True)
class Lines:
    """The lines of a sequential plan.

    Attributes:
        h1, h2: how far the acceptance line lies below, the rejection line above the slope.
        slope: defective items per item checked between both lines.
        most: items after which a decision is taken in any case; then Ac is floor(slope x most).
    """

    h1: float
    h2: float
    slope: float
    most: int

    def ac(self, n: int) -> int:
        """Accept with at most so many defective of the first n items; −1: not yet possible."""
        if n >= self.most:
            return math.floor(self.slope * self.most)
        return max(-1, math.floor(self.slope * n - self.h1))

    def re(self, n: int) -> int:
        """Do not accept with so many defective or more of the first n items."""
        if n >= self.most:
            return self.ac(n) + 1
        return math.ceil(self.slope * n + self.h2)

    def after(self, n: int, defective: int) -> Decision:
        """The decision after n items in order."""
        if n and defective <= self.ac(n):
            return Decision.ACCEPTED
        if n and defective >= self.re(n):
            return Decision.NOT_ACCEPTED
        return Decision.KEEP_SAMPLING


def sequential(size: int, p1: float, alpha: float, p2: float, beta: float) -> Plan:
    """The sequential plan for stated risks; its n is the most items that can be needed.

    Its source states the risks it has beside those asked for, exact (binomial): Wald's lines keep
    them nearly, and a lot too small to check as many items as they ask for does not.

    Raises:
        AppError: the risks or rates contradict each other; p1 must be above 0.
    """
    if p1 <= 0.0:
        raise AppError(
            "A sequential plan needs a good defective rate above 0%.",
            next_step="Choose a plan that allows no defect, or a rate above 0%.",
        )
    lines = _lines(size, p1, alpha, p2, beta)
    ac = lines.ac(lines.most)
    kind, bad = runs(lines, p1)[0], runs(lines, p2)[0]
    told = (
        f"Sequential (Wald): {share(p1)} defective not accepted {share(1 - kind)} of the time "
        f"(asked {share(alpha)}), {share(p2)} accepted {share(bad)} (asked {share(beta)}), "
        f"lot of {size:,}"
    )
    return Plan(
        Scheme.SEQUENTIAL, size, lines.most, ac, ac + 1, told, p1=p1, p2=p2, alpha=alpha, beta=beta
    )  # fmt: skip


def lines_of(plan: Plan) -> Lines:
    """The lines of a sequential plan.

    Raises:
        AppError: it is a plan of another scheme.
    """
    if None in (plan.p1, plan.alpha, plan.p2, plan.beta) or plan.scheme is not Scheme.SEQUENTIAL:
        raise AppError("This is no sequential plan.", where=plan.source)
    return _lines(
        plan.size, plan.p1 or 0.0, plan.alpha or 0.0, plan.p2 or 0.0, plan.beta or 0.0
    )  # fmt: skip


@lru_cache(maxsize=64)
def _lines(size: int, p1: float, alpha: float, p2: float, beta: float) -> Lines:
    n, _ = series_plan(p1, alpha, p2, beta)
    g = math.log(p2 / p1) + math.log((1 - p1) / (1 - p2)) if p2 < 1 else math.inf
    if math.isinf(g):
        raise AppError("A sequential plan needs a bad defective rate below 100%.")
    most = min(size, math.ceil(1.5 * n))
    if most > MOST_ITEMS:
        raise AppError(
            f"This sequential plan may need {most:,} items; {MOST_ITEMS:,} is the most.",
            next_step="Choose rates that lie further apart, or larger risks.",
        )
    return Lines(
        math.log((1 - alpha) / beta) / g,
        math.log((1 - beta) / alpha) / g,
        math.log((1 - p1) / (1 - p2)) / g,
        most,
    )


def runs(lines: Lines, rate: float) -> tuple[float, float]:
    """The chance of acceptance at a true rate and the mean number of items checked, both exact.

    Worked item by item over all counts that have not been decided (binomial).
    """
    alive, first = np.ones(1), 0  # chances of first, first + 1 ... defective so far
    accepted = checked = 0.0
    for n in range(1, lines.most + 1):
        checked += float(alive.sum())
        moved = np.zeros(alive.size + 1)
        moved[:-1] = alive * (1 - rate)
        moved[1:] += alive * rate
        low = max(0, lines.ac(n) + 1 - first)  # where the open counts begin
        accepted += float(moved[:low].sum())
        alive, first = moved[low : max(low, lines.re(n) - first)], first + low
    return accepted, checked
