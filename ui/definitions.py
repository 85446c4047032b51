"""The Definitions page: every measure and every extract, searchable, with SQL and templates."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import streamlit as st

from data_access.extracts import EXTRACTS
from data_access.extracts.model import Column, Extract
from metrics.catalog import FAMILY_LABELS, METRICS
from metrics.model import Better, Metric
from metrics.scope import DIMENSIONS
from ui import explain, templates
from ui.names import unit_words
from ui.text import count_of, dotted, md_escape
from ui.view import View

_BETTER = {
    Better.HIGHER: "higher is better", Better.LOWER: "lower is better",
    Better.NEITHER: "neither way is better",
}  # fmt: skip
_KINDS = ("Measures", "Extracts")


def search(view: View) -> None:
    """The search field, the choice between measures and extracts, and what matches."""
    with st.container(horizontal=True, vertical_alignment="center"):
        text = st.text_input(
            "Search",
            key="q",
            bind="query-params",
            type="search",
            live="300ms",
            width=330,
            placeholder="Search definitions",
            label_visibility="collapsed",
        )
        kind = st.segmented_control(
            "Kind",
            _KINDS,
            default=_KINDS[0],
            required=True,
            key="kind",
            bind="query-params",
            label_visibility="collapsed",
        )
    words = (text or "").casefold().split()
    if kind == "Measures":
        _measures(view, words)
    else:
        _extracts(words)


def _matches(words: list[str], texts: Iterable[str]) -> bool:
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words)


def _measures(view: View, words: list[str]) -> None:
    found = [metric for metric in METRICS.values() if _matches(words, _texts(metric))]
    if not found:
        st.markdown(":gray[No measure matches. Try a shorter word.]")
    for family, label in FAMILY_LABELS.items():
        family_metrics = [metric for metric in found if metric.family == family]
        if not family_metrics:
            continue
        st.header(f"{label} \N{MIDDLE DOT} {count_of(len(family_metrics), 'measure')}",
                  anchor=False)  # fmt: skip
        with st.container(border=True):
            for metric in family_metrics:
                _measure(view, metric)


def _texts(metric: Metric) -> tuple[str, ...]:
    return (metric.name, metric.label, metric.definition, metric.source, metric.owner,
            metric.family)  # fmt: skip


def _measure(view: View, metric: Metric) -> None:
    words, ways = st.columns([9, 2], vertical_alignment="center")
    own = [row for row in view.store.targets() if row.metric == metric.name]
    target = (
        f"default target {metric.show_target(metric.target)}" if metric.target is not None else ""
    )
    stated = f"{count_of(len(own), 'target')} in the targets extract" if own else ""
    dims = ", ".join(DIMENSIONS[name][0].lower() for name in view.store.dimensions(metric))
    time = f"{metric.at} until {metric.left_at}" if metric.left_at else metric.at
    facts = (
        dotted(str(metric.kind), unit_words(metric)), _BETTER[metric.better], target, stated,
        f"owner: {metric.owner}", f"from {metric.source}, by {time}", f"split by {dims}",
    )  # fmt: skip
    words.markdown(
        f"**{metric.label}** `{metric.name}`  \n{md_escape(metric.definition)}  \n"
        f":small[:gray[{md_escape(dotted(*facts))}]]"
    )
    with ways.container(horizontal=True, horizontal_alignment="right", gap="small"):
        for tab in ("SQL", "Rows", "Chart"):
            explain.button(metric, view.scope, key=f"def_{metric.name}_{tab}", label=tab, tab=tab)


def _extracts(words: list[str]) -> None:
    found = [extract for extract in EXTRACTS.values() if _matches(words, _extract_texts(extract))]
    if not found:
        st.markdown(":gray[No extract matches. Try a shorter word.]")
    for extract in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(extract.label, anchor=False, width="stretch")
            templates.button(extract, key=f"template_{extract.name}")
        st.markdown(f"{md_escape(extract.description)}  \n:small[:gray[{_how(extract)}]]")
        dictionary(extract)


def _extract_texts(extract: Extract) -> tuple[str, ...]:
    columns = [
        part
        for column in extract.columns
        for part in (column.name, column.label, column.description, *column.aliases)
    ]
    return (extract.name, extract.label, extract.description, *columns)  # fmt: skip


def _how(extract: Extract) -> str:
    key = [" or ".join(part) if isinstance(part, tuple) else part for part in extract.key]
    days = count_of(extract.cadence_days, "day")
    parts = [f"A row is known by {', '.join(key)}", f"a new file is expected every {days}"]
    parts += [f"at least one of {' or '.join(group)}" for group in extract.one_of]
    return md_escape(dotted(*parts))


def dictionary(extract: Extract) -> None:
    """The columns of an extract as a table."""
    columns = extract.columns
    table = {
        "Column": [column.name for column in columns],
        "Type": [str(column.type) for column in columns],
        "Required": ["yes" if column.required else "" for column in columns],
        "Meaning": [_meaning(column) for column in columns],
        "Example": [column.example for column in columns],
        "Also read from": [", ".join(column.aliases) for column in columns],
    }
    st.dataframe(
        pa.table(table),
        hide_index=True,
        placeholder="",
        key=f"dictionary_{extract.name}",
        height="content",
        alt=f"Columns of the extract {extract.label}",
        column_config={
            "Column": st.column_config.TextColumn(width=130),
            "Type": st.column_config.TextColumn(width=90),
            "Required": st.column_config.TextColumn(width=80),
            "Meaning": st.column_config.TextColumn(width=380),
            "Example": st.column_config.TextColumn(width=150),
            "Also read from": st.column_config.TextColumn(width=330),
        },
    )


def _meaning(column: Column) -> str:
    choices = f" One of: {', '.join(column.choices)}." if column.choices else ""
    person = " A person: shown as a pseudonym while names are hidden." if column.is_person else ""
    return f"{column.description}{choices}{person}"
