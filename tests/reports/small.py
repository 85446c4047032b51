"""Small workspaces for the report's test matrix: few weeks, awkward texts, nothing at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from data_access import warehouse
from data_access.records import Action, Decision, Opportunity, Records, Risk
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.periods import Period, week
from tests.uploading import Row, upload

CLOCK = datetime(2026, 11, 16, 7)
W46 = week("2026-W46")
_HOUR = timedelta(hours=1)


def store_of_weeks(
    root: Path,
    weeks: int,
    *,
    per_week: int = 30,
    text: str = "",
    is_flat: bool = False,
    skip: tuple[int, ...] = (),
) -> Store:
    """A store on so many weeks up to 2026-W46; 0 for an empty warehouse.

    Args:
        root: where the workspace goes.
        weeks: how many weeks have data.
        per_week: items of a week.
        text: goes into every text column.
        is_flat: every week is the same.
        skip: weeks ago that have no data.
    """
    workspace = Workspace(root / "workspace")
    workspace.save_settings(Settings(hide_names=not text))
    rows: dict[str, list[Row]] = {"work_log": [], "reviews": [], "issues": [], "deliveries": []}
    for ago in range(weeks):
        if ago not in skip:
            _week(rows, ago, per_week, text, wobble=0 if is_flat else (ago * 7) % 5)
    for extract, found in rows.items():
        if found:
            upload(workspace, extract, found)
    if weeks:
        warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


def _week(rows: dict[str, list[Row]], ago: int, count: int, text: str, *, wobble: int) -> None:
    monday = datetime(2026, 11, 9) - timedelta(weeks=ago)
    for i in range(count):
        item, at = f"{text}I{ago:02d}-{i:03d}", monday + timedelta(hours=8 + i % 40)
        shared = {"project": f"{text}P", "dataset": f"{text}D{i % 2}", "team": f"{text}T"}
        for number, stage in enumerate(("Annotate", "Review")):
            began = at + (2 + wobble) * _HOUR
            rows["work_log"].append({
                "item_id": item, "stage": f"{text}{stage}", "assignee": f"{text}Ann {i % 3}",
                "entered_at": at, "started_at": began, "finished_at": began + _HOUR, **shared,
            })  # fmt: skip
            at = began + _HOUR
            rows["reviews"].append({
                "review_id": f"{item}-{number}", "item_id": item, "review_stage": number + 1,
                "annotator": f"{text}Ann {i % 3}", "reviewer": f"{text}Rev {i % 2}",
                "reviewed_at": at, "outcome": "rejected" if i % (9 - wobble) == 0 else "accepted",
                "error_type": f"{text}Wrong" if i % (9 - wobble) == 0 else None, **shared,
            })  # fmt: skip
    for i in range(max(2, count // 10)):
        created = monday + timedelta(days=i % 5)
        rows["issues"].append({
            "issue_key": f"{text}K-{ago}-{i}", "project": f"{text}P", "team": f"{text}T",
            "type": f"{text}Bug", "summary": f"{text}Summary", "priority": f"{text}High",
            "status": "Done" if i % 3 else "Open", "assignee": f"{text}Ann", "created_at": created,
            "resolved_at": created + timedelta(days=2) if i % 3 else None,
            "due_on": (created + timedelta(days=3)).date(),
        })  # fmt: skip
        rows["deliveries"].append({
            "batch": f"{text}B-{ago}-{i}", "project": f"{text}P", "dataset": f"{text}D",
            "team": f"{text}R", "specification": f"{text}S",
            "promised_on": (monday + timedelta(days=3)).date(),
            "delivered_at": None if i == 1 and ago == 0 else monday + timedelta(days=2),
            "items_promised": 100, "items_delivered": 100, "items_accepted": 96,
        })  # fmt: skip


def records_of(store: Store, *, text: str = "", copies: int = 0) -> Records:
    """The store's records, with `copies` entries of every kind that hold the text."""
    records = Records(store.workspace)
    period: Period = W46
    for _ in range(copies):
        for entry in (
            Decision(text=f"{text}Decide", if_not=f"{text}Late", owner=f"{text}Boss"),
            Risk(text=f"{text}Risk", response=f"{text}Act", owner=f"{text}Own"),
            Opportunity(text=f"{text}Gain", gain=f"{text}1 h", evidence=f"{text}Pilot"),
            Action(text=f"{text}Do", owner=f"{text}Me", due_on=period.since),
        ):
            records.add(entry, period=period, by=f"{text}Lea", at=CLOCK)
    if copies:
        records.write_commentary(period.name, f"{text}Comment", by=f"{text}Lea", at=CLOCK)
    return records
