"""Scope: which days and which slices a number covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from metrics.errors import AppError
from metrics.periods import Period

NOT_RECORDED = "(not recorded)"

# Dimension → (label, plural) as readers see it. Marts name the ones they have.
DIMENSIONS: dict[str, tuple[str, str]] = {
    "project": ("Project", "projects"),
    "dataset": ("Dataset", "datasets"),
    "team": ("Team", "teams"),
    "stage": ("Stage", "stages"),
    "stage_before": ("Stage before", "stages before"),
    "path": ("Path", "paths"),
    "source": ("Source", "sources"),
    "batch": ("Batch", "batches"),
    "assignee": ("Assignee", "assignees"),
    "outcome": ("Outcome", "outcomes"),
    "review_stage": ("Review stage", "review stages"),
    "annotator": ("Annotator", "annotators"),
    "reviewer": ("Reviewer", "reviewers"),
    "error_type": ("Error type", "error types"),
    "severity": ("Severity", "severities"),
    "type": ("Issue type", "issue types"),
    "priority": ("Priority", "priorities"),
    "status": ("Status", "statuses"),
    "status_category": ("Status category", "status categories"),
    "kind": ("Kind of change", "kinds of change"),
    "field": ("Field", "fields"),
    "answer": ("Answer", "answers"),
    "last_action": ("Last action", "last actions"),
    "late_reason": ("Reason late", "reasons"),
}


@dataclass(frozen=True)
class Scope:
    """The window and the filters of a question.

    Attributes:
        period: the days covered.
        filters: (dimension, values) pairs, sorted by dimension; a row passes when for every
            pair its value is one of the values. No pair means no filter.
    """

    period: Period
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def during(self, period: Period) -> Scope:
        """The same slices in another window."""
        return replace(self, period=period)

    def where(self, **values: str) -> Scope:
        """The same window, with one more value required per dimension given."""
        merged = dict(self.filters) | {name: (value,) for name, value in values.items()}
        return scope(self.period, merged)

    def without(self, *names: str) -> Scope:
        """The same window without the filters by these dimensions."""
        return replace(self, filters=tuple(pair for pair in self.filters if pair[0] not in names))

    @property
    def words(self) -> str:
        """The filters in words: "Team: Radiology or Triage; Project: A"; "" without filters."""
        return "; ".join(
            f"{DIMENSIONS.get(name, (name, name))[0]}: {' or '.join(values)}"
            for name, values in self.filters
        )


def scope(period: Period, filters: Mapping[str, Sequence[str]] | None = None) -> Scope:
    """A scope from a plain mapping; empty selections are no filter."""
    pairs = sorted((filters or {}).items())
    return Scope(period, tuple((name, tuple(sorted(set(v)))) for name, v in pairs if v))


def parse_filters(text: str, separator: str = ";") -> dict[str, tuple[str, ...]]:
    """Filters from text like "team=Radiology; dataset=CT,MR"; "" and "all" mean none.

    Raises:
        AppError: a part has no "=" or names no known dimension.

    >>> parse_filters("team=Radiology; dataset=CT")
    {'team': ('Radiology',), 'dataset': ('CT',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for part in text.split(separator):
        if not part.strip() or part.strip().casefold() == "all":
            continue
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or name not in DIMENSIONS or not value:
            raise AppError(
                f"{part.strip()} is not a filter.",
                choices=DIMENSIONS,
                next_step="Write it like team=Radiology.",
            )
        found[name] = (*found.get(name, ()), value)
    return found
