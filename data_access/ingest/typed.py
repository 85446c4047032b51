"""The SQL of the check: text cells in, typed columns and what is wrong with each row out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from data_access.extracts.model import Column, Extract, Fill, Rule, Type
from data_access.ingest import dates, numbers, zones
from data_access.ingest.columns import Columns
from data_access.ingest.notation import Notation
from data_access.ingest.relation import Relation, cell_sql, sql_text
from data_access.ingest.words import spellings

Kind = Literal["fault", "required", "one_of", "unreadable", "minimum", "rule", "repeated", "row"]
_TRUE = (
    "true",
    "t",
    "yes",
    "y",
    "1",
    "1.0",
    "x",
    "on",
    "si",
    "sí",
    "ja",
    "oui",
    "wahr",
    "verdadero",
)
_FALSE = ("false", "f", "no", "n", "0", "0.0", "off", "nein", "non", "nee", "falsch", "falso")
_ERRORS = r"(?i)#(?:ref!|n/a|value!|name\?|div/0!|num!|null!)"


@dataclass(frozen=True)
class Problem:
    """One way in which a row is refused; its place in the list is its bit.

    Attributes:
        kind: what is wrong.
        column: the column named to the user; None for the row as a whole.
        reason: in words, where it is the same for every row.
        sql: the condition.
    """

    kind: Kind
    column: Column | None
    reason: str
    sql: str


@dataclass(frozen=True)
class Flag:
    """One way in which a row is kept and yet said.

    Attributes:
        name: of the rule, or of the clock change and its column.
        column: the column named to the user.
        reason: in words.
        sql: the condition.
    """

    name: str
    column: Column
    reason: str
    sql: str


@dataclass(frozen=True)
class Statement:
    """The check of a file as one statement.

    Attributes:
        sql: creates the table.
        problems: by bit of its column `problems`.
        flags: by bit of its column `flags`.
        raw: our columns whose text the list `raw` of a refused row holds, in order.
    """

    sql: str
    problems: tuple[Problem, ...]
    flags: tuple[Flag, ...]
    raw: tuple[str, ...]

    def bit(self, kind: Kind) -> int:
        """The bit of the first problem of a kind."""
        return next(bit for bit, problem in enumerate(self.problems) if problem.kind == kind)


# Added to the problems of a row after the statement, by what is found over several rows.
REPEATED = Problem("repeated", None, "", "")
ROW = Problem("row", None, "", "")


def statement(relation: Relation, columns: Columns, notation: Notation, table: str) -> Statement:
    """One statement that reads, types and checks every row of a file.

    The table has the extract's columns in their types; `problems` and `flags`, one bit each;
    `raw`, the text of the mapped cells where the row is refused; `line`, its line or null when
    that follows from the row's place; `fault`.
    """
    extract, mapped = columns.extract, [m.column.name for m in columns.matched]
    problems, flags = _problems(extract, mapped), _flags(extract, mapped, notation)
    names = ", ".join(column.name for column in extract.columns)
    raw = ", ".join(f"x_{name}" for name in mapped)
    layers = (
        _cells(relation, columns),
        f"*{_listed(_parts(notation))}",
        f"*{_listed(_walls(columns, notation))}",
        f"*, {', '.join(_typed_columns(extract, mapped, notation))}",
        _filled(extract, mapped),
        f"*, {_bits([p.sql for p in problems])} as problems, "
        f"{_bits([f.sql for f in flags])} as flags",
        f"{names}, line, fault, problems, flags, "
        f"case when problems <> 0 then [{raw}] end as raw, false as is_repeat",
    )
    rows = relation.sql
    for layer in layers:
        rows = f"(select {layer} from {rows})"
    sql = f"create or replace temp table {table} as from {rows}"
    return Statement(sql, (*problems, REPEATED, ROW), flags, tuple(mapped))


def _listed(columns: Sequence[str]) -> str:
    return "".join(f", {column}" for column in columns)


def _cells(relation: Relation, columns: Columns) -> str:
    """SQL: the trimmed text of each mapped column as x_<ours>, the line, the fault."""
    cells = [f"{cell_sql(m, relation)} as x_{m.column.name}" for m in columns.matched]
    return ", ".join(
        [
            *cells,
            f"{relation.line or 'null::bigint'} as line",
            f"{relation.fault or 'null::varchar'} as fault",
        ]
    )


def _parts(notation: Notation) -> list[str]:
    """SQL: the parts of dates that are not in the ISO form."""
    return [
        f"{sql} as {alias}"
        for name, plan in notation.dates.items()
        for alias, sql in dates.parts_sql(f"x_{name}", plan).items()
    ]


def _walls(columns: Columns, notation: Notation) -> list[str]:
    """SQL: the wall-clock time of each timestamp column as l_<ours>; null with an offset."""
    return [
        f"{dates.local_sql(f'x_{m.column.name}', notation.dates[m.column.name])} "
        f"as l_{m.column.name}"
        for m in columns.matched
        if m.column.type is Type.TIMESTAMP
    ]


def _typed_columns(extract: Extract, mapped: Sequence[str], notation: Notation) -> list[str]:
    """SQL: every column in its type, and how often each wall-clock time came as k_<ours>."""
    typed = [
        f"{_typed(column, notation) if column.name in mapped else f'null::{column.type.sql}'} "
        f"as {column.name}"
        for column in extract.columns
    ]
    return typed + [
        f"{zones.kind_sql(f'l_{column.name}', notation.clock)} as k_{column.name}"
        for column in extract.columns
        if column.type is Type.TIMESTAMP and column.name in mapped
    ]


def _fills(extract: Extract, mapped: Sequence[str]) -> list[tuple[Fill, str]]:
    """What stands in for empty cells, with the condition under which a cell is empty."""
    return [
        (fill, f"x_{fill.column} is null" if fill.column in mapped else "true")
        for fill in extract.fills
        if set(fill.needs) <= set(mapped)
    ]


def _filled(extract: Extract, mapped: Sequence[str]) -> str:
    """SQL: every column, with what stands in for empty cells."""
    columns = [
        f"case when {is_empty} then {fill.sql} else {fill.column} end as {fill.column}"
        for fill, is_empty in _fills(extract, mapped)
    ]
    return f"* replace ({', '.join(columns)})" if columns else "*"


def _bits(conditions: Sequence[str]) -> str:
    """SQL: a number with one bit per condition that holds."""
    return (
        " | ".join(
            f"(case when {sql} then {1 << bit}::ubigint else 0::ubigint end)"
            for bit, sql in enumerate(conditions)
        )
        or "0::ubigint"
    )


def _typed(column: Column, notation: Notation) -> str:
    """SQL: the value of a cell in its column's type; null when it cannot be read as that."""
    cell = f"x_{column.name}"
    match column.type:
        case Type.TEXT:
            if column.required:
                is_error = f"starts_with({cell}, '#') and regexp_full_match({cell}, '{_ERRORS}')"
                return f"case when {is_error} then null else {cell} end"
            return cell
        case Type.CHOICE:
            return _choice(column, cell, notation.words.get(column.name, {}))
        case Type.BOOLEAN:
            words = dict.fromkeys(_TRUE, "true") | dict.fromkeys(_FALSE, "false")
            return _case(cell, words)
        case Type.INTEGER | Type.DECIMAL:
            plan = notation.numbers.get(column.name, numbers.NumberPlan())
            return numbers.number_sql(cell, plan, is_whole=column.type is Type.INTEGER)
        case Type.DATE:
            return dates.day_sql(cell, notation.dates.get(column.name, dates.Plan()))
        case Type.TIMESTAMP:
            plan_ = notation.dates.get(column.name, dates.Plan())
            utc = zones.utc_sql(f"l_{column.name}", notation.clock)
            return f"coalesce({utc}, {dates.offset_sql(cell, plan_)})"


