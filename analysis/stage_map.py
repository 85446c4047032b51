"""The way of items through the stages: transitions, paths, returns, handovers, planned ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from analysis.model import Status
from analysis.words import some
from data_access.asking import lacking
from data_access.store import Store
from metrics.flow import ITEMS_COMPLETED, STAGE_TIME
from metrics.model import Metric
from metrics.scope import Scope
from metrics.units import HOURS, PERCENT

# What the page asks: statistic and the metric whose rows it reads; bench/flow.py times them.
QUESTIONS: tuple[tuple[str, Metric], ...] = (
    ("stage_edges", STAGE_TIME),
    ("stage_nodes", STAGE_TIME),
    ("path_variants", ITEMS_COMPLETED),
    ("planned_ends", ITEMS_COMPLETED),
    ("rework_loops", STAGE_TIME),
    ("team_handovers", STAGE_TIME),
    ("blocked_time", STAGE_TIME),
)
_METRICS = dict(QUESTIONS)
MIN_WAITS = 5  # fewer waits than this say nothing of a usual wait
MOST_ON_MAP = 12  # more stages are read better as a matrix


@dataclass(frozen=True)
class Edge:
    """Items that went from one stage to another; see statistics/stage_edges.sql.

    Attributes:
        from_stage, to_stage: of the visit before and of this one.
        n: how often.
        waits: how many of them say how long the item waited for the second stage.
        bad_clocks: how many have times that cannot be; they are in n, not in the waits.
        hours: waited in all.
        mean, median, p85: hours waited once; None without waits.
    """

    from_stage: str
    to_stage: str
    n: int
    waits: int
    bad_clocks: int
    hours: float | None
    mean: float | None
    median: float | None
    p85: float | None

    @property
    def name(self) -> str:
        """Both stages, as "Intake → Annotation"."""
        return f"{self.from_stage} \N{RIGHTWARDS ARROW} {self.to_stage}"


@dataclass(frozen=True)
class Node:
    """A stage: its visits, mean place in the items' paths, hours."""

    stage: str
    n: int
    place: float
    hours: float
    median: float | None
    p85: float | None


@dataclass(frozen=True)
class Variant:
    """An order of stages: items that took it, of how many in how many orders, median days."""

    path: str
    n: int
    visits: int
    of: int
    variants: int
    days: float | None
    example: str

    @property
    def share(self) -> float:
        """Of all items."""
        return self.n / self.of


@dataclass(frozen=True)
class Loop:
    """Returns to a stage from another one: how many, of how many items, hours in repeats."""

    to_stage: str
    from_stage: str
    n: int
    items: int
    hours: float
    median: float | None


@dataclass(frozen=True)
class Handover:
    """Two visits of an item one after the other, by team: how many, median wait."""

    from_team: str
    to_team: str
    n: int
    waits: int
    median: float | None


@dataclass(frozen=True)
class Blocked:
    """Visits whose stage or outcome says that work stood still; `of` is all stage hours."""

    stage: str
    outcome: str
    n: int
    hours: float
    of: float


@dataclass(frozen=True)
class PlannedEnds:
    """Items against their planned end; see statistics/planned_ends.sql."""

    items: int
    planned: int
    closed: int
    closed_late: int
    ended_late: int


@dataclass(frozen=True)
class StageMap:
    """Everything the page shows, and the finding in words.

    Attributes:
        status, lead, rest: the banner.
        notes: what was left out, in sentences.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    variants: tuple[Variant, ...]
    loops: tuple[Loop, ...]
    handovers: tuple[Handover, ...]
    blocked: tuple[Blocked, ...]
    ends: PlannedEnds | None
    status: Status
    lead: str
    rest: str
    notes: tuple[str, ...]


T = TypeVar("T")


def stage_map(store: Store, scope: Scope) -> StageMap:
    """The way through the stages of the items completed in the scope."""
    edges = _asked(store, "stage_edges", scope, Edge)
    nodes = in_order(_asked(store, "stage_nodes", scope, Node), edges)
    variants = _asked(store, "path_variants", scope, Variant)
    ends = _asked(store, "planned_ends", scope, PlannedEnds)
    status, lead, rest = banner(edges, variants, has_visits=bool(nodes))
    return StageMap(
        nodes=tuple(nodes),
        edges=tuple(edges),
        variants=tuple(variants),
        loops=tuple(_asked(store, "rework_loops", scope, Loop)),
        handovers=tuple(_asked(store, "team_handovers", scope, Handover)),
        blocked=tuple(_asked(store, "blocked_time", scope, Blocked)),
        ends=next((one for one in ends if one.planned), None),
        status=status,
        lead=lead,
        rest=rest,
        notes=_notes(store, scope, edges),
    )


def _asked(store: Store, name: str, scope: Scope, kind: type[T]) -> list[T]:
    """The rows of a statistic; none where the mart lacks a filter's dimension."""
    metric = _METRICS[name]
    if lacking(metric, scope):
        return []
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    rows: list[dict[str, Any]] = store.statistic(name, metric, scope)
    return [kind(**{each: row[each] for each in names}) for row in rows]


