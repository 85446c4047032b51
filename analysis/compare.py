"""Which window a number is compared with, and both windows in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from analysis.words import counted
from metrics.errors import BadPeriodError
from metrics.periods import Period, elapsed_part, previous, same_week_last_year
from metrics.value import Value

Choice = Literal["previous", "matching_weekdays", "same_week_last_year", "target", "custom"]
CHOICES: dict[Choice, str] = {
    "previous": "Period before",
    "matching_weekdays": "Matching weekdays",
    "same_week_last_year": "Same week last year",
    "target": "Target only",
    "custom": "Another period",
}


@dataclass(frozen=True)
class Comparison:
    """Two windows of the same make.

    Attributes:
        now: the window judged: the period, or its days that are over while it runs.
        then: the window compared with; None when only the target counts.
        is_running: whether the period is not over at the clock.
        label: a few words for "vs ...": "week 45", "same days of week 45".
    """

    now: Period
    then: Period | None
    is_running: bool
    label: str


def windows(
    period: Period, choice: Choice, clock: date, *, custom: Period | None = None
) -> Comparison:
    """The two windows of a comparison.

    A period that is still running is compared by its days that are over, with the same days of
    the other period. "matching_weekdays" goes back by the fewest whole weeks that clear the
    period, so that Mondays meet Mondays also for 10 days or a month.

    Raises:
        BadPeriodError: "custom" without a period, or an unknown choice.

    >>> from metrics.periods import week
    >>> windows(week("2026-W46"), "previous", date(2026, 11, 16)).then.name
    '2026-W45'
    """
    now, is_running = period, clock < period.until
    then = _other(period, choice, custom)
    if is_running:
        now = elapsed_part(period, clock)
    if then is None:
        return Comparison(now, None, is_running, "target")
    if not is_running or choice == "custom":
        return Comparison(now, then, is_running, then.short)
    part = Period(then.since, min(then.until, then.since + timedelta(days=now.days)))
    return Comparison(now, part, is_running, f"same days of {then.short}")


def _other(period: Period, choice: Choice, custom: Period | None) -> Period | None:
    match choice:
        case "previous":
            return previous(period)
        case "matching_weekdays":
            back = timedelta(weeks=-(-period.days // 7))
            return Period(period.since - back, period.until - back)
        case "same_week_last_year":
            return same_week_last_year(period)
        case "target":
            return None
        case "custom" if custom is not None:
            return custom
    raise BadPeriodError(
        f"There is no window for the comparison {choice}.",
        choices=CHOICES,
        next_step="Give the other period." if choice == "custom" else "",
    )


def windows_in_words(now: Value, then: Value | None) -> str:
    """Both windows and both n: "Week 46, 9–15 Nov 2026 (n = 612 items) against ...".

    Windows of different lengths are said to be so: a count of 3 days is no match for 7.
    """
    text = f"{now.period.label} ({counted(now.n, now.metric)})"
    if then is None:
        return text
    other = then.period.label
    other = other[0].lower() + other[1:] if then.period.grain == "week" else other
    text += f" against {other} ({counted(then.n, then.metric)})"
    if now.period.days != then.period.days and now.period.grain != "month":
        text += f"; {now.period.days} days against {then.period.days}"
    return text
