"""Sampled lots: the plan, the draw, what was found, the decision; every change audited.

A lot's plan, seed and drawn items never change. Results do until the lot is decided; to correct
one afterwards the decision is taken back first, and the trail keeps both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from data_access.recording import META, Database, signed, write_audit
from data_access.text import clean_text
from metrics.errors import AppError

Result = Literal["", "pass", "fail"]
RESULTS: tuple[Result, ...] = ("pass", "fail")
ACCEPTED, NOT_ACCEPTED = "accepted", "not accepted"


@dataclass(frozen=True, kw_only=True)
class Lot:
    """A lot that was drawn from.

    Attributes:
        name, project: what it is called, and whose lots it follows on.
        scope: which items it holds, in words.
        size: items in it.
        plan: the plan as JSON, as the analysis wrote it.
        seed: of the draw.
        is_stratified: drawn from every annotator.
        is_resubmitted: it came back after a refusal; switching rules leave it out.
        drawn: items drawn.
        drawn_at, drawn_by: when (UTC) and by whom.
        decision: "accepted", "not accepted", or "" while open.
        checked, defective: when it was decided.
        decided_at, decided_by: when and by whom; None and "" while open.
        number: counts up; 0 before it is stored.
        version: counts its changes; a change made on an older version is refused.
    """

    name: str
    project: str
    scope: str
    size: int
    plan: str
    seed: int
    is_stratified: bool = False
    is_resubmitted: bool = False
    drawn: int = 0
    drawn_at: datetime
    drawn_by: str = ""
    decision: str = ""
    checked: int = 0
    defective: int = 0
    decided_at: datetime | None = None
    decided_by: str = ""
    number: int = 0
    version: int = 0

    @property
    def code(self) -> str:
        """What a reader calls it, like "L-07"."""
        return f"L-{self.number:02d}"

    @property
    def is_decided(self) -> bool:
        """Whether it was accepted or not."""
        return bool(self.decision)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A drawn item with what was found.

    Attributes:
        lot, place: of which lot, and its place in the order to check, from 1.
        item_id, annotator: whose work on what.
        result: "pass", "fail", or "" while it is not checked.
        error_type, note: what is wrong; "" where nothing is.
        by, at: who entered the result and when; "" and None before.
    """

    lot: int
    place: int
    item_id: str
    annotator: str
    result: Result = ""
    error_type: str = ""
    note: str = ""
    by: str = ""
    at: datetime | None = None


_TYPES: dict[str, Any] = {
    "str": sa.Text,
    "int": sa.Integer,
    "bool": sa.Boolean,
    "Result": sa.Text,
    "datetime": sa.DateTime,
    "datetime | None": sa.DateTime,
}
_WRITTEN = ("result", "error_type", "note")


def _columns(kind: type, keys: tuple[str, ...]) -> list[sa.Column[Any]]:
    return [
        sa.Column(
            field.name,
            sa.BigInteger if field.name == "seed" else _TYPES[str(field.type)],
            nullable="None" in str(field.type),
            primary_key=field.name in keys,
        )
        for field in fields(kind)
    ]


_LOTS = sa.Table(
    "lots",
    META,
    *_columns(Lot, ("number",)),
    sa.Column("is_removed", sa.Boolean, nullable=False, default=False),
    sqlite_autoincrement=True,
)
_DRAWN = sa.Table("lot_items", META, *_columns(Drawn, ("lot", "place")))


