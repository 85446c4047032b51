"""Pictures of every page, to be looked at: light and dark, 1440 and 390 px wide, whole height.

    python tests/ui/screenshots.py OUT_DIR [--home FOLDER] [--url URL] [--only this_week ...]

Without --url it starts a server on the workspaces in --home (default: PLUMBLINE_HOME or the
project's workspace folder). Errors of the console and requests to other hosts are printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.browsing import browsing, heard, launch, settle, visit  # noqa: E402
from tests.serving import serving  # noqa: E402

LOOKS = (("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390))
_HEIGHT = """() => {
  const main = document.querySelector('[data-testid=stMainBlockContainer]');
  const header = document.querySelector('[data-testid=stHeader]');
  return Math.ceil(main.scrollHeight + (header ? header.offsetHeight : 0)) + 8;
}"""


def page_names() -> list[str]:
    """The pages in the order of their folders, by the last part of their address."""
    return [path.stem for path in sorted((ROOT / "pages").glob("*/*.py"))]


def shoot(page: Page, url: str, name: str, path: Path, *, query: str = "") -> list[str]:
    """Save one picture; returns what went wrong on the way."""
    address = "" if name == "this_week" else name
    visit(page, f"{url}/{address}{query}")
    width = page.viewport_size["width"]
    for _ in range(2):  # a taller window may show more
        page.set_viewport_size({"width": width, "height": page.evaluate(_HEIGHT)})
        settle(page)
        page.wait_for_timeout(700)
    page.screenshot(path=path)
    notes = heard(page)
    return [*notes.console_errors, *(f"outside: {r}" for r in notes.outside(url))]


@contextmanager
def _address(url: str | None, home: Path) -> Iterator[str]:
    if url:
        yield url.rstrip("/")
        return
    with serving(home) as server:
        yield str(server)


def _all(browser: Browser, url: str, out: Path, names: list[str], query: str) -> None:
    for theme, width in LOOKS:
        for name in names:
            scale = 2 if width < 700 else 1
            with browsing(browser, theme=theme, width=width, scale=scale) as page:
                path = out / f"{name}-{theme}-{width}.png"
                wrong = shoot(page, url, name, path, query=query)
                print(path.name, *wrong, sep="\n    ")


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--url")
    parser.add_argument("--query", default="", help="like ?period=2026-W40")
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    from data_access.workspace import home

    with _address(asked.url, asked.home or home()) as url, sync_playwright() as playwright:
        browser = launch(playwright)
        _all(browser, url, asked.out, asked.only or page_names(), asked.query)
        browser.close()


if __name__ == "__main__":
    main()
