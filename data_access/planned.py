"""A planned assignment, as the plan says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Assigned:
    """Hours that somebody is planned for, or is away.

    Attributes:
        person: under the name that may be shown.
        kind: "work" or "absence".
        team, project, stage: "(not recorded)" where the plan leaves them open.
        hours: in a full week.
        from_on, until_on: first and last day; None while no end is planned.
        capacity: hours a week the person has in all; None where the plan does not say.
    """

    person: str
    kind: str
    team: str
    project: str
    stage: str
    hours: float
    from_on: date
    until_on: date | None
    capacity: float | None
