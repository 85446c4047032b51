"""Multi-stage review: how far items come from annotation to acceptance, and how long it takes."""

from __future__ import annotations

from typing import Any

from metrics.model import Better, Kind, Metric
from metrics.units import COUNT, HOURS, PERCENT, RATIO

_OWNER = "Quality lead"
_BEGUN = (
    "of the items that were first annotated in the period (first reviewed, where no annotation is "
    "recorded)"
)


def _step(
    name: str,
    label: str,
    what: str,
    where: str,
    *,
    better: Better = Better.NEITHER,
    recorded_where: str,
    not_recorded: str,
) -> Metric:
    """A step of the funnel: so many of the items begun in the period came that far."""
    return Metric(
        name=name,
        label=label,
        definition=f"{what} {_BEGUN}, whenever that happened.",
        source="review_paths",
        at="started_on",
        kind=Kind.COUNT,
        where=where,
        value_sql="count(*)",
        recorded_where=recorded_where,
        not_recorded=not_recorded,
        unit=COUNT,
        better=better,
        owner=_OWNER,
        family="review",
        fills_later="items of the newest weeks are still on their way",
        is_plural=True,
    )


_NO_ANNOTATIONS = "No annotation export has these items."
_NO_REVIEWS = "No review of these items is recorded."
_NO_DELIVERIES = "No delivery list names the batches of these items."

ITEMS_ANNOTATED = _step(
    "items_annotated",
    "Items annotated",
    "Items with at least one annotation that was not skipped,",
    "annotated_on is not null",
    recorded_where="says_annotations",
    not_recorded=_NO_ANNOTATIONS,
)
ITEMS_REVIEWED = _step(
    "items_reviewed",
    "Items reviewed",
    "Items with at least one review, at any stage,",
    "first_reviewed_on is not null",
    recorded_where="says_reviews",
    not_recorded=_NO_REVIEWS,
)
ITEMS_FIXED = _step(
    "items_fixed",
    "Items fixed",
    "Items that a reviewer fixed at least once,",
    "fixes > 0",
    recorded_where="says_reviews",
    not_recorded=_NO_REVIEWS,
)
ITEMS_REJECTED = _step(
    "items_rejected",
    "Items rejected",
    "Items that a reviewer rejected at least once, also those accepted later,",
    "rejections > 0",
    recorded_where="says_reviews",
    not_recorded=_NO_REVIEWS,
)
ITEMS_ACCEPTED = _step(
    "items_accepted",
    "Items accepted",
    "Items accepted or fixed at the highest stage that reviewed them, with nothing rejected after,",
    "accepted_on is not null",
    recorded_where="says_reviews",
    not_recorded=_NO_REVIEWS,
)
ITEMS_DELIVERED = _step(
    "items_delivered",
    "Items accepted and delivered",
    "Accepted items whose batch was handed over,",
    "accepted_on is not null and delivered_on is not null",
    recorded_where="says_deliveries and says_reviews",
    not_recorded=_NO_DELIVERIES,
)
DELIVERED_UNACCEPTED = _step(
    "delivered_unaccepted",
    "Items delivered without acceptance",
    "Items whose batch was handed over and that no review accepted (not reviewed, or rejected at "
    "the last),",
    "accepted_on is null and delivered_on is not null",
    recorded_where="says_deliveries and says_reviews",
    not_recorded=_NO_DELIVERIES,
)
REVIEWED_UNANNOTATED = _step(
    "reviewed_unannotated",
    "Items reviewed without an annotation",
    "Reviewed items that no annotation export has,",
    "annotated_on is null",
    recorded_where="says_annotations",
    not_recorded=_NO_ANNOTATIONS,
)
REVIEW_COVERAGE = Metric(
    name="review_coverage",
    label="Review coverage in 7 days",
    definition=(
        "Items reviewed within seven days of their first annotation over all annotated items. An "
        "item counts on the day its seven days are over, so that nobody waits for a review that "
        "may still come. Its target is the share that the sampling plan asks for."
    ),
    source="review_paths",
    at="review_due_on",
    kind=Kind.RATE,
    where="says_reviews",
    numerator="count(*) filter (first_reviewed_on <= review_due_on)",
    denominator="count(*)",
    recorded_where="annotated_on is not null and says_reviews",
    not_recorded="Annotations and reviews of the same items are not both recorded.",
    unit=PERCENT,
    better=Better.HIGHER,
    owner=_OWNER,
    family="review",
    min_rows=20,
)
SAMPLED_SHARE = Metric(
    name="sampled_share",
    label="Share drawn for review",
    definition=(
        "Items that a review sheet marks as drawn by the sampling plan over all annotated items. "
        "An item counts seven days after its first annotation, as for review coverage."
    ),
    source="review_paths",
    at="review_due_on",
    kind=Kind.RATE,
    where="says_sampling",
    numerator="count(*) filter (was_sampled)",
    denominator="count(*)",
    recorded_where="annotated_on is not null and says_sampling",
    not_recorded="No review sheet says which annotated items were drawn by a plan.",
    unit=PERCENT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="review",
    min_rows=20,
)


def _at_acceptance(name: str, label: str, definition: str, **more: Any) -> Metric:
    return Metric(
        name=name,
        label=label,
        definition=f"{definition} An item counts in the period of its final acceptance.",
        source="review_paths",
        at="accepted_on",
        better=Better.LOWER,
        owner=_OWNER,
        family="review",
        min_rows=10,
        **more,
    )


def _time_to_acceptance(name: str, quantile: float, words: str) -> Metric:
    return _at_acceptance(
        name,
        f"Time to acceptance, {words}",
        f"The hours within which {quantile:.0%} of the accepted items came from their first "
        "annotation to their final acceptance, nights and weekends included. Quantiles by linear "
        "interpolation.",
        kind=Kind.QUANTILE,
        quantile=quantile,
        value_sql=f"quantile_cont(hours_to_acceptance, {quantile})",
        n_sql="count(hours_to_acceptance)",
        unit=HOURS,
        recorded_where="hours_to_acceptance is not null",
        not_recorded="No accepted item has the time of its annotation.",
    )


TIME_TO_ACCEPTANCE_P50 = _time_to_acceptance("time_to_acceptance_p50", 0.5, "median")
TIME_TO_ACCEPTANCE_P85 = _time_to_acceptance("time_to_acceptance_p85", 0.85, "85th percentile")
REVIEW_LOOPS = _at_acceptance(
    "review_loops",
    "Review loops per item",
    "Rejections that another review of the item followed, per accepted item.",
    kind=Kind.MEAN,
    value_sql="avg(rework_loops)",
    unit=RATIO,
    is_plural=True,
)

ACCEPTANCE_RATE = Metric(
    name="acceptance_rate",
    label="Acceptance rate",
    definition=(
        "Reviews that accepted the work as it stood over all reviews of the period, at every "
        "review stage. A fix is no acceptance here."
    ),
    source="reviews",
    at="reviewed_on",
    kind=Kind.RATE,
    numerator="count(*) filter (outcome = 'accepted')",
    denominator="count(*)",
    n_of="reviews",
    unit=PERCENT,
    better=Better.HIGHER,
    owner=_OWNER,
    family="review",
    min_rows=20,
)
REJECTIONS = Metric(
    name="rejections",
    label="Rejections",
    definition="Reviews of the period that rejected the work, at every review stage.",
    source="reviews",
    at="reviewed_on",
    kind=Kind.COUNT,
    where="outcome = 'rejected'",
    value_sql="count(*)",
    n_of="rejections",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="review",
    is_plural=True,
)
