"""Where disagreement comes from: one label, one person, a few items, or nothing that stands out.

Three tests, each with a chance of 0.5% of naming anything at all when nothing is there; within a
test that is divided by the labels or people tested (Bonferroni). Together 1.5% by the normal
distribution; with a hundred items its tails are too thin, and simulated it is up to 3%:

- Label: people err more on items of this true answer than on the others (`latent.harder`).
- Person: agrees less with the others than a person like them would (`PeopleCounts.z`).
- Items: errors lie more unevenly than one chance of error per label explains (`latent.uneven`).

A finding is named only if it matters as well as being certain: a label, or the one it is given
for, is erred on by 10 points more than the others, and a third of the gap stays whichever person's
pairs are left out; a person's pairs are 5 points below pairs without that person on the same items,
or of the person's partners; half of the disagreement sits on at most 20% of the items, and on fewer
than if all were equally hard. Who shares items with fewer than two others, or with others who share
none with each other, is never named.

What breaks it: items dealt to pairs of people by difficulty (then items that two answered accuse
the person who got the hard ones with the same partner), people who err together (they pass for
right), and answers that are rare.
It tells what stands out, not why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from analysis.agreement.evidence import Evidence
from analysis.agreement.latent import Guessing, fit, harder, uneven
from analysis.agreement.patterns import FloatArray, Patterns
from analysis.agreement.resampling import SEED
from analysis.agreement.result import MIN_UNITS, too_few
from analysis.agreement.spread import spread
from analysis.words import some

CHANCE = 0.005  # of naming anything when nothing is there, per test
MIN_CONTESTED = 20
LABEL_GAP = 0.10
GAP_STAYS = 1 / 3
PERSON_GAP = 0.05
FEW_ITEMS = 0.20
EVERY = slice(None)
_MIN_OWN_CONTESTED = 10
BoolArray = npt.NDArray[np.bool_]


class Problem(StrEnum):
    """What stands out."""

    GUIDELINE = "guideline"
    PERSON = "person"
    ITEM = "item"
    NONE = "none"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True)
class Finding:
    """One thing that stands out.

    Attributes:
        problem: a label (guideline), a person, a few items, nothing, or too little data.
        subject: the label or the person; "" otherwise.
        sentence: what was seen, with its numbers.
        next_step: what to look at first; "" where there is nothing.
        z: how far it is from what chance gives; 0 without a test.
        numbers: the evidence by name: shares 0–1 and counts.
    """

    problem: Problem
    subject: str
    sentence: str
    next_step: str
    z: float
    numbers: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Diagnosis:
    """What stands out, strongest first; never empty. And what cannot be told from these data."""

    findings: tuple[Finding, ...]
    cannot_tell: tuple[str, ...]


def diagnose(found: Evidence, *, seed: int = SEED) -> Diagnosis:
    """What stands out among labels, people and items.

    Args:
        found: the evidence.
        seed: of the made-up items that the spread over items is held against.
    """
    reason = _too_little(found.patterns)
    if reason:
        return Diagnosis((_plain(Problem.TOO_LITTLE, reason),), ())
    by_label = fit(found.patterns, by_label=True)
    label_z = harder(fit(found.patterns, by_label=False))
    item_z = uneven(by_label)
    named = [
        *_labels(found, by_label, label_z),
        *_people(found),
        *_items(by_label, item_z, seed),
    ]
    named.sort(key=lambda finding: -abs(finding.z))
    nothing = _plain(
        Problem.NONE,
        "No label, person or small group of items stands out: the disagreement lies about as "
        "chance would spread it.",
    )
    return Diagnosis(tuple(named) or (nothing,), tuple(_cannot_tell(found, label_z, item_z)))


def _plain(problem: Problem, sentence: str) -> Finding:
    return Finding(problem, "", sentence, "", 0.0, ())


def _too_little(patterns: Patterns) -> str:
    people = patterns.counts.sum(axis=1)
    paired = int(patterns.units[people >= 2].sum())
    if paired < MIN_UNITS:
        return too_few(paired)
    contested = int(patterns.units[patterns.counts.max(axis=1, initial=0) < people].sum())
    if contested >= MIN_CONTESTED:
        return ""
    if contested == 0:
        return "People gave the same answer to each item: there is no disagreement to look into."
    items = "item shows" if contested == 1 else "items show"
    return (
        f"Only {contested} {items} any disagreement; {MIN_CONTESTED} are needed to say where it "
        "lies."
    )


def _limit(tested: int) -> float:
    return NormalDist().inv_cdf(1.0 - CHANCE / max(1, tested))


def _labels(found: Evidence, fitted: Guessing, z: FloatArray) -> Iterator[Finding]:
    """Of two labels that stand beside each other the one less agreed on is named.

    Where half of the answers on one are the other, the model cannot tell which is given for which.
    """
    limit, errors, named = _limit(int((~np.isnan(z)).sum())), fitted.errors, set()
    for at in np.argsort(-np.nan_to_num(z, nan=-np.inf), kind="stable").tolist():
        if not z[at] > limit:
            break
        both = [at, _beside(fitted, at)]
        label, beside = sorted(both, key=lambda each: _both_share(found, each, EVERY)[0])
        worse, rest = float(errors[both].max()), _rest(fitted, both)
        stands_out = worse - rest >= LABEL_GAP and _is_everybodys(found, label)
        if stands_out and label not in named:
            named.add(label)
            model = (("error_share", worse), ("error_share_others", rest))
            yield _label_finding(found, label, beside, float(z[at]), model)


def _rest(fitted: Guessing, both: list[int]) -> float:
    """The chance of giving another answer on items that are neither of two; NaN: none are."""
    others = np.delete(fitted.prior, both)
    erred = float(np.delete(fitted.errors, both) @ others)
    return erred / float(others.sum()) if others.sum() > 0 else np.nan


def _label_finding(
    found: Evidence, label: int, beside: int, z: float, model: tuple[tuple[str, float], ...]
) -> Finding:
    lower, tested = _pairs_lower(found, label)
    own, rest = _both_share(found, label, EVERY)
    name, other = found.patterns.answers[label], found.patterns.answers[beside]
    n = int(found.label_pairs.either[:, label].sum())
    pairs = f" {_pairs(lower, tested)} lower on it than on the other labels." if lower else ""
    return Finding(
        Problem.GUIDELINE,
        name,
        f"Where one of two people gives “{name}”, the other gives it too in {own:.1%} of cases "
        f"(n = {n:,}); for the other labels together it is {rest:.1%}. Beside “{name}” stands most "
        f"often “{other}”.{pairs}",
        f"Check the guideline for “{name}” first, where it borders “{other}”.",
        z,
        (
            ("both_share", own),
            ("both_share_others", rest),
            ("given_by_either", float(n)),
            ("pairs_lower", float(lower)),
            ("pairs", float(tested)),
            *model,
        ),
    )


def _pairs(lower: int, tested: int) -> str:
    if lower == tested:
        return "The one pair of people is" if tested == 1 else f"All {tested} pairs of people are"
    return f"{lower} of {tested} pairs of people are"


def _pairs_lower(found: Evidence, label: int) -> tuple[int, int]:
    """How many pairs agree less on the label than on all others, of those with enough to tell."""
    either, both = found.label_pairs.either, found.label_pairs.both
    own, own_both = either[:, label], both[:, label]
    rest, rest_both = either.sum(axis=1) - own, both.sum(axis=1) - own_both
    enough = (own >= MIN_UNITS) & (rest >= MIN_UNITS)
    lower = own_both[enough] / own[enough] < rest_both[enough] / rest[enough]
    return int(lower.sum()), int(enough.sum())


def _both_share(found: Evidence, label: int, which: BoolArray | slice) -> tuple[float, float]:
    """Of shared items where one of two gave the label, the share where both did; and all others."""
    either, both = found.label_pairs.either[which], found.label_pairs.both[which]
    n, n_both = int(either[:, label].sum()), int(both[:, label].sum())
    rest, rest_both = int(either.sum()) - n, int(both.sum()) - n_both
    return n_both / n if n else np.nan, rest_both / rest if rest else np.nan


def _is_everybodys(found: Evidence, label: int) -> bool:
    """Whether a third of the gap or more stays, whichever person's pairs are left out."""
    own, rest = _both_share(found, label, EVERY)
    for name in {*found.pairs.first, *found.pairs.second}:
        here, there = _both_share(found, label, ~_pairs_of(found, name))
        if there - here < GAP_STAYS * (rest - own):
            return False
    return rest > own


