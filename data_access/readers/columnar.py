"""Parquet files."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data_access.readers.content import check_size
from data_access.readers.model import SAMPLE_ROWS, Asked, Detected
from metrics.errors import BadExtractError


def detect(path: Path, asked: Asked) -> Detected:
    """What a Parquet file holds.

    Raises:
        BadExtractError: it is damaged, or too large unpacked.
    """
    try:
        file = pq.ParquetFile(path)
        size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups))
        check_size(max(size, 1), asked.limit_bytes)
        header = tuple(file.schema_arrow.names)
        first = next(file.iter_batches(batch_size=SAMPLE_ROWS), None)
    except (pa.ArrowException, OSError) as error:
        raise BadExtractError(
            "The Parquet file is damaged: it cannot be read.", next_step="Export it again."
        ) from error
    rows = first.to_pylist() if first is not None else []
    return Detected(
        kind="parquet",
        path=path,
        header=header,
        is_typed=True,
        rows=file.metadata.num_rows,
        sample=tuple(tuple(_text(row[name]) for name in header) for row in rows),
    )


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)
