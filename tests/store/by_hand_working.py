"""Business hours of the made world, day by day on the team's own clock; no SQL, no code of ours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.store.made import FREE, WORKING_HOURS

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def business_hours(since: datetime | None, until: datetime | None, team: Any) -> float | None:
    """Hours of work between two UTC times; None when one is missing or nothing holds then."""
    if since is None or until is None or until < since or not _begun(since, team):
        return None
    worked, day = timedelta(), since.date() - timedelta(days=1)
    while day <= until.date() + timedelta(days=1):
        for row in _rows(day, team):
            zone = ZoneInfo(row["time_zone"])
            opens, closes = (
                datetime.combine(day, time.fromisoformat(row[end]), zone).astimezone(UTC)
                for end in ("opens", "closes")
            )
            first = max(opens, since.replace(tzinfo=UTC))
            last = min(closes, until.replace(tzinfo=UTC))
            worked += max(last - first, timedelta())
        day += timedelta(days=1)
    return worked / timedelta(hours=1)


def _begun(since: datetime, team: Any) -> bool:
    zone = ZoneInfo("Europe/Berlin" if team == "T1" else "America/New_York")
    return since >= datetime(2026, 10, 5, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def _rows(day: date, team: Any) -> list[dict[str, Any]]:
    if any(free["day"] == day.isoformat() and free["team"] in (None, team) for free in FREE):
        return []
    held = [row for row in WORKING_HOURS if row["valid_from"] <= day.isoformat()]
    own = [row for row in held if row["team"] == team]
    rows = own or [row for row in held if row["team"] is None]
    return [row for row in rows if row["weekday"] == DAYS[day.weekday()]]
