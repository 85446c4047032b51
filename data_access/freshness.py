"""How fresh the sources are, and what was left out of the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data_access.compile import Query
from data_access.extracts import EXTRACTS
from data_access.extracts.model import Extract, Type
from data_access.snapshots import Snapshot
from data_access.workspace import local_date

STALE_AFTER = 1.5  # times the cadence, without a newer row
_STATED = ("targets", "markers")  # stated once, not delivered: they do not go stale


@dataclass(frozen=True)
class SourceState:
    """One source of one extract; with source "" an extract that was never uploaded.

    Attributes:
        extract, label: which kind of file, and as a reader sees it.
        source: the system it comes from.
        rows: its rows in force.
        newest_at: UTC time of its newest row, none later than the clock.
        newest_on: that time's date in the reporting zone.
        last_upload_at: when its last file was accepted, UTC.
        cadence_days: how often a new file is expected.
        age_days: days since `newest_on`.
        is_stale: no row newer than 1.5 times the cadence.
        is_missing: the extract was never uploaded.
    """

    extract: str
    label: str
    source: str
    rows: int
    newest_at: datetime | None
    newest_on: date | None
    last_upload_at: datetime | None
    cadence_days: int
    age_days: int | None
    is_stale: bool
    is_missing: bool


def sources(snapshot: Snapshot, clock: datetime, zone: str) -> list[SourceState]:
    """The state of every source, by extract and name; an extract without uploads is missing."""
    accepted = dict(
        snapshot.fetch(
            Query(
                "select extract || chr(31) || source, max(accepted_at) from uploads "
                "where withdrawn_at is null group by extract || chr(31) || source"
            )
        )
    )
    found: list[SourceState] = []
    for extract in EXTRACTS.values():
        rows = snapshot.fetch(_newest(extract, clock))
        if not rows:
            found.append(
                SourceState(
                    extract.name,
                    extract.label,
                    "",
                    0,
                    None,
                    None,
                    None,
                    extract.cadence_days,
                    None,
                    is_stale=False,
                    is_missing=True,
                )
            )
        for source, count, newest, as_of in rows:
            found.append(
                _state(
                    extract,
                    source,
                    count,
                    newest or min(as_of, clock),
                    accepted.get(f"{extract.name}\x1f{source}"),
                    clock,
                    zone,
                )
            )
    return found


def _newest(extract: Extract, clock: datetime) -> Query:
    """The newest time of each source, none later than a day after the clock."""
    times = ", ".join(
        f'max(cast("{name}" as timestamp)) filter (where "{name}" <= $latest)'
        for name in extract.time_columns
    )
    newest = f"greatest({times})" if len(extract.time_columns) > 1 else times
    text = (
        f"select source, count(*), {newest}, max(row_as_of) from current_{extract.name} "
        "group by source order by source"
    )
    return Query(text, {"latest": clock + timedelta(days=1)})


def _state(
    extract: Extract,
    source: str,
    rows: int,
    newest_at: datetime,
    accepted_at: datetime | None,
    clock: datetime,
    zone: str,
) -> SourceState:
    days_only = all(extract.column(name).type is Type.DATE for name in extract.time_columns)
    newest_on = newest_at.date() if days_only else local_date(newest_at, zone)
    late = clock - newest_at > timedelta(days=STALE_AFTER * extract.cadence_days)
    return SourceState(
        extract.name,
        extract.label,
        source,
        rows,
        newest_at,
        newest_on,
        accepted_at,
        extract.cadence_days,
        (local_date(clock, zone) - newest_on).days,
        is_stale=late and extract.name not in _STATED,
        is_missing=False,
    )


def notes(snapshot: Snapshot, since: date, until: date) -> list[str]:
    """What was left out of the numbers of a window, in sentences with counts."""
    window = {"since": since, "until": until}
    asked = (
        (
            "{} stopped before they started, or started before they were entered: the times that "
            "cannot be are left out.",
            ("1 stage visit", "{} stage visits"),
            "select count(*) from visits where has_bad_clock "
            "and coalesce(finished_on, entered_on) >= $since "
            "and coalesce(finished_on, entered_on) < $until",
            window,
        ),
        (
            "{} resolved before being created: left out of the time to resolve.",
            ("1 issue was", "{} issues were"),
            "select count(*) from issues where has_bad_clock "
            "and resolved_on >= $since and resolved_on < $until",
            window,
        ),
        (
            "{} in sources with one time an event: queue and touch time are not recorded.",
            ("1 stage visit is", "{} stage visits are"),
            "select count(*) from visits where not has_queue_recorded "
            "and finished_on >= $since and finished_on < $until",
            window,
        ),
        (
            "{} from their source before they were complete and left the open work.",
            ("1 item vanished", "{} items vanished"),
            "select count(*) from items where completed_on is null "
            "and left_on >= $since and left_on < $until",
            window,
        ),
        (
            "{} from their source before they were resolved and left the open issues.",
            ("1 issue vanished", "{} issues vanished"),
            "select count(*) from issues where resolved_on is null "
            "and left_on >= $since and left_on < $until",
            window,
        ),
        (
            "{} refused at upload and are in no number.",
            ("1 row was", "{} rows were"),
            "select coalesce(sum(refused_rows), 0) from uploads where withdrawn_at is null "
            "and cast(as_of as date) >= $since and cast(as_of as date) < $until + 7",
            window,
        ),
    )
    found = []
    for sentence, (one, many), text, bound in asked:
        count = int(snapshot.fetch(Query(text, bound))[0][0])
        if count:
            found.append(sentence.format(one if count == 1 else many.format(f"{count:,}")))
    return found
