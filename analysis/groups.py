"""Flags that show one and the same change, put together under the clearest of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.flags import PEOPLE, Flag
from analysis.status import Signal
from metrics.model import Kind

_SAME_CHANGE = 2  # weeks by which one change may begin apart in different slices
_SAME_SLICE = 4  # and in different metrics of one slice: a stock reacts before a turnaround does


@dataclass(frozen=True)
class Group:
    """One change: the flag it is told by, and the others that show it.

    Attributes:
        told: the flag whose slice and metric name the change.
        same_slice: other metrics of that slice.
        elsewhere: other slices in which it shows, weaker.
    """

    told: Flag
    same_slice: tuple[Flag, ...]
    elsewhere: tuple[Flag, ...]


def grouped(flagged: Sequence[Flag]) -> tuple[Group, ...]:
    """The flags in groups, the strongest first.

    A slice that holds a change and others show it too (the project of a dataset, the people of a
    stage, the turnaround of what passes through it), but with more noise: the flag with the
    largest distance in standard errors is the one whose slice fits the change best. So a flag
    joins a stronger one

    - of the same slice, or the same person in another role, that began within four weeks;
    - of the same family of metrics and another dimension, that went the same way (both better or
      both worse) and began within two weeks.

    Two segments of one dimension never stand for each other: two datasets are two findings. People
    come last, so that a stage is never told by who works there; a person's own load comes before
    what waits for that person.
    """
    heads: list[list[Flag]] = []
    for flag in sorted(flagged, key=_rank):
        home = next((members for members in heads if _is_of_slice(flag, members)), None)
        home = home or next((members for members in heads if _shows_there(flag, members)), None)
        if home is None:
            heads.append([flag])
        else:
            home.append(flag)
    return tuple(_group(members) for members in heads)


def is_same_slice(one: Flag, other: Flag) -> bool:
    """Whether two flags are of one segment, or of one person in two roles."""
    a, b = one.slice, other.slice
    both_people = a.dimension in PEOPLE and b.dimension in PEOPLE
    return a.segment == b.segment and (a.dimension == b.dimension or both_people)


def _rank(flag: Flag) -> tuple[bool, bool, float]:
    return flag.slice.dimension in PEOPLE, not _is_workload(flag), -abs(flag.shift.t)


def _is_of_slice(flag: Flag, members: Sequence[Flag]) -> bool:
    return is_same_slice(flag, members[0]) and _weeks_apart(flag, members[0]) <= _SAME_SLICE


def _shows_there(flag: Flag, members: Sequence[Flag]) -> bool:
    return flag.slice.dimension != members[0].slice.dimension and any(
        flag.signal is not Signal.CHANGED
        and flag.signal is each.signal
        and flag.slice.metric.family == each.slice.metric.family
        and _weeks_apart(flag, each) <= _SAME_CHANGE
        for each in members
        if is_same_slice(each, members[0])
    )


def _weeks_apart(one: Flag, other: Flag) -> int:
    return abs((one.since.since - other.since.since).days) // 7


def _group(members: Sequence[Flag]) -> Group:
    """A person's change is told by the work done where that changed; else what moved first."""
    here = [flag for flag in members if is_same_slice(flag, members[0])]
    told = min(here, key=lambda flag: (not _is_workload(flag), flag.since, -abs(flag.shift.t)))
    return Group(
        told,
        tuple(flag for flag in here if flag is not told),
        tuple(flag for flag in members if flag not in here),
    )


def _is_workload(flag: Flag) -> bool:
    return flag.slice.dimension in PEOPLE and flag.slice.metric.kind is Kind.COUNT
