"""The Annotators page: gold accuracy as a funnel plot, each person's numbers, honest time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from analysis import annotators as people
from analysis import funnel
from analysis.agreement.desk import looking_back
from analysis.annotators import Annotator, HonestTime
from charts.funnel import funnel_plot
from metrics.annotation import (
    ANNOTATIONS_DONE,
    GOLD_ACCURACY,
    LEAD_TIME_P50,
    LONG_ANNOTATIONS,
    SKIP_RATE,
)
from metrics.units import COUNT, PERCENT, SECONDS
from metrics.value import Value
from ui import explain, filters
from ui.cards import head
from ui.drawing import Picked, draw
from ui.memo import remember
from ui.messages import quiet
from ui.numbers import cell, column
from ui.text import dotted, md_escape
from ui.view import View

_MOST = 500


def names_shown(view: View) -> str:
    """Whether people are shown by name, and where that is changed."""
    if view.store.settings.is_sample:
        return "people of the sample are invented"
    if view.store.settings.hide_names:
        return "people as pseudonyms, changed in Settings at the foot of the page"
    return "people by name, changed in Settings at the foot of the page"


def gold(view: View) -> None:
    """Accuracy on gold items by how many a person answered, with the limits of luck."""
    asked = looking_back(view.scope)
    found = remember(
        (*view.key, "gold funnel", asked), lambda: funnel.gold_funnel(view.store, asked)
    )
    with st.container(border=True, key="gold"):
        head(
            funnel.in_words(found),
            dotted(asked.period.dates, funnel.evidence(found) if found.spots else ""),
            GOLD_ACCURACY, asked, key="gold_explain",
        )  # fmt: skip
        chart = remember(
            (*view.key, "gold chart", asked, view.theme),
            lambda: funnel_plot(found, theme=view.theme),
        )
        draw(
            chart,
            key="gold_chart",
            empty=_no_gold(view, found.too_few),
            on_pick=_pick,
        )
        if found.spots:
            quiet(
                "Up: share of ratings equal to the gold answer. Across: ratings of items with a "
                "gold answer. Lines: where luck alone puts 95% and 99.8% of people (exact "
                "binomial). Click a person to filter; the picture keeps everybody to compare with."
            )


def _no_gold(view: View, too_few: int) -> str:
    if too_few:
        return f"Nobody has rated {GOLD_ACCURACY.min_rows} items with a gold answer."
    value = view.store.value(GOLD_ACCURACY, view.scope)
    why = "" if value.withheld.startswith(("No ratings", "Too few")) else f"{value.withheld} "
    return md_escape(
        f"{why}No rating in this window can be held against a gold answer. Mark answers as gold "
        "(ground truth) in the annotation tool, and export in a format that keeps the mark."
    )


def _pick(picked: Picked) -> None:
    if picked.get("segment"):
        filters.toggle("annotator", str(picked["segment"]))


def table(view: View) -> None:
    """Everybody's numbers, by name, each with what stands behind it."""
    found = remember(
        (*view.key, "annotators", view.scope), lambda: people.annotators(view.store, view.scope)
    )
    if not found:
        st.markdown(":gray[Nobody has annotated in this window and these filters.]")
        return
    shown = found[:_MOST]
    st.dataframe(
        _rows(shown),
        hide_index=True,
        key="annotators",
        placeholder="",
        alt="Annotators by name with their numbers",
        column_config=_columns(),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="annotators_foot"):
        some = f"the first {_MOST} of {len(found):,}" if len(found) > len(shown) else ""
        quiet(
            dotted(
                "by name, not by rank",
                some,
                "empty: too few to show, or not recorded",
                "agreement is with everybody who answered the same items, chance not taken out",
            )
        )
        for label, metric in (
            ("Explain annotations", ANNOTATIONS_DONE),
            ("skips", SKIP_RATE),
            ("gold", GOLD_ACCURACY),
            ("lead time", LEAD_TIME_P50),
        ):
            explain.button(metric, view.scope, key=f"annotators_{metric.name}", label=label)


