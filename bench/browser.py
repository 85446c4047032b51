"""Milliseconds in a real browser: a filter click, the floor under it, a page switch, a cold load.

    python bench/browser.py [ROUNDS]

The page: this app with one more page in its menu, of six charts in cards (`SIX`), added as
docs/how-to-add.md says. The floor: a page of the same app with the same filters, where one text
changes (`ONE_TEXT`). Under that lies bare Streamlit: nothing but such a filter and a text. All are
asked in turns by one browser, by the same click, and the clock runs from that click to the last
change inside a chart, or to the changed text. *Issues* and *Deliveries*, with their tiles and ten
and eight charts, are measured beside it.
"""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, Page, sync_playwright

from data_access.workspace import Workspace
from sample_data import build as build_sample
from tests.browsing import launch, settle
from tests.serving import serving

ROOT = Path(__file__).parents[1]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "workspace", "__pycache__", ".*_cache")
SIX = '''"""Six charts."""

from metrics.delivery import DELIVERIES_DUE, ON_TIME_DELIVERY
from metrics.flow import ITEMS_COMPLETED, QUEUE_TIME
from metrics.issues import ISSUES_OPENED
from metrics.quality import FIRST_PASS_ACCEPTANCE
from ui import cards, page

if view := page.start("Six charts", page.window):
    with page.pairs():
        for metric in (
            DELIVERIES_DUE, ON_TIME_DELIVERY, ITEMS_COMPLETED,
            QUEUE_TIME, ISSUES_OPENED, FIRST_PASS_ACCEPTANCE,
        ):
            cards.over_time(view, metric, key=metric.name)
'''
ONE_TEXT = '''"""One text."""

import streamlit as st

from ui import page

if view := page.start("One text", page.window):
    st.text(view.period.label)
'''
BARE = """
import streamlit as st
week = st.selectbox("Period", [f"Week {n}" for n in range(46, 20, -1)], key="period")
st.text(week)
"""
# The clock starts with the click and ends with the last change inside what is watched.
WATCH = """watched => {
  window.benchStart = window.benchLast = 0;
  window.benchObserver?.disconnect();
  window.benchObserver = new MutationObserver(changes => {
    const own = node => (node.nodeType === 1 ? node : node.parentElement)?.closest(watched);
    if (changes.some(change => own(change.target))) window.benchLast = performance.now();
  });
  const what = {childList: true, subtree: true, attributes: true, characterData: true};
  window.benchObserver.observe(document.body, what);
  const start = () => { window.benchStart = performance.now(); };
  document.addEventListener('pointerdown', start, {capture: true, once: true});
}"""
DRAWN = """() => window.benchLast > window.benchStart && window.benchStart > 0
  && performance.now() - window.benchLast > 400"""
CHARTS = "[data-testid=stVegaLiteChart]"
TEXT = "[data-testid=stText]"
WEEKS = ("Week 45", "Week 44")


def click(page: Page, label: str, watched: str) -> float:
    """Milliseconds from choosing an option of the period filter to the last change."""
    page.get_by_role("combobox", name="Period").click()
    option = page.get_by_role("option", name=label, exact=False).first
    option.wait_for()
    page.evaluate(WATCH, watched)
    option.click()
    page.wait_for_function(DRAWN, timeout=30_000)
    settle(page)
    return float(page.evaluate("window.benchLast - window.benchStart"))


