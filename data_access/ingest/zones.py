"""Wall-clock times of a zone as UTC, and those that a clock change repeats or leaves out.

A time that comes twice is read as the second one (standard time), one that never comes as one that
much later: as ICU and PostgreSQL do. The rules of the years that a file is about stand in the
statement as constants, since calls of a calendar library per row are much dearer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ONCE, TWICE, NEVER = 0, 1, 2


@dataclass(frozen=True)
class Change:
    """One change of a zone's clock.

    Attributes:
        at: the moment, UTC.
        before, after: the zone's distance to UTC.
    """

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def wall_before(self) -> datetime:
        """What the clock showed when it was changed."""
        return self.at + self.before

    @property
    def wall_after(self) -> datetime:
        """What it was changed to."""
        return self.at + self.after


@dataclass(frozen=True)
class Clock:
    """A zone's clock over some years.

    Attributes:
        zone: IANA name.
        years: the first and the last of them; times outside are left to the database's calendar.
        first: the distance to UTC before the first change.
        changes: in order.
    """

    zone: str
    years: tuple[int, int]
    first: timedelta
    changes: tuple[Change, ...]


@lru_cache(maxsize=64)
def clock(zone: str, years: tuple[int, int]) -> Clock:
    """The clock of a zone over these years."""
    rules = ZoneInfo(zone)
    day = datetime(years[0], 1, 1, tzinfo=UTC) - timedelta(days=1)
    first = before = _offset(day, rules)
    found = []
    while day.year <= years[1]:
        later = day + timedelta(days=1)
        after = _offset(later, rules)
        if after != before:
            moment = _moment(day, later, rules, before)
            found.append(Change(moment.replace(tzinfo=None), before, after))
        day, before = later, after
    return Clock(zone, years, first, tuple(found))


def _offset(moment: datetime, rules: ZoneInfo) -> timedelta:
    return moment.astimezone(rules).utcoffset() or timedelta()


def _moment(low: datetime, high: datetime, rules: ZoneInfo, before: timedelta) -> datetime:
    """The second between two moments from which the distance is another one."""
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if _offset(middle, rules) == before:
            low = middle
        else:
            high = middle
    return high


def utc_sql(local: str, at: Clock) -> str:
    """SQL: the UTC time of a wall-clock time in a zone."""
    if at.zone == "UTC":
        return local
    offsets = [str(_micros(at.first)), *(str(_micros(c.after)) for c in at.changes)]
    tree = _tree(local, [c.wall_after for c in at.changes], offsets)
    return (
        f"case when {_within(local, at)} "
        f"then make_timestamp(epoch_us({local}) - ({tree})) "
        f"else timezone('UTC', timezone('{at.zone}', {local})) end"
    )


def kind_sql(local: str, at: Clock) -> str:
    """SQL: ONCE, TWICE or NEVER for a wall-clock time."""
    bounds, kinds = [], [str(ONCE)]
    for change in at.changes:
        spring = change.after > change.before
        bounds += sorted((change.wall_before, change.wall_after))
        kinds += [str(NEVER if spring else TWICE), str(ONCE)]
    if at.zone == "UTC":
        return str(ONCE)
    there = f"timezone('{at.zone}', {local})"
    before = f"timezone('{at.zone}', {there} - interval 1 hour)"
    return (
        f"case when {_within(local, at)} "
        f"then {_tree(local, bounds, kinds)} "
        f"when timezone('{at.zone}', {there}) <> {local} then {NEVER} "
        f"when {before} = {local} then {TWICE} else {ONCE} end"
    )


def _within(local: str, at: Clock) -> str:
    return f"{local} between timestamp '{at.years[0]}-01-02' and timestamp '{at.years[1]}-12-31'"


def _micros(distance: timedelta) -> int:
    return distance // timedelta(microseconds=1)


def _tree(local: str, bounds: Sequence[datetime], leaves: Sequence[str]) -> str:
    """SQL: the leaf of the span between bounds in which a time lies, found by halving."""
    if not bounds:
        return leaves[0]
    middle = len(bounds) // 2
    low = _tree(local, bounds[:middle], leaves[: middle + 1])
    high = _tree(local, bounds[middle + 1 :], leaves[middle + 1 :])
    return f"case when {local} < timestamp '{bounds[middle]}' then {low} else {high} end"
