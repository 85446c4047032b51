"""Decisions to take and actions to do: two cards, each entry with its way forward."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from data_access.entries import Action, Decision, Entry
from metrics.errors import AppError
from metrics.periods import show_date
from ui import who
from ui.badges import badge
from ui.messages import error, section
from ui.text import dotted, md_escape
from ui.view import View, current, records

_SHOWN = 4


def cards(view: View) -> None:
    """What needs a decision, beside the actions that are open."""
    left, right = st.columns(2, gap="medium")
    with left:
        _head("Needs a decision", Decision, key="add_decision")
        _card(view, Decision, "Nothing waits for a decision.", verb="Decide")
    with right:
        _head("Actions", Action, key="add_action")
        _card(view, Action, "No open action.", verb="Update")


def _head(title: str, kind: type[Entry], *, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(title, anchor=False, width="stretch")
        if st.button(":primary[Add]", type="tertiary", key=key, icon=":material/add:"):
            _open(kind(text="-"), is_new=True)


def _card(view: View, kind: type[Entry], empty: str, *, verb: str) -> None:
    with st.container(border=True, height="stretch"), section(kind.__name__):
        entries = [
            entry
            for entry in records(view.store.workspace).entries(kind, period=view.period)
            if not entry.is_closed
        ]
        entries.sort(key=lambda entry: (entry.due_on is None, entry.due_on, entry.number))
        if not entries:
            st.markdown(f":gray[{empty}]")
        for entry in entries[:_SHOWN]:
            _line(view, entry, verb)
        if len(entries) > _SHOWN:
            st.markdown(f":small[:gray[{len(entries) - _SHOWN} more on Weekly report.]]")


def _line(view: View, entry: Entry, verb: str) -> None:
    words, button = st.columns([5, 1.3], vertical_alignment="center")
    words.markdown(
        f"**{md_escape(entry.text)}** {due_badge(view, entry)}  \n:small[:gray[{_details(entry)}]]"
    )
    with button:
        if st.button(verb, key=f"open_{entry.code}", width="stretch"):
            _open(entry, is_new=False)


def due_badge(view: View, entry: Entry) -> str:
    """Overdue or due soon, as a badge; "" when neither."""
    today = view.store.today
    if entry.due_on is None or entry.is_closed:
        return ""
    if entry.is_overdue(today):
        return badge("red", "■ Late")
    if (entry.due_on - today).days <= 1:
        return badge("amber", "▲ Due now")
    return ""


def _details(entry: Entry) -> str:
    parts = []
    if isinstance(entry, Decision) and entry.if_not:
        parts.append(f"If not: {entry.if_not}")
    parts.append(entry.owner or "no owner yet")
    if entry.due_on:
        parts.append(f"by {show_date(entry.due_on)}")
    return md_escape(dotted(*parts))


def _open(entry: Entry, *, is_new: bool) -> None:
    name = type(entry).__name__.lower()
    title = f"Add {'an' if name[0] in 'aeiou' else 'a'} {name}" if is_new else entry.code
    st.dialog(title)(_form)(entry, is_new)


def _form(entry: Entry, is_new: bool) -> None:
    view = current()
    text = st.text_area("What", value="" if is_new else entry.text, max_chars=500)
    if_not = ""
    if isinstance(entry, Decision):
        if_not = st.text_input("If it is not taken", value=entry.if_not, max_chars=300) or ""
    one, two, three = st.columns(3)
    owner = one.text_input("Owner", value=entry.owner, max_chars=200)
    due_on = two.date_input("Due", value=entry.due_on, format="YYYY-MM-DD")
    state = three.selectbox("State", entry.STATES, index=entry.STATES.index(entry.state))
    signed = who.ask(key="entry")
    save, remove = st.columns(2)
    is_saved = save.button("Save", type="primary", width="stretch")
    is_removed = not is_new and remove.button("Remove", width="stretch")
    if not (is_saved or is_removed):
        return
    more: dict[str, Any] = {"if_not": if_not} if isinstance(entry, Decision) else {}
    try:
        _store(
            view,
            entry,
            is_new,
            is_removed,
            signed,
            {"text": text or "", "owner": owner or "", "due_on": due_on, "state": state} | more,
        )
    except AppError as problem:
        error(problem)
        return
    st.rerun()


def _store(
    view: View,
    entry: Entry,
    is_new: bool,
    is_removed: bool,
    signed: str,
    changed: dict[str, Any],
) -> None:
    kept, at = records(view.store.workspace), view.store.clock
    by = who.required(signed)
    if is_removed:
        kept.remove(entry, by=by, at=at)
    elif is_new:
        kept.add(replace(entry, **changed), period=view.period, by=by, at=at)
    else:
        kept.change(replace(entry, **changed), period=view.period, by=by, at=at)
