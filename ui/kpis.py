"""The wall of numbers: value, change, status, signal, sparkline, and the way behind each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis.model import Assessment, Status
from charts.model import Chart
from charts.spark import sparkline
from metrics.model import Metric
from ui import explain
from ui.badges import metric_color, signal_word, status_badge
from ui.drawing import draw
from ui.judging import assessments
from ui.memo import remember
from ui.text import md_escape
from ui.view import View

_METRIC_WIDTH = 195  # leaves room for Explain on a desk; on a phone Explain moves below


def wall(view: View, metrics: Sequence[Metric], *, columns: int = 4, key: str = "kpi") -> None:
    """A tile per measure, four a row on a desk and two on a phone."""
    with st.grid(columns, min_column_width=150, gap="small"):
        for judged in assessments(view, metrics):
            _tile(view, judged, key=f"{key}_{judged.metric.name}")


def wall_note() -> None:
    """What the sparklines and the words on the tiles mean."""
    st.caption(
        "Last 13 weeks; dashed line: target. “Worsening” and “improving” are said only when the "
        "change is larger than routine week-to-week variation (control chart, up to 26 weeks)."
    )


def _tile(view: View, judged: Assessment, *, key: str) -> None:
    metric = judged.metric
    with st.container(border=True, gap="xsmall", height="stretch", key=key):
        with st.container(horizontal=True, gap=None, horizontal_alignment="distribute"):
            delta, against = _change(view, judged)
            st.metric(
                metric.label,
                judged.value_text,
                delta,
                delta_color=metric_color(judged.signal),
                delta_description=against,
                delta_arrow="off",
                width=_METRIC_WIDTH,
                help=f"{metric.definition}  \nOwner: {metric.owner}. {judged.windows}.",
            )
            explain.button(judged.metric, judged.scope, key=f"{key}_explain")
        st.markdown(f"{status_badge(judged.status)} :small[{_target_line(judged)}]")
        draw(
            _sparkline(view, judged),
            key=f"{key}_line",
            empty=":small[No earlier periods to draw.]",
        )


def _change(view: View, judged: Assessment) -> tuple[str | None, str | None]:
    """The change chip and the window it is against."""
    unit, value = judged.metric.unit, judged.value.value
    if view.comparison.then is None:
        if judged.target is None or value is None:
            return None, None
        return unit.show_change(value - judged.target.value), "vs target"
    if judged.change is None:
        return None, None
    return judged.change_text, view.versus_words


def _target_line(judged: Assessment) -> str:
    if judged.value.withheld and judged.status is not Status.MISSING:
        return f":gray[{md_escape(judged.value.withheld)}]"
    word = signal_word(judged.signal)
    if judged.value.is_partial:
        return ":gray[so far, not judged]"
    if not judged.target_text:
        return word
    return f":gray[target {judged.target_text},] {word}"


def _sparkline(view: View, judged: Assessment) -> Chart:
    metric = judged.metric
    key = (*view.key, "sparkline", metric, judged.scope, view.theme)
    return remember(
        key,
        lambda: sparkline(
            [value.value for value in judged.series],
            unit=metric.unit,
            theme=view.theme,
            label=metric.label,
            target=judged.target.value if judged.target else None,
            signal=judged.signal,
        ),
    )
