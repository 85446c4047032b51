"""Where the numbers come from: which source, how new, in the reporting zone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

from data_access import warehouse
from data_access.workspace import Workspace
from metrics.periods import show_date
from tests.ui.apps import ONE_OF_EACH, app, home_of, made, texts
from tests.uploading import upload
from ui import sources


def test_two_sources_of_one_extract_are_told_apart_with_times_of_the_zone(tmp_path: Path) -> None:
    workspace = made(Workspace(tmp_path / "own"))
    workspace.save_settings(replace(workspace.settings, reporting_zone="Asia/Tokyo"))
    for source in ("jira-cloud", "jira-lab"):
        upload(workspace, "issues", ONE_OF_EACH["issues"], source=source)
    warehouse.publish(workspace)
    with home_of(tmp_path):
        told = texts(app()).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")
    for source in ("jira-cloud", "jira-lab"):
        assert re.search(
            rf"\[{source}\W+10 Nov 2026, 19:00 · 1 row]", re.sub(":small|:gray", "", told)
        )
    assert "Times in Asia/Tokyo." in told


def test_a_source_that_knows_days_alone_has_the_same_day_in_every_zone() -> None:
    state = SimpleNamespace(newest_at=datetime(2026, 11, 10), newest_on=date(2026, 11, 10))
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        assert sources._newest(state, zone) == show_date(date(2026, 11, 10))
