"""When the made-up organization works, as it states it: hours by weekday and two holidays."""

from __future__ import annotations

OFFICE_HOURS_COLUMNS = ("Team", "Weekday", "Opens", "Closes", "Time zone", "Valid from")
OFFICE_HOURS = tuple(
    ("", day, "06:00", "22:00", "UTC", "2026-01-01")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
)
CLOSED_COLUMNS = ("Team", "Day", "Name")
CLOSED = (("", "2026-09-07", "Labor Day"), ("", "2026-10-12", "Columbus Day"))
