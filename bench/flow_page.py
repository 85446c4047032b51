"""The whole Flow page's questions through the Store, uncached: limit 2 s at 10 million events.

    python bench/flow_page.py [MILLIONS] [FOLDER]

The log of bench/million.py, uploaded and published as a user would (not timed; minutes at 10
million), then `analysis.flow.flow`, which asks everything the page shows, never from the cache.
"""

from __future__ import annotations

import dataclasses
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from analysis.flow import flow
from bench import million
from bench.data import ANSWERS
from data_access.ingest import accept, prepare
from data_access.store import Store
from data_access.warehouse import publish
from data_access.workspace import Workspace
from metrics.periods import week
from metrics.scope import Scope

RUNS, LIMIT = 5, 2.0


def built(folder: Path, rows: int) -> Workspace:
    """A workspace with that many events."""
    workspace = Workspace(folder / "workspace")
    settings = dataclasses.replace(workspace.settings, fixed_clock="2026-11-16T08:00:00")
    workspace.save_settings(settings)
    csv = million.write(folder / "events.csv", rows=rows)
    dry_run = prepare(workspace, csv, file_name=csv.name, answers=ANSWERS, is_command_line=True)
    accept(workspace, dry_run, by="bench", clock=workspace.clock(), publish=False)
    publish(workspace)
    return workspace


def main() -> None:
    """Print the median time of the page's questions."""
    rows = int(float(sys.argv[1] if len(sys.argv) > 1 else 10) * 1_000_000)
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="bench-"))
    store = Store.open(built(folder, rows))
    seconds = []
    for _ in range(RUNS + 1):
        store._pinned._results.clear()  # a bench may: it must never meet the cache
        started = time.perf_counter()
        found = flow(store, Scope(week("2026-W45")))
        seconds.append(time.perf_counter() - started)
    whole = statistics.median(seconds[1:])
    verdict = "keeps" if whole <= LIMIT else "MISSES"
    print(f"{rows:,} events: {found.sentence}")
    print(f"Page Flow: {whole:.2f} s ({verdict} the limit of {LIMIT:.0f} s)")


if __name__ == "__main__":
    main()
