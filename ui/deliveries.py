"""The Deliveries page's table: what was agreed, promised, submitted, accepted, how late and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import streamlit as st

from analysis.deliveries import Delivery, delivery_of
from metrics.delivery import DELIVERIES_DUE
from ui import rows
from ui.memo import remember
from ui.messages import quiet
from ui.view import View

_KINDS: dict[str, pa.DataType] = {
    "Agreed": pa.date32(),
    "Promised": pa.date32(),
    "Submitted": pa.date32(),
    "Accepted": pa.date32(),
    "Days late": pa.int64(),
    "Items promised": pa.int64(),
    "Items accepted": pa.int64(),
}
_WIDTHS = (95, 110, 100, 100, 100, 100, 85, 210, 150, 160, 120, 110, 110)


def table(view: View) -> None:
    """Every batch promised in the period, newest promise first, with all columns as a file."""
    found = remember(
        (*view.key, "deliveries", view.scope),
        lambda: promised(view),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Promised in the period", anchor=False, width="stretch")
        if found:
            rows.downloads(
                lambda: _plain(found),
                name=f"deliveries_{view.period.name}",
                key="promised",
                count=len(found),
            )
    if not found:
        st.markdown(":gray[No batch was promised for a day in this window and these filters.]")
        return
    st.dataframe(
        _plain(found),
        hide_index=True,
        placeholder="",
        key="promised_table",
        alt="Deliveries: promised, submitted, accepted, days late, reason and specification",
        column_config={
            name: _column(name, width)
            for name, width in zip(_plain(found).column_names, _WIDTHS, strict=True)
        },
    )
    quiet(
        "Submitted: handed over to the receiver. Accepted: the day the receiver accepted it. The "
        "reason is what the delivery list says; it is not checked against anything."
    )


def promised(view: View) -> list[Delivery]:
    """The batches promised in the window, newest promise first, as they stand at its end."""
    store = view.store
    as_of: date = min(view.period.until, max(store.today, view.period.since))
    told = store.rows(DELIVERIES_DUE, view.scope).to_pylist()
    return [delivery_of(row, as_of) for row in told]


def _plain(found: Sequence[Delivery]) -> pa.Table:
    columns: dict[str, list[Any]] = {
        "Batch": [one.batch for one in found],
        "Status": [one.standing.words for one in found],
        "Promised": [one.promised_on for one in found],
        "Submitted": [one.delivered_on for one in found],
        "Accepted": [one.accepted_on for one in found],
        "Agreed": [one.agreed_on for one in found],
        "Days late": [one.days_late for one in found],
        "Reason late": [one.reason for one in found],
        "Specification": [one.specification for one in found],
        "Dataset": [one.dataset for one in found],
        "For": [one.receiver for one in found],
        "Items promised": [one.items_promised for one in found],
        "Items accepted": [one.items_accepted for one in found],
    }
    return pa.table(
        {name: pa.array(cells, _KINDS.get(name, pa.string())) for name, cells in columns.items()}
    )


def _column(name: str, width: int) -> Any:
    if _KINDS.get(name) == pa.date32():
        return st.column_config.DateColumn(name, format="D MMM YYYY", width=width)
    if name in _KINDS:
        return st.column_config.NumberColumn(name, format="localized", width=width)
    return st.column_config.TextColumn(name, width=width)
