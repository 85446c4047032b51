"""The numbers of a trend chart as a table and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from metrics.model import Metric
from metrics.periods import Grain
from metrics.scope import DIMENSIONS
from metrics.value import Value
from ui import numbers, rows


def show(metric: Metric, grain: Grain, by: str | None, series: Sequence[Value]) -> None:
    """The newest period first; withheld values say why."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("The same as a table", anchor=False, width="stretch")
        rows.downloads(
            lambda: plain(series),
            name=f"trend_{metric.name}_{grain}",
            key="series",
            count=len(series),
        )
    newest = sorted(series, key=lambda value: (-value.period.since.toordinal(), value.segment))
    columns: dict[str, Any] = {"Period": [value.period.label for value in newest]}
    if by:
        columns[DIMENSIONS[by][0]] = [value.segment for value in newest]
    cells = [numbers.cell(value.value, metric.unit) for value in newest]
    columns["Value"] = pa.array(cells, pa.float64())
    columns["Rows"] = pa.array([value.n for value in newest], pa.int64())
    columns["Note"] = [_note(value) for value in newest]
    st.dataframe(
        pa.table(columns),
        hide_index=True,
        key="series_table",
        placeholder="",
        alt=f"{metric.label} by {grain}",
        column_config={
            "Period": st.column_config.TextColumn(width=180),
            "Value": numbers.column(metric.label, metric.unit, width=140),
            "Rows": st.column_config.NumberColumn(
                f"n ({metric.n_of})", format="localized", width=100
            ),
            "Note": st.column_config.TextColumn(width=300),
        },
    )


def plain(series: Sequence[Value]) -> pa.Table:
    """The values as they are, unrounded, for a file."""
    return pa.table(
        {
            "metric": [value.metric.name for value in series],
            "period": [value.period.name for value in series],
            "first_day": pa.array([value.period.since for value in series], pa.date32()),
            "segment": [value.segment for value in series],
            "value": pa.array([value.value for value in series], pa.float64()),
            "n": pa.array([value.n for value in series], pa.int64()),
            "low": pa.array([value.low for value in series], pa.float64()),
            "high": pa.array([value.high for value in series], pa.float64()),
            "note": [_note(value) for value in series],
        }
    )


def _note(value: Value) -> str:
    return value.withheld or ("not over yet" if value.is_partial else "")
