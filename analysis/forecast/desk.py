"""The forecasts of all open batches: who comes first, from which weeks, with which chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analysis import words
from analysis.forecast.change import Pace, pace
from analysis.forecast.model import (
    MIN_WEEKS,
    WEEK,
    Batch,
    Fan,
    FanDay,
    Forecast,
    History,
    Numbers,
)
from analysis.forecast.order import order_days
from analysis.forecast.runs import NEVER, RUNS, Runs, day_by_which, futures
from analysis.forecast.work import Work

_FAN_QUANTILES = (0.05, 0.15, 0.5, 0.85, 0.95)
_MOST_FAN_DAYS = 180


@dataclass(frozen=True)
class Outlook:
    """One line of work with its open batches and what is drawn for them.

    Attributes:
        line: its name; "" for all work together.
        batches: in the order in which they are worked on.
        forecasts: one a batch, in that order.
        pace: the weeks drawn from; None where there are too few (`why`).
        late: days that past batches were done after their count was reached.
        why: why nothing can be said; "" otherwise.
        ends_on: the last day that the source of this work covers, where it ended before the day
            asked for: weeks after it are not drawn from. None otherwise.
    """

    line: str
    batches: tuple[Batch, ...]
    forecasts: tuple[Forecast, ...]
    pace: Pace | None
    late: tuple[int, ...]
    why: str = ""
    ends_on: date | None = None

    @property
    def question(self) -> str:
        """What the seed of the runs follows from."""
        return f"line {self.line}"

    def before(self, batch: Batch) -> int:
        """Items of other batches that are accepted before the first of this one is counted."""
        place = self.batches.index(batch)
        return sum(one.left for one in self.batches[:place])


def outlooks(
    work: Work, as_of: date, *, first: str = "", runs: int = RUNS, ahead: timedelta | None = None
) -> tuple[Outlook, ...]:
    """The forecasts of every batch that is not delivered, line by line.

    The batches of a line share its work. It goes to the batch that is promised first, then to the
    next one.

    Args:
        work: what is known.
        as_of: the first day not known; later rows are not looked at.
        first: the key of a batch that is worked on before all others of its line.
        runs: how many futures.
        ahead: leave out batches promised later than that after `as_of`.
    """
    lines: dict[str, list[Batch]] = defaultdict(list)
    for batch in work.open_batches(as_of):
        if ahead is None or batch.promised_on < as_of + ahead:
            lines[batch.line].append(batch)
    return tuple(
        _outlook(work, line, _in_order(batches, first), as_of, runs)
        for line, batches in sorted(lines.items())
    )


def _in_order(batches: Iterable[Batch], first: str) -> tuple[Batch, ...]:
    return tuple(
        sorted(batches, key=lambda one: (one.key != first, one.promised_on, one.batch, one.source))
    )


def _outlook(work: Work, line: str, batches: tuple[Batch, ...], as_of: date, runs: int) -> Outlook:
    history = work.history(line, as_of)
    ends_on = work.ended(line, as_of)
    now = pace(history) if history is not None and history.weeks else None
    why = _lacking(work, history) or (_lacking(work, now.history) if now else "")
    if why or now is None:
        found = tuple(_forecast(batch, as_of, why=why) for batch in batches)
        return Outlook(line, batches, found, None, (), why, ends_on)
    late = order_days(work, line, as_of)
    outlook = Outlook(line, batches, (), now, late)
    drawn = draw(outlook, runs=runs)
    found = tuple(_told(batch, outlook.before(batch), drawn, outlook, as_of) for batch in batches)
    return Outlook(line, batches, found, now, late, ends_on=ends_on)


def draw(outlook: Outlook, *, runs: int = RUNS, totals: Numbers | None = None) -> Runs:
    """The futures of a line, long enough for all its batches."""
    assert outlook.pace is not None
    return futures(
        outlook.pace.history,
        sum(batch.left for batch in outlook.batches),
        question=outlook.question,
        runs=runs,
        late=outlook.late,
        totals=totals,
    )


def _lacking(work: Work, history: History | None) -> str:
    """What is missing for a date; "" when nothing is."""
    what = "accepted in a review" if work.is_by_review else "completed and accepted"
    if history is None:
        return f"No item of this work was {what} yet."
    if history.weeks < MIN_WEEKS:
        weeks = words.some(history.weeks, "weeks")
        return (
            f"A date needs {MIN_WEEKS} whole weeks in which items were {what}; there "
            f"{'is' if history.weeks == 1 else 'are'} {weeks}."
        )
    if history.totals.sum() <= 0:
        return f"No item of this work was {what} in the last {history.weeks} weeks."
    return ""


def _forecast(batch: Batch, as_of: date, *, why: str) -> Forecast:
    if batch.promised == 0:
        return Forecast(batch, as_of, why="How many items it holds is not recorded.")
    if batch.left == 0:
        return Forecast(batch, as_of, is_done=True)
    return Forecast(batch, as_of, why=why)


def _told(batch: Batch, before: int, drawn: Runs, outlook: Outlook, as_of: date) -> Forecast:
    weeks = outlook.pace.history.weeks if outlook.pace else 0
    if batch.left == 0 or batch.promised == 0:
        return _forecast(batch, as_of, why="")
    days = drawn.days_to(before + batch.left)
    return Forecast(
        batch=batch,
        as_of=as_of,
        before=before,
        p50=day_of(as_of, day_by_which(days, 0.5)),
        p85=day_of(as_of, day_by_which(days, 0.85)),
        chance=float(np.mean(days <= (batch.promised_on - as_of).days + 1)),
        runs=len(days),
        weeks=weeks,
    )


def day_of(as_of: date, days: int) -> date | None:
    """The day that is so many days ahead (1 is `as_of`); None beyond the horizon."""
    return None if days >= NEVER else as_of + timedelta(days=days - 1)


def fan(work: Work, outlook: Outlook, batch: Batch) -> Fan:
    """How the batch's accepted items grow, in the same runs as its forecast."""
    as_of = _as_of(outlook)
    past = work.past(batch, as_of)
    if outlook.pace is None or batch.left == 0:
        return Fan(batch, past)
    drawn, before = draw(outlook), outlook.before(batch)
    days = drawn.days_to(before + batch.left)
    last = min(_MOST_FAN_DAYS, day_by_which(np.minimum(days, NEVER), 0.95))
    last = min(last, drawn.totals.shape[1] * WEEK)
    grown = np.clip(drawn.by_day(last) - before, 0, batch.left) + batch.accepted
    quantiles = np.quantile(grown, _FAN_QUANTILES, axis=0, method="inverted_cdf")
    return Fan(
        batch,
        past,
        tuple(
            FanDay(as_of + timedelta(days=place), *(float(part) for part in quantiles[:, place]))
            for place in range(last)
        ),
    )


def _as_of(outlook: Outlook) -> date:
    return outlook.forecasts[0].as_of


def by_urgency(found: Iterable[Outlook]) -> list[Forecast]:
    """All forecasts, the smallest chance first, those without one by their promise after them."""
    told = [forecast for outlook in found for forecast in outlook.forecasts]
    return sorted(told, key=_urgency)


def _urgency(one: Forecast) -> tuple[int, float, date, str]:
    rank = 0 if one.has_date else 2 if one.is_done else 1
    return rank, one.chance or 0.0, one.batch.promised_on, one.batch.batch


def outlook_of(found: Sequence[Outlook], batch: Batch) -> Outlook:
    """The line that a batch belongs to."""
    return next(one for one in found if batch in one.batches)
