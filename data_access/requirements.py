"""Requirements: what was asked, by whom, the steps, and the criteria that were agreed beforehand.

What is agreed never changes: a correction is a new version with a reason, and the old one stays
with what came out of it. Every change is one transaction with its line of audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data_access.criteria import Criterion, Step, checked_criterion, checked_step
from data_access.recording import Database, signed, write_audit
from data_access.requirement_rows import (
    ACCEPTED,
    AGREED,
    DECISIONS,
    DRAFT,
    EDITIONS,
    PRIORITIES,
    REJECTED,
    REQUIREMENTS,
    WITHDRAWN,
    Edition,
    Requirement,
    edition_of,
    in_force,
    is_edition,
    requirement_of,
    stored_values,
)
from data_access.text import clean_text
from metrics.errors import AppError

__all__ = [
    "ACCEPTED", "AGREED", "DECISIONS", "DRAFT", "PRIORITIES", "REJECTED", "WITHDRAWN", "Edition",
    "Requirement", "Requirements", "in_force",
]  # fmt: skip


class Requirements:
    """The door to requirements."""

    def __init__(self, database: Database) -> None:
        """Use `Records.requirements`."""
        self._database = database

    def all(self) -> tuple[Requirement, ...]:
        """Every requirement by number, the withdrawn ones too."""
        query = sa.select(REQUIREMENTS).order_by(REQUIREMENTS.c.number)
        with self._database.reading() as connection:
            return tuple(map(requirement_of, connection.execute(query).mappings()))

    def editions(self) -> dict[int, tuple[Edition, ...]]:
        """Number of the requirement → its versions, oldest first."""
        query = sa.select(EDITIONS).order_by(EDITIONS.c.requirement, EDITIONS.c.number)
        found: dict[int, tuple[Edition, ...]] = {}
        with self._database.reading() as connection:
            for one in map(edition_of, connection.execute(query).mappings()):
                found[one.requirement] = (*found.get(one.requirement, ()), one)
        return found

    def add(self, new: Requirement, text: str, *, by: str, at: datetime) -> Requirement:
        """Store a new requirement as a draft; what comes back has its number.

        Raises:
            AppError: it has no title, nobody signed it, or its priority is none.
        """
        who = signed(by)
        new = replace(_cleaned(new), state=DRAFT, version=1, signed_by="", signed_at=None)
        with self._database.writing() as connection:
            values = stored_values(new)
            del values["number"]
            key = connection.execute(sa.insert(REQUIREMENTS).values(**values)).inserted_primary_key
            new = replace(new, number=int(key[0]) if key else 0)
            first = Edition(
                requirement=new.number, number=1, text=_text(text), written_by=who, written_at=at
            )
            connection.execute(sa.insert(EDITIONS).values(**stored_values(first)))
            write_audit(connection, who, at, "add", new.code, None, new)
            write_audit(connection, who, at, "write", f"{new.code} version 1", None, first)
        return new

    def change(self, changed: Requirement, *, by: str, at: datetime) -> Requirement:
        """Store another title, asker, project, priority or owner.

        Raises:
            AppError: it is gone, or somebody else changed it since it was read.
        """
        new = _cleaned(changed)
        with self._database.writing() as connection:
            before = self._stored(connection, changed)
            kept = {n: getattr(before, n) for n in ("state", "signed_by", "signed_at", "sign_note")}
            return self._keep(connection, before, replace(new, **kept), "change", by=by, at=at)

    def write(
        self,
        requirement: Requirement,
        *,
        text: str,
        steps: Sequence[Step],
        criteria: Sequence[Criterion],
        by: str,
        at: datetime,
    ) -> Requirement:
        """Replace what the draft version says; an agreed one is not touched.

        Raises:
            AppError: the newest version is agreed, something in it cannot be checked, or somebody
                else changed the requirement since it was read.
        """
        with self._database.writing() as connection:
            before = self._stored(connection, requirement)
            old = self._newest(connection, before)
            if old.is_agreed:
                raise AppError(
                    f"Version {old.number} of {before.code} is agreed and stays as it is.",
                    next_step="Begin a new version and say why.",
                )
            new = replace(
                old,
                text=_text(text),
                steps=tuple(map(checked_step, steps)),
                criteria=tuple(map(checked_criterion, criteria)),
            )
            if new == old:
                return before
            self._keep_edition(connection, before, old, new, "write", by=by, at=at)
            return self._keep(connection, before, before, "", by=by, at=at)

    def agree(self, requirement: Requirement, *, by: str, at: datetime) -> Requirement:
        """Freeze the draft version: from now on it is what counts.

        Raises:
            AppError: nothing is drafted, it has no criterion, or the requirement was changed.
        """
        with self._database.writing() as connection:
            before = self._stored(connection, requirement)
            old = self._newest(connection, before)
            if old.is_agreed:
                raise AppError(f"{before.code} has no version to agree on.")
            if not old.criteria:
                raise AppError(
                    f"{before.code} has no acceptance criterion yet.",
                    next_step="Add one: a measure, a threshold, a smallest n and a day.",
                )
            new = replace(old, agreed_by=signed(by), agreed_at=at)
            self._keep_edition(connection, before, old, new, "agree", by=by, at=at)
            return self._keep(
                connection, before,
                replace(before, state=AGREED, signed_by="", signed_at=None, sign_note=""),
                "agree", by=by, at=at,
            )  # fmt: skip

    def revise(
        self, requirement: Requirement, reason: str, *, outcome: str, by: str, at: datetime
    ) -> Requirement:
        """Begin a new version as a copy of the agreed one, which keeps what came out of it.

        Raises:
            AppError: there is no reason, a draft is there already, or it was changed.
        """
        why = clean_text(reason.strip(), limit=2_000)
        if not why:
            raise AppError("A new version needs a reason.", next_step="Say what changed, and why.")
        with self._database.writing() as connection:
            before = self._stored(connection, requirement)
            old = self._newest(connection, before)
            if not old.is_agreed:
                raise AppError(f"Version {old.number} of {before.code} is still a draft.")
            told = replace(old, outcome=old.outcome or clean_text(outcome))
            self._keep_edition(connection, before, old, told, "result", by=by, at=at)
            new = replace(
                old, number=old.number + 1, reason=why, written_by=signed(by), written_at=at,
                agreed_by="", agreed_at=None, outcome="",
            )  # fmt: skip
            connection.execute(sa.insert(EDITIONS).values(**stored_values(new)))
            write_audit(connection, signed(by), at, "revise", _thing(before, new), None, new)
            return self._keep(connection, before, before, "", by=by, at=at)

    def drop_draft(self, requirement: Requirement, *, by: str, at: datetime) -> Requirement:
        """Take the drafted new version back; the agreed one goes on. The trail keeps it.

        Raises:
            AppError: there is no draft beside an agreed version, or it was changed.
        """
        with self._database.writing() as connection:
            before = self._stored(connection, requirement)
            old = self._newest(connection, before)
            if old.is_agreed or old.number == 1:
                raise AppError(f"{before.code} has no new version to take back.")
            connection.execute(sa.delete(EDITIONS).where(is_edition(old)))
            write_audit(connection, signed(by), at, "take back", _thing(before, old), old, None)
            return self._keep(connection, before, before, "", by=by, at=at)

    def sign_off(
        self, requirement: Requirement, decision: str, *, note: str, outcome: str, by: str,
        at: datetime,
    ) -> Requirement:  # fmt: skip
        """Accept or reject what was agreed; the version keeps what came out of it.

        Raises:
            AppError: no such decision, nothing is agreed, a draft waits, or it was changed.
        """
        if decision not in DECISIONS:
            raise AppError(f"{decision} is not a decision.", choices=DECISIONS)
        with self._database.writing() as connection:
            before = self._stored(connection, requirement)
            old = self._newest(connection, before)
            if before.state != AGREED or not old.is_agreed:
                waits = before.state != DRAFT and not old.is_agreed
                why = "is not agreed" if before.state == DRAFT else f"is {before.state}"
                why = "has a drafted version" if waits else why
                raise AppError(
                    f"{before.code} {why}.", next_step="Agree on its newest version first."
                )
            told = replace(old, outcome=clean_text(outcome))
            self._keep_edition(connection, before, old, told, "result", by=by, at=at)
            return self._end(connection, before, decision, note, by=by, at=at)

    def withdraw(
        self, requirement: Requirement, reason: str, *, by: str, at: datetime
    ) -> Requirement:
        """End a requirement that nobody asks for any longer; it stays in the list.

        Raises:
            AppError: there is no reason, or it was changed.
        """
        if not reason.strip():
            raise AppError("Withdrawing needs a reason.")
        with self._database.writing() as connection:
            before = self._stored(connection, requirement)
            return self._end(connection, before, WITHDRAWN, reason, by=by, at=at)

    def _end(
        self, connection: Connection, before: Requirement, state: str, note: str, *, by: str,
        at: datetime,
    ) -> Requirement:  # fmt: skip
        new = replace(
            before, state=state, signed_by=signed(by), signed_at=at,
            sign_note=clean_text(note.strip(), limit=2_000),
        )  # fmt: skip
        return self._keep(connection, before, new, state, by=by, at=at)

    def _keep(
        self, connection: Connection, before: Requirement, new: Requirement, what: str, *, by: str,
        at: datetime,
    ) -> Requirement:  # fmt: skip
        """Store the next state of a requirement; without `what` only its count of changes."""
        who = signed(by)
        new = replace(new, version=before.version + 1)
        connection.execute(
            sa.update(REQUIREMENTS)
            .where(REQUIREMENTS.c.number == before.number)
            .values(**stored_values(new))
        )
        if what:
            write_audit(connection, who, at, what, new.code, before, new)
        return new

    def _keep_edition(
        self, connection: Connection, of: Requirement, old: Edition, new: Edition, what: str, *,
        by: str, at: datetime,
    ) -> None:  # fmt: skip
        connection.execute(sa.update(EDITIONS).where(is_edition(old)).values(**stored_values(new)))
        write_audit(connection, signed(by), at, what, _thing(of, new), old, new)

    def _newest(self, connection: Connection, requirement: Requirement) -> Edition:
        query = (
            sa.select(EDITIONS)
            .where(EDITIONS.c.requirement == requirement.number)
            .order_by(EDITIONS.c.number.desc())
            .limit(1)
        )
        return edition_of(connection.execute(query).mappings().one())

    def _stored(self, connection: Connection, requirement: Requirement) -> Requirement:
        query = sa.select(REQUIREMENTS).where(REQUIREMENTS.c.number == requirement.number)
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise AppError(
                f"{requirement.code} is no longer there.", next_step="Load the page again."
            )
        if row["version"] != requirement.version:
            raise AppError(
                f"Somebody else changed {requirement.code} in the meantime.",
                next_step="Load the page again and repeat your change.",
            )
        return requirement_of(row)


def _thing(requirement: Requirement, edition: Edition) -> str:
    return f"{requirement.code} version {edition.number}"


def _cleaned(requirement: Requirement) -> Requirement:
    def line(text: str) -> str:
        return clean_text(" ".join(text.split()), limit=200)

    if not line(requirement.title):
        raise AppError(
            "The requirement needs a title.", next_step="Say in a few words what is asked."
        )
    if requirement.priority not in PRIORITIES:
        raise AppError(f"{requirement.priority} is not a priority.", choices=PRIORITIES)
    return replace(
        requirement,
        title=line(requirement.title),
        asked_by=line(requirement.asked_by),
        project=line(requirement.project),
        owner=line(requirement.owner),
    )


def _text(text: str) -> str:
    return clean_text(text.strip(), limit=4_000)
