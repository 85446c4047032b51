"""Flow at 10 million events: percentiles against pandas, transitions against pm4py, whole pages.

    python -m venv bench/.venv && bench/.venv/bin/pip install pm4py==2.7.15.2
    python bench/flow.py [MILLIONS]

One event log, 7 events an item, 12 stages, some items coming back. The mart's columns (the stage
before, the wait, an item's path) are worked out once, when marts are built, and that is timed and
printed beside: a peer works them out at every question. Every side ends with the same numbers,
which are compared. pm4py (AGPL) is no part of the app: it runs in an environment of its own on the
same file, and only its two calls that give the transitions and their waits are timed there.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import duckdb
import pandas as pd

from analysis import stage_map
from bench.ratios import line, side_by_side
from data_access.compile import table_query
from data_access.duck import connect
from data_access.question import Query, Question
from metrics.model import Metric
from metrics.periods import Period
from metrics.scope import scope

PYTHON = Path(__file__).parent / ".venv" / "bin" / "python"
WINDOW = Period(date(2025, 1, 1), date(2027, 1, 1))
TODAY = date(2027, 1, 1)
# A page's questions stand with the analysis that asks them. Those of the page Flow follow from each
# other, so they are timed through a Store: bench/flow_page.py.
PAGES: dict[str, tuple[tuple[str, Metric], ...]] = {"Stages": stage_map.QUESTIONS}
THEIRS = """
import json, sys, time
import pandas as pd
import pm4py
log = pm4py.format_dataframe(pd.read_parquet(sys.argv[1]))
seconds = []
for _ in range(int(sys.argv[2])):
    started = time.perf_counter()
    counts, _, _ = pm4py.discover_dfg(log)
    waits, _, _ = pm4py.discover_performance_dfg(log)
    seconds.append(time.perf_counter() - started)
