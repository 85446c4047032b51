"""The launcher: a real process, asked by a real browser."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from data_access.warehouse import current
from data_access.workspace import Workspace
from tests.browsing import heard, visit
from tests.serving import ROOT, LiveServer, serving


@pytest.mark.browser
def test_a_deep_link_as_the_first_request_of_a_process_shows_its_page(
    own_server: LiveServer, browser_page: Page
) -> None:
    """A folder named pages/ sends the first request down Streamlit's old road (serve.py)."""
    visit(browser_page, f"{own_server}/bottlenecks")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Bottlenecks")
    assert browser_page.get_by_role("dialog").count() == 0
    assert browser_page.get_by_text("Page not found").count() == 0
    assert browser_page.get_by_test_id("stException").count() == 0
    assert urlsplit(browser_page.url).path == "/bottlenecks"
    assert heard(browser_page).console_errors == []
    assert heard(browser_page).outside(own_server.url) == []


@pytest.mark.browser
def test_a_first_visit_shows_the_week_and_asks_nobody_else(
    live_server: LiveServer, browser_page: Page
) -> None:
    visit(browser_page, live_server.url)
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("This week")
    assert heard(browser_page).console_errors == []
    assert heard(browser_page).outside(live_server.url) == []
    sockets = [r for r in heard(browser_page).requests if r.startswith("ws:")]
    assert sockets, "the WebSocket is among what is listened to"


def test_the_first_start_makes_the_sample_data_and_a_half_made_one_does_not_count(
    tmp_path: Path,
) -> None:
    (tmp_path / "sample.unfinished.1" / "uploads").mkdir(parents=True)
    for command in (["undo", "nope"], ["rebuild"]):  # mistyped: they must not pass for a sample
        env = {**os.environ, "PLUMBLINE_HOME": str(tmp_path)}
        done = subprocess.run([sys.executable, ROOT / "cli.py", *command], env=env, check=False)
        assert done.returncode == 1
    assert (tmp_path / "sample").is_dir()
    with serving(tmp_path, seconds=180) as server:
        status, body = server.get("/api/ready")
        assert status == 200
        assert body["workspace"] == "sample"
        assert body["snapshot"] == current(Workspace(tmp_path / "sample")) != ""
        assert Workspace(tmp_path / "sample").settings.is_sample
    assert "Making the sample data" in server.log.read_text()
    with serving(tmp_path) as server:
        assert server.get("/api/ready") == (200, body)
    assert "Making" not in server.log.read_text()


def test_it_says_that_it_lives_and_what_it_shows(live_server: LiveServer) -> None:
    assert live_server.get("/api/health") == (200, {"status": "ok"})
    snapshot = current(Workspace(live_server.home / "sample"))
    assert live_server.get("/api/ready") == (
        200,
        {"status": "ready", "workspace": "sample", "snapshot": snapshot},
    )


def test_data_that_cannot_be_read_are_told_and_the_process_lives(own_server: LiveServer) -> None:
    folder = own_server.home / "sample" / "warehouse"
    (folder / "CURRENT").write_text("snapshot-000099-00000000.duckdb")
    (folder / "snapshot-000099-00000000.duckdb").write_bytes(b"not a database" * 1000)
    status, body = own_server.get("/api/ready")
    assert status == 503
    assert body["status"] == "not ready"
    assert "snapshot-000099" in body["reason"]
    assert own_server.get("/api/health")[0] == 200


def test_a_start_catches_up_with_files_that_were_accepted_before_a_crash(
    sample_workspace: Workspace, tmp_path: Path
) -> None:
    shutil.copytree(sample_workspace.root, tmp_path / "sample")
    before = current(sample_workspace)
    (tmp_path / "sample" / "warehouse" / "CURRENT").write_text("snapshot-000001-00000000.duckdb")
    with serving(tmp_path) as server:
        status, body = server.get("/api/ready")
    assert status == 200
    assert body["snapshot"].endswith(before[-len("00000000.duckdb") :])


def cut_a_manifest(workspace: Path) -> None:
    manifest = next(p for p in sorted((workspace / "uploads").glob("*.json")) if p.name[0] == "0")
    manifest.write_text(manifest.read_text()[:100])


def make_settings_unreadable(workspace: Path) -> None:
    (workspace / "settings.json").unlink()
    (workspace / "settings.json").mkdir()