def quantiles(values: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return statistics.median(values), statistics.quantiles(values, n=20, method="inclusive")[-1]


def cpu(pid: int) -> float:
    """CPU milliseconds a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 10


@contextmanager
def bare(folder: Path) -> Iterator[str]:
    """The address of bare Streamlit."""
    script = folder / "bare.py"
    script.write_text(BARE, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "server.port": port, "server.address": "127.0.0.1", "server.headless": "true",
        "browser.gatherUsageStats": "false", "runner.postScriptGC": "false",
    }  # fmt: skip
    settings = [f"--{name}={value}" for name, value in options.items()]
    with (folder / "bare.log").open("wb") as log:
        command = [sys.executable, "-m", "streamlit", "run", str(script), *settings]
        peer = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        peer.terminate()


def with_pages(folder: Path) -> Path:
    """A copy of the app with the two pages; its serve.py."""
    copy = shutil.copytree(ROOT, folder / "app", ignore=NOT_COPIED)
    (copy / "pages" / "bench").mkdir()
    (copy / "pages" / "bench" / "six.py").write_text(SIX, encoding="utf-8")
    (copy / "pages" / "bench" / "text.py").write_text(ONE_TEXT, encoding="utf-8")
    app = copy / "app.py"
    text = app.read_text(encoding="utf-8")
    pages = [f'st.Page("pages/bench/{name}.py", title="{name}")' for name in ("six", "text")]
    menu = f'MENU = {{\n    "Bench": [{", ".join(pages)}],'
    assert "MENU = {" in text
    app.write_text(text.replace("MENU = {", menu, 1), encoding="utf-8")
    return copy / "serve.py"


def opened(browser: Browser, url: str) -> tuple[Page, float]:
    """A page with its charts drawn, and the seconds that took in a fresh profile."""
    page = browser.new_context(viewport={"width": 1440, "height": 1200}).new_page()
    began = time.monotonic()
    page.goto(url)
    page.locator(f"{CHARTS} svg.marks, {TEXT}").first.wait_for(timeout=60_000)
    settle(page)
    return page, time.monotonic() - began


def measure(browser: Browser, ours: str, pid: int, peer: str, rounds: int) -> None:
    """Alternate the app, the floor and bare Streamlit, then print."""
    for name in ("six", "deliveries", "issues"):
        page, cold = opened(browser, f"{ours}/{name}?period=2026-W46")
        first = [click(page, week, CHARTS) for week in WEEKS]
        before = cpu(pid)  # with no other page open, whose heartbeat would count too
        for turn in range(rounds):
            click(page, WEEKS[turn % 2], CHARTS)
        spent = (cpu(pid) - before) / rounds
        redraws, others = in_turns(browser, page, ours, peer, rounds)
        mid, high = quantiles(redraws)
        print(
            f"{name}: {page.locator(CHARTS).count()} charts, {rounds} rounds, values in the cache"
        )
        print(f"  filter click to last chart: median {mid:.0f} ms, p95 {high:.0f} ms")
        for which, values in others.items():
            base, worst = quantiles(values)
            print(f"  {which}: median {base:.0f} ms, p95 {worst:.0f} ms")
            print(f"    {mid / base:.2f} times its median, p95 {high / base:.2f} times its median")
        print(f"  first use of a value: {', '.join(f'{each:.0f}' for each in first)} ms")
        print(f"  server CPU per cached rerun: mean {spent:.1f} ms")
        print(f"  cold load: {cold:.1f} s", flush=True)
        page.context.close()
    print(f"page switch, to the last chart: median {switch(browser, ours):.0f} ms")


def in_turns(
    browser: Browser, page: Page, ours: str, peer: str, rounds: int
) -> tuple[list[float], dict[str, list[float]]]:
    """Milliseconds of the page, and of the floor and bare Streamlit beside it."""
    under = {
        "floor": opened(browser, f"{ours}/text?period=2026-W46")[0],
        "bare Streamlit": opened(browser, peer)[0],
    }
    for week, other in product(WEEKS, under.values()):
        click(other, week, TEXT)
    redraws: list[float] = []
    others: dict[str, list[float]] = {which: [] for which in under}
    for turn in range(rounds):
        week = WEEKS[turn % 2]
        redraws.append(click(page, week, CHARTS))
        for which, other in under.items():
            others[which].append(click(other, week, TEXT))
    for other in under.values():
        other.context.close()
    return redraws, others


def switch(browser: Browser, ours: str) -> float:
    """Median milliseconds from a click in the menu to the last chart of the other page."""
    page, _ = opened(browser, f"{ours}/issues")
    switches = []
    for name in ("Deliveries", "Issues") * 5:
        page.get_by_role("button", name="Operations").click()
        item = page.get_by_role("menuitem", name=name)
        item.wait_for()
        page.evaluate(WATCH, CHARTS)
        item.click()
        page.wait_for_function(DRAWN, timeout=30_000)
        switches.append(float(page.evaluate("window.benchLast - window.benchStart")))
    return statistics.median(switches)


def main() -> None:
    """Print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build_sample(Workspace(home / "sample"))
        script = with_pages(Path(folder))
        with (
            bare(Path(folder)) as peer,
            serving(home, script=script) as server,
            sync_playwright() as playwright,
        ):
            measure(launch(playwright), str(server), server.pid, peer, rounds)


if __name__ == "__main__":
    main()