def _choice(column: Column, cell: str, said: Mapping[str, str]) -> str:
    known = spellings(column) | {word: said[word] for word in said if said[word] in column.choices}
    return _case(cell, {word: sql_text(choice) for word, choice in known.items()})


def _case(cell: str, values: Mapping[str, str]) -> str:
    """SQL: the value for a word in any case; null for another.

    Not by `in`: over some length DuckDB makes a join of it, which is slower and does not keep the
    order of rows, on which lines rely.
    """
    branches = " ".join(f"when {sql_text(word)} then {value}" for word, value in values.items())
    return f"case lower({cell}) {branches} end"


def _problems(extract: Extract, mapped: Sequence[str]) -> tuple[Problem, ...]:
    """Every condition under which a row is refused; what is wrong with cells comes first."""
    found = [Problem("fault", None, "", "fault is not null")]
    for column in extract.columns:
        if column.name in mapped:
            found += _cell_problems(column)
    found += [_group_problem(extract, group, mapped) for group in extract.one_of]
    found += [
        Problem("rule", extract.column(rule.column), rule.reason, rule.broken_when)
        for rule in extract.rules
        if rule.refuses and rule.column in mapped
    ]
    return tuple(found)


def _cell_problems(column: Column) -> list[Problem]:
    """What can be wrong with a cell: missing, unreadable, too small."""
    cell, found = f"x_{column.name}", []
    if column.required:
        missing = f"fault is null and {cell} is null"
        found.append(Problem("required", column, f"{column.label} is required.", missing))
    if column.type is not Type.TEXT or column.required:
        unread = f"{cell} is not null and {column.name} is null"
        found.append(Problem("unreadable", column, "", unread))
    if column.minimum is not None:
        words = f"It must be {column.minimum:g} or more."
        found.append(Problem("minimum", column, words, f"{column.name} < {column.minimum}"))
    return found


def _group_problem(extract: Extract, group: Sequence[str], mapped: Sequence[str]) -> Problem:
    """None of the columns of which one is needed is filled."""
    there = [name for name in group if name in mapped]
    labels = " or ".join(extract.column(name).label for name in there)
    nothing = " and ".join(["fault is null", *(f"x_{name} is null" for name in there)])
    return Problem("one_of", extract.column((there or group)[0]), f"{labels} is required.", nothing)


def _flags(extract: Extract, mapped: Sequence[str], notation: Notation) -> tuple[Flag, ...]:
    """Every condition under which a row is kept and said."""
    found = [
        _flag(extract, rule) for rule in extract.rules if not rule.refuses and rule.column in mapped
    ]
    found += [
        Flag(
            f"filled_{fill.column}",
            extract.column(fill.column),
            fill.reason,
            f"{is_empty} and {fill.column} is not null",
        )
        for fill, is_empty in _fills(extract, mapped)
        if fill.is_said
    ]
    if not notation.clock.changes:
        return tuple(found)
    words = {
        zones.TWICE: (
            "repeated",
            "The clock was set back then, so this time came twice; the second is meant.",
        ),
        zones.NEVER: (
            "absent",
            "The clock was set forward then, so this time never came; one hour on is meant.",
        ),
    }
    for column in extract.columns:
        if column.type is Type.TIMESTAMP and column.name in mapped:
            found += [
                Flag(f"{name}_{column.name}", column, reason, f"k_{column.name} = {kind}")
                for kind, (name, reason) in words.items()
            ]
    return tuple(found)


def _flag(extract: Extract, rule: Rule) -> Flag:
    return Flag(rule.name, extract.column(rule.column), rule.reason, rule.broken_when)