def in_order(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[Node]:
    """The stages from first to last: by mean place, neighbors so that most of their ways lead on.

    A stage that few items come through late would else stand after the last one of most.
    """
    often = {(edge.from_stage, edge.to_stage): edge.n for edge in edges}
    found = sorted(nodes, key=lambda node: (node.place, node.stage))
    for _ in found:
        for at in range(len(found) - 1):
            first, then = found[at].stage, found[at + 1].stage
            if often.get((then, first), 0) > often.get((first, then), 0):
                found[at : at + 2] = found[at + 1], found[at]
    return found


def banner(
    edges: Sequence[Edge], variants: Sequence[Variant], *, has_visits: bool
) -> tuple[Status, str, str]:
    """Status, the banner's bold part and the rest: where items wait most, and how alike they go."""
    ways = _ways(variants)
    if not has_visits:
        return Status.MISSING, "No item was completed", " in this period and these filters."
    judged = [edge for edge in edges if edge.waits >= MIN_WAITS and edge.hours]
    if not judged:
        text = "Too few waits between stages to say where items wait most."
        return Status.TOO_FEW, text, f" {ways}".rstrip()
    worst = max(judged, key=lambda edge: edge.hours or 0.0)
    whole = sum(edge.hours or 0.0 for edge in edges)
    lead = f"Items wait longest on the way from {worst.from_stage} to {worst.to_stage}"
    share = PERCENT.show((worst.hours or 0.0) / whole)
    rest = (
        f": {share} of all waiting between stages, a median of {HOURS.show(worst.median)} each "
        f"(n {worst.waits:,}). {ways}"
    )
    return Status.NO_TARGET, lead, rest.rstrip()


def _ways(variants: Sequence[Variant]) -> str:
    if not variants:
        return ""
    first = variants[0]
    if first.variants == 1:
        return "All items took the same path."
    return (
        f"{first.of:,} items took {first.variants:,} different paths; the most frequent one covers "
        f"{PERCENT.show(first.share)}."
    )


def _notes(store: Store, scope: Scope, edges: Sequence[Edge]) -> tuple[str, ...]:
    bad = sum(edge.bad_clocks for edge in edges)
    missing = sum(edge.n - edge.waits - edge.bad_clocks for edge in edges)
    unknown = [n for n, _ in scope.filters if n not in store.dimensions(ITEMS_COMPLETED)]
    told = [
        f"{some(bad, 'visits')} had times that cannot be, such as a start before "
        "the entry: counted, but left out of the waits."
        if bad
        else "",
        f"Of {some(missing, 'transitions')} the wait is not recorded." if missing > 0 else "",
        "Paths and planned ends belong to whole items, which have no "
        f"{' or '.join(name.replace('_', ' ') for name in unknown)}: clear that filter to see them."
        if unknown
        else "",
    ]
    return tuple(note for note in told if note)


def edge_words(edge: Edge, edges: Sequence[Edge]) -> str:
    """A transition in one sentence."""
    out = sum(one.n for one in edges if one.from_stage == edge.from_stage)
    share = PERCENT.show(edge.n / out)
    wait = (
        f"they waited a median of {HOURS.show(edge.median)} and 85% at most "
        f"{HOURS.show(edge.p85)} (n {edge.waits:,})"
        if edge.waits >= MIN_WAITS
        else f"too few waits are recorded to say how long (n {edge.waits:,})"
    )
    return (
        f"{share} of the ways out of {edge.from_stage} lead to {edge.to_stage} ({edge.n:,} of "
        f"{out:,}); {wait}."
    )


def loops_words(loops: Sequence[Loop]) -> str:
    """The returns in one sentence."""
    if not loops:
        return "No item came back to a stage it had left."
    first, n = loops[0], sum(loop.n for loop in loops)
    hours = sum(loop.hours for loop in loops)
    return (
        f"Items came back to a stage {some(n, 'times')}, most often from "
        f"{first.from_stage} to {first.to_stage} ({first.n:,}); the repeated visits lasted "
        f"{HOURS.show(hours)} in all."
    )


def handovers_words(handovers: Sequence[Handover]) -> str:
    """The handovers in one sentence."""
    between = [one for one in handovers if one.from_team != one.to_team]
    n, whole = sum(one.n for one in between), sum(one.n for one in handovers)
    if not between:
        return "Work stayed within its team." if whole else "No team is recorded."
    first = between[0]
    return (
        f"{PERCENT.show(n / whole)} of the transitions changed the team ({n:,} of {whole:,}), most "
        f"often from {first.from_team} to {first.to_team} ({first.n:,})."
    )


def blocked_words(blocked: Sequence[Blocked]) -> str:
    """Time that stood still, in one sentence, with the rule."""
    if not blocked:
        return "No stage or outcome says that work was blocked."
    hours, of = sum(one.hours for one in blocked), blocked[0].of
    n = sum(one.n for one in blocked)
    share = PERCENT.show(hours / of) if of else "an unknown share"
    return (
        f"{some(n, 'visits')} stood still for {HOURS.show(hours)}, {share} of all time in stages."
    )


def ends_words(ends: PlannedEnds | None) -> str:
    """Planned against actual ends in one sentence."""
    if ends is None:
        return "No item says when it was planned to end."
    last = (
        f"by their last event, {ends.ended_late:,} of {ends.planned:,} "
        f"({PERCENT.show(ends.ended_late / ends.planned)})"
    )
    if not ends.closed:
        return f"Ended after the planned end: {last}."
    return (
        f"Closed after the planned end: {ends.closed_late:,} of {ends.closed:,} "
        f"({PERCENT.show(ends.closed_late / ends.closed)}); {last}."
    )