def _pairs_of(found: Evidence, name: str) -> BoolArray:
    pairs = zip(found.pairs.first, found.pairs.second, strict=True)
    return np.array([name in pair for pair in pairs], dtype=bool)


def _beside(fitted: Guessing, label: int) -> int:
    """The label that most often stands on the same unit as this one."""
    beside = (fitted.units * fitted.counts[:, label]) @ fitted.counts
    beside[label] = -1.0
    return int(beside.argmax())


def _people(found: Evidence) -> Iterator[Finding]:
    people = found.people
    z = np.where(people.contested >= _MIN_OWN_CONTESTED, people.z, np.nan)
    limit = _limit(int((~np.isnan(z)).sum()))
    for at in np.flatnonzero(np.nan_to_num(-z, nan=0.0) > limit).tolist():
        n, rest = round(people.own_shared[at]), round(people.rest_shared[at])
        with_, without = people.own_agreed[at] / n, people.rest_agreed[at] / rest
        if without - with_ < PERSON_GAP:
            continue
        name = people.names[at]
        yield Finding(
            Problem.PERSON,
            name,
            f"{name} and another person give the same answer in {with_:.1%} of their shared "
            f"answers (n = {n:,}); two others do in {without:.1%} (n = {rest:,}).",
            f"Go through items where {name} and the others disagree before drawing a conclusion.",
            float(z[at]),
            (
                ("agreement_with", float(with_)),
                ("shared_with", float(n)),
                ("agreement_without", float(without)),
                ("shared_without", float(rest)),
            ),
        )


