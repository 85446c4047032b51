"""How the dates, numbers and times of a file are written, and what must be asked about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb

from data_access.extracts.model import Type
from data_access.ingest import dates, numbers, packed
from data_access.ingest.columns import Columns, Match
from data_access.ingest.relation import Relation, cell_sql
from data_access.ingest.words import unknown_words
from data_access.ingest.zones import Clock, clock
from data_access.readers.model import Detected

TIMES = (Type.DATE, Type.TIMESTAMP)
NUMBERS = (Type.INTEGER, Type.DECIMAL)


@dataclass(frozen=True)
class Notation:
    """How the cells of a file are to be read.

    Attributes:
        zone: in which times without an offset were written.
        years: about which the times are; the zone's clock is worked out for these.
        dates: by our column.
        numbers: by our column.
        words: by our column, in lower case: the choice a person said each word means, or "" where
            nobody has said it yet.
    """

    zone: str = "UTC"
    years: tuple[int, int] = (2000, 2040)
    dates: Mapping[str, dates.Plan] = field(default_factory=dict)
    numbers: Mapping[str, numbers.NumberPlan] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def clock(self) -> Clock:
        """The clock of the zone."""
        return clock(self.zone, self.years)

    @property
    def orders(self) -> dict[str, str]:
        """Our column → the order of day and month, where it matters."""
        return {
            name: plan.order
            for name, plan in self.dates.items()
            if plan.order and dates.Form.NUMERIC in plan.forms
        }

    @property
    def decimals(self) -> dict[str, str]:
        """Our column → the mark before the decimals of its numbers."""
        return {name: plan.mark for name, plan in self.numbers.items() if plan.mark}

    @property
    def open_dates(self) -> list[str]:
        """Columns whose day and month a person must tell apart."""
        return [name for name, plan in self.dates.items() if plan.is_open]

    @property
    def open_numbers(self) -> list[str]:
        """Columns whose decimal mark a person must tell."""
        return [name for name, plan in self.numbers.items() if plan.mark is None]

    @property
    def open_words(self) -> list[tuple[str, str]]:
        """(our column, word) of each word that a person must place among the valid choices."""
        return [
            (n, word) for n, words in self.words.items() for word, said in words.items() if not said
        ]

    @property
    def is_open(self) -> bool:
        """Whether a person must say something before the rows can be read."""
        return bool(self.open_dates or self.open_numbers or self.open_words)

    @property
    def is_from_sample(self) -> bool:
        """Whether the date notations were told from the first rows only."""
        return any(plan.from_sample for plan in self.dates.values())


def from_sample(
    con: duckdb.DuckDBPyConnection,
    relation: Relation,
    detected: Detected,
    columns: Columns,
    *,
    answers: Mapping[str, str],
    zone: str,
) -> Notation:
    """The notation of a file: dates by its first rows, and by all rows where these do not do.

    A column whose first dates are all in the ISO form or name their months needs no look at the
    rest; one with purely numeric dates does, and so do numbers.
    """
    sampled = {
        m.column.name: dates.plan_from_sample(_cells(detected, m))
        for m in columns.matched
        if m.column.type in TIMES
    }
    unclear = [name for name, plan in sampled.items() if dates.Form.NUMERIC in plan.forms]
    numeric = [
        m.column.name
        for m in columns.matched
        if m.column.type in NUMBERS and m.column.reads == "cell"
    ]
    words = unknown_words(con, relation, columns, answers)
    found = Notation(zone, _years(detected, columns), sampled, words=words)
    return look_at_all(
        con, relation, detected, columns, names=[*unclear, *numeric], answers=answers, before=found
    )


def look_at_all(
    con: duckdb.DuckDBPyConnection,
    relation: Relation,
    detected: Detected,
    columns: Columns,
    *,
    names: list[str],
    answers: Mapping[str, str],
    before: Notation,
) -> Notation:
    """The notation with the named columns told from all rows."""
    wanted = [m for m in columns.matched if m.column.name in names]
    if not wanted:
        return before
    cells = ", ".join(f"{cell_sql(m, relation)} as {m.column.name}" for m in wanted)
    lists = ", ".join(
        dates.profile_sql(m.column.name)
        if m.column.type in TIMES
        else numbers.profile_sql(m.column.name)
        for m in wanted
    )
    row = con.execute(f"select {lists} from (select {cells} from {relation.sql})").fetchall()[0]
    by_date, by_number = dict(before.dates), dict(before.numbers)
    for m, counts in zip(wanted, row, strict=True):
        name = m.column.name
        if m.column.type in TIMES:
            by_date[name] = dates.plan_from_profile(
                counts,
                answers.get(f"date_order:{name}"),
                now=answers.get(f"now:date_order:{name}"),
                swap=answers.get(f"date_swap:{name}"),
            )
        else:
            by_number[name] = numbers.plan_from_profile(
                counts,
                answers.get(f"decimal:{name}"),
                is_whole=m.column.type is Type.INTEGER,
                is_typed=detected.is_typed,
            )
    return replace(before, dates=by_date, numbers=by_number)


def _cells(detected: Detected, match: Match) -> list[str]:
    """The filled cells of a column in the sample; of packed ones what is read of them."""
    cells = [
        row[i].strip()
        for row in detected.sample
        for i in match.positions
        if i < len(row) and row[i].strip()
    ]
    if match.column.reads == "moment":
        return [text for cell in cells if (text := packed.moment(cell))]
    return cells


def _years(detected: Detected, columns: Columns) -> tuple[int, int]:
    """The years the first times are about, and ten more on either side."""
    cells = [c for m in columns.matched if m.column.type in TIMES for c in _cells(detected, m)]
    years = [int(year) for cell in cells for year in re.findall(r"(?:19|20|21)\d\d", cell)]
    return (min(years) - 10, max(years) + 10) if years else (2000, 2040)


def needs_zone(detected: Detected, columns: Columns) -> bool:
    """Whether some time in the sample has no offset, so that its zone must be known."""
    return any(
        not dates.has_offset(cell)
        for m in columns.matched
        if m.column.type is Type.TIMESTAMP
        for cell in _cells(detected, m)
    )
