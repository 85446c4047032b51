"""Annotation: what annotators handed in, how long it took, and whether they agree."""

from __future__ import annotations

from typing import Any

from metrics.model import Better, Kind, Metric
from metrics.units import COUNT, PERCENT, RATIO, SECONDS

_OWNER = "Quality lead"
_WALL_CLOCK = (
    "The tool measures it on the wall clock, so it holds every minute the annotation was open and "
    "nobody worked."
)
_RULES = {
    "lead": _WALL_CLOCK,
    "capped": f"{_WALL_CLOCK} Here an annotation counts one hour at most.",
    "trimmed": (
        f"{_WALL_CLOCK} Here the time before the same person's annotation before was handed in is "
        "left out, as nobody does two at once."
    ),
}
_LEAD = {"lead": "Lead time", "capped": "Capped lead time", "trimmed": "Trimmed lead time"}

ANNOTATIONS_DONE = Metric(
    name="annotations_done",
    label="Annotations done",
    definition="Annotations handed in, gold answers too, without those that were skipped.",
    source="annotations",
    at="annotated_on",
    kind=Kind.COUNT,
    where="not is_skipped",
    value_sql="count(*)",
    n_of="annotations",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="annotation",
    is_plural=True,
)
GOLD_ANNOTATIONS = Metric(
    name="gold_annotations",
    label="Gold annotations",
    definition="Annotations marked as the right answer that others are checked by.",
    source="annotations",
    at="annotated_on",
    kind=Kind.COUNT,
    value_sql="count(*) filter (is_gold)",
    n_of="annotations",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="annotation",
    is_plural=True,
)
EMPTY_ANNOTATIONS = Metric(
    name="empty_annotations",
    label="Empty annotations",
    definition="Annotations handed in without a single answer, those that were skipped left out.",
    source="annotations",
    at="annotated_on",
    kind=Kind.COUNT,
    where="not is_skipped",
    value_sql="count(*) filter (is_empty)",
    n_of="annotations",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="annotation",
    is_plural=True,
)
SKIP_RATE = Metric(
    name="skip_rate",
    label="Skip rate",
    definition=(
        "Annotations that were skipped over all annotations. A file that has no skips, such as a "
        "CSV export of Label Studio, says nothing of them."
    ),
    source="annotations",
    at="annotated_on",
    kind=Kind.RATE,
    numerator="count(*) filter (is_skipped)",
    denominator="count(*)",
    where="says_skips",
    recorded_where="says_skips",
    not_recorded="The export does not say which items were skipped.",
    n_of="annotations",
    unit=PERCENT,
    better=Better.LOWER,
    owner=_OWNER,
    family="annotation",
    min_rows=20,
)
TOOL_AGREEMENT = Metric(
    name="tool_agreement",
    label="Agreement by the tool",
    definition=(
        "The mean over items of the agreement that the annotation tool states itself. How it is "
        "worked out is the tool's affair; chance is not taken out."
    ),
    source="annotations",
    at="annotated_on",
    kind=Kind.MEAN,
    value_sql="avg(tool_agreement)",
    n_sql="count(tool_agreement)",
    unit=PERCENT,
    better=Better.HIGHER,
    owner=_OWNER,
    family="annotation",
    min_rows=10,
)


def _lead_time(which: str, name: str, quantile: float, words: str) -> Metric:
    column = f"{which}_seconds"
    return Metric(
        name=name,
        label=f"{_LEAD[which]}, {words}",
        definition=(
            f"The time within which {quantile:.0%} of the annotations of the period were made. "
            f"{_RULES[which]} Quantiles by linear interpolation."
        ),
        source="annotations",
        at="annotated_on",
        kind=Kind.QUANTILE,
        quantile=quantile,
        where="not is_skipped",
        value_sql=f"quantile_cont({column}, {quantile})",
        n_sql=f"count({column})",
        n_of="annotations",
        unit=SECONDS,
        better=Better.NEITHER,
        owner=_OWNER,
        family="annotation",
        min_rows=10,
    )


LEAD_TIME_P50 = _lead_time("lead", "lead_time_p50", 0.5, "median")
LEAD_TIME_P95 = _lead_time("lead", "lead_time_p95", 0.95, "95th percentile")
CAPPED_LEAD_TIME_P50 = _lead_time("capped", "capped_lead_time_p50", 0.5, "median")
CAPPED_LEAD_TIME_P95 = _lead_time("capped", "capped_lead_time_p95", 0.95, "95th percentile")
TRIMMED_LEAD_TIME_P50 = _lead_time("trimmed", "trimmed_lead_time_p50", 0.5, "median")
TRIMMED_LEAD_TIME_P95 = _lead_time("trimmed", "trimmed_lead_time_p95", 0.95, "95th percentile")

