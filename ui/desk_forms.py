"""What can be done with an issue: triage, escalate, note, close, reopen; each kept at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from analysis.desk.severity import NOT_SET
from analysis.desk.triage import Ticket
from data_access.cases import CLOSED, REASONS, SEVERITIES, TRIAGED, WAITING, Case
from ui import messages, who
from ui.view import View, records

ABOUT = "desk"
_NOBODY = "Nobody, work goes on"
WAITS = ("the reporter", "another team", "a decision", "a supplier", "a release")


def forms(view: View, ticket: Ticket, signed: str) -> None:
    """The forms that fit the state of the issue."""
    case = ticket.case
    if case.is_closed:
        _reopen(view, ticket, signed)
        return
    triage, escalate, note, close = st.tabs(["Triage", "Escalate", "Note", "Close"])
    with triage:
        _triage(view, ticket, signed)
    with escalate:
        _escalate(view, ticket, signed)
    with note:
        _note(view, ticket, signed)
    with close:
        _close(view, ticket, signed)


def _key(ticket: Ticket, name: str) -> str:
    """A widget's key: another one for each issue and each version, so that a form starts afresh."""
    case = ticket.case
    return f"desk_{name}_{case.source}_{case.issue_key}_{case.version}"


def _said(key: str) -> str:
    return str(st.session_state.get(key) or "")


def _triage(view: View, ticket: Ticket, signed: str) -> None:
    case = ticket.case
    keys = {n: _key(ticket, n) for n in ("owner", "severity", "next", "due", "waits", "say")}
    with st.form(_key(ticket, "triage"), border=False):
        one, two = st.columns(2)
        one.text_input(
            "Owner", value=case.owner, key=keys["owner"], max_chars=200,
            placeholder=f"{ticket.owner} in the tracker" if ticket.owner else "Nobody yet",
        )  # fmt: skip
        read = f"Read from the priority: {ticket.severity}." if ticket.severity else (
            "The priority gives no severity: choose one."
        )  # fmt: skip
        two.selectbox(
            "Severity", [NOT_SET, *SEVERITIES], key=keys["severity"],
            index=[NOT_SET, *SEVERITIES].index(case.severity or NOT_SET),
            help=f"{NOT_SET}: the tracker's priority counts. {read}",
        )  # fmt: skip
        st.text_input("Next step", value=case.next_step, key=keys["next"], max_chars=500)
        three, four = st.columns(2)
        three.date_input("By", value=case.due_on, key=keys["due"], format="YYYY-MM-DD")
        options = list(dict.fromkeys([_NOBODY, *([case.waits_for] if case.waits_for else []),
                                      *WAITS]))  # fmt: skip
        four.selectbox(
            "Waits for", options, key=keys["waits"], accept_new_options=True,
            index=options.index(case.waits_for) if case.waits_for else 0,
            help="The clock stands where the SLA policy names it: Waiting for the reporter.",
        )  # fmt: skip
        st.text_input("Remark", key=keys["say"], max_chars=2_000)
        st.form_submit_button(
            "Save" if case.responded_at else "Triage", type="primary", disabled=not signed,
            on_click=_keep_triage, args=(view, ticket, keys, signed), key=_key(ticket, "save"),
        )  # fmt: skip


def _keep_triage(view: View, ticket: Ticket, keys: dict[str, str], signed: str) -> None:
    waits = _said(keys["waits"])
    severity = _said(keys["severity"])
    changed = replace(
        titled(ticket),
        owner=_said(keys["owner"]),
        severity="" if severity == NOT_SET else severity,
        next_step=_said(keys["next"]),
        due_on=st.session_state.get(keys["due"]),
        state=TRIAGED if waits in ("", _NOBODY) else WAITING,
        waits_for="" if waits == _NOBODY else waits,
    )
    _do(view, signed, lambda desk, how: desk.triage(changed, note=_said(keys["say"]), **how))


