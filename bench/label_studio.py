"""A 1 GB Label Studio JSON through `cli.py ingest`: rows, seconds, peak memory.

Run `python bench/label_studio.py [MB]`; it needs about three times as much disk for a while.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
LABELS = ("Date", "Time", "Person", "Department", "Age", "Firearm", "Experience")
TOPICS = ("Killed/Feloniously", "Suspect/Injured", "Situation/Pursuit", "Assignment/Police call")
START = datetime(2026, 1, 5, 8)


def region(dice: random.Random, number: int) -> dict:
    start = dice.randrange(1500)
    value = {
        "start": start,
        "end": start + 12,
        "text": "twelve chars",
        "labels": [dice.choice(LABELS)],
    }
    return {
        "id": f"r{number}", "type": "labels", "value": value, "origin": "manual",
        "to_name": "text", "from_name": "label",
    }  # fmt: skip


def annotation(dice: random.Random, own: int, task: int) -> dict:
    made = START + timedelta(seconds=own * 7)
    paths = [topic.split("/") for topic in dice.sample(TOPICS, dice.randrange(1, 4))]
    taxonomy = {
        "id": "t", "type": "taxonomy", "value": {"taxonomy": paths}, "origin": "manual",
        "to_name": "text", "from_name": "Category",
    }  # fmt: skip
    who = 1000 + dice.randrange(40)
    reviews = []
    if dice.random() < 0.3:
        reviews = [{
            "id": own * 10, "created_by": {"id": 2000, "email": "lead@example.org"},
            "created_at": f"{(made + timedelta(hours=5)).isoformat()}Z",
            "accepted": dice.random() < 0.85, "fixed_annotation_history": None,
        }]  # fmt: skip
    return {
        "id": own, "completed_by": {"id": who, "email": f"annotator{who}@example.org"},
        "result": [*(region(dice, n) for n in range(dice.randrange(4, 14))), taxonomy],
        "reviews": reviews, "was_cancelled": False, "ground_truth": dice.random() < 0.1,
        "created_at": f"{made.isoformat()}Z", "updated_at": f"{made.isoformat()}Z",
        "lead_time": round(dice.lognormvariate(5, 1), 3), "prediction": {}, "result_count": 0,
        "last_action": "submitted", "task": task, "project": 7,
    }  # fmt: skip


def write(path: Path, size: int) -> tuple[int, int]:
    """A file of that size; returns its tasks and annotations."""
    dice, tasks, own = random.Random(20261116), 0, 0
    text = "Officers of the department met the suspect near the bridge. " * 30
    with path.open("w", encoding="utf-8") as out:
        out.write("[")
        while out.tell() < size:
            tasks += 1
            made = [annotation(dice, own + n, tasks) for n in range(3)]
            own += 3
            task = {
                "id": tasks, "annotations": made, "drafts": [], "predictions": [],
                "agreement": round(dice.uniform(40, 100), 4), "data": {"text": text}, "meta": {},
                "inner_id": tasks, "total_annotations": 3, "project": 7,
            }  # fmt: skip
            out.write(f"{',' if tasks > 1 else ''}{json.dumps(task)}")
        out.write("]")
    return tasks, own


def main(megabytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.json"
        tasks, annotations = write(path, megabytes << 20)
        print(f"{path.stat().st_size / (1 << 20):,.0f} MB, {tasks:,} tasks, {annotations:,} ann.")
        command = [sys.executable, "cli.py", "ingest", path, "--yes", "--json"]
        began = time.monotonic()
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env={**os.environ, "PLUMBLINE_HOME": f"{folder}/home"},
            capture_output=True,
            text=True,
        )
        seconds = time.monotonic() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        if done.returncode:
            sys.exit(done.stderr or done.stdout)
        told = json.loads(done.stdout)
        also = ", ".join(f"{one['accepted']:,} {one['type']}" for one in told["also"])
        print(f"{told['accepted']:,} rows of {told['type']}; also {also}")
        print(f"{seconds:,.1f} s, peak {peak:,.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024)
