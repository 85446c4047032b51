"""What writers that died left behind in a workspace, and its sweeping."""

from __future__ import annotations

import os
import platform
import shutil
import time
import uuid
import zlib
from contextlib import suppress
from pathlib import Path

from data_access import manifests
from data_access.files import remove, sweep_parts
from data_access.workspace import Workspace

UNFINISHED = "unfinished"  # marks the folder of an upload whose manifest is not written yet
_FORGOTTEN_HOURS = 24


def sweep(workspace: Workspace) -> None:
    """Take away what dead writers left; the caller holds the writer's lock.

    A folder without a manifest goes only when it is marked as unfinished: when a manifest is lost,
    its rows must not be lost with it. So does a further table of a file whose first one was not
    finished, with its manifest.
    """
    for mark in workspace.uploads.glob(f"*/{UNFINISHED}"):
        if manifests.is_whole(workspace, mark.parent.name):
            mark.unlink()
        else:
            with suppress(FileNotFoundError):
                remove(mark.parent.with_suffix(".json"))
            shutil.rmtree(mark.parent, ignore_errors=True)
    for folder in (workspace.root, workspace.uploads, workspace.warehouse):
        sweep_parts(folder)
    for path in (workspace.warehouse / "temp").glob("reader-*"):
        pid = path.name.removeprefix("reader-")
        if _is_old(path) and not (pid.isdigit() and _runs(int(pid))):
            shutil.rmtree(path, ignore_errors=True)


def sweep_staging(workspace: Workspace) -> None:
    """Take away dry runs and sent files that nobody works on any more.

    Those of a process of this machine that is dead go at once, the others after a day.
    """
    for path in (workspace.root / "staging").glob("*"):
        machine, _, rest = path.name.partition("-")
        pid = rest.partition("-")[0]
        is_dead = machine == _machine() and pid.isdigit() and not _runs(int(pid))
        if is_dead or _is_old(path):
            shutil.rmtree(path, ignore_errors=True)


def staging_name() -> str:
    """A new name that says whose folder it is."""
    return f"{_machine()}-{os.getpid()}-{uuid.uuid4().hex}"


def _machine() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _FORGOTTEN_HOURS * 3600
    except OSError:
        return False  # gone meanwhile


def _runs(pid: int) -> bool:
    """Whether a process of this machine is alive; Windows cannot be asked without harm."""
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass  # it is somebody else's
    return True
