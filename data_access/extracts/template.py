"""Templates: a CSV file with the right header and one valid row, to fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data_access.extracts.model import Column, Extract
from data_access.text import csv_bytes


def template(extract: Extract) -> bytes:
    """The CSV template of an extract: its header and one example row, UTF-8 with BOM."""
    header = [column.name for column in extract.columns]
    return csv_bytes([header, [column.example for column in extract.columns]])


def corrected(
    extract: Extract, *, mapping: Mapping[str, Sequence[int]], rows: Sequence[Sequence[str]]
) -> bytes:
    """The user's own first rows under our header, with the missing required columns added, empty.

    Args:
        extract: what the file should be.
        mapping: our column → positions in the user's rows.
        rows: the user's first rows, as cells.
    """
    columns = [c for c in extract.columns if c.name in mapping or _is_wanted(extract, c, mapping)]
    out = [[column.name for column in columns]]
    out += [[_cell(row, mapping.get(column.name, ())) for column in columns] for row in rows]
    return csv_bytes(out)


def _is_wanted(extract: Extract, column: Column, mapping: Mapping[str, Sequence[int]]) -> bool:
    """Whether a column must be added: required, or the first of a group that is all missing."""
    heads = [group[0] for group in extract.one_of if not any(name in mapping for name in group)]
    return column.required or column.name in heads


def _cell(row: Sequence[str], positions: Sequence[int]) -> str:
    return next((row[i] for i in positions if i < len(row) and row[i].strip()), "")
