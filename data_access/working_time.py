"""Working hours and holidays, as they were stated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class WorkingHoursRow:
    """One span of a weekday; team "" is everybody, times are like "08:00" by the zone's clock."""

    team: str
    weekday: str
    opens: str
    closes: str
    time_zone: str
    valid_from: date


@dataclass(frozen=True)
class HolidayRow:
    """One day without work; team "" is everybody."""

    team: str
    day: date
    name: str


@dataclass(frozen=True)
class WorkingTimeRows:
    """Everything that was stated about working time; nothing where nobody uploaded any."""

    hours: tuple[WorkingHoursRow, ...] = ()
    holidays: tuple[HolidayRow, ...] = ()