class Lots:
    """The door to sampled lots."""

    def __init__(self, database: Database) -> None:
        """Use `Records.lots`."""
        self._database = database

    def all(self) -> tuple[Lot, ...]:
        """Every lot, in the order in which they were drawn."""
        query = sa.select(_LOTS).where(sa.not_(_LOTS.c.is_removed)).order_by(_LOTS.c.number)
        with self._database.reading() as connection:
            return tuple(map(_lot, connection.execute(query).mappings()))

    def decided(self, project: str | None = None) -> tuple[Lot, ...]:
        """The decided lots, of a project if given, in the order in which they were drawn.

        So a decision that is taken back and made again stays in its place, and with it what the
        switching rules made of it.
        """
        found = [
            lot for lot in self.all() if lot.is_decided and project in (None, lot.project)
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda lot: lot.number))

    def items(self, lot: Lot) -> tuple[Drawn, ...]:
        """The drawn items, in the order to check them."""
        with self._database.reading() as connection:
            return _items(connection, lot.number)

    def draw(self, lot: Lot, items: Sequence[tuple[str, str]], *, by: str, at: datetime) -> Lot:
        """Store a lot with its drawn items (item, annotator), in the order to check them.

        Raises:
            AppError: nobody signed it, or nothing was drawn.
        """
        who = signed(by)
        if not items:
            raise AppError("Nothing was drawn.", next_step="Choose a lot with items.")
        new = replace(
            lot,
            name=_needed(lot.name, "name"),
            project=clean_text(lot.project),
            drawn=len(items),
            drawn_at=at,
            drawn_by=who,
            version=1,
        )
        values = _values(new) | {"is_removed": False}
        del values["number"]
        with self._database.writing() as connection:
            key = connection.execute(sa.insert(_LOTS).values(**values)).inserted_primary_key
            new = replace(new, number=int(key[0]) if key else 0)
            rows = [
                Drawn(lot=new.number, place=place, item_id=item_id, annotator=annotator)
                for place, (item_id, annotator) in enumerate(items, start=1)
            ]
            connection.execute(sa.insert(_DRAWN), [_values(row) for row in rows])
            write_audit(connection, who, at, "draw", new.code, None, new)
        return new

    def record(self, lot: Lot, results: Iterable[Drawn], *, by: str, at: datetime) -> int:
        """Keep results; returns how many items changed. Nothing is kept when one is wrong.

        Raises:
            AppError: the lot is decided, gone, or changed by somebody else; an item was not drawn.
        """
        who, changed = signed(by), 0
        with self._database.writing() as connection:
            before = self._stored(connection, lot)
            if before.is_decided:
                raise AppError(
                    f"{lot.code} is decided; its results stand.",
                    next_step="Take the decision back first, then correct the result.",
                )
            known = {item.place: item for item in _items(connection, lot.number)}
            for result in results:
                old = known.get(result.place)
                new = _checked(lot, old, result)
                if old is None or all(getattr(old, n) == getattr(new, n) for n in _WRITTEN):
                    continue
                new = replace(new, by=who, at=at)
                connection.execute(
                    sa.update(_DRAWN)
                    .where(_DRAWN.c.lot == lot.number, _DRAWN.c.place == new.place)
                    .values(**_values(new))
                )
                write_audit(connection, who, at, "result", f"{lot.code} {new.place}", old, new)
                changed += 1
        return changed

    def decide(
        self, lot: Lot, decision: str, *, checked: int, defective: int, by: str, at: datetime
    ) -> Lot:
        """Close a lot with its decision and the counts it rests on.

        Raises:
            AppError: no such decision, the lot is already decided, gone or changed, or its results
                are not those that were counted.
        """
        if decision not in (ACCEPTED, NOT_ACCEPTED):
            raise AppError(
                f"{decision} is not a decision.", choices=(ACCEPTED, NOT_ACCEPTED)
            )  # fmt: skip
        return self._change(
            lot,
            "decide",
            by=by,
            at=at,
            decision=decision,
            checked=checked,
            defective=defective,
            decided_at=at,
            decided_by=signed(by),
        )

    def take_back(self, lot: Lot, *, by: str, at: datetime) -> Lot:
        """Open a decided lot again; the trail keeps the decision.

        Raises:
            AppError: the lot is gone, or somebody else changed it.
        """
        return self._change(
            lot, "take back", by=by, at=at, decision="", checked=0, defective=0, decided_at=None,
            decided_by="",
        )  # fmt: skip

    def remove(self, lot: Lot, *, by: str, at: datetime) -> None:
        """Take a lot out of all lists; the trail keeps it.

        Raises:
            AppError: the lot is decided, gone or changed.
        """
        with self._database.writing() as connection:
            before = self._stored(connection, lot)
            if before.is_decided:
                raise AppError(
                    f"{lot.code} is decided and counts in the history of its project.",
                    next_step="Take the decision back first.",
                )
            connection.execute(
                sa.update(_LOTS).where(_LOTS.c.number == lot.number).values(is_removed=True)
            )
            write_audit(connection, signed(by), at, "remove", lot.code, before, None)

    def _change(self, lot: Lot, what: str, *, by: str, at: datetime, **values: Any) -> Lot:
        with self._database.writing() as connection:
            before = self._stored(connection, lot)
            if before.is_decided == bool(values["decision"]):
                raise AppError(
                    f"{lot.code} is {before.decision or 'not decided'}.",
                    next_step="Load the page again.",
                )
            if values["decision"]:
                _check_counts(lot, _items(connection, lot.number), values)
            new = replace(before, version=before.version + 1, **values)
            connection.execute(
                sa.update(_LOTS).where(_LOTS.c.number == lot.number).values(**_values(new))
            )
            write_audit(connection, signed(by), at, what, lot.code, before, new)
        return new

    def _stored(self, connection: Connection, lot: Lot) -> Lot:
        query = sa.select(_LOTS).where(_LOTS.c.number == lot.number, sa.not_(_LOTS.c.is_removed))
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise AppError(f"{lot.code} is no longer there.", next_step="Load the page again.")
        if row["version"] != lot.version:
            raise AppError(
                f"Somebody else changed {lot.code} in the meantime.",
                next_step="Load the page again and repeat your change.",
            )
        return _lot(row)


