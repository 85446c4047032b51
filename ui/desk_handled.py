"""What was handled in the period: the log of the desk, escalations first, with its downloads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from analysis.desk import load, words
from analysis.desk.triage import Ticket
from data_access import jira_import
from data_access.cases import Step
from metrics.local_time import local
from metrics.periods import period_of
from ui import filters, messages, page
from ui.text import count_of
from ui.view import View

_MOST = 200
_BOM = "desk_bom"


def handled(view: View, tickets: Sequence[Ticket], log: Sequence[Step]) -> None:
    """The steps of the period, newest first, and what can be taken along."""
    page.heading(
        "Handled in the period",
        help="What was done on this desk in the period of the bar above, newest first.",
    )
    zone = view.store.settings.reporting_zone
    keys = {ticket.key for ticket in tickets}
    mine = [step for step in log if (step.case.source, step.case.issue_key) in keys]
    found = [step for step in mine if view.period.contains(local(step.at, zone).date())]
    found = sorted(load.shown_log(view.store, found), key=lambda step: step.at)
    later = [day for step in mine if (day := local(step.at, zone).date()) > view.period.last_day]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_counts(found)}**", width="stretch")
        _downloads(view, tickets, mine, found)
    if later:
        _lead_to_later(later)
    if not found:
        st.markdown(f":gray[Nothing was done here in {view.period.label}.]")
        return
    _table(view, found)
    if len(found) > _MOST:
        messages.quiet(f"The newest {_MOST:,} steps; the file has all of them.")


def _lead_to_later(days: Sequence[date]) -> None:
    """How many steps came after the period, with a button to the week of the newest."""
    newest = period_of(max(days), "week")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":small[:gray[{count_of(len(days), 'step')} since then.]]")
        st.button(
            f"Show {newest.label}", key="desk_later", on_click=filters.show_period, args=(newest,)
        )


def _counts(found: Sequence[Step]) -> str:
    """How often what was done, like "2 triaged · 1 escalated"."""
    said = {"triage": "triaged", "escalate": "escalated", "close": "closed", "reopen": "reopened"}
    parts = [
        f"{count:,} {verb}"
        for what, verb in said.items()
        if (count := sum(step.what == what for step in found))
    ]
    return " · ".join([count_of(len(found), "step"), *parts])


def _table(view: View, found: Sequence[Step]) -> None:
    zone = view.store.settings.reporting_zone
    frame = pd.DataFrame(
        [
            (
                local(step.at, zone), step.case.issue_key, step.case.summary, words.done(step),
                step.by,
            )
            for step in found[::-1][:_MOST]
        ],
        columns=[f"Time ({zone})", "Issue", "Summary", "What was done", "By"],
    )  # fmt: skip
    config = st.column_config
    st.dataframe(
        frame,
        hide_index=True,
        placeholder="",
        key="desk_log",
        alt="What was done on the issue desk in the period, newest first",
        height="auto" if len(frame) <= 10 else 388,
        column_config={
            frame.columns[0]: config.DatetimeColumn(width=140, format="D MMM YYYY, HH:mm"),
            "Issue": config.TextColumn(width=90),
            "Summary": config.TextColumn(width=260),
            "What was done": config.TextColumn(width=480),
            "By": config.TextColumn(width=130),
        },
    )


def _downloads(
    view: View, tickets: Sequence[Ticket], log: Sequence[Step], found: Sequence[Step]
) -> None:
    """The decisions for Jira, and the log of the period."""
    cases = [ticket.case for ticket in tickets if ticket.case.version]
    day = f"{view.store.today}"
    with st.popover("Take along", icon=":material/download:"):
        st.markdown(
            "**Decisions as Jira import CSV**  \n:small[:gray[One row per issue handled here: key, "
            "owner, priority, due day and every step as a comment. In Jira: import issues from "
            f"CSV, date format {jira_import.DATE_FORMAT}, times in UTC, owners as typed; a "
            "user who may do so maps Issue key, so that issues are updated. Empty cells change "
            "nothing.]]"
        )
        is_marked = st.checkbox(
            "With a byte order mark", value=True, key=_BOM,
            help="Excel needs it to read letters outside of English; some importers refuse it.",
        )  # fmt: skip
        messages.told("desk_jira")
        st.download_button(
            f"Decisions on {count_of(len(cases), 'issue')}",
            messages.keeping(
                "desk_jira",
                lambda: jira_import.decisions_csv(cases, log, with_bom=bool(is_marked)),
            ),
            f"issue-decisions-{day}.csv", "text/csv", on_click="ignore", key="desk_jira_csv",
            disabled=not cases,
        )  # fmt: skip
        escalations = [s for s in found if s.what in ("escalate", "settle")]
        for label, steps, name in (
            ("Escalation log of the period", escalations, "escalations"),
            ("All steps of the period", found, "issue-desk-log"),
        ):
            _log_button(view, label, steps, name, is_marked=bool(is_marked))


def _log_button(
    view: View, label: str, steps: Sequence[Step], name: str, *, is_marked: bool
) -> None:
    st.download_button(
        f"{label} ({len(steps):,})",
        messages.keeping("desk_jira", lambda: jira_import.log_csv(steps, with_bom=is_marked)),
        f"{name}-{view.period.name}.csv", "text/csv", on_click="ignore", key=f"desk_csv_{name}",
        disabled=not steps,
    )  # fmt: skip
