"""Words of a choice column that nobody knows yet: asked about once, like a status category."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from data_access.extracts.model import Column
from data_access.ingest.columns import Columns
from data_access.ingest.relation import Relation, cell_sql, sql_text

REFUSE = "refuse these rows"
_MANY = 12  # a column with more unknown words holds something else, and its rows are refused
_RARE = 20  # one in so many rows is refused, not asked about


def spellings(column: Column) -> dict[str, str]:
    """Every word that is known for a choice, in lower case → the choice."""
    known = {choice.casefold(): choice for choice in column.choices}
    return known | {other.casefold(): one for other, one in column.choice_aliases.items()}


def unknown_words(
    con: duckdb.DuckDBPyConnection,
    relation: Relation,
    columns: Columns,
    answers: Mapping[str, str],
) -> dict[str, dict[str, str]]:
    """By our column, what a person said each unknown word means; "" where it is to be asked.

    Only columns that ask are looked at, and only when their unknown words are few and frequent.
    """
    found: dict[str, dict[str, str]] = {}
    for match in columns.matched:
        column = match.column
        if not column.asks:
            continue
        known = ", ".join(sql_text(word) for word in spellings(column))
        rows = con.execute(
            f"select word, count(*), sum(count(*)) over () "
            f"from (select lower({cell_sql(match, relation)}) as word from {relation.sql}) "
            "where word is not null group by word "
            f"qualify word not in ({known}) order by count(*) desc, word"
        ).fetchall()
        unknown = sum(row[1] for row in rows)
        if rows and len(rows) <= _MANY and unknown * _RARE > rows[0][2]:
            found[column.name] = {
                word: answers.get(f"choice:{column.name}:{word}", "") for word, _, _ in rows
            }
    return found
