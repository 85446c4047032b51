"""The fields of an acceptance criterion, held against the catalogue while they are typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from analysis.criterion_words import asked, scope_words
from data_access.criteria import (
    COMPARISONS,
    MOST_WEEKS,
    WHOLE,
    WITH_INTERVAL,
    Comparison,
    Criterion,
    checked_criterion,
    checked_filters,
    fixed_days,
    last_weeks,
)
from metrics.catalog import METRICS
from metrics.errors import AppError
from metrics.model import Better, Metric
from metrics.periods import Period, last_complete_week, period_of
from metrics.scope import parse_filters
from ui.messages import error, quiet
from ui.names import metric_label
from ui.text import md_escape
from ui.view import View

_WEEK, _DATES, _LAST, _BATCH = "A week", "Two dates", "The last complete weeks", "The whole batch"
_FIRST = "first_pass_acceptance"


def fields(view: View, old: Criterion | None) -> Criterion | None:
    """Draw the fields; returns the criterion, or None while something in it cannot be checked."""
    names = list(METRICS)
    first = old.metric if old and old.metric in METRICS else _FIRST
    name = st.selectbox(
        "Measure", names, index=names.index(first), format_func=metric_label, key="crit_metric"
    )
    metric = METRICS[name]
    quiet(md_escape(metric.definition))
    filters = _filters(view, metric, old)
    window = _window(view, old)
    ends = _threshold(metric, old)
    rest = _rest(view, metric, old)
    try:
        found = checked_criterion(
            Criterion(
                metric=name, filters=filters, window=window, comparison=ends.comparison,
                threshold=ends.low, upper=ends.high, min_n=rest.min_n, due_on=rest.due_on,
                must_clear=rest.must_clear,
            )
        )  # fmt: skip
    except AppError as problem:
        error(problem)
        return None
    _preview(view, found, metric)
    return found


def _filters(view: View, metric: Metric, old: Criterion | None) -> str:
    dims = view.store.dimensions(metric)
    typed = st.text_input(
        "Where", value=old.filters if old else "", key="crit_filters", max_chars=1_000,
        placeholder="everywhere",
        help=f"Like dataset=CT; team=Radiology. This measure can be filtered by {', '.join(dims)}.",
    )  # fmt: skip
    try:
        parts = parse_filters(checked_filters(typed or "", metric))
    except AppError:
        return typed or ""  # told below, with everything else
    for name, values in parts.items():
        known = view.store.dimension_values(name)
        unknown = [value for value in values if value not in known]
        if unknown:
            more = f" and {len(known) - 12} more" if len(known) > 12 else ""
            st.warning(
                f"**▲ No row has {md_escape(name)}\\={md_escape(', '.join(unknown))} yet.** "
                f"There are: {md_escape(', '.join(known[:12]))}{more}."
            )
    return typed or ""


def _window(view: View, old: Criterion | None) -> str:
    kinds = (_WEEK, _DATES, _LAST, _BATCH)
    left, right = st.columns(2)
    kind = left.selectbox("Days", kinds, index=kinds.index(_kind(old)), key="crit_window")
    days = fixed_days(old.window) if old else None
    if kind == _BATCH:
        right.markdown(
            ":small[:gray[All rows of the batch, whenever. Name it: batch\\=CXR\\-B12.]]"
        )
        return WHOLE
    if kind == _LAST:
        weeks = right.number_input(
            "Weeks", min_value=1, max_value=MOST_WEEKS, step=1, key="crit_weeks",
            value=(last_weeks(old.window) if old else 0) or 4,
            help="They move on with the data until the criterion is due, then stand still.",
        )  # fmt: skip
        return f"last {int(weeks)} weeks"
    if kind == _WEEK:
        day = right.date_input(
            "Week of", value=days.since if days else view.store.today, key="crit_week",
            format="YYYY-MM-DD",
        )  # fmt: skip
        return period_of(_day(day, view.store.today), "week").name
    span = days or last_complete_week(view.store.today)
    picked = right.date_input(
        "First and last day", value=(span.since, span.last_day), key="crit_days",
        format="YYYY-MM-DD",
    )  # fmt: skip
    if isinstance(picked, tuple) and len(picked) == 2:
        span = Period(picked[0], picked[1] + timedelta(days=1))
    return span.name


def _day(picked: object, fallback: date) -> date:
    return picked if isinstance(picked, date) else fallback


def _kind(old: Criterion | None) -> str:
    if old is None or last_weeks(old.window):
        return _LAST
    days = fixed_days(old.window)
    if days is None:
        return _BATCH
    return _WEEK if days.grain == "week" else _DATES


@dataclass(frozen=True)
class _Ends:
    comparison: Comparison
    low: float
    high: float | None


def _threshold(metric: Metric, old: Criterion | None) -> _Ends:
    """The threshold as it is typed, in the measure's unit; kept unscaled."""
    unit = metric.unit
    first: Comparison = "at most" if metric.better is Better.LOWER else "at least"
    if old and old.metric == metric.name:
        first = old.comparison
    one, two, three = st.columns(3)
    comparison = one.selectbox(
        "Good is", COMPARISONS, index=COMPARISONS.index(first), key=f"crit_comparison_{metric.name}"
    )
    shown = {"low": metric.target or 0.0, "high": 0.0}
    if old and old.metric == metric.name:
        shown = {"low": old.threshold, "high": old.upper or 0.0}
    suffix = unit.suffix.strip() or unit.name
    typed = [
        place.number_input(
            f"{label} ({suffix})", value=shown[key] * unit.scale, key=f"crit_{key}_{metric.name}",
            format="%.2f", step=1.0,
        )
        for place, label, key in ((two, "Threshold", "low"), (three, "and", "high"))
        if key == "low" or comparison == "between"
    ]  # fmt: skip
    ends = [round(float(number or 0.0), 6) / unit.scale for number in typed]
    return _Ends(comparison, ends[0], ends[1] if len(ends) > 1 else None)


@dataclass(frozen=True)
class _Rest:
    min_n: int
    due_on: date
    must_clear: bool


def _rest(view: View, metric: Metric, old: Criterion | None) -> _Rest:
    one, two = st.columns(2)
    min_n = one.number_input(
        "Smallest n", min_value=1, step=1, key=f"crit_n_{metric.name}",
        value=old.min_n if old and old.metric == metric.name else max(1, metric.min_rows),
        help=f"With fewer {metric.n_of} there is not enough evidence.",
    )  # fmt: skip
    due = two.date_input(
        "By", value=old.due_on if old else view.store.today + timedelta(days=14), key="crit_due",
        format="YYYY-MM-DD",
    )  # fmt: skip
    can_clear = metric.kind in WITH_INTERVAL
    must_clear = st.checkbox(
        "The whole 95% interval must clear the threshold",
        value=bool(old and old.must_clear and can_clear), disabled=not can_clear,
        key=f"crit_clear_{metric.name}",
        help="Else the value itself is compared and the interval is only shown."
        if can_clear else f"{metric.label} has no interval.",
    )  # fmt: skip
    return _Rest(int(min_n), _day(due, view.store.today), must_clear)


def _preview(view: View, found: Criterion, metric: Metric) -> None:
    """The criterion as it will read, and a warning when its days are over already."""
    st.markdown(
        f"**{md_escape(metric.label)} {md_escape(asked(found, metric))}**  \n"
        f":small[:gray[{md_escape(scope_words(found, None))}]]"
    )
    days = fixed_days(found.window)
    if days is not None and days.until <= view.store.today:
        st.warning(
            "**▲ These days are over.** The criterion will be marked “Set after the data”: a "
            "threshold chosen with the result in sight proves little."
        )
