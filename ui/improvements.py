"""The Improvements page: the list with states and effects, one in detail, and its data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from analysis import improvement_words as words
from analysis.improvement import Measured, Verdict
from analysis.improvement_gone import Gone, label, measure_if_there
from charts.improvement import beside_comparison, improvement
from data_access.improvements import Improvement
from metrics.catalog import metric
from metrics.periods import show_date
from ui import improvement_form, messages, rows
from ui.badges import badge
from ui.drawing import draw
from ui.memo import remember
from ui.text import count_of, dotted, md_escape
from ui.view import View, records

CHOSEN = "improvement"
_FACES = {
    Verdict.BETTER: ("green", "● Improved"),
    Verdict.WORSE: ("red", "■ Worse"),
    Verdict.UNCLEAR: ("grey", "○ No clear change"),
    Verdict.UNTOLD: ("grey", "○ Cannot be told"),
}


def desk(view: View) -> None:
    """The whole of the page."""
    everything = records(view.store.workspace).improvements.all()
    found = [_measured(view, one, everything) for one in everything]
    found.sort(key=lambda one: (one.improvement.is_dropped, list(Verdict).index(one.verdict)))
    kept = [one for one in found if not one.improvement.is_dropped]
    _banner(kept)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Changes and what came with them", anchor=False, width="stretch")
        st.button(
            "Add improvement", key="add_improvement", icon=":material/add:",
            on_click=improvement_form.open_for, args=(improvement_form.NEW,),
        )  # fmt: skip
    improvement_form.show(view, everything)
    if not found:
        messages.quiet(
            "Write down what you change, from which day on and which measure it should move, "
            "best before it starts."
        )
        return
    _table(found)
    chosen = _choose(found)
    with messages.section("This improvement"):
        _detail(view, chosen)


def _measured(view: View, one: Improvement, everything: tuple[Improvement, ...]) -> Measured | Gone:
    return remember(
        (*view.key, "improvement", one, everything),
        lambda: measure_if_there(view.store, one, everything),
    )


def _banner(everything: Sequence[Measured | Gone]) -> None:
    """How many improved, got worse, show nothing, cannot be told, are to be changed."""
    found = [one for one in everything if isinstance(one, Measured)]
    if not everything:
        st.info("**○ No improvement is followed yet.**")
        return
    told = {verdict: [o for o in found if o.verdict is verdict] for verdict in Verdict}
    better, worse = told[Verdict.BETTER], told[Verdict.WORSE]
    text = dotted(
        f"{len(better)} improved",
        f"{len(worse)} got worse",
        f"{len(told[Verdict.UNCLEAR])} without a clear change",
        f"{len(told[Verdict.UNTOLD])} cannot be told yet",
        f"{lost} to change" if (lost := len(everything) - len(found)) else "",
    )
    whole = f"{count_of(len(everything), 'improvement')}: {text}."
    if worse:
        st.warning(f"**▲ {_first(worse)}.** {whole}")
    elif better:
        st.success(f"**● {_first(better)}.** {whole}")
    else:
        st.info(f"**○ Nothing to claim yet.** {whole}")


def _first(found: Sequence[Measured]) -> str:
    """What the newest of them came with: "Rejection rate got worse after Guideline v3"."""
    one = found[0]
    way = "improved" if one.verdict is Verdict.BETTER else "got worse"
    return f"{md_escape(one.metric.label)} {way} after {md_escape(one.improvement.name)}"


def _table(found: Sequence[Measured | Gone]) -> None:
    columns: dict[str, list[Any]] = {
        "ID": [one.improvement.code for one in found],
        "Improvement": [one.improvement.name for one in found],
        "Measure": [label(one) for one in found],
        "Touches": [words.filters_words(one.improvement.filters) for one in found],
        "Since": [one.improvement.start_on for one in found],
        "Effect": [_effect(one) for one in found],
        "Interval": [_interval(one) for one in found],
        "Verdict": [_FACES[one.verdict][1] for one in found],
        "State": [one.improvement.state for one in found],
        "Owner": [one.improvement.owner or "No owner" for one in found],
    }
    text, small = st.column_config.TextColumn, 90
    st.dataframe(
        pa.table({name: pa.array(cells) for name, cells in columns.items()}),
        hide_index=True,
        key="improvements_table",
        placeholder="",
        alt="Improvements with their effects",
        column_config={
            "ID": text(width=50),
            "Improvement": text(width=220),
            "Measure": text(width=150),
            "Touches": text(width=200),
            "Since": st.column_config.DateColumn(width=small, format="D MMM YYYY"),
            "Effect": text(width=small),
            "Interval": text("95% interval", width=150),
            "Verdict": text(width=130),
            "State": text(width=75),
            "Owner": text(width=110),
        },
    )


def _effect(one: Measured | Gone) -> str:
    return words.effect_text(one) if isinstance(one, Measured) else "n/a"


def _interval(one: Measured | Gone) -> str:
    return words.interval(one).removeprefix("95% interval ") if isinstance(one, Measured) else ""


def _choose(found: Sequence[Measured | Gone]) -> Measured | Gone:
    by_code = {one.improvement.code: one for one in found}
    code = st.selectbox(
        "Improvement",
        list(by_code),
        key=CHOSEN,
        bind="query-params",
        width=520,
        format_func=lambda c: f"{c} {by_code[c].improvement.name}" if c in by_code else str(c),
        label_visibility="collapsed",
    )
    return by_code.get(code, found[0])


def _detail(view: View, one: Measured | Gone) -> None:
    """Sentence, chart, caveats, comparison, data of one improvement."""
    if isinstance(one, Gone):
        with st.container(border=True, gap="small", key="improvement_card"):
            _head(one, f"**{md_escape(one.why)}** {md_escape(one.next_step)}")
        return
    about = one.improvement
    with st.container(border=True, gap="small", key="improvement_card"):
        _head(one, f"**{md_escape(words.lead(one))}** {md_escape(words.sentence(one))}")
        if one.verdict is not Verdict.UNTOLD:
            messages.quiet(md_escape(words.evidence(one)))
        chart = remember(
            (*view.key, "improvement chart", one.improvement, view.theme, len(one.rivals)),
            lambda: improvement(
                one, theme=view.theme, markers=view.store.markers(one.scope), height=280
            ),
        )
        draw(chart, key="improvement_chart", empty="There is no value to draw around the change.")
        if about.comparison and one.fit is not None:
            messages.quiet("Drawn is the distance between the measure and its comparison group.")
    _known(one)
    if about.comparison:
        _comparison(view, one)
    _data(one)


def _head(one: Measured | Gone, said: str) -> None:
    about = one.improvement
    color, text = _FACES[one.verdict]
    with st.container(horizontal=True, vertical_alignment="top", wrap=False):
        line = dotted(
            label(one),
            words.filters_words(about.filters),
            f"since {show_date(about.start_on)}",
            about.state.lower(),
            about.owner or "no owner",
        )
        st.markdown(
            f"**{md_escape(about.name)}** {badge(color, text)}  \n:small[:gray[{md_escape(line)}]]",
            width="stretch",
        )
        st.button(
            "Change", key="change_improvement", on_click=improvement_form.open_for,
            args=(about.code,),
        )  # fmt: skip
    st.markdown(said)
    against = words.against_expected(one) if isinstance(one, Measured) else ""
    for more in (about.description, against):
        if more:
            st.markdown(md_escape(more))
    if about.conclusion:
        st.markdown(f"**Concluded:** {md_escape(about.conclusion)}")


def _known(one: Measured) -> None:
    """What to know before believing it."""
    st.header("Before you believe it", anchor=False, help=words.METHOD)
    lines = [f"- {md_escape(line)}" for line in words.caveats(one)]
    if one.fit is not None:
        lines.append("- The difference came with the change; nothing here says it came from it.")
    else:
        lines.append("- Control charts tells meanwhile whether the measure left its routine range.")
    st.markdown("\n".join(lines))


def _comparison(view: View, one: Measured) -> None:
    names = (one.improvement.name, "Comparison")
    st.header("Beside the comparison group, by week", anchor=False)
    messages.quiet(md_escape(words.filters_words(one.improvement.comparison)))
    with st.container(border=True, key="comparison_card"):
        draw(
            beside_comparison(one, theme=view.theme, names=names),
            key="comparison_chart",
            empty="Neither group has a value in these weeks.",
        )


def _data(one: Measured) -> None:
    """Every period as a table and as files."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("The numbers", anchor=False, width="stretch")
        rows.downloads(
            lambda: words.table(one),
            name=f"improvement_{one.improvement.code}",
            key="improvement_data",
            count=len(one.steps),
        )
    if one.steps:
        rows.table(
            words.table(one), alt="Periods before and after", key="improvement_rows",
            units=words.table_units(one),
        )  # fmt: skip
    else:
        st.markdown(f":gray[{metric(one.improvement.metric).label} has no value in this window.]")
