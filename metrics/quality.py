"""Quality: what reviewers accept, fix and reject."""

from __future__ import annotations

from metrics.model import Better, Kind, Metric
from metrics.units import COUNT, PERCENT, POINTS, RATIO

_OWNER = "Quality lead"

REVIEWS_DONE = Metric(
    name="reviews_done",
    label="Reviews done",
    definition="Reviews with a time in the period, at every review stage.",
    source="reviews",
    at="reviewed_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    n_of="reviews",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="quality",
    is_plural=True,
)
FIRST_PASS_ACCEPTANCE = Metric(
    name="first_pass_acceptance",
    label="First-pass acceptance",
    definition=(
        "Share of items whose first review at stage 1 was accepted as it stood. A fixed item is "
        "not a first-pass acceptance. An item counts in the period of that first review."
    ),
    source="reviews",
    at="reviewed_on",
    kind=Kind.RATE,
    where="is_first_review",
    numerator="count(*) filter (outcome = 'accepted')",
    denominator="count(*)",
    unit=PERCENT,
    better=Better.HIGHER,
    owner=_OWNER,
    family="quality",
    min_rows=20,
    target=0.85,
    near=0.03,
)
REJECTION_RATE = Metric(
    name="rejection_rate",
    label="Rejection rate",
    definition="Rejected reviews over all reviews of the period.",
    source="reviews",
    at="reviewed_on",
    kind=Kind.RATE,
    n_of="reviews",
    numerator="count(*) filter (outcome = 'rejected')",
    denominator="count(*)",
    unit=PERCENT,
    better=Better.LOWER,
    owner=_OWNER,
    family="quality",
    min_rows=20,
    target=0.08,
    near=0.02,
)
FIX_RATE = Metric(
    name="fix_rate",
    label="Fix rate",
    definition="Reviews in which the reviewer fixed the work over all reviews of the period.",
    source="reviews",
    at="reviewed_on",
    kind=Kind.RATE,
    n_of="reviews",
    numerator="count(*) filter (outcome = 'fixed')",
    denominator="count(*)",
    unit=PERCENT,
    better=Better.LOWER,
    owner=_OWNER,
    family="quality",
    min_rows=20,
)
DEFECTS_PER_ITEM = Metric(
    name="defects_per_item",
    label="Defects per item",
    definition=(
        "Reviews that name an error type over different items reviewed in the period. Split by "
        "error type or severity the items stay those of the whole, so the parts add up."
    ),
    source="reviews",
    at="reviewed_on",
    kind=Kind.RATIO,
    numerator="count(*) filter (has_defect)",
    denominator="count(distinct item_key)",
    n_sql="count(distinct item_key)",
    whole_by=("error_type", "severity"),
    is_plural=True,
    unit=RATIO,
    better=Better.LOWER,
    owner=_OWNER,
    family="quality",
    min_rows=20,
)
REVIEWER_SPREAD = Metric(
    name="reviewer_spread",
    label="Reviewer-to-reviewer spread",
    definition=(
        "How far reviewers' acceptance rates lie apart: the standard deviation between reviewers "
        "with at least 10 reviews in the period, weighted by their reviews. Part of it is the "
        "luck of which items a reviewer got."
    ),
    source="reviews",
    at="reviewed_on",
    kind=Kind.STATISTIC,
    n_of="reviews",
    unit=POINTS,
    better=Better.LOWER,
    owner=_OWNER,
    family="quality",
    min_rows=40,
)
