"""The exports that are told by themselves, and what each of them can carry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """One source format.

    Attributes:
        name: as a reader knows it.
        holds: what comes out of it.
        lacks: what it cannot carry; "" when nothing is missing.
    """

    name: str
    holds: str
    lacks: str = ""


FORMATS = (
    Format(
        "Label Studio JSON (also JSON Lines of tasks)",
        "annotations with every label, skips, gold answers, lead time, reviews (Enterprise)",
    ),
    Format(
        "Label Studio JSON-MIN, CSV, TSV",
        "annotations with labels and lead time",
        "skips, reviews, gold answers: export JSON for those",
    ),
    Format(
        "Toloka TSV",
        "annotations, gold answers, skips, lead time, accepted and rejected assignments as reviews",
        "who reviewed",
    ),
    Format(
        "CVAT events CSV",
        "working time and counted objects per job, validation and acceptance as reviews",
        "labels, so no agreement follows from it",
    ),
    Format(
        "Prodigy JSON Lines",
        "answers, spans, choices; ignored tasks as skips",
        "lead time, reviews, gold answers",
    ),
    Format(
        "A table with one column per rater (Rater1, coderA …)",
        "one rating per item and rater",
        "dates, skips, reviews, lead time",
    ),
    Format(
        "A table of item, annotator, field, label",
        "what its columns say; without an id, item and annotator make one",
    ),
)
