"""The Explain control: what is behind a number: definition, both windows, rows, SQL, trend."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from analysis.model import Assessment
from charts.timeline import control
from metrics.catalog import METRICS
from metrics.model import Metric
from metrics.scope import DIMENSIONS, Scope
from ui import filters, guide_links, rows
from ui.badges import signal_word, status_badge
from ui.drawing import draw, markers
from ui.judging import assessments
from ui.messages import section
from ui.names import metric_label
from ui.text import md_escape
from ui.view import View, current

Tab = Literal["Definition", "Rows", "SQL", "Chart"]
TABS: tuple[Tab, ...] = ("Definition", "Rows", "SQL", "Chart")


def button(
    metric: Metric, scope: Scope, *, key: str, label: str = "Explain", tab: Tab = "Definition"
) -> None:
    """A quiet button that opens what is behind a number."""
    if st.button(f":primary[:small[{label}]]", type="tertiary", key=key):
        show(metric, scope, tab=tab)


def show(metric: Metric, scope: Scope, *, tab: Tab = "Definition") -> None:
    """Open the dialog of a number."""
    st.dialog(metric.label, width="large")(_body)(metric, scope, tab)


def _body(metric: Metric, scope: Scope, first: Tab) -> None:
    view = current()
    with section(metric.label):
        (judged,) = assessments(view, [metric], scope=scope)
        st.markdown(
            f"**{judged.value_text}** {status_badge(judged.status)} {signal_word(judged.signal)}"
            f"  \n:small[:gray[{md_escape(judged.windows)}{_slice(scope)}]]"
        )
        tab = st.segmented_control(
            "What to show",
            TABS,
            default=first,
            required=True,
            key="explain_tab",
            label_visibility="collapsed",
        )
        if tab == "Definition":
            _definition(view, judged)
        elif tab == "Rows":
            rows.panel(view, metric, scope, key="explain")
        elif tab == "SQL":
            st.markdown(":small[:gray[Runs as it stands on the warehouse of this workspace.]]")
            st.code(view.store.sql(metric, scope), language="sql", wrap_lines=True)
        else:
            _chart(view, judged)


def _slice(scope: Scope) -> str:
    return f" \N{MIDDLE DOT} {md_escape(scope.words)}" if scope.words else ""


def _definition(view: View, judged: Assessment) -> None:
    metric = judged.metric
    st.markdown(
        f"{md_escape(metric.definition)}\n\n**{md_escape(judged.lead)}**{md_escape(judged.rest)}"
        f"  \n:small[:gray[{md_escape(judged.evidence)}]]"
    )
    facts = {
        "Target": f"{judged.target_text} ({judged.target.origin})" if judged.target else "none",
        "Owner": metric.owner,
        "Read from": f"{metric.source}, placed by {metric.at}",
        "Withheld below": f"{metric.min_rows} {metric.n_of}" if metric.min_rows > 1 else "",
        "Can be split by": ", ".join(_labels(view, metric)),
        "Name": metric.name,
    }
    st.table(
        {name: md_escape(text) for name, text in facts.items() if text},
        border="horizontal",
        alt=f"Facts about {metric.label}",
    )
    guide_links.of_measure(view, metric.name)
    st.markdown("**Fixed link to this view**")
    st.code(filters.link(view.period), language=None, wrap_lines=True)


def _labels(view: View, metric: Metric) -> list[str]:
    return [DIMENSIONS[name][0].lower() for name in view.store.dimensions(metric)]


def _chart(view: View, judged: Assessment) -> None:
    st.markdown(f"**{md_escape(judged.sentence)}**  \n:small[:gray[{md_escape(judged.evidence)}]]")
    if not judged.series:
        st.markdown(":gray[There are no complete periods to draw yet.]")
        return
    chart = control(judged, theme=view.theme, markers=markers(view, judged.series), height=220)
    draw(chart, key="explain_chart", empty="There are no complete periods to draw yet.")
    if judged.metric.name not in METRICS:
        return
    st.page_link(
        "pages/operations/trends.py",
        label="Open in Trends",
        icon=":material/show_chart:",
        query_params={"metric": metric_label(judged.metric.name)},
    )
