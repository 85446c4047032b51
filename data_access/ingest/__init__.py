"""Ingest: from a file to checked rows, for the browser and the command line alike.

`prepare` gives a dry run, `accept` makes it an upload, `withdraw` and `restore` undo and redo.
"""

from __future__ import annotations

from data_access.ingest.accepting import accept, restore, withdraw
from data_access.ingest.describe import beside, describe, left_beside
from data_access.ingest.dry_run import prepare
from data_access.ingest.model import Answers, DryRun, Question, Refusal, Summary
from data_access.ingest.refused import RefusedRow
from data_access.ingest.staging import discard
from data_access.ingest.trackers import STATUS, status_names

__all__ = [
    "STATUS",
    "Answers",
    "DryRun",
    "Question",
    "Refusal",
    "RefusedRow",
    "Summary",
    "accept",
    "beside",
    "describe",
    "discard",
    "left_beside",
    "prepare",
    "restore",
    "status_names",
    "withdraw",
]
