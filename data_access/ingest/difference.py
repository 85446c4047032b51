"""What a checked file would change: rows new, changed, same and vanished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from data_access.extracts.model import Extract
from data_access.ingest.check import Checked, key_sql
from data_access.ingest.relation import sql_text
from data_access.manifests import Upload
from data_access.replay import load_uploads, replay
from data_access.warehouse import current, is_behind
from data_access.workspace import Workspace


@dataclass(frozen=True)
class Difference:
    """Counts of a file's accepted rows against the rows of its source before it.

    Attributes:
        new: keys not seen before.
        changed: keys with other values than now, or gone and back.
        same: keys with the same values, and `outdated` ones.
        outdated: rows older than those that are there; they change nothing.
        vanished: keys that a file with everything does not have any more.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    outdated: int = 0
    vanished: int = 0


def difference(
    con: duckdb.DuckDBPyConnection,
    checked: Checked,
    upload: Upload,
    *,
    workspace: Workspace,
    before: Sequence[Upload],
) -> Difference:
    """The counts, by one join with the current rows of the source.

    Args:
        con: holds the checked rows.
        checked: the file.
        upload: what the file would become; its rows are written already.
        workspace: where the rows before lie.
        before: uploads of the same kind and source, in force.
    """
    extract = checked.columns.extract
    if not before:
        return Difference(new=checked.accepted)
    _load_current(con, workspace, extract, before, upload.source)
    told = _compare(con, checked, extract, upload)
    if upload.coverage == "part":
        return replace(told, vanished=0)
    if upload.as_of < max(u.as_of for u in before):
        return replace(told, vanished=_vanished_by_replay(con, extract, [*before, upload]))
    return told


def elsewhere(
    con: duckdb.DuckDBPyConnection, checked: Checked, source: str, *, workspace: Workspace
) -> tuple[str, int]:
    """The other source that holds most of the file's keys, and how many; ("", 0) for none.

    Read from the snapshot in force; keys of another source are no mistake by themselves.
    """
    name = current(workspace)
    if not name:
        return "", 0
    extract = checked.columns.extract
    key = " and ".join(
        f"{part} is not distinct from {other}"
        for part, other in zip(key_sql(extract, "n"), key_sql(extract, "o"), strict=True)
    )
    path = sql_text((workspace.warehouse / name).as_posix())
    con.execute(f"attach {path} as snapshot (read_only)")
    try:
        found = con.execute(
            f"with n as (select * from {checked.kept}) select o.source, count(*) as rows from n "
            f"inner join snapshot.current_{extract.name} as o on {key} "
            "where o.source <> ? and o.vanished_at is null "
            "group by o.source order by rows desc, o.source limit 1",
            [source],
        ).fetchall()
    finally:
        con.execute("detach snapshot")
    return (str(found[0][0]), int(found[0][1])) if found else ("", 0)


def _load_current(
    con: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    extract: Extract,
    before: Sequence[Upload],
    source: str,
) -> None:
    """Make the temporary table `now`: the source's current rows, from the snapshot in force.

    When the snapshot is behind the accepted files, the rows are replayed from the files.
    """
    name = current(workspace)
    if name and not is_behind(workspace):
        path = sql_text((workspace.warehouse / name).as_posix())
        con.execute(f"attach {path} as snapshot (read_only)")
        try:
            con.execute(
                "create or replace temp table now as "
                f"select * from snapshot.current_{extract.name} where source = ?",
                [source],
            )
        finally:
            con.execute("detach snapshot")
        return
    load_uploads(con, before)
    replay(con, extract, before)
    con.execute(f"create or replace temp table now as select * from current_{extract.name}")


def _compare(
    con: duckdb.DuckDBPyConnection, checked: Checked, extract: Extract, upload: Upload
) -> Difference:
    names = [column.name for column in extract.columns]
    own_at = extract.as_of or "cast(null as timestamp)"
    keys = [f"{part} as k{i}" for i, part in enumerate(key_sql(extract))]
    on = " and ".join(f"n.k{i} is not distinct from o.k{i}" for i in range(len(keys)))
    differs = " or ".join(f"n.{name} is distinct from o.{name}" for name in names)
    counts = con.execute(
        f"with n as (select *, {', '.join(keys)}, {own_at} as own_at, true as is_there "
        f"from {checked.kept}), "
        f"o as (select *, {', '.join(keys)}, true as is_there from now), "
        f"r as (select {', '.join(keys)}, true as is_there from {checked.table} "
        "where problems <> 0), "
        f"pair as (select n.is_there as is_new, o.is_there as is_old, "
        f"o.vanished_at is not null as is_gone, ({differs}) as differs, "
        "case when n.own_at <> o.own_last_at then n.own_at < o.own_last_at "
        "else $as_of < o.file_as_of end as is_late, "
        f"exists (select 1 from r where {on.replace('n.', 'r.')}) "
        f"as is_refused from n full join o on {on}) "
        "select count(*) filter (where is_old is null), "
        "count(*) filter (where is_new and is_old and (is_gone or (differs and not is_late))), "
        "count(*) filter (where is_new and is_old and not is_gone and (not differs or is_late)), "
        "count(*) filter (where is_new and is_old and not is_gone and differs and is_late), "
        "count(*) filter (where is_new is null and not is_gone and not is_refused) from pair",
        {"as_of": upload.as_of},
    ).fetchall()[0]
    return Difference(*(int(count) for count in counts))


def has_newer_rows(
    con: duckdb.DuckDBPyConnection,
    checked: Checked,
    source: str,
    *,
    workspace: Workspace,
    before: Sequence[Upload],
) -> bool:
    """Whether a row has a later time of its own than that row has in the files before it.

    Then the file was made after them, whatever its newest time.
    """
    extract = checked.columns.extract
    if not extract.as_of or not before:
        return False
    _load_current(con, workspace, extract, before, source)
    on = " and ".join(
        f"{part} is not distinct from {other}"
        for part, other in zip(key_sql(extract, "n"), key_sql(extract, "o"), strict=True)
    )
    (found,) = con.execute(
        f"with n as (select * from {checked.kept}) "
        f"select exists (select 1 from n inner join now as o on {on} "
        f"where n.{extract.as_of} > o.own_last_at)"
    ).fetchall()[0]
    return bool(found)


def _vanished_by_replay(
    con: duckdb.DuckDBPyConnection, extract: Extract, all_uploads: Sequence[Upload]
) -> int:
    """How many rows of `now` are gone once an upload older than others is replayed in its place."""
    load_uploads(con, all_uploads)
    replay(con, extract, all_uploads)
    key = " and ".join(
        f"{part} is not distinct from {other}"
        for part, other in zip(key_sql(extract, "o"), key_sql(extract, "n"), strict=True)
    )
    (count,) = con.execute(
        f"select count(*) from now as o inner join current_{extract.name} as n on {key} "
        "where o.vanished_at is null and n.vanished_at is not null"
    ).fetchall()[0]
    return int(count)
