"""The replay of accepted files: per extract the newest version of each row, and every version.

Uploads are replayed in the order of their as-of time (ties: order of acceptance). Of two versions
that both have a time of their own, where their extract has one, the later is the newer; else the
one of the later file is, since a row's own time and a file's do not compare. A key that the newest
"everything" files of its source no longer have is kept and says since when it is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import duckdb

from data_access.extracts.model import Extract
from data_access.manifests import Upload
from data_access.sightings import keep

_UPLOADS = """
create or replace table uploads (
    upload_id varchar not null, extract varchar not null, source varchar not null,
    file_name varchar, sha256 varchar, accepted_at timestamp, accepted_by varchar,
    as_of timestamp not null, coverage varchar, is_closed_cases boolean, zone varchar,
    accepted_rows bigint, refused_rows bigint, withdrawn_at timestamp,
    replay_order bigint, gone_at timestamp
)
"""


def load_uploads(con: duckdb.DuckDBPyConnection, uploads: Sequence[Upload]) -> None:
    """Fill the table `uploads`.

    replay_order: 1, 2, … per extract in as-of order; null for a withdrawn upload.
    gone_at: the as-of time of the next "everything" upload of the same source: a key whose last
        upload is this one has been gone since then. Null when there is none.
    """
    con.execute(_UPLOADS)
    rows = []
    for extract in sorted({upload.extract for upload in uploads}):
        of_extract = [upload for upload in uploads if upload.extract == extract]
        forced = replayed(of_extract)
        places = {upload.upload_id: place for place, upload in enumerate(forced, 1)}
        gone = _gone_at(forced)
        for u in of_extract:
            rows.append(
                (
                    u.upload_id,
                    u.extract,
                    u.source,
                    u.file_name,
                    u.sha256,
                    u.accepted_at,
                    u.by,
                    u.as_of,
                    u.coverage,
                    u.is_closed_cases,
                    u.zone,
                    u.rows,
                    u.refused,
                    u.withdrawn_at,
                    places.get(u.upload_id),
                    gone.get(u.upload_id),
                )
            )
    if rows:
        con.executemany(f"insert into uploads values ({', '.join('?' * 16)})", rows)


def replayed(uploads: Iterable[Upload]) -> list[Upload]:
    """The uploads in force, in the order in which they are replayed."""
    in_force = [upload for upload in uploads if upload.withdrawn_at is None]
    return sorted(in_force, key=lambda upload: (upload.as_of, upload.upload_id))


def _gone_at(in_order: Sequence[Upload]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    next_full: dict[str, datetime] = {}
    for upload in reversed(in_order):
        if upload.source in next_full:
            found[upload.upload_id] = next_full[upload.source]
        if upload.coverage == "everything":
            next_full[upload.source] = upload.as_of
    return found


def closed_case_sources(uploads: Iterable[Upload]) -> list[str]:
    """The work-log sources whose newest upload says that they hold closed cases only."""
    says = {u.source: u.is_closed_cases for u in replayed(uploads) if u.extract == "work_log"}
    return sorted(source for source, is_closed in says.items() if is_closed)


def replay(con: duckdb.DuckDBPyConnection, extract: Extract, uploads: Sequence[Upload]) -> None:
    """Build `history_<extract>` and the view `current_<extract>`; `load_uploads` has run before.

    history: one row per version of a key that says something new: source, upload_id and line that
        said it first, the extract's columns, row_as_of, replay_order, version (1 is the key's
        first), is_newest, said_last_at (the newest as-of time that still said it), seen_last (the
        replay order of the newest upload that says it), vanished_at, own_last_at (the newest time
        of its own that a version of the key has, null for none), file_as_of (that of the newest
        file that says it).
    A followed extract also gets what `data_access/sightings.py` says.
    current: the newest version of each key: source, upload_id, line, the extract's columns,
        row_as_of (that of the newest file that says it), seen_last, vanished_at, own_last_at,
        file_as_of.
    """
    in_order = replayed(upload for upload in uploads if upload.extract == extract.name)
    sources = [upload.source for upload in in_order]
    versions = _versions(con, extract, in_order)
    if extract.is_followed:
        keep(con, extract, in_order, versions)
    if len(sources) > len(set(sources)):
        con.execute(
            "create or replace temp table versions as "
            f"select *, replay_order as seen_order from ({versions})"
        )
        _see_refused(con, extract, in_order)
        con.execute(f"create or replace table history_{extract.name} as {_compared(extract)}")
        con.execute("drop table versions")
    else:  # no key can be there twice
        con.execute(
            f"create or replace table history_{extract.name} as "
            "select * exclude (own_at, file_as_of), 1 as version, true as is_newest, "
            "row_as_of as said_last_at, replay_order as seen_last, "
            "cast(null as timestamp) as vanished_at, own_at as own_last_at, file_as_of "
            f"from ({versions})"
        )
    con.execute(
        f"create or replace view current_{extract.name} as "
        "select * exclude (replay_order, version, is_newest, said_last_at) "
        "replace (said_last_at as row_as_of) "
        f"from history_{extract.name} where is_newest"
    )


def _versions(con: duckdb.DuckDBPyConnection, extract: Extract, in_order: Sequence[Upload]) -> str:
    if not in_order:
        typed = ", ".join(f'cast(null as {c.type.sql}) as "{c.name}"' for c in extract.columns)
        return (
            "select cast(null as varchar) as source, cast(null as varchar) as upload_id, "
            f"cast(null as bigint) as line, {typed}, cast(null as timestamp) as row_as_of, "
            "cast(null as timestamp) as own_at, cast(null as timestamp) as file_as_of, "
            "cast(null as bigint) as replay_order where false"
        )
    paths = ", ".join("'" + u.rows_path.as_posix().replace("'", "''") + "'" for u in in_order)
    files = f"read_parquet([{paths}], union_by_name = true)"
    there = {row[0] for row in con.execute(f"describe select * from {files}").fetchall()}
    columns = ", ".join(
        f'cast({_column(c.name, there)} as {c.type.sql}) as "{c.name}"' for c in extract.columns
    )
    own_at = f"cast({_column(extract.as_of, there)} as timestamp)"
    return (
        f"select u.source, u.upload_id, cast(r.line as bigint) as line, {columns}, "
        f"coalesce({own_at}, u.as_of) as row_as_of, {own_at} as own_at, u.as_of as file_as_of, "
        "u.replay_order "
        f"from (select *, file_index from {files}) as r "
        f"inner join uploads as u on u.extract = '{extract.name}' "
        "and u.replay_order = r.file_index + 1"
    )


def _see_refused(
    con: duckdb.DuckDBPyConnection, extract: Extract, in_order: Sequence[Upload]
) -> None:
    """Take a key as still there when an upload refused its row: `seen.parquet` lists those keys."""
    places = {place: u for place, u in enumerate(in_order, 1) if u.refused}
    there = [(place, u) for place, u in places.items() if u.seen_path.exists()]
    for place, upload in there:
        names = dict.fromkeys(n for p in extract.key for n in ([p] if isinstance(p, str) else p))
        same = " and ".join(f'versions."{n}" is not distinct from refused."{n}"' for n in names)
        con.execute(
            f"update versions set seen_order = greatest(seen_order, {place}) "
            "from read_parquet($path) as refused "
            f"where versions.source = $source and {same}",
            {"path": str(upload.seen_path), "source": upload.source},
        )


def _column(name: str, there: set[str]) -> str:
    return f'r."{name}"' if name in there else "null"


def _key(extract: Extract) -> str:
    parts = ["source"]
    for part in extract.key:
        names = [part] if isinstance(part, str) else part
        parts.append("coalesce(" + ", ".join(f'"{name}"' for name in names) + ")")
    return ", ".join(parts)


def _names(extract: Extract) -> str:
    return ", ".join(f'"{column.name}"' for column in extract.columns)


def _compared(extract: Extract) -> str:
    """Of the table `versions`, in their order, those that say something new."""
    names, key = _names(extract), _key(extract)
    return f"""
{_placed(names, key)}
told as (
    select
        *,
        row_number() over (partition by {key} order by place) as version,
        row_number() over (partition by {key} order by place desc) = 1 as is_newest
    from placed
    where place = 1 or content <> content_before
)

