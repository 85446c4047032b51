"""Accepted uploads written straight into a workspace, in the format that ingest leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from data_access import manifests
from data_access.extracts import EXTRACTS
from data_access.extracts.model import Type
from data_access.manifests import Upload
from data_access.workspace import Workspace

ARROW = {
    Type.TEXT: pa.string(),
    Type.CHOICE: pa.string(),
    Type.INTEGER: pa.int64(),
    Type.DECIMAL: pa.float64(),
    Type.BOOLEAN: pa.bool_(),
    Type.DATE: pa.date32(),
    Type.TIMESTAMP: pa.timestamp("us"),
}
Row = dict[str, Any]


def upload(
    workspace: Workspace,
    extract: str,
    rows: Sequence[Row],
    *,
    as_of: str = "2026-11-16",
    source: str = "tool",
    coverage: Literal["everything", "part"] = "everything",
    is_closed_cases: bool = False,
    refused: int = 0,
) -> Upload:
    """The upload, accepted; publish afterwards. Cells may be text; `line` defaults to 2, 3, …"""
    columns = EXTRACTS[extract].columns
    cells = {
        column.name: pa.array(
            [_cell(row.get(column.name), column.type) for row in rows], ARROW[column.type]
        )
        for column in columns
    }
    cells["line"] = pa.array([row.get("line", n) for n, row in enumerate(rows, 2)], pa.int64())
    return upload_table(
        workspace,
        extract,
        pa.table(cells),
        as_of=as_of,
        source=source,
        coverage=coverage,
        is_closed_cases=is_closed_cases,
        refused=refused,
    )


def upload_table(
    workspace: Workspace,
    extract: str,
    table: pa.Table,
    *,
    as_of: str = "2026-11-16",
    source: str = "tool",
    coverage: Literal["everything", "part"] = "everything",
    is_closed_cases: bool = False,
    refused: int = 0,
) -> Upload:
    """The upload of a table that has the extract's columns and `line`."""
    number = len(manifests.uploads(workspace)) + 1
    sha = hashlib.sha256(f"{number} {extract} {source}".encode()).hexdigest()
    done = Upload(
        upload_id=f"{number:06d}-{sha[:8]}",
        extract=extract,
        source=source,
        file_name=f"{extract}.csv",
        sha256=sha,
        accepted_at=datetime(2026, 11, 16, 9, number % 60),
        by="Test",
        as_of=datetime.fromisoformat(as_of),
        coverage=coverage,
        rows=table.num_rows,
        is_closed_cases=is_closed_cases,
        refused=refused,
        rows_path=workspace.uploads / f"{number:06d}-{sha[:8]}" / "rows.parquet",
    )
    done.rows_path.parent.mkdir(parents=True)
    pq.write_table(table, done.rows_path)
    manifests.write(workspace, done)
    return done


def _cell(value: Any, kind: Type) -> Any:
    if isinstance(value, str) and kind is Type.TIMESTAMP:
        return datetime.fromisoformat(value)
    if isinstance(value, str) and kind is Type.DATE:
        return date.fromisoformat(value)
    return value
