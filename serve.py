"""The launcher around app.py: sample data, imports, health and readiness, then the server.

Streamlit needs it to be another file than the script. `python start.py` runs it. PLUMBLINE_PORT,
PLUMBLINE_ADDRESS and PLUMBLINE_HOSTS (names by which readers call it, with commas) say where it
listens; without them on this machine alone, on the first free port from 8501.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

import ui
from charts.render import warm_up
from data_access import catching_up
from data_access.store import Store
from data_access.warehouse import current
from data_access.workspace import active, home, sample
from metrics.errors import AppError

ROOT = Path(__file__).resolve().parent
PRELOADED = ("reports.word", "reports.excel", "data_access.ingest")
# A folder named pages/ beside the script makes Streamlit run the first request the old way:
# without app.py, or with a "Page not found" dialog. st.navigation heals it only afterwards.
PagesManager.uses_pages_directory = False


class OwnAddressOnly:
    """Adds the headers by which a page talks to its own server alone, whatever users upload."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self.app = app
        self.headers = {
            "Content-Security-Policy": content_policy(),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, with the headers."""

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def content_policy() -> str:
    """What a page may load: its own server's files, and the one script inside Streamlit's page.

    Vega compiles its charts in the browser, hence unsafe-eval; Streamlit styles inline.
    """
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (b64encode(sha256(text.encode()).digest()).decode() for text in inline)
    scripts = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'self'; script-src 'self' 'unsafe-eval' {scripts}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


def health(_: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


def ready(_: Request) -> JSONResponse:
    """The data can be read and are all there; names the workspace and its current snapshot."""
    try:
        store = Store.open(active())
        if problem := catching_up.trouble(store.workspace):
            raise problem
    except AppError as error:
        return JSONResponse({"status": "not ready", "reason": error.text}, status_code=503)
    return JSONResponse(
        {"status": "ready", "workspace": store.workspace.name, "snapshot": store.snapshot}
    )


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Get everything ready, then say where the server listens.

    Here the runtime is up, which cached functions of ui want at import.
    """
    preload()
    address = config.get_option("server.address") or "localhost"
    shown = "localhost" if address in ("127.0.0.1", "0.0.0.0", "::") else address
    print(f"Plumbline listens on http://{shown}:{config.get_option('server.port')}", flush=True)
    yield {}


def preload() -> None:
    """Import what the first reader would otherwise wait for, and spare it the collector.

    A module that cannot be imported costs its own pages alone. The drawing engine of the reports
    starts aside: it takes half a second and no lock.
    """
    pages = [module.name for module in pkgutil.iter_modules(ui.__path__, "ui.")]
    for name in (*pages, *PRELOADED):
        try:
            importlib.import_module(name)
        except ImportError:
            logging.getLogger("plumbline").exception("%s cannot be imported", name)
    threading.Thread(target=warm_up, daemon=True).start()
    gc.collect()
    gc.freeze()


def listening() -> dict[str, Any]:
    """What the environment says about where to listen, as Streamlit's options.

    Raises:
        AppError: PLUMBLINE_PORT is no port.
    """
    options: dict[str, Any] = {}
    if port := os.environ.get("PLUMBLINE_PORT"):
        if not (port.isascii() and port.isdigit() and int(port) < 65536):
            raise AppError(f"PLUMBLINE_PORT={port} is not a port; write a number like 8501.")
        options["server.port"] = int(port)
    if address := os.environ.get("PLUMBLINE_ADDRESS"):
        options["server.address"] = address
    if hosts := os.environ.get("PLUMBLINE_HOSTS"):
        options["server.allowedHosts"] = [name.strip() for name in hosts.split(",")]
    return options


def make_sample() -> None:
    """Fill the sample workspace when there is none; one that was left half-made does not count.

    A process of its own does it: it takes its memory and its open files with it when it ends.

    Raises:
        AppError: it cannot be made.
    """
    if has_sample():
        return
    print("Making the sample data. This happens once and takes under a minute.", flush=True)
    started = home() / f"sample.unfinished.{os.getpid()}"
    try:
        subprocess.run([sys.executable, "-m", "sample_data", started], cwd=ROOT, check=True)
        put_in_place(started)
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(started, ignore_errors=True)
        raise AppError(
            f"The sample data could not be made: {error}",
            where=str(home()),
            next_step="Make room there or give the right to write; the next start tries again.",
        ) from error


def has_sample() -> bool:
    """Whether the sample is there: made to its end, and told so by its settings."""
    return sample().settings.is_sample and bool(current(sample()))


def put_in_place(started: Path) -> None:
    """Make a finished sample the sample; what stood there and was none is kept beside it."""
    if has_sample():  # another process was first
        shutil.rmtree(started)
        return
    place = sample().root
    if place.exists():
        place.rename(home() / f"sample.set-aside.{time.time_ns()}")
    started.rename(place)


def bring_up_to_date() -> None:
    """Make the sample, and publish what a crash left behind; what fails is told and stops nobody.

    The server starts all the same: /api/ready and the pages say what is wrong.
    """
    try:
        make_sample()
    except AppError as error:
        logging.getLogger("plumbline").error("%s", error.text)
    try:
        problem = catching_up.catch_up_or_tell(active(), patience=10)
    except AppError as error:
        problem = error
    if problem:
        logging.getLogger("plumbline").error("%s", problem.text)


app = st.App(
    ROOT / "app.py",
    lifespan=lifespan,
    routes=[Route("/api/health", health), Route("/api/ready", ready)],
    middleware=[Middleware(OwnAddressOnly)],
)

if __name__ == "__main__":
    try:
        where = listening()
    except AppError as error:
        sys.exit(error.text)
    bring_up_to_date()
    with suppress(KeyboardInterrupt):
        app.run(config=where)