def _rows(shown: Sequence[Annotator]) -> pa.Table:
    def numbers(name: str) -> list[Value | None]:
        return [one.values.get(name) for one in shown]

    done, skips = numbers(ANNOTATIONS_DONE.name), numbers(SKIP_RATE.name)
    times, gold_ones = numbers(LEAD_TIME_P50.name), numbers(GOLD_ACCURACY.name)
    columns: dict[str, Any] = {
        "Annotator": [one.name for one in shown],
        "Annotations": _cells(done, COUNT),
        "Skipped": _cells(skips, PERCENT),
        "of": _counts(skips),
        "Gold accuracy": _cells(gold_ones, PERCENT),
        "95% interval": [_interval(value) for value in gold_ones],
        "of gold": _counts(gold_ones),
        "Agreement": pa.array([cell(one.agreement.share, PERCENT) for one in shown], pa.float64()),
        "comparisons": pa.array([one.agreement.compared for one in shown], pa.int64()),
        "Lead time, median": _cells(times, SECONDS),
        "of timed": _counts(times),
    }
    return pa.table(columns)


def _cells(values: Sequence[Value | None], unit: Any) -> pa.Array:
    return pa.array([cell(value.value if value else None, unit) for value in values], pa.float64())


def _counts(values: Sequence[Value | None]) -> pa.Array:
    return pa.array([value.n if value else None for value in values], pa.int64())


def _interval(value: Value | None) -> str:
    if value is None or value.low is None or value.high is None:
        return ""
    return value.metric.unit.show_range(value.low, value.high)


def _columns() -> dict[str, Any]:
    few = "Withheld below {} {}."
    count = {
        name: st.column_config.NumberColumn(label, format="localized", width=80)
        for name, label in (("of", "of all"), ("of gold", "n gold"), ("of timed", "n timed"))
    }
    return count | {
        "Annotator": st.column_config.TextColumn(width=150),
        "Annotations": column("Annotations", COUNT, width=95, help=ANNOTATIONS_DONE.definition),
        "Skipped": column("Skipped", PERCENT, width=80,
                          help=few.format(SKIP_RATE.min_rows, SKIP_RATE.n_of)),
        "Gold accuracy": column("Gold accuracy", PERCENT, width=105,
                                help=few.format(GOLD_ACCURACY.min_rows, GOLD_ACCURACY.n_of)),
        "95% interval": st.column_config.TextColumn(width=105, alignment="right"),
        "Agreement": column("Agreement", PERCENT, width=90,
                            help=few.format(people.FEWEST_SHARED, "comparisons")),
        "comparisons": st.column_config.NumberColumn("n compared", format="localized", width=95),
        "Lead time, median": column("Lead time, median", SECONDS, width=125,
                                    help=few.format(LEAD_TIME_P50.min_rows, LEAD_TIME_P50.n_of)),
    }  # fmt: skip


def honest_time(view: View) -> None:
    """Lead time raw, capped and trimmed side by side, with the rules and what they touch."""
    found: HonestTime = remember(
        (*view.key, "honest time", view.scope), lambda: people.honest_time(view.store, view.scope)
    )
    with st.container(border=True, key="honest_time"):
        small = "lead time of annotations that were not skipped, on the wall clock"
        head(found.lead, small, LONG_ANNOTATIONS, view.scope, key="time_explain")
        if found.times[0].median.n:
            st.table(
                {
                    "Rule": [time.rule for time in found.times],
                    "Median": [time.median.text for time in found.times],
                    "95th percentile": [time.p95.text for time in found.times],
                    "n": [f"{time.median.n:,}" for time in found.times],
                },
                border="horizontal",
                hide_index=True,
                alt="Lead time by rule: median and 95th percentile",
            )
        lines = [*found.affected, *people.RULES]
        st.markdown("  \n".join(f":small[:gray[{md_escape(line)}]]" for line in lines))


def unsaid(view: View) -> None:
    """What the annotation sources cannot say."""
    told = remember(
        (*view.key, "unsaid", view.scope), lambda: people.unsaid(view.store, view.scope)
    )
    if told:
        lines = [
            *told,
            "A CSV export of an annotation tool often leaves these out; its JSON export has them.",
        ]
        st.markdown("  \n".join(f":small[:gray[{md_escape(line)}]]" for line in lines))
