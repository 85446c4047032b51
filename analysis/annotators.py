"""Annotators: what each did, how it compares, and how much of the lead time may be believed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import words
from data_access.asking import lacking
from metrics.annotation import (
    ANNOTATIONS_DONE,
    CAPPED_LEAD_TIME_P50,
    CAPPED_LEAD_TIME_P95,
    GOLD_ACCURACY,
    IDLE_TRIMMED,
    KRIPPENDORFF_ALPHA,
    LEAD_TIME_P50,
    LEAD_TIME_P95,
    LONG_ANNOTATIONS,
    LONG_TIME_SHARE,
    PERCENT_AGREEMENT,
    SKIP_RATE,
    TRIMMED_LEAD_TIME_P50,
    TRIMMED_LEAD_TIME_P95,
)
from metrics.model import Metric
from metrics.scope import NOT_RECORDED, Scope
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store

PER_PERSON: tuple[Metric, ...] = (ANNOTATIONS_DONE, SKIP_RATE, LEAD_TIME_P50, GOLD_ACCURACY)
FEWEST_SHARED = PERCENT_AGREEMENT.min_rows
TIMES: tuple[tuple[str, Metric, Metric], ...] = (
    ("As the tool measured it", LEAD_TIME_P50, LEAD_TIME_P95),
    ("Capped at one hour", CAPPED_LEAD_TIME_P50, CAPPED_LEAD_TIME_P95),
    ("Idle time trimmed", TRIMMED_LEAD_TIME_P50, TRIMMED_LEAD_TIME_P95),
)
RULES = (
    "Capped: an annotation counts one hour at most.",
    "Trimmed: an annotation begins no earlier than the same person's annotation before was handed "
    "in, as nobody does two at once.",
)


@dataclass(frozen=True)
class Agreement:
    """How often a person's answers equal those of others on the same items.

    Attributes:
        share: of the comparisons; None below 10 of them.
        compared: answers held against another person's, over all pairs and fields.
        people: with how many others.
    """

    share: float | None
    compared: int
    people: int


@dataclass(frozen=True)
class Annotator:
    """One person: metric name → value, and the agreement with others."""

    name: str
    values: dict[str, Value]
    agreement: Agreement


@dataclass(frozen=True)
class Time:
    """Lead time by one rule."""

    rule: str
    median: Value
    p95: Value


@dataclass(frozen=True)
class HonestTime:
    """Lead time by each rule, and how much of it is affected.

    Attributes:
        times: raw, capped, trimmed.
        lead: what they say, a sentence without its full stop.
        affected: sentences on how many annotations the rules touch.
    """

    times: tuple[Time, ...]
    lead: str
    affected: tuple[str, ...]


def annotators(store: Store, scope: Scope) -> tuple[Annotator, ...]:
    """Everybody who annotated in the window, by name: no ranking."""
    found = store.breakdown_values(PER_PERSON, scope, "annotator")
    people: dict[str, dict[str, Value]] = defaultdict(dict)
    for metric in PER_PERSON:
        for value in found[metric.name]:
            people[value.segment][metric.name] = value
    agreed = agreement(store, scope)
    nobody = Agreement(None, 0, 0)
    return tuple(
        Annotator(name, people[name], agreed.get(name, nobody))
        for name in sorted(people, key=str.casefold)
        if name != NOT_RECORDED
    )


def agreement(store: Store, scope: Scope) -> dict[str, Agreement]:
    """Person → percent agreement with others, pooled over that person's pairs.

    Each pair counts by the items it shares. Chance is not taken out: a person who works on items
    with few possible answers agrees more by luck. A filter by annotator leaves the others in it.
    """
    scope = scope.without("annotator")
    if lacking(KRIPPENDORFF_ALPHA, scope):
        return {}
    shared: dict[str, int] = defaultdict(int)
    equal: dict[str, int] = defaultdict(int)
    others: dict[str, set[str]] = defaultdict(set)
    for pair in store.statistic("rating_pairs", KRIPPENDORFF_ALPHA, scope):
        both = (pair["annotator"], pair["other"])
        for one, other in (both, both[::-1]):
            shared[one] += int(pair["shared"])
            equal[one] += int(pair["agreed"])
            others[one].add(other)
    return {
        name: Agreement(
            equal[name] / number if number >= FEWEST_SHARED else None, number, len(others[name])
        )
        for name, number in shared.items()
    }


def honest_time(store: Store, scope: Scope) -> HonestTime:
    """Lead time raw, capped and trimmed side by side, with what the rules touch."""
    metrics = [metric for _, *pair in TIMES for metric in pair]
    touched = (LONG_ANNOTATIONS, LONG_TIME_SHARE, IDLE_TRIMMED)
    values = store.values([*metrics, *touched], scope)
    times = tuple(Time(rule, values[p50.name], values[p95.name]) for rule, p50, p95 in TIMES)
    return HonestTime(times, _lead(times), _affected(*(values[each.name] for each in touched)))


def _lead(times: tuple[Time, ...]) -> str:
    raw, capped, trimmed = times
    if raw.median.value is None:
        if raw.median.n == 0:
            return "No lead time is recorded in this window"
        return f"Lead time: {words.reason(raw.median)}"
    told = (
        f"Half of the annotations took {raw.median.text} or less as the tool measured it, "
        f"{trimmed.median.text} with idle time trimmed"
    )
    ends = [time.p95.value for time in (capped, trimmed) if time.p95.value is not None]
    if raw.p95.value is not None and ends and raw.p95.value > 2 * min(ends):
        told += f"; the slowest 5% took {raw.p95.text} or more, {trimmed.p95.text} trimmed"
    return told


def _affected(long: Value, share: Value, trimmed: Value) -> tuple[str, ...]:
    told = []
    if long.value is not None and long.numerator is not None:
        number = round(long.numerator)
        text = f"Over one hour: {number:,} of {long.n:,} annotations ({long.text})"
        if share.value is not None and number:
            text += f", which hold {share.text} of all lead time"
        told.append(f"{text}.")
    if trimmed.value is not None and trimmed.numerator is not None:
        told.append(
            f"Shortened by trimming: {round(trimmed.numerator):,} of {trimmed.n:,} annotations "
            f"({trimmed.text})."
        )
    if not told and long.n:
        told.append(f"Annotations over one hour: {words.reason(long)}.")
    return tuple(told)


def unsaid(store: Store, scope: Scope) -> tuple[str, ...]:
    """What the annotation sources of the window do not say, one sentence per source."""
    asked = (ANNOTATIONS_DONE, SKIP_RATE, LEAD_TIME_P50)
    found = store.breakdown_values(asked, scope, "source")
    checked = store.breakdown_values(GOLD_ACCURACY, scope, "source")[GOLD_ACCURACY.name]
    skips = {value.segment for value in found[SKIP_RATE.name]}
    timed = {value.segment for value in found[LEAD_TIME_P50.name] if value.n}
    gold = {value.segment for value in checked if value.n}
    told = []
    for value in sorted(found[ANNOTATIONS_DONE.name], key=lambda value: value.segment):
        lacks = [
            what
            for what, have in (("skips", skips), ("lead times", timed), ("gold answers", gold))
            if value.segment not in have
        ]
        if lacks and value.n:
            listed = words.listed(lacks).replace(" and ", " or ")
            told.append(f"{value.segment} has no {listed} in this window.")
    return tuple(told)
