"""Deliveries.

What was promised for the period, what arrived when, and what the receiving teams accepted.
"""

from __future__ import annotations

from metrics.delivery import ACCEPTED_SHARE, DAYS_LATE, DELIVERIES_DUE, ON_TIME_DELIVERY
from ui import cards, page, rows

MEASURES = (ON_TIME_DELIVERY, DAYS_LATE, ACCEPTED_SHARE, DELIVERIES_DUE)

if view := page.start("Placed by the promised day", page.window):
    page.overview(view, MEASURES)

    page.heading("Where they are late")
    with page.pairs():
        cards.by_slice(view, ON_TIME_DELIVERY, "team", key="on_time_by_team")
        cards.by_slice(view, DAYS_LATE, "dataset", key="late_by_dataset")
        cards.over_time(view, ON_TIME_DELIVERY, key="on_time")
        cards.over_time(view, ACCEPTED_SHARE, key="accepted")

    page.heading("Deliveries promised in the period")
    rows.panel(view, DELIVERIES_DUE, view.scope, key="due")
