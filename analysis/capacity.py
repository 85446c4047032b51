"""Capacity: the hours that arriving work asks for, beside the hours people are assigned.

Demand of a stage is its arrivals a week times the touch hours of a visit. Arrivals are a mean of
the last eight whole weeks that the work log covers, with Student's t interval: of a week before its
first row or after its end nothing is known, so it is no week of zero. Touch hours are the median of
the visits: from start to finish the clock runs through breaks and nights, and the few visits that
lay open carry most of a mean. Where long visits are real work the median is too low; then the mean
is the choice, whose interval goes into that of the product (MOVER: Zou and Donner 2008, Statistics
in Medicine 27:1693). Assumes that next week arrives as these weeks did and that assigned hours are
all worked on items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import hypot, sqrt
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from analysis.control.desk import covered
from analysis.distributions import t_quantile
from data_access.planned import Assigned
from metrics.flow import ITEMS_WAITING, QUEUE_TIME_P50, TOUCH_TIME, VISITS_ENTERED
from metrics.periods import (
    Period,
    last_complete_week,
    newest_week,
    period_of,
    periods_before,
    show_date,
)
from metrics.scope import NOT_RECORDED, Scope
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store

WEEKS, FEWEST = 8, 2  # of a single week there is no spread
_UNCOVERED = 3  # weeks at the end that the log may leave open
ALL_TEAMS = "All teams"
_WORKDAYS = 5
TOUCH = replace(TOUCH_TIME, name="touch_of_finished", at="finished_on")
TOUCH_P50 = replace(
    QUEUE_TIME_P50,
    name="touch_p50_of_finished",
    label="Median touch time",
    at="finished_on",
    value_sql="quantile_cont(touch_hours, 0.5)",
    n_sql="count(touch_hours)",
)


@dataclass(frozen=True)
class Range:
    """A number with its 95% interval; both ends None where there is none."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class StageLoad:
    """One stage of one team, or of all.

    Attributes:
        stage, team: which; `ALL_TEAMS` where its people work for all.
        arrivals: visits entered a week; None with fewer than two whole weeks.
        touch: hours worked in a visit, mean; None where it is not recorded or too few.
        touch_median: the same, median.
        touched: visits behind both.
        demand: hours a week that arrivals ask for; None without touch hours or arrivals.
        supply: hours assigned in the week looked at.
        people: how many are assigned.
        waiting: items that wait now.
        backlog: hours to work them off; None without touch hours.
    """

    stage: str
    team: str
    arrivals: Range | None
    touch: float | None
    touch_median: float | None
    touched: int
    demand: Range | None
    supply: float
    people: int
    waiting: float
    backlog: float | None

    @property
    def use(self) -> Range | None:
        """Demand over supply; None where one of them is missing."""
        if self.demand is None or self.supply <= 0:
            return None
        low, high = self.demand.low, self.demand.high
        return Range(
            self.demand.value / self.supply,
            None if low is None else low / self.supply,
            None if high is None else high / self.supply,
        )

    @property
    def is_over(self) -> bool:
        """Whether the whole interval of demand lies above the hours assigned."""
        return bool(self.demand and self.demand.low is not None and self.demand.low > self.supply)

    @property
    def is_close(self) -> bool:
        """Whether the interval of demand holds the hours assigned: too close to call."""
        demand = self.demand
        if demand is None or demand.low is None or demand.high is None or self.supply <= 0:
            return False
        return demand.low <= self.supply <= demand.high


@dataclass(frozen=True)
class PersonLoad:
    """One person in the week looked at.

    Attributes:
        person: under the name that may be shown.
        where: what they are assigned to, with hours.
        assigned: hours in all.
        absent: hours away.
        capacity: hours they have, absence taken off, by the newest assignment that holds in the
            week; None where the plan does not say.
    """

    person: str
    where: tuple[tuple[str, float], ...]
    assigned: float
    absent: float
    capacity: float | None

    @property
    def over(self) -> float:
        """Hours assigned beyond the capacity; 0 when there are none or it is not known."""
        return max(0.0, self.assigned - self.capacity) if self.capacity is not None else 0.0


