"""Where the checked rows of a dry run wait until it is accepted or discarded."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from data_access.ingest.check import Checked
from data_access.ingest.leftovers import staging_name, sweep_staging
from data_access.ingest.model import DryRun
from data_access.ingest.relation import sql_text
from data_access.workspace import Workspace


def new_folder(workspace: Workspace) -> Path:
    """A new folder for a file sent or its checked rows; forgotten ones are taken away."""
    sweep_staging(workspace)
    folder = workspace.root / "staging" / staging_name()
    folder.mkdir(parents=True)
    return folder


def discard(dry_run: DryRun) -> None:
    """Forget a dry run: take away the checked rows that wait to be accepted."""
    for one in (dry_run, *dry_run.also):
        if one.folder is not None:
            shutil.rmtree(one.folder, ignore_errors=True)


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
