"""Reviews.

How far items came from annotation to acceptance, why work was rejected, and how reviewers compare.
"""

from __future__ import annotations

from metrics.quality import FIRST_PASS_ACCEPTANCE
from metrics.review import (
    ACCEPTANCE_RATE,
    REVIEW_COVERAGE,
    REVIEW_LOOPS,
    TIME_TO_ACCEPTANCE_P50,
    TIME_TO_ACCEPTANCE_P85,
)
from ui import cards, page, reviews

MEASURES = (
    FIRST_PASS_ACCEPTANCE,
    ACCEPTANCE_RATE,
    REVIEW_COVERAGE,
    REVIEW_LOOPS,
    TIME_TO_ACCEPTANCE_P50,
    TIME_TO_ACCEPTANCE_P85,
)

if view := page.start("From annotation to acceptance", page.window, of=FIRST_PASS_ACCEPTANCE):
    page.overview(view, MEASURES, columns=3)

    page.heading("How far the items came")
    reviews.funnel(view)

    page.heading("What reviewers find")
    with page.pairs():
        reviews.reasons(view)
        cards.by_slice(view, ACCEPTANCE_RATE, "review_stage", key="acceptance_by_stage")
        reviews.first_pass(view)
        reviews.leniency(view)

    page.heading("Batches")
    reviews.batch_table(view)
    reviews.asked_rows()