select
    told.source, told.upload_id, told.line, {names}, told.row_as_of, told.replay_order,
    cast(told.version as integer) as version, told.is_newest,
    case when told.is_newest then told.said_last_at else told.row_as_of end as said_last_at,
    case when told.is_newest then told.seen_last else told.replay_order end as seen_last,
    case when told.is_newest then last_upload.gone_at end as vanished_at,
    told.own_last_at,
    case when told.is_newest then told.file_last_as_of else told.file_as_of end as file_as_of
from told
inner join (
    select replay_order, gone_at from uploads where extract = '{extract.name}'
) as last_upload
    on last_upload.replay_order = told.there_last
"""


def _placed(names: str, key: str) -> str:
    """The versions of each key in their order, as the relation `placed`.

    A version without a time of its own comes right after what the files before its own have.
    """
    return f"""
with dated as (
    select
        *,
        coalesce(own_at, max(own_at) over (partition by {key} order by replay_order)) as told_at
    from versions
),

placed as (
    select
        *,
        hash({names}) as content,
        lag(hash({names})) over version as content_before,
        row_number() over version as place,
        max(seen_order) over (partition by {key}) as there_last,
        last_value(seen_order) over (
            version rows between unbounded preceding and unbounded following
        ) as seen_last,
        max(row_as_of) over (partition by {key}) as said_last_at,
        max(own_at) over (partition by {key}) as own_last_at,
        last_value(file_as_of) over (
            version rows between unbounded preceding and unbounded following
        ) as file_last_as_of
    from dated
    window version as (partition by {key} order by told_at nulls first, replay_order, line)
),
"""
