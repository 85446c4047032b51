"""The check of a file: typed rows, refused rows, and the proof that no row is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from data_access.extracts.model import Extract
from data_access.ingest import relation as relations
from data_access.ingest.columns import Columns
from data_access.ingest.notation import TIMES, Notation, from_sample, look_at_all
from data_access.ingest.relation import Relation, cell_sql
from data_access.ingest.typed import Flag, Problem, Statement, statement
from data_access.readers.model import Asked, Detected
from metrics.errors import BadExtractError

TABLE = "checked"
_WRITTEN = {
    "excel": relations.sheet, "parquet": relations.columnar, "tool": relations.export,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file whose every row was typed and checked.

    The rows lie in the temporary table `table`: the extract's columns, `line`, `problems`,
    `flags`, `raw`, `is_repeat`.

    Attributes:
        table: its name.
        columns: how the header fits.
        notation: how the cells were read.
        problems, flags: by bit of the table's columns of these names.
        raw: our columns in the list `raw`.
        rows: rows of the file; blank lines do not count.
        accepted: rows that are kept.
        refused: rows with a problem.
        repeated: rows that stand more than once in the file, alike: they count once.
        flagged: flags that some kept row has, with how many.
        keyless: refused rows whose key cannot be read.
        sentences: (column, reason) found in Python, by rowid.
        line: SQL of a row's line in the file.
        original_sql: selects the text of the mapped columns, as sent.
    """

    table: str
    columns: Columns
    notation: Notation
    problems: tuple[Problem, ...]
    flags: tuple[Flag, ...]
    raw: tuple[str, ...]
    rows: int
    accepted: int
    refused: int
    repeated: int
    flagged: tuple[tuple[Flag, int], ...]
    keyless: int
    sentences: Mapping[int, tuple[str, str]]
    line: str
    original_sql: str

    @property
    def kept(self) -> str:
        """SQL of the accepted rows, after `from`."""
        return f"{self.table} where problems = 0 and not is_repeat"


def check(
    con: duckdb.DuckDBPyConnection, detected: Detected, columns: Columns, *, asked: Asked, zone: str
) -> Checked | Notation:
    """Read, type and check every row of a file, and count them with a second parser.

    A text file is read in parallel when its lines, DuckDB's rows and pyarrow's rows agree, else
    line by line.

    Returns:
        The checked rows; or the notation as far as it is known, when a person must say how
        dates or numbers are meant.

    Raises:
        BadExtractError: two readers disagree on the number of rows.
    """
    con.execute("set timezone = 'UTC'")
    if detected.kind == "csv":
        quick = relations.fast(con, detected, columns)
        if quick is not None:
            asked.progress(0.1, "Reading and checking the rows")
            done = _checked(con, quick, detected, columns, asked=asked, zone=zone)
            if done is not None:
                return done
        asked.progress(0.1, "Reading line by line")
        slow = relations.exact(con, detected, columns, asked)
    else:
        slow = _WRITTEN[detected.kind](detected)
    done = _checked(con, slow, detected, columns, asked=asked, zone=zone)
    if done is None:
        raise BadExtractError(
            "Two readers disagree on how many rows the file has.",
            next_step="Save it again as CSV (UTF-8) and choose that file.",
        )
    return done


def _checked(
    con: duckdb.DuckDBPyConnection,
    relation: Relation,
    detected: Detected,
    columns: Columns,
    *,
    asked: Asked,
    zone: str,
) -> Checked | Notation | None:
    """The rows of a relation typed and checked; None when its count does not hold."""
    notation = from_sample(con, relation, detected, columns, answers=asked.answers, zone=zone)
    if notation.is_open:
        return notation
    made = _run(con, relation, columns, notation)
    if made is None:
        return None
    unread = _unread_dates(con, made, notation)
    if unread:
        fuller = look_at_all(
            con, relation, detected, columns, names=unread, answers=asked.answers, before=notation
        )
        if fuller.is_open:
            return fuller
        if any(fuller.dates[name].forms != notation.dates[name].forms for name in unread):
            notation = fuller
            made = _run(con, relation, columns, notation)
            if made is None:
                return None
    asked.progress(0.5, "Looking for keys that stand twice")
    sentences = _check_rows(con, columns.extract, made)
    line = relation.line or f"rowid + {detected.first_line}"
    _mark_repeats(con, columns.extract, made, line)
    return _counted(
        con,
        columns,
        notation,
        made,
        sentences,
        line=line,
        original_sql=_original_sql(relation, columns),
    )


def _run(
    con: duckdb.DuckDBPyConnection,
    relation: Relation,
    columns: Columns,
    notation: Notation,
) -> Statement | None:
    """Make the table; None when rows are missing from it or were read as something else."""
    made = statement(relation, columns, notation, TABLE)
    con.execute(made.sql)
    if relation.line:
        (rows,) = con.execute(f"select count(*) from {TABLE}").fetchall()[0]
        return made if rows == relation.rows else None
    if not relations.is_complete(con, relation, TABLE):
        return None
    whole = {m.column.name for m in columns.matched if m.column.reads == "cell"}
    nothing = " and ".join(
        f"raw[{i}] is null" for i, name in enumerate(made.raw, start=1) if name in whole
    )
    (blank,) = con.execute(
        f"select count(*) from {TABLE} where problems <> 0 and {nothing}"
    ).fetchall()[0]
    if blank:
        return None  # only the line-by-line reader sees whether the whole line is blank
    return made