def _items(fitted: Guessing, z: float, seed: int) -> Iterator[Finding]:
    if np.isnan(z) or z <= _limit(1):
        return
    lies = spread(fitted, seed=seed)
    if lies.half > FEW_ITEMS * lies.units or lies.half >= lies.half_expected:
        return
    yield Finding(
        Problem.ITEM,
        "",
        f"Half of all disagreement sits on {some(lies.half, 'items')} of {lies.units:,}; "
        f"about {lies.half_expected:,} would hold half if all items were equally hard.",
        "Open the items with the most disagreement first.",
        z,
        (
            ("items", float(lies.units)),
            ("contested", float(lies.contested)),
            ("hold_half", float(lies.half)),
            ("hold_half_expected", float(lies.half_expected)),
        ),
    )


def _cannot_tell(found: Evidence, label_z: FloatArray, item_z: float) -> Iterator[str]:
    people, alone = found.people, (found.people.contested > 0) & (found.people.rest_shared == 0)
    if np.isnan(people.z).all():
        yield "Nothing can be said about single people: that needs three people who share items."
    elif alone.any():
        some_ = f"{int(alone.sum())} of {len(alone)} people"
        yield f"Nothing can be said about {some_}: that needs three people who share items."
    if np.isnan(label_z).all():
        yield "Nothing can be said about single labels: that needs three answers or more."
    if np.isnan(item_z):
        yield "Nothing can be said about single items: that needs more answers an item."
