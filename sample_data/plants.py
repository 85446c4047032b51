"""What is planted in the sample, and the twin without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Plant(StrEnum):
    """One truth that can be planted or left out."""

    QUEUE = "queue"  # the queue of a stage grows
    REJECTIONS = "rejections"  # a dataset's rejection rate doubles
    OVERLOAD = "overload"  # one reviewer gets far more work than the peers
    LATE = "late"  # a promised batch is not delivered
    CARELESS = "careless"  # one annotator answers carelessly
    AMBIGUOUS = "ambiguous"  # one label is understood in two ways by everybody
    BAD_LOT = "bad_lot"  # one lot is far above the acceptable share of defects
    GUIDELINE = "guideline"  # agreement on one field falls on the day of a marker


ALL = frozenset(Plant)
FLOW = frozenset({Plant.QUEUE, Plant.REJECTIONS, Plant.OVERLOAD, Plant.LATE})
QUALITY = ALL - FLOW

FIRST_DAY = date(2026, 5, 18)  # Monday of 2026-W21
LAST_DAY = date(2026, 11, 15)  # Sunday of 2026-W46
CLOCK = datetime(2026, 11, 16, 7, 0)
LEAD_IN = date(2026, 5, 12)  # items that entered from here on are there; see TRUTHS.md

QUEUE_STAGE = "Second review"
QUEUE_SINCE = date(2026, 10, 19)  # Monday of 2026-W43
QUEUE_GROWTH_A_WEEK = 0.75  # of its usual length, every week

REJECTIONS_DATASET = "Radiology reports"
REJECTIONS_SINCE = date(2026, 9, 21)  # Monday of 2026-W39: Guideline v3
REJECTIONS_FACTOR = 2.0

OVERLOADED = "R. Okafor"
OVERLOAD_SINCE = date(2026, 10, 5)  # Monday of 2026-W41
OVERLOAD_SHARE = 0.36  # of the visits to second review; a sixth before
OVERLOAD_WAIT = 1.9  # times the stage's usual wait; the peers wait less, the stage as ever

LATE_DATASET = "Biopsy slides"

CARELESS = "S. Lindqvist"
CARELESS_DATASET = "Chest X-ray findings"
CARELESS_SINCE = date(2026, 9, 14)  # Monday of 2026-W38
CARELESS_ERRORS = 0.45  # of the answers, in every field; of everybody else 5 to 7%

AMBIGUOUS_DATASET, AMBIGUOUS_FIELD = "Discharge notes", "Follow-up"
AMBIGUOUS_LABEL, AMBIGUOUS_BESIDE = "Phone call", "Clinic visit"
AMBIGUOUS_ERRORS = 0.45  # of the answers where the label is right, of everybody

BAD_LOT_DATASET = "Tumor margins"
BAD_BATCH = "TUM-B11"
BAD_LOT = f"{BAD_BATCH}-L1"
BAD_LOT_SINCE = date(2026, 10, 5)  # its first items arrive
BAD_LOT_FIXED = 0.60  # of its reviews; of the others 5.5%
BAD_LOT_ERRORS = 0.35  # of the answers of its items, of everybody

GUIDELINE_DATASET, GUIDELINE_FIELD = "Discharge notes", "Topics"
GUIDELINE_SINCE = date(2026, 9, 28)  # Monday of 2026-W40: Topic list v2
GUIDELINE_ERRORS = 0.32  # more of the answers, of everybody


@dataclass(frozen=True)
class Truth:
    """One planted truth, in a form that a test can compare with a finding.

    Attributes:
        plant: which.
        dimension, segment: the cause to name, like stage = Second review.
        since: the first day it shows.
        metrics: the metrics in which it shows for that segment.
        words: what is planted, in one sentence.
    """

    plant: Plant
    dimension: str
    segment: str
    since: date
    metrics: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Truths:
    """What a sample holds, planted and counted.

    Attributes:
        seed: of the random draws.
        clock: naive UTC; the moment at which the sample stands.
        planted: the truths; empty in a twin without plants.
        counts: rows by what they are, over all files, each counted once: "items", "visits",
            "reviews", "issues", "deliveries", "late visits", "late reviews", "reopened issues",
            "redated issues", "vanished issues", "refused rows", "flagged visits",
            "flagged issues", "annotations", "annotation rows", "gold items".
    """

    seed: int
    clock: datetime
    planted: tuple[Truth, ...]
    counts: dict[str, int]

    def planted_truth(self, plant: Plant) -> Truth | None:
        """The truth of that plant; None when it is left out."""
        return next((truth for truth in self.planted if truth.plant is plant), None)


def truths_of(plants: frozenset[Plant], batch: str, promised: date) -> tuple[Truth, ...]:
    """The truths of these plants, in the order of `Plant`; `batch` is the late one."""
    told = (*_flow(batch, promised), *_quality())
    return tuple(truth for truth in told if truth.plant in plants)


def _flow(batch: str, promised: date) -> tuple[Truth, ...]:
    return (
        Truth(
            Plant.QUEUE, "stage", QUEUE_STAGE, QUEUE_SINCE,
            ("items_waiting", "queue_time", "stage_time"),
            "The wait for second review grows every week from 2026-W43 on.",
        ),
        Truth(
            Plant.REJECTIONS, "dataset", REJECTIONS_DATASET, REJECTIONS_SINCE,
            ("rejection_rate", "first_pass_acceptance"),
            "Since Guideline v3 (21 September) reviewers reject Radiology reports twice as often.",
        ),
        Truth(
            Plant.OVERLOAD, "reviewer", OVERLOADED, OVERLOAD_SINCE,
            ("reviews_done", "queue_time", "items_waiting"),
            "Since 2026-W41 R. Okafor gets more than a third of second reviews, and they wait "
            "nearly twice as long there.",
        ),
        Truth(
            Plant.LATE, "batch", batch, promised + timedelta(days=1),
            ("on_time_delivery", "days_late"),
            f"Batch {batch} was promised for {promised:%d} November and is not delivered.",
        ),
    )  # fmt: skip


def _quality() -> tuple[Truth, ...]:
    agreement = ("percent_agreement", "krippendorff_alpha", "gwet_ac1")
    return (
        Truth(
            Plant.CARELESS, "annotator", CARELESS, CARELESS_SINCE, ("gold_accuracy", *agreement),
            f"Since 2026-W38 {CARELESS} gets nearly half of all answers about chest X-rays wrong.",
        ),
        Truth(
            Plant.AMBIGUOUS, "answer", AMBIGUOUS_LABEL, FIRST_DAY, agreement,
            f"In the field {AMBIGUOUS_FIELD} of Discharge notes everybody takes "
            f"“{AMBIGUOUS_LABEL}” for “{AMBIGUOUS_BESIDE}” nearly half the time.",
        ),
        Truth(
            Plant.BAD_LOT, "lot", BAD_LOT, BAD_LOT_SINCE, ("first_pass_acceptance",),
            f"In lot {BAD_LOT} reviewers fix six of ten annotations, elsewhere one of eighteen.",
        ),
        Truth(
            Plant.GUIDELINE, "field", GUIDELINE_FIELD, GUIDELINE_SINCE, agreement,
            f"Since Topic list v2 (28 September) people agree less on the {GUIDELINE_FIELD} of "
            "Discharge notes.",
        ),
    )  # fmt: skip
