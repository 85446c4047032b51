"""Periods: days, ISO weeks (Monday to Monday) and months, all [since, until)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from metrics.errors import BadPeriodError
from metrics.units import EN_DASH, NBSP

Grain = Literal["day", "week", "month"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def show_date(day: date, *, year: int | None = None) -> str:
    """A day as text, "22 Nov 2026"; without the year when it is `year`.

    >>> show_date(date(2026, 11, 2)), show_date(date(2026, 11, 2), year=2026)
    ('2\\xa0Nov\\xa02026', '2\\xa0Nov')
    """
    text = f"{day.day}{NBSP}{_MONTHS[day.month - 1]}"
    return text if day.year == year else f"{text}{NBSP}{day.year}"


@dataclass(frozen=True, order=True)
class Period:
    """A span of whole days. `until` is the first day after it."""

    since: date
    until: date

    def __post_init__(self) -> None:
        """Refuse a span that ends before it starts."""
        if self.until <= self.since:
            raise BadPeriodError(
                "The period ends before it starts.",
                where=f"{self.since} to {self.last_day}",
                next_step="Give a later end date.",
            )

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (self.until - self.since).days

    @property
    def last_day(self) -> date:
        """The last day inside it."""
        return self.until - timedelta(days=1)

    @property
    def grain(self) -> Grain | None:
        """Which of day, week and month it is exactly; None when it is none of them."""
        for grain in GRAINS:
            if period_of(self.since, grain) == self:
                return grain
        return None

    @property
    def name(self) -> str:
        """A short sortable name: 2026-W46, 2026-11, 2026-11-09 or 2026-11-09..2026-11-22."""
        match self.grain:
            case "week":
                year, week, _ = self.since.isocalendar()
                return f"{year}-W{week:02d}"
            case "month":
                return f"{self.since:%Y-%m}"
            case "day":
                return self.since.isoformat()
            case _:
                return f"{self.since.isoformat()}..{self.last_day.isoformat()}"

    @property
    def dates(self) -> str:
        """Its first and last day in words: "9–15 Nov 2026"."""
        first, last = self.since, self.last_day
        if first == last:
            return show_date(first)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}{EN_DASH}{show_date(last)}"
        if first.year == last.year:
            return f"{show_date(first, year=first.year)}{EN_DASH}{show_date(last)}"
        return f"{show_date(first)}{EN_DASH}{show_date(last)}"

    @property
    def label(self) -> str:
        """What a reader sees: "Week 46, 9–15 Nov 2026"; for a month "November" dates."""
        if self.grain == "week":
            return f"Week{NBSP}{self.since.isocalendar().week}, {self.dates}"
        if self.grain == "month":
            return f"{_MONTHS[self.since.month - 1]}{NBSP}{self.since.year}"
        return self.dates

    @property
    def short(self) -> str:
        """A few words for "vs ...": "week 46", "Oct 2026" or the dates."""
        if self.grain == "week":
            return f"week{NBSP}{self.since.isocalendar().week}"
        return self.label

    def contains(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.since <= day < self.until


def period_of(day: date, grain: Grain) -> Period:
    """The day, ISO week or month that holds a day.

    >>> period_of(date(2026, 11, 12), "week").name
    '2026-W46'
    """
    if grain == "day":
        return Period(day, day + timedelta(days=1))
    if grain == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=7))
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=32)).replace(day=1))


def week(name: str) -> Period:
    """The ISO week named like "2026-W46".

    Raises:
        BadPeriodError: not a week, or a week the year does not have.

    >>> week("2026-W46").since
    datetime.date(2026, 11, 9)
    """
    match = _WEEK.fullmatch(name.strip().upper())
    try:
        if match:
            return period_of(date.fromisocalendar(int(match[1]), int(match[2]), 1), "week")
    except ValueError:
        pass
    raise BadPeriodError(
        f"{name} is not an ISO week.", next_step="Write it like 2026-W46: year, W, two digits."
    )


def parse_period(name: str) -> Period:
    """The period behind any name that `Period.name` gives.

    Raises:
        BadPeriodError: the name is none of the four forms.

    >>> parse_period("2026-11").until
    datetime.date(2026, 12, 1)
    """
    text = name.strip()
    try:
        if ".." in text:
            first, last = text.split("..")
            return Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))
        if _WEEK.fullmatch(text.upper()):
            return week(text)
        if re.fullmatch(r"\d{4}-\d{2}", text):
            return period_of(date.fromisoformat(f"{text}-01"), "month")
        return period_of(date.fromisoformat(text), "day")
    except ValueError:
        raise BadPeriodError(
            f"{name} is not a period.",
            choices=("2026-W46", "2026-11", "2026-11-09", "2026-11-09..2026-11-22"),
        ) from None


def periods_between(since: date, until: date, grain: Grain) -> tuple[Period, ...]:
    """Every day, week or month that has a day in [since, until), in order, whole ones."""
    found = []
    day = since
    while day < until:
        period = period_of(day, grain)
        found.append(period)
        day = period.until
    return tuple(found)


def periods_before(period: Period, count: int, grain: Grain) -> tuple[Period, ...]:
    """The last `count` whole days, weeks or months that end at or before the period starts."""
    found: list[Period] = []
    end = period_of(period.since, grain).since
    while len(found) < count:
        earlier = period_of(end - timedelta(days=1), grain)
        found.insert(0, earlier)
        end = earlier.since
    return tuple(found)


def previous(period: Period) -> Period:
    """The equally long period just before; for a month the calendar month before."""
    if period.grain == "month":
        return period_of(period.since - timedelta(days=1), "month")
    return Period(period.since - timedelta(days=period.days), period.since)


def elapsed_part(period: Period, clock: date) -> Period:
    """The days of the period that are over at the clock's date; at least its first day."""
    return Period(period.since, max(period.since + timedelta(days=1), min(period.until, clock)))


def same_week_last_year(period: Period) -> Period:
    """The same ISO weeks one ISO year earlier (52 or 53 weeks back, weekdays kept)."""
    year, number, weekday = period.since.isocalendar()
    try:
        since = date.fromisocalendar(year - 1, number, weekday)
    except ValueError:  # week 53 of a year that has 52
        since = date.fromisocalendar(year - 1, 52, weekday)
    return Period(since, since + timedelta(days=period.days))


def last_complete_week(clock: date) -> Period:
    """The last ISO week that is over at the clock's date.

    >>> last_complete_week(date(2026, 11, 16)).name
    '2026-W46'
    """
    return period_of(period_of(clock, "week").since - timedelta(days=1), "week")


def newest_week(extent: Period | None, clock: date) -> Period:
    """The week to show and to report first: the last complete one, while the data reach so far.

    Data that end more than two weeks before it would give an empty page, so then it is the week
    of their last day.

    >>> newest_week(Period(date(2026, 3, 2), date(2026, 4, 12)), date(2026, 11, 16)).name
    '2026-W15'
    """
    complete = last_complete_week(clock)
    if extent is None or extent.until + timedelta(days=14) > complete.since:
        return complete
    return period_of(extent.last_day, "week")
