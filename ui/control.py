"""The Control charts page: one measure charted and read, its signals, and a wall of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from analysis.control import Assurance, ChartKind, Proposal, Rebase, proposals
from analysis.control.desk import Charted, charted, window
from analysis.control.rule_words import fired_words, phase_words
from analysis.model import Signal
from analysis.words import within
from charts.process import process
from charts.spark import sparkline_svg
from metrics.catalog import CHARTED, metric
from metrics.model import Metric
from metrics.periods import GRAINS, Grain, show_date
from metrics.quality import REJECTION_RATE
from ui import cards, control_table, explain
from ui.badges import reading_badges
from ui.drawing import draw
from ui.memo import remember
from ui.messages import quiet
from ui.names import metric_label, unit_words
from ui.text import count_of, dotted, md_escape
from ui.view import View

MEASURE, GRAIN, KIND, REBASE = "measure", "every", "chart", "rebase"
_AUTO = "auto"
_KINDS = [_AUTO, *(kind.value for kind in ChartKind)]
_CUSUM_UNIT = "in standard deviations"


@dataclass(frozen=True)
class Question:
    """What the page's own controls say."""

    metric: Metric
    grain: Grain
    kind: ChartKind | None
    rebase: tuple[Rebase, ...]


def explorer(view: View) -> Grain:
    """One measure: controls, answer, chart, signals. Returns the grain for the wall."""
    asked = _controls(view)
    found = _charted(view, [asked.metric], asked)
    if not found:
        st.info(
            f"**○ Not judged.** {md_escape(asked.metric.label)} has no whole {asked.grain} with a "
            "value in these filters."
        )
        return asked.grain
    _answer(found[0])
    with st.container(border=True, key="control_card"):
        _head(view, asked, found[0])
        _draw(view, asked, found[0])
        _below(view, asked, found[0])
    control_table.signals(view, found[0])
    return asked.grain


def _controls(view: View) -> Question:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="control_bar"):
        name = st.selectbox(
            "Measure",
            list(CHARTED),
            index=list(CHARTED).index(REJECTION_RATE.name),
            key=MEASURE,
            bind="query-params",
            width=330,
            format_func=metric_label,
            label_visibility="collapsed",
        )
        grain: Grain = st.segmented_control(
            "Per day, week or month",
            GRAINS,
            default="week",
            required=True,
            key=GRAIN,
            bind="query-params",
            format_func=str.capitalize,
            label_visibility="collapsed",
        )
        kind = st.selectbox(
            "Chart",
            _KINDS,
            key=KIND,
            bind="query-params",
            width=230,
            format_func=_kind_label,
            label_visibility="collapsed",
        )
        rebase = _rebase_control(view, grain)
    chosen = None if kind == _AUTO else ChartKind(kind)
    return Question(metric(name), grain, chosen, rebase)


def _kind_label(name: str) -> str:
    return "Chart: by kind of measure" if name == _AUTO else ChartKind(name).label


def _rebase_control(view: View, grain: Grain) -> tuple[Rebase, ...]:
    """The markers of the span, to let limits start anew at; what is chosen is in the address."""
    offered = {_rebase_label(one): one for one in _markers(view, grain)}
    chosen = st.multiselect(
        "New limits from",
        list(offered),
        key=REBASE,
        bind="query-params",
        width=260,
        placeholder="New limits from …",
        label_visibility="collapsed",
        disabled=not offered,
        help="Limits are worked out anew from the first whole period after a marker.",
    )
    return tuple(offered[label] for label in chosen if label in offered)


def _rebase_label(one: Rebase) -> str:
    return f"{show_date(one.on)}: {one.reason}".replace("\N{NO-BREAK SPACE}", " ")


def _markers(view: View, grain: Grain) -> list[Rebase]:
    found = view.store.markers(view.scope.during(window(view.period, grain)))
    return [Rebase(marker.on, marker.label) for marker in found]


def _charted(view: View, metrics: Sequence[Metric], asked: Question) -> tuple[Charted, ...]:
    key = (*view.key, "charted", tuple(metrics), view.scope, asked.grain, asked.kind, asked.rebase)
    return remember(
        key,
        lambda: charted(
            view.store, metrics, view.scope, asked.grain, kind=asked.kind, rebase=asked.rebase
        ),
    )


def _answer(found: Charted) -> None:
    """Both readings in one banner; its color is that of the louder one."""
    reading, label = found.reading, found.metric.label
    text = f"**{{shape}} {md_escape(label)}.** {md_escape(reading.variation)}  \n"
    text += md_escape(reading.promise)
    if reading.assurance is Assurance.MISSED:
        st.error(text.format(shape="■"))
    elif reading.signal is Signal.WORSENING or reading.assurance is Assurance.VARIES:
        st.warning(text.format(shape="▲"))
    elif reading.assurance is Assurance.MET:
        st.success(text.format(shape="●"))
    else:
        st.info(text.format(shape="○"))


