"""Working time: business hours between two moments, and the moment after so many of them.

The same numbers as the `…_business_hours` columns of the marts (`staged_working_spans`), here for
moments that no row has yet: clocks that run, deadlines to come.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from data_access.extracts.working_hours import WEEKDAYS, minutes
from data_access.store import Store
from data_access.working_time import WorkingHoursRow, WorkingTimeRows
from metrics.errors import AppError

EVERYBODY = ""
_FIRST = date(1990, 1, 1)  # as staged_working_spans
_HOUR = timedelta(hours=1)
_FARTHEST = timedelta(days=366 * 50)


@dataclass(frozen=True)
class _Line:
    """The working time of one calendar: spans in order, that before each, and the days covered."""

    begins_at: datetime
    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    before: tuple[timedelta, ...]

    def worked(self, moment: datetime) -> timedelta:
        """Working time from the calendar's beginning to a moment."""
        place = bisect_right(self.opens, moment) - 1
        if place < 0:
            return timedelta()
        return self.before[place] + min(moment, self.closes[place]) - self.opens[place]

    def reached(self, worked: timedelta) -> datetime | None:
        """The first moment by which so much was worked; None when the line is too short."""
        place = bisect_right(self.before, worked) - 1
        while place > 0 and self.before[place] == worked:
            place -= 1  # reached where the span before closed, not where the next one opens
        if place < 0:
            return None
        moment = self.opens[place] + (worked - self.before[place])
        return moment if moment <= self.closes[place] else None


class WorkingTime:
    """When each team works; all moments are naive UTC.

    A team without working hours of its own works as everybody does, from the first day that these
    are stated for. A moment before that day, and a team for which nothing is stated, has no
    calendar: then hours are calendar hours, nights and weekends included, and `words` says so.
    """

    def __init__(self, rows: WorkingTimeRows) -> None:
        """Lay out nothing yet; each team's calendar is laid out as far as it is asked for."""
        self._rows = rows
        self._calendars = {row.team for row in rows.hours} | {row.team for row in rows.holidays}
        self._weeks: dict[tuple[str, date], list[WorkingHoursRow]] = {}
        for row in rows.hours:
            self._weeks.setdefault((row.team, row.valid_from), []).append(row)
        self._free = {(row.team, row.day) for row in rows.holidays}
        self._lines: dict[tuple[str, int], _Line | None] = {}

    def has_calendar(self, team: str, at: datetime) -> bool:
        """Whether working hours hold for a team at a moment."""
        return self._line_at(team, at, at) is not None

    def hours_between(self, since: datetime, until: datetime, team: str) -> float:
        """Business hours from one moment to another; negative when the second is the earlier one.

        Without a calendar at the earlier moment: calendar hours.
        """
        first, last = min(since, until), max(since, until)
        line = self._line_at(team, first, last)
        spent = last - first if line is None else line.worked(last) - line.worked(first)
        return spent / _HOUR if until >= since else -(spent / _HOUR)

    def add_hours(self, start: datetime, hours: float, team: str) -> datetime:
        """The first moment by which so many business hours have passed since the start.

        Without a calendar at the start: so many calendar hours later.

        Raises:
            AppError: hours is negative, or the moment is more than 50 years away.
        """
        if hours < 0:
            raise AppError("Hours to add cannot be negative.", where=f"{hours:g} hours")
        if self._line_at(team, start, start) is None:
            return start + timedelta(hours=hours)
        if not hours:
            return start
        ahead = timedelta(hours=hours * 8) + timedelta(days=14)
        while True:
            line = self._line_at(team, start, start + min(ahead, _FARTHEST))
            assert line is not None  # it holds at the start
            moment = line.reached(line.worked(start) + timedelta(hours=hours))
            if moment is not None:
                return moment
            if ahead >= _FARTHEST:
                raise AppError(
                    f"{hours:g} business hours are more than 50 years of work.",
                    where=f"Working hours of {team or 'everybody'}",
                    next_step="Check the working hours on the Upload page.",
                )
            ahead *= 4

    def words(self, team: str, at: datetime) -> str:
        """In a sentence, by which clock the hours of a team are counted at a moment."""
        whose = team or "everybody"
        if not self.has_calendar(team, at):
            return (
                f"No working hours are known for {whose}: hours are calendar hours, nights and "
                "weekends included."
            )
        week = self._week(self._calendar(team), at.date()) or self._week(
            self._calendar(team), at.date() + timedelta(days=1)
        )
        stated = "; ".join(f"{days} {times}" for days, times in _spelled(week or []))
        zones = " and ".join(sorted({row.time_zone for row in week or []}))
        return f"Business hours of {whose}: {stated} ({zones}), without holidays."

    def _calendar(self, team: str) -> str:
        return team.strip() if team.strip() in self._calendars else EVERYBODY

    def _line_at(self, team: str, first: datetime, last: datetime) -> _Line | None:
        """The team's calendar, at least to the last moment; None when it begins after the first."""
        calendar, year = self._calendar(team), last.year + 1
        if (calendar, year) not in self._lines:
            self._lines[calendar, year] = self._laid_out(calendar, date(year, 12, 31))
        line = self._lines[calendar, year]
        return line if line is not None and line.begins_at <= first else None

    def _week(self, calendar: str, day: date) -> list[WorkingHoursRow] | None:
        """The rows that hold for a calendar on a day: its own, else everybody's."""
        for team in (calendar, EVERYBODY):
            begun = [since for name, since in self._weeks if name == team and since <= day]
            if begun:
                return self._weeks[team, max(begun)]
        return None

    def _laid_out(self, calendar: str, until: date) -> _Line | None:
        stated = [row.valid_from for row in self._rows.hours if row.team in (calendar, EVERYBODY)]
        if not stated:
            return None
        first = max(min(stated), _FIRST)
        days = [first + timedelta(days=n) for n in range((until - first).days + 1)]
        if not days:
            return None
        week = self._week(calendar, first) or []
        spans = merged(span for day in days for span in self._spans(calendar, day))
        lengths = [closes - opens for opens, closes in spans]
        return _Line(
            min(utc_of(first, 0, row.time_zone) for row in week),
            tuple(opens for opens, _ in spans),
            tuple(closes for _, closes in spans),
            tuple(accumulate(lengths[:-1], initial=timedelta())) if spans else (),
        )

    def _spans(self, calendar: str, day: date) -> list[tuple[datetime, datetime]]:
        if (calendar, day) in self._free or (EVERYBODY, day) in self._free:
            return []
        found = []
        for row in self._week(calendar, day) or []:
            if row.weekday == WEEKDAYS[day.weekday()]:
                opens, closes = minutes(row.opens) or 0, minutes(row.closes) or 0
                closes += 1440 if closes <= opens else 0
                found.append(
                    (utc_of(day, opens, row.time_zone), utc_of(day, closes, row.time_zone))
                )
        return found