def _escalate(view: View, ticket: Ticket, signed: str) -> None:
    case, rung = ticket.case, ticket.next_rung
    to, why = _key(ticket, "to"), _key(ticket, "why")
    level = rung.level if rung else case.level + 1
    with st.form(_key(ticket, "escalate"), border=False):
        if case.level:
            st.markdown(f":gray[It stands on level {case.level}.]")
        if rung is None:
            messages.quiet(
                "No rung is stated above. To have one proposed, upload an escalation ladder "
                "(level, escalate to, after, hours); the template is on the page Definitions."
            )
        st.text_input(
            f"To whom (level {level})", value=rung.to if rung else "", key=to, max_chars=200,
            help=f"The next rung of the ladder is due {rung.rule}." if rung else None,
        )  # fmt: skip
        st.text_input("Reason", key=why, max_chars=2_000)
        st.form_submit_button(
            f"Escalate to level {level}", disabled=not signed, key=_key(ticket, "up"),
            on_click=_keep_escalation, args=(view, ticket, level, to, why, signed),
        )  # fmt: skip
    if case.level:
        with st.form(_key(ticket, "settle"), border=False):
            settled = _key(ticket, "settled")
            st.text_input("What settled it", key=settled, max_chars=2_000)
            st.form_submit_button(
                "End the escalation", disabled=not signed, key=_key(ticket, "down"),
                on_click=_keep_settled, args=(view, ticket, settled, signed),
            )  # fmt: skip


def _keep_escalation(
    view: View, ticket: Ticket, level: int, to: str, why: str, signed: str
) -> None:
    _do(view, signed, lambda desk, how: desk.escalate(
        titled(ticket), level=level, to=_said(to), reason=_said(why), **how
    ))  # fmt: skip


def _keep_settled(view: View, ticket: Ticket, key: str, signed: str) -> None:
    _do(view, signed, lambda desk, how: desk.settle(titled(ticket), reason=_said(key), **how))


def _note(view: View, ticket: Ticket, signed: str) -> None:
    key = _key(ticket, "note")
    with st.form(_key(ticket, "noting"), border=False):
        st.text_area("Follow-up note", key=key, max_chars=2_000)
        st.form_submit_button(
            "Keep the note", disabled=not signed, key=_key(ticket, "keep"),
            on_click=_keep_note, args=(view, ticket, key, signed),
        )  # fmt: skip


def _keep_note(view: View, ticket: Ticket, key: str, signed: str) -> None:
    _do(view, signed, lambda desk, how: desk.note(titled(ticket), _said(key), **how))


def _close(view: View, ticket: Ticket, signed: str) -> None:
    reason, words = _key(ticket, "reason"), _key(ticket, "words")
    with st.form(_key(ticket, "closing"), border=False):
        is_open = ticket.issue is not None and ticket.issue.left_on is None
        if is_open:
            messages.quiet(
                "The tracker still shows it open: close it there too, or take the decisions as a "
                "CSV for Jira below."
            )
        st.selectbox("Closed as", REASONS, key=reason)
        st.text_input("In a few words", key=words, max_chars=2_000)
        st.form_submit_button(
            "Close the issue here", disabled=not signed, key=_key(ticket, "shut"),
            on_click=_keep_closure, args=(view, ticket, reason, words, signed),
        )  # fmt: skip


def _keep_closure(view: View, ticket: Ticket, reason: str, words: str, signed: str) -> None:
    _do(view, signed, lambda desk, how: desk.close(
        titled(ticket), reason=_said(reason), note=_said(words), **how
    ))  # fmt: skip


def _reopen(view: View, ticket: Ticket, signed: str) -> None:
    key = _key(ticket, "again")
    st.markdown(f"**{CLOSED}: {ticket.case.closed_as.lower()}.** It can be opened again.")
    with st.form(_key(ticket, "reopening"), border=False):
        st.text_input("Why it opens again", key=key, max_chars=2_000)
        st.form_submit_button(
            "Reopen", disabled=not signed, key=_key(ticket, "open"),
            on_click=_keep_reopening, args=(view, ticket, key, signed),
        )  # fmt: skip


def _keep_reopening(view: View, ticket: Ticket, key: str, signed: str) -> None:
    _do(view, signed, lambda desk, how: desk.reopen(ticket.case, reason=_said(key), **how))


def _do(view: View, signed: str, change: Callable[[Any, dict[str, Any]], Case]) -> None:
    """Make the change; an error is told by the run that follows."""
    with messages.told_later(ABOUT):
        how = {"by": who.required(signed), "at": view.store.clock}
        change(records(view.store.workspace).desk, how)


def titled(ticket: Ticket) -> Case:
    """The case with the issue's title, to be known by when the issue is gone."""
    return replace(ticket.case, summary=ticket.summary if ticket.issue else ticket.case.summary)
