"""What people write in the app: commentary, decisions, risks, opportunities, actions; audited.

Kept in the same database: sampled lots (`Records.lots`), forecasts that were sent out
(`forecasts`), requirements (`requirements`), improvements (`improvements`), the guides of teams
(`guides`) and the issue desk (`desk`).
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from data_access.desk import Desk
from data_access.entries import (
    Action,
    Audited,
    Commentary,
    Decision,
    E,
    Entry,
    Opportunity,
    Risk,
    checked,
)
from data_access.forecast_log import ForecastLog
from data_access.guides import Guides
from data_access.improvements import Improvements
from data_access.lots import Lots
from data_access.recording import AUDIT, META, Database, signed, write_audit
from data_access.requirements import Requirements
from data_access.text import clean_text
from metrics.errors import AppError
from metrics.periods import Period


class HasRecords(Protocol):
    """A workspace: it names the database of its records."""

    @property
    def records_url(self) -> str:
        """The SQLAlchemy URL."""


KINDS: dict[str, type[Entry]] = {
    "decision": Decision,
    "risk": Risk,
    "opportunity": Opportunity,
    "action": Action,
}
_SQL_TYPES: dict[str, Any] = {"str": sa.Text, "int": sa.Integer, "date | None": sa.Date}
_EDITED = ", edited by "
_COMMENTARY = sa.Table(
    "commentary",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.String(200), nullable=False) for name in ("period", "scope", "metric")),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("written_at", sa.DateTime, nullable=False),
    sa.Index("commentary_about", "period", "scope", "metric"),
)
_REMEMBERED = sa.Table(
    "remembered",
    META,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


def _entry_table(name: str, kind: type[Entry]) -> sa.Table:
    columns = [
        sa.Column(field.name, _SQL_TYPES[str(field.type)], nullable="None" in str(field.type))
        for field in fields(kind)
        if field.name != "number"
    ]
    return sa.Table(
        name,
        META,
        sa.Column("number", sa.Integer, primary_key=True),
        *columns,
        sa.Column("is_removed", sa.Boolean, nullable=False, default=False),
        sqlite_autoincrement=True,  # a number is never given twice
    )


_TABLES = {kind: _entry_table(name, kind) for name, kind in KINDS.items()}


class Records:
    """The door to what people write. Every change is one transaction with its line of audit."""

    def __init__(self, where: HasRecords | str) -> None:
        """Open the records of a workspace, or of a SQLAlchemy URL; made with its folder."""
        self.url = where if isinstance(where, str) else where.records_url
        self._database = Database(self.url)
        self._database.make()
        self.lots = Lots(self._database)
        self.forecasts = ForecastLog(self._database)
        self.requirements = Requirements(self._database)
        self.guides = Guides(self._database)
        self.desk = Desk(self._database)
        self.improvements = Improvements(self._database)

    def close(self) -> None:
        """Let go of the database file."""
        self._database.close()

    # --- commentary

    def write_commentary(
        self, period: str, text: str, *, by: str, at: datetime, scope: str = "", metric: str = ""
    ) -> Commentary:
        """Keep a new version of the commentary; the audit trail has the earlier ones.

        What somebody else began stays theirs: "A. Novak, edited by M. Chen".
        """
        who = signed(by)
        with self._database.writing() as connection:
            before = _newest(connection, _about(period, scope, metric))
            text = clean_text(text.strip())
            if before is not None and before.text == text:
                return before
            author = _authors(before, who)
            new = Commentary(period, scope, metric, text, author, at)
            connection.execute(sa.insert(_COMMENTARY).values(**_values(new)))
            thing = " ".join(part for part in ("commentary", period, scope, metric) if part)
            write_audit(connection, who, at, "write", thing, before, new)
        return new

    def commentary(self, period: str, *, scope: str = "", metric: str = "") -> Commentary | None:
        """The newest commentary on exactly this; None when there is none or it was taken back."""
        with self._database.reading() as connection:
            found = _newest(connection, _about(period, scope, metric))
        return found if found is not None and found.text else None

    def commentaries(self, period: str) -> tuple[Commentary, ...]:
        """The newest commentary on everything in the period, the period as a whole first."""
        table = _COMMENTARY.c
        newest = (
            sa.select(sa.func.max(table.id))
            .where(table.period == period)
            .group_by(table.scope, table.metric)
        )
        query = (
            sa.select(_COMMENTARY)
            .where(table.id.in_(newest), table.text != "")
            .order_by(table.scope, table.metric)
        )
        with self._database.reading() as connection:
            return tuple(map(_commentary, connection.execute(query).mappings()))

    # --- decisions, risks, opportunities, actions

    def entries(self, kind: type[E], *, period: Period | None = None) -> tuple[E, ...]:
        """The entries of a kind by number; with a period those that belong in its report.

        That is: raised for this period or an earlier one, and not closed in an earlier one. So
        an open action of an earlier week is carried until somebody closes it.
        """
        table = _TABLES[kind]
        query = sa.select(table).where(sa.not_(table.c.is_removed)).order_by(table.c.number)
        if period is not None:
            still_open = sa.or_(table.c.closed_on.is_(None), table.c.closed_on >= period.since)
            query = query.where(table.c.raised_on < period.until, still_open)
        with self._database.reading() as connection:
            return tuple(_entry(kind, row) for row in connection.execute(query).mappings())

    def add(self, entry: E, *, period: Period, by: str, at: datetime) -> E:
        """Store a new entry, first reported in `period`; what comes back has its number."""
        kind, new = type(entry), checked(replace(entry, raised_on=period.since, version=1))
        new = replace(new, closed_on=period.since if new.is_closed else None)
        values = _values(new) | {"is_removed": False}
        del values["number"]
        with self._database.writing() as connection:
            result = connection.execute(sa.insert(_TABLES[kind]).values(**values))
            key = result.inserted_primary_key
            new = replace(new, number=int(key[0]) if key else 0)
            write_audit(connection, signed(by), at, "add", new.code, None, new)
        return new

    def change(self, entry: E, *, period: Period, by: str, at: datetime) -> E:
        """Store a changed entry; closing it places the end in `period`.

        Raises:
            AppError: it is gone, or somebody else changed it since it was read.
        """
        table = _TABLES[type(entry)]
        with self._database.writing() as connection:
            before = self._stored(connection, entry)
            closed_on = (before.closed_on or period.since) if entry.is_closed else None
            new = checked(
                replace(
                    entry,
                    raised_on=before.raised_on,
                    closed_on=closed_on,
                    version=before.version,
                )
            )
            if new == before:
                return before
            new = replace(new, version=before.version + 1)
            connection.execute(
                sa.update(table).where(table.c.number == entry.number).values(**_values(new))
            )
            write_audit(connection, signed(by), at, "change", new.code, before, new)
        return new

    def remove(self, entry: Entry, *, by: str, at: datetime) -> None:
        """Take an entry out of all lists; the audit trail keeps it.

        Raises:
            AppError: it is gone, or somebody else changed it since it was read.
        """
        table = _TABLES[type(entry)]
        with self._database.writing() as connection:
            before = self._stored(connection, entry)
            connection.execute(
                sa.update(table).where(table.c.number == entry.number).values(is_removed=True)
            )
            write_audit(connection, signed(by), at, "remove", entry.code, before, None)

    def _stored(self, connection: Connection, entry: E) -> E:
        table = _TABLES[type(entry)]
        query = sa.select(table).where(table.c.number == entry.number, sa.not_(table.c.is_removed))
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise AppError(f"{entry.code} is no longer there.", next_step="Load the list again.")
        if row["version"] != entry.version:
            raise AppError(
                f"Somebody else changed {entry.code} in the meantime.",
                next_step="Load the list again and repeat your change.",
            )
        return _entry(type(entry), row)

    # --- the name typed once, and the trail

    def person(self) -> str:
        """The name that was typed last for signing; "" when none was."""
        query = sa.select(_REMEMBERED.c.value).where(_REMEMBERED.c.name == "person")
        with self._database.reading() as connection:
            return str(connection.execute(query).scalar_one_or_none() or "")

    def remember_person(self, name: str) -> None:
        """Keep the name for signing what is written from now on."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(_REMEMBERED).where(_REMEMBERED.c.name == "person"))
            connection.execute(sa.insert(_REMEMBERED).values(name="person", value=signed(name)))

    def audit(self, *, limit: int | None = None, about: str = "") -> tuple[Audited, ...]:
        """The changes, newest first; of one thing, and of its parts, where it is named."""
        query = sa.select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
        if about:
            thing = AUDIT.c.thing
            query = query.where(sa.or_(thing == about, thing.startswith(f"{about} ")))
        with self._database.reading() as connection:
            return tuple(
                Audited(**{f.name: row[f.name] for f in fields(Audited)})
                for row in connection.execute(query).mappings()
            )


def _about(period: str, scope: str, metric: str) -> sa.ColumnElement[bool]:
    table = _COMMENTARY.c
    return sa.and_(table.period == period, table.scope == scope, table.metric == metric)


def _authors(before: Commentary | None, who: str) -> str:
    """Who stands under a commentary: the one who began it, and the one who changed it last."""
    if before is None or not before.text:
        return who
    first = before.author.partition(_EDITED)[0]
    return before.author if first == who else f"{first}{_EDITED}{who}"


def _newest(connection: Connection, about: sa.ColumnElement[bool]) -> Commentary | None:
    query = sa.select(_COMMENTARY).where(about).order_by(_COMMENTARY.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _commentary(row)


def _commentary(row: RowMapping) -> Commentary:
    return Commentary(**{field.name: row[field.name] for field in fields(Commentary)})


def _entry(kind: type[E], row: RowMapping) -> E:
    return kind(**{field.name: row[field.name] for field in fields(kind)})


def _values(thing: Entry | Commentary) -> dict[str, Any]:
    return {field.name: getattr(thing, field.name) for field in fields(thing)}
