"""Annotators.

What each person did, how it stands against gold answers and others, and how far lead time is true.
"""

from __future__ import annotations

from metrics.annotation import (
    ANNOTATIONS_DONE,
    GOLD_ACCURACY,
    PERCENT_AGREEMENT,
    SKIP_RATE,
)
from ui import annotators, page

MEASURES = (ANNOTATIONS_DONE, GOLD_ACCURACY, PERCENT_AGREEMENT, SKIP_RATE)

if view := page.start("People and time", page.window, annotators.names_shown, of=ANNOTATIONS_DONE):
    page.overview(view, MEASURES)

    page.heading("Gold answers")
    annotators.gold(view)

    page.heading("People")
    annotators.table(view)

    page.heading("Honest time")
    annotators.honest_time(view)
    annotators.unsaid(view)
