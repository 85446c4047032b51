"""Chromium for the tests: how it is started, when a page has settled, what it asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
)

from tests.tools import CHROMIUM

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_HEARD: WeakKeyDictionary[Page, Heard] = WeakKeyDictionary()
_SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  const idle = app && ['notRunning', 'compilationError'].includes(app.dataset.testScriptState)
    && app.dataset.testConnectionState === 'CONNECTED'
    && !document.querySelector('[data-testid=stSkeleton]');
  if (!idle) { window.__idleSince = null; return false; }
  window.__idleSince ??= performance.now();
  return performance.now() - window.__idleSince > 250;
}"""


@dataclass
class Heard:
    """What a page said and asked for, from its first moment.

    Attributes:
        console_errors: console messages of level error, and exceptions nobody caught.
        requests: every address it asked for, WebSockets too.
    """

    console_errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def outside(self, url: str) -> list[str]:
        """The requests that did not go to the server at `url`."""
        own = urlsplit(url).netloc
        near = ("data:", "blob:", "about:")
        return [r for r in self.requests if not r.startswith(near) and urlsplit(r).netloc != own]


def launch(playwright: Playwright) -> Browser:
    """The machine's Chromium, without a window and without requests of its own."""
    return playwright.chromium.launch(executable_path=CHROMIUM.path(), args=[*FLAGS])


@contextmanager
def browsing(
    browser: Browser,
    *,
    theme: Literal["light", "dark"] = "light",
    width: int = 1440,
    height: int = 1000,
    scale: float = 1,
) -> Iterator[Page]:
    """A page in a profile of its own; `heard(page)` tells what it said and asked for."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        device_scale_factor=scale,
        locale="en-US",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    listen(page)
    try:
        yield page
    finally:
        context.close()


def listen(page: Page) -> Heard:
    """Note what the page says and asks for from now on."""
    notes = Heard()
    page.on("console", lambda m: notes.console_errors.append(m.text) if _is_error(m) else None)
    page.on("pageerror", lambda error: notes.console_errors.append(str(error)))
    page.on("request", lambda request: notes.requests.append(request.url))
    page.on("websocket", lambda socket: notes.requests.append(socket.url))
    _HEARD[page] = notes
    return notes


def _is_error(message: ConsoleMessage) -> bool:
    """Whether it is an error of ours; on a deep link Streamlit looks for its own base path."""
    asked = message.location.get("url", "")
    return message.type == "error" and not asked.endswith(
        ("/_stcore/health", "/_stcore/host-config")
    )


def heard(page: Page) -> Heard:
    """What a page of `browsing` said and asked for so far."""
    return _HEARD[page]


def settle(page: Page, *, seconds: float = 60) -> None:
    """Wait until the script is idle and nothing is a skeleton for a quarter of a second."""
    page.wait_for_function(_SETTLED, timeout=seconds * 1000, polling=50)


def visit(page: Page, url: str) -> Page:
    """Open an address of the app and wait until it has settled."""
    page.goto(url)
    page.evaluate("window.__idleSince = null")
    settle(page)
    return page


def accept_file(page: Page, path: Path, rows: int | None = None) -> None:
    """On the upload page: choose the file, keep the suggested answers, accept.

    Args:
        page: the upload page.
        path: the file.
        rows: how many rows it must offer to accept; None for any number.
    """
    page.locator("input[type=file]").first.set_input_files(path)
    accept_shown(page, path.name, rows)


def accept_shown(page: Page, file_name: str, rows: int | None = None) -> None:
    """On the upload page: accept the file whose dry run is shown."""
    number = r"[\d,]+" if rows is None else f"{rows:,}"
    accept = page.get_by_role("button", name=re.compile(rf"^Accept {number} rows?\b"))
    expect(accept).to_be_visible(timeout=60_000)
    settle(page)
    name = page.get_by_role("textbox", name="Your name")
    if not name.input_value():
        name.fill("D. Ruiz")
        name.press("Enter")
        settle(page)
    expect(accept).to_be_enabled()
    accept.click()
    expect(page.get_by_text(f"Accepted {file_name}", exact=False).first).to_be_visible(
        timeout=60_000
    )
    settle(page)