@dataclass(frozen=True)
class Weeks:
    """The weeks that demand is worked out from.

    Attributes:
        whole: those that lie wholly in what the work log covers, oldest first, at most eight.
        window: from the first to the last of them; without any the newest week.
        gap: why they are not the last eight, as it follows a colon; "" when they are.
    """

    whole: tuple[Period, ...]
    window: Period
    gap: str


@dataclass(frozen=True)
class Capacity:
    """Stages and people of one week.

    Attributes:
        week: the week looked at.
        weeks: the weeks that demand is worked out from.
        has_plan: whether any assignment is known.
        stages: the most used first, those without assignments last.
        people: those with most hours over first, then A to Z.
    """

    week: Period
    weeks: Weeks
    has_plan: bool
    stages: tuple[StageLoad, ...]
    people: tuple[PersonLoad, ...]


def capacity(store: Store, *, by_mean: bool = False) -> Capacity:
    """Demand and supply of the next week, by stage and team, and who is over-allocated in it.

    Args:
        store: where the numbers come from.
        by_mean: take the mean touch hours in place of the median.
    """
    weeks = known_weeks(store)
    week = period_of(period_of(store.today, "week").until, "week")
    plan = store.assignments()
    stages = sorted(
        _stages(store, weeks, plan, week, by_mean),
        key=lambda load: -(load.use.value if load.use else 0.0),
    )
    people = sorted(_people(plan, week), key=lambda one: (-one.over, one.person.casefold()))
    return Capacity(week, weeks, bool(plan), tuple(stages), tuple(people))


def known_weeks(store: Store) -> Weeks:
    """The last eight whole weeks that the work log covers; fewer where it is shorter."""
    extent = store.extent(VISITS_ENTERED)
    last = min(newest_week(extent, store.today), last_complete_week(store.today))
    since = periods_before(last, WEEKS + _UNCOVERED - 1, "week")[0].since
    scope = Scope(Period(since, last.until))
    values, gap = covered(
        store, scope, store.series_values(VISITS_ENTERED, scope, "week")[VISITS_ENTERED.name]
    )
    whole = tuple(value.period for value in values)[-WEEKS:]
    if extent is not None and len(whole) < WEEKS:
        begin = f"the work log begins on {show_date(extent.since)}"
        gap = "; ".join(part for part in (begin, gap) if part)
    return Weeks(whole, Period(whole[0].since, whole[-1].until) if whole else last, gap)


def hours_in(row: Assigned, week: Period) -> float:
    """The hours of an assignment that fall in a week, by its working days from Monday to Friday."""
    return row.hours * _days_in(row, week) / _WORKDAYS


def _days_in(row: Assigned, week: Period) -> int:
    """On how many of the week's working days an assignment holds."""
    days = (week.since + timedelta(days=number) for number in range(_WORKDAYS))
    return sum(row.from_on <= day and (row.until_on is None or day <= row.until_on) for day in days)


def _stages(
    store: Store, weeks: Weeks, plan: Sequence[Assigned], week: Period, by_mean: bool
) -> list[StageLoad]:
    work = [row for row in plan if row.kind == "work" and hours_in(row, week) > 0]
    scope, staffed = Scope(weeks.window), [row for row in work if row.stage != NOT_RECORDED]
    found = _loads(store, (weeks, scope), ALL_TEAMS, staffed, week, by_mean)
    split = {
        load.stage
        for load in found
        if (rows := [row for row in work if row.stage == load.stage])
        and all(row.team != NOT_RECORDED for row in rows)
    }
    whole = [load for load in found if load.stage not in split]
    teams = store.dimension_values("team") if split else []
    for team in teams:
        own = [row for row in work if row.team == team]
        here = _loads(store, (weeks, scope.where(team=team)), team, own, week, by_mean)
        whole += [load for load in here if load.stage in split]
    return whole


