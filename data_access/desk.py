"""The issue desk: who handles an issue, the next step, escalation, closure; every change kept.

A case points at (source, "issues", key), never at a row, so it outlives its issue. Beside the
case stands its log: what was done, and the whole case as it was afterwards. The log tells exactly
how long a case waited for somebody, and what the desk looked like at the end of any week.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from data_access.cases import (
    CLOSED,
    ESCALATED,
    NEW,
    REASONS,
    SEVERITIES,
    TRIAGED,
    WAITING,
    Case,
    Step,
)
from data_access.recording import META, Database, signed, write_audit
from data_access.text import clean_text
from metrics.errors import AppError

_WORDS, _TEXT = 200, 2_000
_LIMITS = {"summary": _TEXT, "next_step": _TEXT}
_AGAIN = "Load the page again."
_TYPES: dict[str, Any] = {
    "str": sa.Text,
    "int": sa.Integer,
    "date | None": sa.Date,
    "datetime | None": sa.DateTime,
}


def _columns(*, is_key: bool) -> list[sa.Column[Any]]:
    keys = ("source", "issue_key")
    return [
        sa.Column(
            field.name,
            _TYPES[str(field.type)],
            nullable="None" in str(field.type),
            primary_key=is_key and field.name in keys,
        )
        for field in fields(Case)
    ]


_CASES = sa.Table("desk_cases", META, *_columns(is_key=True))
_LOG = sa.Table(
    "desk_log",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("by", "what", "note")),
    *_columns(is_key=False),
    sa.Index("desk_log_about", "source", "issue_key"),
)


class Desk:
    """The door to the issue desk."""

    def __init__(self, database: Database) -> None:
        """Use `Records.desk`."""
        self._database = database

    def all(self) -> tuple[Case, ...]:
        """Every case, by source and key."""
        query = sa.select(_CASES).order_by(_CASES.c.source, _CASES.c.issue_key)
        with self._database.reading() as connection:
            return tuple(map(_case, connection.execute(query).mappings()))

    def log(self, about: Case | None = None) -> tuple[Step, ...]:
        """What was done, oldest first; of one case, or of all."""
        query = sa.select(_LOG).order_by(_LOG.c.id)
        if about is not None:
            query = query.where(
                _LOG.c.source == about.source, _LOG.c.issue_key == about.issue_key
            )  # fmt: skip
        with self._database.reading() as connection:
            return tuple(map(_step, connection.execute(query).mappings()))

    def triage(self, case: Case, *, by: str, at: datetime, note: str = "") -> Case:
        """Keep owner, next step, due day, severity and what it waits for, as `case` has them.

        The first time it is the response to the issue.

        Raises:
            AppError: nobody signed it, a word is not valid, the case is closed, or somebody else
                changed it since it was read.
        """
        return self._save((case,), by=by, at=at, note=note)[0]

    def assign(self, cases: Sequence[Case], owner: str, *, by: str, at: datetime) -> int:
        """Give several cases one owner; returns how many changed. All change or none does.

        Raises:
            AppError: as `triage`, or the owner has no name.
        """
        if not clean_text(" ".join(owner.split())):
            raise AppError("The new owner has no name.", next_step="Type who takes the issues.")
        changed = [replace(case, owner=owner) for case in cases]
        kept = self._save(changed, by=by, at=at, note="")
        return sum(new.version > old.version for new, old in zip(kept, cases, strict=True))

    def escalate(
        self, case: Case, *, level: int, to: str, reason: str, by: str, at: datetime
    ) -> Case:
        """Put a case on a higher rung of the ladder.

        Raises:
            AppError: nobody to escalate to, no reason, the rung is not higher, or as `triage`.
        """
        why = _needed(reason, "a reason", "Say in a few words why it is escalated.")
        whom = _needed(to, "somebody to escalate to", "Name a person or a role.", limit=_WORDS)
        return self._move(
            case, "escalate", why, by=by, at=at, state=ESCALATED, waits_for="", level=level,
            escalated_to=whom,
        )  # fmt: skip

    def settle(self, case: Case, *, reason: str, by: str, at: datetime) -> Case:
        """End the escalation of a case that stays open.

        Raises:
            AppError: it is not escalated, no reason, or as `triage`.
        """
        why = _needed(reason, "a reason", "Say in a few words what settled it.")
        return self._move(
            case, "settle", why, by=by, at=at, level=0, escalated_to="",
            state=WAITING if case.state == WAITING else TRIAGED,
        )  # fmt: skip

    def note(self, case: Case, text: str, *, by: str, at: datetime) -> Case:
        """Keep a follow-up note.

        Raises:
            AppError: it is empty, or as `triage`.
        """
        said = _needed(text, "a few words", "Type the note.")
        return self._move(case, "note", said, by=by, at=at)

    def close(self, case: Case, *, reason: str, note: str, by: str, at: datetime) -> Case:
        """Close a case with its reason; `reopen` takes it back.

        Raises:
            AppError: no such reason, "Other" without words, or as `triage`.
        """
        if reason not in REASONS:
            raise AppError(f"{reason or 'Nothing'} is not a reason to close.", choices=REASONS)
        if reason == "Other":
            _needed(note, "a few words", "Say why it is closed.")
        return self._move(
            case, "close", clean_text(note.strip(), limit=_TEXT), by=by, at=at, state=CLOSED,
            waits_for="", closed_as=reason, closed_at=at,
        )  # fmt: skip

    def reopen(self, case: Case, *, reason: str, by: str, at: datetime) -> Case:
        """Take a closure back: the case is as it was before it.

        Raises:
            AppError: it is not closed, no reason, or somebody else changed it.
        """
        why = _needed(reason, "a reason", "Say in a few words why it opens again.")
        who = signed(by)
        with self._database.writing() as connection:
            stored = _stored(connection, case)
            if not stored.is_closed:
                raise AppError(f"{case.issue_key} is not closed.", next_step=_AGAIN)
            new = replace(_before_closure(connection, stored), version=stored.version + 1)
            _keep(connection, stored, new, Step(at=at, by=who, what="reopen", note=why, case=new))
        return new

    def _save(self, cases: Iterable[Case], *, by: str, at: datetime, note: str) -> list[Case]:
        who, said, kept = signed(by), clean_text(note.strip(), limit=_TEXT), []
        with self._database.writing() as connection:
            for case in cases:
                stored = _open(connection, case)
                new = _checked(case, stored, at)
                if new == stored and not said:
                    kept.append(stored)
                    continue
                new = replace(new, version=stored.version + 1)
                what = "update" if stored.responded_at else "triage"
                step = Step(at=at, by=who, what=what, note=said, case=new)
                _keep(connection, stored, new, step)
                kept.append(new)
        return kept

    def _move(
        self, case: Case, what: str, note: str, *, by: str, at: datetime, **values: Any
    ) -> Case:
        who = signed(by)
        with self._database.writing() as connection:
            stored = _open(connection, case)
            if what == "escalate" and values["level"] <= stored.level:
                raise AppError(
                    f"{case.issue_key} stands on level {stored.level} already.",
                    next_step="Choose a higher level.",
                )
            if what == "settle" and not stored.level:
                raise AppError(f"{case.issue_key} is not escalated.", next_step=_AGAIN)
            is_response = what != "note"
            new = replace(
                stored,
                summary=clean_text(case.summary or stored.summary, limit=_TEXT),
                responded_at=stored.responded_at or (at if is_response else None),
                version=stored.version + 1,
                **values,
            )
            _keep(connection, stored, new, Step(at=at, by=who, what=what, note=note, case=new))
        return new


def thing(case: Case) -> str:
    """What the trail calls a case: "issue Jira OPS-1"."""
    return f"issue {case.source} {case.issue_key}"


def _checked(case: Case, stored: Case, at: datetime) -> Case:
    """The case with clean, valid words; what a triage cannot change is as stored."""
    words: dict[str, Any] = {
        name: clean_text(getattr(case, name).strip(), limit=_LIMITS.get(name, _WORDS))
        for name in ("summary", "waits_for", "owner", "next_step")
    }
    if case.severity not in ("", *SEVERITIES):
        raise AppError(f"{case.severity} is not a severity.", choices=SEVERITIES)
    if case.state == WAITING and not words["waits_for"]:
        raise AppError(
            f"{case.issue_key} waits, but not for anybody.",
            next_step="Say whom or what it waits for.",
        )
    if case.state not in (NEW, TRIAGED, WAITING, ESCALATED):
        raise AppError(f"{case.state} is not a state to triage to.", choices=(TRIAGED, WAITING))
    if case.state == WAITING:
        state = WAITING
    else:
        state, words["waits_for"] = (ESCALATED if stored.level else TRIAGED), ""
    return replace(
        stored,
        state=state,
        due_on=case.due_on,
        severity=case.severity,
        responded_at=stored.responded_at or at,
        **(words | {"summary": words["summary"] or stored.summary}),
    )


def _needed(text: str, what: str, next_step: str, *, limit: int = _TEXT) -> str:
    plain = clean_text(text.strip(), limit=limit)
    if not plain:
        raise AppError(f"This needs {what}.", next_step=next_step)
    return plain


def _about(case: Case) -> tuple[sa.ColumnElement[bool], ...]:
    return _CASES.c.source == case.source, _CASES.c.issue_key == case.issue_key


def _stored(connection: Connection, case: Case) -> Case:
    """The case as it is stored, or new; an error when it is not the version that was read."""
    query = sa.select(_CASES).where(*_about(case))
    row = connection.execute(query).mappings().one_or_none()
    stored = _case(row) if row else Case(source=case.source, issue_key=case.issue_key)
    if stored.version != case.version:
        whose = f", owner {stored.owner}" if stored.owner else ""
        raise AppError(
            f"Somebody else changed {case.issue_key} in the meantime: it is now "
            f"{stored.state_words.lower()}{whose}.",
            next_step="Load the page again and repeat your change.",
        )
    return stored


def _open(connection: Connection, case: Case) -> Case:
    stored = _stored(connection, case)
    if stored.is_closed:
        raise AppError(f"{case.issue_key} is closed.", next_step="Reopen it first.")
    return stored


def _before_closure(connection: Connection, closed: Case) -> Case:
    """The newest open version of a case; a triaged one where the log has none."""
    query = (
        sa.select(_LOG)
        .where(
            _LOG.c.source == closed.source,
            _LOG.c.issue_key == closed.issue_key,
            _LOG.c.state != CLOSED,
        )
        .order_by(_LOG.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().one_or_none()
    found = _case(row) if row else replace(closed, state=TRIAGED, closed_as="", closed_at=None)
    return replace(found, responded_at=found.responded_at or closed.responded_at)


def _keep(connection: Connection, before: Case, after: Case, step: Step) -> None:
    """Store the case, its step and the line of the trail."""
    if before.version:
        connection.execute(sa.update(_CASES).where(*_about(after)).values(**_values(after)))
    else:
        connection.execute(sa.insert(_CASES).values(**_values(after)))
    said = {name: getattr(step, name) for name in ("at", "by", "what", "note")}
    connection.execute(sa.insert(_LOG).values(**_values(after), **said))
    write_audit(
        connection, step.by, step.at, step.what, thing(after), before if before.version else None,
        step,
    )  # fmt: skip


def _values(case: Case) -> dict[str, Any]:
    return {field.name: getattr(case, field.name) for field in fields(Case)}


def _case(row: RowMapping) -> Case:
    return Case(**{field.name: row[field.name] for field in fields(Case)})


def _step(row: RowMapping) -> Step:
    return Step(at=row["at"], by=row["by"], what=row["what"], note=row["note"], case=_case(row))
