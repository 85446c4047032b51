"""The numbers of a trend chart as a table and as a file."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pyarrow as pa
import streamlit as st

from metrics.model import Metric
from metrics.periods import Grain, period_of
from metrics.scope import DIMENSIONS
from ui import numbers, rows

Row = dict[str, Any]


def show(metric: Metric, grain: Grain, by: str | None, series: list[Row]) -> None:
    """The newest period first; withheld values say why."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("The same as a table", anchor=False, width="stretch")
        rows.downloads(lambda: plain(series), name=f"trend_{metric.name}_{grain}")
    newest_first = sorted(series, key=lambda row: (_day(row), row["segment"] or ""), reverse=True)
    columns: dict[str, Any] = {"Period": [period_of(_day(r), grain).label for r in newest_first]}
    if by:
        columns[DIMENSIONS[by][0]] = [str(r["segment"]) for r in newest_first]
    values = [numbers.cell(number(r["value"]), metric.unit) for r in newest_first]
    columns["Value"] = pa.array(values, pa.float64())
    columns["Rows"] = pa.array([int(r["n"]) for r in newest_first], pa.int64())
    columns["Note"] = [_note(r) for r in newest_first]
    st.dataframe(
        pa.table(columns),
        hide_index=True,
        key="series_table",
        alt=f"{metric.label} by {grain}",
        column_config={
            "Period": st.column_config.TextColumn(width=230),
            "Value": numbers.column(metric.label, metric.unit, width=170),
            "Rows": st.column_config.NumberColumn(
                f"n ({metric.n_of})", format="localized", width=110
            ),
            "Note": st.column_config.TextColumn(width=300),
        },
    )


def plain(series: list[Row]) -> pa.Table:
    """The rows as they are, unrounded, for a file."""
    names = ("metric", "period", "segment", "value", "n", "is_partial", "withheld")
    cells = {name: [row.get(name) for row in series] for name in names}
    cells["period"] = [_day(row) for row in series]
    cells["value"] = [number(row["value"]) for row in series]
    return pa.table(cells)


def number(value: Any) -> float | None:
    """A float, or None for a missing value of any kind."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def _day(row: Row) -> date:
    return date.fromisoformat(str(row["period"])[:10])


def _note(row: Row) -> str:
    if row.get("withheld"):
        return str(row["withheld"])
    return "not over yet" if row.get("is_partial") else ""
