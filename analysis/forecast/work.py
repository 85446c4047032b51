"""What is known of promised batches and of the work that leads to them, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.forecast.model import MAX_WEEKS, WEEK, Batch, History, Ints, Numbers
from data_access.marts import mart
from metrics.delivery import DELIVERIES_DUE
from metrics.flow import ARRIVALS
from metrics.model import Metric
from metrics.periods import Period
from metrics.quality import REVIEWS_DONE
from metrics.review import ITEMS_REVIEWED
from metrics.scope import NOT_RECORDED, Scope

if TYPE_CHECKING:
    from data_access.store import Store

ALL_WORK = ""
LINES = ("dataset", "project", ALL_WORK)  # by what batches share their work
_FILTERS = frozenset({"project", "dataset"})
_FRIDAY = 4
_BACK, _AHEAD = timedelta(days=400), timedelta(days=400)


@dataclass(frozen=True)
class Line:
    """A line of work, one number a day from the first day on.

    Attributes:
        accepted, rejected, first_reviews, first_accepted: see `History`.
        ends_on: the day of the newest row of its source; of several sources, of the one that ends
            last. None where it is not known.
    """

    accepted: Numbers
    rejected: Numbers
    first_reviews: Numbers
    first_accepted: Numbers
    ends_on: date | None = None


@dataclass(frozen=True)
class Promise:
    """A batch of the delivery list, with the days on which its items were accepted.

    Attributes:
        known: items known of it, accepted or not.
        days: of each accepted item the day, counted from `Work.first`, in order.
    """

    source: str
    batch: str
    line: str
    specification: str
    agreed_on: date | None
    promised_on: date
    delivered_on: date | None
    left_on: date | None
    items_promised: int | None
    known: int
    days: Ints


@dataclass(frozen=True)
class Work:
    """Everything a forecast may look at.

    Attributes:
        by: the dimension by which batches share their work; "" for all together.
        first: the first day with an accepted item; None where there is none.
        until: the first day that the data do not cover.
        lines: the work, by line.
        promises: the batches, by promised day.
        is_by_review: no work log is there, so the last review counts.
        asked: the first day that a forecast was asked not to know; None for `until`.
    """

    by: str
    first: date | None
    until: date
    lines: Mapping[str, Line]
    promises: tuple[Promise, ...]
    is_by_review: bool
    asked: date | None = None

    def place(self, day: date) -> int:
        """A day as a place in the numbers of a line."""
        return (day - self.first).days if self.first else 0

    def history(self, line: str, as_of: date) -> History | None:
        """The whole weeks before a day, at most 26; None where the line is not known by then.

        They begin with the first week that holds an accepted item of the line and lies in the data,
        and end with the last that its source covers: a week after that is no week of zero.
        """
        known = self.lines.get(line)
        unknown = (as_of - self.covered(line, as_of)).days
        as_of -= timedelta(days=WEEK * -(-unknown // WEEK))
        end = max(0, self.place(as_of))
        if known is None or not known.accepted[:end].any():
            return None
        begun = int(np.flatnonzero(known.accepted[:end])[0])
        weeks = min(MAX_WEEKS, (end - begun) // WEEK)
        start = end - weeks * WEEK
        cut = [
            numbers[start:end].reshape(weeks, WEEK)
            for numbers in (
                known.accepted, known.rejected, known.first_reviews, known.first_accepted,
            )
        ]  # fmt: skip
        accepted, *others = cut
        return History(as_of, accepted, *(each.sum(axis=1) for each in others))

    def covered(self, line: str, as_of: date) -> date:
        """The first day that the source of a line does not cover, at most the day given.

        A weekend's rest after its newest row is no end.
        """
        known = self.lines.get(line)
        if known is None or known.ends_on is None:
            return as_of
        return min(as_of, _through_weekend(known.ends_on) + timedelta(days=1))

    def ended(self, line: str, as_of: date) -> date | None:
        """The last day that the source of a line covers, where that is before the day asked for.

        None while it reaches up to it, or to the weekend before it.
        """
        known = self.lines.get(line)
        if known is None or known.ends_on is None:
            return None
        asked = self.asked if self.asked is not None and as_of >= self.until else as_of
        return known.ends_on if self.covered(line, asked) < asked else None

    def open_batches(self, as_of: date) -> tuple[Batch, ...]:
        """The batches agreed on and not delivered before a day, in the order of their promises."""
        return tuple(
            self.batch(one, as_of)
            for one in self.promises
            if (one.delivered_on is None or one.delivered_on >= as_of)
            and (one.left_on is None or one.left_on >= as_of)
            and (one.agreed_on is None or one.agreed_on < as_of)
        )

    def batch(self, one: Promise, as_of: date) -> Batch:
        """A batch as it stood at the start of a day."""
        is_counted = one.items_promised is not None
        return Batch(
            source=one.source,
            batch=one.batch,
            line=one.line,
            specification=one.specification,
            promised_on=one.promised_on,
            promised=int(one.items_promised or 0) if is_counted else one.known,
            accepted=int(np.searchsorted(one.days, self.place(as_of))),
            is_counted=is_counted,
        )

    def past(self, batch: Batch, as_of: date) -> tuple[tuple[date, int], ...]:
        """How many items of a batch were accepted by the end of each day before a day."""
        (one,) = (each for each in self.promises if f"{each.source}:{each.batch}" == batch.key)
        days = one.days[one.days < self.place(as_of)]
        if not len(days) or self.first is None:
            return ()
        counts = np.bincount(days - days[0], minlength=self.place(as_of) - int(days[0]))
        start = self.first + timedelta(days=int(days[0]))
        return tuple(
            (start + timedelta(days=place), int(count))
            for place, count in enumerate(np.cumsum(counts))
        )


def work(store: Store, scope: Scope, *, by: str = "dataset", until: date | None = None) -> Work:
    """What the store knows of batches and work under the filters by project and dataset.

    An item is accepted on the day it is complete, unless its last review before `until` is a
    rejection. Where no work log is there: on the day of the last acceptance, or fix, at the highest
    stage that reviewed it, by all reviews there are.

    Args:
        store: the pinned data.
        scope: its filters by project and dataset count; its window does not.
        by: "dataset", "project" or "" for all work together.
        until: know nothing of this day and later ones; None for all there is.
    """
    scope = scope.without(*(name for name, _ in scope.filters if name not in _FILTERS))
    is_by_review = store.extent(ARRIVALS) is None
    metric = ITEMS_REVIEWED if is_by_review else ARRIVALS
    extent = store.extent(metric)
    asked = min(store.today, until or store.today)
    newest = _newest(store, metric)
    ends = [extent.until] if extent else []
    ends += [max(newest.values()) + timedelta(days=1)] if newest else []
    end = min(asked, *ends) if ends else asked
    items = [
        row for row in _accepted(store, scope, by, is_by_review=is_by_review) if _is_known(row, end)
    ]
    seen = [row for row in items if row["day"] is not None and row["day"] < end]
    first = min((row["day"] for row in seen), default=None)
    promised = scope.during(Period(end - _BACK, end + _AHEAD))
    listed = store.rows(DELIVERIES_DUE, promised).to_pylist()
    return Work(
        by=by,
        first=first,
        until=end,
        lines=_lines(seen, _passes(store, scope, by), first, end, newest),
        promises=_promises(listed, items, first, end, by),
        is_by_review=is_by_review,
        asked=asked,
    )


def _newest(store: Store, metric: Metric) -> dict[str, date]:
    """Source → the day of its newest row behind a metric, none later than today."""
    found: dict[str, date] = {}
    for state in store.sources():
        if state.newest_on is not None and state.extract in mart(metric.source).fed_by:
            day = min(state.newest_on, store.today)
            found[state.source] = max(day, found.get(state.source, day))
    return found


def _accepted(store: Store, scope: Scope, by: str, *, is_by_review: bool) -> list[dict[str, Any]]:
    metric = ITEMS_REVIEWED if is_by_review else ARRIVALS
    extent = store.extent(metric)
    if extent is None:
        return []
    name = "accepted_in_review_by_day" if is_by_review else "accepted_by_day"
    return store.statistic(name, metric, scope.during(extent), by=by or None)


def _is_known(row: Mapping[str, Any], end: date) -> bool:
    """Whether it was so at the start of a day."""
    return row["known_on"] < end and (row["lost_on"] is None or row["lost_on"] >= end)


def _passes(store: Store, scope: Scope, by: str) -> list[dict[str, Any]]:
    extent = store.extent(REVIEWS_DONE)
    if extent is None:
        return []
    return store.statistic("passes_by_day", REVIEWS_DONE, scope.during(extent), by=by or None)


def _lines(
    seen: Iterable[Mapping[str, Any]],
    passes: Iterable[Mapping[str, Any]],
    first: date | None,
    end: date,
    newest: Mapping[str, date],
) -> dict[str, Line]:
    if first is None:
        return {}
    days = (end - first).days
    accepted: dict[str, Numbers] = defaultdict(lambda: np.zeros(days))
    ends: dict[str, date] = {}
    for row in seen:
        if day := newest.get(row["source"]):
            ends[row["segment"]] = max(day, ends.get(row["segment"], day))
        accepted[row["segment"]][(row["day"] - first).days] += row["items"]
    told: dict[str, Numbers] = defaultdict(lambda: np.zeros((3, days)))
    for row in passes:
        if row["day"] is not None and first <= row["day"] < end:
            told[row["segment"]][:, (row["day"] - first).days] += (
                row["rejected"], row["first_reviews"], row["first_accepted"],
            )  # fmt: skip
    found = {}
    for name, numbers in accepted.items():
        rejected, first_reviews, first_accepted = told[name]
        found[name] = Line(numbers, rejected, first_reviews, first_accepted, ends.get(name))
    return found


def _through_weekend(day: date) -> date:
    """The Sunday after a Friday or Saturday: a weekend's rest is no end."""
    return day + timedelta(days=6 - day.weekday()) if day.weekday() >= _FRIDAY else day


