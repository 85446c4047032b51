"""The tables of a tool's export, written out batch by batch as text cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_access.readers.model import SAMPLE_ROWS, Asked, Detected

ANNOTATION = (
    "annotation_id", "item_id", "annotator", "field", "field_type", "label", "number",
    "label_count", "created_at", "updated_at", "lead_time_seconds", "is_skipped", "is_gold",
    "last_action", "project", "dataset", "batch", "tool_agreement",
)  # fmt: skip
REVIEW = (
    "review_id", "item_id", "annotation_id", "project", "dataset", "review_stage", "annotator",
    "reviewer", "reviewed_at", "outcome",
)  # fmt: skip
_BATCH = 20_000
_NO_CELL = ""


class Table:
    """One table on its way to a file: `line`, `fault` and a text column per name.

    Names that no row fills are no columns of the table: see `header`.
    """

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self.path = path
        self.names = tuple(names)
        self.rows = 0
        self.faults = 0
        self._filled: set[str] = set()
        self._sample: list[tuple[str, ...]] = []
        self._batch: list[list[str | int | None]] = []
        self._schema = pa.schema(
            [
                ("line", pa.int64()),
                ("fault", pa.string()),
                *((f"c{i}", pa.string()) for i in range(len(self.names))),
            ]
        )
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")

    def __enter__(self) -> Table:
        """The table, to add rows to."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the last rows and close the file."""
        if kind is None:
            self._flush()
        self._writer.close()

    def add(self, line: int, row: Mapping[str, str]) -> None:
        """One row; names that it lacks are empty."""
        cells = [row.get(name, _NO_CELL) for name in self.names]
        if len(self._filled) < len(self.names):
            self._filled.update(name for name, cell in row.items() if cell)
        if len(self._sample) < SAMPLE_ROWS:
            self._sample.append(tuple(cells))
        self._put([line, None, *cells])

    def refuse(self, line: int, reason: str) -> None:
        """One row that cannot be read, with the reason."""
        self.faults += 1
        self._put([line, reason, *[None] * len(self.names)])

    def _put(self, cells: list[str | int | None]) -> None:
        self.rows += 1
        self._batch.append(cells)
        if len(self._batch) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if not self._batch:
            return
        columns = zip(*self._batch, strict=True)
        arrays = [
            _array(column, kind.type) for column, kind in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._batch.clear()

    def detected(
        self, extract: str, said: str, *, keeps: Sequence[str], is_typed: bool = True
    ) -> Detected:
        """What was written, as a table to check.

        Args:
            extract: its kind.
            said: the format, in words.
            keeps: names that are columns even when no row fills them.
            is_typed: notation of numbers and dates is no question.
        """
        header = tuple(name if name in self._filled or name in keeps else "" for name in self.names)
        return Detected(
            kind="tool",
            path=self.path,
            header=header,
            sample=tuple(self._sample),
            is_typed=is_typed,
            rows=self.rows,
            format=said,
            extract=extract,
        )


def _array(cells: Sequence[str | int | None], kind: pa.DataType) -> pa.Array:
    """Cells as a column, without what UTF-8 and the database cannot hold.

    Half of a surrogate pair, which JSON can spell, becomes a question mark; NULs go.
    """
    try:
        made = pa.array(cells, type=kind)
    except UnicodeEncodeError:
        whole = [c.encode("utf-8", "replace").decode() if isinstance(c, str) else c for c in cells]
        made = pa.array(whole, type=kind)
    return pc.replace_substring(made, "\0", "") if pa.types.is_string(kind) else made


def annotation_table(asked: Asked) -> Table:
    """A new table of annotations."""
    return Table(asked.folder / "annotations.parquet", ANNOTATION)


def review_table(asked: Asked) -> Table:
    """A new table of reviews."""
    return Table(asked.folder / "reviews.parquet", REVIEW)


def together(
    made: Table, reviewed: Table, said: str, notes: Sequence[str], *, is_typed: bool = True
) -> Detected:
    """Annotations, and the reviews beside them when there are some."""
    needed = ("annotation_id", "item_id", "annotator", "field", "label")
    main = made.detected("annotations", said, keeps=needed, is_typed=is_typed)
    also: tuple[Detected, ...] = ()
    if reviewed.rows:
        keeps = ("review_id", "item_id", "review_stage", "reviewed_at", "outcome")
        also = (reviewed.detected("reviews", said, keeps=keeps, is_typed=is_typed),)
    return replace(main, also=also).noting(*notes)
