"""What would bring a batch sooner: one thing better at a time, in the same runs, all else equal.

The same draws serve the forecast and each lever (common random numbers: Law, Simulation Modeling
and Analysis, 11.2), so that luck does not pass for an effect. What is left of it is the Monte Carlo
standard error, from 20 groups of runs. No claim that the lever can be pulled, or at what price.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from analysis.forecast.desk import Outlook, day_of, draw
from analysis.forecast.model import Batch, History, Ints, Lever, Numbers
from analysis.forecast.runs import NEVER, day_by_which
from analysis.forecast.work import Work
from metrics.units import PERCENT

_GROUPS = 20
_QUARTER_WEEKS = 13
_FEWEST_REVIEWS = 100  # in a quarter, for its first-pass acceptance to count
THROUGHPUT = "throughput 10% higher"
FIRST_PASS = "first-pass acceptance as in its best quarter"
REWORK = "half as much rework"
_NO_REVIEWS = "No review is recorded for this work."


@dataclass(frozen=True)
class _If:
    """A lever as it is worked out: weekly totals in place of those that were, or why not."""

    name: str
    totals: Numbers | None = None
    why_not: str = ""


def levers(work: Work, outlook: Outlook, batch: Batch) -> tuple[Lever, ...]:
    """The levers, the one with most effect on the 85% date first; () without a forecast.

    - Throughput: every week brings 10% more accepted items.
    - First pass: of the items that fail their first review so many fewer as in the best of the
      quarters; rejections fall in that proportion.
    - Rework: half of the rejections are none.

    A pass that no longer comes back is an accepted item more: the same hands do as many passes.
    How late the last items of a batch come (`order`) stays as it was.
    """
    if outlook.pace is None or batch.left == 0:
        return ()
    base = draw(outlook).days_to(outlook.before(batch) + batch.left)
    found = [
        Lever(one.name, why_not=one.why_not)
        if one.totals is None
        else _effect(one.name, base, _days(outlook, batch, one.totals), batch, outlook)
        for one in _ifs(work, outlook.pace.history, outlook.line)
    ]
    return tuple(sorted(found, key=lambda one: one.days if one.days is not None else 0.0))


def most(found: tuple[Lever, ...]) -> Lever | None:
    """The lever that moves the 85% date most, else the chance; None when none clearly does."""
    clear = [one for one in found if one.is_clear and not one.why_not]
    return min(clear, key=lambda one: (one.days or 0.0, -one.chance), default=None)


def _days(outlook: Outlook, batch: Batch, totals: Numbers) -> Ints:
    return draw(outlook, totals=totals).days_to(outlook.before(batch) + batch.left)


def _ifs(work: Work, history: History, line: str) -> Iterator[_If]:
    yield _If(THROUGHPUT, history.totals * 1.1)
    if not history.has_reviews or not history.returned.sum():
        why = _NO_REVIEWS if not history.has_reviews else "Nothing came back from review."
        yield _If(FIRST_PASS, why_not=why)
        yield _If(REWORK, why_not=why)
        return
    now, best = history.first_pass, _best_quarter(work, line, history)
    if now is None or best is None:
        yield _If(FIRST_PASS, why_not=f"No quarter has {_FEWEST_REVIEWS} first reviews.")
    elif best <= now or now >= 1.0:
        yield _If(FIRST_PASS, why_not=f"It is at its best already ({PERCENT.show(now)}).")
    else:
        name = f"{FIRST_PASS} ({PERCENT.show(best)} instead of {PERCENT.show(now)})"
        kept = (1 - best) / (1 - now)
        yield _If(name, history.totals + (1 - kept) * history.returned)
    yield _If(REWORK, history.totals + 0.5 * history.returned)


def _best_quarter(work: Work, line: str, history: History) -> float | None:
    """The highest first-pass acceptance of 13 weeks, counted back from the last day known."""
    known, end = work.lines[line], work.place(history.as_of)
    width = timedelta(weeks=_QUARTER_WEEKS).days
    shares = []
    for until in range(end, width - 1, -width):
        whole = known.first_reviews[until - width : until].sum()
        if whole >= _FEWEST_REVIEWS:
            shares.append(float(known.first_accepted[until - width : until].sum() / whole))
    return max(shares, default=None)


def _effect(name: str, base: Ints, after: Ints, batch: Batch, outlook: Outlook) -> Lever:
    as_of = outlook.forecasts[0].as_of
    due = (batch.promised_on - as_of).days + 1
    gain = (after <= due).astype(float) - (base <= due)
    then, now = day_by_which(after, 0.85), day_by_which(base, 0.85)
    is_known = max(then, now) < NEVER
    groups = [
        float(day_by_which(after[g::_GROUPS], 0.85) - day_by_which(base[g::_GROUPS], 0.85))
        for g in range(_GROUPS)
    ]
    return Lever(
        name=name,
        p85=day_of(as_of, then),
        days=float(then - now) if is_known else None,
        days_error=float(np.std(groups, ddof=1) / np.sqrt(_GROUPS)) if is_known else 0.0,
        chance=float(gain.mean()),
        chance_error=float(gain.std(ddof=1) / np.sqrt(len(gain))),
    )
