"""Improvements: a change somebody makes on a day, and the measure it should move; audited."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from data_access.recording import META, Database, signed, write_audit
from data_access.text import clean_text
from metrics.catalog import METRICS
from metrics.errors import AppError
from metrics.model import Better
from metrics.periods import Period
from metrics.scope import DIMENSIONS, Scope, scope

STATES = ("Planned", "Running", "Judged", "Dropped")
DIRECTIONS = ("lower", "higher")
_WORDS = {Better.LOWER: "lower", Better.HIGHER: "higher"}
_TYPES: dict[str, Any] = {
    "str": sa.Text, "int": sa.Integer, "float | None": sa.Float, "date": sa.Date,
    "datetime | None": sa.DateTime,
}  # fmt: skip
_LIMITS = {"name": 200, "description": 2_000, "owner": 200, "conclusion": 2_000}


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """A change with its day and the measure it should move.

    Attributes:
        name, description: what is changed, as its author typed it.
        owner: who answers for it; "" when nobody does yet.
        start_on: the first day on which the change holds.
        metric: name of the measure it should move.
        filters: which slices it touches, as `filters_text` writes them; "" for everything.
        comparison: slices it does not touch, to compare with; "" without.
        expected: "lower" or "higher": where the measure should go; the better way where it has one.
        expected_size: by how much, in the metric's unit, above 0; None when nobody said.
        state: one of STATES.
        conclusion: what was decided once it was judged, as typed.
        number: counts up; 0 before it is stored.
        version: counts its changes; a change made on an older version is refused.
        written_at, written_by: when it was first written down (UTC), and by whom.
    """

    name: str
    description: str = ""
    owner: str = ""
    start_on: date
    metric: str
    filters: str = ""
    comparison: str = ""
    expected: str = "lower"
    expected_size: float | None = None
    state: str = "Planned"
    conclusion: str = ""
    number: int = 0
    version: int = 0
    written_at: datetime | None = None
    written_by: str = ""

    @property
    def code(self) -> str:
        """What a reader calls it, like "I-07"."""
        return f"I-{self.number:02d}"

    @property
    def is_dropped(self) -> bool:
        """Whether it was given up."""
        return self.state == "Dropped"

    def during(self, period: Period) -> Scope:
        """Its slices in a window."""
        return scope(period, _filters(self.filters))

    def comparison_during(self, period: Period) -> Scope | None:
        """The slices it is compared with in a window; None without."""
        return scope(period, _filters(self.comparison)) if self.comparison else None


def filters_text(filters: Mapping[str, Sequence[str]]) -> str:
    """Filters as they are stored: JSON with sorted names; "" for none."""
    kept = {name: sorted(set(values)) for name, values in sorted(filters.items()) if values}
    return json.dumps(kept, ensure_ascii=False) if kept else ""


_TABLE = sa.Table(
    "improvements",
    META,
    *(
        sa.Column(
            field.name,
            _TYPES[str(field.type)],
            nullable="None" in str(field.type),
            primary_key=field.name == "number",
        )
        for field in fields(Improvement)
    ),
    sqlite_autoincrement=True,
)


class Improvements:
    """The door to improvements. Nothing is deleted: what is given up is dropped."""

    def __init__(self, database: Database) -> None:
        """Use `Records.improvements`."""
        self._database = database

    def all(self) -> tuple[Improvement, ...]:
        """Every improvement, the newest change first."""
        query = sa.select(_TABLE).order_by(_TABLE.c.start_on.desc(), _TABLE.c.number.desc())
        with self._database.reading() as connection:
            return tuple(map(_improvement, connection.execute(query).mappings()))

    def add(self, new: Improvement, *, by: str, at: datetime) -> Improvement:
        """Store a new one.

        Raises:
            AppError: nobody signed it, or a field is not valid.
        """
        who = signed(by)
        new = replace(checked(new), version=1, written_at=at, written_by=who)
        values = _values(new)
        del values["number"]
        with self._database.writing() as connection:
            key = connection.execute(sa.insert(_TABLE).values(**values)).inserted_primary_key
            new = replace(new, number=int(key[0]) if key else 0)
            write_audit(connection, who, at, "add", new.code, None, new)
        return new

    def change(self, changed: Improvement, *, by: str, at: datetime) -> Improvement:
        """Store a changed one; the same again changes nothing.

        Raises:
            AppError: it is gone, somebody else changed it, or a field is not valid.
        """
        who = signed(by)
        with self._database.writing() as connection:
            before = _stored(connection, changed)
            new = replace(
                checked(changed), written_at=before.written_at, written_by=before.written_by
            )
            if new == before:
                return before
            new = replace(new, version=before.version + 1)
            connection.execute(
                sa.update(_TABLE).where(_TABLE.c.number == new.number).values(**_values(new))
            )
            write_audit(connection, who, at, "change", new.code, before, new)
        return new


def checked(entry: Improvement) -> Improvement:
    """The improvement with clean text, or an error naming what is wrong with it."""
    cleaned = {
        name: clean_text(getattr(entry, name).strip(), limit=limit)
        for name, limit in _LIMITS.items()
    }
    new = replace(entry, **cleaned)  # type: ignore[arg-type]
    if not new.name:
        raise AppError("The improvement needs a name.", next_step="Type what is changed.")
    for name, value, choices in (
        ("a state", new.state, STATES),
        ("a direction", new.expected, DIRECTIONS),
        ("a measure", new.metric, tuple(METRICS)),
    ):
        if value not in choices:
            raise AppError(f"{value} is not {name}.", choices=choices)
    better = METRICS[new.metric].better
    if better is not Better.NEITHER and new.expected != _WORDS[better]:
        raise AppError(
            f"{new.expected} is not an improvement of {METRICS[new.metric].label.lower()}.",
            choices=(_WORDS[better],),
        )
    if new.expected_size is not None and not new.expected_size > 0:
        raise AppError(
            "The expected size is not above 0.",
            next_step="Leave it empty, or give the size; the direction is chosen beside it.",
        )
    for text in (new.filters, new.comparison):
        _filters(text)
    if new.comparison and new.comparison == new.filters:
        raise AppError(
            "The comparison group is the group that is changed.",
            next_step="Choose slices that the change does not touch, or none.",
        )
    return new


def _filters(text: str) -> dict[str, list[str]]:
    """The filters as a mapping.

    Raises:
        AppError: a dimension is not known.
    """
    found: dict[str, list[str]] = json.loads(text) if text else {}
    for name in found:
        if name not in DIMENSIONS:
            raise AppError(f"{name} is not a dimension.", choices=DIMENSIONS)
    return found


def _stored(connection: Connection, asked: Improvement) -> Improvement:
    query = sa.select(_TABLE).where(_TABLE.c.number == asked.number)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise AppError(f"{asked.code} is no longer there.", next_step="Load the page again.")
    if row["version"] != asked.version:
        raise AppError(
            f"Somebody else changed {asked.code} in the meantime.",
            next_step="Load the page again and repeat your change.",
        )
    return _improvement(row)


def _improvement(row: RowMapping) -> Improvement:
    return Improvement(**{field.name: row[field.name] for field in fields(Improvement)})


def _values(thing: Improvement) -> dict[str, Any]:
    return {field.name: getattr(thing, field.name) for field in fields(thing)}