def _head(view: View, asked: Question, found: Charted) -> None:
    """Name, value and badges; why this chart; the ways behind the number."""
    chart, about = found.chart, found.metric
    last = chart.last
    value = f" {last.value.text} {within(last.period)}" if last else ""
    unit = _CUSUM_UNIT if chart.kind is ChartKind.CUSUM else unit_words(about)
    why = chart.why.rstrip(".")
    if asked.kind not in (None, chart.kind):
        why = f"A {asked.kind.label} does not fit this measure. {why}"
    periods = count_of(len(chart.points), chart.grain)
    small = dotted(chart.kind.label, periods, unit, why, "click a point to see it")
    with st.container(horizontal=True, gap="small", vertical_alignment="top", wrap=False):
        st.markdown(
            f"**{md_escape(about.label)}**{value}  \n{reading_badges(found.reading)}  \n"
            f":small[:gray[{md_escape(small)}]]",
            width="stretch",
        )
        scope = view.scope.during(last.period) if last else view.scope
        explain.button(about, scope, key="control_explain")


def _draw(view: View, asked: Question, found: Charted) -> None:
    chart = remember(
        (*view.key, "process", asked, found.scope, view.theme),
        lambda: process(
            found.chart,
            theme=view.theme,
            markers=view.store.markers(found.scope),
            target=found.target.value if found.target else None,
            height=300,
        ),
    )
    empty = f"An average or a sum starts from limits, and these need 12 {asked.grain}s."
    draw(chart, key="control_chart", empty=empty, on_pick=cards.to_period)


def _below(view: View, asked: Question, found: Charted) -> None:
    """Where limits come from and why, what weakens them, and where they could start anew."""
    lines = [f"{phase_words(phase, asked.grain)}." for phase in found.chart.phases]
    lines += found.chart.notes
    if found.left_out:
        lines.append(f"Newer periods are left out: {found.left_out}.")
    st.markdown("  \n".join(f":small[:gray[{md_escape(line)}]]" for line in lines))
    offered = proposals(found.values, _markers(view, asked.grain), found.chart)
    for number, proposal in enumerate(offered):
        _offer(found, proposal, number)


def _offer(found: Charted, proposal: Proposal, number: int) -> None:
    """A marker after which the measure left its limits, with a button that starts them anew."""
    words = fired_words(found.chart, proposal.fired)
    label = _rebase_label(proposal.rebase)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f":small[:blue-badge[New limits?] {md_escape(words)} after **{md_escape(label)}**, "
            "by the limits of the periods before. Take new limits only when the work itself "
            "was changed for good.]",
            width="stretch",
        )
        st.button(
            f"New limits from {show_date(proposal.rebase.on)}",
            key=f"rebase_{number}",
            on_click=_choose_rebase,
            args=(label,),
        )


def _choose_rebase(label: str) -> None:
    """Let limits start anew at a marker; for callbacks only."""
    now = list(st.session_state.get(REBASE) or [])
    st.session_state[REBASE] = [*now, label] if label not in now else now


def _choose_measure(name: str) -> None:
    """Chart another measure; for callbacks only."""
    st.session_state[MEASURE] = name
    st.session_state[KIND] = _AUTO
    st.toast(f"{CHARTED[name].label} is charted at the top of the page.")


def wall(view: View, grain: Grain) -> None:
    """Every measure with its limits, variation and assurance; worst first; a click charts it."""
    asked = Question(REJECTION_RATE, grain, None, ())
    found = _charted(view, list(CHARTED.values()), asked)
    if not found:
        st.markdown(f":gray[No measure has a whole {grain} with a value in these filters.]")
        return
    with st.grid(4, min_column_width=150, gap="small"):
        for one in found:
            _tile(view, one)
    quiet(
        "Worst first. Grey band: limits; dashed line: target; by the kind of measure and without "
        "new limits. Measures without a value in these filters are not shown."
    )


def _tile(view: View, one: Charted) -> None:
    about, limits = one.metric, one.reading.limits
    with st.container(border=True, gap="xsmall", height="stretch", key=f"tile_{about.name}"):
        with st.container(horizontal=True, gap=None, horizontal_alignment="distribute"):
            st.markdown(f"**{md_escape(about.label)}**", width="content")
            st.button(
                ":primary[:small[Chart]]",
                type="tertiary",
                key=f"open_{about.name}",
                on_click=_choose_measure,
                args=(about.name,),
            )
        last = one.chart.last
        shown = f"{last.value.text} {within(last.period)}" if last else ""
        st.markdown(
            f"{reading_badges(one.reading)}  \n:small[:gray[{dotted(shown, one.reading.rule)}]]"
        )
        drawn = sparkline_svg(
            [value.value for value in one.values],
            theme=view.theme,
            target=one.target.value if one.target else None,
            signal=one.reading.signal,
            band=(limits.low, limits.high) if limits else None,
            most=len(one.values),
            width=240,
            height=52,
        )
        st.image(drawn, width="stretch", alt=f"{about.label}: {shown}, {one.reading.signal.label}")
