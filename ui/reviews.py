"""The Reviews page: the funnel, why work was rejected, reviewers against peers, the batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from analysis import leniency as peers
from analysis import review_steps
from analysis.leniency import LENIENCY, Leniency
from analysis.review_steps import BY_BATCH, Batch, Steps
from charts.ranked import bars, intervals
from charts.rows import MOST_ROWS
from charts.timeline import trend
from data_access.asking import lacking
from metrics.model import Metric
from metrics.quality import FIRST_PASS_ACCEPTANCE
from metrics.review import (
    ACCEPTANCE_RATE,
    ITEMS_ANNOTATED,
    ITEMS_REVIEWED,
    REJECTIONS,
    REVIEW_COVERAGE,
    SAMPLED_SHARE,
)
from metrics.scope import Scope
from metrics.units import COUNT
from ui import cards, explain, filters
from ui.cards import head
from ui.drawing import Picked, draw, markers
from ui.judging import assessments
from ui.memo import remember
from ui.messages import quiet
from ui.text import count_of, dotted, md_escape
from ui.trend import span
from ui.view import View

_ASKED = "_reviews_asked"  # the metric and scope whose rows were asked for by a click
_BATCH_ROWS = "batch_rows"
_MOST_BATCHES = 300
_HEADS = {
    "items_annotated": "Annotated",
    "items_reviewed": "Reviewed",
    "items_fixed": "Fixed",
    "items_rejected": "Rejected",
    "items_accepted": "Accepted",
    "items_delivered": "Accepted, delivered",
    "delivered_unaccepted": "Delivered, not accepted",
}


def funnel(view: View) -> None:
    """How far the items of the window came, and how much of them the plan has looked at."""
    found = remember(
        (*view.key, "steps", view.scope), lambda: review_steps.steps(view.store, view.scope)
    )
    coverage, drawn = assessments(view, [REVIEW_COVERAGE, SAMPLED_SHARE])
    with st.container(border=True, key="funnel"):
        begun = ITEMS_ANNOTATED if found.steps[0].items is not None else ITEMS_REVIEWED
        small = dotted(
            f"items first {'annotated' if begun is ITEMS_ANNOTATED else 'reviewed'} in "
            f"{view.period.short}, and how far they came until now",
            "share of the first step" if found.is_falling else "",
            "click a bar for its rows",
        )
        head(found.lead, small, begun, view.scope, key="funnel_explain")
        ways = {step.label: (step.metric, step.scope) for step in found.counted}
        draw(
            remember((*view.key, "funnel", view.scope, view.theme), lambda: _bars(view, found)),
            key="funnel_chart",
            empty="Upload an annotation export or a review sheet to see the steps.",
            on_pick=lambda picked: _ask(ways.get(str(picked.get("segment")))),
        )
        notes = [review_steps.against_plan(coverage, drawn), *found.notes]
        st.markdown("  \n".join(f":small[:gray[{md_escape(note)}]]" for note in notes))


def _bars(view: View, found: Steps) -> Any:
    whole = found.first or 1
    rows = [
        {
            "segment": step.label,
            "value": float(step.items or 0),
            "share": (step.items or 0) / whole if found.is_falling else None,
            "n": step.items,
            "n_of": "items",
        }
        for step in found.counted
    ]
    return bars(rows if found.first else [], COUNT, theme=view.theme, what="Items by step")


def _ask(way: tuple[Metric, Scope] | None) -> None:
    if way is not None:
        st.session_state[_ASKED] = way


def asked_rows() -> None:
    """The dialog with the rows of the bar or batch that was clicked."""
    way: tuple[Metric, Scope] | None = st.session_state.pop(_ASKED, None)
    if way is not None:
        explain.show(*way, tab="Rows")


def reasons(view: View) -> None:
    """Why work was rejected, the most frequent reason first; a click filters by it."""
    found = remember(
        (*view.key, "reasons", view.scope), lambda: review_steps.reasons(view.store, view.scope)
    )
    with st.container(border=True, height="stretch", key="reasons"):
        unnamed = f"{count_of(found.unnamed, 'rejection')} without a reason left out"
        small = dotted(
            "rejections by error type, share, and share of it and those above",
            unnamed if found.unnamed else "",
            "click to filter",
        )
        head(found.lead, small, REJECTIONS, view.scope, key="reasons_explain")
        rows = [
            {
                "segment": reason.name,
                "value": float(reason.rejections),
                "share": reason.share,
                "cumulative": reason.cumulative,
                "n": reason.rejections,
                "n_of": "rejections",
            }
            for reason in found.reasons
        ]
        first = found.reasons[0].name if len(found.reasons) > 1 else ""
        chart = bars(
            rows, COUNT, theme=view.theme, what="Rejections by error type", highlight=first, most=10
        )
        draw(
            chart,
            key="reasons_chart",
            empty="No rejection of this window names a reason.",
            on_pick=lambda picked: _filter_by("error_type", picked),
        )


def _filter_by(dimension: str, picked: Picked) -> None:
    if picked.get("segment"):
        filters.toggle(dimension, str(picked["segment"]))


def first_pass(view: View) -> None:
    """First-pass acceptance of each dataset over time."""
    drawn = view.scope.during(span(view.period, "week"))
    metric, store = FIRST_PASS_ACCEPTANCE, view.store
    rows = cards.breakdown(view, metric, "dataset")
    values = store.series_values(metric, drawn, "week", by="dataset")[metric.name]
    with st.container(border=True, height="stretch", key="first_pass"):
        small = dotted(
            f"by week up to {view.period.short}", "reviews at stage 1", "click a line to filter"
        )
        head(cards.reading(metric, "dataset", rows), small, metric, view.scope, key="first_explain")
        (judged,) = assessments(view, [metric])
        chart = remember(
            (*view.key, "first pass", drawn, view.theme),
            lambda: trend(
                metric,
                values,
                theme=view.theme,
                target=judged.target.value if judged.target else None,
                markers=markers(view, values),
                height=220,
            ),
        )
        draw(
            chart,
            key="first_pass_chart",
            empty="No week has a dataset with enough first reviews.",
            on_pick=lambda picked: _filter_by("dataset", picked),
        )


def leniency(view: View) -> None:
    """Each reviewer against the peers on the same work, by name, with its interval."""
    found = remember((*view.key, "leniency", view.scope), lambda: _compared(view))
    with st.container(border=True, height="stretch", key="leniency"):
        some = f"{MOST_ROWS} drawn" if len(found.reviewers) > MOST_ROWS else ""
        head(
            peers.in_words(found), dotted(peers.evidence(found), some), ACCEPTANCE_RATE, view.scope,
            key="leniency_explain",
        )  # fmt: skip
        rows = [
            {
                "segment": one.reviewer,
                "value": one.difference,
                "low": one.low,
                "high": one.high,
                "n": one.reviews,
            }
            for one in found.drawn(MOST_ROWS)
        ]
        chart = intervals(
            LENIENCY,
            rows if len(rows) > 1 else [],
            theme=view.theme,
            what="Acceptance minus that of peers, by reviewer",
            target=0.0,
            note="left of the dashed line: accepts less than peers, right: more",
            highlights=[one.reviewer for one in found.named],
        )
        draw(
            chart,
            key="leniency_chart",
            empty=(
                f"Two reviewers with at least {peers.FEWEST_REVIEWS} reviews in the same datasets "
                "and review stages are needed."
            ),
            on_pick=lambda picked: _filter_by("reviewer", picked),
        )


def _compared(view: View) -> Leniency:
    if lacking(ACCEPTANCE_RATE, view.scope):
        return Leniency((), 0)
    return peers.leniency(view.store, view.scope)


def batch_table(view: View) -> None:
    """The steps of every batch, each with the way to its rows."""
    found = remember(
        (*view.key, "batches", view.scope), lambda: review_steps.batches(view.store, view.scope)
    )
    if not found:
        st.markdown(":gray[No item of this window has been annotated or reviewed.]")
        return
    shown = found[:_MOST_BATCHES]
    recorded = [m for m in BY_BATCH if any(m.name in batch.items for batch in shown)]
    first = recorded[0] if recorded else ITEMS_REVIEWED
    ways = [(first, view.scope.where(batch=batch.name)) for batch in shown]
    st.dataframe(
        _batch_rows(shown, recorded),
        hide_index=True,
        key="batches",
        placeholder="not recorded",
        alt="Batches with the items that came to each step of review",
        column_config=_batch_columns(recorded, ways),
    )
    quiet(
        dotted(
            f"{count_of(len(shown), 'batch').replace('batchs', 'batches')}, A to Z"
            + (f" of {len(found):,}" if len(found) > len(shown) else ""),
            "items first annotated (or reviewed) in the window, wherever they stand now",
        )
    )


def _batch_rows(shown: Sequence[Batch], recorded: Sequence[Metric]) -> pa.Table:
    columns: dict[str, Any] = {"Batch": [batch.name for batch in shown]}
    for metric in recorded:
        numbers = [batch.items.get(metric.name) for batch in shown]
        columns[_HEADS[metric.name]] = pa.array(numbers, pa.int64())
    return pa.table(columns | {"Rows": ["Rows"] * len(shown)})


def _batch_columns(
    recorded: Sequence[Metric], ways: Sequence[tuple[Metric, Scope]]
) -> dict[str, Any]:
    numbers = {
        _HEADS[metric.name]: st.column_config.NumberColumn(
            format="localized", width=105, help=metric.definition
        )
        for metric in recorded
    }
    return {
        "Batch": st.column_config.TextColumn(width=150),
        **numbers,
        "Rows": st.column_config.ButtonColumn(
            "", key=_BATCH_ROWS, type="tertiary", width=70, on_click=_ask_batch, args=(ways,)
        ),
    }


def _ask_batch(ways: Sequence[tuple[Metric, Scope]]) -> None:
    click = st.session_state[_BATCH_ROWS]
    if click is not None:
        _ask(ways[click.row])
