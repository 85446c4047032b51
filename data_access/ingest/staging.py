"""Where the checked rows of a dry run wait until it is accepted or discarded."""

from __future__ import annotations

import shutil
import time
import uuid
from pathlib import Path

import duckdb

from data_access.ingest.check import Checked
from data_access.ingest.model import DryRun
from data_access.ingest.relation import sql_text
from data_access.workspace import Workspace

_STALE_HOURS = 24


def new_folder(workspace: Workspace) -> Path:
    """A new folder for checked rows; those that were forgotten a day ago are taken away."""
    root = workspace.root / "staging"
    root.mkdir(parents=True, exist_ok=True)
    for old in root.iterdir():
        if time.time() - old.stat().st_mtime > _STALE_HOURS * 3600:
            shutil.rmtree(old, ignore_errors=True)
    folder = root / uuid.uuid4().hex
    folder.mkdir()
    return folder


def discard(dry_run: DryRun) -> None:
    """Forget a dry run: take away the checked rows that wait to be accepted."""
    if dry_run.folder is not None:
        shutil.rmtree(dry_run.folder, ignore_errors=True)


def write_rows(con: duckdb.DuckDBPyConnection, checked: Checked, folder: Path) -> None:
    """Write the accepted rows with their lines in the order of the file: `rows.parquet`.

    Beside them, when rows were refused, `seen.parquet`: the keys of these rows as far as they can
    be read, so that what they stand for does not count as gone.
    """
    extract = checked.columns.extract
    names = ", ".join(column.name for column in extract.columns)
    _copy(
        con,
        f"select {names}, {checked.line} as line from {checked.kept} order by rowid",
        folder / "rows.parquet",
    )
    if checked.refused:
        parts = [[part] if isinstance(part, str) else part for part in extract.key]
        key = ", ".join(dict.fromkeys(name for part in parts for name in part))
        _copy(
            con,
            f"select distinct {key} from {checked.table} where problems <> 0",
            folder / "seen.parquet",
        )


def _copy(con: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
    con.execute(
        f"copy ({select}) to {sql_text(path.as_posix())} (format parquet, compression zstd)"
    )
