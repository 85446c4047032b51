"""CPU seconds of the weekly report in Word and Excel, warm, on the sample workspace.

python bench/report.py [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from data_access.records import Records
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.periods import last_complete_week
from reports import excel, word
from reports.weekly import build
from sample_data import build as build_sample

LIMIT = 2.5


def main() -> None:
    """Print the median CPU seconds of building the model and of laying out both files."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "sample")
        build_sample(workspace)
        store = Store.open(workspace)
        week, records = last_complete_week(store.today), Records(workspace)
        spans: list[tuple[float, float, float]] = []
        for turn in range(runs + 1):
            store._pinned._results.clear()  # a bench may: no answer comes from the cache
            marks = [time.process_time()]
            report = build(store, records, week)
            marks.append(time.process_time())
            docx = word.write(report)
            marks.append(time.process_time())
            xlsx = excel.write(report)
            marks.append(time.process_time())
            if turn:
                spans.append((marks[1] - marks[0], marks[2] - marks[1], marks[3] - marks[2]))
        model, as_word, as_excel = (statistics.median(part) for part in zip(*spans, strict=True))
        whole = statistics.median(sum(span) for span in spans)
        verdict = "keeps" if whole <= LIMIT else "MISSES"
        print(
            f"Weekly report: {whole:.2f} s CPU ({verdict} the limit of {LIMIT}): model "
            f"{model:.2f}, Word {as_word:.2f}, Excel {as_excel:.2f}; "
            f"docx {len(docx) / 1024:.0f} kB, xlsx {len(xlsx) / 1024:.0f} kB"
        )


if __name__ == "__main__":
    main()
