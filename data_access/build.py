"""The building of a snapshot's tables, and of only those whose makings changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from data_access.extracts import EXTRACTS
from data_access.extracts.model import Extract
from data_access.manifests import Upload
from data_access.marts import SQL, Mart, marts, staging_order, staging_text
from data_access.people import is_long, pseudonyms
from data_access.replay import closed_case_sources, load_uploads, replay
from data_access.workspace import Settings

_BUILDERS = (
    "build.py",
    "people.py",
    "replay.py",
    "sightings.py",
)  # a change in them builds every table again
_MOST_NAMES = 10_000  # a dimension with more different values stays text
_PEOPLE = {
    extract.name: tuple(column.name for column in extract.columns if column.is_person)
    for extract in EXTRACTS.values()
}
_IDS = {  # some readers make these of what the tool says and who it was: "CT-7|A. Novak"
    extract.name: tuple(
        column.name for column in extract.columns if column.name in ("annotation_id", "review_id")
    )
    for extract in EXTRACTS.values()
}


@dataclass(frozen=True)
class Makings:
    """What a snapshot is made from.

    Attributes:
        settings: zone, names and terminal stages.
        uploads: every upload with a manifest.
    """

    settings: Settings
    uploads: Sequence[Upload]

    def digest(self) -> str:
        """A digest of everything the tables follow from."""
        per_extract = {name: self.of_extract(name) for name in EXTRACTS}
        per_mart = {mart.name: self.of_mart(mart, {}) for mart in marts().values()}
        return _digest([per_extract, per_mart, self._listed()])

    def _listed(self) -> list[tuple[str, str]]:
        return sorted((u.upload_id, str(u.withdrawn_at)) for u in self.uploads)

    def of_extract(self, name: str) -> str:
        """A digest of what `current_<name>` and `history_<name>` follow from."""
        extract = EXTRACTS[name]
        uploads = sorted(
            (u.upload_id, u.source, u.as_of.isoformat(), u.coverage, str(u.is_closed_cases))
            for u in self.uploads
            if u.extract == name and u.withdrawn_at is None
        )
        shape = [(column.name, column.type.value) for column in extract.columns]
        return _digest([_code(), shape, list(extract.key), extract.as_of, uploads])

    def of_mart(self, mart: Mart, long_names: dict[str, str]) -> str:
        """A digest of what a mart follows from."""
        staged = [staging_text(name) for name in staging_order(mart.text)]
        macros = (SQL / "macros.sql").read_text(encoding="utf-8")
        settings = self.settings
        stages = sorted(settings.terminal_stages.items()) if "work_log" in mart.extracts else []
        hidden = [settings.hide_names, settings.salt, sorted(long_names.items())]
        return _digest(
            [
                _code(),
                mart.text,
                staged,
                macros,
                settings.reporting_zone,
                stages,
                hidden,
                [self.of_extract(name) for name in sorted(mart.extracts)],
            ]
        )


def build(
    con: duckdb.DuckDBPyConnection, makings: Makings, forced: Iterable[str] | None
) -> list[str]:
    """Bring the tables of an opened snapshot up to its makings.

    Returns:
        The names of the tables built; the others stood already as they should.

    Args:
        con: a connection that may write.
        makings: what to build from.
        forced: extracts to build again in any case; None for all of them.
    """
    stale = _clear(con, makings, forced)
    con.execute("begin")
    load_uploads(con, makings.uploads)
    built = [table for extract in stale for table in _build_extract(con, makings, extract)]
    long_names = _name_people(con, makings.settings)
    _prepare(con, makings)
    for mart in marts().values():
        digest = makings.of_mart(mart, long_names)
        if not _stands(con, f"mart {mart.name}", digest):
            _build_mart(con, mart)
            _note(con, f"mart {mart.name}", digest)
            built.append(mart.name)
    _keep_terminal_stages(con, built)
    _measure_days(con)
    _keep_settings(con, makings.settings)
    con.execute("commit")
    con.execute("checkpoint")
    return built


def _clear(
    con: duckdb.DuckDBPyConnection, makings: Makings, forced: Iterable[str] | None
) -> list[Extract]:
    """Drop the tables to build again, so that the file reuses their room; their extracts."""
    con.execute("create table if not exists build (name varchar primary key, digest varchar)")
    again = set(EXTRACTS) if forced is None else set(forced)
    stale = [
        extract
        for extract in EXTRACTS.values()
        if extract.name in again
        or not _stands(con, f"extract {extract.name}", makings.of_extract(extract.name))
    ]
    names = {extract.name for extract in stale}
    con.execute("begin")
    for extract in stale:
        con.execute(f"drop view if exists current_{extract.name}")
        for kept in ("history", "sightings", "columns"):
            con.execute(f"drop table if exists {kept}_{extract.name}")
    for mart in marts().values():
        if mart.extracts & names:
            con.execute(f"drop table if exists {mart.name}")
            con.execute("delete from build where name = $name", {"name": f"mart {mart.name}"})
    con.execute("commit")
    con.execute("checkpoint")
    return stale


def _build_extract(
    con: duckdb.DuckDBPyConnection, makings: Makings, extract: Extract
) -> tuple[str, ...]:
    replay(con, extract, makings.uploads)
    _note(con, f"extract {extract.name}", makings.of_extract(extract.name))
    return (f"current_{extract.name}", f"history_{extract.name}")


def _stands(con: duckdb.DuckDBPyConnection, name: str, digest: str) -> bool:
    query = "select count(*) from build where name = $name and digest = $digest"
    return con.execute(query, {"name": name, "digest": digest}).fetchall() == [(1,)]


def _note(con: duckdb.DuckDBPyConnection, name: str, digest: str) -> None:
    con.execute(
        "insert or replace into build values ($name, $digest)", {"name": name, "digest": digest}
    )


def _name_people(con: duckdb.DuckDBPyConnection, settings: Settings) -> dict[str, str]:
    """Fill `people` (name, pseudonym); returns those whose short code was taken."""
    parts = [
        f'select "{column}" as name from history_{extract}'
        for extract, columns in _PEOPLE.items()
        for column in columns
    ]
    everybody = f"select distinct name from ({' union all '.join(parts)}) where name is not null"
    names = [row[0] for row in con.execute(everybody).fetchall()]
    shown = pseudonyms(names, salt=settings.salt)
    con.execute("create or replace table people (name varchar, pseudonym varchar)")
    if shown:
        con.execute(
            "insert into people select unnest($names), unnest($shown)",
            {"names": list(shown), "shown": list(shown.values())},
        )
    return {name: code for name, code in shown.items() if is_long(code)}


def _prepare(con: duckdb.DuckDBPyConnection, makings: Makings) -> None:
    """Make the macros, the shown extracts and the small tables that staging reads."""
    settings = makings.settings
    con.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
    zone = settings.reporting_zone.replace("'", "''")
    local = "moment" if zone == "UTC" else f"timezone('{zone}', timezone('UTC', moment))"
    con.execute(f"create or replace temp macro local_day(moment) as cast({local} as date)")
    for extract, columns in _PEOPLE.items():
        for rows, shown in (
            (f"current_{extract}", "shown"),
            (f"history_{extract}", "shown_history"),
        ):
            con.execute(_shown(rows, f"{shown}_{extract}", extract, columns, settings.hide_names))
    con.execute("create or replace temp table closed_case_sources (source varchar)")
    con.execute(
        "insert into closed_case_sources select unnest($sources)",
        {"sources": closed_case_sources(makings.uploads)},
    )
    con.execute(
        "create or replace temp table chosen_terminal_stages (project varchar, stage varchar)"
    )
    con.execute(
        "insert into chosen_terminal_stages select unnest($projects), unnest($stages)",
        {
            "projects": list(settings.terminal_stages),
            "stages": list(settings.terminal_stages.values()),
        },
    )


def _shown(rows: str, name: str, extract: str, columns: tuple[str, ...], hide_names: bool) -> str:
    view = f"create or replace temp view {name} as select "
    if not (columns and hide_names):
        return f"{view} * from {rows}"
    shown = ", ".join(
        [
            *(f'{column}_person.pseudonym as "{column}"' for column in columns),
            *(f'{_without_names(each, columns)} as "{each}"' for each in _IDS[extract]),
        ]
    )
    joins = " ".join(
        f'left join people as {column}_person on {column}_person.name = log."{column}"'
        for column in columns
    )
    return f"{view} log.* replace ({shown}) from {rows} as log {joins}"


def _without_names(name: str, people: Sequence[str]) -> str:
    """SQL of an id in which the people of its row stand, between bars, under their pseudonyms."""
    whole = f"""('|' || log."{name}" || '|')"""
    for column in people:
        person = f"""coalesce('|' || log."{column}" || '|', '')"""
        whole = f"replace({whole}, {person}, coalesce('|' || {column}_person.pseudonym || '|', ''))"
    return f"{whole}[2:-2]"


def _build_mart(con: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    """Build a mart's table, its dimensions as enumerations, which group and filter faster."""
    for name in staging_order(mart.text):
        if not _has_temp(con, f"staged_{name}"):
            con.execute(f"create temp table staged_{name} as {staging_text(name)}")
    con.execute(f"drop table if exists {mart.name}")
    con.execute(f"create or replace temp table unfinished as {mart.text}")
    typed = []
    counts = ", ".join(f'approx_count_distinct("{name}")' for name in mart.dimensions)
    (different,) = con.execute(f"select {counts} from unfinished").fetchall()
    for dimension, names in zip(mart.dimensions, different, strict=True):
        kind = f"{mart.name}_{dimension}"
        con.execute(f"drop type if exists {kind}")
        if names <= _MOST_NAMES:
            values = f'select distinct "{dimension}" from unfinished order by 1'
            con.execute(f"create type {kind} as enum ({values})")
            typed.append(f'cast("{dimension}" as {kind}) as "{dimension}"')
    replaced = f"replace ({', '.join(typed)})" if typed else ""
    con.execute(f"create table {mart.name} as select * {replaced} from unfinished")
    con.execute("drop table unfinished")


