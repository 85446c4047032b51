"""What tests share: workspaces, a server, a browser, and no quiet skip where all is required."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright

from data_access.workspace import Workspace
from tests.browsing import browsing, launch
from tests.serving import LiveServer, serving
from tests.tools import TOOLS

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")
MAY_SKIP = ("only in the full run", "only on ")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace of the test's own."""
    return Workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample workspace, built once for all workers. Read it; to write, take `sample_copy`."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    built = Workspace(shared / "built" / "sample")
    done = shared / "sample.done"
    try:
        (shared / "sample.taken").mkdir()
    except FileExistsError:
        _wait_for(done)
        return built
    try:
        from sample_data import build

        build(built)
        done.write_text("")
    except BaseException as error:
        done.write_text(repr(error))
        raise
    return built


def _wait_for(path: Path, *, seconds: float = 300) -> None:
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, "the other worker is not done"
        time.sleep(0.2)
    assert path.read_text() == "", f"the other worker failed: {path.read_text()}"


@pytest.fixture
def sample_copy(sample_workspace: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the sample workspace that the test may change."""
    return Workspace(shutil.copytree(sample_workspace.root, tmp_path / "sample"))


@pytest.fixture(scope="session")
def live_server(
    sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """The app on the sample data. A test that uploads takes `own_server`."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(sample_workspace.root, home / "sample")
    with serving(home) as server:
        yield server


@pytest.fixture
def own_server(sample_workspace: Workspace, tmp_path: Path) -> Iterator[LiveServer]:
    """The app in a fresh process on a copy of the sample data; nobody has asked it anything yet."""
    home = tmp_path / "home"
    shutil.copytree(sample_workspace.root, home / "sample")
    with serving(home) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for each worker."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A Playwright page, light, 1440 wide; see tests.browsing for `visit`, `settle` and `heard`."""
    with browsing(browser) as page:
        yield page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a program that this machine lacks, and say which."""
    for tool in TOOLS:
        if tool.path() is None:
            skip = pytest.mark.skip(reason=f"{tool.label} is missing")
            for item in items:
                if item.get_closest_marker(tool.mark):
                    item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With REQUIRE_ALL=1 a skipped test has failed, unless its reason says where it belongs."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _require(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """The same for a file that skips itself whole."""
    report = yield
    if report.skipped:
        _require(report)
    return report


def _require(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if os.environ.get("REQUIRE_ALL") == "1" and not reason.startswith(MAY_SKIP):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1 allows no skip: {reason}"
