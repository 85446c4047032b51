"""How long after its count was reached a batch was really done: work keeps no strict order.

A forecast counts the items of a line against the batches in the order of their promises. Real work
also goes to later batches meanwhile, and the last items of a batch come round again from rework.
How much that takes is seen in the past: at earlier Mondays, so to say, with the pace that then
came known.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from analysis.forecast.model import WEEK
from analysis.forecast.work import Line, Promise, Work

LOOK_BACK_WEEKS = 13
_AHEAD = timedelta(days=28)
_FEWEST = 5


def order_days(work: Work, line: str, as_of: date) -> tuple[int, ...]:
    """Days from the day on which the count was reached to the day on which the batch was done.

    One for each batch and each of the 13 week ends before at which it was open and not done; of
    batches still not done the days so far. Those of the line, of all lines where it has fewer than
    five; () where there are fewer than five at all: then the order is taken for strict.
    """
    own = _of(work, line, as_of)
    if len(own) >= _FEWEST:
        return tuple(own)
    found = [days for name in work.lines for days in _of(work, name, as_of)]
    return tuple(found) if len(found) >= _FEWEST else ()


def _of(work: Work, name: str, as_of: date) -> list[int]:
    as_of = work.covered(name, as_of)
    end, known = work.place(as_of), work.lines.get(name)
    if known is None:
        return []
    promises = [one for one in work.promises if one.line == name and one.items_promised]
    found: list[int] = []
    for back in range(1, LOOK_BACK_WEEKS + 1):
        start = end - back * WEEK
        if start > 0:
            found += _since(work, known, promises, as_of - timedelta(days=back * WEEK), end)
    return found


def _since(work: Work, known: Line, promises: list[Promise], then: date, end: int) -> list[int]:
    """The days of the batches open at the start of a day, as known before the place `end`."""
    start = work.place(then)
    reached = np.cumsum(known.accepted[start:end])
    ahead, found = 0, []
    for one in promises:
        is_open = one.delivered_on is None or one.delivered_on >= then
        is_known = one.agreed_on is None or one.agreed_on < then
        if not (is_open and is_known) or one.promised_on >= then + _AHEAD:
            continue
        wanted = int(one.items_promised or 0)
        left = wanted - int(np.searchsorted(one.days, start))
        if left <= 0:
            continue
        ahead += left
        counted = int(np.searchsorted(reached, ahead - 1e-9))
        if counted < len(reached):
            is_done = len(one.days) >= wanted and one.days[wanted - 1] < end
            done = int(one.days[wanted - 1]) - start if is_done else len(reached)
            found.append(done - counted)
    return found
