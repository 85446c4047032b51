""".ci/run on machines that lack this or that: what it would install there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("bash", "env", "dirname", "realpath", "grep")
pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only on Linux: it is for a Debian machine"
)


def installed_by(folder: Path, *, python: str, uv: bool = False) -> list[str]:
    """What apt-get is asked for on a machine with these programs and no package."""
    for tool in TOOLS:
        (folder / tool).symlink_to(str(shutil.which(tool)))
    programs = {
        "dpkg-query": "exit 1",
        "apt-get": 'case "$1" in install) echo "$@" ;; esac',
        "sudo": 'exec "$@"',
        "python3": python,
        **({"uv": "exit 0"} if uv else {}),
    }
    for name, does in programs.items():
        (folder / name).write_text(f"#!/bin/bash\n{does}\n")
        (folder / name).chmod(0o755)
    done = subprocess.run(
        [folder / "bash", ROOT / ".ci" / "run"],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_python_that_cannot_make_environments_gets_what_it_lacks(tmp_path: Path) -> None:
    lacks_venv = 'case "$1" in -c) exit 1 ;; esac'
    assert "python3-venv" in installed_by(tmp_path, python=lacks_venv)


def test_a_python_that_can_make_them_is_left_alone(tmp_path: Path) -> None:
    found = installed_by(tmp_path, python="exit 0")
    assert "chromium" in found
    assert "python3-venv" not in found


def test_where_uv_is_there_no_python_package_is_needed(tmp_path: Path) -> None:
    lacks_venv = 'case "$1" in -c) exit 1 ;; esac'
    assert "python3-venv" not in installed_by(tmp_path, python=lacks_venv, uv=True)
