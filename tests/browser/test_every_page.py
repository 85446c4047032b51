"""Every page in a real browser on the sample data: no error, no request elsewhere, accessible."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.accessibility import findings
from tests.browsing import browsing, heard, visit
from tests.serving import LiveServer

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*/*.py"))
DEFAULT = "this_week"

pytestmark = pytest.mark.browser


def address(server: LiveServer, name: str) -> str:
    return f"{server}/" if name == DEFAULT else f"{server}/{name}"


def test_there_are_pages() -> None:
    assert DEFAULT in PAGES


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_accessible_and_keeps_to_its_server(
    live_server: LiveServer, browser: Browser, name: str, theme: Literal["light", "dark"]
) -> None:
    with browsing(browser, theme=theme) as page:
        visit(page, address(live_server, name))
        whole(page, live_server)
        assert findings(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_on_a_phone(live_server: LiveServer, browser: Browser, name: str) -> None:
    with browsing(browser, width=390, height=844, scale=2) as page:
        visit(page, address(live_server, name))
        whole(page, live_server)
        wider = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"the page is {wider} px wider than the phone"


def whole(page: Page, server: LiveServer) -> None:
    """Nothing failed, nothing was asked of anyone else, and every chart has marks."""
    page.wait_for_timeout(700)  # Vega draws after the script is idle
    assert page.get_by_test_id("stException").count() == 0, server.log.read_text()[-3000:]
    assert page.get_by_role("heading", level=1).count() == 1
    assert heard(page).console_errors == []
    assert heard(page).outside(server.url) == []
    blank = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
            .filter(chart => chart.offsetParent !== null)
            .filter(chart => !chart.querySelector('canvas, svg .mark-group, svg g[class*=mark]'))
            .length"""
    )
    assert blank == 0, f"{blank} charts drew nothing"


def test_a_wrong_page_would_be_noticed(live_server: LiveServer, browser_page: Page) -> None:
    """The look-out itself: an unlabelled image and a thrown error are found."""
    visit(browser_page, f"{live_server}/")
    browser_page.evaluate(
        """() => {
            const image = document.createElement('img');
            image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
            document.querySelector('[data-testid=stMain]').appendChild(image);
            setTimeout(() => { throw new Error('planted'); }, 0);
            console.error('said');
        }"""
    )
    browser_page.wait_for_timeout(200)
    assert "image-alt" in {finding.rule for finding in findings(browser_page)}
    assert {"planted", "said"} <= set(heard(browser_page).console_errors)
