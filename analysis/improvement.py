"""What came with an improvement: its measure after the change, beside its course before.

The method is `analysis.interrupted`; the periods are days where each has enough rows, else weeks.
Two kinds of series are refused, because chance alone lets them drift for weeks: what is open at
one moment (a stock adds up everything that came before), and any measure whose neighboring periods
are correlated by 0.80 or more, by the correlation that the likelihood gives (`Fit.rho`). Of 300
random walks 8 to 25% were called better without the second rule, 0 to 6% with it (9% with only 10
weeks on either side, which are too few to see a walk); of series whose neighbors are correlated by
0.5 it refuses at most 1%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

from analysis import words
from analysis.control.desk import covered
from analysis.interrupted import Estimate, Fit, Observed, fit, observed
from data_access.improvements import Improvement
from metrics.catalog import metric
from metrics.model import Kind, Metric
from metrics.periods import Grain, Period, period_of
from metrics.scope import Scope
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store

SPAN = timedelta(days=182)  # looked at before the change, and after it
NEEDED: dict[Grain, int] = {"day": 28, "week": 10}  # periods with a value, before and after
_ROWS_A_DAY, _COUNT_A_DAY = 20, 5  # at the median; below it periods are weeks
_DAYS_WITH_VALUE = 0.6
_RIVAL_BEFORE = timedelta(days=28)
_DRIFTS = 0.8  # correlation of neighbors from which a series is no longer told from a walk
_COUNTS = (Kind.COUNT, Kind.DISTINCT)


class Verdict(StrEnum):
    """What may be said."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "no clear change"
    UNTOLD = "cannot be told"


@dataclass(frozen=True)
class Step:
    """One period of the window.

    Attributes:
        value: the measure.
        beside: the measure in the comparison group; None without.
        seen: what the regression saw: the value, or its distance from the comparison group; None
            where the period takes no part.
        course: the fitted value of it, on a mean weekday.
        expected: after the change, where the earlier course would have led.
    """

    value: Value
    beside: Value | None = None
    seen: float | None = None
    course: float | None = None
    expected: Estimate | None = None


@dataclass(frozen=True)
class Rival:
    """Something else that happened near the change and may be what moved the measure."""

    on: date
    label: str


@dataclass(frozen=True)
class Measured:
    """An improvement with what its measure did.

    Attributes:
        improvement: as it was written down.
        metric, scope: the measure, its slices and the window looked at.
        grain: per day or week.
        verdict: what may be said.
        why: for UNTOLD, a sentence that says what is missing.
        before, after: periods with a value that the regression used.
        left_out: periods in the window that it did not: withheld, not over, or the week in which
            the change fell.
        fit: the regression; None for UNTOLD.
        steps: every period of the window, oldest first.
        actual, expected: mean of the measure after the change, and where its earlier course would
            have led; None for UNTOLD.
        rivals: what else happened from four weeks before the change on.
        weeks: the measure and the comparison group by week, to draw side by side; () without one.
        source_ends: why newer periods are left out, as it follows a colon; "" when none are.
    """

    improvement: Improvement
    metric: Metric
    scope: Scope
    grain: Grain
    verdict: Verdict
    why: str
    before: int
    after: int
    left_out: int
    fit: Fit | None
    steps: tuple[Step, ...]
    actual: float | None
    expected: float | None
    rivals: tuple[Rival, ...]
    source_ends: str
    weeks: tuple[tuple[Value, ...], ...] = ()

    @property
    def effect(self) -> Estimate | None:
        """How far the measure lay from its earlier course, with the 95% interval."""
        return self.fit.effect if self.fit else None


@dataclass(frozen=True)
class _Pair:
    value: Value
    beside: Value | None
    at: int | None  # None where the period takes no part

    @property
    def seen(self) -> float | None:
        """The value, or its distance from the comparison group; None where it takes no part."""
        if self.at is None or self.value.value is None:
            return None
        return self.value.value - ((self.beside.value or 0.0) if self.beside else 0.0)


