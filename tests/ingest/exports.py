"""Exports of annotation tools made in the tests, in the shapes that the tools write."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from data_access.ingest import DryRun
from data_access.workspace import Workspace
from tests.ingest.making import dry_run

Json = dict[str, Any]


def choice(*labels: str, field: str = "sentiment") -> Json:
    return {"from_name": field, "to_name": "text", "type": "choices",
            "value": {"choices": list(labels)}}  # fmt: skip


def span(label: str, start: int = 0, field: str = "label") -> Json:
    value = {"start": start, "end": start + 3, "text": "secret words", "labels": [label]}
    return {"from_name": field, "to_name": "text", "type": "labels", "value": value}


def annotation(own: int, *results: Json, by: object = 7, **more: Any) -> Json:
    return {
        "id": own, "completed_by": by, "result": list(results), "was_cancelled": False,
        "ground_truth": False, "created_at": "2026-11-09T10:00:00.000000Z",
        "updated_at": "2026-11-09T10:05:00.000000Z", "lead_time": 12.5, **more,
    }  # fmt: skip


def task(own: int, *annotations: Json, **more: Any) -> Json:
    return {"id": own, "annotations": list(annotations), "predictions": [],
            "data": {"text": "a text nobody keeps"}, "project": 58, **more}  # fmt: skip


def review(own: int, *, accepted: bool, **more: Any) -> Json:
    return {"id": own, "created_by": {"id": 2, "email": "lead@example.org"},
            "created_at": "2026-11-10T09:00:00.000000Z", "accepted": accepted, **more}  # fmt: skip


def read(
    workspace: Workspace, tmp_path: Path, content: object, *, name: str = "export.json", **more: str
) -> DryRun:
    """The dry run of a JSON value, or of a text as it is."""
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    return dry_run(workspace, tmp_path, text, name=name, **more)


def rows(found: DryRun) -> list[Json]:
    """The accepted rows, without the empty cells."""
    assert found.refusal is None, found.refusal
    table = pq.read_table(found.folder / "rows.parquet").to_pylist()
    return [{key: cell for key, cell in row.items() if cell is not None} for row in table]


def labels(found: DryRun) -> list[tuple[Any, ...]]:
    """(annotation, field, type, label, count) of every row, in the order of the file."""
    return [
        (row["annotation_id"], row.get("field"), row.get("field_type"), row.get("label"),
         row.get("label_count"))
        for row in rows(found)
    ]  # fmt: skip