def working_time(store: Store) -> WorkingTime:
    """The working time that the store's snapshot knows of."""
    return WorkingTime(store.working_time())


def utc_of(day: date, after_midnight: int, zone: str) -> datetime:
    """What a zone's clock shows so many minutes after midnight, as naive UTC.

    A time that a clock change repeats is the second one, one that it leaves out is that much later.
    """
    shown = datetime.combine(day, time()) + timedelta(minutes=after_midnight)
    return max(
        shown.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC).replace(tzinfo=None)
        for fold in (0, 1)
    )


def merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The spans in order, those that overlap or touch made one, those without length left out."""
    found: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(span for span in spans if span[0] < span[1]):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return found


def _spelled(week: Sequence[WorkingHoursRow]) -> list[tuple[str, str]]:
    """("Monday to Friday", "08:00–17:00") pairs of a week, days of the same hours together."""
    by_day = {
        day: " and ".join(
            f"{row.opens}\N{EN DASH}{row.closes}" for row in week if row.weekday == day
        )
        for day in WEEKDAYS
    }
    found: list[tuple[list[str], str]] = []
    for day, times in by_day.items():
        if times and found and found[-1][1] == times and _follows(day, found[-1][0][-1]):
            found[-1][0].append(day)
        elif times:
            found.append(([day], times))
    return [
        (days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}", times) for days, times in found
    ]


def _follows(day: str, before: str) -> bool:
    return WEEKDAYS.index(day) == WEEKDAYS.index(before) + 1
