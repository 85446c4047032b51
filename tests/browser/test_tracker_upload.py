"""A Jira export with Time in Status through the browser: its statuses are named, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import metric
from metrics.periods import Period
from metrics.scope import scope
from tests.browsing import accept_shown, browsing, settle, visit
from tests.ingest.test_status_times import ISSUES
from tests.ingest.tracker_exports import export
from tests.serving import serving

pytestmark = pytest.mark.browser


def test_statuses_are_named_at_the_first_upload_and_known_at_the_next(
    browser: Browser, tmp_path: Path
) -> None:
    like = [replace(ISSUES[1], key=f"OPS-1{n}") for n in range(4)]
    first, second = tmp_path / "jira_2026-11-09.csv", tmp_path / "jira_2026-11-16.csv"
    first.write_bytes(export((*ISSUES, *like), language="es", is_bom=True, is_crlf=True))
    newer = replace(ISSUES[2], updated=datetime(2026, 11, 15, 9))
    second.write_bytes(export((*ISSUES[:2], newer, *like), language="es"))
    home = tmp_path / "home"
    with serving(home) as server, browsing(browser) as page:
        visit(page, f"{server}/upload")
        page.locator("input[type=file]").first.set_input_files(first)
        for number, name in (("10000", "To do"), ("10002", "In review")):
            asked = page.get_by_role("textbox", name=f"Status {number}")
            expect(asked).to_be_visible(timeout=60_000)
            asked.fill(name)
        page.get_by_role("button", name="Check again with these answers").click()
        settle(page)
        expect(page.get_by_text("Also in this file")).to_be_visible(timeout=60_000)
        accept_shown(page, first.name, 7)
        page.locator("input[type=file]").first.set_input_files(second)
        settle(page)
        expect(page.get_by_role("button", name="Accept 7 rows")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("textbox", name="Status 10000")).to_have_count(0)
    store = Store.open(Workspace(home / "own"), clock=datetime(2026, 12, 31))
    month = scope(Period(datetime(2026, 11, 1).date(), datetime(2026, 12, 1).date()))
    found = store.breakdown_values(metric("status_hours_p50"), month, "status")["status_hours_p50"]
    assert {value.segment for value in found} == {"To do", "In review", "Done"}
