"""Every check, for a laptop and for CI alike: `python start.py test [--full] [pytest options]`.

Without --full, long tests do a seeded tenth (tests/__init__.py). A program that is missing is
named, with the checks that are skipped for it; REQUIRE_ALL=1 turns that, any other skip and a
missing REAL_EXTRACTS_DIR into a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.tools import missing  # noqa: E402

PYTHON = (sys.executable, "-m")
STATIC = {
    "format": (*PYTHON, "ruff", "format", "--check", "."),
    "lint": (*PYTHON, "ruff", "check", "."),
    "types": (*PYTHON, "mypy"),
    "sql": (*PYTHON, "sqlfluff", "lint", "--disable-progress-bar", "data_access/sql"),
    "imports": (
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as c; c()",
    ),
}
NO_TESTS = 5


def main(arguments: list[str]) -> int:
    """0 when every check passed, else 1; each failed check has printed why."""
    is_full = "--full" in arguments
    chosen = [argument for argument in arguments if argument != "--full"]
    lacking = unmet()
    failed = [*static_checks(), *tests(chosen, is_full=is_full)]
    print()
    for line in lacking:
        print(line)
    if lacking and os.environ.get("REQUIRE_ALL") == "1":
        failed.append("something that is required here is missing")
    print(f"FAILED: {', '.join(failed)}" if failed else "Every check passed.", flush=True)
    return 1 if failed else 0


def unmet() -> list[str]:
    """What this machine lacks, what is skipped for it, and how to get it."""
    lines = [
        f"Skipped: the tests marked {tool.mark}, because {tool.label} is missing. Install it:\n"
        f"{tool.advice}"
        for tool in missing()
    ]
    extracts = os.environ.get("REAL_EXTRACTS_DIR", "")
    if not extracts or not Path(extracts).is_dir():
        lines.append(
            "Skipped: the tests on real extracts, because REAL_EXTRACTS_DIR names no folder."
        )
    return lines


def static_checks() -> list[str]:
    """The names of the failed ones; they run side by side."""
    with ThreadPoolExecutor(2) as pool:
        return [
            name for name, passed in zip(STATIC, pool.map(check, STATIC), strict=True) if not passed
        ]


def check(name: str) -> bool:
    """Whether it passed; prints one line, and everything it said when it did not."""
    began = time.monotonic()
    done = subprocess.run(
        STATIC[name],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    passed = done.returncode == 0
    verdict = "ok" if passed else "FAILED"
    print(f"{name:8} {verdict} ({time.monotonic() - began:.0f} s)", flush=True)
    if not passed:
        print(done.stdout + done.stderr, flush=True)
    return passed


def tests(chosen: list[str], *, is_full: bool) -> list[str]:
    """The name of the failed run; finding no test is a failure too."""
    workers = () if {"-n", "-n0"} & set(chosen) else ("-n", str(min(4, os.cpu_count() or 2)))
    code = subprocess.call(
        (*PYTHON, "pytest", "--dist", "worksteal", *workers, "--durations=15", *chosen),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PLUMBLINE_FULL": "1" if is_full else "0"},
    )
    if code == NO_TESTS:
        return ["tests (none was found)"]
    return ["tests"] if code else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
