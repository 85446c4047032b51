"""The command line as a process of its own: before the first start, and through a pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commands.output import Exit
from data_access import warehouse
from data_access.workspace import Settings, Workspace
from tests.uploading import upload

ROOT = Path(__file__).parents[2]


def run(home: Path, *arguments: object, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "cli.py", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PLUMBLINE_HOME": str(home), **env},
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One visit by a team whose name no western codepage has, and a report of it to lay out."""
    own = Workspace(tmp_path / "home" / "own")
    own.save_settings(Settings(fixed_clock="2026-11-16T08:00:00"))
    visit = {
        "item_id": "A1",
        "stage": "Review",
        "team": "Łódź",
        "entered_at": "2026-11-10 08:00",
        "finished_at": "2026-11-10 10:00",
    }
    upload(own, "work_log", [visit])
    warehouse.publish(own)
    return tmp_path / "home"


@pytest.mark.parametrize(
    "command", [("value", "arrivals"), ("rows", "arrivals"), ("report", "weekly"), ("rebuild",)]
)
def test_before_the_first_start_a_command_says_what_to_run_and_answers_from_nothing(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    done = run(tmp_path / "home", *command)
    assert done.returncode == Exit.FAILED
    assert b"Run python start.py once" in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_a_name_outside_the_codepage_of_a_pipe_is_printed(home: Path) -> None:
    for more in ((), ("--json",)):
        done = run(home, "value", "arrivals", "--by", "team", *more, PYTHONIOENCODING="cp1252")
        assert done.returncode == Exit.DONE, done.stderr
        assert "Łódź" in done.stdout.decode("utf-8")
    wrong = run(home, "value", "Łódź", PYTHONIOENCODING="cp1252")
    assert "Łódź" in wrong.stderr.decode("utf-8")


def test_numbers_without_an_accepted_file_say_so_beside_the_answer(home: Path) -> None:
    upload(Workspace(home / "own"), "work_log", [], source="other")
    done = run(home, "value", "arrivals", "--json")
    assert json.loads(done.stdout)["values"][0]["value"] == 1
    assert b"accepted files are not in the numbers yet" in done.stderr


def test_a_report_laid_out_again_and_the_sample_extracts_are_told_as_json(
    home: Path, tmp_path: Path
) -> None:
    made = json.loads(run(home, "report", "weekly", "--out", tmp_path, "--json").stdout)
    out = tmp_path / "again"
    again = json.loads(
        run(home, "report", "reissue", made["report"], "--out", out, "--json").stdout
    )
    assert again["report"] == made["report"] and again["is_same"] is True
    assert [Path(name).suffix for name in again["files"]] == [".docx", ".xlsx"]
    assert all(Path(name).exists() for name in again["files"])
    files = json.loads(run(home, "sample", tmp_path / "extracts", "--json").stdout)["files"]
    assert files == sorted(str(path) for path in (tmp_path / "extracts").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux and macOS: it needs a terminal")
def test_a_report_that_takes_its_time_says_so_on_a_terminal_alone(home: Path) -> None:
    import pty

    screen, terminal = pty.openpty()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import time; from commands.output import told_when_slow\n"
            "with told_when_slow('Writing ...', after=0.2): time.sleep(0.6)\n"
            "with told_when_slow('Too short ...', after=9): pass\n",
        ],
        cwd=ROOT,
        stderr=terminal,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert os.read(screen, 1000) == b"Writing ...\r\n"
    quiet = run(home, "report", "weekly", "--out", home)
    assert quiet.stderr == b""
