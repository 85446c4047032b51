"""A small quality desk: annotations with gold and idle time, two review stages, batches.

Planted: Cy answers gold items at random; Ned accepts far less than peers; batch B-4 was delivered
with items that nobody accepted; some annotations were left open over lunch.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from tests.uploading import Row

START = datetime(2026, 11, 2, 8)
PEOPLE = ("Ann", "Bo", "Cy", "Di", "Eve")
REVIEWERS = ("Max", "Ned", "Ola", "Pia")
LABELS = ("Nodule", "Mass", "Clear")
REASONS = ("Wrong boundary", "Wrong label", "Missed finding", "Unclear guideline")
ITEMS = 480


def desk(seed: int = 3) -> dict[str, list[Row]]:
    """The rows of each extract."""
    draw = random.Random(seed)
    annotations: list[Row] = []
    reviews: list[Row] = []
    for item in range(ITEMS):
        day = START + timedelta(days=(item * 14) // ITEMS, minutes=5 * (item % 80))
        truth = draw.choice(LABELS)
        people = draw.sample(PEOPLE, 3)
        about: Row = {
            "item_id": f"CT-{item:04d}",
            "project": "Chest CT",
            "dataset": ("CT thin", "CT thick")[item % 2],
            "team": "Radiology",
            "batch": f"B-{item * 6 // ITEMS + 1}",
        }
        for place, person in enumerate(people):
            annotations.append(_annotation(draw, about, place, person, day, truth))
        if item % 3 == 0:
            annotations.append(_gold(about, day, truth))
        if item % 10 < 7 and item < 440:
            reviews += _reviews(draw, about, day, people[0])
    return {
        "annotations": annotations,
        "reviews": [row | {"review_id": f"R-{n}"} for n, row in enumerate(reviews)],
        "deliveries": _deliveries(),
    }


def _annotation(
    draw: random.Random, about: Row, place: int, person: str, day: datetime, truth: str
) -> Row:
    right = 0.4 if person == "Cy" else 0.92
    said = truth if draw.random() < right else draw.choice(LABELS)
    is_skipped = draw.random() < 0.04
    seconds = draw.expovariate(1 / 160) + 15
    if draw.random() < 0.03:
        seconds += 3600 * draw.uniform(1, 9)  # left open over lunch
    made = day + timedelta(minutes=4 * place, seconds=draw.randrange(60))
    row = about | {
        "annotation_id": f"{about['item_id']}-{place}",
        "annotator": person,
        "created_at": made,
        "updated_at": made,
        "lead_time_seconds": round(seconds, 1),
        "is_skipped": is_skipped,
        "is_gold": False,
    }
    answer = {"field": "finding", "field_type": "choice", "label": said, "label_count": 1}
    return row if is_skipped else row | answer


def _gold(about: Row, day: datetime, truth: str) -> Row:
    return about | {
        "annotation_id": f"{about['item_id']}-gold",
        "annotator": None,
        "created_at": day,
        "updated_at": day,
        "is_gold": True,
        "is_skipped": False,
        "field": "finding",
        "field_type": "choice",
        "label": truth,
        "label_count": 1,
    }


def _reviews(draw: random.Random, about: Row, day: datetime, annotator: str) -> list[Row]:
    """Review until accepted, twice at most at each stage; every second item has a second stage."""
    found: list[Row] = []
    at = day + timedelta(hours=draw.uniform(2, 30))
    for stage in (1, 2) if int(str(about["item_id"])[3:]) % 2 else (1,):
        for _ in range(2):
            reviewer = draw.choice(REVIEWERS)
            accepts = 0.5 if reviewer == "Ned" else 0.84
            luck = draw.random()
            outcome = "accepted" if luck < accepts else "fixed" if luck < accepts + 0.05 else (
                "rejected"
            )  # fmt: skip
            bad = outcome != "accepted"
            found.append(
                {key: about[key] for key in ("item_id", "project", "dataset", "team")}
                | {
                    "review_stage": stage,
                    "annotator": annotator,
                    "reviewer": reviewer,
                    "reviewed_at": at,
                    "outcome": outcome,
                    "error_type": draw.choices(REASONS, [8, 4, 2, 1])[0] if bad else None,
                    "severity": "minor" if bad else None,
                    "sampled": draw.random() < 0.3,
                }
            )
            at += timedelta(hours=draw.uniform(1, 20))
            if outcome != "rejected":
                break
        else:
            return found
    return found


def _deliveries() -> list[Row]:
    return [
        {
            "batch": f"B-{number}",
            "project": "Chest CT",
            "team": "ML imaging",
            "promised_on": f"2026-11-{6 + 2 * number:02d}",
            "delivered_at": f"2026-11-{5 + 2 * number:02d} 12:00" if number < 5 else None,
            "items_promised": 80,
            "items_delivered": 80 if number < 5 else None,
        }
        for number in range(1, 7)
    ]
