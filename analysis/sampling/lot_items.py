"""The items of a lot: what was annotated, reviewed or completed in a scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from analysis.sampling.draw import Item
from data_access.store import Store
from metrics.annotation import ANNOTATIONS_DONE
from metrics.errors import AppError
from metrics.flow import ITEMS_COMPLETED
from metrics.model import Metric
from metrics.quality import REVIEWS_DONE
from metrics.scope import NOT_RECORDED, Scope

MOST_ROWS = 500_000


@dataclass(frozen=True)
class LotSource:
    """Where the items of a lot come from.

    Attributes:
        name: for people, as "items ..." goes on.
        metric: whose rows they are.
    """

    name: str
    metric: Metric


# The first with rows is offered first.
SOURCES = (
    LotSource("annotated", ANNOTATIONS_DONE),
    LotSource("reviewed", REVIEWS_DONE),
    LotSource("completed", ITEMS_COMPLETED),
)


def sources(store: Store, scope: Scope) -> list[LotSource]:
    """The sources that have rows in a scope."""
    return [source for source in SOURCES if store.row_count(source.metric, scope)]


def items(store: Store, scope: Scope, source: LotSource) -> tuple[Item, ...]:
    """The items of a scope, each person's work on an item once, by item.

    Annotations that were skipped are left out, and gold answers that nobody of the team gave: there
    is nobody's work to check. People under the names that may be shown; "(not recorded)" where a
    source does not say who. The `work_id` is the annotation (of several by one person the first by
    name), else the review, else "" where an item is one row.

    Raises:
        AppError: they are too many to list.
    """
    count = store.row_count(source.metric, scope)
    if count > MOST_ROWS:
        raise AppError(
            f"The lot has {count:,} rows; {MOST_ROWS:,} can be listed.",
            next_step="Choose a shorter period, a project or a batch.",
        )
    return tuple(sorted(_listed(store.rows(source.metric, scope))))


def _listed(rows: pa.Table) -> set[Item]:
    ids, people, works = _cells(rows, "item_id"), _cells(rows, "annotator"), _works(rows)
    skipped, gold = _cells(rows, "is_skipped"), _cells(rows, "is_gold")
    found: dict[tuple[str, str], str] = {}
    for item_id, person, work, is_skipped, is_gold in zip(
        ids, people, works, skipped, gold, strict=True
    ):
        is_nobodys = is_gold and person in (None, NOT_RECORDED)
        if item_id is not None and not is_skipped and not is_nobodys:
            key = str(item_id), str(person or NOT_RECORDED)
            found[key] = min(found.get(key, work), work)
    return {Item(item_id, person, work) for (item_id, person), work in found.items()}


def _works(rows: pa.Table) -> list[str]:
    """What tells a piece of work without its author's name: the annotation, else the review."""
    both = zip(_cells(rows, "annotation_id"), _cells(rows, "review_id"), strict=True)
    return [str(annotation or review or "") for annotation, review in both]


def _cells(rows: pa.Table, name: str) -> list[Any]:
    """The cells of a column; None for each row where there is no such column."""
    if name not in rows.column_names:
        return [None] * rows.num_rows
    return list(rows.column(name).to_pylist())
