"""On random histories the warehouse tells what an independent comparison of the tables tells."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from analysis.issue_flow import FlowPoint, IssueFlow, issue_flow
from data_access import warehouse
from data_access.question import Query
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.periods import Period
from metrics.scope import NOT_RECORDED, scope
from tests import count
from tests.store import issue_histories as made
from tests.uploading import upload

CLOCK = datetime(2026, 12, 1, 9)
WHOLE = Period(date(2026, 8, 1), date(2026, 12, 1))


def store_of(root: Path, exports: list[made.Shown]) -> Store:
    """A store on the exports; those that came late were uploaded last."""
    workspace = Workspace(root)
    workspace.save_settings(Settings(hide_names=False))
    for export in sorted(exports, key=lambda one: one.is_late):
        upload(workspace, "issues", export.rows, as_of=export.as_of.isoformat())
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


@pytest.mark.slow
@pytest.mark.parametrize("has_exact", [True, False])
@pytest.mark.parametrize("seed", range(count(30)))
def test_the_changes_are_those_of_comparing_one_table_with_the_next(
    tmp_path: Path, seed: int, has_exact: bool
):
    draw = random.Random(seed)
    moments = made.exports_at(draw)
    exports = made.shown(draw, made.lives(draw, moments), moments, has_exact=has_exact)
    rows = store_of(tmp_path, exports)._pinned.fetch(
        Query(
            "select issue_key, kind, field, from_value, to_value, after_at, by_at "
            "from issue_transitions"
        )
    )
    expected = made.told(exports)
    assert len(rows) == len(expected) > 50
    assert set(rows) == expected
    assert {kind for _, kind, *_ in rows} > {"entered", "status", "resolved", "vanished"}


@pytest.mark.slow
@pytest.mark.parametrize("has_exact", [True, False])
@pytest.mark.parametrize("seed", range(count(30)))
def test_the_truth_of_every_day_lies_within_the_bounds_of_the_flow(
    tmp_path: Path, seed: int, has_exact: bool
):
    draw = random.Random(seed + 1000)
    moments = made.exports_at(draw)
    alive = made.lives(draw, moments)
    exports = made.shown(draw, alive, moments, has_exact=has_exact)
    flow = issue_flow(store_of(tmp_path, exports), scope(WHOLE))
    last = flow.points[-1].on
    assert flow.points[0].on == moments[0].date() and last == moments[-1].date()
    for day in sorted({point.on for point in flow.points} - {last}):
        end = datetime.combine(day, time()) + timedelta(days=1)
        states = [(life, life.at(end)) for life in alive if _is_ever_shown(life, moments)]
        truth = Counter(made.CATEGORY[state["status"]] for _, state in states if state)
        for category in ("To Do", "In Progress", "Done"):
            point = _of(flow, day, category)
            unknown = 0 if category == "Done" else _of(flow, day, NOT_RECORDED).high
            assert point.low <= truth[category] <= point.high + unknown, (day, category)


@pytest.mark.parametrize("has_exact", [True, False])
def test_the_bounds_hold_what_is_between_them_though_clocks_are_wrong(
    tmp_path: Path, has_exact: bool
):
    """A stay is drawn at least as long as it surely lasts, at most as long as it may."""
    draw = random.Random(50)
    moments = made.exports_at(draw)
    exports = made.shown(draw, made.lives(draw, moments), moments, has_exact=has_exact)
    times = ("created_at", "resolved_at", "category_changed_at", "updated_at")
    for row in (row for export in exports for row in export.rows):
        for name in [name for name in times if row.get(name) and draw.random() < 0.15]:
            row[name] += timedelta(days=draw.randrange(-40, 40))
    points = issue_flow(store_of(tmp_path, exports), scope(WHOLE)).points
    assert all(point.low <= point.value <= point.high for point in points)
    assert any(point.low < point.value < point.high for point in points)


def _is_ever_shown(life: made.Life, moments: list[datetime]) -> bool:
    return any(life.at(moment) is not None for moment in moments)


def _of(flow: IssueFlow, day: date, category: str) -> FlowPoint:
    found = [p for p in flow.points if (p.on, p.category) == (day, category)]
    return found[0] if found else FlowPoint(day, category, 0, 0, 0)
