"""Pinned snapshots: who holds one reads the same data until he lets go of it."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from data_access import lookups
from data_access.duck import database_errors
from data_access.question import Query
from data_access.warehouse import current, open_snapshot
from data_access.workspace import Settings, Workspace
from metrics.errors import WarehouseError

T = TypeVar("T")
EMPTY = "empty"
_KEPT_RESULTS = 5_000
_TRIES = 5  # a snapshot can be pruned between the reading of CURRENT and the opening


class Snapshot:
    """One opened snapshot and the results already worked out from it.

    Attributes:
        name: its file name; "empty" for a workspace without one.
        days: mart → (first day, last day, rows) that it knows of.
        schema: table → its (column, type) pairs.
    """

    def __init__(self, workspace: Workspace, name: str) -> None:
        """Open it; it is closed when nobody holds it any more."""
        self.name = name or EMPTY
        con = open_snapshot(workspace, name)
        self._con = con
        weakref.finalize(self, con.close)
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, object] = OrderedDict()
        self.days: dict[str, tuple[date | None, date | None, int]] = {
            mart: (first, last, rows) for mart, first, last, rows in self.fetch(lookups.DAYS)
        }
        self.schema = self._schema()

    def as_built(self, settings: Settings) -> Settings:
        """The settings with the zone and the names that the marts were built with.

        They differ from those saved last while the tables are built anew, or could not be.
        """
        if self.name == EMPTY or "made_with" not in self.schema:
            return settings
        (hide_names, zone) = self.fetch(lookups.MADE_WITH)[0]
        return replace(settings, hide_names=hide_names, reporting_zone=zone)

    def fetch(self, query: Query) -> list[tuple[Any, ...]]:
        """The rows that answer a query."""
        with database_errors(self.name), self._con.cursor() as cursor:
            return cursor.execute(query.text, dict(query.bound)).fetchall()

    def table(self, query: Query) -> pa.Table:
        """The rows that answer a query, as Arrow."""
        with database_errors(self.name), self._con.cursor() as cursor:
            relation = cursor.sql(query.text, params=dict(query.bound))
            return relation.to_arrow_table() if relation is not None else pa.table({})

    def remembered(self, key: Hashable, work_out: Callable[[], T]) -> T:
        """The result under a key; worked out once, the least used forgotten first."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]  # type: ignore[return-value]
        return self.remember(key, work_out())

    def recall(self, key: Hashable) -> object | None:
        """The result under a key, or None."""
        with self._lock:
            found = self._results.get(key)
            if found is not None:
                self._results.move_to_end(key)
            return found

    def remember(self, key: Hashable, result: T) -> T:
        """Keep a result under a key; the result."""
        with self._lock:
            self._results[key] = result
            while len(self._results) > _KEPT_RESULTS:
                self._results.popitem(last=False)
        return result

    def _schema(self) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in self.fetch(lookups.COLUMNS):
            found.setdefault(table, []).append((column, kind))
        return {table: tuple(columns) for table, columns in found.items()}


_LOCK = threading.Lock()
_NEWEST: OrderedDict[Path, Snapshot] = OrderedDict()
_KEPT_OPEN = 4  # workspaces whose newest snapshot stays open while nobody holds it
_EMPTY_ONE: list[Snapshot] = []


def pin(workspace: Workspace) -> Snapshot:
    """The snapshot in force, opened; an empty one when nothing was published yet.

    Raises:
        WarehouseError: the snapshot is missing or damaged.
    """
    name = current(workspace)
    newest = _NEWEST.get(workspace.root)
    if newest is not None and newest.name == name:
        return newest
    with _LOCK:
        if not name:
            _NEWEST.pop(workspace.root, None)
            return _empty(workspace)
        newest = _NEWEST.get(workspace.root)
        if newest is None or newest.name != name:
            newest = _open_current(workspace)
            _NEWEST[workspace.root] = newest
            _NEWEST.move_to_end(workspace.root)
            while len(_NEWEST) > _KEPT_OPEN:
                _NEWEST.popitem(last=False)
        return newest


def _open_current(workspace: Workspace) -> Snapshot:
    for attempt in range(_TRIES):
        name = current(workspace)
        try:
            return Snapshot(workspace, name)
        except WarehouseError:
            if attempt == _TRIES - 1 or name == current(workspace):
                raise
    raise AssertionError("unreachable")


def _empty(workspace: Workspace) -> Snapshot:
    if not _EMPTY_ONE:
        _EMPTY_ONE.append(Snapshot(workspace, ""))
    return _EMPTY_ONE[0]