def _promises(
    listed: Iterable[Mapping[str, Any]],
    items: Iterable[Mapping[str, Any]],
    first: date | None,
    end: date,
    by: str,
) -> tuple[Promise, ...]:
    of_batch: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in items:
        of_batch[row["batch"]].append(row)
    found = []
    for row in listed:
        is_here = row["batch"] != NOT_RECORDED
        mine = [one for one in of_batch[row["batch"]] if is_here and _is_same(one, row)]
        found.append(_promise(row, mine, first, end, by))
    return tuple(sorted(found, key=lambda one: (one.promised_on, one.batch, one.source)))


def _is_same(item: Mapping[str, Any], delivery: Mapping[str, Any]) -> bool:
    """Whether items of that batch name are of that delivery: of its project, where both say."""
    homes = {item["project"], delivery["project"]}
    return len(homes) == 1 or NOT_RECORDED in homes


def _promise(
    row: Mapping[str, Any],
    mine: list[Mapping[str, Any]],
    first: date | None,
    end: date,
    by: str,
) -> Promise:
    days = [
        np.full(one["items"], (one["day"] - first).days, dtype=np.int64)
        for one in mine
        if first is not None and one["day"] is not None and one["day"] < end
    ]
    every = [one for one in mine if one["day"] is None]
    line = row[by] if by else ALL_WORK
    if line == NOT_RECORDED and every:
        sizes: dict[str, int] = defaultdict(int)
        for one in every:
            sizes[one["segment"]] += one["items"]
        line = max(sizes, key=lambda name: (sizes[name], name))
    return Promise(
        source=row["source"],
        batch=row["batch"],
        line=line,
        specification=row["specification"] or "",
        agreed_on=row["agreed_on"],
        promised_on=row["promised_on"],
        delivered_on=row["delivered_on"],
        left_on=row["left_on"],
        items_promised=row["items_promised"],
        known=sum(one["items"] for one in every),
        days=np.sort(np.concatenate(days)) if days else np.zeros(0, dtype=np.int64),
    )
