"""The warehouse: snapshots of the accepted files, published in one step.

A snapshot is a DuckDB file that never changes once it has its name. CURRENT names the one in
force. Readers keep the one they opened; a build works beside it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from data_access.build import Makings, build
from data_access.duck import connect, database_errors
from data_access.files import replace_synced, sync, write_atomically
from data_access.lock import writer_lock
from data_access.manifests import uploads
from data_access.workspace import Settings, Workspace
from metrics.errors import AppError, WarehouseError

KEPT = 3
_NAME = re.compile(r"snapshot-(\d{6})-[0-9a-f]{8}\.duckdb")


def current(workspace: Workspace) -> str:
    """The name of the snapshot in force; "" before the first."""
    try:
        return (workspace.warehouse / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise WarehouseError(
            "The name of the snapshot in force cannot be read.",
            where=str(workspace.warehouse / "CURRENT"),
            next_step="Make it readable, or delete it: the next start builds the tables again.",
        ) from error


def publish(workspace: Workspace, extracts: Iterable[str] | None = None) -> str:
    """The name of a new snapshot that holds all uploads in force, published.

    Only tables whose uploads or settings changed are built, and those fed by `extracts`; the
    others are taken over from the snapshot before. None builds every table. Whatever moment the
    process dies, the snapshot before stays in force and whole.

    Raises:
        WarehouseError: another writer holds the workspace, or a table cannot be built.
    """
    with _disk_errors(workspace), writer_lock(workspace):
        return _publish(workspace, None if extracts is None else set(extracts))


def publish_after(workspace: Workspace, done: str, extracts: Iterable[str]) -> str:
    """Publish what follows from something done and kept already; an error says that it is.

    Args:
        workspace: whose tables.
        done: what is kept, like "Accepted as 000001-3fa2b1c9".
        extracts: those to build in any case.

    Raises:
        WarehouseError: another writer holds the workspace, or a table cannot be built.
    """
    with _kept(done):
        return publish(workspace, extracts)


def rebuild(workspace: Workspace) -> str:
    """The name of a new snapshot built from the accepted files alone, published.

    Raises:
        WarehouseError: nothing was ever accepted, or see `publish`.
    """
    if not is_made(workspace):
        raise WarehouseError(
            "There is nothing to build from: no file was ever accepted here.",
            where=str(workspace.root),
            next_step="Run python start.py once for the sample data, or ingest a file.",
        )
    return publish(workspace)


def is_made(workspace: Workspace) -> bool:
    """Whether anything was ever accepted or published in a workspace."""
    return bool(current(workspace) or uploads(workspace))


def is_behind(workspace: Workspace) -> bool:
    """Whether accepted files or settings are not in the snapshot in force yet."""
    name = current(workspace)
    if not name:
        return bool(uploads(workspace))
    makings = Makings(workspace.settings, uploads(workspace))
    return not (workspace.warehouse / name).exists() or _digest_in(name) != makings.digest()[:8]


def catch_up(workspace: Workspace, *, patience: float = 120.0) -> str:
    """The name of a snapshot that holds every accepted file; published if it has to be.

    Raises:
        BusyError: somebody else was writing for longer than `patience` seconds.
        WarehouseError: a table cannot be built.
    """
    if not is_behind(workspace):
        return current(workspace)
    with _disk_errors(workspace), writer_lock(workspace, timeout=patience):
        if not is_behind(workspace):
            return current(workspace)
        return _publish(workspace, set())


def save_settings(workspace: Workspace, settings: Settings) -> str:
    """Keep the settings and publish what follows from them; the name of the snapshot in force.

    Raises:
        WarehouseError: they cannot be kept, or they are and the tables cannot be built yet.
    """
    with _disk_errors(workspace), writer_lock(workspace):
        workspace.save_settings(settings)
        with _kept("The settings are kept"):
            return catch_up(workspace)


def checksums(workspace: Workspace) -> dict[str, str]:
    """Table → checksum of the snapshot in force; the order of rows does not matter."""
    name = current(workspace)
    if not name:
        return {}
    with database_errors(name), open_snapshot(workspace, name) as con:
        query = (
            "select table_name from information_schema.tables "
            "where table_schema = 'main' order by table_name"
        )
        tables = [row[0] for row in con.execute(query).fetchall()]
        return {table: _checksum(con, table) for table in tables}


@contextmanager
def _kept(done: str) -> Iterator[None]:
    """Say in an error of what follows from something kept that it is kept."""
    try:
        yield
    except AppError as error:
        raise WarehouseError(
            f"{done}; the tables could not be built yet: {error.what}",
            where=error.where,
            next_step="They are built at the next start or upload.",
        ) from error


@contextmanager
def _disk_errors(workspace: Workspace) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WarehouseError(
            f"The warehouse could not be written: {error.strerror or error}.",
            where=str(workspace.warehouse),
            next_step="Make room on the disk and try again. What was accepted is kept.",
        ) from error


def _checksum(con: duckdb.DuckDBPyConnection, table: str) -> str:
    described = con.execute(f'describe "{table}"').fetchall()
    shape = ",".join(f"{row[0]} {row[1]}" for row in described)
    query = f'select count(*), sum(hash(t)), bit_xor(hash(t, 1)), hash($shape) from "{table}" as t'
    rows, total, mixed, kind = con.execute(query, {"shape": shape}).fetchall()[0]
    return f"{rows}-{int(total or 0):x}-{int(mixed or 0):x}-{kind:x}"


def _publish(workspace: Workspace, extracts: set[str] | None) -> str:
    folder = workspace.warehouse
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    makings = Makings(workspace.settings, uploads(workspace))
    before = current(workspace)
    name = f"snapshot-{_next_number(folder, before):06d}-{makings.digest()[:8]}.duckdb"
    building = folder / f"{name}.building"
    if extracts is None or not _taken_over(folder / before, building, makings, extracts):
        _build(building, makings, None)
    replace_synced(building, folder / name)
    write_atomically(folder / "CURRENT", f"{name}\n")
    with suppress(OSError):
        sync(folder)
    _prune(folder, name)
    return name


def _taken_over(before: Path, building: Path, makings: Makings, extracts: set[str]) -> bool:
    """Whether a snapshot could be built on the one before; not when that is gone or damaged."""
    if not before.is_file():
        return False
    try:
        shutil.copyfile(before, building)
        _build(building, makings, extracts)
    except WarehouseError:
        building.unlink(missing_ok=True)
        return False
    return True


def _build(building: Path, makings: Makings, extracts: set[str] | None) -> None:
    temp = building.parent / "building-temp"
    with database_errors(building), connect(building, temp=temp, memory="1500MB") as con:
        build(con, makings, extracts)


def _digest_in(name: str) -> str:
    return name.removesuffix(".duckdb").rpartition("-")[2]


def _next_number(folder: Path, before: str) -> int:
    names = [before, *(path.name for path in folder.iterdir())]
    return 1 + max((int(m[1]) for m in map(_NAME.match, names) if m), default=0)


def _sweep(folder: Path) -> None:
    """Take away what a writer that died left behind; the caller holds the lock."""
    for path in folder.glob("*.building*"):
        with suppress(OSError):
            path.unlink()
    shutil.rmtree(folder / "building-temp", ignore_errors=True)


def _prune(folder: Path, current_name: str) -> None:
    """Keep the last few snapshots. A reader on Windows can hold one open: it goes next time."""
    names = sorted(path.name for path in folder.iterdir() if _NAME.fullmatch(path.name))
    for name in names[:-KEPT]:
        if name != current_name:
            with suppress(OSError):
                (folder / name).unlink()


def open_snapshot(workspace: Workspace, name: str) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a snapshot; with "" to an empty one in memory.

    Raises:
        WarehouseError: the file is missing or damaged.
    """
    if not name:
        con = connect(None)
        with database_errors("an empty workspace"):
            build(con, Makings(Settings(), ()), None)
        return con
    path = workspace.warehouse / name
    if not path.exists():
        raise WarehouseError(
            "The snapshot that CURRENT names is missing.",
            where=name,
            next_step="Rebuild it from the accepted files: python start.py rebuild.",
        )
    temp = workspace.warehouse / "temp" / f"reader-{os.getpid()}"
    return connect(path, temp=temp, read_only=True)
