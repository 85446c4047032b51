"""This week.

The one-screen answer: what is off, since when, what to decide, and where the numbers come from.
"""

from __future__ import annotations

from ui import decisions, findings, page, sources
from ui.page import KEY_METRICS

if view := page.start(page.organization, page.window, page.data_until, sources.summary):
    brief = page.overview(view, KEY_METRICS)
    findings.notes(brief)

    page.heading("Out of line")
    findings.out_of_line(view, key="slices")

    decisions.cards(view)

    page.heading("Where the numbers come from")
    sources.freshness(view)
