"""Tables that fell behind the accepted files are built by whoever notices, by one at a time.

A publish can fail, or its process die, after the manifest was written: the upload is in force and
in no number. What is known about a workspace is kept per process.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from data_access.lock import BusyError
from data_access.warehouse import catch_up, current, is_behind
from data_access.workspace import Workspace
from metrics.errors import AppError, WarehouseError

_PAUSE_SECONDS = 60.0  # after a failure, until somebody tries again
_Marks = tuple[str, int, int]


@dataclass
class _Watch:
    """What is known of one workspace.

    Attributes:
        settled: its marks when nothing was behind.
        trouble: why it is behind.
        tried_at: when building failed last.
        turn: held by the thread that builds.
    """

    settled: _Marks | None = None
    trouble: AppError | None = None
    tried_at: float = -_PAUSE_SECONDS
    turn: threading.Lock = field(default_factory=threading.Lock)


_WATCHES: dict[Path, _Watch] = {}


def trouble(workspace: Workspace) -> AppError | None:
    """Why accepted files are in no number yet; None when all are, or are being built."""
    watch = _watch(workspace)
    try:
        if not _falls_behind(workspace, watch):
            watch.trouble = None
    except AppError as error:
        watch.trouble = _told(error)
    return watch.trouble


def keep_up(workspace: Workspace) -> None:
    """Build what is behind, aside; not while somebody writes, nor right after it failed."""
    watch = _watch(workspace)
    if time.monotonic() - watch.tried_at < _PAUSE_SECONDS:
        return
    try:
        if not _falls_behind(workspace, watch):
            return
    except AppError as error:
        watch.trouble = _told(error)
        return
    if watch.turn.acquire(blocking=False):
        threading.Thread(target=_build, args=(workspace, watch), daemon=True).start()


def catch_up_or_tell(workspace: Workspace, *, patience: float) -> AppError | None:
    """Build what is behind, now; the trouble when that cannot be done.

    Args:
        workspace: whose tables.
        patience: seconds to wait for somebody who is writing; he publishes, so he is no trouble.
    """
    watch = _watch(workspace)
    try:
        catch_up(workspace, patience=patience)
        watch.trouble = None
    except BusyError as busy:
        return busy
    except AppError as error:
        watch.trouble, watch.tried_at = _told(error), time.monotonic()
    return watch.trouble


def _build(workspace: Workspace, watch: _Watch) -> None:
    try:
        catch_up_or_tell(workspace, patience=0)
    finally:
        watch.turn.release()


def _falls_behind(workspace: Workspace, watch: _Watch) -> bool:
    """Whether it is behind, asked only when files came or went since it was not."""
    marks = _marks(workspace)
    if marks == watch.settled:
        return False
    is_it = is_behind(workspace)
    watch.settled = None if is_it else marks
    return is_it


def _marks(workspace: Workspace) -> _Marks:
    """They change whenever a manifest, a withdrawal, the settings or a snapshot come or go."""
    settings = workspace.root / "settings.json"
    return (current(workspace), _changed_at(workspace.uploads), _changed_at(settings))


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _watch(workspace: Workspace) -> _Watch:
    return _WATCHES.setdefault(workspace.root, _Watch())


def _told(error: AppError) -> WarehouseError:
    return WarehouseError(
        f"Accepted files are not in the numbers yet: {error.what}",
        where=error.where,
        choices=error.choices,
        next_step=error.next_step,
    )
