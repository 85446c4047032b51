"""start.py in a small project of its own: a real environment, a real server, no network."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = "import json, sys; print(json.dumps(sys.argv[1:])); sys.exit(5)\n"
SERVER = """
import http.server, os
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/api/ready" else 404)
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["PLUMBLINE_PORT"])), Answer).serve_forever()
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """start.py beside a command line and a server of three lines, with nothing to install."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "start.py", folder)
    (folder / "requirements.lock").write_text("# nothing\n")
    (folder / "requirements-dev.lock").write_text("# nothing\n")
    (folder / "cli.py").write_text(COMMAND)
    (folder / "serve.py").write_text(SERVER)
    (folder / "tests").mkdir()
    (folder / "tests" / "checks.py").write_text(COMMAND)
    start(folder, "warm up")
    return folder


def start(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run start.py as a person does, with no keyboard attached and no uv on the path."""
    return subprocess.run(
        [sys.executable, project / "start.py", *arguments],
        cwd=project.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=120,
    )


def environment(**more: str) -> dict[str, str]:
    """This one without uv, a screen or a port."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    folders = kept["PATH"].split(os.pathsep)
    kept["PATH"] = os.pathsep.join(f for f in folders if not shutil.which("uv", path=f))
    kept.pop("PLUMBLINE_PORT", None)
    return {**kept, "CI": "true", **more}


@pytest.fixture(scope="module")
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def test_it_needs_nothing_but_python() -> None:
    tree = ast.parse((ROOT / "start.py").read_text(encoding="utf-8"))
    imports = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
        )
    }
    assert imports <= set(sys.stdlib_module_names)
    for posix_only in ("fcntl", "pwd", "resource", "termios"):
        assert posix_only not in imports


def test_a_command_gets_its_arguments_and_gives_its_exit_code(project: Path) -> None:
    done = start(project, "value", "arrivals", "--where", "team=A B", "--json")
    assert done.stdout == '["value", "arrivals", "--where", "team=A B", "--json"]\n'
    assert done.returncode == 5
    assert done.stderr == ""


def test_test_runs_the_checks_with_their_options(project: Path) -> None:
    assert start(project, "test", "--full").stdout == '["--full"]\n'


def test_the_environment_is_made_again_only_when_the_pins_changed(project: Path) -> None:
    assert "Installing" not in start(project, "uploads").stderr
    with (project / "requirements.lock").open("a") as lock:
        lock.write("# a new pin\n")
    changed = start(project, "uploads")
    assert "Installing" in changed.stderr
    assert changed.stdout == '["uploads"]\n', "its words must not mix with the command's"
    assert "Installing" not in start(project, "uploads").stderr


def test_a_pin_that_cannot_be_installed_ends_with_a_sentence(project: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(project, broken, symlinks=True)
    (broken / "requirements.lock").write_text("no-such-file.whl --hash=sha256:00\n")
    done = start(broken, "uploads")
    assert done.returncode == 1
    assert "The environment could not be made" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_environment_without_its_configuration_is_made_again(
    project: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(project, broken, symlinks=True)
    (broken / ".venv" / "pyvenv.cfg").unlink()
    done = start(broken, "uploads")
    assert "Installing" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == '["uploads"]\n'
    assert (broken / ".venv" / "pyvenv.cfg").exists()


def test_a_place_where_nothing_can_be_made_ends_with_a_sentence(
    project: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(project, broken, symlinks=True)
    (broken / "requirements.lock").unlink()
    done = start(broken, "uploads")
    assert done.returncode == 1
    assert "The environment could not be made" in done.stderr
    assert "requirements.lock" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["abc", "-1", "70000", "²"])
@pytest.mark.parametrize("script", ["start.py", "serve.py"])
def test_a_port_that_is_none_is_told_in_a_sentence(project: Path, script: str, port: str) -> None:
    folder = project if script == "start.py" else ROOT
    done = subprocess.run(
        [sys.executable, folder / script],
        env=environment(PLUMBLINE_PORT=port, PYTHONIOENCODING="utf-8"),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr.endswith(f"PLUMBLINE_PORT={port} is not a port; write a number like 8501.\n")
    assert "Traceback" not in done.stderr


@pytest.fixture
def taken() -> Iterator[int]:
    """Port 8501, or the one after it, in somebody else's hands."""
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", 8501))
        except OSError:  # taken in earnest, which is as good
            yield 8501
            return
        other.listen()
        yield 8501


@pytest.mark.skipif(os.name == "nt", reason="only on Linux and macOS: Windows has no SIGTERM")
def test_it_takes_the_next_free_port_says_where_it_is_and_stops_its_server(
    project: Path, taken: int
) -> None:
    log = project / "out.log"
    with log.open("w") as out:
        running = subprocess.Popen(
            [sys.executable, project / "start.py"],
            stdin=subprocess.DEVNULL,
            stderr=out,
            env=environment(),
        )
    until = time.monotonic() + 30
    while "Plumbline is ready" not in log.read_text():
        assert time.monotonic() < until, log.read_text()
        assert running.poll() is None, log.read_text()
        time.sleep(0.05)
    url = log.read_text().split("Plumbline is ready: ")[1].split()[0]
    assert url.startswith("http://localhost:")
    port = int(url.rsplit(":", 1)[1])
    assert port != taken
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the server is still there"


def test_a_server_that_ends_at_once_ends_it_too(project: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(project, broken, symlinks=True)
    (broken / "serve.py").write_text("import sys; sys.exit(3)\n")
    done = start(broken)
    assert done.returncode == 3
    assert "ready" not in done.stderr


def test_no_window_is_opened_where_there_is_no_screen(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CI", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not module.has_screen()
    monkeypatch.setenv("DISPLAY", ":0")
    assert module.has_screen()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv("DISPLAY")
    assert module.has_screen()
    monkeypatch.setenv("CI", "true")
    assert not module.has_screen()
