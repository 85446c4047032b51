"""The database of what people write: its engine, its transactions and its trail of changes.

Transactional data, so not in the warehouse: SQLite by default, any SQLAlchemy URL by setting.
SQLite runs with its rollback journal (no WAL): the records stay one file that can be copied, on
any disk; writes are rare and short, and a second process waits for its turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError

from data_access.text import clean_text
from metrics.errors import AppError, WarehouseError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_WAIT_SECONDS = 15
META = sa.MetaData()
AUDIT = sa.Table(
    "audit",
    META,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False),
    *(sa.Column(n, sa.Text, nullable=False) for n in ("by", "what", "thing", "before", "after")),
)
_APPEND_ONLY = {  # the database itself refuses to change the trail
    "sqlite": "create trigger if not exists audit_no_{0} before {0} on audit "
    "begin select raise(abort, 'The audit trail is append-only.'); end",
    "postgresql": "create or replace rule audit_no_{0} as on {0} to audit do instead nothing",
}
for _verb in ("update", "delete"):
    for _dialect, _ddl in _APPEND_ONLY.items():
        _rule = sa.DDL(_ddl.format(_verb))  # type: ignore[no-untyped-call]
        sa.event.listen(META, "after_create", _rule.execute_if(dialect=_dialect))


class Database:
    """One database of records. A change and its line of audit are one transaction."""

    def __init__(self, url: str) -> None:
        """Name the database; it is opened when it is first used.

        Raises:
            WarehouseError: the URL cannot be used.
        """
        self._engine = _engine(url)

    def make(self) -> None:
        """Make the tables that are missing; two processes may both come here."""
        with self.reading() as connection:
            known = set(sa.inspect(connection).get_table_names())
        if known >= set(META.tables):
            return
        with self.writing() as connection:
            META.create_all(connection)

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with."""
        with _told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, kept when the block ends well."""
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
            "The records (commentary, decisions, risks, actions, lots) cannot be read or written.",
            where=str(getattr(error, "orig", None) or error).splitlines()[0],
            next_step="Try again; if it stays, look at the disk, then at the records file.",
        ) from error


def signed(name: str) -> str:
    """A name as it is signed with.

    Raises:
        AppError: there is none.
    """
    plain = clean_text(" ".join(name.split()), limit=200)
    if not plain:
        raise AppError("A name is needed to sign this.", next_step="Type your name once.")
    return plain


def write_audit(
    connection: Connection,
    by: str,
    at: datetime,
    what: str,
    thing: str,
    before: DataclassInstance | None,
    after: DataclassInstance | None,
) -> None:
    """Write a line of the trail: who did what to which thing when, before and after as JSON."""

    def text(value: DataclassInstance | None) -> str:
        return "" if value is None else json.dumps(asdict(value), default=str, sort_keys=True)

    connection.execute(
        sa.insert(AUDIT).values(
            at=at, by=by, what=what, thing=thing, before=text(before), after=text(after)
        )
    )
