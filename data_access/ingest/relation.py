"""The rows of a file as a relation of text cells, and the count that proves none is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from data_access.extracts.model import Type
from data_access.ingest import packed
from data_access.ingest.columns import Columns, Match
from data_access.readers.model import SPACES, Asked, Detected
from data_access.readers.records import CELL_LIMIT, Record, read_records
from metrics.errors import BadExtractError

_BATCH = 50_000
_PROBES = 1_000
_SPACE = "[" + "".join(f"\\x{{{ord(char):04x}}}" for char in SPACES) + "]"


@dataclass(frozen=True)
class Relation:
    """Text cells to read rows from.

    Attributes:
        sql: what stands after `from`.
        names: position in the file's rows → the column of `sql` that holds it.
        line: the expression of the row's line in the file; "" when it follows from the row's
            place, because every row is one line.
        fault: the column with the reason a row could not be read; "" when there is none.
        is_plain: see `Detected`.
        rows: how many rows an independent count found.
        probe: one of our text columns, and what the independent reader found in it at some rows:
            (row from 0, text).
    """

    sql: str
    names: dict[int, str]
    line: str = ""
    fault: str = ""
    is_plain: bool = False
    rows: int = 0
    probe: tuple[str, tuple[tuple[int, str], ...]] = ("", ())


def cell_sql(match: Match, relation: Relation) -> str:
    """SQL: the trimmed cell of one of our columns; null when it is empty."""
    cells = [_trimmed(relation.names[i], is_plain=relation.is_plain) for i in match.positions]
    if match.column.reads != "cell":
        return packed.sql(cells, match.column.reads)
    if len(cells) == 1:
        return cells[0]
    if match.column.repeats == "join":
        return f"nullif(concat_ws(', ', {', '.join(cells)}), '')"
    return f"coalesce({', '.join(cells if match.column.repeats == 'first' else cells[::-1])})"


def _trimmed(cell: str, *, is_plain: bool) -> str:
    if is_plain:
        # most cells have no space around them, and to see that is cheaper than to trim them
        has_space = f"{cell} like ' %' or {cell} like '% '"
        return f"case when {has_space} then nullif(trim({cell}), '') else {cell} end"
    return f"nullif(regexp_replace({cell}, '^{_SPACE}+|{_SPACE}+$', '', 'g'), '')"


def sql_text(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def fast(con: duckdb.DuckDBPyConnection, detected: Detected, columns: Columns) -> Relation | None:
    """The file read in parallel, or None when its rows are not one line each.

    Only for a text file whose lines, rows by DuckDB and rows by pyarrow can be compared: see
    `is_complete`.
    """
    if detected.has_breaks or detected.bad_lines or detected.quote == detected.delimiter:
        return None
    if detected.first_line != detected.header_line + 1:
        return None
    told = next((m for m in columns.matched if m.column.type is Type.TEXT), columns.matched[0])
    rows, probe = _read_by_arrow(detected, told.positions[0])
    if rows != detected.lines:
        return None
    names = {i: f"c{i}" for i in range(len(detected.header))}
    kinds = ", ".join(f"'{name}': 'varchar'" for name in names.values())
    con.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    sql = (
        f"read_csv({sql_text(detected.path.as_posix())}, auto_detect=false, header=false, "
        f"skip={detected.first_line - 1}, delim={sql_text(detected.delimiter)}, "
        f"quote={sql_text(detected.quote)}, escape={sql_text(detected.escape)}, "
        f"columns={{{kinds}}}, strict_mode=true, null_padding=false, store_rejects=true, "
        f"rejects_limit=0, max_line_size={CELL_LIMIT})"
    )
    return Relation(
        sql, names, is_plain=detected.is_plain, rows=rows, probe=(told.column.name, probe)
    )


def is_complete(con: duckdb.DuckDBPyConnection, relation: Relation, table: str) -> bool:
    """Whether a table made from `fast` holds every line, in the order of the file.

    DuckDB refused none, counts as pyarrow does, and has at the probed rows what pyarrow has there.
    """
    (refused,) = con.execute("select count(*) from reject_errors").fetchall()[0]
    (rows,) = con.execute(f"select count(*) from {table}").fetchall()[0]
    return bool(refused == 0 and rows == relation.rows) and _is_in_order(con, relation, table)


def _is_in_order(con: duckdb.DuckDBPyConnection, relation: Relation, table: str) -> bool:
    column, probe = relation.probe
    found = dict(
        con.execute(
            f"select rowid, {column}::varchar from {table} "
            f"where rowid % {_step(relation.rows)} = 0 and problems = 0"
        ).fetchall()
    )
    return all(found.get(row, text) == text for row, text in probe)


def _step(rows: int) -> int:
    return max(rows // _PROBES, 1)


def _read_by_arrow(detected: Detected, position: int) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Rows by a second parser that shares no code with the first, and one cell of some of them.

    Returns:
        (the count, -1 when it gives up; (row, trimmed text of the cell at the position)).
    """
    options: dict[str, Any] = {
        "read_options": pa_csv.ReadOptions(
            skip_rows=detected.first_line - 1, autogenerate_column_names=True, block_size=4 << 20
        ),
        "parse_options": pa_csv.ParseOptions(
            delimiter=detected.delimiter,
            quote_char=detected.quote,
            double_quote=detected.escape == detected.quote,
            escape_char=False if detected.escape == detected.quote else detected.escape,
        ),
        "convert_options": pa_csv.ConvertOptions(
            include_columns=[f"f{position}"], column_types={f"f{position}": pa.string()}
        ),
    }
    step, rows, probe = _step(detected.lines), 0, []
    try:
        with pa_csv.open_csv(detected.path, **options) as reader:
            for batch in reader:
                cells = batch.column(0)
                for at in range(-rows % step, len(cells), step):
                    text = (cells[at].as_py() or "").strip(SPACES)
                    if text and not text.startswith("#"):
                        probe.append((rows + at, text))
                rows += len(cells)
    except (pa.ArrowException, OSError, ValueError):
        return -1, ()
    return rows, tuple(probe)


