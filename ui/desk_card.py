"""One issue of the desk opened: facts, clocks and history beside what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from analysis.desk import words
from analysis.desk.ladder import Proposal
from analysis.desk.sla import Clock
from analysis.desk.triage import Reason, Ticket
from analysis.working_time import working_time
from metrics.local_time import local
from metrics.periods import show_date
from metrics.scope import NOT_RECORDED
from ui import desk_forms, messages, who
from ui.badges import badge
from ui.text import count_of, dotted, md_escape, sentence_start
from ui.view import View, records

ABOUT = desk_forms.ABOUT
_MOST_STEPS = 12
_REASON_TONES = {
    Reason.BREACHED: ("red", "■"), Reason.OVERDUE: ("red", "■"), Reason.ESCALATED: ("red", "■"),
    Reason.SOON: ("amber", "▲"), Reason.UNOWNED: ("amber", "▲"), Reason.NEW: ("amber", "▲"),
    Reason.STALE: ("grey", "○"), Reason.GONE: ("grey", "○"), Reason.RESOLVED: ("green", "●"),
}  # fmt: skip


def card(view: View, ticket: Ticket, signed: str) -> None:
    """The whole of one issue."""
    facts, forms = st.columns([6, 6], gap="medium")
    with facts, st.container(border=True, height="stretch", gap="small", key="desk_facts"):
        _head(view, ticket)
        _clocks(view, ticket)
        _history(view, ticket)
    with forms, st.container(border=True, height="stretch", gap="small", key="desk_do"):
        desk_forms.forms(view, ticket, signed)


def _head(view: View, ticket: Ticket) -> None:
    issue, case = ticket.issue, ticket.case
    faces = " ".join(
        badge(tone, f"{shape} {reason.value}")
        for reason in ticket.reasons
        for tone, shape in [_REASON_TONES[reason]]
    ) or badge("green", f"● {'Closed' if case.is_closed else 'In hand'}")
    st.markdown(f"**{md_escape(case.issue_key)} {md_escape(ticket.summary)}**  \n{faces}")
    if issue is None:
        st.markdown(
            ":gray[This issue is in no upload any more. What was done about it stays here until "
            "it is closed.]"
        )
        return
    if Reason.GONE in ticket.reasons:
        st.markdown(
            ":gray[The newest full export no longer has this issue; shown is its last state.]"
        )
    tracker = dotted(
        *(known(text) for text in (issue.project, issue.team, issue.type)),
        f"priority {issue.priority}" if known(issue.priority) else "no priority",
        f"status {issue.status}" if known(issue.status) else "",
    )
    people = dotted(
        f"assignee {issue.assignee}" if known(issue.assignee) else "no assignee",
        f"reporter {issue.reporter}" if issue.reporter else "",
        f"escalated in the tracker to {issue.escalation}" if issue.escalation else "",
        f"labels {issue.labels}" if issue.labels else "",
    )
    times = dotted(
        f"created {show(view, issue.created_at)}",
        f"updated {show(view, issue.updated_at)}" if issue.updated_at else "",
        f"resolved {show(view, issue.resolved_at)}" if issue.resolved_at else "",
        f"due {show_date(issue.due_on)}" if issue.due_on else "no due date",
    )
    lines = "  \n".join(md_escape(sentence_start(line)) for line in (tracker, people, times))
    st.markdown(f":small[:gray[{lines}]]")


def known(text: str) -> str:
    """The text; "" for what is not recorded."""
    return "" if text == NOT_RECORDED else text


def show(view: View, moment: datetime) -> str:
    """A UTC time in the reporting zone: "17 Nov 2026, 14:30"."""
    at = local(moment, view.store.settings.reporting_zone)
    return f"{show_date(at.date())}, {at:%H:%M}"


def _clocks(view: View, ticket: Ticket) -> None:
    """The clocks of the policy, and the next rung."""
    if ticket.clocks is None:
        if ticket.issue is not None:
            has_policies = bool(view.store.sla_policies())
            why = words.NO_POLICY if has_policies else f"{words.NO_POLICY} {words.HOW_TO_ADD}"
            st.markdown(f":small[:gray[{md_escape(why)}]]")
    else:
        named = (("Response", ticket.clocks.response), ("Resolution", ticket.clocks.resolution))
        lines = [_clock(view, name, clock) for name, clock in named if clock is not None]
        st.markdown(
            "  \n".join(lines),
            help=f"Policy: {words.policy_words(ticket.clocks.policy)}. {_hours(view, ticket)}Times "
            f"in {view.store.settings.reporting_zone}. A pause in the tracker counts at its "
            "shortest: exports say between which moments a status changed, not when.",
        )
    if ticket.next_rung is not None:
        st.markdown(_rung(view, ticket.next_rung))


def _hours(view: View, ticket: Ticket) -> str:
    """Which hours count for an issue whose policy counts business hours."""
    if ticket.issue is None or ticket.clocks is None or ticket.clocks.policy.clock == "calendar":
        return ""
    return f"{working_time(view.store).words(ticket.team, ticket.issue.created_at)} "


def _clock(view: View, name: str, clock: Clock) -> str:
    shape, tone = words.face(clock)
    said = words.clock_words(clock, lambda moment: show(view, moment))
    return f"{badge(str(tone), f'{shape} {name}')} {md_escape(said)}"


def _rung(view: View, rung: Proposal) -> str:
    to = f"level {rung.level}, {md_escape(rung.to)}"
    if rung.is_due and rung.due_at:
        return f"{badge('amber', '▲ Escalation due')} {to}: since {show(view, rung.due_at)}"
    when = f" ({show(view, rung.due_at)})" if rung.due_at else ""
    return f":small[:gray[Next rung: {to}, {md_escape(rung.rule)}{when}.]]"


def _history(view: View, ticket: Ticket) -> None:
    """What was done on the desk, newest first."""
    if not ticket.log:
        st.markdown(":gray[Nothing was done about it here yet.]")
        return
    st.markdown("**History**")
    for step in ticket.log[: -_MOST_STEPS - 1 : -1]:
        st.markdown(
            f"{md_escape(words.done(step))}  \n:small[:gray[{show(view, step.at)}, by "
            f"{md_escape(step.by)}]]"
        )
    if len(ticket.log) > _MOST_STEPS:
        messages.quiet(
            f"{len(ticket.log) - _MOST_STEPS:,} earlier steps: take the log as CSV below."
        )


def several(view: View, tickets: Sequence[Ticket], signed: str) -> None:
    """One owner for all issues that are ticked."""
    open_ones = [ticket for ticket in tickets if not ticket.case.is_closed]
    with st.container(border=True, gap="small", key="desk_several"):
        keys = ", ".join(ticket.case.issue_key for ticket in open_ones[:8])
        more = f" and {len(open_ones) - 8:,} more" if len(open_ones) > 8 else ""
        st.markdown(f"**{count_of(len(open_ones), 'open issue')} ticked:** {md_escape(keys)}{more}")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            owner = st.text_input(
                "New owner", value=signed, key="desk_bulk_owner", max_chars=200, width=260
            )
            st.button(
                f"Set the owner of {count_of(len(open_ones), 'issue')}",
                key="desk_bulk", disabled=not signed or not open_ones,
                on_click=_assign, args=(view, open_ones, owner or "", signed),
            )  # fmt: skip


def _assign(view: View, tickets: Sequence[Ticket], owner: str, signed: str) -> None:
    with messages.told_later(ABOUT):
        cases = [desk_forms.titled(ticket) for ticket in tickets]
        records(view.store.workspace).desk.assign(
            cases, owner, by=who.required(signed), at=view.store.clock
        )
