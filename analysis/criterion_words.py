"""A criterion in words: its threshold, its slices, its days, its day to meet it by."""

from __future__ import annotations

from datetime import date

from data_access.criteria import WHOLE, Criterion, last_weeks
from metrics.catalog import METRICS
from metrics.model import Metric
from metrics.periods import Period, parse_period
from metrics.scope import Scope, parse_filters
from metrics.scope import scope as scope_of

_ANY = Period(date(2000, 1, 1), date(2000, 1, 2))


def asked(criterion: Criterion, metric: Metric | None) -> str:
    """The threshold in words: "at least 92.0%", "between 10 and 20"; exact digits if need be."""
    if metric is None:
        ends = [f"{end:g}" for end in (criterion.threshold, criterion.upper) if end is not None]
    else:
        ends = [
            threshold_text(metric, end)
            for end in (criterion.threshold, criterion.upper)
            if end is not None
        ]
    return f"{criterion.comparison} {' and '.join(ends)}"


def threshold_text(metric: Metric, end: float) -> str:
    """A threshold with the decimals it was typed with, and at least those of the unit.

    >>> threshold_text(METRICS["first_pass_acceptance"], 0.9225)
    '92.25%'
    """
    unit, more = metric.unit, 4
    number = unit.show(end, extra_decimals=more).removesuffix(unit.suffix)
    for _ in range(more):
        number = number.removesuffix("0")
    return number.removesuffix(".") + unit.suffix


def window_words(window: str, period: Period | None) -> str:
    """The days in words: "last 4 complete weeks (19 Oct–15 Nov 2026)"."""
    if weeks := last_weeks(window):
        noun = "week" if weeks == 1 else f"{weeks} weeks"
        dates = f" ({period.dates})" if period else ""
        return f"last complete {noun}{dates}"
    if window == WHOLE:
        return "the whole batch"
    return (period or parse_period(window)).label


def scope_words(criterion: Criterion, period: Period | None) -> str:
    """Slices, days and the smallest n: "Team: Radiology; week 46 ..., at least 40 rows"."""
    filters: Scope = scope_of(_ANY, parse_filters(criterion.filters))
    metric = METRICS.get(criterion.metric)
    rows = metric.n_of if metric else "rows"
    parts = [filters.words, window_words(criterion.window, period)]
    if criterion.min_n > 1:
        parts.append(f"n at least {criterion.min_n:,} {rows}")
    if criterion.must_clear:
        parts.append("the whole interval must clear it")
    return "; ".join(part for part in parts if part)


def due_words(due_on: date, today: date) -> str:
    """How many days are left: "due in 3 days", "due today", "overdue by 1 day"."""
    left = (due_on - today).days
    if left == 0:
        return "due today"
    days = f"{abs(left):,} {'day' if abs(left) == 1 else 'days'}"
    return f"due in {days}" if left > 0 else f"overdue by {days}"
