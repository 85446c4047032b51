"""The issue desk: what needs somebody, the queue, one issue opened, what was handled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from analysis.desk import load, words
from analysis.desk.severity import NOT_SET
from analysis.desk.triage import FORMULA, STALE_DAYS, Reason, Ticket
from metrics.local_time import local
from metrics.periods import show_date
from metrics.scope import DIMENSIONS
from ui import desk_card, desk_handled, messages, page, who
from ui.memo import remember
from ui.text import count_of, dotted, md_escape
from ui.view import View, records

SHOW, ISSUE, MINE = "desk_show", "desk_issue", "desk_mine"
_QUEUE = "desk_queue"
_NEEDS, _ALL, _CLOSED = "Needs somebody", "All open", "Closed here"
_LOUD = (Reason.BREACHED, Reason.SOON, Reason.ESCALATED, Reason.OVERDUE)
_TONES: dict[Reason, str] = {
    Reason.BREACHED: "red", Reason.SOON: "yellow", Reason.ESCALATED: "red", Reason.OVERDUE: "red",
    Reason.NEW: "blue", Reason.UNOWNED: "yellow", Reason.STALE: "gray", Reason.RESOLVED: "green",
    Reason.GONE: "gray",
}  # fmt: skip
_ROWS, _ROW, _HEAD = 15, 31, 34  # rows shown; pixels of a row and of the head


def as_of(view: View) -> str:
    """The moment the desk speaks of; the period bar speaks of the log below."""
    at = local(view.store.clock, view.store.settings.reporting_zone)
    zone = view.store.settings.reporting_zone
    return f"open issues as of {show_date(at.date())}, {at:%H:%M} {md_escape(zone)}"


def desk(view: View) -> None:
    """The whole of the page."""
    log = records(view.store.workspace).desk.log()
    tickets = load.matching(
        remember((*view.key, "desk", view.store.clock, len(log), log[-1:]),
                 lambda: tuple(load.now(view.store, log))), view.scope
    )  # fmt: skip
    open_ones = [ticket for ticket in tickets if not ticket.case.is_closed]
    _banner(open_ones)
    _asides(view, open_ones)
    messages.told(desk_card.ABOUT)
    with st.container(width=420):
        signed = who.ask(key="desk")
        if not signed:
            messages.quiet("Type your name to triage, escalate and close.")
    shown = _chosen(view, tickets, open_ones, signed)
    picked = _queue(shown)
    if len(picked) > 1:
        desk_card.several(view, picked, signed)
    _open_one(view, tickets, shown, signed)
    desk_handled.handled(view, tickets, log)


def _banner(tickets: Sequence[Ticket]) -> None:
    """The answer in one line: what is worst, and how much of it."""
    counts = {reason: sum(reason in t.reasons for t in tickets) for reason in Reason}
    needing = sum(bool(ticket.reasons) for ticket in tickets)
    parts = [
        f"{counts[reason]:,} {said}"
        for reason, said in (
            (Reason.BREACHED, "past their SLA"), (Reason.SOON, "soon past their SLA"),
            (Reason.OVERDUE, "overdue"), (Reason.ESCALATED, "escalated"),
            (Reason.NEW, "not triaged yet"), (Reason.UNOWNED, "without an owner"),
            (Reason.STALE, "stale"),
            (Reason.RESOLVED, "resolved in the tracker"),
            (Reason.GONE, "gone from the data"),
        )
        if counts[reason]
    ]  # fmt: skip
    if not tickets:
        st.success("**● No issue is open.**")
    elif not needing:
        st.success(
            f"**● {count_of(len(tickets), 'open issue')}, all in hand.** Nothing is overdue."
        )
    else:
        is_loud = counts[Reason.BREACHED] or counts[Reason.OVERDUE]
        tell, shape = (st.error, "■") if is_loud else (st.warning, "▲")
        verb = "needs" if needing == 1 else "need"
        tell(
            f"**{shape} {needing:,} of {count_of(len(tickets), 'open issue')} {verb} somebody.** "
            + (f"{', '.join(parts)}." if parts else "")
        )


def _asides(view: View, tickets: Sequence[Ticket]) -> None:
    """What the page leaves aside: filters that issues do not have, clocks where no policy is."""
    aside = [DIMENSIONS[name][0].lower() for name in load.left_aside(view.scope)]
    if aside:
        messages.quiet(
            f"Issues are not recorded by {md_escape(', '.join(aside))}: that filter is left aside."
        )
    if tickets and not view.store.sla_policies():
        messages.quiet(f"No SLA policy is stated, so no clock runs. {words.HOW_TO_ADD}")


def _chosen(
    view: View, tickets: Sequence[Ticket], open_ones: Sequence[Ticket], signed: str
) -> list[Ticket]:
    """The tickets of the chosen reason, all or those of the person who is here."""
    by_show: dict[str, list[Ticket]] = {
        _NEEDS: [t for t in open_ones if t.reasons],
        **{reason.value: [t for t in open_ones if reason in t.reasons] for reason in Reason},
        _ALL: list(open_ones),
        _CLOSED: [t for t in tickets if t.case.is_closed],
    }
    with st.container(horizontal=True, vertical_alignment="center"):
        show = st.selectbox(
            "Which issues", list(by_show), key=SHOW, bind="query-params", width=280,
            label_visibility="collapsed",
            format_func=lambda name: f"{name} ({len(by_show.get(name, ())):,})",
        )  # fmt: skip
        mine = st.toggle(
            "Mine", key=MINE, disabled=not signed,
            help="Only issues that you own here or that the tracker assigns to you.",
        )  # fmt: skip
    found = by_show[show or _NEEDS]
    if mine and signed:
        me = {signed.casefold(), view.store.shown_name(signed).casefold()}
        found = [t for t in found if me & {t.owner.casefold(), t.case.owner.casefold()}]
    return found


def _queue(shown: Sequence[Ticket]) -> list[Ticket]:
    """The queue as a table; returns the rows that are ticked."""
    page.heading(
        "Queue",
        help=f"{FORMULA} New: nobody triaged it here. Stale: nothing happened here or in the "
        f"tracker for more than {STALE_DAYS} days. Soon: less than a quarter of the time is left. "
        "SLA: service level agreement, within how many hours an issue is answered and resolved. "
        "The weights and the age step are our choice; lifting old work is called aging in "
        "priority scheduling.",
    )
    if not shown:
        st.markdown(":gray[No issue here. Choose other issues above.]")
        return []
    event = st.dataframe(
        _frame(shown),
        hide_index=True,
        placeholder="",
        key=_QUEUE,
        alt="Issues by priority, the most urgent first",
        height=_HEAD + _ROW * min(len(shown), _ROWS),
        column_config=_columns(),
        on_select=partial(_tick, shown),
        selection_mode="multi-row",
    )
    messages.quiet("Tick one row to open it, several to give them one owner.")
    chosen: dict[str, Any] = dict(event.get("selection", {}))
    return [shown[place] for place in chosen.get("rows", []) if place < len(shown)]


def _tick(shown: Sequence[Ticket]) -> None:
    """Open the issue whose row is the only one ticked."""
    rows = st.session_state[_QUEUE]["selection"]["rows"]
    if len(rows) == 1 and rows[0] < len(shown):
        st.session_state[ISSUE] = _name(shown[rows[0]])


def _frame(shown: Sequence[Ticket]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                t.case.issue_key, [reason.value for reason in t.reasons], t.summary,
                t.severity or NOT_SET, t.priority, words.short(t.clocks), t.due_on, t.owner,
                t.case.state_words, t.case.next_step, t.age_days,
            )
            for t in shown
        ],
        columns=[
            "Issue", "Why", "Summary", "Severity", "Priority", "SLA", "Due", "Owner", "State",
            "Next step", "Age",
        ],
    )  # fmt: skip


def _columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "Issue": config.TextColumn(width=85),
        "Summary": config.TextColumn(width=220),
        "Why": config.MultiselectColumn(
            width=245,
            options=[reason.value for reason in Reason],
            color=[_TONES[reason] for reason in Reason],
        ),
        "Severity": config.TextColumn(width=75),
        "Priority": config.NumberColumn(width=65, format="%.1f", help=FORMULA),
        "SLA": config.TextColumn(width=165),
        "State": config.TextColumn(width=150),
        "Owner": config.TextColumn(
            width=110, help="On the desk; else the assignee in the tracker."
        ),
        "Next step": config.TextColumn(width=180),
        "Due": config.DateColumn(width=95, format="D MMM YYYY"),
        "Age": config.NumberColumn(width=60, format="%d d", help="Whole days since created."),
    }


def _open_one(view: View, tickets: Sequence[Ticket], shown: Sequence[Ticket], signed: str) -> None:
    """The issue that is opened: ticked in the table, or chosen by its key."""
    by_name = {_name(t): t for t in [*shown, *tickets]}
    if not by_name:
        return
    page.heading("One issue")
    name = st.selectbox(
        "Issue", list(by_name), key=ISSUE, width=560, label_visibility="collapsed",
        format_func=lambda n: f"{n}: {by_name[n].summary}" if n in by_name else str(n),
    )  # fmt: skip
    if name in by_name:
        with messages.section("The issue"):
            desk_card.card(view, by_name[name], signed)


def _name(ticket: Ticket) -> str:
    return dotted(ticket.case.issue_key, ticket.case.source)
