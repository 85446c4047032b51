"""The Trends page: any measure by day, week or month, split if wanted, as chart and as table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from analysis.model import Assessment
from charts.model import Chart
from charts.timeline import trend
from metrics.catalog import METRICS, metric
from metrics.flow import TURNAROUND_P50
from metrics.model import Metric
from metrics.periods import (
    GRAINS,
    Grain,
    Period,
    parse_period,
    period_of,
    periods_before,
    show_date,
)
from metrics.scope import DIMENSIONS
from metrics.value import Value
from ui import explain, filters, series_table
from ui.badges import signal_word, status_badge
from ui.drawing import Picked, draw
from ui.judging import assessments
from ui.kpis import change_chip
from ui.memo import remember
from ui.names import metric_label, unit_words
from ui.text import count_of, dotted, md_escape
from ui.view import View

METRIC, GRAIN, SPLIT, RANGE = "metric", "grain", "split", "range"
_HISTORY: dict[Grain, int] = {"day": 56, "week": 26, "month": 13}
_DAYS: dict[Grain, int] = {"day": 1, "week": 7, "month": 28}
_NO_SPLIT = "none"


@dataclass(frozen=True)
class Question:
    """What the page's own controls say."""

    metric: Metric
    grain: Grain
    by: str | None
    with_range: bool


def explorer(view: View) -> None:
    """The whole of the Trends page: controls, answer, chart, table."""
    asked = _controls(view)
    (judged,) = assessments(view, [asked.metric])
    _answer(view, judged)
    rows = _series(view, asked)
    with st.container(border=True):
        _chart_head(view, asked, rows)
        draw(
            _chart(view, asked, judged, rows),
            key="trend_chart",
            empty="No period of this span has a value in these filters.",
            on_pick=_filter_by(asked),
        )
    series_table.show(asked.metric, asked.grain, asked.by, rows)


def _controls(view: View) -> Question:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="trend_bar"):
        name = st.selectbox(
            "Measure",
            list(METRICS),
            index=list(METRICS).index(TURNAROUND_P50.name),
            key=METRIC,
            bind="query-params",
            width=330,
            format_func=metric_label,
            label_visibility="collapsed",
        )
        about = metric(name)
        grain: Grain = st.segmented_control(
            "Grain",
            GRAINS,
            default="week",
            required=True,
            key=GRAIN,
            bind="query-params",
            format_func=str.capitalize,
            label_visibility="collapsed",
        )
        by = st.selectbox(
            "Split by",
            [_NO_SPLIT, *view.store.dimensions(about)],
            key=SPLIT,
            bind="query-params",
            width=190,
            format_func=_split_label,
            label_visibility="collapsed",
        )
        with_range = st.toggle(
            "Expected range",
            key=RANGE,
            bind="query-params",
            disabled=by != _NO_SPLIT,
            help="Control limits: mean ± 2.66 mean moving range of up to 26 periods before.",
        )
    return Question(about, grain, None if by == _NO_SPLIT else by, with_range)


def _split_label(name: str) -> str:
    return "No split" if name == _NO_SPLIT else f"By {DIMENSIONS.get(name, (name,))[0].lower()}"


def _answer(view: View, judged: Assessment) -> None:
    about = judged.metric
    number, words = st.columns([1, 3.4], gap="medium")
    with number, st.container(border=True, height="stretch", gap="xsmall", key="trend_value"):
        st.metric(about.label, judged.value_text)
        target = f" :small[:gray[target {judged.target_text},]]" if judged.target_text else ""
        st.markdown(
            f"{change_chip(view, judged)}{status_badge(judged.status)}{target} "
            f":small[{signal_word(judged.signal)}]"
        )
    with words, st.container(border=True, height="stretch", gap="xsmall", key="trend_words"):
        st.markdown(f"**{md_escape(judged.lead)}**{md_escape(judged.rest)}")
        st.markdown(
            f":small[:gray[{md_escape(judged.evidence)}]]  \n"
            f":small[:gray[Compared: {md_escape(judged.windows)}]]"
        )
        with st.container(horizontal=True, gap="small"):
            for tab in explain.TABS[:3]:
                explain.button(about, judged.scope, key=f"trend_{tab}", label=tab, tab=tab)


def span(period: Period, grain: Grain) -> Period:
    """The days drawn: the period itself when it holds several, else its history up to it."""
    if period.days >= 8 * _DAYS[grain]:
        return period
    last = period_of(period.last_day, grain)
    first = periods_before(last, _HISTORY[grain] - 1, grain)[0]
    return Period(first.since, last.until)


def _series(view: View, asked: Question) -> tuple[Value, ...]:
    drawn = view.scope.during(span(view.period, asked.grain))
    found = view.store.series_values(asked.metric, drawn, asked.grain, by=asked.by)
    return found[asked.metric.name]


def _chart_head(view: View, asked: Question, rows: tuple[Value, ...]) -> None:
    periods = count_of(len({row.period for row in rows}), asked.grain)
    split = f" by {DIMENSIONS[asked.by][0].lower()}" if asked.by else ""
    hint = "click a line to filter by it" if asked.by else "click a point to see its period"
    last = show_date(span(view.period, asked.grain).last_day)
    parts = (f"{periods} up to {last}", unit_words(asked.metric), hint)
    st.markdown(f"**{asked.metric.label}{split}**  \n:small[:gray[{dotted(*parts)}]]")


def _chart(view: View, asked: Question, judged: Assessment, rows: tuple[Value, ...]) -> Chart:
    drawn = view.scope.during(span(view.period, asked.grain))
    ranged = _judged_at_grain(view, asked) if asked.with_range and asked.by is None else None
    return remember(
        (*view.key, "trend", asked, drawn, view.scope, view.theme),
        lambda: trend(
            asked.metric,
            rows,
            theme=view.theme,
            grain=asked.grain,
            target=judged.target.value if judged.target else None,
            limits=ranged.limits if ranged else None,
            markers=view.store.markers(drawn),
            height=300,
        ),
    )


def _judged_at_grain(view: View, asked: Question) -> Assessment:
    """The measure in the last complete day, week or month of the span, for its expected range."""
    last = period_of(view.period.last_day, asked.grain)
    if last.until > view.store.today:
        last = periods_before(last, 1, asked.grain)[0]
    (judged,) = assessments(view, [asked.metric], scope=view.scope.during(last))
    return judged


def _filter_by(asked: Question) -> Callable[[Picked], None]:
    def pick(picked: Picked) -> None:
        if asked.by and picked.get("segment"):
            filters.toggle(asked.by, str(picked["segment"]))
        elif picked.get("period"):
            filters.show_period(parse_period(str(picked["period"])))

    return pick
