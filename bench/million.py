"""One million work-log rows as a CSV file, the same for every bench.

200,000 items in 5 stages over 26 weeks. Made by DuckDB with a hash for a random number, so it is
quick and the same on every machine.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

ROWS = 1_000_000

_SQL = """
copy (
    with visit as (
        select
            i // 5 as item,
            i % 5 as stage_number,
            hash(i) % 1000 / 1000.0 as wait,
            hash(i + 7000000) % 1000 / 1000.0 as work,
            hash(i // 5 + 90000000) as item_hash
        from range({rows}) as r(i)
    ),
    timed as (
        select
            *,
            timestamp '2026-05-18 00:00:00'
                + to_minutes((item_hash % 252000)::bigint)
                + to_minutes((stage_number * 540 + wait * 300)::bigint) as entered
        from visit
    )
    select
        'IT-' || lpad(item::varchar, 7, '0') as item_id,
        'Project ' || (item_hash % 3) as project,
        'Dataset ' || (item_hash % 12) as dataset,
        'Team ' || (item_hash % 5) as team,
        ['Intake', 'Annotation', 'First review', 'Second review', 'Delivery'][stage_number + 1]
            as stage,
        'Person ' || (hash(item, stage_number) % 40) as assignee,
        strftime(entered, '%Y-%m-%d %H:%M:%S') as entered_at,
        strftime(entered + to_minutes((wait * 200)::bigint), '%Y-%m-%d %H:%M:%S') as started_at,
        strftime(entered + to_minutes((wait * 200 + 5 + work * 30)::bigint), '%Y-%m-%d %H:%M:%S')
            as finished_at,
        'done' as outcome,
        'B-' || (item_hash % 60) as batch
    from timed
    order by item, stage_number
) to '{path}' (header true)
"""


def write(path: Path, *, rows: int = ROWS) -> Path:
    """The file, written unless it is there already."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as con:
            con.execute(_SQL.format(rows=rows, path=path.as_posix()))
    return path


if __name__ == "__main__":
    import sys

    print(write(Path(sys.argv[1])))
