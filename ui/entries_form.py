"""Decisions, risks, opportunities and actions as tables that people edit in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from data_access.entries import Action, Decision, Entry, Opportunity, Risk
from ui import messages
from ui.messages import quiet
from ui.view import View, records

_TWO_LINES = 58  # pixels; above 4rem a cell wraps its text
_VERSION = "_entries_version"
_ENTRIES = "entries"
Kind = type[Entry]
# Kind → heading and the columns edited, as (field, label, width).
_SHEETS: dict[Kind, tuple[str, tuple[tuple[str, str, int], ...]]] = {
    Action: ("Actions", (("text", "Action", 380), ("owner", "Owner", 130),
                         ("due_on", "Due", 110), ("state", "State", 110))),
    Decision: ("Decisions", (("text", "Decision", 300), ("if_not", "If it is not taken", 220),
                             ("owner", "Decides", 120), ("due_on", "By", 110),
                             ("state", "State", 100))),
    Risk: ("Risks", (("text", "Risk", 250), ("likelihood", "Likelihood", 90),
                     ("impact", "Impact", 80), ("trend", "Trend", 90),
                     ("response", "Response", 170), ("owner", "Owner", 100),
                     ("due_on", "Due", 110), ("state", "State", 90))),
    Opportunity: ("Opportunities", (("text", "Opportunity", 250), ("gain", "Gain", 120),
                                    ("evidence", "Evidence", 160), ("effort", "Effort", 90),
                                    ("owner", "Owner", 100), ("due_on", "Due", 110),
                                    ("state", "State", 90))),
}  # fmt: skip


def actions(view: View, signed: str) -> None:
    """The actions; each change is kept at once, with its author."""
    messages.told(_ENTRIES)
    _sheet(view, Action, signed)


def others(view: View, signed: str) -> None:
    """Decisions, risks and opportunities, in the same way."""
    for kind in _SHEETS:
        if kind is not Action:
            _sheet(view, kind, signed)
    quiet("Edits are kept as you type. Entries of earlier weeks stay until they are closed.")


def _sheet(view: View, kind: Kind, signed: str) -> None:
    title, columns = _SHEETS[kind]
    st.header(title, anchor=False)
    entries = records(view.store.workspace).entries(kind, period=view.period)
    version = st.session_state.get(_VERSION, 0)
    key = f"{kind.__name__}_{view.period.name}_{version}"
    st.data_editor(
        _frame(entries, columns),
        key=key,
        hide_index=True,
        row_height=None if kind is Action else _TWO_LINES,
        num_rows="dynamic" if signed else "fixed",
        disabled=not signed,
        alt=f"{title} of the period, editable",
        column_config={name: _column(kind, name, label, width) for name, label, width in columns},
        on_change=_keep,
        args=(view, kind, key, entries, signed),
    )


def _frame(entries: tuple[Entry, ...], columns: tuple[tuple[str, str, int], ...]) -> pd.DataFrame:
    table = {name: [getattr(entry, name) for entry in entries] for name, _, _ in columns}
    frame = pd.DataFrame(table)
    for name in table:
        if name == "due_on":
            frame[name] = pd.to_datetime(frame[name])
        elif name in ("likelihood", "impact"):
            frame[name] = frame[name].astype("Int64")
        else:
            frame[name] = frame[name].astype("string")
    return frame


def _column(kind: Kind, name: str, label: str, width: int) -> Any:
    if name == "due_on":
        return st.column_config.DateColumn(label, width=width, format="D MMM YYYY")
    if name in ("likelihood", "impact"):
        return st.column_config.NumberColumn(
            label, width=width, min_value=1, max_value=5, step=1, default=3
        )
    choices = {
        "state": kind.STATES, "trend": Risk.TRENDS, "effort": Opportunity.EFFORTS,
    }.get(name)  # fmt: skip
    if choices:
        first = "Medium" if name == "effort" else choices[0]
        return st.column_config.SelectboxColumn(
            label, width=width, options=list(choices), default=first, required=True
        )
    return st.column_config.TextColumn(label, width=width, required=name == "text", max_chars=500)


def _keep(view: View, kind: Kind, key: str, entries: tuple[Entry, ...], signed: str) -> None:
    """Store what was edited, added and deleted, and draw the table anew from what is kept."""
    edits = st.session_state[key]
    kept, at = records(view.store.workspace), view.store.clock
    added = [row for row in edits["added_rows"] if str(row.get("text") or "").strip()]
    if not (edits["edited_rows"] or edits["deleted_rows"] or added):
        return
    with messages.told_later(_ENTRIES):
        for number, changed in edits["edited_rows"].items():
            entry = replace(entries[int(number)], **_typed(changed))
            kept.change(entry, period=view.period, by=signed, at=at)
        for number in edits["deleted_rows"]:
            kept.remove(entries[int(number)], by=signed, at=at)
        for row in added:
            kept.add(kind(**_typed(row)), period=view.period, by=signed, at=at)
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    """The cells as an entry takes them; the editor gives dates as text and empty cells as None."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name == "due_on":
            found[name] = date.fromisoformat(str(value)[:10]) if value else None
        elif name in ("likelihood", "impact"):
            found[name] = int(value) if value is not None else 3
        elif value is None and name in ("state", "trend", "effort"):
            continue
        else:
            found[name] = "" if value is None else str(value)
    return found
