"""The checks themselves: nothing is skipped in silence, nothing passes by finding no test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import FULL, checks, count, tenth
from tests.tools import CHROMIUM, OFFICE, PDFTOPPM

ROOT = Path(__file__).parents[2]
SAMPLE = """
import pytest
from tests import only_full

def test_that_runs(): pass
def test_that_skips_itself(): pytest.skip("no extracts here")
@pytest.mark.browser
def test_in_a_browser(): pass
@only_full
def test_of_the_full_run(): pass
@pytest.mark.skipif(True, reason="only on Windows")
def test_of_windows(): pass
@pytest.mark.xfail(reason="known")
def test_that_is_known_to_fail(): assert False
"""


def pytest_of(folder: Path, text: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest with our conftest over one file."""
    (folder / "test_it.py").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider",
         "-c", ROOT / "pyproject.toml", "--rootdir", folder, folder / "test_it.py"],
        cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "REQUIRE_ALL": "", "PLUMBLINE_FULL": "0"} | env,
    )  # fmt: skip


def test_a_skip_is_a_skip_on_a_laptop(tmp_path: Path) -> None:
    done = pytest_of(tmp_path, SAMPLE, PLUMBLINE_CHROMIUM="/nowhere/chromium")
    assert done.returncode == 0, done.stdout
    assert "Chromium is missing" in done.stdout
    assert re.search(r"1 passed, 4 skipped, 1 xfailed", done.stdout)


def test_a_skip_is_a_failure_where_all_is_required(tmp_path: Path) -> None:
    done = pytest_of(tmp_path, SAMPLE, REQUIRE_ALL="1", PLUMBLINE_CHROMIUM="/nowhere/chromium")
    assert done.returncode == 1
    assert "REQUIRE_ALL=1 allows no skip: no extracts here" in done.stdout
    assert "REQUIRE_ALL=1 allows no skip: Chromium is missing" in done.stdout
    assert re.search(r"1 passed, 2 skipped, 1 xfailed", done.stdout)


def test_a_whole_file_that_skips_itself_is_a_failure_too(tmp_path: Path) -> None:
    text = "import pytest\npytest.importorskip('no_such_module')\ndef test_it(): pass\n"
    assert pytest_of(tmp_path, text, REQUIRE_ALL="1").returncode != 0


def test_finding_no_test_is_a_failure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "test_nothing.py"
    empty.write_text("")
    assert checks.tests([str(empty), "-q", "-n0"], is_full=False) == ["tests (none was found)"]


@pytest.mark.parametrize("tool", [CHROMIUM, OFFICE, PDFTOPPM], ids=lambda tool: tool.label)
def test_what_is_missing_is_named_with_how_to_get_it_on_every_system(tool, monkeypatch) -> None:
    monkeypatch.setenv(tool.setting, "/nowhere")
    said = "\n".join(checks.unmet())
    assert f"{tool.label} is missing" in said
    for system in ("Debian", "macOS", "Windows"):
        assert re.search(rf"{system}.*: \S", said)


def test_missing_extracts_are_named(monkeypatch) -> None:
    monkeypatch.setenv("REAL_EXTRACTS_DIR", "/nowhere")
    assert any("REAL_EXTRACTS_DIR" in line for line in checks.unmet())


def test_a_run_without_full_does_a_tenth_the_same_every_time() -> None:
    if FULL:
        assert (count(20), tenth(range(30))) == (20, list(range(30)))
    else:
        assert (count(20), count(3), count(500)) == (2, 1, 50)
        assert len(tenth(range(30))) == 3
        assert tenth(range(30)) == tenth(range(30))
        assert tenth(["a"]) == ["a"]
    assert tenth([]) == []


def test_every_slow_test_takes_its_counts_from_one_place() -> None:
    for path in (ROOT / "tests").rglob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        if "mark.slow" in text and path != Path(__file__):
            assert re.search(r"from tests import .*\b(count|tenth|only_full|FULL)\b", text), path


def test_ci_requires_all_and_gives_the_real_extracts() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "export REQUIRE_ALL=1" in script
    assert "export REAL_EXTRACTS_DIR" in script and "../shared/data" in script
    assert script.rstrip().endswith("start.py test")
    for tool in (CHROMIUM, OFFICE, PDFTOPPM):
        for package in dict(tool.get)["Debian, Ubuntu"].split("install ")[1].split():
            assert package in script
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"]).returncode == 0
