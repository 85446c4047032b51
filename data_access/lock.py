"""One writer at a time, over threads and processes, on every system."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

from data_access.workspace import Workspace
from metrics.errors import WarehouseError

if os.name == "nt":
    import msvcrt

    def _take(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]

    def _release(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]
else:
    import fcntl

    def _take(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


class BusyError(WarehouseError):
    """Somebody else is writing to the workspace."""


class _Held:
    """The lock of one folder within this process."""

    def __init__(self) -> None:
        self.threads = threading.RLock()
        self.depth = 0
        self.handle: IO[bytes] | None = None


_LOCKS: dict[Path, _Held] = {}
_GUARD = threading.Lock()


def writer_lock(workspace: Workspace, *, timeout: float = 120.0) -> AbstractContextManager[None]:
    """Hold the workspace's one writer's place; see `folder_lock`."""
    return folder_lock(workspace.root, timeout=timeout)


@contextmanager
def folder_lock(folder: Path, *, timeout: float = 120.0) -> Iterator[None]:
    """Hold the one writer's place of a folder; a holder may take it again inside.

    The system frees the place when the holding process dies, however it dies.

    Raises:
        BusyError: somebody else held it for longer than `timeout` seconds.
    """
    root = folder.resolve()
    with _GUARD:
        held = _LOCKS.setdefault(root, _Held())
    until = time.monotonic() + timeout
    if not held.threads.acquire(timeout=timeout):
        raise _busy(root)
    try:
        if held.depth == 0:
            held.handle = _open_taken(root, until)
        held.depth += 1
        try:
            yield
        finally:
            held.depth -= 1
            if held.depth == 0 and held.handle is not None:
                _release(held.handle)
                held.handle.close()
                held.handle = None
    finally:
        held.threads.release()


def _open_taken(root: Path, until: float) -> IO[bytes]:
    root.mkdir(parents=True, exist_ok=True)
    handle = (root / "writer.lock").open("a+b")
    while True:
        try:
            _take(handle)
        except OSError:
            if time.monotonic() >= until:
                handle.close()
                raise _busy(root) from None
            time.sleep(0.05)
        else:
            return handle


def _busy(root: Path) -> BusyError:
    return BusyError(
        "Another upload or rebuild is still writing to this workspace.",
        where=str(root),
        next_step="Wait for it to end, then try again.",
    )
