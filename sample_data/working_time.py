"""Working time: when work arrives and when it gets done, on a clock that runs in office hours."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sample_data.world import HOLIDAYS

Seconds = NDArray[np.int64]  # since 1970, UTC
Hours = NDArray[np.float64]

DAY = 86_400
# the working day, UTC: until this hour, work goes on at this pace; two thin shifts around the day
_SHIFTS = ((6, 0.04), (8, 0.5), (17, 1.0), (22, 0.5), (24, 0.04))
_WEEKEND_PACE = 0.04
_HOLIDAY_PACE = 0.6  # a holiday is staffed by little more than half
_ARRIVALS_BY_WEEKDAY = (1.18, 1.10, 1.02, 0.95, 0.75, 0.04, 0.03)


def seconds(day: date) -> int:
    """Midnight of a day as seconds since 1970."""
    return int(np.datetime64(day, "s").astype(np.int64))


def iso_times(when: Seconds) -> NDArray[np.str_]:
    """Seconds as text, like 2026-11-13T16:05:00Z."""
    return np.char.add(np.datetime_as_string(when.astype("datetime64[s]")), "Z")


def is_holiday(day: date) -> bool:
    """Whether the offices are closed for a holiday."""
    return day.isoformat() in HOLIDAYS


def _weights(first: date, weeks: int, by_weekday: tuple[float, ...]) -> Hours:
    """One weight a day, weeks x 7, each week with the same sum.

    A holiday's work and arrivals move to the other days of its week, so that a week with a
    holiday is as full as any other and only its days tell.
    """
    days = np.datetime64(first, "D") + np.arange(weeks * 7)
    closed = np.isin(days, np.array(HOLIDAYS, dtype="datetime64[D]")).reshape(weeks, 7)
    weights = np.array(by_weekday) * np.where(closed, _HOLIDAY_PACE, 1.0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True) * sum(by_weekday))


class WorkingClock:
    """Calendar time ↔ working hours since a Monday. An open weekday has about twelve."""

    def __init__(self, monday: date, weeks: int) -> None:
        """Lay out the clock for whole weeks from a Monday on."""
        pace = _weights(monday, weeks, (1.0,) * 5 + (_WEEKEND_PACE,) * 2).ravel()
        ends = np.array([hour for hour, _ in _SHIFTS])
        begins = np.append(0, ends[:-1])
        hours = (ends - begins) * np.array([share for _, share in _SHIFTS])
        self._worked = np.concatenate([[0.0], np.cumsum(np.outer(pace, hours).ravel())])
        starts = seconds(monday) + DAY * np.arange(weeks * 7)
        marks = starts[:, None] + 3600 * begins[None, :]
        self._times = np.append(marks.ravel(), starts[-1] + DAY).astype(np.float64)

    def after(self, since: Seconds, hours: Hours) -> Seconds:
        """The moment at which so many working hours have passed since another moment."""
        worked = np.interp(since, self._times, self._worked)
        return np.asarray(np.interp(worked + hours, self._worked, self._times), dtype=np.int64)


def arrivals(rng: np.random.Generator, monday: date, weeks: int, *, a_week: float) -> Seconds:
    """Sorted moments at which items arrive: a weekly rhythm, days a little busier or quieter."""
    rhythm = _weights(monday, weeks, _ARRIVALS_BY_WEEKDAY).ravel()
    busy = rng.gamma(200.0, 1 / 200.0, rhythm.size)
    counts = rng.poisson(rhythm / sum(_ARRIVALS_BY_WEEKDAY) * a_week * busy)
    days = np.repeat(np.arange(rhythm.size), counts)
    hour = 6.5 + 14 * rng.beta(1.7, 2.1, days.size)
    return np.sort((seconds(monday) + DAY * days + hour * 3600).astype(np.int64))
