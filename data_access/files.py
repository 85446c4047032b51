"""Files that are there whole or not at all, whatever moment the process dies."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_TRIES = 20  # Windows refuses to touch a file that another process holds for a moment
_FORGOTTEN_SECONDS = 3600


def sync(path: Path) -> None:
    """Ask the system to put a file, or the names in a folder, on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no handle of a folder to sync
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """The SHA-256 of what a file holds."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace_synced(beside: Path, path: Path) -> None:
    """Give a finished file its name in one step, on the disk when this returns."""
    sync(beside)
    _again_while_held(lambda: beside.replace(path))
    with suppress(OSError):
        sync(path.parent)


def remove(path: Path) -> None:
    """Take a file away; it is gone from the disk when this returns."""
    _again_while_held(path.unlink)
    with suppress(OSError):
        sync(path.parent)


def _again_while_held(do: Callable[[], object]) -> None:
    for attempt in range(_TRIES):
        try:
            do()
            return
        except PermissionError:
            if attempt == _TRIES - 1:
                raise
            time.sleep(0.05)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a small file so that readers see the old or the new one, never a part."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}.part")
    data = content.encode() if isinstance(content, str) else content
    try:
        beside.write_bytes(data)
        replace_synced(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def sweep_parts(folder: Path) -> None:
    """Take away the halves of small files whose writer died an hour ago or longer."""
    for path in folder.glob(".*.part"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _FORGOTTEN_SECONDS:
                path.unlink()
