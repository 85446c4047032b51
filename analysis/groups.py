"""Flags that show one and the same change, put together under the clearest of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.flags import Flag
from metrics.model import Kind

PEOPLE = ("reviewer", "annotator", "assignee")
_SAME_WEEK = 1  # weeks by which the start of one change may differ between slices
_SAME_SLICE = 4  # and between metrics of one slice: a stock reacts before a turnaround does


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

    A slice that holds the change and others show it too (the project of a dataset, the people of
    a stage), but with more noise: the flag with the largest distance in standard errors is the
    one whose slice fits the change best. So a flag joins a stronger one of the same metric, of
    another dimension, that began within a week; and one of the same slice, or the same person
    in another role, that began within four.

    Two segments of one dimension never stand for each other: two datasets are two findings.
    """
    heads: list[list[Flag]] = []
    for flag in sorted(flagged, key=lambda each: -abs(each.shift.t)):
        home = next((members for members in heads if _belongs(flag, members[0])), None)
        if home is None:
            heads.append([flag])
        else:
            home.append(flag)
    return tuple(_group(members) for members in heads)


def _belongs(flag: Flag, head: Flag) -> bool:
    weeks = abs((flag.since.since - head.since.since).days) // 7
    if is_same_slice(flag, head):
        return weeks <= _SAME_SLICE
    return (
        weeks <= _SAME_WEEK
        and flag.slice.metric == head.slice.metric
        and flag.slice.dimension != head.slice.dimension
        and flag.is_up == head.is_up
    )


def is_same_slice(one: Flag, other: Flag) -> bool:
    """Whether two flags are of one segment, or of one person in two roles."""
    a, b = one.slice, other.slice
    both_people = a.dimension in PEOPLE and b.dimension in PEOPLE
    return a.segment == b.segment and (a.dimension == b.dimension or both_people)


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
