"""Files made in the tests, with their truth known, and the short way to a dry run."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from data_access.ingest import DryRun, prepare
from data_access.workspace import Workspace

HEADER = ("review_id", "item_id", "review_stage", "reviewer", "reviewed_at", "outcome", "lot")
# What a source is asked once, so that a test of something else is not asked.
SETTLED = {"source": "tool", "coverage": "part", "zone": "UTC", "closed_cases": "no"}


def reviews(count: int) -> list[list[str]]:
    """Valid rows of the reviews extract."""
    outcomes = ("accepted", "fixed", "rejected")
    return [
        [
            f"R-{n:05d}",
            f"I-{n // 2:05d}",
            str(n % 2 + 1),
            f"Person {n % 7}",
            f"2026-11-{n % 28 + 1:02d} {n % 24:02d}:15:00",
            outcomes[n % 3],
            f"L{n % 5}",
        ]
        for n in range(count)
    ]


def text(
    rows: Sequence[Sequence[str]],
    *,
    header: Sequence[str] = HEADER,
    delimiter: str = ",",
    end: str = "\n",
) -> str:
    """The rows as delimited text, by the standard library's writer."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def dry_run(
    workspace: Workspace,
    tmp_path: Path,
    content: bytes | str,
    *,
    name: str = "reviews.csv",
    extract: str | None = None,
    **answers: str,
) -> DryRun:
    """The dry run of a file with that content; `date_order__x` stands for the key date_order:x.

    On the disk it has no ending, as the page keeps it: what a file is must be seen inside it.
    """
    path = tmp_path / f"upload {name}".replace(".", " ")
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    given = {**SETTLED, **{key.replace("__", ":"): value for key, value in answers.items()}}
    return prepare(workspace, path, file_name=name, extract=extract, answers=given)
