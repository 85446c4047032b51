"""Jira's hidden history: the column "[CHART] Time in Status" of its CSV, decoded.

A cell holds an entry per status the issue was in, `<status id>_*:*_<visits>_*:*_<milliseconds>`,
joined by `_*|*_`. Jira fills it for resolved issues, where the field was once added. The ids have
no names in the file, so a person names them once; where the issues leave one reading only, that
is suggested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_access.readers.labeling import tables
from data_access.readers.labeling.writing import Table
from data_access.readers.model import Asked, Detected, plain

FORMAT = "Jira, Time in Status"
COLUMNS = (
    "issue_key", "status_id", "status", "visits", "hours", "created_at", "resolved_at",
    "total_hours",
)  # fmt: skip
_COPIED = ("issue_key", "created_at", "resolved_at")
_ENTRY = re.compile(r"(\d+)_\*:\*_(\d+)_\*:\*_(\d+)")
_HOUR = 3_600_000
# The statuses that every Jira server has under these ids (its IssueFieldConstants).
_SYSTEM = {"1": "Open", "3": "In Progress", "4": "Reopened", "5": "Resolved", "6": "Closed"}


@dataclass(frozen=True)
class Entry:
    """One status an issue was in: its id, how often, and for how many milliseconds in all."""

    status_id: str
    visits: int
    milliseconds: int


def is_time_in_status(header: str) -> bool:
    """Whether a column is Jira's, whatever the language of "Custom field"."""
    return plain(header).endswith("charttimeinstatus")


def decode(cell: str) -> list[Entry] | None:
    """The entries of a cell; None when it is not written as Jira writes it.

    >>> decode("3_*:*_1_*:*_256892526_*|*_10001_*:*_2_*:*_0")[1]
    Entry(status_id='10001', visits=2, milliseconds=0)
    """
    found = [_ENTRY.fullmatch(part.strip()) for part in cell.split("_*|*_")]
    entries = [Entry(one[1], int(one[2]), int(one[3])) for one in found if one]
    return entries if len(entries) == len(found) else None


def unnamed(status_id: str) -> str:
    """What a status is called that nobody has named."""
    return f"Status {status_id}"


@dataclass
class _Seen:
    """Which ids may stand for a status.

    Attributes:
        ids: all, in the order they were met.
        by_status: status → the ids that every issue with it has been in.
        ends: status → those of them that hold no time in any of its issues: Jira counts up to the
            resolution, so the status an issue was resolved into has none.
    """

    ids: dict[str, None] = field(default_factory=dict)
    by_status: dict[str, set[str]] = field(default_factory=dict)
    ends: dict[str, set[str]] = field(default_factory=dict)

    def add(self, status: str, entries: list[Entry]) -> None:
        """One issue and the statuses it was in."""
        ids = {entry.status_id for entry in entries}
        self.ids |= dict.fromkeys(entry.status_id for entry in entries)
        if status:
            idle = {entry.status_id for entry in entries if entry.milliseconds == 0}
            self.by_status[status] = self.by_status.get(status, ids) & ids
            self.ends[status] = self.ends.get(status, idle) & idle

    def names(self) -> dict[str, str]:
        """Id → the status it most likely is; only where one reading is left.

        An issue has been in its own status. So the id of a status is among those that all issues
        with that status have; an id that is taken is none of another status.
        """
        left = {
            status: self.ends[status] if len(self.ends[status]) == 1 else set(ids)
            for status, ids in self.by_status.items()
        }
        found: dict[str, str] = {}
        while sure := {s: next(iter(ids)) for s, ids in left.items() if len(ids) == 1}:
            if len(set(sure.values())) < len(sure):
                return {}  # two statuses claim one id: a status was renamed, so nothing is sure
            found |= {status_id: status for status, status_id in sure.items()}
            left = {s: ids - found.keys() for s, ids in left.items() if s not in sure}
        return found


def read(detected: Detected, places: Mapping[str, int], asked: Asked) -> Detected | None:
    """The times in each status as a table of their own; None when no cell holds any.

    Args:
        detected: a tracker's export.
        places: where our columns `issue_key`, `created_at`, `resolved_at` and `status` stand.
        asked: what a reader is told.
    """
    place = next((i for i, name in enumerate(detected.header) if is_time_in_status(name)), None)
    if place is None or "issue_key" not in places:
        return None
    seen = _Seen()
    with Table(asked.folder / "status_times.parquet", COLUMNS) as made:
        for line, cells, fault in tables.rows(detected):
            if fault or place >= len(cells) or not cells[place]:
                continue  # a row that cannot be read is refused as an issue
            entries = decode(cells[place])
            if entries is None:
                made.refuse(line, f"Its time in status is not written as Jira does: {cells[place]}")
                continue
            shared = {name: cells[places[name]] for name in _COPIED if name in places}
            seen.add(cells[places["status"]] if "status" in places else "", entries)
            for row in _rows(entries):
                made.add(line, {**shared, **row})
    if not made.rows:
        return None
    found = made.detected("status_times", FORMAT, keeps=COLUMNS, is_typed=False)
    sure = _SYSTEM | seen.names()
    return replace(found, unnamed=tuple((one, sure.get(one, "")) for one in seen.ids))


def _rows(entries: list[Entry]) -> Iterator[dict[str, str]]:
    """A row per status; the first one also holds the sum, to be checked."""
    total = sum(entry.milliseconds for entry in entries)
    for number, entry in enumerate(entries):
        yield {
            "status_id": entry.status_id,
            "visits": str(entry.visits),
            "hours": f"{entry.milliseconds / _HOUR:.6f}",
            "total_hours": "" if number else f"{total / _HOUR:.6f}",
        }


def named(detected: Detected, names: Mapping[str, str]) -> Detected:
    """The same table with the names of its statuses written into it."""
    table = pq.read_table(detected.path)
    ids, at = (f"c{COLUMNS.index(name)}" for name in ("status_id", "status"))
    called = [names.get(i) or unnamed(i) if i else None for i in table[ids].to_pylist()]
    whole = table.set_column(
        table.schema.get_field_index(at), at, pc.cast(pa.array(called, pa.string()), pa.string())
    )
    target = detected.path.with_name("status_times_named.parquet")
    pq.write_table(whole, target, compression="zstd")
    return replace(detected, path=target)
