"""The rows of a table that was told from its text, sheet or columns, with their lines."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow.parquet as pq

from data_access.readers.model import Detected
from data_access.readers.records import read_records

_BATCH = 10_000
Row = tuple[int, list[str], str]


def rows(detected: Detected) -> Iterator[Row]:
    """(line, cells as the header has them, why they cannot be read or "") of every row."""
    if detected.kind == "csv":
        for record in read_records(detected):
            yield record.line, [cell.strip() for cell in record.cells], record.reason
        return
    is_sheet = detected.kind == "excel"
    line = 0
    for batch in pq.ParquetFile(detected.path).iter_batches(batch_size=_BATCH):
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            line += 1
            cells = ["" if value is None else str(value).strip() for value in values]
            yield (int(cells[0]), cells[1:], "") if is_sheet else (line, cells, "")
