"""Excel workbooks: one sheet, its formulas' last computed values."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from data_access.readers.content import RATIO, check_size
from data_access.readers.model import HEADER_WITHIN, SAMPLE_ROWS, Ask, Asked, Detected, plain
from metrics.errors import BadExtractError

_MEMBERS = 1_000
_BATCH = 20_000
_DAMAGED = "Open it in Excel, save it as a new workbook or as CSV, and choose that file."


def detect(path: Path, asked: Asked) -> Detected:
    """What a workbook holds; the rows of the chosen sheet are written out as text.

    Raises:
        BadExtractError: it is damaged, protected, too large unpacked, or has no rows.
    """
    _check_members(path, asked.limit_bytes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path, asked)
    except BadExtractError:
        raise
    except Exception as error:
        raise BadExtractError(
            "The workbook is damaged: it cannot be read.",
            where=str(error)[:120],
            next_step=_DAMAGED,
        ) from error


def _check_members(path: Path, limit: int) -> None:
    """Look at the sizes the archive declares before anything is unpacked."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    size, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    check_size(size, limit)
    if len(members) > _MEMBERS or (size > 20 << 20 and size > packed * RATIO):
        raise BadExtractError(
            "The workbook unpacks to far more than a real one would.", next_step=_DAMAGED
        )


def _read(path: Path, asked: Asked) -> Detected:
    with path.open("rb") as file:  # by its path openpyxl would judge it by its ending
        return _read_book(file, path, asked)


def _read_book(file: BinaryIO, path: Path, asked: Asked) -> Detected:
    book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        filled = []
        for sheet in sheets:
            sheet.reset_dimensions()
            if next(_rows(sheet), None) is not None:
                filled.append(sheet)
        if not filled:
            raise BadExtractError("The workbook has no rows.", next_step="Look at it in Excel.")
        names = tuple(str(sheet.title) for sheet in filled)
        chosen = _choose(filled, asked)
        if isinstance(chosen, Ask):
            return Detected(kind="excel", path=path, sheets=names, ask=chosen)
        return _write(chosen, asked, sheets=names)
    finally:
        book.close()


def _choose(filled: Sequence[Any], asked: Asked) -> Any:
    """The sheet to read: the only one, the one answered, else a question with a suggestion."""
    names = [str(sheet.title) for sheet in filled]
    answer = asked.answers.get("sheet", "")
    if answer in names:
        return filled[names.index(answer)]
    if len(filled) == 1:
        return filled[0]
    scores = [_header(_rows(sheet), asked.names)[0] for sheet in filled]
    likely = [name for name, score in zip(names, scores, strict=True) if score == max(scores)]
    if len(likely) == 1 and max(scores) >= 2 and sorted(scores)[-2] == 0:
        return filled[names.index(likely[0])]
    return Ask(
        key="sheet",
        text="Several sheets of the workbook hold data. Which one is the extract?",
        choices=tuple(names),
        default=likely[0] if len(likely) == 1 else None,
    )


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells as text) of every row with a filled cell."""
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell is not None and cell != "" for cell in row):
            yield number, [_text(cell) for cell in row]


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without a point, dates and times in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="auto")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).replace("\r\n", "\n").replace("\0", "")


def _header(
    rows: Iterable[tuple[int, list[str]]], names: frozenset[str]
) -> tuple[int, int, list[str]]:
    """(known names, row number, cells) of the best header among the first rows."""
    best: tuple[int, int, list[str]] = (-1, 0, [])
    for count, (number, cells) in enumerate(rows):
        known = len({plain(cell) for cell in cells} & names)
        if known > best[0]:
            best = (known, number, cells)
        if count + 1 >= HEADER_WITHIN:
            break
    return best


def _write(sheet: Any, asked: Asked, *, sheets: tuple[str, ...]) -> Detected:
    """Write the rows after the header as Parquet of text cells with their row numbers."""
    _, header_row, header = _header(_rows(sheet), asked.names)
    while header and not header[-1].strip():
        header.pop()
    after = ((number, cells) for number, cells in _rows(sheet) if number > header_row)
    target = asked.folder / "sheet.parquet"
    sample: list[tuple[str, ...]] = []
    total = write_cells(target, after, width=len(header), sample=sample, asked=asked)
    return Detected(
        kind="excel",
        path=target,
        header=tuple(header),
        header_line=header_row,
        first_line=header_row + 1,
        sample=tuple(sample),
        is_typed=True,
        sheet=str(sheet.title),
        sheets=sheets,
        rows=total,
        notes=(f"The header is in row {header_row}.",) if header_row > 1 else (),
    )


def write_cells(
    target: Path,
    rows: Iterable[tuple[int, Sequence[str]]],
    *,
    width: int,
    sample: list[tuple[str, ...]],
    asked: Asked,
) -> int:
    """Write text cells as columns c0, c1 … beside `line`; returns how many rows there were."""
    schema = pa.schema([("line", pa.int64()), *((f"c{i}", pa.string()) for i in range(width))])
    total = 0
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        batch: list[tuple[int, list[str]]] = []
        for number, cells in rows:
            padded = [*cells[:width], *[""] * (width - len(cells))]
            batch.append((number, padded))
            if len(sample) < SAMPLE_ROWS:
                sample.append(tuple(padded))
            total += 1
            if len(batch) >= _BATCH:
                writer.write_batch(_batch(batch, schema))
                batch.clear()
                asked.progress(0.1, f"Reading the sheet: {total:,} rows")
        if batch:
            writer.write_batch(_batch(batch, schema))
    return total


def _batch(batch: Sequence[tuple[int, list[str]]], schema: pa.Schema) -> pa.RecordBatch:
    lines = [number for number, _ in batch]
    columns = zip(*(cells for _, cells in batch), strict=True)
    return pa.record_batch([lines, *(list(column) for column in columns)], schema=schema)
