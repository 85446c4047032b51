"""A small made world with every awkward case in it, as raw rows and as a workspace."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.periods import Period
from tests.store import made_annotations
from tests.uploading import Row, upload

ZONE = "America/New_York"
CLOCK = datetime(2026, 11, 16, 13)  # Monday morning in New York
WINDOW = Period(date(2026, 9, 28), date(2026, 11, 16))
MONDAY = datetime(2026, 9, 28)
GONE = ("B3", "B8", "B16", "B21", "B28")  # batches that vanish from the list
WORKING_HOURS: list[Row] = [  # from the second week on; T1 has a week of its own, T3 later another
    {"team": team, "weekday": day, "opens": opens, "closes": closes, "time_zone": zone,
     "valid_from": since}
    for team, zone, since, days, spans in (
        (None, "America/New_York", "2026-10-05", 5, (("09:00", "17:30"),)),
        ("T1", "Europe/Berlin", "2026-10-05", 6, (("08:00", "12:00"), ("13:00", "16:00"))),
        ("T3", "Asia/Kolkata", "2026-10-26", 7, (("10:15", "19:00"),)),
    )
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[:days]
    for opens, closes in spans
]  # fmt: skip
FREE: list[Row] = [
    {"team": None, "day": "2026-10-12", "name": "Columbus Day"},
    {"team": "T1", "day": "2026-10-31", "name": "Reformation Day"},
    {"team": "T2", "day": "2026-11-11", "name": "Veterans Day"},
]
STAGES = ("Intake", "Annotation", "Review")


@dataclass
class Sent:
    """One file, in the order of acceptance."""

    extract: str
    rows: list[Row]
    as_of: str
    source: str = "tool"
    coverage: str = "everything"
    is_closed_cases: bool = False


@dataclass
class World:
    """All the files sent."""

    files: list[Sent] = field(default_factory=list)


def world(seed: int = 1, *, has_ties: bool = True) -> World:
    """Files with rework, open work, bad clocks, blanks, ties, vanished and changed rows.

    Without ties no two events of an item have the same time.
    """
    draw = random.Random(seed)
    visits = _visits(draw)
    early = [row for row in visits if row["entered_at"] < datetime(2026, 10, 26)]
    late = [row for row in visits if int(row["item_id"][1:]) % 29 != 3]  # some items vanish
    issues = _issues(draw)
    batches = _deliveries(draw)
    gaps = (0 if has_ties else 60, 1800, 90_000, 200_000)
    return World(
        [
            Sent("work_log", [_unfinished(row) for row in early], "2026-10-26"),
            Sent("work_log", late, "2026-11-16"),
            Sent("work_log", _without_starts(late), "2026-11-16", source="other tool"),
            Sent("work_log", _events(draw, "E", gaps), "2026-11-15", source="log", coverage="part"),
            Sent(
                "work_log",
                _events(draw, "C", gaps)[:150],
                "2026-11-14",
                source="cases",
                coverage="part",
                is_closed_cases=True,
            ),
            Sent("reviews", _reviews(draw), "2026-11-16"),
            Sent("reviews", _second_sheet(seed), "2026-11-15", source="sheet", coverage="part"),
            Sent("issues", [_as_it_was(row, draw) for row in issues], "2026-11-02"),
            Sent("issues", issues[5:], "2026-11-16"),
            Sent("deliveries", [_not_yet(row) for row in batches], "2026-11-02"),
            Sent("deliveries", [r for r in batches if r["batch"] not in GONE], "2026-11-12"),
            *_labeling(seed),
            Sent("working_hours", WORKING_HOURS, "2026-11-16"),
            Sent("holidays", FREE, "2026-11-16"),
        ]
    )


def _labeling(seed: int) -> list[Sent]:
    """Annotations of two exports and a plain list; their draws are their own."""
    draw = random.Random(seed + 4000)
    now = made_annotations.annotations(draw)
    before = made_annotations.as_they_were(now, draw)
    return [
        Sent("annotations", before, "2026-10-26"),
        Sent("annotations", now, "2026-11-16"),
        Sent("annotations", made_annotations.ratings(draw), "2026-11-12", source="list"),
    ]


def build(root: Path, made: World, *, shuffled: int | None = None, hide: bool = False) -> Store:
    """A store on a workspace that holds the world; with `shuffled` its lines in another order."""
    workspace = Workspace(root)
    workspace.save_settings(Settings(reporting_zone=ZONE, hide_names=hide))
    for sent in made.files:
        rows = list(sent.rows)
        if shuffled is not None:
            random.Random(shuffled).shuffle(rows)
        upload(
            workspace,
            sent.extract,
            rows,
            as_of=sent.as_of,
            source=sent.source,
            coverage=sent.coverage,
            is_closed_cases=sent.is_closed_cases,
        )
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


def _moment(draw: random.Random, days: float) -> datetime:
    return MONDAY + timedelta(seconds=draw.randrange(int(days * 86400)))


def _visits(draw: random.Random) -> list[Row]:
    rows: list[Row] = []
    for number in range(160):
        at = _moment(draw, 46)
        item: Row = {
            "item_id": f"I{number}",
            "project": f"P{number % 3}",
            "dataset": None if number % 11 == 0 else f"D{number % 4}",
            "batch": f"B{number % 9}",
        }
        path = (
            [0, 1, 2]
            if draw.random() < 0.8
            else [0, 1, 1, 2]
            if draw.random() < 0.5
            else [0, 1, 2, 1, 2]
        )
        for step in path:
            started = at + timedelta(seconds=draw.randrange(90_000))
            finished = started + timedelta(seconds=draw.randrange(1, 40_000))
            row = item | {
                "stage": STAGES[step],
                "team": f"T{(number + step) % 4}",
                "assignee": f"Worker {draw.randrange(6)}",
                "entered_at": at,
                "started_at": started,
                "finished_at": finished,
                "outcome": "done",
            }
            if draw.random() < 0.03:
                row["started_at"] = at - timedelta(hours=1)  # a bad clock
            elif draw.random() < 0.03:
                row["finished_at"] = started - timedelta(hours=2)  # another
            elif draw.random() < 0.03:
                row["started_at"] = None
            is_open = finished > datetime(2026, 11, 16) or draw.random() < 0.02
            if is_open:
                row["finished_at"] = None
                if draw.random() < 0.5:
                    row["started_at"] = None
            rows.append(row)
            if is_open:
                break
            at = finished + timedelta(seconds=draw.choice([0, 1, 600, 7200]))
    return rows


def _unfinished(row: Row) -> Row:
    """The visit as the earlier file knew it."""
    later = datetime(2026, 10, 26)
    return {
        key: None if key in ("started_at", "finished_at") and value and value > later else value
        for key, value in row.items()
    }


def _without_starts(rows: list[Row]) -> list[Row]:
    """Items of the same names in another tool, which never says when work on them started."""
    few = [row for row in rows if int(row["item_id"][1:]) < 20]
    return [row | {"started_at": None, "project": "P9"} for row in few]


def _events(draw: random.Random, letter: str, gaps: Sequence[int]) -> list[Row]:
    rows: list[Row] = []
    for number in range(60):
        at, seen = _moment(draw, 44), set()
        for _ in range(draw.randrange(1, 6)):
            stage = draw.choice(["Open", "Check", "Close"])
            if (stage, at) not in seen:
                rows.append(
                    {
                        "item_id": f"{letter}{number}",
                        "stage": stage,
                        "event_at": at,
                        "project": f"L{number % 2}",
                        "team": f"T{number % 4}",
                    }
                )
            seen.add((stage, at))
            at += timedelta(seconds=draw.choice(gaps))
    return rows


def _reviews(draw: random.Random) -> list[Row]:
    rows: list[Row] = []
    for number in range(420):
        outcome = draw.choices(["accepted", "fixed", "rejected"], [7, 2, 2])[0]
        wrong = outcome != "accepted" or draw.random() < 0.05
        rows.append(
            {
                "review_id": f"R{number}",
                "item_id": f"I{draw.randrange(150)}",
                "review_stage": 1 if draw.random() < 0.7 else 2,
                "project": f"P{draw.randrange(3)}",
                "dataset": f"D{draw.randrange(4)}",
                "team": f"T{draw.randrange(4)}",
                "annotator": f"Worker {draw.randrange(6)}",
                "reviewer": None if number % 40 == 0 else f"Checker {draw.randrange(5)}",
                "reviewed_at": MONDAY + timedelta(minutes=draw.randrange(4800) * 15),  # with ties
                "outcome": outcome,
                "error_type": draw.choice(["Boundary", "Label"]) if wrong else None,
                "severity": draw.choice(["minor", "major", None]) if wrong else None,
            }
        )
    return rows


def _second_sheet(seed: int) -> list[Row]:
    """Another tool's reviews, later ones, of the same items and of some that only it knows.

    Of some it does not record the project, so they are no item of another source.
    """
    draw = random.Random(seed + 9000)
    return [
        {
            "review_id": f"S{number}",
            "item_id": f"I{(item := draw.randrange(170))}",
            "review_stage": draw.choice([1, 2, 3]),
            "project": None if item % 10 == 0 else f"P{item % 3}",
            "dataset": f"D{item % 4}",
            "team": f"T{draw.randrange(4)}",
            "reviewer": f"Checker {draw.randrange(5)}",
            "reviewed_at": MONDAY + timedelta(minutes=draw.randrange(1600, 4800) * 15),
            "outcome": draw.choice(["accepted", "accepted", "fixed", "rejected"]),
            "sampled": draw.choice([True, False, None]),
        }
        for number in range(90)
    ]


def _issues(draw: random.Random) -> list[Row]:
    rows: list[Row] = []
    for number in range(90):
        created = _moment(draw, 40)
        solved = draw.random() < 0.6
        hours = draw.randrange(-30, 500)
        resolved = created + timedelta(hours=hours) if solved else None
        rows.append(
            {
                "issue_key": f"K{number}",
                "project": f"P{number % 3}",
                "team": f"T{number % 4}",
                "type": draw.choice(["Bug", "Task"]),
                "priority": draw.choice(["High", "Low", None]),
                "status": "Done" if solved else "Open",
                "created_at": created,
                "updated_at": datetime(2026, 11, 10) + timedelta(minutes=number),
                "due_on": (created + timedelta(days=draw.randrange(1, 40))).date()
                if draw.random() < 0.7
                else None,
                "resolved_at": resolved,
                "assignee": f"Owner {number % 5}",
            }
        )
    return rows


def _as_it_was(row: Row, draw: random.Random) -> Row:
    """The issue in the earlier export: some open ones were resolved then."""
    was: dict[str, Any] = row | {"updated_at": datetime(2026, 11, 1)}
    if row["resolved_at"] is None and draw.random() < 0.4:
        was["resolved_at"] = row["created_at"] + timedelta(days=1)
    return was


def _not_yet(row: Row) -> Row:
    """The batch as the earlier list knew it: not delivered what came later."""
    at = row["delivered_at"]
    return row | {"delivered_at": None} if at and at > datetime(2026, 11, 2) else row


def _deliveries(draw: random.Random) -> list[Row]:
    rows: list[Row] = []
    for number in range(30):
        promised = date(2026, 10, 1) + timedelta(days=draw.randrange(60))
        arrives = draw.random()
        hour = 0 if number % 4 == 0 else 3  # some say the day only
        at = datetime(promised.year, promised.month, promised.day, hour) + timedelta(
            days=draw.randrange(-4, 6)
        )
        items = draw.randrange(50, 400)
        rows.append(
            {
                "batch": f"B{number}",
                "project": f"P{number % 3}",
                "team": f"ML{number % 2}",
                "promised_on": promised,
                "delivered_at": at if arrives < 0.7 and at < CLOCK else None,
                "items_promised": items,
                "items_delivered": items if arrives < 0.7 and number % 7 else None,
                "items_accepted": items - draw.randrange(20) if arrives < 0.6 else None,
                "accepted_on": at.date() + timedelta(days=number % 5 - 1) if number % 3 else None,
                "late_reason": ("Queue", " ", None)[number % 3],
            }
        )
    return rows