def leave_no_room(workspace: Path) -> None:
    (workspace / "warehouse" / "CURRENT").unlink()
    (workspace / "writer.lock").unlink(missing_ok=True)
    (workspace / "writer.lock").mkdir()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (cut_a_manifest, "The manifest of an upload cannot be read"),
        (make_settings_unreadable, "The settings cannot be read"),
        (leave_no_room, "The warehouse could not be written"),
    ],
)
def test_a_start_that_cannot_catch_up_says_why_and_serves_all_the_same(
    sample_workspace: Workspace, tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    shutil.copytree(sample_workspace.root, tmp_path / "sample")
    shutil.copytree(sample_workspace.root, tmp_path / "own")
    spoil(tmp_path / "own")
    with serving(tmp_path) as server:
        status, body = server.get("/api/ready")
        assert status == 503
        assert told in body["reason"]
        assert server.get("/api/health") == (200, {"status": "ok"})
        assert server.ask("/")[0] == 200
    log = server.log.read_text()
    assert told in log
    assert "Traceback" not in log


def test_a_sample_that_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    own = Workspace(tmp_path / "own")
    own.begin()
    (tmp_path / "sample" / "settings.json").mkdir(parents=True)
    with serving(tmp_path) as server:
        assert server.get("/api/ready")[0] == 200
    assert "The settings cannot be read" in server.log.read_text()
    assert (tmp_path / "sample" / "settings.json").is_dir(), "nothing was replaced"


@pytest.mark.parametrize("path", ["/", "/bottlenecks", "/api/health", "/_stcore/health"])
def test_every_answer_keeps_the_page_to_its_own_server(live_server: LiveServer, path: str) -> None:
    _, headers, _ = live_server.ask(path)
    policy = headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert "://" not in policy
    assert not re.search(r"(^|\s)\*", policy)
    assert "'unsafe-inline'" not in rules["script-src"]


@pytest.mark.browser
def test_an_image_that_a_text_smuggles_in_is_not_loaded(
    live_server: LiveServer, browser_page: Page
) -> None:
    """The list of refusals is the browser's own; nothing leaves, whatever page shows the text."""
    visit(browser_page, live_server.url)
    refused = browser_page.evaluate(
        """() => new Promise(done => {
            document.addEventListener('securitypolicyviolation', e => done(e.effectiveDirective));
            document.body.appendChild(new Image()).src = 'http://127.0.0.2:9/x.png';
            setTimeout(() => done('loaded'), 5000);
        })"""
    )
    assert refused == "img-src"


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux: 127.0.0.2 is this machine too")
def test_it_listens_on_the_one_address(live_server: LiveServer) -> None:
    port = urlsplit(live_server.url).port
    with socket.socket() as near, socket.socket() as beside:
        assert near.connect_ex(("127.0.0.1", port)) == 0
        assert beside.connect_ex(("127.0.0.2", port)) != 0


@pytest.mark.parametrize(("host", "status"), [("localhost", 101), ("evil.example", 403)])
def test_a_page_under_another_name_gets_no_session(
    live_server: LiveServer, host: str, status: int
) -> None:
    """DNS rebinding: the name is the attacker's, the address is ours."""
    port = urlsplit(live_server.url).port
    asked = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"Sec-WebSocket-Version: 13\r\nOrigin: http://{host}:{port}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(asked.encode())
        first = connection.recv(200).decode(errors="replace").splitlines()[0]
    assert f" {status} " in first


def test_the_agent_api_and_files_are_not_served(live_server: LiveServer) -> None:
    status, _, _ = live_server.ask("/_stcore/agent/interact", method="POST")
    assert status in {403, 404}
    for path in ("/app/static/config.toml", "/.streamlit/config.toml", "/../pyproject.toml"):
        _, _, body = live_server.ask(path)
        assert b"[server]" not in body
        assert b"[project]" not in body


def test_the_address_is_the_one_that_was_asked_for(
    sample_workspace: Workspace, tmp_path: Path
) -> None:
    shutil.copytree(sample_workspace.root, tmp_path / "sample")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with serving(tmp_path, env={"PLUMBLINE_PORT": str(port)}) as server:
        assert server.url == f"http://localhost:{port}"
        assert server.get("/api/health") == (200, {"status": "ok"})


@pytest.mark.skipif(os.name == "nt", reason="only on Linux and macOS: Windows has no SIGINT")
def test_ctrl_c_ends_it_without_a_traceback(own_server: LiveServer) -> None:
    os.kill(own_server.pid, signal.SIGINT)
    until = time.monotonic() + 20
    with contextlib.suppress(OSError):
        while time.monotonic() < until:
            own_server.get("/api/health")
            time.sleep(0.1)
    assert time.monotonic() < until, "it still answers"
    assert "Traceback" not in own_server.log.read_text()
