"""A process that reads all the time and writes a report now and then; it stops on a closed stdin.

It prints one line for every read that shows half a file, and a last line with its counts.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from data_access.records import Records
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.catalog import metric
from metrics.periods import parse_period
from metrics.scope import Scope
from reports import excel, word
from reports.weekly import build
from tests.durability.extract_files import ROWS

WINDOW = Scope(parse_period("2026-11"))


def main(root: str) -> None:
    workspace = Workspace(Path(root))
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    reads = reports = 0
    print("READY", flush=True)
    while not stop.is_set():
        store = Store.open(workspace)
        frame = store.breakdown(metric("stage_events"), WINDOW, "batch")
        halves = [(row.segment, row.n) for row in frame.itertuples() if row.n != ROWS]
        if halves:
            print(f"HALF {store.snapshot} {halves}", flush=True)
        reads += 1
        stop.wait(0.05)
        if reads % 40 == 1:
            report = build(store, Records(workspace), WINDOW.period, kind="period")
            assert word.write(report)
            assert excel.write(report)
            reports += 1
    print(f"COUNTED {reads} {reports}", flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
