"""Which periods the filter bar offers, how they read, and how a link names them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from metrics.errors import BadPeriodError
from metrics.periods import (
    Period,
    newest_week,
    parse_period,
    periods_between,
)

CUSTOM = "custom"
ALL = "all"
_ROLLING = (4, 13, 26)
_MOST_WEEKS = 260
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True)
class Choice:
    """One entry of the period list.

    Attributes:
        code: a name that never moves with the wording, like "2026-W46" or "last-13-weeks".
        label: what the reader sees, and what stands in the address.
        period: the days; None for custom dates, which are picked beside it.
    """

    code: str
    label: str
    period: Period | None


@lru_cache(maxsize=64)
def choices(extent: Period | None, today: date) -> tuple[Choice, ...]:
    """The periods to offer: the newest week first, then spans, then earlier weeks and months."""
    newest = newest_week(extent, today)
    if extent is None:
        return (_week(newest, today), _custom())
    first, until = extent.since, min(extent.until, today)
    weeks = periods_between(first, max(until, newest.until), "week")[::-1][:_MOST_WEEKS]
    running = [week for week in weeks if week.since >= newest.until]
    months = periods_between(first, max(until, first + timedelta(days=1)), "month")[::-1]
    return (
        _week(newest, today),
        *(_week(week, today) for week in running),
        *(_rolling(count, newest) for count in _ROLLING),
        Choice(ALL, "All data", Period(first, max(until, first + timedelta(days=1)))),
        _custom(),
        *(_week(week, today) for week in weeks if week.until <= newest.since),
        *(_month(month, today) for month in months),
    )


def by_name(name: str, offered: tuple[Choice, ...]) -> tuple[str, Period | None] | None:
    """The code and dates behind a period name typed into a link; None when it is no period.

    A period that is not on the list is given as custom dates.
    """
    if any(choice.code == name for choice in offered):
        return name, None
    try:
        period = parse_period(name)
    except BadPeriodError:
        return None
    if any(choice.code == period.name for choice in offered):
        return period.name, None
    return CUSTOM, period


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _running(period: Period, today: date) -> str:
    return ", running" if period.until > today else ""


def _week(period: Period, today: date) -> Choice:
    number = period.since.isocalendar().week
    label = f"Week {number} \N{MIDDLE DOT} {_plain(period.dates)}{_running(period, today)}"
    return Choice(period.name, label, period)


def _month(period: Period, today: date) -> Choice:
    name = f"{_MONTHS[period.since.month - 1]} {period.since.year}"
    return Choice(period.name, f"{name}{_running(period, today)}", period)


def _rolling(count: int, newest: Period) -> Choice:
    period = Period(newest.until - timedelta(weeks=count), newest.until)
    return Choice(f"last-{count}-weeks", f"Last {count} weeks", period)


def _custom() -> Choice:
    return Choice(CUSTOM, "Custom dates", None)