def _loads(
    store: Store,
    known: tuple[Weeks, Scope],
    team: str,
    work: Sequence[Assigned],
    week: Period,
    by_mean: bool,
) -> list[StageLoad]:
    """Each stage that is entered in the weeks known or has somebody assigned."""
    weeks, scope = known
    entered: dict[str, dict[Period, float]] = {}
    for value in store.series_values(VISITS_ENTERED, scope, "week", by="stage")[
        VISITS_ENTERED.name
    ]:
        entered.setdefault(value.segment, {})[value.period] = value.value or 0.0
    by_stage = store.breakdown_values([TOUCH, TOUCH_P50], scope, "stage")
    touch, median = ({v.segment: v for v in by_stage[m.name]} for m in (TOUCH, TOUCH_P50))
    now = store.breakdown_values(ITEMS_WAITING, scope, "stage")[ITEMS_WAITING.name]
    waiting = {value.segment: value.value or 0.0 for value in now}
    names = [name for name in entered if name != NOT_RECORDED]
    names += sorted({row.stage for row in work} - {*names, NOT_RECORDED})
    return [
        _load(
            (name, team),
            [entered.get(name, {}).get(one, 0.0) for one in weeks.whole],
            touch.get(name),
            median.get(name),
            waiting.get(name, 0.0),
            [row for row in work if row.stage == name],
            week,
            by_mean,
        )
        for name in names
    ]


def _load(
    name: tuple[str, str],
    entered: Sequence[float],
    touch: Value | None,
    median: Value | None,
    waiting: float,
    work: Sequence[Assigned],
    week: Period,
    by_mean: bool,
) -> StageLoad:
    arrivals, used = _weekly(entered), touch if by_mean else median
    hours = used.value if used else None
    return StageLoad(
        stage=name[0],
        team=name[1],
        arrivals=arrivals,
        touch=touch.value if touch else None,
        touch_median=median.value if median else None,
        touched=touch.n if touch else 0,
        demand=_demand(arrivals, used),
        supply=sum(hours_in(row, week) for row in work),
        people=len({row.person for row in work}),
        waiting=waiting,
        backlog=None if hours is None else waiting * hours,
    )


def _weekly(counts: Sequence[float]) -> Range | None:
    """Their mean with its t interval over the weeks; None where these are too few."""
    if len(counts) < FEWEST:
        return None
    mean = fmean(counts)
    half = t_quantile(len(counts) - 1) * stdev(counts) / sqrt(len(counts))
    return Range(mean, max(0.0, mean - half), mean + half)


def _demand(arrivals: Range | None, touch: Value | None) -> Range | None:
    """Arrivals times touch hours; of a median, which has no interval, the arrivals' alone."""
    if arrivals is None or touch is None or touch.value is None:
        return None
    hours, value = touch.value, arrivals.value * touch.value
    if arrivals.low is None or arrivals.high is None:
        return Range(value)
    low, high = (end if end is not None else hours for end in (touch.low, touch.high))
    below = hypot((arrivals.value - arrivals.low) * hours, (hours - low) * arrivals.value)
    above = hypot((arrivals.high - arrivals.value) * hours, (high - hours) * arrivals.value)
    return Range(value, max(0.0, value - below), value + above)


def _people(plan: Sequence[Assigned], week: Period) -> list[PersonLoad]:
    found = []
    for person in sorted({row.person for row in plan} - {NOT_RECORDED}):
        rows = [row for row in plan if row.person == person and _days_in(row, week)]
        held = [(row, hours_in(row, week)) for row in rows]
        work = [(_where(row), hours) for row, hours in held if row.kind == "work" and hours > 0]
        away = sum(hours for row, hours in held if row.kind == "absence")
        known = [row.capacity for row in rows if row.capacity is not None]
        if work or away:
            own = max(0.0, known[-1] - away) if known else None
            total = sum(hours for _, hours in work)
            found.append(PersonLoad(person, tuple(work), total, away, own))
    return found


def _where(row: Assigned) -> str:
    parts = (row.stage, row.project, row.team)
    return ", ".join(part for part in parts if part != NOT_RECORDED) or "other work"


def moved(one: StageLoad, other: StageLoad) -> tuple[StageLoad, StageLoad] | None:
    """Both stages after one person with a mean assignment went from the first to the second.

    None where nobody is assigned to the first.
    """
    if not one.people:
        return None
    hours = one.supply / one.people
    return (
        replace(one, supply=one.supply - hours, people=one.people - 1),
        replace(other, supply=other.supply + hours, people=other.people + 1),
    )