def refused(about: Metric) -> str:
    """Why a measure can never be judged, with what to take instead; "" when it can."""
    if not about.is_stock:
        return ""
    tells = f"{words.in_sentence(about.label)} {words.verb(about, 'tells', 'tell')}"
    return (
        f"Cannot be told: {tells} what is open at one moment. Most of that was open the day "
        "before, so it drifts for weeks by chance, and a drift looks like a change. Measure what "
        "moves it instead: what comes in, what is completed, or how long it takes."
    )


def measure(store: Store, improvement: Improvement, others: Sequence[Improvement] = ()) -> Measured:
    """What the measure of an improvement did since its day.

    Args:
        store: where the numbers come from.
        improvement: the change.
        others: further improvements, to name those that may be behind the same movement.
    """
    about = metric(improvement.metric)
    window = _window(store, improvement)
    scope = improvement.during(window)
    blank = Measured(
        improvement, about, scope, "day", Verdict.UNTOLD, "", 0, 0, 0, None, (), None, None,
        _rivals(store, scope, improvement, others), "",
    )  # fmt: skip
    if why := refused(about):
        return replace(blank, why=why)
    if store.today <= improvement.start_on:
        return replace(blank, why="The change has not begun, so there is nothing to measure yet.")
    if improvement.comparison:
        blank = replace(blank, weeks=_weeks(store, improvement, about, _whole_weeks(scope)))
    pairs, ends = _pairs(store, improvement, about, scope, "day")
    if _are_days_enough(about, pairs):
        return _judged(replace(blank, source_ends=ends), pairs)
    pairs, ends = _pairs(store, improvement, about, _whole_weeks(scope), "week")
    return _judged(replace(blank, grain="week", source_ends=ends), pairs)


def _window(store: Store, improvement: Improvement) -> Period:
    start = improvement.start_on
    until = max(start + timedelta(days=1), min(store.today, start + SPAN))
    return Period(start - SPAN, until)


def _whole_weeks(scope: Scope) -> Scope:
    """The window from a Monday to a Sunday."""
    last = period_of(scope.period.last_day, "week")
    return scope.during(Period(period_of(scope.period.since, "week").since, last.until))


def _weeks(
    store: Store, improvement: Improvement, about: Metric, scope: Scope
) -> tuple[tuple[Value, ...], ...]:
    """The measure and the comparison group by week."""
    asked = (scope, improvement.comparison_during(scope.period))
    return tuple(
        tuple(v for v in store.series_values(about, one, "week")[about.name] if not v.is_partial)
        for one in asked
        if one is not None
    )


def _pairs(
    store: Store, improvement: Improvement, about: Metric, scope: Scope, grain: Grain
) -> tuple[list[_Pair], str]:
    """Every period with the measure, the comparison group, and its number from the change on."""
    values, ends = covered(store, scope, store.series_values(about, scope, grain)[about.name])
    beside: dict[Period, Value] = {}
    if other := improvement.comparison_during(scope.period):
        beside = {v.period: v for v in store.series_values(about, other, grain)[about.name]}
    start = improvement.start_on
    length = 7 if grain == "week" else 1
    first = start + timedelta(days=-start.weekday() % 7) if grain == "week" else start
    pairs = []
    for value in values:
        pair = beside.get(value.period)
        is_used = (
            value.value is not None
            and not value.is_partial
            and not (value.period.since < start < value.period.until)
            and (not improvement.comparison or (pair is not None and pair.value is not None))
        )
        number = (value.period.since - first).days // length
        pairs.append(_Pair(value, pair, number if is_used else None))
    return pairs, ends


def _are_days_enough(about: Metric, pairs: Sequence[_Pair]) -> bool:
    """Whether single days have rows enough."""
    used = [pair for pair in pairs if pair.at is not None]
    if len(used) < _DAYS_WITH_VALUE * len(pairs) or not used:
        return False
    if about.kind in _COUNTS:
        return median(pair.value.value or 0.0 for pair in used) >= _COUNT_A_DAY
    return median(pair.value.n for pair in used) >= _ROWS_A_DAY


