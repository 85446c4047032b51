"""Charts in cards: a measure over time, and a measure by slice; each under its sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from analysis.model import Assessment
from analysis.words import in_sentence
from charts.model import Chart
from charts.ranked import bars, intervals
from charts.timeline import control
from metrics.model import Better, Kind, Metric
from metrics.periods import parse_period
from metrics.scope import DIMENSIONS, NOT_RECORDED, Scope
from ui import explain, filters
from ui.drawing import Picked, draw, markers
from ui.judging import assessments
from ui.memo import remember
from ui.text import dotted, md_escape, sentence_start
from ui.view import View

Row = dict[str, Any]
_MOST = 8


def over_time(view: View, metric: Metric, *, key: str, height: int = 190) -> None:
    """A measure's control chart, under the sentence that reads it."""
    (judged,) = assessments(view, [metric])
    with st.container(border=True, height="stretch", key=key):
        st.markdown(
            f"**{md_escape(judged.lead)}**{md_escape(judged.rest)}  \n"
            f":small[:gray[{md_escape(judged.evidence)}]]"
        )
        if not judged.series:
            st.markdown(":gray[No complete period to draw yet.]")
            return
        chart = remember(
            (*view.key, "control", metric, judged.scope, view.theme, height),
            lambda: control(
                judged,
                theme=view.theme,
                markers=markers(view, judged.series),
                height=height,
            ),
        )
        draw(chart, key=f"{key}_chart", empty="No complete period to draw yet.", on_pick=to_period)


def head(lead: str, small: str, metric: Metric, scope: Scope, *, key: str) -> None:
    """A card's finding over its small grey line, with Explain at the right."""
    with st.container(horizontal=True, gap="small", wrap=False):
        st.markdown(f"**{md_escape(lead)}**  \n:small[:gray[{md_escape(small)}]]", width="stretch")
        explain.button(metric, scope, key=key)


def to_period(picked: Picked) -> None:
    """Move the filter bar to the period of a point that was clicked; for callbacks only."""
    if picked.get("period"):
        filters.show_period(parse_period(str(picked["period"])))


def by_slice(view: View, metric: Metric, by: str, *, key: str, most: int = _MOST) -> None:
    """A measure by team, dataset, reviewer or another dimension; a click filters by the slice."""
    rows = breakdown(view, metric, by)
    (judged,) = assessments(view, [metric])
    with st.container(border=True, height="stretch", key=key):
        head(
            reading(metric, by, rows),
            _small(metric, by, rows, most),
            metric,
            view.scope,
            key=f"{key}_explain",
        )
        chart = remember(
            (*view.key, "slices", metric, by, view.scope, view.theme, most),
            lambda: _chart(view, metric, by, rows, judged, most),
        )

        def pick(picked: Picked) -> None:
            if picked.get("segment"):
                filters.toggle(by, str(picked["segment"]))

        draw(chart, key=f"{key}_chart", empty=_nothing(metric, by, rows), on_pick=pick)


def breakdown(view: View, metric: Metric, by: str) -> list[Row]:
    """The slices with a value, worst first; volumes largest first."""

    def found() -> list[Row]:
        values = view.store.breakdown_values(metric, view.scope, by)[metric.name]
        rows: list[Row] = [
            {
                "segment": value.segment,
                "value": value.value,
                "low": value.low,
                "high": value.high,
                "n": value.n,
                "n_of": metric.n_of,
                "withheld": value.withheld,
            }
            for value in values
        ]
        up = metric.better is Better.HIGHER and metric.kind is not Kind.COUNT
        have = [row for row in rows if row["value"] is not None]
        have.sort(key=lambda row: (row["value"] if up else -row["value"], row["segment"]))
        return have + [row for row in rows if row["value"] is None]

    return remember((*view.key, "breakdown", metric, view.scope, by), found)


def _valued(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["value"] is not None]


def _chart(
    view: View, metric: Metric, by: str, rows: list[Row], judged: Assessment, most: int
) -> Chart:
    what = f"{metric.label} by {DIMENSIONS[by][0].lower()}"
    target = judged.target.value if judged.target else None
    if metric.kind is Kind.RATE:
        return intervals(
            metric,
            rows,
            theme=view.theme,
            what=what,
            most=most,
            target=target,
        )
    highlight = _worst(metric, rows)
    shown: Sequence[Row] = rows
    if metric.adds_up_over_dimensions:
        whole = sum(row["value"] for row in _valued(rows)) or 1.0
        shown = [
            row | {"share": row["value"] / whole if row["value"] is not None else None}
            for row in rows
        ]
    return bars(shown, metric.unit, theme=view.theme, what=what, highlight=highlight, most=most)


def _worst(metric: Metric, rows: list[Row]) -> str:
    """The slice to point at; none where neither direction is worse."""
    have = _valued(rows)
    if metric.better is Better.NEITHER or len(have) < 2 or have[0]["value"] == have[1]["value"]:
        return ""
    return str(have[0]["segment"])


def reading(metric: Metric, by: str, rows: Sequence[Row]) -> str:
    """The finding of the card: which slice leads, with its value and n."""
    have = _valued(rows)
    label = in_sentence(metric.label)
    if not have:
        return f"{metric.label}: nothing to compare by {DIMENSIONS[by][0].lower()}"
    first = have[0]
    name = "Not recorded" if first["segment"] == NOT_RECORDED else str(first["segment"])
    if name.isdigit():
        name = f"{DIMENSIONS[by][0].lower()} {name}"
    if len(have) == 1:
        return f"{name}: {label} {metric.show(first['value'])}"
    if metric.adds_up_over_dimensions:
        whole = sum(row["value"] for row in have) or 1.0
        share = round(100 * first["value"] / whole)
        start = sentence_start(name)
        return f"{start} holds {share}% of {label} ({metric.show(first['value'])})"
    order = "lowest" if metric.better is Better.HIGHER else "highest"
    verb = "are" if metric.is_plural else "is"
    return f"{metric.label} {verb} {order} for {name}: {metric.show(first['value'])}"


def _small(metric: Metric, by: str, rows: list[Row], most: int) -> str:
    have = _valued(rows)
    label, plural = DIMENSIONS[by]
    parts = [f"{metric.label} by {label.lower()}"]
    if len(have) > most:
        parts.append(f"{most} of {len(have)} {plural}")
    if metric.kind is Kind.RATE:
        parts.append("bars: 95% intervals")
    gone = Counter(_why(metric, row) for row in rows if row["value"] is None)
    parts += [f"{count} {why}" for why, count in gone.items()]
    parts.append("click to filter")
    return dotted(*parts)


def _is_short(metric: Metric, row: Row) -> bool:
    return bool(0 < row["n"] < metric.min_rows)


def _why(metric: Metric, row: Row) -> str:
    """Why a slice has no value, after the count of such slices."""
    if _is_short(metric, row):
        return f"withheld, fewer than {metric.min_rows} {metric.n_of}"
    return f"without a value ({row['withheld'].rstrip('.')})"


def _nothing(metric: Metric, by: str, rows: list[Row]) -> str:
    if not rows:
        return "No row lies in this window and these filters."
    if all(_is_short(metric, row) for row in rows):
        return md_escape(
            f"Every {DIMENSIONS[by][0].lower()} has fewer than {metric.min_rows} {metric.n_of}."
        )
    return md_escape(" ".join(dict.fromkeys(row["withheld"] for row in rows)))
