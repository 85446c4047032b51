"""The wall of numbers: value, change, status, signal, sparkline, and the way behind each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis.model import Assessment, Status
from charts.model import Chart
from charts.spark import sparkline
from metrics.model import Metric
from ui import explain, guide_links
from ui.badges import chip_color, signal_word, status_badge
from ui.drawing import draw
from ui.judging import assessments
from ui.memo import remember
from ui.messages import quiet
from ui.text import md_escape
from ui.view import View

_METRIC_WIDTH = 195  # leaves room for Explain on a desk; on a phone Explain moves below


def wall(view: View, metrics: Sequence[Metric], *, columns: int = 4, key: str = "kpi") -> None:
    """A tile per measure, four a row on a desk and two on a phone, and what they show."""
    with st.grid(columns, min_column_width=150, gap="small"):
        for judged in assessments(view, metrics):
            _tile(view, judged, key=f"{key}_{judged.metric.name}")
    _note()


def _note() -> None:
    """What the sparklines and the words on the tiles mean."""
    quiet(
        "Last 13 weeks; dashed line: target. “Worsening” and “improving” are said only when the "
        "change is larger than routine week-to-week variation (control chart, up to 26 weeks)."
    )
    guide_links.of_small_charts()


def _tile(view: View, judged: Assessment, *, key: str) -> None:
    metric = judged.metric
    with st.container(border=True, gap="xsmall", height="stretch", key=key):
        with st.container(horizontal=True, gap=None, horizontal_alignment="distribute"):
            st.metric(
                metric.label,
                judged.value_text,
                width=_METRIC_WIDTH,
                help=f"{metric.definition}  \nOwner: {metric.owner}. {judged.windows}.",
            )
            explain.button(judged.metric, judged.scope, key=f"{key}_explain")
        st.markdown(
            f"{change_chip(view, judged)}{status_badge(judged.status)} "
            f":small[{_target_line(judged)}]"
        )
        draw(
            _sparkline(view, judged),
            key=f"{key}_line",
            empty=":small[No earlier periods to draw.]",
        )


def change_chip(view: View, judged: Assessment) -> str:
    """The change and the window it is against, with a line break after; "" when there is none.

    Not the delta of st.metric: the window beside it is too pale to read (4.2 : 1).
    """
    unit, value = judged.metric.unit, judged.value.value
    if view.comparison.then is not None:
        change = judged.change
    elif judged.target is not None and value is not None:
        change = value - judged.target.value
    else:
        change = None
    if change is None and value is not None and view.comparison.then is not None:
        return f":small[:gray[no value in {view.versus_label}]]  \n"
    if change is None:
        return ""
    color = chip_color(judged.signal, change, judged.metric.better)
    return f":{color}-badge[{unit.show_change(change)}] :small[:gray[{view.versus_words}]]  \n"


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
