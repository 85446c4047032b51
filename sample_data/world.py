"""The made-up organization: projects, datasets, teams, people, stages and their pace."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dataset:
    """One dataset.

    Attributes:
        name, prefix, project: what it is called; the prefix starts its items and batches.
        share: of the items that arrive.
        teams: team → share of its items.
        rejected: share of first reviews that reject; second reviews reject a tenth less.
        touch: hours an annotation takes at the median.
        weeks_a_batch: how many weeks of arrivals make one delivery batch.
        promised_after: days from the end of a batch's arrivals to the promised day.
        phase: weeks by which its batches are shifted.
        receiver, specification: of its deliveries.
    """

    name: str
    prefix: str
    project: str
    share: float
    teams: tuple[tuple[str, float], ...]
    rejected: float
    touch: float
    weeks_a_batch: int
    promised_after: int
    phase: int
    receiver: str
    specification: str


DATASETS = (
    Dataset("Radiology reports", "RAD", "Clinical Text", 0.27,
            (("Clinical Language", 0.6), ("Radiology", 0.4)), 0.080, 0.8,
            2, 10, 0, "ML language", "Report spec 3.1"),
    Dataset("Chest X-ray findings", "CXR", "Chest Imaging", 0.20,
            (("Radiology", 0.65), ("Thoracic Imaging", 0.35)), 0.055, 1.1,
            2, 9, 1, "ML imaging", "X-ray spec 2.0"),
    Dataset("Discharge notes", "DIS", "Clinical Text", 0.17,
            (("Clinical Language", 1.0),), 0.050, 0.9, 2, 11, 0, "ML language", "Notes spec 1.4"),
    Dataset("CT lung nodules", "CTN", "Chest Imaging", 0.14,
            (("Thoracic Imaging", 1.0),), 0.060, 1.5, 2, 8, 1, "ML imaging", "CT spec 2.2"),
    Dataset("Biopsy slides", "BIO", "Pathology", 0.12,
            (("Pathology", 1.0),), 0.055, 1.4, 3, 9, 2, "ML pathology", "Slide spec 1.0"),
    Dataset("Tumor margins", "TUM", "Pathology", 0.10,
            (("Oncology", 0.7), ("Pathology", 0.3)), 0.060, 1.6, 3, 10, 0,
            "ML pathology", "Margin spec 1.1"),
)  # fmt: skip
PROJECTS = ("Chest Imaging", "Clinical Text", "Pathology")

ANNOTATORS: dict[str, tuple[str, ...]] = {
    "Clinical Language": ("A. Novak", "T. Nguyen", "L. Fernandes"),
    "Radiology": ("J. Kim", "S. Lindqvist", "O. Mensah"),
    "Thoracic Imaging": ("P. Kowalski", "H. Tanaka", "N. Adeyemi"),
    "Pathology": ("C. Moreau", "I. Petrova", "F. Rahimi"),
    "Oncology": ("B. Andersen", "G. Silva"),
}
TEAMS = tuple(ANNOTATORS)
FIRST_REVIEWERS = ("M. Chen", "L. Meyer", "A. Osei", "V. Ivanova", "K. Sato", "E. Garcia")
SECOND_REVIEWERS = ("R. Okafor", "M. Rossi", "S. Park", "Y. Cohen", "D. Murphy", "F. Hansen")
ADJUDICATORS = ("A. Levin", "H. Weiss")
COORDINATORS = ("N. Costa", "W. Baker")


@dataclass(frozen=True)
class Stage:
    """One stage: mean working hours waited, median hours worked, and who does it."""

    name: str
    wait: float
    touch: float
    people: tuple[str, ...]


INTAKE = Stage("Intake", 1.2, 0.15, COORDINATORS)
ANNOTATION = Stage("Annotation", 5.5, 1.0, ())  # touch by dataset, people by team
FIRST_REVIEW = Stage("First review", 5.8, 0.5, FIRST_REVIEWERS)
SECOND_REVIEW = Stage("Second review", 6.5, 0.6, SECOND_REVIEWERS)
ADJUDICATION = Stage("Adjudication", 5.0, 0.7, ADJUDICATORS)
DELIVERY = Stage("Delivery", 2.2, 0.1, COORDINATORS)
STAGES = (INTAKE, ANNOTATION, FIRST_REVIEW, SECOND_REVIEW, ADJUDICATION, DELIVERY)

ITEMS_A_WEEK = 420
FIXED_SHARE = 0.055  # of reviews, at both stages
SECOND_REVIEW_SHARE = 0.85  # of items; the others go from first review to delivery
RETURNED_SHARE = 0.3  # of adjudicated items: back to annotation

ERROR_TYPES = (
    ("Wrong label", 0.32), ("Missed finding", 0.24), ("Wrong boundary", 0.20),
    ("Wrong attribute", 0.14), ("Guideline unclear", 0.10),
)  # fmt: skip
SEVERITIES = (("minor", 0.62), ("major", 0.30), ("critical", 0.08))
SAMPLED_SHARE = 0.15

HOLIDAYS = (  # US, on working days of these weeks
    "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12",
)  # fmt: skip