def _judged(blank: Measured, pairs: Sequence[_Pair]) -> Measured:
    used = [pair for pair in pairs if pair.at is not None]
    after = sum((pair.at or 0) >= 0 for pair in used)
    found = replace(
        blank,
        before=len(used) - after,
        after=after,
        left_out=len(pairs) - len(used),
        steps=tuple(Step(p.value, p.beside, p.seen) for p in pairs),
    )
    if why := _missing(found):
        return replace(found, why=why)
    data = _observed(found, used)
    fitted = fit(data)
    if fitted is None:
        return replace(
            found, why="The values do not vary enough to say how much they do by chance."
        )
    if fitted.rho >= _DRIFTS:
        return replace(found, why=_drifting(found, fitted))
    actual = float(sum(p.value.value or 0.0 for p in used[-after:]) / after)
    return replace(
        found,
        fit=fitted,
        verdict=_verdict(fitted.effect, found.improvement.expected),
        steps=_steps(pairs, fitted),
        actual=actual,
        expected=actual - fitted.effect.value,
    )


def _verdict(effect: Estimate, expected: str) -> Verdict:
    if effect.low <= 0 <= effect.high:
        return Verdict.UNCLEAR
    return Verdict.BETTER if (effect.high < 0) == (expected == "lower") else Verdict.WORSE


def _missing(found: Measured) -> str:
    """What is missing to judge, as a sentence; "" when nothing is."""
    grain, needed = found.grain, NEEDED[found.grain]
    if found.before < needed:
        return (
            f"Cannot be told: {found.before} of the {needed} {grain}s needed before the change "
            "have a value."
        )
    if found.after < needed:
        more = needed - found.after
        return (
            f"Cannot be told yet: {more} {grain}{'' if more == 1 else 's'} missing after the "
            f"change ({found.after} of the {needed} needed have a value)."
        )
    return ""


def _drifting(found: Measured, fitted: Fit) -> str:
    """Why a series that hardly forgets cannot be judged, with what to do instead."""
    return (
        f"Cannot be told: neighboring {found.grain}s are correlated by about {fitted.rho:.2f}. "
        "Such a measure drifts by chance, and a drift looks like a change. Compare with a group "
        "that the change does not touch, or measure something that starts anew each period, like "
        "what is completed."
    )


def _observed(found: Measured, used: Sequence[_Pair]) -> Observed:
    """The series, or its distance from the comparison group."""
    at, y = [pair.at or 0 for pair in used], [pair.seen or 0.0 for pair in used]
    kind = found.metric.kind
    is_even = kind in _COUNTS
    spread = [
        1.0 if is_even else sum(1 / max(v.n, 1) for v in (p.value, p.beside) if v) for p in used
    ]
    days = [p.value.period.since.weekday() for p in used] if found.grain == "day" else None
    is_count = kind in _COUNTS and not found.improvement.comparison
    return observed(at, y, spread, weekday=days, is_count=is_count)


def _steps(pairs: Sequence[_Pair], fitted: Fit) -> tuple[Step, ...]:
    """Each period with its fitted value, and after the change with what was expected."""
    course, expected = iter(fitted.course), iter(fitted.expected)
    steps = []
    for pair in pairs:
        step = Step(pair.value, pair.beside, pair.seen)
        if pair.at is not None:
            line = next(expected) if pair.at >= 0 else None
            step = replace(step, course=float(next(course)), expected=line)
        steps.append(step)
    return tuple(steps)


def _rivals(
    store: Store, scope: Scope, improvement: Improvement, others: Sequence[Improvement]
) -> tuple[Rival, ...]:
    """Markers and other improvements from four weeks before the change to the window's end."""
    near = Period(improvement.start_on - _RIVAL_BEFORE, scope.period.until)
    own = improvement.name.casefold()
    found = [
        Rival(marker.on, marker.label)
        for marker in store.markers(scope.during(near))
        if marker.label.casefold() != own  # the change itself
    ]
    found += [
        Rival(one.start_on, one.name)
        for one in others
        if one.number != improvement.number
        and not one.is_dropped
        and near.contains(one.start_on)
        and (one.metric == improvement.metric or one.filters == improvement.filters)
    ]
    return tuple(sorted(found, key=lambda rival: rival.on))
