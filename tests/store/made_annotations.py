"""Annotations of the made world: rows of label, with skips, gaps, gold, relabeling and ties."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from tests.uploading import Row

MONDAY = datetime(2026, 9, 28)
FINDINGS = ("Nodule", "Mass", "None seen")
TAGS = ("Left", "Right", "Left + Right", "Lower")
SAME_TIME = {f"I{item}" for item in range(0, 110, 4)}  # their changes leave the time as it was
CODES = tuple(
    f"C{number:02d}" for number in range(14)
)  # more answers than one number has digits for


def annotations(draw: random.Random) -> list[Row]:
    """As they stand at the end; every annotation has one row per label."""
    rows: list[Row] = []
    for item in range(110):
        day = MONDAY + timedelta(minutes=draw.randrange(4700) * 15)  # with ties
        truth = draw.choice(FINDINGS)
        people = draw.sample(range(6), draw.choice([1, 2, 3, 3, 4]))
        for place, person in enumerate(people):
            rows += _annotation(draw, item, place, person, day, truth)
        if item % 14 == 0:  # who gave the gold answer answers again
            again = _row(item, "again", people[0], day + timedelta(days=1))
            rows.append(again | _label("finding", draw.choice(FINDINGS)))
        if item % 9 == 0:  # a gold answer that nobody of the team gave
            rows.append(_row(item, "gold", None, day) | _label("finding", truth, is_gold=True))
    return rows


def _annotation(
    draw: random.Random, item: int, place: int, person: int, day: datetime, truth: str
) -> list[Row]:
    made = day + timedelta(minutes=7 * place)
    base = _row(item, str(place), person, made) | {
        "lead_time_seconds": None if draw.random() < 0.1 else round(draw.expovariate(1 / 900), 3),
        "is_skipped": draw.random() < 0.06,
        "is_gold": place == 0 and item % 7 == 0,
        "updated_at": made + timedelta(hours=draw.randrange(5)),
    }
    if base["is_skipped"] or draw.random() < 0.05:
        return [base]
    said = truth if draw.random() < 0.75 else draw.choice(FINDINGS)
    rows = [base | _label("finding", said)]
    for tag in draw.sample(TAGS, draw.choice([0, 1, 2])):
        later = made + timedelta(hours=6) if item % 5 == 0 else base["updated_at"]
        rows.append(base | _label("tags", tag) | {"updated_at": later})
    if draw.random() < 0.5:
        code = CODES[(item + (draw.randrange(14) if draw.random() < 0.4 else 0)) % 14]
        rows.append(base | _label("code", code))
    return rows


def _row(item: int, place: str, person: int | None, made: datetime) -> Row:
    return {
        "annotation_id": f"A{item}-{place}",
        "item_id": f"I{item}",
        "annotator": None if person is None else f"Worker {person}",
        "project": f"P{item % 3}",
        "dataset": None if item % 11 == 0 else f"D{item % 4}",
        "team": None if person is None else f"T{person % 3}",
        "batch": f"B{item % 9}",
        "last_action": ("submitted", "updated")[item % 2],
        "created_at": made,
        "updated_at": made,
        "tool_agreement": None if item % 5 == 0 else round((item % 40) / 40, 3),
    }


def _label(field: str, label: str, *, is_gold: bool | None = None) -> Row:
    gold = {} if is_gold is None else {"is_gold": is_gold}
    return {"field": field, "label": label, "label_count": 1, **gold}


def as_they_were(rows: list[Row], draw: random.Random) -> list[Row]:
    """An earlier state of the same annotations: fewer of them, some with other labels."""
    found = []
    for row in rows:
        if row["created_at"] >= datetime(2026, 10, 26):
            continue
        before = row | {"updated_at": row["created_at"] - timedelta(minutes=1)}
        if row["item_id"] in SAME_TIME:
            before["updated_at"] = row["updated_at"]
        if row.get("field") == "finding" and draw.random() < 0.2:
            before["label"] = "Unsure"
        found.append(before)
    return found


def ratings(draw: random.Random) -> list[Row]:
    """A plain list without a time: item, annotator, a number."""
    return [
        {
            "annotation_id": f"U{item}|{person}",
            "item_id": f"U{item}",
            "annotator": f"Coder {person}",
            "field": "rating",
            "field_type": "rating",
            "label": (said := draw.choice(["1", "1.0", "2", "2.5", "2.50", "3"])),
            "number": float(said),
        }
        for item in range(30)
        for person in range(3)
        if draw.random() > 0.15
    ]