def exact(
    con: duckdb.DuckDBPyConnection, detected: Detected, columns: Columns, asked: Asked
) -> Relation:
    """The file read line by line: every line is in a row, refused with a reason, or blank.

    Raises:
        BadExtractError: no row could not be read, yet DuckDB counts other rows.
    """
    positions = sorted({i for m in columns.matched for i in m.positions})
    target = asked.folder / "records.parquet"
    rows, faults = _write_records(detected, columns, positions, target, asked)
    if faults == 0:
        _compare(con, detected, rows)
    names = {position: f"c{i}" for i, position in enumerate(positions)}
    return Relation(
        f"read_parquet({sql_text(target.as_posix())})", names, line="line", fault="fault", rows=rows
    )


def _write_records(
    detected: Detected, columns: Columns, positions: Sequence[int], target: Path, asked: Asked
) -> tuple[int, int]:
    """Write the mapped cells of every record; returns how many records and how many faulty."""
    schema = pa.schema(
        [
            ("line", pa.int64()),
            ("fault", pa.string()),
            *((f"c{i}", pa.string()) for i in range(len(positions))),
        ]
    )
    telling = [
        m.positions[0]
        for m in columns.matched
        if m.column.required and m.column.type not in (Type.TEXT, Type.CHOICE)
    ]

    def stands_alone(cells: list[str]) -> bool:
        return all(any(c.isdigit() for c in cells[i]) for i in telling)

    rows = faults = 0
    batch: list[list[Any]] = []
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        for record in read_records(detected, stands_alone=stands_alone if telling else None):
            if not record.reason and not any(cell.strip(SPACES) for cell in record.cells):
                continue
            rows += 1
            faults += bool(record.reason)
            batch.append(_row(record, positions))
            if len(batch) >= _BATCH:
                writer.write_batch(_record_batch(batch, schema))
                batch.clear()
                share = min(record.line / max(detected.lines, 1), 1.0)
                asked.progress(0.1 + 0.3 * share, f"Reading line by line: {record.line:,} lines")
        if batch:
            writer.write_batch(_record_batch(batch, schema))
    return rows, faults


def _row(record: Record, positions: Sequence[int]) -> list[Any]:
    if record.reason:  # which cell is which cannot be told, so none is kept
        return [record.line, record.reason, *[None] * len(positions)]
    return [record.line, None, *(record.cells[i].replace("\0", "") for i in positions)]


def _record_batch(batch: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [list(column) for column in zip(*batch, strict=True)]
    arrays = [pa.array(c, type=field.type) for c, field in zip(columns, schema, strict=True)]
    return pa.record_batch(arrays, schema=schema)


def _compare(con: duckdb.DuckDBPyConnection, detected: Detected, rows: int) -> None:
    """Let DuckDB count the rows of the same file, not in parallel, and refuse when it differs."""
    columns = ", ".join(f"'c{i}': 'varchar'" for i in range(len(detected.header)))
    con.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    filled = " or ".join(f"not {_is_blank(f'c{i}')}" for i in range(len(detected.header)))
    (counted,) = con.execute(
        f"select count(*) filter (where {filled}) from read_csv(?, auto_detect=false, "
        f"header=false, skip={detected.first_line - 1}, delim=?, quote=?, escape=?, "
        f"columns={{{columns}}}, strict_mode=true, null_padding=false, store_rejects=true, "
        f"rejects_limit=0, max_line_size={CELL_LIMIT}, parallel=false)",
        [detected.path.as_posix(), detected.delimiter, detected.quote, detected.escape],
    ).fetchall()[0]
    (refused,) = con.execute(
        f"select count(distinct line) from reject_errors where not {_is_blank('csv_line')}"
    ).fetchall()[0]
    if counted + refused != rows:
        raise BadExtractError(
            "Two readers disagree on how many rows the file has: "
            f"{rows:,} and {counted + refused:,}.",
            next_step="Open it, save it again as CSV (UTF-8) and choose that file.",
        )


def _is_blank(cell: str) -> str:
    return f"coalesce(regexp_full_match({cell}, '{_SPACE}*'), true)"


def columnar(detected: Detected) -> Relation:
    """The rows of a Parquet file, every value as text."""
    quoted = [f'"{name.replace(chr(34), chr(34) * 2)}"' for name in detected.header]
    cells = ", ".join(f"{name}::varchar as c{i}" for i, name in enumerate(quoted))
    return Relation(
        f"(select file_row_number + 1 as line, {cells} from "
        f"read_parquet({sql_text(detected.path.as_posix())}, file_row_number=true))",
        {i: f"c{i}" for i in range(len(quoted))},
        line="line",
        rows=detected.rows or 0,
    )


def sheet(detected: Detected) -> Relation:
    """The rows of a workbook's sheet, which the reader wrote out as text."""
    return Relation(
        f"read_parquet({sql_text(detected.path.as_posix())})",
        {i: f"c{i}" for i in range(len(detected.header))},
        line="line",
        rows=detected.rows or 0,
    )


def export(detected: Detected) -> Relation:
    """The rows of an annotation tool's export, which the reader wrote out as text."""
    return replace(sheet(detected), fault="fault")