def _check_counts(lot: Lot, items: Sequence[Drawn], values: dict[str, Any]) -> None:
    """Raise when somebody entered results after those that a decision rests on were counted."""
    checked = sum(bool(item.result) for item in items)
    defective = sum(item.result == "fail" for item in items)
    if (checked, defective) != (values["checked"], values["defective"]):
        raise AppError(
            f"Somebody else entered results of {lot.code} in the meantime: {defective:,} of "
            f"{checked:,} checked items are defective now.",
            next_step="Look at the results again, then decide.",
        )


def _checked(lot: Lot, old: Drawn | None, result: Drawn) -> Drawn:
    """The result in clean text, or an error naming what is wrong with it."""
    where = f"{lot.code}, item {result.place}"
    if old is None or (old.item_id, old.annotator) != (result.item_id, result.annotator):
        raise AppError(f"{result.item_id} was not drawn at this place.", where=where)
    if result.result not in ("", *RESULTS):
        raise AppError(f"{result.result} is not a result.", where=where, choices=RESULTS)
    return replace(
        old,
        result=result.result,
        error_type=clean_text(result.error_type.strip(), limit=200),
        note=clean_text(result.note.strip(), limit=2_000),
    )


def _needed(text: str, name: str) -> str:
    plain = clean_text(" ".join(text.split()), limit=200)
    if not plain:
        raise AppError(f"The lot needs a {name}.", next_step="Type what the lot is called.")
    return plain


def _items(connection: Connection, number: int) -> tuple[Drawn, ...]:
    query = sa.select(_DRAWN).where(_DRAWN.c.lot == number).order_by(_DRAWN.c.place)
    return tuple(
        Drawn(**{field.name: row[field.name] for field in fields(Drawn)})
        for row in connection.execute(query).mappings()
    )


def _lot(row: RowMapping) -> Lot:
    return Lot(**{field.name: row[field.name] for field in fields(Lot)})


def _values(thing: Lot | Drawn) -> dict[str, Any]:
    return {field.name: getattr(thing, field.name) for field in fields(thing)}
