"""A real server of the app on a free port, with a workspace folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
# Past any proxy that the environment names.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class LiveServer:
    """A running server.

    Attributes:
        url: its address, without a slash at the end; also what `str(server)` gives.
        home: its PLUMBLINE_HOME.
        pid: its process.
        log: the file of what it prints.
    """

    url: str
    home: Path
    pid: int
    log: Path

    def __str__(self) -> str:
        return self.url

    def ask(self, path: str, *, method: str = "GET") -> tuple[int, Message, bytes]:
        """Status, headers and body of a request; the path goes out as it stands."""
        with closing(HTTPConnection("127.0.0.1", urlsplit(self.url).port, timeout=30)) as line:
            line.request(method, path, body=b"{}" if method == "POST" else None)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()

    def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON of a request."""
        status, _, body = self.ask(path)
        return status, json.loads(body)


@contextmanager
def serving(
    home: Path,
    *,
    script: Path = ROOT / "serve.py",
    env: Mapping[str, str] | None = None,
    seconds: float = 90,
) -> Iterator[LiveServer]:
    """A server over the workspaces in `home`; nobody has asked it anything yet."""
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    environment = {**os.environ, "PLUMBLINE_HOME": str(home), "PLUMBLINE_PORT": "0", **(env or {})}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-u", script],
            cwd=script.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield LiveServer(_announced(process, log, seconds), home, process.pid, log)
        finally:
            process.terminate()
            process.wait(20)


def _announced(process: subprocess.Popen[bytes], log: Path, seconds: float) -> str:
    """The address that the server prints when it listens."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("Plumbline listens on http"):
                return line.removeprefix("Plumbline listens on ").strip()
        time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text(errors='replace')[-4000:]}")
