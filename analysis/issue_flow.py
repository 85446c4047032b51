"""What successive exports of a tracker show: the cumulative flow, ageing, and the newest changes.

The flow counts issues by status category on each day (cumulative flow diagram: Anderson, Kanban,
2010). A change lies between two exports, so each count has bounds. They hold as long as an issue
changes its category no more than once between two exports: what it passed through is not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from data_access.asking import lacking
from metrics.issues import ISSUE_CHANGES, ISSUES_TRACKED
from metrics.periods import Grain, Period, show_date
from metrics.scope import NOT_RECORDED, Scope
from metrics.units import EN_DASH

if TYPE_CHECKING:
    from data_access.store import Store

# From the bottom of the diagram to its top.
CATEGORIES = ("Done", "In Progress", NOT_RECORDED, "To Do")
_TEXT = ("source", "issue_key", "summary", "project", "team", "priority", "status", "assignee")
_MOST_DAYS = 180  # of a longer window the weeks are counted
KINDS = {
    "entered": "New",
    "status": "Moved",
    "resolved": "Resolved",
    "reopened": "Reopened",
    "re_dated": "Re-dated",
    "re_scoped": "Re-scoped",
    "reassigned": "Reassigned",
    "vanished": "Vanished",
    "returned": "Returned",
}

_SURELY = replace(ISSUES_TRACKED, name="issues_surely", at="entered_by_on", left_at="left_after_on")
_POSSIBLY = replace(
    ISSUES_TRACKED, name="issues_possibly", at="entered_after_on", left_at="left_by_on"
)
ISSUES_STANDING = replace(
    ISSUES_TRACKED,
    name="issues_standing",
    label="Issues not done",
    definition="Issues that the newest export of their source shows and that are not done.",
    where="status_by_at is not null",
)
NEWEST_CHANGES = replace(
    ISSUE_CHANGES,
    name="newest_changes",
    label="Changes since the export before",
    definition="What the newest export of each source shows for the first time, new issues too.",
    where="is_newest",
)


@dataclass(frozen=True)
class FlowPoint:
    """Issues in a status category at the end of a day: placed by the rule, and between bounds."""

    on: date
    category: str
    low: int
    value: int
    high: int


@dataclass(frozen=True)
class IssueFlow:
    """The cumulative flow of issues in a window.

    Attributes:
        points: by day, then in the order of CATEGORIES; categories that never occur left out.
        exports: how many exports it was put together from.
        grain: "day", or "week" in a long window: then a point is the week's last day.
    """

    points: tuple[FlowPoint, ...]
    exports: int
    grain: Grain

    @property
    def lead(self) -> str:
        """What the diagram says in one sentence."""
        if not self.points:
            return "There is no day to draw yet"
        first, last = self.points[0].on, self.points[-1].on
        begun, ended = self._open(first), self._open(last)
        if first == last:
            return f"{ended:,} {'issue' if ended == 1 else 'issues'} not done"
        return (
            f"Issues not done went from {begun:,} on {show_date(first, year=last.year)} to "
            f"{ended:,} on {show_date(last, year=last.year)}"
        )

    @property
    def doubt(self) -> str:
        """How wide the bounds are at their widest, in words."""
        widest = max(self.points, key=lambda point: point.high - point.low, default=None)
        if widest is None or widest.high == widest.low:
            return "Every change has an exact day."
        return (
            f"Bounds are widest on {show_date(widest.on, year=widest.on.year)}: "
            f"{widest.low:,}{EN_DASH}{widest.high:,} {shown_category(widest.category)}."
        )

    def _open(self, on: date) -> int:
        return sum(p.value for p in self.points if p.on == on and p.category != "Done")


@dataclass(frozen=True)
class Aged:
    """An issue that has been in its status for at least and at most so many days.

    Attributes:
        source, issue_key, summary, project, team, priority, status, assignee: as they are shown.
        after_at, by_at: UTC, between which the issue came into its status.
        at_least, at_most: days of 24 hours to the newest export of its source.
    """

    source: str
    issue_key: str
    summary: str
    project: str
    team: str
    priority: str
    status: str
    assignee: str
    after_at: datetime
    by_at: datetime
    at_least: float
    at_most: float


def shown_category(category: str) -> str:
    """The category as a reader meets it."""
    return "Not done, not shown" if category == NOT_RECORDED else category


def issue_flow(store: Store, scope: Scope) -> IssueFlow:
    """The issues by status category on each day from the first to the last export."""
    exports = [export for export in store.exports("issues") if _is_chosen(export.source, scope)]
    window = _drawn(store, scope)
    if window is None:
        return IssueFlow((), len(exports), "day")
    grain: Grain = "day" if window.days <= _MOST_DAYS else "week"
    found = store.series_values(
        (ISSUES_TRACKED, _SURELY, _POSSIBLY), scope.during(window), grain, by="status_category"
    )
    counts: dict[tuple[date, str], dict[str, int]] = {}
    for name, values in found.items():
        for value in values:
            on = min(value.period.last_day, window.last_day)
            counts.setdefault((on, value.segment), {})[name] = int(value.value or 0)
    days = sorted({on for on, _ in counts})
    there = [name for name in CATEGORIES if any((day, name) in counts for day in days)]
    return IssueFlow(
        tuple(_point(day, name, counts.get((day, name), {})) for day in days for name in there),
        len(exports),
        grain,
    )


def _point(day: date, category: str, counted: dict[str, int]) -> FlowPoint:
    value = counted.get(ISSUES_TRACKED.name, 0)
    low, high = counted.get(_SURELY.name, 0), counted.get(_POSSIBLY.name, 0)
    return FlowPoint(day, category, low, value, high)


def _is_chosen(source: str, scope: Scope) -> bool:
    chosen = dict(scope.filters).get("source")
    return not chosen or source in chosen


def _drawn(store: Store, scope: Scope) -> Period | None:
    """The days of the window that the exports tell of."""
    known = store.extent(ISSUES_TRACKED)
    if known is None or lacking(ISSUES_TRACKED, scope):
        return None
    since = max(scope.period.since, known.since)
    until = min(scope.period.until, known.until)
    return Period(since, until) if since < until else None


def newest(store: Store) -> Period:
    """The window of everything that the newest exports show."""
    known = store.extent(ISSUES_TRACKED)
    today = Period(store.today, store.today + timedelta(days=1))
    return Period(min(known.since, store.today), today.until) if known else today


def oldest_in_status(store: Store, scope: Scope) -> tuple[Aged, ...]:
    """The ten issues that have been longest in their status, by the newest exports."""
    if lacking(ISSUES_STANDING, scope):
        return ()
    told_at = {export.source: export.as_of for export in store.exports("issues")}
    rows = store.statistic("oldest_in_status", ISSUES_STANDING, scope.during(newest(store)))
    return tuple(_aged(row, told_at[row["source"]]) for row in rows)


def _aged(row: dict[str, object], now: datetime) -> Aged:
    after_at, by_at = row["status_after_at"], row["status_by_at"]
    assert isinstance(after_at, datetime) and isinstance(by_at, datetime)
    text = {name: str(row[name] or "") for name in _TEXT}
    return Aged(
        **text, after_at=after_at, by_at=by_at, at_least=_days(by_at, now),
        at_most=_days(after_at, now),
    )  # fmt: skip


def _days(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / 86_400)


def between(after: date, by: date) -> str:
    r"""When a change was, in words.

    >>> between(date(2026, 4, 6), date(2026, 4, 11)).replace("\xa0", " ")
    'between 6 and 11 Apr 2026'
    >>> between(date(2026, 4, 28), date(2026, 5, 2)).replace("\xa0", " ")
    'between 28 Apr and 2 May 2026'
    >>> between(date(2026, 4, 6), date(2026, 4, 6)).replace("\xa0", " ")
    'on 6 Apr 2026'
    """
    if after >= by:
        return f"on {show_date(by)}"
    if (after.year, after.month) == (by.year, by.month):
        return f"between {after.day} and {show_date(by)}"
    return f"between {show_date(after, year=by.year)} and {show_date(by)}"
