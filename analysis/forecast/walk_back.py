"""How often past dates held: every past week forecast again with what was known then, and judged.

Rolling-origin evaluation (Tashman 2000, International Journal of Forecasting 16:437). The forecast
of a week uses what the items and reviews before that day say, nothing of later ones. What the store
cannot take back: rows that came late are seen at the day they speak of; a batch is taken as
promised four weeks before its day, with the number of items that the list has now; an item that was
taken up again after its end is known by its last end; without a work log, by its last review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analysis.forecast.desk import outlooks
from analysis.forecast.model import MIN_WEEKS, WEEK, Forecast
from analysis.forecast.work import Promise, Work
from analysis.intervals import Interval, wilson
from data_access.forecast_log import SentForecast

KNOWN_AHEAD = timedelta(days=28)
FEWEST_BATCHES = 10
_RUNS = 1_000
_MOST_WEEKS = 52
_BINS = ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0))


@dataclass(frozen=True)
class Judged:
    """A past forecast and what happened.

    Attributes:
        made_on: the day it was made for, the first one not known.
        promised_on: the day that was promised then.
        p50, p85, chance: what it said; a date beyond the horizon is None.
        done_on: the day on which the promised items were accepted, or the batch was delivered with
            what it had; None while it is open.
        until: the first day not known now of the work behind it.
    """

    source: str
    batch: str
    made_on: date
    promised_on: date
    p50: date | None
    p85: date | None
    chance: float
    done_on: date | None
    until: date

    def held(self, on: date | None) -> bool | None:
        """Whether a date held; None while it is not over.

        Dates that are not over are left out, those of batches done early too: else only what
        held could be counted of them.
        """
        if on is None or on >= self.until:
            return None
        return self.done_on is not None and self.done_on <= on


@dataclass(frozen=True)
class Held:
    """How often one kind of date held.

    Attributes:
        said: the share in which it should, like 0.85.
        n, batches: judged forecasts, and the batches they were about.
        share: in how many it held; None without any.
        interval: 95%, by batches: forecasts of one batch share their luck. None where `batches`
            is below 10.
    """

    said: float
    n: int
    batches: int
    share: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Bin:
    """Promises of about one chance: the mean chance said, the share that held, how many."""

    low: float
    high: float
    said: float
    share: float
    n: int
    batches: int
    interval: Interval


@dataclass(frozen=True)
class Calibration:
    """Past forecasts, judged."""

    judged: tuple[Judged, ...]
    half: Held
    most: Held
    bins: tuple[Bin, ...]
    weeks: int


def walk_back(work: Work, known_at: Callable[[date], Work]) -> Calibration:
    """Every whole week of the data forecast again as it stood then, and judged by what came.

    Args:
        work: what is known now, by which is judged.
        known_at: what was known at the start of a day.
    """
    found: list[Judged] = []
    weeks = 0
    for back in range(1, _MOST_WEEKS + 1):
        then = work.until - timedelta(days=back * WEEK)
        if work.first is None or (then - work.first).days < MIN_WEEKS * WEEK:
            break
        seen = _judged_at(work, known_at(then), then)
        found += seen
        weeks += bool(seen)
    return calibration_of(found, weeks)


def _judged_at(work: Work, known: Work, then: date) -> list[Judged]:
    told = [
        forecast
        for outlook in outlooks(known, then, runs=_RUNS, ahead=KNOWN_AHEAD)
        for forecast in outlook.forecasts
        if forecast.has_date and forecast.batch.is_counted
    ]
    return [judged(work, one, made_on=then) for one in told]


def judged(work: Work, forecast: Forecast, *, made_on: date) -> Judged:
    """A forecast with what happened to its batch."""
    batch = forecast.batch
    return Judged(
        batch.source,
        batch.batch,
        made_on,
        batch.promised_on,
        forecast.p50,
        forecast.p85,
        forecast.chance or 0.0,
        done_on(work, batch.source, batch.batch),
        _known_until(work, batch.source, batch.batch),
    )


def done_on(work: Work, source: str, batch: str) -> date | None:
    """The day on which a batch was done; None while it is open or no longer listed."""
    one = next((p for p in work.promises if (p.source, p.batch) == (source, batch)), None)
    if one is None or work.first is None:
        return None
    return _done_on(work, one)


def _known_until(work: Work, source: str, batch: str) -> date:
    """The first day of which nothing is known of a batch: its source may end before others."""
    one = next((p for p in work.promises if (p.source, p.batch) == (source, batch)), None)
    return work.covered(one.line, work.until) if one else work.until


def _done_on(work: Work, one: Promise) -> date | None:
    wanted = one.items_promised or one.known
    if work.first is not None and 0 < wanted <= len(one.days):
        return work.first + timedelta(days=int(one.days[wanted - 1]))
    is_over = one.delivered_on is not None and one.delivered_on < work.until
    return one.delivered_on if is_over else None


def judged_sent(work: Work, sent: Iterable[SentForecast]) -> list[Judged]:
    """Forecasts of issued reports with what happened to their batches."""
    return [
        Judged(
            one.source,
            one.batch,
            one.as_of,
            one.promised_on,
            one.p50,
            one.p85,
            one.chance,
            done_on(work, one.source, one.batch),
            _known_until(work, one.source, one.batch),
        )
        for one in sent
    ]


def calibration_of(found: Iterable[Judged], weeks: int = 0) -> Calibration:
    """How often the dates held, and how the chances of the promises came out."""
    listed = tuple(found)
    return Calibration(
        listed,
        _held(0.5, [(one, one.held(one.p50)) for one in listed]),
        _held(0.85, [(one, one.held(one.p85)) for one in listed]),
        _bins([(one, one.held(one.promised_on)) for one in listed]),
        weeks,
    )


def _held(said: float, told: Sequence[tuple[Judged, bool | None]]) -> Held:
    known = [(one, held) for one, held in told if held is not None]
    batches = len({(one.source, one.batch) for one, _ in known})
    if not known:
        return Held(said, 0, 0, None, None)
    share = float(np.mean([held for _, held in known]))
    interval = wilson(share * batches, batches) if batches >= FEWEST_BATCHES else None
    return Held(said, len(known), batches, share, interval)


def _bins(told: Sequence[tuple[Judged, bool | None]]) -> tuple[Bin, ...]:
    known = [(one, held) for one, held in told if held is not None]
    found = []
    for low, high in _BINS:
        mine = [
            (one, held)
            for one, held in known
            if low <= one.chance < high or one.chance == high == 1.0
        ]
        if not mine:
            continue
        batches = len({(one.source, one.batch) for one, _ in mine})
        share = float(np.mean([held for _, held in mine]))
        said = float(np.mean([one.chance for one, _ in mine]))
        interval = wilson(share * batches, batches)
        found.append(Bin(low, high, said, share, len(mine), batches, interval))
    return tuple(found)
