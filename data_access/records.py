"""What people write in the app: commentary, decisions, risks, opportunities, actions; audited.

Transactional data, so not in the warehouse: SQLite by default, any SQLAlchemy URL by setting.
SQLite runs with its rollback journal (no WAL): the records stay one file that can be copied, on
any disk; writes are rare and short, and a second process waits for its turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, RowMapping
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError

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
from data_access.text import clean_text
from metrics.errors import AppError, WarehouseError
from metrics.periods import Period

_WAIT_SECONDS = 15


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
_META = sa.MetaData()
_COMMENTARY = sa.Table(
    "commentary",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.String(200), nullable=False) for name in ("period", "scope", "metric")),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("written_at", sa.DateTime, nullable=False),
    sa.Index("commentary_about", "period", "scope", "metric"),
)
_AUDIT = sa.Table(
    "audit",
    _META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    *(sa.Column(n, sa.Text, nullable=False) for n in ("by", "what", "thing", "before", "after")),
)
_REMEMBERED = sa.Table(
    "remembered",
    _META,
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
        _META,
        sa.Column("number", sa.Integer, primary_key=True),
        *columns,
        sa.Column("is_removed", sa.Boolean, nullable=False, default=False),
        sqlite_autoincrement=True,  # a number is never given twice
    )


_TABLES = {kind: _entry_table(name, kind) for name, kind in KINDS.items()}
_APPEND_ONLY = {  # the database itself refuses to change the trail
    "sqlite": "create trigger if not exists audit_no_{0} before {0} on audit "
    "begin select raise(abort, 'The audit trail is append-only.'); end",
    "postgresql": "create rule audit_no_{0} as on {0} to audit do instead nothing",
}
for _verb in ("update", "delete"):
    for _dialect, _ddl in _APPEND_ONLY.items():
        _rule = sa.DDL(_ddl.format(_verb))  # type: ignore[no-untyped-call]
        sa.event.listen(_META, "after_create", _rule.execute_if(dialect=_dialect))


class Records:
    """The door to what people write. Every change is one transaction with its line of audit."""

    def __init__(self, where: HasRecords | str) -> None:
        """Open the records of a workspace, or of a SQLAlchemy URL; made with its folder."""
        self.url = where if isinstance(where, str) else where.records_url
        self._engine = _engine(self.url)
        with self._reading() as connection:
            is_new = not sa.inspect(connection).has_table(_REMEMBERED.name)
        if is_new:  # two processes may both come here; the second finds all tables made
            with self._writing() as connection:
                _META.create_all(connection)

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    # --- commentary

    def write_commentary(
        self, period: str, text: str, *, by: str, at: datetime, scope: str = "", metric: str = ""
    ) -> Commentary:
        """Keep a new version of the commentary; the audit trail has the earlier ones.

        What somebody else began stays theirs: "A. Novak, edited by M. Chen".
        """
        who = _person(by)
        with self._writing() as connection:
            before = _newest(connection, _about(period, scope, metric))
            text = clean_text(text.strip())
            if before is not None and before.text == text:
                return before
            author = _authors(before, who)
            new = Commentary(period, scope, metric, text, author, at)
            connection.execute(sa.insert(_COMMENTARY).values(**_values(new)))
            thing = " ".join(part for part in ("commentary", period, scope, metric) if part)
            _audit(connection, who, at, "write", thing, before, new)
        return new

    def commentary(self, period: str, *, scope: str = "", metric: str = "") -> Commentary | None:
        """The newest commentary on exactly this; None when there is none or it was taken back."""
        with self._reading() as connection:
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
        with self._reading() as connection:
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
        with self._reading() as connection:
            return tuple(_entry(kind, row) for row in connection.execute(query).mappings())

    def add(self, entry: E, *, period: Period, by: str, at: datetime) -> E:
        """Store a new entry, first reported in `period`; what comes back has its number."""
        kind, new = type(entry), checked(replace(entry, raised_on=period.since, version=1))
        new = replace(new, closed_on=period.since if new.is_closed else None)
        values = _values(new) | {"is_removed": False}
        del values["number"]
        with self._writing() as connection:
            result = connection.execute(sa.insert(_TABLES[kind]).values(**values))
            key = result.inserted_primary_key
            new = replace(new, number=int(key[0]) if key else 0)
            _audit(connection, _person(by), at, "add", new.code, None, new)
        return new

    def change(self, entry: E, *, period: Period, by: str, at: datetime) -> E:
        """Store a changed entry; closing it places the end in `period`.

        Raises:
            AppError: it is gone, or somebody else changed it since it was read.
        """
        table = _TABLES[type(entry)]
        with self._writing() as connection:
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
            _audit(connection, _person(by), at, "change", new.code, before, new)
        return new

    def remove(self, entry: Entry, *, by: str, at: datetime) -> None:
        """Take an entry out of all lists; the audit trail keeps it.

        Raises:
            AppError: it is gone, or somebody else changed it since it was read.
        """
        table = _TABLES[type(entry)]
        with self._writing() as connection:
            before = self._stored(connection, entry)
            connection.execute(
                sa.update(table).where(table.c.number == entry.number).values(is_removed=True)
            )
            _audit(connection, _person(by), at, "remove", entry.code, before, None)

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
        with self._reading() as connection:
            return str(connection.execute(query).scalar_one_or_none() or "")

    def remember_person(self, name: str) -> None:
        """Keep the name for signing what is written from now on."""
        with self._writing() as connection:
            connection.execute(sa.delete(_REMEMBERED).where(_REMEMBERED.c.name == "person"))
            connection.execute(sa.insert(_REMEMBERED).values(name="person", value=_person(name)))

    def audit(self, *, limit: int | None = None) -> tuple[Audited, ...]:
        """The changes, newest first."""
        query = sa.select(_AUDIT).order_by(_AUDIT.c.id.desc()).limit(limit)
        with self._reading() as connection:
            return tuple(
                Audited(**{f.name: row[f.name] for f in fields(Audited)})
                for row in connection.execute(query).mappings()
            )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _told(), self._engine.execution_options(writes=True).begin() as connection:
            yield connection


def _engine(url: str) -> Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return sa.create_engine(url, pool_pre_ping=True)
        if parsed.database and parsed.database != ":memory:":
            with suppress(OSError):  # the database says why it cannot be opened
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(url, connect_args={"timeout": _WAIT_SECONDS})
    except (SQLAlchemyError, ImportError) as error:
        raise WarehouseError(
            "The address of the records database cannot be used.",
            next_step="Check PLUMBLINE_RECORDS_URL and that its database driver is installed.",
        ) from error

    @sa.event.listens_for(engine, "connect")
    def _own_the_transactions(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # else the driver begins and commits by itself

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("begin immediate" if writes else "begin")

    return engine


@contextmanager
def _told() -> Iterator[None]:
    """Turn the database library's errors into ours, in this one place."""
    try:
        yield
    except SQLAlchemyError as error:
        raise WarehouseError(
            "The records (commentary, decisions, risks, actions) cannot be read or written.",
            where=str(getattr(error, "orig", None) or error).splitlines()[0],
            next_step="Try again; if it stays, look at the disk, then at the records file.",
        ) from error


def _person(name: str) -> str:
    plain = clean_text(" ".join(name.split()), limit=200)
    if not plain:
        raise AppError("A name is needed to sign this.", next_step="Type your name once.")
    return plain


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


def _audit(
    connection: Connection,
    by: str,
    at: datetime,
    what: str,
    thing: str,
    before: Entry | Commentary | None,
    after: Entry | Commentary | None,
) -> None:
    def text(value: Entry | Commentary | None) -> str:
        return "" if value is None else json.dumps(_values(value), default=str, sort_keys=True)

    connection.execute(
        sa.insert(_AUDIT).values(
            at=at, by=by, what=what, thing=thing, before=text(before), after=text(after)
        )
    )