def _has_temp(con: duckdb.DuckDBPyConnection, name: str) -> bool:
    query = "select count(*) from duckdb_tables() where temporary and table_name = $name"
    return con.execute(query, {"name": name}).fetchall() == [(1,)]


def _keep_terminal_stages(con: duckdb.DuckDBPyConnection, built: list[str]) -> None:
    if "items" in built:
        con.execute(
            "create or replace table terminal_stages as "
            "select * from staged_terminal_stages order by project"
        )
        built.append("terminal_stages")


def _measure_days(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `days`: the first and last day that each mart knows of, and its number of rows."""
    parts = [
        f"select '{mart.name}' as mart, ({mart.first_day}) as first_on, "
        f"({mart.last_day}) as last_on, (select count(*) from {mart.name}) as row_count"
        for mart in marts().values()
    ]
    con.execute(f"create or replace table days as {' union all '.join(parts)}")


def _keep_settings(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Fill `made_with`: the settings that the marts were cut by, for those who read them."""
    con.execute("create or replace table made_with (hide_names boolean, reporting_zone varchar)")
    con.execute(
        "insert into made_with values ($hides, $zone)",
        {"hides": settings.hide_names, "zone": settings.reporting_zone},
    )


@cache
def _code() -> list[str]:
    folder = Path(__file__).parent
    return [(folder / name).read_text(encoding="utf-8") for name in _BUILDERS]


def _digest(parts: object) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
