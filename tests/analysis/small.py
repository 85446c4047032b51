"""Small hand-made workspaces: a store on a few rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from tests.uploading import Row, upload

CLOCK = datetime(2026, 11, 16, 7)  # the Monday after 2026-W46
LAST_MONDAY = datetime(2026, 11, 9)


def store_of(
    root: Path,
    files: Mapping[str, Sequence[Row]],
    *,
    clock: datetime = CLOCK,
    refused: int = 0,
    hide_names: bool = False,
    zone: str = "UTC",
) -> Store:
    """A store on one upload per extract."""
    workspace = Workspace(root / "workspace")
    workspace.save_settings(Settings(hide_names=hide_names, reporting_zone=zone))
    for extract, rows in files.items():
        upload(workspace, extract, rows, refused=refused)
    warehouse.publish(workspace)
    return Store.open(workspace, clock=clock)


def monday(weeks_ago: int) -> datetime:
    """The Monday of 2026-W46, or of a week before it."""
    return LAST_MONDAY - timedelta(weeks=weeks_ago)


def visit(item: str, stage: str, entered: datetime, queue: float, touch: float, **more) -> Row:
    """A visit that waited and was worked on for so many hours."""
    started = entered + timedelta(hours=queue)
    return {
        "item_id": item,
        "project": "P",
        "stage": stage,
        "entered_at": entered,
        "started_at": started,
        "finished_at": started + timedelta(hours=touch),
    } | more


def two_stages(weeks_ago: int, waits: Sequence[float], **more) -> list[Row]:
    """Items of one week: 10 h queue and 2 h work, then each its wait and 1 h check."""
    rows = []
    for number, wait in enumerate(waits):
        item = f"W{weeks_ago:02d}-{number}"
        first = visit(item, "Work", monday(weeks_ago), 10, 2, **more)
        rows += [first, visit(item, "Check", first["finished_at"], wait, 1, **more)]
    return rows
