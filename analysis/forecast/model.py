"""What a forecast is made from and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_WEEKS = 8
MAX_WEEKS = 26
WEEK = 7


@dataclass(frozen=True)
class History:
    """Whole weeks of finished passes, the newest ending the day before `as_of`.

    Where the source of the work ends before the day forecast from, `as_of` lies before that day.

    A pass is one go of an item through annotation and review. It ends with the item's acceptance,
    or with a rejection that sends it back.

    Attributes:
        as_of: the first day after the newest week that the data cover.
        accepted: items accepted, weeks × 7 days.
        returned: rejections, one a week; zeros where no review is recorded.
        first_reviews, first_accepted: items reviewed for the first time, and those of them that
            were accepted as they stood, one a week; zeros where no review is recorded.
    """

    as_of: date
    accepted: Numbers
    returned: Numbers
    first_reviews: Numbers
    first_accepted: Numbers

    @property
    def weeks(self) -> int:
        """How many weeks there are."""
        return len(self.accepted)

    @cached_property
    def totals(self) -> Numbers:
        """Items accepted, one a week."""
        return np.asarray(self.accepted.sum(axis=1))

    @property
    def since(self) -> date:
        """The first day of the first week."""
        return self.as_of - timedelta(days=WEEK * self.weeks)

    @property
    def has_reviews(self) -> bool:
        """Whether reviews are recorded."""
        return bool(self.first_reviews.sum() > 0)

    @property
    def first_pass(self) -> float | None:
        """Share of the first reviews that accepted the item as it stood."""
        whole = float(self.first_reviews.sum())
        return float(self.first_accepted.sum()) / whole if whole else None

    @property
    def returned_share(self) -> float | None:
        """Share of the passes that ended with a rejection."""
        whole = float(self.totals.sum() + self.returned.sum())
        return float(self.returned.sum()) / whole if whole and self.has_reviews else None

    def last(self, weeks: int) -> History:
        """Only the newest weeks."""
        return History(
            self.as_of,
            self.accepted[-weeks:],
            self.returned[-weeks:],
            self.first_reviews[-weeks:],
            self.first_accepted[-weeks:],
        )


@dataclass(frozen=True)
class Batch:
    """A promised batch that is not delivered.

    Attributes:
        line: the work that it shares with other batches, like its dataset.
        promised: items promised; where nobody recorded that, the items known of it.
        accepted: items of it accepted so far.
        is_counted: False where `promised` is not recorded.
    """

    source: str
    batch: str
    line: str
    specification: str
    promised_on: date
    promised: int
    accepted: int
    is_counted: bool = True

    @property
    def left(self) -> int:
        """Items still to be accepted."""
        return max(0, self.promised - self.accepted)

    @property
    def key(self) -> str:
        """What names it: its source and its name."""
        return f"{self.source}:{self.batch}"


@dataclass(frozen=True)
class Forecast:
    """When a batch will be accepted.

    Attributes:
        batch: of what.
        as_of: the first day not known.
        before: items of batches that come first, counted before the first of this one.
        p50, p85: the days by which it is accepted in 50 and in 85 of 100 runs; None when there is
            none (see `why`), or beyond the horizon.
        chance: share of the runs in which the promised day holds; None without a forecast.
        runs: how many.
        weeks: of history behind it.
        why: why there is no date; "" when there is one.
        is_done: nothing is left to be accepted; it waits for its delivery.
    """

    batch: Batch
    as_of: date
    before: int = 0
    p50: date | None = None
    p85: date | None = None
    chance: float | None = None
    runs: int = 0
    weeks: int = 0
    why: str = ""
    is_done: bool = False

    @property
    def has_date(self) -> bool:
        """Whether it says when."""
        return self.chance is not None and not self.is_done


@dataclass(frozen=True)
class Lever:
    """What would change if one thing were better, all else equal.

    Attributes:
        name: the thing, as it stands in a sentence.
        p85: the new date; None when it lies beyond the horizon.
        days: change of the 85% date, in days (negative: sooner); `days_error` its Monte Carlo
            standard error. None where one of the two dates lies beyond the horizon.
        chance: change of the chance that the promise holds; `chance_error` its standard error.
        why_not: why it cannot be told, or brings nothing; "" otherwise.
    """

    name: str
    p85: date | None = None
    days: float | None = None
    days_error: float = 0.0
    chance: float = 0.0
    chance_error: float = 0.0
    why_not: str = ""

    @property
    def is_clear(self) -> bool:
        """Whether it moves the date or the chance by more than the luck of the runs."""
        moves_date = self.days is not None and abs(self.days) > max(0.5, 2 * self.days_error)
        return moves_date or abs(self.chance) > max(0.005, 2 * self.chance_error)


@dataclass(frozen=True)
class FanDay:
    """Items accepted by the end of a day: in 5, 15, 50, 85 and 95 of 100 runs no more than that."""

    on: date
    p05: float
    p15: float
    p50: float
    p85: float
    p95: float


@dataclass(frozen=True)
class Fan:
    """How the accepted items of a batch grow.

    Attributes:
        past: (day, items accepted by its end), up to the day before `as_of`.
        days: the days after, until nearly all runs have reached the promised number.
    """

    batch: Batch
    past: tuple[tuple[date, int], ...]
    days: tuple[FanDay, ...] = field(default=())
