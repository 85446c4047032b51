"""Cards of numbers of the Agreement page: the coefficients of a field, and each label by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from analysis.agreement.desk import LEVELS, Desk
from analysis.agreement.result import Agreement
from analysis.words import some
from metrics.annotation import KRIPPENDORFF_ALPHA
from metrics.units import PERCENT, RATIO, Unit
from ui import cards, rows
from ui.messages import quiet
from ui.numbers import cell, column
from ui.text import dotted, md_escape

_HOW = {
    "alpha": "Agreement beyond chance; any number of people, missing ratings, any level.",
    "gwet": "Beyond chance, where chance is the luck of those who do not know the answer.",
    "percent": "How often two people give the same answer; chance is not taken out.",
    "fleiss": "Beyond chance, where chance is how common each answer is.",
    "brennan_prediger": "Beyond chance, where every answer is equally likely by chance.",
    "conger": "Beyond chance, where chance is each person's own habits.",
    "cohen": "Of two people, beyond what their own habits give.",
}


def coefficients(found: Desk) -> None:
    """Every coefficient with its interval and what it reads; exact numbers to download."""
    main = found.main
    cards.head(_headline(main, found), _drawn(main), KRIPPENDORFF_ALPHA, found.ratings.scope,
               key="alpha_explain")  # fmt: skip
    if main is None:
        st.markdown(f":gray[{md_escape(found.ratings.too_many)}]")
        return
    st.table(
        {
            "Coefficient": [md_escape(one.label) for one in found.coefficients],
            "Value": [f"**{_shown(one)}**" for one in found.coefficients],
            "95% interval": [md_escape(_interval(one)) for one in found.coefficients],
            "Reads": [_HOW.get(one.name, "") for one in found.coefficients],
        },
        hide_index=True,
        border="horizontal",
        alt="Agreement coefficients with their intervals",
    )
    with st.container(horizontal=True, vertical_alignment="center", key="coefficients_exact"):
        _shares(main)
        rows.downloads(
            lambda: pa.Table.from_pylist(found.records),
            name=f"agreement_{found.ratings.field}_{found.level}",
            key="coefficients",
            count=len(found.records),
        )


def _headline(main: Agreement | None, found: Desk) -> str:
    if main is None:
        return f"{found.ratings.field}: too many different answers"
    if main.withheld:
        return main.withheld
    return f"{main.label} is {_shown(main)} on {some(main.n_units, 'shared items')}"


def _drawn(main: Agreement | None) -> str:
    if main is None:
        return ""
    return dotted(
        LEVELS.get(main.kind, main.kind),
        "intervals by bootstrap over items, 2,000 draws",
        "below 10 shared items no number is shown",
    )


def _shown(one: Agreement) -> str:
    return "n/a" if one.shown is None else one.unit.show(one.shown)


def _interval(one: Agreement) -> str:
    return one.withheld or one.range_text or "none"


def _shares(main: Agreement) -> None:
    """How common each answer is: with one nearly everywhere, alpha and kappa are low by nature."""
    common = sorted(main.prevalence, key=lambda pair: -pair[1])[:4]
    told = ", ".join(f"{name} {PERCENT.show(share)}" for name, share in common if share > 0)
    more = f" and {len(main.prevalence) - 4} more" if len(main.prevalence) > 4 else ""
    quiet(f"How common the answers are: {md_escape(told)}{more}.")


def label_card(found: Desk) -> None:
    """Each label against the rest, the least agreed on first."""
    listed = found.labels
    have = [row for row in listed if not row.withheld and row.alpha.low is not None]
    lead = (
        f"{have[0].label} is agreed on least: alpha {RATIO.show(have[0].alpha.shown)}"
        if have
        else "No label has enough shared items"
    )
    small = "Each label against the rest: given or not · places of marks are not compared"
    cards.head(lead, small, KRIPPENDORFF_ALPHA, found.ratings.scope, key="labels_explain")
    if not listed:
        return
    numbers: dict[str, Any] = {
        "label": [row.label for row in listed],
        "alpha": _floats([row.alpha.shown for row in listed], RATIO),
        "low": [_interval(row.alpha) for row in listed],
        "ac1": _floats([row.ac1.shown for row in listed], RATIO),
        "percent": _floats([row.percent.shown for row in listed], PERCENT),
        "share": _floats([row.prevalence for row in listed], PERCENT),
        "n": pa.array([row.percent.n_units for row in listed], pa.int64()),
    }
    st.dataframe(
        pa.table(numbers),
        hide_index=True,
        placeholder="",
        key="labels_table",
        alt="Agreement on each label: alpha with interval, AC1, percent agreement, how common",
        height="auto",
        column_config={
            "label": st.column_config.TextColumn("Label", width=150),
            "alpha": st.column_config.ProgressColumn(
                "Alpha", format="%.2f", min_value=0, max_value=1, color="primary", width=95
            ),
            "low": st.column_config.TextColumn("95% interval", width=90),
            "ac1": column("AC1", RATIO, width=50),
            "percent": column("Percent", PERCENT, width=65),
            "share": column("Share", PERCENT, width=60),
            "n": st.column_config.NumberColumn("Items", format="localized", width=50),
        },
    )


def _floats(values: Sequence[float | None], unit: Unit) -> pa.Array:
    return pa.array([cell(value, unit) for value in values], pa.float64())
