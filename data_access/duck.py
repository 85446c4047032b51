"""How databases are opened: explicit limits, read-only for readers, errors in one family."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from metrics.errors import WarehouseError

_OPENING = threading.Lock()  # two threads that open one file would both find it unlocked


def connect(
    path: Path | None, *, temp: Path | None = None, read_only: bool = False, memory: str = "2GB"
) -> duckdb.DuckDBPyConnection:
    """A connection with its limits set; `None` is a database in memory.

    The limits come from PLUMBLINE_MEMORY (default: `memory`) and PLUMBLINE_THREADS (default: the
    machine's, at most 4); what does not fit goes to `temp`. A reader cannot reach files or the
    network.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": os.environ.get("PLUMBLINE_MEMORY", memory),
        "threads": int(os.environ.get("PLUMBLINE_THREADS") or min(4, os.cpu_count() or 1)),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if temp is not None:
        with suppress(OSError):  # the database makes the last folder only, when it needs it
            temp.parent.mkdir(parents=True, exist_ok=True)
        config |= {"temp_directory": str(temp), "max_temp_directory_size": "20GB"}
    with database_errors(path), _OPENING:
        con = duckdb.connect(str(path or ":memory:"), read_only=read_only, config=config)
        if con.execute("select current_setting('lock_configuration')").fetchall()[0][0]:
            return con  # this process has the file open already, with these very settings
        con.execute("set enable_progress_bar = false")  # it is printed, and spoils --json
        con.execute("set python_enable_replacements = false")  # names are tables, never variables
        if read_only:
            con.execute("set enable_external_access = false")
            con.execute("set lock_configuration = true")
        return con


@contextmanager
def database_errors(where: Path | str | None) -> Iterator[None]:
    """Turn the database's errors into ours, once.

    Raises:
        WarehouseError: the database said no.
    """
    try:
        yield
    except duckdb.Error as error:
        raise WarehouseError(
            f"The database could not answer: {str(error).splitlines()[0]}",
            where=str(where or "in memory"),
            next_step="Rebuild the warehouse from the accepted files: python start.py rebuild.",
        ) from error