LONG_ANNOTATIONS = Metric(
    name="long_annotations",
    label="Annotations over one hour",
    definition="Annotations with a lead time of more than one hour over all with a lead time.",
    source="annotations",
    at="annotated_on",
    kind=Kind.RATE,
    where="not is_skipped and lead_seconds is not null",
    numerator="count(*) filter (lead_seconds > 3600)",
    denominator="count(*)",
    n_of="annotations",
    unit=PERCENT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="annotation",
    min_rows=20,
    is_plural=True,
)
LONG_TIME_SHARE = Metric(
    name="long_time_share",
    label="Time in annotations over one hour",
    definition="The lead time of annotations open for more than one hour over all lead time.",
    source="annotations",
    at="annotated_on",
    kind=Kind.RATIO,
    where="not is_skipped and lead_seconds is not null",
    numerator="coalesce(sum(lead_seconds) filter (lead_seconds > 3600), 0)",
    denominator="sum(lead_seconds)",
    n_of="annotations",
    unit=PERCENT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="annotation",
    min_rows=20,
)
IDLE_TRIMMED = Metric(
    name="idle_trimmed",
    label="Annotations with idle time trimmed",
    definition=(
        "Annotations whose trimmed lead time is shorter than the lead time over all with a lead "
        "time: the same person handed in another one meanwhile."
    ),
    source="annotations",
    at="annotated_on",
    kind=Kind.RATE,
    where="not is_skipped and lead_seconds is not null",
    numerator="count(*) filter (trimmed_seconds < lead_seconds)",
    denominator="count(*)",
    n_of="annotations",
    unit=PERCENT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="annotation",
    min_rows=20,
    is_plural=True,
)
RATINGS_GIVEN = Metric(
    name="ratings_given",
    label="Ratings given",
    definition=(
        "Answers of people to the fields of items: the newest of each person, skipped annotations "
        "left out. A rating counts on the day of the item's newest one."
    ),
    source="ratings",
    at="rated_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    n_of="ratings",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="annotation",
    is_plural=True,
)
GOLD_ACCURACY = Metric(
    name="gold_accuracy",
    label="Gold accuracy",
    definition=(
        "Ratings equal to the gold answer over all ratings of fields that have one, those of the "
        "person who gave the gold answer left out. Where several labels may be given, all must be "
        "the same; who gave none is not counted. A rating counts on the day of the answer."
    ),
    source="ratings",
    at="answered_on",
    kind=Kind.RATE,
    where="is_correct is not null",
    numerator="count(*) filter (is_correct)",
    denominator="count(*)",
    n_of="ratings",
    unit=PERCENT,
    better=Better.HIGHER,
    owner=_OWNER,
    family="annotation",
    min_rows=10,
)


def _agreement(name: str, label: str, definition: str, **more: Any) -> Metric:
    return Metric(
        name=name,
        label=label,
        definition=(
            f"{definition} An item counts on the day of its newest rating. Several fields are "
            "worked out each for itself and then pooled; where several labels may be given, the "
            "whole set is one answer, and who gave none did not rate the item."
        ),
        source="ratings",
        not_by=("answer",),
        at="rated_on",
        kind=Kind.STATISTIC,
        n_of="shared items",
        better=Better.HIGHER,
        owner=_OWNER,
        family="annotation",
        min_rows=10,
        **more,
    )


PERCENT_AGREEMENT = _agreement(
    "percent_agreement",
    "Percent agreement",
    "Of two people who rated the same item, how often they give the same answer, averaged over "
    "items rated by two people or more. Chance is not taken out.",
    unit=PERCENT,
)
KRIPPENDORFF_ALPHA = _agreement(
    "krippendorff_alpha",
    "Krippendorff's alpha",
    "Agreement beyond chance: 1 is perfect, 0 is what chance alone gives. It takes any number of "
    "people, missing ratings and plain labels. It is low, too, where nearly all answers are the "
    "same, so read it beside percent agreement and AC1.",
    unit=RATIO,
)
GWET_AC1 = _agreement(
    "gwet_ac1",
    "Gwet's AC1",
    "Agreement beyond chance, where chance is the luck of people who do not know the answer: it "
    "stays high where nearly all answers are the same and people agree.",
    unit=RATIO,
)
