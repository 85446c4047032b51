"""Readers: one module per file format. Each says what table a file holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from data_access.readers import columnar, delimited, labeling, workbook
from data_access.readers.content import is_parquet, is_workbook, unpacked
from data_access.readers.model import Ask, Asked, Detected, plain

__all__ = ["Ask", "Asked", "Detected", "detect", "plain"]


def detect(path: Path, asked: Asked) -> Detected:
    """What table a file holds, whatever its name says.

    Raises:
        BadExtractError: it holds none; the message names what it really is.
    """
    table, notes = unpacked(path, asked)
    asked = replace(asked, names=asked.names | labeling.NAMES)
    if is_workbook(table):
        found = workbook.detect(table, asked)
    elif is_parquet(table):
        found = columnar.detect(table, asked)
    else:
        found = labeling.read_json(table, asked) or delimited.detect(table, asked)
    if found.kind != "tool":
        found = labeling.read_table(found, asked)
    return replace(found, notes=(*notes, *found.notes))
