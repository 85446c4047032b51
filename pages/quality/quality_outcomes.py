"""Quality outcomes.

What reviewers accept, fix and reject, which datasets suffer, and whether it is getting better.
"""

from __future__ import annotations

from metrics.quality import (
    DEFECTS_PER_ITEM,
    FIRST_PASS_ACCEPTANCE,
    FIX_RATE,
    REJECTION_RATE,
    REVIEWER_SPREAD,
    REVIEWS_DONE,
)
from ui import cards, findings, page

MEASURES = (
    FIRST_PASS_ACCEPTANCE,
    REJECTION_RATE,
    FIX_RATE,
    DEFECTS_PER_ITEM,
    REVIEWER_SPREAD,
    REVIEWS_DONE,
)

if view := page.start("What reviewers find", page.window, of=REVIEWS_DONE):
    page.overview(view, MEASURES, columns=3)

    page.heading("Where it happens")
    findings.out_of_line(view, key="slices", family="quality")
    with page.pairs():
        cards.by_slice(view, REJECTION_RATE, "dataset", key="rejection_by_dataset")
        cards.over_time(view, REJECTION_RATE, key="rejection")
        cards.by_slice(view, FIRST_PASS_ACCEPTANCE, "team", key="first_pass_by_team")
        cards.by_slice(view, REJECTION_RATE, "reviewer", key="rejection_by_reviewer")
        cards.by_slice(view, DEFECTS_PER_ITEM, "error_type", key="defects_by_type")
        cards.by_slice(view, DEFECTS_PER_ITEM, "severity", key="defects_by_severity")
