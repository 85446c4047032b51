"""Many possible futures of a line of work, and the day on which each reaches a number of items."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.forecast.bootstrap import drawn, widened
from analysis.forecast.model import WEEK, History, Ints, Numbers

RUNS = 4_000
MOST_WEEKS = 104
NEVER = MOST_WEEKS * WEEK + 1_000  # of a run that does not get there
_TINY = 1e-9


@dataclass(frozen=True)
class Runs:
    """Possible futures.

    Attributes:
        totals: items accepted in each week ahead, runs × weeks.
        shapes: the share of the week's items accepted by the end of each of its days, for each
            week of the history.
        weeks: which week of the history each week ahead repeats, runs × weeks.
        late: days that the batch's last items come after the count is reached, one a run.
    """

    totals: Numbers
    shapes: Numbers
    weeks: Ints
    late: Ints

    def days_to(self, items: float) -> Ints:
        """Days until so many items are accepted, one a run: 1 is the first day not known."""
        if items <= 0:
            return np.zeros(len(self.totals), dtype=np.int64)
        reached = np.cumsum(self.totals, axis=1)
        week = (reached < items - _TINY).sum(axis=1)
        is_there = week < reached.shape[1]
        at = np.minimum(week, reached.shape[1] - 1)[:, None]
        in_week = np.take_along_axis(self.totals, at, axis=1)[:, 0]
        before = np.take_along_axis(reached, at, axis=1)[:, 0] - in_week
        share = (items - before) / np.where(in_week > 0, in_week, 1.0)
        shapes = self.shapes[np.take_along_axis(self.weeks, at, axis=1)[:, 0]]
        day = (shapes < share[:, None] - _TINY).sum(axis=1)
        days = week * WEEK + np.minimum(day, WEEK - 1) + 1
        return np.where(is_there, np.maximum(1, days + self.late), NEVER)

    def by_day(self, days: int) -> Numbers:
        """Items accepted by the end of each day, runs × days."""
        weeks = -(-days // WEEK)
        totals = self.totals[:, :weeks]
        before = np.cumsum(totals, axis=1) - totals
        shapes = self.shapes[self.weeks[:, :weeks]]
        grown = before[:, :, None] + totals[:, :, None] * shapes
        return np.asarray(grown.reshape(len(totals), -1)[:, :days])


def futures(
    history: History,
    items: float,
    *,
    question: str,
    runs: int = RUNS,
    late: Sequence[int] = (),
    totals: Numbers | None = None,
) -> Runs:
    """Futures long enough for so many items.

    Args:
        history: at least one week in which items were accepted.
        items: that have to be accepted.
        question: what is asked; the same question draws the same numbers.
        runs: how many futures.
        late: of past batches, days that the last item came after the count was reached.
        totals: weekly totals in place of those of the history, for what would be if.
    """
    rng = np.random.default_rng(seed(question, history.as_of))
    pace = history.totals.mean()
    ahead = min(MOST_WEEKS, math.ceil(3 * items / pace) + 8)
    weeks = drawn(rng, history.weeks, ahead, runs)
    told = history.totals if totals is None else totals
    chosen = widened(told)
    extra = rng.choice(np.asarray(late), size=runs) if len(late) else np.zeros(runs, np.int64)
    return Runs(chosen[weeks], _shapes(history), weeks, extra.astype(np.int64))


def seed(question: str, as_of: date) -> int:
    """A seed that follows from the question alone."""
    text = f"{question} {as_of.isoformat()}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def day_by_which(days: Ints, share: float) -> int:
    """The first day by which at least that share of the runs is there."""
    return int(np.quantile(days, share, method="inverted_cdf"))


def _shapes(history: History) -> Numbers:
    """The growth within each week; weeks without an item grow like the others together."""
    grown = np.cumsum(history.accepted, axis=1)
    whole = grown[:, -1:]
    usual = np.cumsum(history.accepted.sum(axis=0)) / max(history.totals.sum(), _TINY)
    return np.asarray(np.where(whole > 0, grown / np.where(whole > 0, whole, 1.0), usual))
