"""Numbers in tables: sortable, and written exactly as the metric writes them."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from metrics.units import Unit, round_half_up


def cell(value: float | None, unit: Unit) -> float | None:
    """A value scaled and rounded as its text is, so that the column's format adds nothing."""
    if value is None or not math.isfinite(value):
        return None
    return float(round_half_up(value * unit.scale, unit.decimals))


def column(label: str, unit: Unit, *, width: int | None = None, help: str | None = None) -> Any:  # noqa: A002
    """The column that shows such cells with the unit's suffix."""
    suffix = unit.suffix.replace("%", "%%")
    return st.column_config.NumberColumn(
        label, format=f"%,.{unit.decimals}f{suffix}", width=width, help=help
    )
