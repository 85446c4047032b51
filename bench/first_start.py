"""From a fresh clone to the first answer, and the second start: `python bench/first_start.py`.

Nothing is shared with this checkout: a clone in a new folder, no package cache, no workspace.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def start(project: Path, environment: dict[str, str]) -> dict[str, float]:
    """Seconds until each line of start.py that says how far it is."""
    began = time.perf_counter()
    running = subprocess.Popen(
        [sys.executable, project / "start.py"],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    seen: dict[str, float] = {}
    assert running.stdout is not None
    for line in running.stdout:
        for name, words in (
            ("environment made", "Making the sample data"),
            ("server listens", "Plumbline listens"),
            ("ready", "Plumbline is ready"),
        ):
            if words in line:
                seen[name] = time.perf_counter() - began
        if "ready" in seen:
            running.terminate()
            break
    running.wait(30)
    return seen


def main() -> None:
    """Print both starts in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "plumbline"
        subprocess.run(["git", "clone", "--quiet", ROOT, project], check=True)
        environment = {**os.environ, "PIP_NO_CACHE_DIR": "1", "UV_NO_CACHE": "1"}
        environment.pop("PLUMBLINE_HOME", None)
        for title in ("first start", "second start"):
            steps = start(project, environment)
            print(title, ", ".join(f"{name} {seconds:.1f} s" for name, seconds in steps.items()))
    print(f"load of the machine, average of the last minute: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
