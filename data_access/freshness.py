"""How fresh the sources are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from data_access import lookups
from data_access.extracts import EXTRACTS
from data_access.extracts.model import Extract, Type
from data_access.snapshots import Snapshot
from data_access.workspace import Settings
from metrics.local_time import local_date

STALE_AFTER = 1.5  # times the cadence, without a newer row


@dataclass(frozen=True)
class SourceState:
    """One source of one extract; with source "" an extract that was never uploaded.

    Attributes:
        extract, label: which kind of file, and as a reader sees it.
        source: the system it comes from.
        rows: its rows in force.
        newest_at: UTC time of its newest row, none later than the clock.
        newest_on: that time's date in the reporting zone.
        reaches_on: the last day for which "nothing happened" can be told from "nothing is known":
            that of its newest row or, when later, of its newest upload (see `lookups.UPLOADED`).
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
    reaches_on: date | None
    last_upload_at: datetime | None
    cadence_days: int
    age_days: int | None
    is_stale: bool
    is_missing: bool


def sources(snapshot: Snapshot, clock: datetime, zone: str) -> list[SourceState]:
    """The state of every source, by extract and name; an extract without uploads is missing."""
    newest, uploaded = _newest(snapshot, clock.date()), _uploaded(snapshot)
    found: list[SourceState] = []
    for extract in EXTRACTS.values():
        of_extract = [row[1:] for row in uploaded if row[0] == extract.name]
        for source, accepted_at, as_of, speaks_until in of_extract:
            rows, newest_at = newest.get((extract.name, source), (0, None))
            state = _state(extract, source, rows, newest_at or min(as_of, clock), clock, zone)
            speaks_on = local_date(min(speaks_until, clock), zone)
            reaches_on = max(speaks_on, state.newest_on or speaks_on)
            found.append(replace(state, last_upload_at=accepted_at, reaches_on=reaches_on))
        if not of_extract:
            found.append(_missing(extract))
    return found


def reached(snapshot: Snapshot, extracts: Collection[str], today: date) -> dict[str, date]:
    """Source → the last day that its uploads of these extracts speak of, no later than today.

    The same as `SourceState.reaches_on`, in the zone that the snapshot was built with.
    """
    zone = snapshot.remembered("zone", lambda: snapshot.as_built(Settings()).reporting_zone)
    newest = _newest(snapshot, today)
    found: dict[str, date] = {}
    for extract, source, _, _, speaks_until in _uploaded(snapshot):
        if extract in extracts:
            _, newest_at = newest.get((extract, source), (0, None))
            day = min(local_date(max(speaks_until, newest_at or speaks_until), zone), today)
            found[source] = max(day, found.get(source, day))
    return found


def _uploaded(snapshot: Snapshot) -> list[tuple[str, str, datetime, datetime, datetime]]:
    return snapshot.remembered("uploaded", lambda: snapshot.fetch(lookups.UPLOADED))


def _newest(snapshot: Snapshot, today: date) -> dict[tuple[str, str], tuple[int, datetime | None]]:
    """(extract, source) → its rows and their newest time.

    Times after tomorrow are left out: a typing error in a year must not keep a source fresh.
    """
    before = datetime.combine(today, time()) + timedelta(days=2)

    def work_out() -> dict[tuple[str, str], tuple[int, datetime | None]]:
        return {
            (extract.name, source): (rows, newest)
            for extract in EXTRACTS.values()
            for source, rows, newest in snapshot.fetch(lookups.newest_rows(extract, before))
        }

    return snapshot.remembered(("newest", before), work_out)


def _missing(extract: Extract) -> SourceState:
    return SourceState(
        extract=extract.name,
        label=extract.label,
        source="",
        rows=0,
        newest_at=None,
        newest_on=None,
        reaches_on=None,
        last_upload_at=None,
        cadence_days=extract.cadence_days,
        age_days=None,
        is_stale=False,
        is_missing=True,
    )


def _state(
    extract: Extract, source: str, rows: int, newest_at: datetime, clock: datetime, zone: str
) -> SourceState:
    days_only = all(extract.column(name).type is Type.DATE for name in extract.time_columns)
    newest_on = newest_at.date() if days_only else local_date(newest_at, zone)
    is_late = clock - newest_at > timedelta(days=STALE_AFTER * extract.cadence_days)
    return SourceState(
        extract=extract.name,
        label=extract.label,
        source=source,
        rows=rows,
        newest_at=newest_at,
        newest_on=newest_on,
        reaches_on=newest_on,
        last_upload_at=None,
        cadence_days=extract.cadence_days,
        age_days=(local_date(clock, zone) - newest_on).days,
        is_stale=is_late and not extract.is_stated,
        is_missing=False,
    )
