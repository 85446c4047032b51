"""Working hours: when each team works, so that hours can be counted in working time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from data_access.extracts.model import Column, Extract, Type
from metrics.errors import suggest

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::00)?")


def minutes(clock: str) -> int | None:
    """Minutes since midnight of a time like 08:00, to 24:00; None when it is none.

    >>> minutes("08:30"), minutes("24:00"), minutes("8 am")
    (510, 1440, None)
    """
    found = _CLOCK.fullmatch(clock.strip())
    told = int(found[1]) * 60 + int(found[2]) if found else 1441
    return told if told <= 1440 else None


def _broken(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Why a span cannot hold: a time that is none, an unknown zone."""
    for column in ("opens", "closes"):
        if minutes(row[column]) is None:
            return column, "This is no time of day; write it like 08:00, and 24:00 for midnight."
    if minutes(row["opens"]) == 1440:
        return "opens", "A day opens before 24:00; write 00:00 of the next day."
    if row["time_zone"] not in available_timezones():
        close = suggest(row["time_zone"], available_timezones())
        return "time_zone", f"There is no time zone of this name. {close}".strip()
    return None


WORKING_HOURS = Extract(
    name="working_hours",
    label="Working hours",
    description=(
        "One row per span in which a team works on a weekday; several a day are allowed, for a "
        "lunch break. A later first day replaces the team's whole week from that day on. Teams "
        "without rows of their own work as the rows without a team say. Business hours are "
        "counted from these and from the holidays; without them, only calendar hours are."
    ),
    columns=(
        Column(
            name="team",
            label="Team",
            type=Type.TEXT,
            example="Radiology",
            description="The team, as the work log and the issues name it; empty for everybody.",
            aliases=("group", "department", "team name"),
        ),
        Column(
            name="weekday",
            label="Weekday",
            type=Type.CHOICE,
            required=True,
            example="Monday",
            choices=WEEKDAYS,
            choice_aliases={
                alias: day
                for number, day in enumerate(WEEKDAYS, 1)
                for alias in (day[:3].lower(), str(number))
            },
            description="The day on which the span opens; 1 is Monday.",
            aliases=("day", "day of week"),
        ),
        Column(
            name="opens",
            label="Opens",
            type=Type.TEXT,
            required=True,
            example="08:00",
            description="When work begins, by the team's clock.",
            aliases=("from time", "start time", "start", "begins"),
        ),
        Column(
            name="closes",
            label="Closes",
            type=Type.TEXT,
            required=True,
            example="17:00",
            description="When work ends; not later than it opens means on the next day.",
            aliases=("to time", "end time", "end", "ends"),
        ),
        Column(
            name="time_zone",
            label="Time zone",
            type=Type.TEXT,
            required=True,
            example="Europe/Berlin",
            description="The zone of the team's clock, by its IANA name.",
            aliases=("zone", "timezone", "tz"),
        ),
        Column(
            name="valid_from",
            label="Valid from",
            type=Type.DATE,
            required=True,
            example="2026-01-01",
            description="The first day it holds; time before it is not counted in business hours.",
            aliases=("from", "since", "start date"),
        ),
    ),
    key=("team", "weekday", "opens", "valid_from"),
    time_columns=("valid_from",),
    cadence_days=366,
    is_stated=True,
    usual_coverage="everything",
    check_row=_broken,
)
