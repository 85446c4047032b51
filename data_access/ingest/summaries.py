"""What each column of a checked file holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

import duckdb

from data_access.extracts.model import Column, Type
from data_access.ingest.check import Checked
from data_access.ingest.model import Summary

_EXACT_UP_TO = 200_000  # rows; above it, distinct values are estimated
_FEW = 10_000  # distinct values up to which the most frequent one says something


def summarize(
    con: duckdb.DuckDBPyConnection, checked: Checked, *, hides_names: bool
) -> tuple[Summary, ...]:
    """One summary per mapped column over the accepted rows; no person's name where hidden."""
    is_about = checked.accepted > _EXACT_UP_TO
    found = []
    for match in checked.columns.matched:
        column = match.column
        row = con.execute(f"select {_figures(column, is_about=is_about)} from {checked.kept}")
        filled, distinct, low, high, mean = row.fetchall()[0]
        hides = hides_names and column.is_person
        value, often = ("", 0) if hides else _most_frequent(con, checked, column, distinct)
        found.append(
            Summary(
                name=column.name,
                label=column.label,
                theirs=match.theirs,
                filled=filled,
                distinct=distinct,
                is_about=is_about,
                minimum=low or "",
                maximum=high or "",
                mean=mean,
                most_frequent=value,
                most_frequent_rows=often,
            )
        )
    return tuple(found)


def _figures(column: Column, *, is_about: bool) -> str:
    name = column.name
    distinct = f"approx_count_distinct({name})" if is_about else f"count(distinct {name})"
    has_range = column.type not in (Type.TEXT, Type.CHOICE, Type.BOOLEAN)
    bounds = f"min({name})::varchar, max({name})::varchar" if has_range else "null, null"
    is_number = column.type in (Type.INTEGER, Type.DECIMAL)
    return f"count({name}), {distinct}, {bounds}, {f'avg({name})' if is_number else 'null'}"


def _most_frequent(
    con: duckdb.DuckDBPyConnection, checked: Checked, column: Column, distinct: int
) -> tuple[str, int]:
    """The most frequent value and its rows; ("", 0) when there are too many values to matter."""
    if column.type in (Type.DATE, Type.TIMESTAMP) or not 0 < distinct <= _FEW:
        return "", 0
    value, rows = con.execute(
        f"select {column.name}::varchar, count(*) from {checked.kept} "
        f"and {column.name} is not null group by 1 order by 2 desc, 1 limit 1"
    ).fetchall()[0]
    return (str(value), int(rows)) if rows > 1 else ("", 0)


def stored(summaries: tuple[Summary, ...]) -> dict[str, dict[str, Any]]:
    """Summaries as plain values, for a manifest."""
    return {s.name: {k: v for k, v in asdict(s).items() if k != "name"} for s in summaries}


def read_back(
    stored_summaries: Mapping[str, Mapping[str, Any]], *, without: Collection[str]
) -> dict[str, Summary]:
    """The summaries of a manifest, those of some columns without their most frequent value."""
    hidden = {"most_frequent": "", "most_frequent_rows": 0}
    return {
        name: Summary(name=name, **{**values, **(hidden if name in without else {})})
        for name, values in stored_summaries.items()
    }
