"""Seconds in a real browser: a filter click, the floor under it, a page switch, a cold load.

    python bench/browser.py [ROUNDS]

The floor is what Streamlit itself needs to rerun a script that changes one text; both pages are
asked in turns by the same browser, against servers on this machine. The page of six charts is
*Issues*. Times run from the click to the last chart drawn anew.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Page, sync_playwright

from data_access.workspace import Workspace
from sample_data import build as build_sample
from tests.browsing import launch, settle
from tests.serving import serving

PAGE = "issues"
FLOOR = """
import streamlit as st
n = st.session_state.get("n", 0) + 1
st.session_state.n = n
st.button("again", key="again")
st.markdown(f"run {n}", unsafe_allow_html=False)
"""
# One observer that only compares: the clock ends with the last change inside a chart.
WATCH = """() => {
  window.benchLast = 0;
  if (window.benchObserver) window.benchObserver.disconnect();
  window.benchObserver = new MutationObserver(changes => {
    for (const change of changes) {
      if (change.target.closest && change.target.closest('[data-testid=stVegaLiteChart]')) {
        window.benchLast = performance.now();
        return;
      }
    }
  });
  window.benchObserver.observe(document.body, {childList: true, subtree: true, attributes: true});
  const start = () => { window.benchStart = performance.now(); };
  document.addEventListener('pointerdown', start, {capture: true, once: true});
  return document.querySelectorAll('[data-testid=stVegaLiteChart]').length;
}"""
DRAWN = """() => window.benchLast > window.benchStart
  && performance.now() - window.benchLast > 500"""


def pick(page: Page, label: str) -> float:
    """Milliseconds from choosing an option of the period filter to the last chart redrawn."""
    page.get_by_role("combobox", name="Period").click()
    option = page.get_by_role("option", name=label, exact=False).first
    option.wait_for()
    page.evaluate(WATCH)
    option.click()
    page.wait_for_function(DRAWN, timeout=30_000)
    settle(page)
    return float(page.evaluate("window.benchLast - window.benchStart"))


def floor(page: Page) -> float:
    """Milliseconds from a click to the one changed text."""
    return float(
        page.evaluate("""async () => {
      const text = () => document.querySelector('[data-testid=stMarkdown] p').textContent;
      const before = text(), start = performance.now();
      document.querySelector('.st-key-again button').click();
      while (text() === before) await new Promise(r => requestAnimationFrame(r));
      return performance.now() - start;
    }""")
    )


def quantiles(values: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return statistics.median(values), statistics.quantiles(values, n=20)[-1]


def cpu_seconds(pid: int) -> float:
    """CPU seconds a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    """Print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        build_sample(Workspace(home / "sample"))
        bare = home / "floor.py"
        bare.write_text(FLOOR, encoding="utf-8")
        port = 8790
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(bare),
            "--server.port",
            str(port),
            "--server.headless",
            "true",
            "--browser.gatherUsageStats",
            "false",
            "--runner.postScriptGC",
            "false",
            "--server.address",
            "127.0.0.1",
        ]
        log = (home / "floor.log").open("wb")
        peer = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            with serving(home) as server, sync_playwright() as playwright:
                measure(
                    launch(playwright), str(server), server.pid, f"http://127.0.0.1:{port}", rounds
                )
        finally:
            peer.terminate()


def measure(browser, ours: str, pid: int, peer: str, rounds: int) -> None:
    """Alternate the app and the floor, then print."""
    page = browser.new_page(viewport={"width": 1440, "height": 1200})
    began = time.monotonic()
    page.goto(f"{ours}/{PAGE}?period=2026-W46")
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for(timeout=60_000)
    settle(page)
    cold = time.monotonic() - began
    drawn = page.evaluate(WATCH)
    other = browser.new_page()
    other.goto(peer)
    other.locator(".st-key-again button").wait_for(timeout=60_000)

    weeks = ["Week 45", "Week 44"]
    first = [pick(page, week) for week in weeks]
    floor(other)
    redraws, floors, spent = [], [], []
    for turn in range(rounds):
        before = cpu_seconds(pid)
        redraws.append(pick(page, weeks[turn % 2]))
        spent.append(cpu_seconds(pid) - before)
        floors.append(floor(other))
    (mid, high), (base, base_high) = quantiles(redraws), quantiles(floors)
    switches = []
    for name in ("Deliveries", "Issues") * 3:
        page.get_by_role("button", name="Operations").click()
        start = time.monotonic()
        page.get_by_role("menuitem", name=name).click()
        page.get_by_role("heading", name=name, exact=True).wait_for()
        switches.append(time.monotonic() - start)
    print(f"Page of {drawn} charts, {rounds} rounds, values in the cache:")
    print(f"  filter click to last chart: median {mid:.0f} ms, p95 {high:.0f} ms")
    print(f"  floor (one text): median {base:.0f} ms, p95 {base_high:.0f} ms")
    print(
        f"  ratio {mid / base:.2f} at the median (limit 3), {high / base_high:.2f} at p95 (limit 6)"
    )
    print(f"  first use of a value: {', '.join(f'{each:.0f}' for each in first)} ms")
    print(f"  server CPU per cached rerun: mean {statistics.mean(spent) * 1000:.1f} ms (limit 20)")
    switch = statistics.median(switches) * 1000
    print(f"  page switch: median {switch:.0f} ms; cold load {cold:.1f} s")


if __name__ == "__main__":
    assert shutil.which("chromium"), "Chromium is missing"
    main()
