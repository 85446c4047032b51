"""Issues.

What was raised, what was solved, what is past due, how long solving takes, and what successive
exports show: the cumulative flow, what is oldest in its status, what changed since the last one.
"""

from __future__ import annotations

from metrics.issues import (
    ISSUES_OPEN,
    ISSUES_OPENED,
    ISSUES_OVERDUE,
    ISSUES_REOPENED,
    ISSUES_RESOLVED,
    TIME_TO_RESOLVE_P50,
)
from ui import cards, issue_history, page, rows

MEASURES = (
    ISSUES_OPEN,
    ISSUES_OVERDUE,
    ISSUES_OPENED,
    ISSUES_RESOLVED,
    TIME_TO_RESOLVE_P50,
    ISSUES_REOPENED,
)

if view := page.start("Raised, solved and past due", page.window, of=ISSUES_OPENED):
    page.overview(view, MEASURES, columns=3)

    page.heading("Where they are")
    with page.pairs():
        cards.by_slice(view, ISSUES_OPEN, "team", key="open_by_team")
        cards.by_slice(view, ISSUES_OPEN, "priority", key="open_by_priority")
        cards.over_time(view, ISSUES_OPEN, key="open")
        cards.over_time(view, TIME_TO_RESOLVE_P50, key="time_to_resolve")

    page.heading("Cumulative flow of issues")
    issue_history.flow(view)
    issue_history.changes(view)
    issue_history.oldest(view)

    page.heading("Issues past due")
    rows.panel(view, ISSUES_OVERDUE, view.scope, key="overdue")
