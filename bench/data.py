"""Ratios of the data floor: ingest against a bare copy, a metric against the same SQL by hand.

    python bench/data.py [FOLDER]

Both on one million work-log rows. Times are medians of 5 rounds in which the sides take turns.
"""

from __future__ import annotations

import dataclasses
import itertools
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import duckdb

from bench import million
from bench.ratios import line, side_by_side
from data_access import readers
from data_access.duck import connect
from data_access.extracts import extract
from data_access.ingest import accept, columns, prepare
from data_access.ingest.check import check
from data_access.readers.model import Asked
from data_access.store import Store
from data_access.warehouse import current, publish
from data_access.workspace import Workspace
from metrics.catalog import metric
from metrics.periods import parse_period
from metrics.scope import Scope, scope

ANSWERS = {"source": "bench", "zone": "UTC", "coverage": "part", "closed_cases": "no"}
WINDOW = parse_period("2026-06-01..2026-10-31")

# The same answers, as a person who knows the tables would write them: the value, the rows behind
# it, and for a mean the standard deviation that its interval needs.
BY_HAND = {
    "items_completed": """
        select count(*), count(*) from items
        where completed_on >= date '2026-06-01' and completed_on < date '2026-11-01'""",
    "turnaround_p50": """
        select quantile_cont(turnaround_hours, 0.5), count(turnaround_hours) from items
        where completed_on >= date '2026-06-01' and completed_on < date '2026-11-01'""",
    "queue_time": """
        select avg(queue_hours), count(queue_hours), stddev_samp(queue_hours) from visits
        where item_completed_on >= date '2026-06-01' and item_completed_on < date '2026-11-01'""",
    "work_in_progress": """
        select count(*), count(*) from items
        where first_entered_on < date '2026-11-01'
            and (left_on is null or left_on >= date '2026-11-01')""",
}
BY_HAND_WEEKLY = """
    select
        date_trunc('week', item_completed_on) as week, stage,
        avg(queue_hours), count(queue_hours), stddev_samp(queue_hours)
    from visits
    where item_completed_on >= date '2026-06-01' and item_completed_on < date '2026-11-02'
    group by week, stage order by week, stage"""


def ingest(folder: Path, csv: Path) -> None:
    """The check of a file against a bare copy of it into a table of the same types."""
    kind = extract("work_log")
    asked = Asked(
        folder=folder,
        names=columns.known_names(),
        limit_bytes=2 << 30,
        answers=ANSWERS,
        progress=lambda _share, _text: None,
    )
    with csv.open(encoding="utf-8") as file:
        header = file.readline().strip().split(",")
    types = ", ".join(f'"{name}" {kind.column(name).type.sql}' for name in header)

    def ours() -> None:
        with connect(None, temp=folder / "temp") as con:
            con.execute("set python_enable_replacements = false")
            detected = readers.detect(csv, asked)
            checked = check(
                con, detected, columns.match(detected.header, kind, {}), asked=asked, zone="UTC"
            )
            assert getattr(checked, "accepted", 0) == million.ROWS

    def bare() -> None:
        with connect(None, temp=folder / "temp") as con:
            con.execute(f"create table work_log ({types})")
            con.execute(f"copy work_log from '{csv.as_posix()}' (header true)")

    seconds = side_by_side({"ours": ours, "bare": bare})
    print(line("Validated ingest / bare copy, 1M rows", seconds["ours"], seconds["bare"], 2.5))


def journey(workspace: Workspace, csv: Path) -> None:
    """What the rest of an upload takes: once, cold."""
    marks = [time.perf_counter()]
    dry_run = prepare(workspace, csv, file_name=csv.name, answers=ANSWERS, is_command_line=True)
    marks.append(time.perf_counter())
    accept(workspace, dry_run, by="bench", clock=workspace.clock(), publish=False)
    marks.append(time.perf_counter())
    publish(workspace)
    marks.append(time.perf_counter())
    spans = [f"{end - start:.1f} s" for start, end in itertools.pairwise(marks)]
    print(
        f"Dry run with diff {spans[0]}, accepted files {spans[1]}, publish {spans[2]} (once each)"
    )


def queries(workspace: Workspace) -> None:
    """Metrics through the Store, never from its cache, against the same SQL by hand."""
    store = Store.open(workspace)
    twin = workspace.root / "by-hand.duckdb"  # one process cannot open one file in two ways
    shutil.copyfile(workspace.warehouse / current(workspace), twin)
    asked = scope(WINDOW)
    by_hand = connect(twin, read_only=True)

    def fresh(window: Scope) -> None:
        store._pinned._results.clear()  # a bench may: it must never meet the cache
        for name in BY_HAND:
            store.value(metric(name), window)

    def hand() -> None:
        for text in BY_HAND.values():
            by_hand.cursor().execute(text).fetchall()

    for name, text in BY_HAND.items():
        found, (value, n, *_) = (
            store.value(metric(name), asked),
            by_hand.execute(text).fetchall()[0],
        )
        assert (found.value, found.n) == (float(value), n), (name, found, value, n)
    seconds = side_by_side({"store": lambda: fresh(asked), "hand": hand}, runs=15, warm=3)
    print(line("Four metrics through Store / by hand", seconds["store"], seconds["hand"], 1.15))

    def weekly() -> None:
        store._pinned._results.clear()
        store.series(metric("queue_time"), asked, "week", by="stage")

    seconds = side_by_side(
        {"store": weekly, "hand": lambda: by_hand.cursor().execute(BY_HAND_WEEKLY).fetchall()},
        runs=15,
        warm=3,
    )
    print(
        line(
            "A weekly series by stage through Store / by hand",
            seconds["store"],
            seconds["hand"],
            1.15,
        )
    )


def main() -> None:
    """Print every ratio."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="bench-"))
    csv = million.write(folder / "million.csv")
    print(f"duckdb {duckdb.__version__}, {csv.stat().st_size / 1e6:.0f} MB, medians of 5 rounds")
    ingest(folder, csv)
    workspace = Workspace(folder / "workspace")
    shutil.rmtree(workspace.root, ignore_errors=True)
    workspace.save_settings(
        dataclasses.replace(workspace.settings, fixed_clock="2026-11-16T08:00:00")
    )
    journey(workspace, csv)
    queries(workspace)


if __name__ == "__main__":
    main()
