"""Multi-stage review: how far the items of a window came, by batch, and why work was rejected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis import words
from analysis.model import Assessment
from metrics.model import Metric
from metrics.review import (
    DELIVERED_UNACCEPTED,
    ITEMS_ACCEPTED,
    ITEMS_ANNOTATED,
    ITEMS_DELIVERED,
    ITEMS_FIXED,
    ITEMS_REJECTED,
    ITEMS_REVIEWED,
    REJECTIONS,
    REVIEWED_UNANNOTATED,
)
from metrics.scope import NOT_RECORDED, Scope, scope
from metrics.units import round_half_up
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store

# What the gaps are counted among: items of projects that record the step behind. Worked out for
# the sentence alone, so in no catalogue.
_REVIEWABLE = replace(
    ITEMS_ANNOTATED, name="annotated_reviewable", where="annotated_on is not null and says_reviews"
)
_ANNOTATED_REVIEWED = replace(
    ITEMS_REVIEWED,
    name="annotated_reviewed",
    where="annotated_on is not null and first_reviewed_on is not null",
)
_DELIVERABLE = replace(
    ITEMS_ACCEPTED,
    name="accepted_deliverable",
    where="accepted_on is not null and says_deliveries",
)
_GAPS: tuple[tuple[Metric, str, Metric, str], ...] = (
    (_REVIEWABLE, "annotated", _ANNOTATED_REVIEWED, "reviewed"),
    (ITEMS_REVIEWED, "reviewed", ITEMS_ACCEPTED, "accepted"),
    (_DELIVERABLE, "accepted", ITEMS_DELIVERED, "delivered"),
)
BY_BATCH: tuple[Metric, ...] = (
    ITEMS_ANNOTATED,
    ITEMS_REVIEWED,
    ITEMS_FIXED,
    ITEMS_REJECTED,
    ITEMS_ACCEPTED,
    ITEMS_DELIVERED,
    DELIVERED_UNACCEPTED,
)
_MOST_HELD = 0.8  # of the rejections: how many reasons hold so many is said


@dataclass(frozen=True)
class Step:
    """One step of the funnel.

    Attributes:
        label: as it stands beside its bar.
        metric, scope: the definition and the rows behind it.
        items: how many items came that far; None where nobody records the step.
        why: the reason for None, a sentence; else "".
        is_detour: fixed or rejected on the way: no step that every item takes.
    """

    label: str
    metric: Metric
    scope: Scope
    items: int | None
    why: str = ""
    is_detour: bool = False


@dataclass(frozen=True)
class Steps:
    """The funnel of a window: its steps in order, what they say, and what must be known of it."""

    steps: tuple[Step, ...]
    lead: str
    notes: tuple[str, ...]

    @property
    def counted(self) -> tuple[Step, ...]:
        """The steps that are recorded."""
        return tuple(step for step in self.steps if step.items is not None)

    @property
    def first(self) -> int:
        """The items that the shares are of: those of the first recorded step."""
        return next((step.items or 0 for step in self.counted), 0)


@dataclass(frozen=True)
class Batch:
    """One batch: metric name → items, for the steps somebody records there."""

    name: str
    items: dict[str, int]


@dataclass(frozen=True)
class Reason:
    """Why work was rejected: an error type, its rejections, their share, and that so far."""

    name: str
    rejections: int
    share: float
    cumulative: float


@dataclass(frozen=True)
class Reasons:
    """The rejections by error type, most frequent first.

    Attributes:
        reasons: the shares are of the rejections that name a reason.
        unnamed: rejections without one.
        lead: what they say.
    """

    reasons: tuple[Reason, ...]
    unnamed: int
    lead: str


def steps(store: Store, where: Scope) -> Steps:
    """The funnel of the items begun in a window: annotated, reviewed, accepted, delivered.

    An item is in a step whenever it came there, also after the window; the newest may still be on
    their way. Every step counts the same items, so none is larger than the one before, but for
    items that are reviewed and in no annotation export, and those are said.
    """
    among = (_REVIEWABLE, _ANNOTATED_REVIEWED, _DELIVERABLE)
    values = store.values((*BY_BATCH, REVIEWED_UNANNOTATED, *among), where)
    found = [
        _step("Annotated", values[ITEMS_ANNOTATED.name], where),
        _step("Reviewed", values[ITEMS_REVIEWED.name], where),
        *_later_stages(store, where),
        _step("Fixed on the way", values[ITEMS_FIXED.name], where, is_detour=True),
        _step("Rejected on the way", values[ITEMS_REJECTED.name], where, is_detour=True),
        _step("Accepted", values[ITEMS_ACCEPTED.name], where),
        _step("Accepted and delivered", values[ITEMS_DELIVERED.name], where),
    ]
    return Steps(tuple(found), _lead(found, values), tuple(_notes(found, values)))


def _step(label: str, value: Value, where: Scope, *, is_detour: bool = False) -> Step:
    items = None if value.value is None else round(value.value)
    return Step(label, value.metric, where, items, value.withheld, is_detour)


def _later_stages(store: Store, where: Scope) -> list[Step]:
    """One step per review stage beyond the first: items that reached it or a later one."""
    by_stage = store.breakdown_values(ITEMS_REVIEWED, where, "review_stage")[ITEMS_REVIEWED.name]
    reached = {int(v.segment): round(v.value or 0) for v in by_stage if v.segment.isdigit()}
    found = []
    for stage in range(2, max(reached, default=1) + 1):
        beyond = {number: items for number, items in reached.items() if number >= stage}
        filters = dict(where.filters) | {"review_stage": tuple(map(str, beyond))}
        found.append(
            Step(
                f"Reviewed at stage {stage}" + (" or later" if max(reached) > stage else ""),
                ITEMS_REVIEWED,
                scope(where.period, filters),
                sum(beyond.values()),
                is_detour=True,
            )
        )
    return found


def _lead(found: Sequence[Step], values: dict[str, Value]) -> str:
    """Between which steps most items are left, as a sentence without its full stop."""
    main = [step for step in found if not step.is_detour and step.items is not None]
    if not main:
        return f"No step of review is recorded: {words.after_colon(found[0].why).rstrip('.')}"
    first = "annotated" if main[0].metric is ITEMS_ANNOTATED else "reviewed"
    if not any(step.items for step in main):
        return f"No item was {first} first in this period"
    gaps = [
        (round(whole - part), round(whole), before, after)
        for one, before, other, after in _GAPS
        if (whole := values[one.name].value) and (part := values[other.name].value) is not None
    ]
    if not gaps:
        return f"{words.some(main[0].items or 0, 'items')} {first}; no later step is recorded"
    left, whole_items, before, after = max(gaps, key=lambda gap: gap[0])
    if left == 0:
        return f"All {whole_items:,} {before} items are {after}"
    if left == whole_items:
        return f"None of {left:,} {before} items is {after} yet"
    some, verb = words.x_of_y(left, whole_items), "is" if left == 1 else "are"
    return f"{words.sentence_case(some)} {before} items {verb} not {after} yet"


def _notes(found: Sequence[Step], values: dict[str, Value]) -> list[str]:
    notes = _unrecorded(found)
    beyond = round(values[REVIEWED_UNANNOTATED.name].value or 0)
    if beyond:
        notes.append(
            f"{_items(beyond)} reviewed that no annotation export has, so a later step can hold "
            "more than the first."
        )
    unreviewable = (values[ITEMS_ANNOTATED.name].value or 0) - (values[_REVIEWABLE.name].value or 0)
    if unreviewable and values[ITEMS_REVIEWED.name].value is not None:
        notes.append(
            f"{_items(round(unreviewable))} annotated in projects without any recorded review."
        )
    unaccepted = round(values[DELIVERED_UNACCEPTED.name].value or 0)
    if unaccepted:
        notes.append(
            f"{_items(unaccepted)} delivered with their batch without a recorded acceptance."
        )
    return notes


def _unrecorded(found: Sequence[Step]) -> list[str]:
    """The steps nobody records, put together by why; none where that is all there is to say."""
    labels: dict[str, list[str]] = {}
    for step in found:
        if step.items is None:
            labels.setdefault(step.why, []).append(words.in_sentence(step.label))
    if all(step.items is None for step in found):
        return []
    return [
        f"{words.sentence_case(words.listed(steps, most=6))}: not recorded. {why}"
        for why, steps in labels.items()
    ]


def _items(number: int) -> str:
    return f"{words.some(number, 'items')} {'was' if number == 1 else 'were'}"


def batches(store: Store, where: Scope) -> tuple[Batch, ...]:
    """The batches of a window with their steps, A to Z, the items without a batch last."""
    found = store.breakdown_values(BY_BATCH, where, "batch")
    items: dict[str, dict[str, int]] = {}
    for metric in BY_BATCH:
        for value in found[metric.name]:
            of_batch = items.setdefault(value.segment, {})
            if value.value is not None:
                of_batch[metric.name] = round(value.value)
    names = sorted(items, key=lambda name: (name == NOT_RECORDED, name.casefold(), name))
    return tuple(Batch(name, items[name]) for name in names)


def reasons(store: Store, where: Scope) -> Reasons:
    """Why work was rejected in a window: Pareto's few that hold most of it."""
    found = store.breakdown_values(REJECTIONS, where, "error_type")[REJECTIONS.name]
    counts = {value.segment: round(value.value or 0) for value in found if value.value}
    unnamed = counts.pop(NOT_RECORDED, 0)
    whole, so_far, told = sum(counts.values()), 0, []
    for name, number in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        so_far += number
        told.append(Reason(name, number, number / whole, so_far / whole))
    return Reasons(tuple(told), unnamed, _reasons_lead(told, whole, unnamed))


