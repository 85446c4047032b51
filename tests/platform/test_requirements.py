"""What is installed: imports are pinned, locks hold the pins, every system has wheels."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest

from tests import only_full

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "metrics", "data_access", "analysis", "charts", "reports", "ui", "commands", "sample_data",
)  # fmt: skip
FILES = ("app.py", "cli.py", "serve.py")
OURS = {*FOLDERS, "tests", *(file.removesuffix(".py") for file in FILES)}
LOCKS = {"requirements.txt": "requirements.lock", "requirements-dev.txt": "requirements-dev.lock"}
# Pinned for what it brings, not for an import.
WITHOUT_IMPORT = {"tzdata"}
PLATFORMS = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-pc-windows-msvc",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def canonicalize_name(package: str) -> str:
    """The one spelling of a package's name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package).lower()


def pins(name: str) -> dict[str, str]:
    """Package → version of a requirements file or lock, without what it includes."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    wanted = [line.split(";")[0].split("\\")[0] for line in lines if re.match(r"[A-Za-z]", line)]
    parts = [line.strip().split("==") for line in wanted]
    assert all(len(part) == 2 for part in parts), f"{name} pins exactly"
    return {canonicalize_name(package): number for package, number in parts}


def imports(*folders: str) -> set[str]:
    """The distributions that the code under these folders and files imports."""
    files = [
        p for f in folders for p in ([ROOT / f] if f.endswith(".py") else (ROOT / f).rglob("*.py"))
    ]
    names = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    names -= {*sys.stdlib_module_names, *OURS}
    found = packages_distributions()
    return {canonicalize_name(found[name][0]) for name in names if name in found}


def test_what_the_app_imports_is_pinned_and_nothing_else() -> None:
    assert imports(*FOLDERS, "pages", *FILES) == set(pins("requirements.txt")) - WITHOUT_IMPORT


def test_what_the_tests_import_is_pinned() -> None:
    assert imports("tests") <= {*pins("requirements.txt"), *pins("requirements-dev.txt")}


@pytest.mark.parametrize(("asked", "lock"), LOCKS.items())
def test_the_lock_holds_every_pin_with_hashes(asked: str, lock: str) -> None:
    locked = pins(lock)
    wanted = {**pins("requirements.txt"), **pins(asked)}
    assert {name: locked.get(name) for name in wanted} == wanted
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z])", text.strip())
    assert [e.split("==")[0] for e in entries if "--hash=sha256:" not in e] == []


def test_the_locks_agree() -> None:
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert run.items() <= dev.items()


@pytest.mark.parametrize("name", [*LOCKS, *LOCKS.values()])
def test_no_index_and_no_folder_of_a_machine_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links|(^|\s)/\w|\w:\\", text)


def test_the_environment_has_the_pinned_versions() -> None:
    wanted = {**pins("requirements.txt"), **pins("requirements-dev.txt")}
    assert {name: version(name) for name in wanted} == wanted


@only_full
@pytest.mark.slow
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_system_and_python_has_wheels_of_all(
    platform: str, python: str, tmp_path: Path
) -> None:
    """Needs the package index; nothing is installed."""
    for lock in LOCKS.values():
        done = subprocess.run(
            [sys.executable, "-m", "uv", "pip", "install", "--dry-run", "--target", tmp_path,
             "--python-platform", platform, "--python-version", python, "--only-binary", ":all:",
             "--require-hashes", "-r", ROOT / lock],
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


@only_full
@pytest.mark.slow
@pytest.mark.parametrize(("asked", "lock"), LOCKS.items())
def test_the_lock_is_what_uv_makes_of_the_pins(asked: str, lock: str, tmp_path: Path) -> None:
    """Needs the package index."""
    made = tmp_path / lock
    made.write_bytes((ROOT / lock).read_bytes())
    subprocess.run(
        [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version",
         "3.11", "--generate-hashes", "--no-header", "--no-annotate", ROOT / asked, "-o", made],
        check=True, capture_output=True,
    )  # fmt: skip
    assert made.read_text() == (ROOT / lock).read_text()