def _unread_dates(con: duckdb.DuckDBPyConnection, made: Statement, notation: Notation) -> list[str]:
    """Date columns planned from the first rows in which some cell could not be read."""
    asked = [
        (bit, problem.column.name)
        for bit, problem in enumerate(made.problems)
        if problem.kind == "unreadable"
        and problem.column
        and problem.column.type in TIMES
        and notation.dates[problem.column.name].from_sample
    ]
    if not asked:
        return []
    counts = con.execute(
        "select "
        + ", ".join(f"count(*) filter (where problems & {1 << bit} <> 0)" for bit, _ in asked)
        + f" from {TABLE}"
    ).fetchall()[0]
    return [name for (_, name), count in zip(asked, counts, strict=True) if count]


def key_sql(extract: Extract, table: str = "") -> list[str]:
    """SQL of the key's parts; the first filled one of those that stand for each other."""
    dot = f"{table}." if table else ""
    found = []
    for part in extract.key:
        names = [f"{dot}{name}" for name in ([part] if isinstance(part, str) else part)]
        found.append(names[0] if len(names) == 1 else f"coalesce({', '.join(names)})")
    return found


def _mark_repeats(
    con: duckdb.DuckDBPyConnection, extract: Extract, made: Statement, line: str
) -> None:
    """Mark rows whose key stands more than once: alike rows count once, others are all refused.

    Leaves the table `repeats` with the lines each such key stands in.
    """
    parts = key_sql(extract)
    key = ", ".join(parts)
    con.execute("create or replace temp table repeats (row_id bigint, lines bigint[])")
    rows, keys = con.execute(
        f"select count(*), count(distinct hash({key})) from {TABLE} where problems = 0"
    ).fetchall()[0]
    if rows == keys:
        return
    values = ", ".join(column.name for column in extract.columns)
    con.execute(
        "create or replace temp table twice as "
        f"with suspect as (select hash({key}) as h from {TABLE} where problems = 0 "
        "group by 1 having count(*) > 1) "
        f"select min(rowid) as first_id, list(rowid) as row_ids, "
        f"list({line} order by rowid) as lines, "
        f"count(distinct row({values})) as contents from {TABLE} "
        f"where problems = 0 and hash({key}) in (select h from suspect) "
        f"group by {key} having count(*) > 1"
    )
    con.execute(
        f"update {TABLE} set is_repeat = true where rowid in (select row_id from "
        "(select unnest(row_ids) as row_id, first_id from twice where contents = 1) "
        "where row_id <> first_id)"
    )
    con.execute("insert into repeats select unnest(row_ids), lines from twice where contents > 1")
    con.execute(
        f"update {TABLE} set problems = problems | {1 << made.bit('repeated')}::ubigint "
        "where rowid in (select row_id from repeats)"
    )


def _check_rows(
    con: duckdb.DuckDBPyConnection, extract: Extract, made: Statement
) -> dict[int, tuple[str, str]]:
    """Run the extract's own row check over the rows that passed so far; mark those it refuses."""
    if extract.check_row is None:
        return {}
    names = [column.name for column in extract.columns]
    found: dict[int, tuple[str, str]] = {}
    rows = con.execute(
        f"select rowid, {', '.join(names)} from {TABLE} where problems = 0"
    ).fetchall()
    for row_id, *values in rows:
        broken = extract.check_row(dict(zip(names, values, strict=True)))
        if broken:
            found[row_id] = broken
    _mark(con, list(found), made.bit("row"))
    return found


def _mark(con: duckdb.DuckDBPyConnection, row_ids: Sequence[int], bit: int) -> None:
    """Add a problem to rows."""
    if row_ids:
        con.execute(
            f"update {TABLE} set problems = problems | {1 << bit}::ubigint "
            "where rowid in (select unnest(?::bigint[]))",
            [list(row_ids)],
        )


def _counted(
    con: duckdb.DuckDBPyConnection,
    columns: Columns,
    notation: Notation,
    made: Statement,
    sentences: Mapping[int, tuple[str, str]],
    *,
    line: str,
    original_sql: str,
) -> Checked:
    """The counts of the table."""
    bits = (
        ", ".join(
            f"count(*) filter (where problems = 0 and not is_repeat and flags & {1 << bit} <> 0)"
            for bit in range(len(made.flags))
        )
        or "0"
    )
    kind = columns.extract
    needed = [
        sql
        for part, sql in zip(kind.key, key_sql(kind), strict=True)
        if not isinstance(part, str) or kind.column(part).required
    ]
    no_key = " or ".join(f"{sql} is null" for sql in needed)
    rows, refused, keyless, repeated, *flagged = con.execute(
        f"select count(*), count(*) filter (where problems <> 0), "
        f"count(*) filter (where problems <> 0 and ({no_key})), "
        f"count(*) filter (where problems = 0 and is_repeat), {bits} from {TABLE}"
    ).fetchall()[0]
    return Checked(
        table=TABLE,
        columns=columns,
        notation=notation,
        problems=made.problems,
        flags=made.flags,
        raw=made.raw,
        rows=rows,
        accepted=rows - refused - repeated,
        refused=refused,
        repeated=repeated,
        keyless=keyless,
        sentences=sentences,
        line=line,
        original_sql=original_sql,
        flagged=tuple((f, n) for f, n in zip(made.flags, flagged, strict=False) if n),
    )


def _original_sql(relation: Relation, columns: Columns) -> str:
    """SQL of the mapped columns' text under their own headers, for the kept original."""
    shown = []
    for match in columns.matched:
        header = match.theirs.replace('"', '""')
        if match.column.reads != "cell":
            shown.append(f'{cell_sql(match, relation)} as "{header}: {match.column.name}"')
            continue
        for number, position in enumerate(match.positions, start=1):
            name = header if number == 1 else f"{header} ({number})"
            shown.append(f'{relation.names[position]} as "{name}"')
    kept = f" where {relation.fault} is null" if relation.fault else ""
    return f"select {', '.join(shown)} from {relation.sql}{kept}"
