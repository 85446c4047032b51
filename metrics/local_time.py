"""UTC times and the days of a zone: all times are kept in UTC, days are cut in the zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def local(moment: datetime, zone: str) -> datetime:
    """A UTC time in a zone, without a zone of its own.

    >>> local(datetime(2026, 11, 9, 20), "Asia/Tokyo")
    datetime.datetime(2026, 11, 10, 5, 0)
    """
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def local_date(moment: datetime, zone: str) -> date:
    """The date of a UTC time in a zone.

    >>> local_date(datetime(2026, 11, 16, 2), "America/New_York")
    datetime.date(2026, 11, 15)
    """
    return local(moment, zone).date()


def begin_of(day: date, zone: str) -> datetime:
    """The UTC time at which a day begins in a zone, without a zone of its own.

    >>> begin_of(date(2026, 11, 16), "America/New_York")
    datetime.datetime(2026, 11, 16, 5, 0)
    """
    begins = datetime.combine(day, time(), ZoneInfo(zone))
    return begins.astimezone(UTC).replace(tzinfo=None)
