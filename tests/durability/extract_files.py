"""Small files for the durability tests: one batch a file, so that half a file would show."""

from __future__ import annotations

import json
from pathlib import Path

ROWS = 300
HEADER = "item_id,project,dataset,team,stage,entered_at,started_at,finished_at,batch"


def write(folder: Path, files: int) -> None:
    """`files` work logs of ROWS rows; file 3 holds the rows of batch B0003 and no other."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        batch = f"B{number:04d}"
        lines = [HEADER]
        for row in range(ROWS):
            hour, minute = divmod(row, 60)
            times = [
                f"2026-11-{2 + number % 20:02d} {8 + hour:02d}:{minute:02d}:{s:02d}"
                for s in (0, 20, 40)
            ]
            lines.append(f"{batch}-{row:04d},P,D,T,Review,{','.join(times)},{batch}")
        path = folder / f"worklog-{batch}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_exports(folder: Path, files: int) -> None:
    """`files` annotation exports of ROWS annotations, each with one review."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        tasks = [_task(number * ROWS + row) for row in range(ROWS)]
        path = folder / f"export-{number:04d}.json"
        path.write_text(json.dumps(tasks), encoding="utf-8")


def _task(own: int) -> dict[str, object]:
    time = f"2026-11-{2 + own % 20:02d}T08:00:00Z"
    value = {"choices": [("yes", "no")[own % 2]]}
    result = {"from_name": "answer", "to_name": "text", "type": "choices", "value": value}
    review = {"id": own, "created_by": 2, "created_at": time, "accepted": True}
    made = {"id": own, "completed_by": 1, "created_at": time, "updated_at": time,
            "result": [result], "reviews": [review]}  # fmt: skip
    return {"id": own, "annotations": [made], "data": {"text": "x"}}