def _reasons_lead(told: Sequence[Reason], whole: int, unnamed: int) -> str:
    if not told:
        return (
            f"None of {words.some(unnamed, 'rejections')} names a reason"
            if unnamed
            else "Nothing was rejected in this period"
        )
    if len(told) == 1:
        return f"{told[0].name} is the only reason named, for {words.some(whole, 'rejections')}"
    held = next(n for n, reason in enumerate(told, 1) if reason.cumulative >= _MOST_HELD)
    share = round_half_up(told[held - 1].cumulative * 100, 0)
    if held == 1:
        return f"{told[0].name} holds {share}% of {words.some(whole, 'rejections')}"
    first = f"{told[0].name} leads"
    return f"{first}; {words.x_of_y(held, len(told))} reasons hold {share}% of {whole:,} rejections"


def against_plan(coverage: Assessment, drawn: Assessment) -> str:
    """Review coverage against the sampling plan, in sentences."""
    value = coverage.value
    if value.value is None:
        return f"Review coverage: {words.reason(value)}."
    told = f"Review coverage is {coverage.value_text} of {words.some(value.n, 'items')}"
    if value.low is not None and value.high is not None:
        told += f" (95% interval {value.metric.unit.show_range(value.low, value.high)})"
    plan = (
        f"; the sampling plan asks for {coverage.target_text}."
        if coverage.target
        else ". No plan is stated: upload a target for review_coverage to compare with."
    )
    if drawn.value.value is not None:
        plan += f" Drawn by the plan: {drawn.value_text} of {words.some(drawn.value.n, 'items')}."
    return told + plan
