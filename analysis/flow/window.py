"""Which days the pictures of flow cover, and the moment at which open work is looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from metrics.local_time import begin_of
from metrics.model import Metric
from metrics.periods import Period, period_of
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import Store

WEEKS = 13
_LONG_ENOUGH = 56  # days


def span_of(store: Store, scope: Scope, metric: Metric) -> Period | None:
    """The period when it has 8 weeks or more, else the 13 weeks up to the end of its last week.

    It begins no earlier than the metric's data and ends no later than today; None when nothing
    is left.
    """
    period = scope.period
    last = period_of(period.last_day, "week").until
    since = period.since if period.days >= _LONG_ENOUGH else last - timedelta(weeks=WEEKS)
    extent = store.extent(metric)
    if extent is None:
        return None
    since = max(since, extent.since)
    until = min(period.until, store.today + timedelta(days=1))
    return Period(since, until) if since < until else None


def so_far(store: Store, scope: Scope, metric: Metric) -> Scope | None:
    """The scope from the metric's first day to the end of the period; None when it ends before."""
    extent = store.extent(metric)
    if extent is None or extent.since >= scope.period.until:
        return None
    return scope.during(Period(extent.since, scope.period.until))


def moment_of(store: Store, day: date) -> datetime:
    """The UTC time at which a day of the reporting zone begins; the clock's, if that is earlier."""
    return min(begin_of(day, store.settings.reporting_zone), store.clock)


def weeks_before(store: Store, moment: datetime, weeks: int) -> datetime:
    """The UTC time at which the reporting zone's clock showed the same, so many weeks before."""
    zone = ZoneInfo(store.settings.reporting_zone)
    shown = moment.replace(tzinfo=UTC).astimezone(zone) - timedelta(weeks=weeks)
    return shown.astimezone(UTC).replace(tzinfo=None)
