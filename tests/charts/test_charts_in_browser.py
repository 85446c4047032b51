"""In a real browser a template can be valid and yet draw nothing: so look."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from charts.tokens import DARK, LIGHT
from tests.browsing import browsing, heard, settle, visit
from tests.charts.samples import every_kind
from tests.serving import DIRECT

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PAGE = Path(__file__).with_name("page_of_charts.py")
KINDS = [*every_kind("light"), "changing"]
MARKS = """box => {
  const svg = document.querySelector(`.st-key-box-${box} svg.marks`);
  if (!svg) return null;
  const seen = [...svg.querySelectorAll('path, line, rect')].filter(mark => {
    const style = getComputedStyle(mark), size = mark.getBBox();
    const paint = [style.fill, style.stroke].some(c => c !== 'none' && c !== 'transparent');
    return paint && style.opacity !== '0' && size.width + size.height > 0;
  });
  const colors = new Set(seen.flatMap(m => [m.getAttribute('fill'), m.getAttribute('stroke')]));
  const outer = svg.getBoundingClientRect();
  const cut = [...svg.querySelectorAll('text')].filter(text => {
    const own = text.getBoundingClientRect();
    return own.width && (own.left < outer.left - 3 || own.right > outer.right + 3);
  });
  return {
    marks: seen.length, colors: [...colors].filter(Boolean), cut: cut.map(t => t.textContent),
    texts: [...svg.querySelectorAll('text')].map(t => t.textContent).filter(Boolean),
    name: svg.closest('[aria-label]')?.getAttribute('aria-label'),
  };
}"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the page of charts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("charts") / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", str(PAGE), f"--server.port={port}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            until = time.monotonic() + 60
            while not _is_up(f"http://127.0.0.1:{port}/_stcore/health"):
                assert time.monotonic() < until and server.poll() is None, log.read_text()
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def _is_up(address: str) -> bool:
    try:
        with DIRECT.open(address, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def opened(page: Page, url: str) -> Page:
    """The page with every chart drawn."""
    visit(page, url)
    page.wait_for_function(
        f"document.querySelectorAll('svg.marks').length >= {len(KINDS)}", timeout=30_000
    )
    page.wait_for_timeout(500)
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_chart_has_marks_uncut_text_and_a_name(
    browser: Browser, url: str, theme: str, width: int
) -> None:
    colors = DARK if theme == "dark" else LIGHT
    with browsing(browser, theme=theme, width=width) as page:
        opened(page, url)
        for kind in KINDS:
            found = page.evaluate(MARKS, kind)
            assert found["marks"] >= 3, kind
            assert found["cut"] == [], kind
            assert len(found["name"]) >= 10, kind
            assert len(found["texts"]) >= (0 if kind == "sparkline" else 6), kind
        bar_colors = page.evaluate(MARKS, "bars")["colors"]
        assert {colors.quiet, colors.orange.mark} <= {color.upper() for color in bar_colors}
        assert heard(page).console_errors == []
        assert heard(page).outside(url) == []


def test_a_click_on_a_bar_and_on_a_point_picks_it(browser: Browser, url: str) -> None:
    with browsing(browser) as page:
        opened(page, url)
        page.locator(".st-key-box-bars svg.marks").scroll_into_view_if_needed()
        bars = page.locator(".st-key-box-bars svg.marks").bounding_box()
        assert bars
        # the third of three rows, far right of its short bar: the whole row can be clicked
        page.mouse.click(bars["x"] + bars["width"] * 0.9, bars["y"] + bars["height"] * 0.83)
        page.get_by_text("picked [{'segment': 'Export'}]").wait_for()
        settle(page)
        page.locator(".st-key-box-control svg.marks").scroll_into_view_if_needed()
        dot = page.evaluate(
            """() => {
              const dots = document.querySelectorAll('.st-key-box-control .mark-symbol path');
              const box = [...dots].at(-1).getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2];
            }"""
        )
        page.mouse.move(*dot)
        page.locator("#vg-tooltip-element.visible").get_by_text("44.6").wait_for()
        page.mouse.click(*dot)
        page.get_by_text("'period': '2026-W46'").wait_for()


def test_new_numbers_are_drawn_into_the_same_view(browser: Browser, url: str) -> None:
    with browsing(browser) as page:
        opened(page, url)
        before = page.evaluate(MARKS, "changing")["texts"]
        page.evaluate("window.kept = document.querySelector('.st-key-box-changing svg.marks')")
        page.get_by_role("combobox").first.click()
        page.get_by_role("option", name="40000").click()
        page.locator(".st-key-box-changing").get_by_text("target ≥ 40,000").or_(
            page.locator(".st-key-box-changing").get_by_text("40,000")
        ).first.wait_for()
        settle(page)
        after = page.evaluate(MARKS, "changing")
        assert after["marks"] >= 3
        assert after["texts"] != before
        assert any("40,0" in text for text in after["texts"])
        is_kept = page.evaluate(
            "window.kept === document.querySelector('.st-key-box-changing svg.marks')"
        )
        assert is_kept, "the view was made anew: something in the template depends on the numbers"
        assert heard(page).console_errors == []
