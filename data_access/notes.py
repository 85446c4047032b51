"""What was left out of the numbers of a window, or changed after it was reported, in sentences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from data_access.extracts import EXTRACTS
from data_access.lookups import REFUSED
from data_access.question import Query
from data_access.snapshots import Snapshot
from metrics.model import Better, Kind, Metric
from metrics.scope import Scope
from metrics.units import COUNT

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics.value import Value


@dataclass(frozen=True)
class Note:
    """A sentence about rows, and the count that fills it."""

    one: str
    many: str
    counted: Metric


def _count(
    name: str, source: str, at: str, where: str, value: str = "count(*)", *, n_of: str = "rows"
) -> Metric:
    return Metric(
        name=name,
        label=name,
        definition=name,
        source=source,
        at=at,
        kind=Kind.COUNT,
        value_sql=value,
        where=where,
        unit=COUNT,
        better=Better.NEITHER,
        owner="",
        family="",
        n_of=n_of,
    )


NOTES = (
    Note(
        "1 stage visit has clocks that run backwards: the times that cannot be are left out.",
        "{} stage visits have clocks that run backwards: the times that cannot be are left out.",
        _count("bad_visit_clocks", "visits", "entered_on", "has_bad_clock"),
    ),
    Note(
        "1 stage visit is of a source without start times: its queue and touch time are not "
        "recorded.",
        "{} stage visits are of sources without start times: their queue and touch times are not "
        "recorded.",
        _count("no_queue_recorded", "visits", "finished_on", "not has_queue_recorded"),
    ),
    Note(
        "1 item vanished from its source before it was complete and left the open work.",
        "{} items vanished from their source before they were complete and left the open work.",
        _count("vanished_items", "items", "left_on", "completed_on is null"),
    ),
    Note(
        "1 review has a severity without an error type and counts as without a defect.",
        "{} reviews have a severity without an error type and count as without a defect.",
        _count(
            "severity_alone",
            "reviews",
            "reviewed_on",
            "severity <> '(not recorded)' and not has_defect",
        ),
    ),
    Note(
        "1 issue was resolved before it was created: left out of the time to resolve.",
        "{} issues were resolved before they were created: left out of the time to resolve.",
        _count("bad_issue_clocks", "issues", "resolved_on", "has_bad_clock"),
    ),
    Note(
        "1 issue is done but no time says since when: it counts as open.",
        "{} issues are done but no time says since when: they count as open.",
        replace(
            _count(
                "done_without_a_time",
                "issues",
                "created_on",
                "status_category = 'Done' and resolved_on is null",
            ),
            kind=Kind.LEVEL,
            left_at="left_on",
        ),
    ),
    Note(
        "1 issue vanished from its source before it was resolved and left the open issues.",
        "{} issues vanished from their source before they were resolved and left the open issues.",
        _count("vanished_issues", "issues", "left_on", "resolved_on is null"),
    ),
    Note(
        "1 batch vanished from its source before it was delivered and is no longer promised.",
        "{} batches vanished from their source before they were delivered and are no longer "
        "promised.",
        _count("vanished_deliveries", "deliveries", "left_on", "delivered_on is null"),
    ),
    Note(
        "1 batch has accepted items without a count of delivered ones: left out of the accepted "
        "share.",
        "{} batches have accepted items without a count of delivered ones: left out of the "
        "accepted share.",
        _count(
            "accepted_alone",
            "deliveries",
            "promised_on",
            "items_accepted is not null and items_delivered is null",
        ),
    ),
    Note(
        "1 row of the period arrived or changed after an earlier upload had covered it: numbers "
        "reported before were restated.",
        "{} rows of the period arrived or changed after an earlier upload had covered it: numbers "
        "reported before were restated.",
        _count(
            "restated_rows",
            "restatements",
            "happened_on",
            "covered_on >= {as_of} - 3",  # a Friday's file covers its week
            "sum(told_rows)",
        ),
    ),
)


def notes(
    snapshot: Snapshot, scope: Scope, values: Callable[[list[Metric], Scope], dict[str, Value]]
) -> list[str]:
    """The sentences that hold in a scope, with their counts; none for a count of 0."""
    counts = values([note.counted for note in NOTES], scope)
    found = []
    for note in NOTES:
        count = int(counts[note.counted.name].value or 0)
        if count:
            found.append(note.one if count == 1 else note.many.format(f"{count:,}"))
    return found + _refused(snapshot, scope)


def _refused(snapshot: Snapshot, scope: Scope) -> list[str]:
    """Rows refused by the uploads of each source that are about the window."""
    window = scope.period
    chosen = dict(scope.filters).get("source")
    about = {"since": window.since, "until": window.last_day}
    return [
        f"{count:,} {'row' if count == 1 else 'rows'} of the {EXTRACTS[extract].label.lower()} "
        f"({source}) {'was' if count == 1 else 'were'} refused at upload and "
        f"{'is' if count == 1 else 'are'} in no number."
        for extract, source, count in snapshot.fetch(Query(REFUSED.text, about))
        if count and extract in EXTRACTS and (not chosen or source in chosen)
    ]
