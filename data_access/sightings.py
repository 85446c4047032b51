"""Which upload showed which key, and which columns it had: what changes between uploads need.

`history_<extract>` keeps a row only where it says something new, so it cannot tell when a key was
gone for a while, nor until when an old value still stood. Kept for extracts that are followed.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from data_access.extracts.model import Extract
from data_access.manifests import Upload


def keep(
    con: duckdb.DuckDBPyConnection, extract: Extract, in_order: Sequence[Upload], versions: str
) -> None:
    """Build `sightings_<extract>` and `columns_<extract>`.

    sightings: one row per key and upload in force that has it: source, the key's columns,
        replay_order, line (null where the upload refused its row).
    columns: one row per upload and column that its file had: replay_order, column_name. An upload
        whose manifest does not say what it had counts the columns in which it has any value.

    Args:
        con: a connection that may write; `load_uploads` has run.
        extract: a followed one.
        in_order: its uploads in the order of replay.
        versions: a SELECT of all their rows, with replay_order.
    """
    names = [part for part in extract.key if isinstance(part, str)]
    key = ", ".join(f'"{name}"' for name in names)
    parts = [f"select source, {key}, replay_order, line from ({versions}) as rows_of_all"]
    bound: dict[str, str] = {}
    for place, upload in enumerate(in_order, 1):
        if upload.refused and upload.seen_path.exists():
            bound |= {f"path_{place}": str(upload.seen_path), f"source_{place}": upload.source}
            parts.append(
                f"select $source_{place} as source, {key}, {place} as replay_order, null as line "
                f"from read_parquet($path_{place})"
            )
    con.execute(
        f"create or replace table sightings_{extract.name} as "
        f"select source, {key}, replay_order, max(line) as line "
        f"from ({' union all '.join(parts)}) as seen group by source, {key}, replay_order",
        bound,
    )
    _keep_columns(con, extract, in_order, versions)


def _keep_columns(
    con: duckdb.DuckDBPyConnection, extract: Extract, in_order: Sequence[Upload], versions: str
) -> None:
    con.execute(
        f"create or replace table columns_{extract.name} (replay_order bigint, column_name varchar)"
    )
    told = [
        (place, name)
        for place, upload in enumerate(in_order, 1)
        for name, headers in upload.mapping.items()
        if headers
    ]
    if told:
        con.executemany(f"insert into columns_{extract.name} values (?, ?)", told)
    silent = [place for place, upload in enumerate(in_order, 1) if not upload.mapping]
    if not silent:
        return
    found = " union all ".join(
        f"select replay_order, '{column.name}' as column_name from ({versions}) as rows_of_all "
        f"where list_contains($silent, replay_order) group by replay_order "
        f'having count("{column.name}") > 0'
        for column in extract.columns
    )
    con.execute(f"insert into columns_{extract.name} {found}", {"silent": silent})
