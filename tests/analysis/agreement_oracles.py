"""Agreement by plain loops from the papers, on a long frame: the oracle of the fast code.

Each function takes a frame with the columns item, annotator and answer (one row per answer, none
missing) and gives a number, or nan where the coefficient is undefined. `scale` lists the possible
answers in their order; without it the answers that occur, sorted.
"""

from itertools import combinations, permutations
from math import comb, nan, sqrt

import pandas as pd


def by_item(frame: pd.DataFrame) -> list[dict]:
    """Per item, the answer of each annotator."""
    return [
        dict(zip(rows["annotator"], rows["answer"], strict=True))
        for _, rows in frame.groupby("item", sort=False)
    ]


def answers_of(frame, scale=None):
    return list(scale) if scale is not None else sorted(frame["answer"].unique())


def weight(a, b, scale, kind):
    """Gwet 2014, 3.5: linear and quadratic by value for numbers, else by place."""
    if kind == "identity" or a == b:
        return 1.0 if a == b else 0.0
    numbers = all(isinstance(x, int | float) for x in scale)
    x, y = (a, b) if numbers else (scale.index(a), scale.index(b))
    low, high = (min(scale), max(scale)) if numbers else (0, len(scale) - 1)
    if kind == "linear":
        return 1 - abs(x - y) / (high - low)
    if kind == "quadratic":
        return 1 - (x - y) ** 2 / (high - low) ** 2
    between = abs(scale.index(a) - scale.index(b)) + 1
    return 1 - comb(between, 2) / comb(len(scale), 2)


def percent(frame, kind="identity", scale=None):
    """Gwet 2014, 3.3: mean over items with two answers of the share of pairs that agree."""
    scale = answers_of(frame, scale)
    shares = []
    for item in by_item(frame):
        pairs = [weight(a, b, scale, kind) for a, b in combinations(item.values(), 2)]
        if pairs:
            shares.append(sum(pairs) / len(pairs))
    return sum(shares) / len(shares) if shares else nan


def prevalence(frame, scale):
    """Gwet 2014, 4.3: the mean over all items of an answer's share in the item."""
    items = by_item(frame)
    return {
        answer: sum(list(item.values()).count(answer) / len(item) for item in items) / len(items)
        for answer in scale
    }


def chance_of(name, frame, kind, scale):
    share = prevalence(frame, scale)
    total = sum(weight(a, b, scale, kind) for a in scale for b in scale)
    k = len(scale)
    if name == "percent":
        return 0.0
    if name == "fleiss":
        return sum(weight(a, b, scale, kind) * share[a] * share[b] for a in scale for b in scale)
    if name == "gwet":
        if k == 1:
            return 0.0
        return total / (k * (k - 1)) * sum(p * (1 - p) for p in share.values())
    return total / k**2


def corrected(agreed, chance):
    return nan if chance > 1 - 1e-12 else (agreed - chance) / (1 - chance)


def gwet_kind(name, frame, kind="identity", scale=None):
    """percent, fleiss, gwet (AC1, AC2) or brennan_prediger."""
    scale = answers_of(frame, scale)
    return corrected(percent(frame, kind, scale), chance_of(name, frame, kind, scale))


def standard_error(name, frame, kind="identity", scale=None):
    """Gwet 2014, 5.3: each item's value, corrected for its part in chance agreement."""
    scale = answers_of(frame, scale)
    items, share = by_item(frame), prevalence(frame, scale)
    n, paired = len(items), sum(len(item) >= 2 for item in items)
    chance = chance_of(name, frame, kind, scale)
    value = gwet_kind(name, frame, kind, scale)
    k = len(scale)
    total = sum(weight(a, b, scale, kind) for a in scale for b in scale)
    squares = 0.0
    for item in items:
        given = list(item.values())
        own = 0.0
        if len(given) >= 2:
            pairs = [weight(a, b, scale, kind) for a, b in combinations(given, 2)]
            own = n / paired * (sum(pairs) / len(pairs) - chance) / (1 - chance)
        of_item = chance
        if name == "fleiss":
            of_item = sum(weight(a, b, scale, kind) * share[b] for a in given for b in scale)
            of_item /= len(given)
        if name == "gwet" and k > 1:
            of_item = sum(1 - share[a] for a in given) / len(given) * total / (k * (k - 1))
        own -= 2 * (1 - value) * (of_item - chance) / (1 - chance)
        squares += (own - value) ** 2
    return sqrt(squares / (n * (n - 1)))


def conger(frame, kind="identity", scale=None):
    """Conger 1980: chance is the mean over pairs of people of Cohen's chance."""
    scale = answers_of(frame, scale)
    own = {
        name: {answer: (rows == answer).mean() for answer in scale}
        for name, rows in frame.groupby("annotator")["answer"]
    }
    pairs = list(combinations(own, 2))
    if not pairs:
        return nan
    chance = sum(
        weight(a, b, scale, kind) * own[first][a] * own[second][b]
        for first, second in pairs
        for a in scale
        for b in scale
    ) / len(pairs)
    return corrected(percent(frame, kind, scale), chance)


def cohen(frame, first, second, kind="identity", scale=None):
    """Cohen 1960 and 1968, over the items that both answered."""
    scale = answers_of(frame, scale)
    both = [(i[first], i[second]) for i in by_item(frame) if first in i and second in i]
    if not both:
        return nan
    agreed = sum(weight(a, b, scale, kind) for a, b in both) / len(both)
    chance = sum(
        weight(a, b, scale, kind) for a, _ in both for _, b in both
    ) / len(both) ** 2  # fmt: skip
    return corrected(agreed, chance)


def alpha(frame, level="nominal", scale=None):
    """Krippendorff 2011: 1 − observed / expected over the answers that can be paired."""
    items = [list(item.values()) for item in by_item(frame) if len(item) >= 2]
    given = [answer for item in items for answer in item]
    scale = answers_of(frame, scale)
    common = {answer: given.count(answer) for answer in scale}

    def apart(a, b):
        if a == b:
            return 0.0
        if level == "nominal":
            return 1.0
        if level == "interval":
            return (a - b) ** 2
        if level == "ratio":
            return ((a - b) / (a + b)) ** 2
        low, high = sorted((scale.index(a), scale.index(b)))
        between = sum(common[scale[at]] for at in range(low, high + 1))
        return (between - (common[a] + common[b]) / 2) ** 2

    expected = sum(common[a] * common[b] * apart(a, b) for a in scale for b in scale)
    if expected == 0:
        return nan
    observed = sum(
        apart(a, b) / (len(item) - 1) for item in items for a, b in permutations(item, 2)
    )
    return 1 - (len(given) - 1) * observed / expected
