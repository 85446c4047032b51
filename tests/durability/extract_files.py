"""Small work logs for the durability tests: one batch a file, so that half a file would show."""

from __future__ import annotations

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