edges = [[*pair, n, waits[pair]["mean"], waits[pair]["median"]] for pair, n in counts.items()]
json.dump({"seconds": sorted(seconds)[len(seconds) // 2], "edges": edges}, sys.stdout)
"""


def log(con: duckdb.DuckDBPyConnection, rows: int) -> None:
    """The table `events`: source, item_id, stage, team and time, one row an event."""
    con.execute(
        f"""
        create table events as
        with stepped as (
            select
                i // 7 as item,
                i % 7 as step,
                hash(i) % 1000 / 1000.0 as draw,
                hash(i // 7 + 90000000) as item_hash,
                hash(i + 5000000) % 100 as turn
            from range({rows}) as r(i)
        )
        select
            'log' as source,
            'IT-' || lpad(item::varchar, 8, '0') as item_id,
            'Stage ' || chr((65 + case
                when turn < 8 and step > 1 then step - 2
                when turn < 20 then step + 1 + item_hash % 4
                else step
            end)::integer) as stage,
            'Team ' || (hash(item, step) % 5) as team,
            timestamp '2026-01-01' + to_minutes((item_hash % 400000)::bigint)
                + to_seconds((step * 90000 + draw * 80000)::bigint) as event_at
        from stepped
        """
    )


def marts(con: duckdb.DuckDBPyConnection) -> float:
    """The columns of the marts that the statistics read; returns the seconds they took."""
    started = time.perf_counter()
    con.execute("create type stage as enum (select distinct stage from events order by 1)")
    con.execute("create type outcome as enum ('done')")
    con.execute("create type team as enum (select distinct team from events order by 1)")
    con.execute(
        """
        create table visits as
        select
            source, item_id, cast(stage as stage) as stage, cast(team as team) as team,
            cast(lag(stage) over item as stage) as stage_before,
            cast(lag(team) over item as team) as team_before,
            row_number() over item as position,
            cast(date_diff('microsecond', lag(event_at) over item, event_at) / 3600000000.0
                as decimal(18, 9)) as stage_hours,
            cast(date_diff('microsecond', lag(event_at) over item, event_at) / 3600000000.0
                as decimal(18, 9)) as wait_hours,
            row_number() over (partition by source, item_id, stage order by event_at) > 1
                and stage <> lag(stage) over item as is_rework,
            false as has_bad_clock, cast('done' as outcome) as outcome,
            date '2026-06-01' as item_completed_on
        from events
        window item as (partition by source, item_id order by event_at)
        """
    )
    con.execute(
        """
        create table items as
        select
            source, item_id, string_agg(stage, ' → ' order by event_at) as path,
            count(*) as visits, count(*) - count(distinct stage) as rework_loops,
            date_diff('microsecond', min(event_at), max(event_at)) / 86400000000.0 as case_days,
            date '2026-06-01' as completed_on, min(event_at) + interval 6 day as due_at,
            max(event_at) as closed_at, max(event_at) as last_event_at
        from events
        group by source, item_id
        """
    )
    return time.perf_counter() - started


def asked(name: str, metric: Metric) -> Query:
    """The query of a page's question, as the Store asks it."""
    return table_query(name, Question((metric,), scope(WINDOW), TODAY))


def run(con: duckdb.DuckDBPyConnection, query: Query) -> pd.DataFrame:
    """Its answer, uncached."""
    return con.execute(query.text, dict(query.bound)).df()


def percentiles(con: duckdb.DuckDBPyConnection) -> None:
    """Time in each stage, median and 85th percentile: our statistic against pandas."""
    events = con.execute("select item_id, stage, event_at from events").df()
    events["item_id"] = events["item_id"].astype("category")
    events["stage"] = events["stage"].astype("category")
    query = asked("stage_nodes", dict(stage_map.QUESTIONS)["stage_nodes"])
    found: dict[str, pd.DataFrame] = {}

    def theirs() -> None:
        log = events.sort_values(["item_id", "event_at"])
        same = log["item_id"].cat.codes.diff() == 0
        hours = (log["event_at"].diff().dt.total_seconds() / 3600).where(same)
        groups = hours.groupby(log["stage"], observed=True)
        found["pandas"] = pd.DataFrame({q: groups.quantile(q) for q in (0.5, 0.85)})

    def ours() -> None:
        found["ours"] = run(con, query).set_index("stage")

    seconds = side_by_side({"ours": ours, "pandas": theirs}, runs=3)
    for column, share in (("median", 0.5), ("p85", 0.85)):
        gap = (found["ours"][column] - found["pandas"][share]).abs().max()
        assert gap < 1e-6, (column, gap)
    print(line("Percentiles by stage / pandas", seconds["ours"], seconds["pandas"], 1 / 8))


def transitions(con: duckdb.DuckDBPyConnection, folder: Path, rows: int) -> None:
    """Ways between stages with their waits: our statistic against pm4py, on the same events."""
    path = folder / "log.parquet"
    con.execute(
        f"""
        copy (
            select item_id as "case:concept:name", stage as "concept:name",
                event_at as "time:timestamp" from events
        ) to '{path.as_posix()}'
        """
    )
    query = asked("stage_edges", dict(stage_map.QUESTIONS)["stage_edges"])
    seconds = side_by_side({"ours": lambda: run(con, query)}, runs=5)["ours"]
    mine = run(con, query).set_index(["from_stage", "to_stage"])
    repeats = "1" if rows > 2_000_000 else "3"
    done = subprocess.run(
        [PYTHON, "-c", THEIRS, path, repeats], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print("pm4py could not answer:", *done.stderr.splitlines()[-1:])
        return
    told = json.loads(done.stdout)
    assert len(told["edges"]) == len(mine)
    for first, last, n, mean, median in told["edges"]:
        edge = mine.loc[(first, last)]
        assert edge["n"] == n
        assert abs(edge["mean"] - mean / 3600) < 1e-6 and abs(edge["median"] - median / 3600) < 1e-6
    print(line("Stage transition map / pm4py", seconds, told["seconds"], 1 / 20))


def pages(con: duckdb.DuckDBPyConnection) -> None:
    """Every question of each page, one after the other, never from the cache."""
    for page, questions in PAGES.items():
        contestants: dict[str, Callable[[], object]] = {
            name: partial(run, con, asked(name, metric)) for name, metric in questions
        }
        seconds = side_by_side(contestants, runs=3)
        whole = sum(seconds.values())
        parts = ", ".join(f"{name} {one * 1000:,.0f}" for name, one in seconds.items())
        verdict = "keeps" if whole <= 2 else "MISSES"
        print(f"Page {page}: {whole:.2f} s ({verdict} the limit of 2 s); ms: {parts}")


def main() -> None:
    """Print times and ratios."""
    rows = int(float(sys.argv[1] if len(sys.argv) > 1 else "10") * 1_000_000)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with connect(None, temp=folder / "temp", memory="8GB") as con:
            log(con, rows)
            print(f"{rows:,} events; their marts were made in {marts(con):.1f} s, once")
            pages(con)
            transitions(con, folder, rows)
            percentiles(con)


if __name__ == "__main__":
    main()
