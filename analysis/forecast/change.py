"""Has the pace changed, so that older weeks say little of the next ones?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analysis import words
from analysis.forecast.model import MIN_WEEKS, WEEK, History
from analysis.run_rules import Fired, beyond, moves, run
from analysis.spc import MIN_PERIODS, natural_range
from metrics.periods import show_date


@dataclass(frozen=True)
class Pace:
    """The weeks to draw from, and what the control chart of the weekly count says.

    Attributes:
        history: the weeks to draw from.
        fired: the rule that fired on the newest week; None without.
        since: where the change began; None without a lasting one.
        note: in a sentence; "" when the pace is routine.
    """

    history: History
    fired: Fired | None = None
    since: date | None = None
    note: str = ""


def pace(history: History) -> Pace:
    """The weeks to draw from: those since a lasting change, where there are at least 8 of them.

    The chart is XmR over the weekly counts with the limits and run rules of the house: a change is
    claimed only after at least 12 earlier weeks. `analysis.spc.rules` itself is not asked, because
    its `xmr` gives no range, or that of the last 12 weeks, once the level has moved for good: then
    the lasting run that is looked for here would be its own middle. Of a change that is younger
    than 8 weeks, and of a steady rise or fall, the reader is told; the forecast then still draws
    from all weeks.
    """
    numbers = [float(total) for total in history.totals]
    if len(numbers) <= MIN_PERIODS:
        return Pace(history)
    mean, low, high = natural_range(numbers[:-1])
    outside = beyond(numbers[-1], low, high)
    fired = run(numbers, mean) or moves(numbers) or (Fired("limits", outside) if outside else None)
    if fired is None:
        return Pace(history)
    since = history.as_of - timedelta(days=WEEK * fired.length)
    way = "more" if fired.direction > 0 else "fewer"
    if fired.rule == "run" and fired.length >= MIN_WEEKS:
        note = (
            f"The pace changed: {way} items a week than before since {show_date(since)}. Only the "
            f"{words.some(fired.length, 'weeks')} since then are drawn from."
        )
        return Pace(history.last(fired.length), fired, since, note)
    return Pace(history, fired, since, _note(fired, way, since))


def _note(fired: Fired, way: str, since: date) -> str:
    after = "If that lasts, the dates are too "
    after += "late." if fired.direction > 0 else "early."
    if fired.rule == "run":
        return (
            f"The pace changed: {way} items a week than before since {show_date(since)}. That is "
            f"too short a time to draw from alone, so the weeks before are drawn too. {after}"
        )
    if fired.rule == "moves":
        verb = "rises" if fired.direction > 0 else "falls"
        return f"The pace {verb} week by week since {show_date(since)}. {after}"
    return f"The newest week brought {way} items than routine variation explains. {after}"
