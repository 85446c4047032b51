"""Refused rows: why each is refused, in words, and the file to download."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data_access.extracts.model import Column, Type
from data_access.ingest import dates
from data_access.ingest.check import Checked
from data_access.ingest.months import MONTHS
from data_access.ingest.notation import Notation
from data_access.text import clean_text, write_csv

HEAD = ("line", "column", "value", "reason")
SHOWN = 50
_BATCH = 5_000


@dataclass(frozen=True)
class RefusedRow:
    """One refused row.

    Attributes:
        line: where it stands in the file sent.
        column: the header of the cell that is wrong; "" for the row as a whole.
        value: the cell.
        reason: why.
    """

    line: int
    column: str
    value: str
    reason: str


def write_refused(
    con: duckdb.DuckDBPyConnection, checked: Checked, path: Path
) -> tuple[RefusedRow, ...]:
    """Write every refused row with its reason and its mapped cells; returns the first ones.

    One line a row, in the order of the file. Cells that a spreadsheet would compute are made
    inert.
    """
    theirs = {m.column.name: m.theirs for m in checked.columns.matched}
    first: list[RefusedRow] = []

    def lines() -> Iterator[list[object]]:
        yield [*HEAD, *(theirs[name] for name in checked.raw)]
        for row, cells in _rows(con, checked, theirs):
            if len(first) < SHOWN:
                first.append(row)
            shown = [row.line, row.column, clean_text(row.value), row.reason]
            yield [*shown, *(clean_text(cell or "") for cell in cells)]

    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv(file, lines())
    return tuple(first)


def _rows(
    con: duckdb.DuckDBPyConnection, checked: Checked, theirs: dict[str, str]
) -> Iterator[tuple[RefusedRow, Sequence[str | None]]]:
    typed = ", ".join(f"{name}::varchar" for name in checked.raw)
    cursor = con.execute(
        f"select c.rowid, {checked.line.replace('rowid', 'c.rowid')}, fault, problems, "
        f"coalesce(raw, [{typed}]), r.lines from {checked.table} as c "
        f"left join repeats as r on r.row_id = c.rowid where problems <> 0 order by c.rowid"
    )
    while batch := cursor.fetchmany(_BATCH):
        for row_id, line, fault, bits, raw, lines in batch:
            cells = dict(zip(checked.raw, raw, strict=True))
            found = list(_reasons(checked, cells, bits, fault, lines, row_id))
            column, value, reason = found[0]
            also = [f"{theirs.get(name, name)}: {why}" for name, _, why in found[1:]]
            words = " ".join([reason, *(f"Also {text}" for text in also)])
            yield RefusedRow(line, theirs.get(column, column), value, words), raw


def _reasons(
    checked: Checked,
    cells: dict[str, str | None],
    bits: int,
    fault: str | None,
    lines: list[int] | None,
    row_id: int,
) -> Iterator[tuple[str, str, str]]:
    """(our column, its cell, why) of every problem of a row."""
    for bit, problem in enumerate(checked.problems):
        if not bits >> bit & 1:
            continue
        name = problem.column.name if problem.column else ""
        value = cells.get(name) or ""
        if problem.kind == "fault":
            yield "", "", fault or ""
        elif problem.kind == "unreadable" and problem.column:
            yield name, value, why_unreadable(problem.column, value, checked.notation)
        elif problem.kind == "repeated":
            yield _key_cell(checked, cells, lines or [])
        elif problem.kind == "row":
            name, reason = checked.sentences[row_id]
            yield name, cells.get(name) or "", reason
        else:
            yield name, value, problem.reason


def _key_cell(
    checked: Checked, cells: dict[str, str | None], lines: Sequence[int]
) -> tuple[str, str, str]:
    part = checked.columns.extract.key[0]
    name = part if isinstance(part, str) else part[0]
    shown = ", ".join(str(line) for line in lines[:6]) + (" …" if len(lines) > 6 else "")
    return (
        name,
        cells.get(name) or "",
        (f"The same key stands in lines {shown} with different values; keep the right one."),
    )


def why_unreadable(column: Column, value: str, notation: Notation) -> str:
    """Why a cell cannot be read as what its column holds, in one sentence."""
    match column.type:
        case Type.CHOICE:
            return f"Not one of {', '.join(column.choices)}."
        case Type.BOOLEAN:
            return "Not yes or no."
        case Type.INTEGER:
            return f"Not a whole number; expected one like {column.example or '12'}."
        case Type.DECIMAL:
            return f"Not a number; expected one like {column.example or '0.9'}."
        case Type.TEXT:
            return "An error value of a spreadsheet."
    plan = notation.dates.get(column.name, dates.Plan())
    return _why_no_date(value, plan, column)


def _why_no_date(value: str, plan: dates.Plan, column: Column) -> str:
    example = column.example or "2026-11-09 14:30"
    form = dates.form_of(value)
    if form is None:
        if re.fullmatch(r"\d{5}(\.\d+)?", value):
            return "A day number of Excel, not a date; format the column as a date first."
        if re.match(r"\d{4}-\d\d?-\d\d?", value) and not value.startswith(("19", "20", "21")):
            return "Not a date that can be meant: its year lies outside 1900 to 2199."
        return f"Not a date; expected one like {example}."
    if form not in plan.forms and form is dates.Form.NUMERIC:
        return "Day and month cannot be told apart, and the rest of the column is not written so."
    day, month = _day_and_month(value, form, plan)
    if month is not None and not 1 <= month <= 12:
        order = f" when read {plan.order}" if form is dates.Form.NUMERIC else ""
        return f"Not a date{order}: there is no month {month}."
    if (
        day is not None
        and month is not None
        and not 1 <= day <= calendar.monthrange(2024, month)[1]
    ):
        return f"Not a date: {calendar.month_name[month]} has no {_ordinal(day)}."
    if (day, month) == (29, 2):
        return "Not a date: February has no 29th in that year."
    return f"Not a time; expected one like {example}."


def _day_and_month(value: str, form: dates.Form, plan: dates.Plan) -> tuple[int | None, int | None]:
    numbers = [int(n) for n in re.findall(r"\d+", value)]
    if form is dates.Form.ISO:
        return numbers[2], numbers[1]
    if form is dates.Form.COMPACT:
        return int(value[6:8]), int(value[4:6])
    if form is dates.Form.NUMERIC:
        first, second = numbers[:2]
        return (second, first) if plan.order == "month first" else (first, second)
    names = [dates.without_accents(word) for word in re.findall(r"[^\W\d_]{3,}", value)]
    month = next((int(MONTHS[name]) for name in names if name in MONTHS), None)
    return numbers[0], month


def _ordinal(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 <= number % 100 <= 20 else endings.get(number % 10, 'th')}"


def rows_as_dicts(rows: Sequence[RefusedRow]) -> list[dict[str, Any]]:
    """The rows for a table."""
    return [
        {"line": row.line, "column": row.column, "value": row.value[:120], "reason": row.reason}
        for row in rows
    ]
