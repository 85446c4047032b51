"""Deliveries.

What was agreed and promised for the period, what was submitted when, how late and why, and what
the receiving teams accepted.
"""

from __future__ import annotations

from metrics.delivery import (
    ACCEPTED_SHARE,
    DAYS_LATE,
    DAYS_TO_ACCEPTANCE,
    DELIVERIES_DUE,
    LATE_DELIVERIES,
    ON_TIME_DELIVERY,
)
from ui import cards, deliveries, page, rows

MEASURES = (ON_TIME_DELIVERY, DAYS_LATE, ACCEPTED_SHARE, DELIVERIES_DUE)

if view := page.start("Placed by the promised day", page.window, of=DELIVERIES_DUE):
    page.overview(view, MEASURES)
    deliveries.table(view)

    page.heading("Where they are late")
    with page.pairs():
        cards.by_slice(view, ON_TIME_DELIVERY, "team", key="on_time_by_team")
        cards.by_slice(view, DAYS_LATE, "dataset", key="late_by_dataset")
        cards.by_slice(view, LATE_DELIVERIES, "late_reason", key="late_by_reason")
        cards.by_slice(view, DAYS_TO_ACCEPTANCE, "team", key="acceptance_by_team")
        cards.over_time(view, ON_TIME_DELIVERY, key="on_time")
        cards.over_time(view, ACCEPTED_SHARE, key="accepted")

    page.heading("Rows of the deliveries promised in the period")
    rows.panel(view, DELIVERIES_DUE, view.scope, key="due")
