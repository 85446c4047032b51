"""The signals of a control chart with the way to their rows, the numbers as a file, the method."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from analysis.control import ControlPoint
from analysis.control.desk import Charted
from analysis.control.rule_words import fired_words
from analysis.run_rules import Fired
from ui import explain, rows
from ui.badges import signal_badge
from ui.text import md_escape
from ui.view import View

_MOST = 12
_METHOD = """
**Two questions.** *Variation*: is the change real? *Assurance*: will the target be met? They are
the two readings of NHS England's Making Data Count, which says “concerning” for what is
“worsening” here.

**The grey band** holds what the measure does by itself: its limits, three standard deviations
either side of the center (dotted). Inside them one value says nothing about one person. Limits
come from the first 26 periods of a phase, at least 12.

**More than routine** is: a value beyond a limit; 7 in a row on one side of the center; 6 moves
one way; 2 of 3 beyond two thirds of the way to a limit. By chance a steady measure shows one of
them in about 1 of 50 weeks, so look before you act. Other pages judge the newest period by one
chart (XmR) and three of the rules; here the chart follows the kind of measure, so now and then
the two differ.

**Which chart.** Shares of counted rows: p. Events per item: u. Everything else: XmR. Where a
share varies more than counting luck, its limits are widened (Laney, p′ and u′). EWMA and CUSUM
find small lasting shifts sooner: EWMA averages, newest first; CUSUM adds up what lies more than
half a standard deviation off.

**Will be met / will be missed**: the target lies outside the limits. **Hit and miss**: it lies
inside them, so it is met in some periods and missed in others, whoever works. Changing that takes
a change of the work.

**New limits** belong to a change of the work itself (a guideline, a tool), not to a wish for
fewer signals. A marker beside a change does not prove that it brought the change.
"""


def signals(view: View, found: Charted) -> None:
    """What was more than routine, newest first; each opens its rows. And all numbers as a file."""
    chart = found.chart
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("What was more than routine", anchor=False, width="stretch")
        rows.downloads(
            lambda: plain(found),
            name=f"control_{found.metric.name}_{chart.grain}",
            key="control_numbers",
            count=len(chart.points),
        )
    newest = list(reversed(chart.signals))
    with st.container(border=True, gap="small", key="signals"):
        if not newest:
            is_judged = any(phase.limits for phase in chart.phases)
            routine = "Nothing: every period with limits is routine variation."
            none = f"Nothing can be said yet: limits need 12 {chart.grain}s."
            st.markdown(f":gray[{routine if is_judged else none}]")
        for number, (point, fired) in enumerate(newest[:_MOST]):
            _row(view, found, point, fired, number)
        if len(newest) > _MOST:
            st.markdown(f":small[:gray[{_MOST} of {len(newest)}; the file has all.]]")


def _row(view: View, found: Charted, point: ControlPoint, fired: Fired, number: int) -> None:
    chart = found.chart
    badge, words, way = st.columns([1.45, 9, 1], vertical_alignment="center")
    badge.markdown(signal_badge(chart.signal_of(fired), "↑" if fired.direction > 0 else "↓"))
    rule = md_escape(fired_words(chart, fired))
    start = chart.since(point, fired)
    since = f", since {start.short}" if start != point.period else ""
    words.markdown(
        f"**{point.period.label}**: {point.value.text}, {rule}{since}  \n"
        f":small[:gray[n = {point.value.n:,} {md_escape(found.metric.n_of)}]]"
    )
    scope = view.scope.during(point.period)
    with way.container(horizontal=True, horizontal_alignment="right"):
        explain.button(found.metric, scope, key=f"signal_{number}_rows", label="Rows", tab="Rows")


def plain(found: Charted) -> pa.Table:
    """Every period with its limits and the rules that fired, unrounded, for a file."""
    chart = found.chart
    points = chart.points
    number = pa.float64()
    return pa.table(
        {
            "metric": [found.metric.name for _ in points],
            "period": [point.period.name for point in points],
            "first_day": pa.array([point.period.since for point in points], pa.date32()),
            "value": pa.array([point.value.value for point in points], number),
            "n": pa.array([point.value.n for point in points], pa.int64()),
            "chart": [chart.kind.value for _ in points],
            "plotted": pa.array([point.plotted for point in points], number),
            "falls": pa.array([point.falls for point in points], number),
            "center": pa.array([point.center for point in points], number),
            "low": pa.array([point.low for point in points], number),
            "high": pa.array([point.high for point in points], number),
            "phase": pa.array([point.phase + 1 for point in points], pa.int64()),
            "rules": [
                "; ".join(fired_words(chart, fired) for fired in point.flags) for point in points
            ],
        }
    )


def method() -> None:
    """What the limits, the rules and both readings are."""
    with st.expander("Limits, rules and the two readings", key="control_method"):
        st.markdown(_METHOD)
