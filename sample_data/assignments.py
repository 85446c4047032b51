"""The assignment plan of the sample: everybody's hours, written down without any draw.

Two truths: second review has fewer hours than its arrivals ask for, because two of its six
reviewers give half their week to the pathology pilot; and R. Okafor is assigned 46 of 40 hours.
"""

from __future__ import annotations

from collections.abc import Iterator

from sample_data import world

COLUMNS = (
    "Person", "Kind", "Team", "Project", "Stage", "Hours per week", "From", "Until",
    "Capacity hours",
)  # fmt: skip
OVER_STAGE = world.SECOND_REVIEW.name
OVER_PERSON, OVER_HOURS = "R. Okafor", 6
_BEGIN, _PILOT_BEGIN, _PILOT_END = "2026-05-18", "2026-10-19", "2026-12-04"
_PILOT = ("M. Rossi", "S. Park")
_FULL, _HALF = 38, 19
_AGENCY = {  # people of an agency, who sign in the log with those they work beside
    "Clinical Language": 2, "Radiology": 1, "Thoracic Imaging": 2, "Pathology": 1, "Oncology": 0,
}  # fmt: skip


def rows() -> Iterator[tuple[str, ...]]:
    """The rows of the plan in the order of `COLUMNS`."""
    yield from _annotation()
    first = (*world.FIRST_REVIEWERS, *(f"Agency reviewer {n}" for n in (1, 2, 3)))
    yield from (_row(person, stage=world.FIRST_REVIEW.name) for person in first)
    yield from _second_review()
    yield _row("A. Levin", stage=world.ADJUDICATION.name, hours=20)
    yield _row("A. Levin", kind="absence", hours=16, since="2026-11-23", until="2026-11-29")
    yield _row("H. Weiss", stage=world.ADJUDICATION.name)
    for person in (*world.COORDINATORS, "Agency coordinator 1", "Agency coordinator 2"):
        yield _row(person, stage=world.INTAKE.name, hours=22)
        yield _row(person, stage=world.DELIVERY.name, hours=16)


def _annotation() -> Iterator[tuple[str, ...]]:
    for team, people in world.ANNOTATORS.items():
        more = [f"Agency annotator {team} {n}" for n in range(1, _AGENCY[team] + 1)]
        for person in (*people, *more):
            yield _row(person, team=team, stage=world.ANNOTATION.name)


def _second_review() -> Iterator[tuple[str, ...]]:
    for person in world.SECOND_REVIEWERS:
        yield _row(person, stage=OVER_STAGE, hours=_HALF if person in _PILOT else _FULL)
    for person in _PILOT:
        yield _row(person, project="Pathology pilot", hours=_HALF, since=_PILOT_BEGIN,
                   until=_PILOT_END)  # fmt: skip
    yield _row(OVER_PERSON, project="Guideline group", hours=8, since=_PILOT_BEGIN)


def _row(
    person: str,
    *,
    kind: str = "work",
    team: str = "",
    project: str = "",
    stage: str = "",
    hours: int = _FULL,
    since: str = _BEGIN,
    until: str = "",
) -> tuple[str, ...]:
    return (person, kind, team, project, stage, str(hours), since, until, "40")
