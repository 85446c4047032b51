"""What a requirement is made of, and the tables it is kept in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from data_access.criteria import Criterion, Step, from_text, to_text
from data_access.recording import META

DRAFT, AGREED, ACCEPTED, REJECTED, WITHDRAWN = (
    "draft", "agreed", "accepted", "rejected", "withdrawn",
)  # fmt: skip
DECISIONS = (ACCEPTED, REJECTED)
PRIORITIES = ("Must", "Should", "Could")


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """Something a team or a person asked for.

    Attributes:
        title: in a few words.
        asked_by: the team or person that asked.
        project, owner: where it belongs and who answers for it; "" when nobody does yet.
        priority: one of PRIORITIES.
        state: draft, agreed, accepted, rejected or withdrawn; of the agreed version.
        signed_by, signed_at, sign_note: the sign-off, or who withdrew it and why.
        number: counts up; 0 before it is stored.
        version: counts its changes; a change made on an older one is refused.
    """

    title: str
    asked_by: str = ""
    project: str = ""
    priority: str = "Should"
    owner: str = ""
    state: str = DRAFT
    signed_by: str = ""
    signed_at: datetime | None = None
    sign_note: str = ""
    number: int = 0
    version: int = 0

    @property
    def code(self) -> str:
        """What a reader calls it, like "REQ-07"; a risk is already called "R-07"."""
        return f"REQ-{self.number:02d}"


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One version of what is asked and how it is checked.

    Attributes:
        requirement, number: of which requirement, and which version, from 1.
        text: what is asked, in plain words.
        steps, criteria: in order.
        reason: why it replaced the version before; "" for the first.
        written_by, written_at: who began it and when (UTC).
        agreed_by, agreed_at: "" and None while it is a draft.
        outcome: what came out of it when it was replaced or signed off, in words; "" before.
    """

    requirement: int
    number: int
    text: str = ""
    steps: tuple[Step, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    reason: str = ""
    written_by: str = ""
    written_at: datetime
    agreed_by: str = ""
    agreed_at: datetime | None = None
    outcome: str = ""

    @property
    def is_agreed(self) -> bool:
        """Whether it is frozen."""
        return self.agreed_at is not None


_TYPES: dict[str, Any] = {
    "str": sa.Text, "int": sa.Integer, "datetime": sa.DateTime, "datetime | None": sa.DateTime,
    "tuple[Step, ...]": sa.Text, "tuple[Criterion, ...]": sa.Text,
}  # fmt: skip


def _columns(kind: type, keys: tuple[str, ...]) -> list[sa.Column[Any]]:
    return [
        sa.Column(
            field.name,
            _TYPES[str(field.type)],
            nullable="None" in str(field.type),
            primary_key=field.name in keys,
        )
        for field in fields(kind)
    ]


REQUIREMENTS = sa.Table(
    "requirements", META, *_columns(Requirement, ("number",)), sqlite_autoincrement=True
)
EDITIONS = sa.Table(
    "requirement_versions", META, *_columns(Edition, ("requirement", "number"))
)  # fmt: skip


def in_force(editions: Sequence[Edition]) -> Edition:
    """The version that counts: the newest agreed one, before that the draft."""
    agreed = [one for one in editions if one.is_agreed]
    return (agreed or list(editions))[-1]


def is_edition(edition: Edition) -> sa.ColumnElement[bool]:
    """The condition that picks the row of a version."""
    return sa.and_(
        EDITIONS.c.requirement == edition.requirement, EDITIONS.c.number == edition.number
    )


def requirement_of(row: RowMapping) -> Requirement:
    """The requirement of a row."""
    return Requirement(**{field.name: row[field.name] for field in fields(Requirement)})


def edition_of(row: RowMapping) -> Edition:
    """The version of a row."""
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Edition)}
    values["steps"] = from_text(Step, values["steps"])
    values["criteria"] = from_text(Criterion, values["criteria"])
    return Edition(**values)


def stored_values(thing: Requirement | Edition) -> dict[str, Any]:
    """The columns of a requirement or a version."""
    values = {field.name: getattr(thing, field.name) for field in fields(thing)}
    return {
        name: to_text(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }
