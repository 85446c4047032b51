"""The shape of an extract: what a file of one kind must and may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from metrics.errors import AppError


class Type(StrEnum):
    """What a cell of a column means. The DuckDB type follows from it."""

    TEXT = "text"  # VARCHAR; identifiers are always text
    CHOICE = "choice"  # VARCHAR, one of `choices`
    INTEGER = "integer"  # BIGINT
    DECIMAL = "decimal"  # DOUBLE
    BOOLEAN = "boolean"  # BOOLEAN
    DATE = "date"  # DATE
    TIMESTAMP = "timestamp"  # TIMESTAMP in UTC, without a zone of its own

    @property
    def sql(self) -> str:
        """The DuckDB column type."""
        return {
            Type.TEXT: "varchar",
            Type.CHOICE: "varchar",
            Type.INTEGER: "bigint",
            Type.DECIMAL: "double",
            Type.BOOLEAN: "boolean",
            Type.DATE: "date",
            Type.TIMESTAMP: "timestamp",
        }[self]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of an extract.

    Attributes:
        name: the stored name.
        label: what a reader sees.
        type: see `Type`.
        description: plain words.
        example: a valid cell, for the template.
        required: a row without it is refused, a file without it too.
        aliases: header names of other systems, any language, compared without case, spaces and
            punctuation.
        choices: the valid values of a CHOICE column.
        choice_aliases: other spellings (lower case) → the valid value.
        minimum: the smallest valid number.
        unit: of a number, "" when it has none.
        is_person: names a person; shown as a pseudonym while names are hidden.
        repeats: what a header that stands several times means: the values are joined by a comma,
            or the first or the last one that is filled counts.
        reads: what of its cells is kept. "cell": all of it. Of the packed cells of a tracker, like
            "date;author;text" of a comment or "comment;date;author;seconds" of logged work, only a
            number: "count" says how many are filled, "moment" the time in the last one of them,
            "hours" the sum of their seconds. Their text goes nowhere, not even into the kept
            original.
        beside: the column whose header this one reads too.
        asks: words that are no valid choice are asked about, once per source.
    """

    name: str
    label: str
    type: Type
    description: str
    example: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    choice_aliases: Mapping[str, str] = field(default_factory=dict)
    minimum: float | None = None
    unit: str = ""
    is_person: bool = False
    repeats: Literal["join", "first", "last"] = "first"
    reads: Literal["cell", "count", "moment", "hours"] = "cell"
    beside: str = ""
    asks: bool = False


# A check of one typed row that SQL cannot make: (column, reason) when it is broken, else None.
RowCheck = Callable[[Mapping[str, Any]], tuple[str, str] | None]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule over several columns of one row.

    Attributes:
        name: snake_case.
        broken_when: SQL condition over the typed columns that is true for a broken row.
        column: the column named to the user.
        reason: why, in words.
        refuses: True: the row is refused. False: it is kept, counted and said.
    """

    name: str
    broken_when: str
    column: str
    reason: str
    refuses: bool = True


@dataclass(frozen=True, kw_only=True)
class Fill:
    """A value that stands in where a source leaves a cell empty; counted and said.

    Attributes:
        column: the column filled.
        needs: columns that must be there.
        sql: the value, over the typed columns; null where nothing stands in.
        reason: in words.
        is_said: False where the value says the same in other words, so that nothing is to be told.
    """

    column: str
    needs: tuple[str, ...]
    sql: str
    reason: str
    is_said: bool = True


@dataclass(frozen=True, kw_only=True)
class Extract:
    """One kind of file.

    Attributes:
        name: snake_case; the table's name.
        label: what a reader sees.
        description: one row per what, from where.
        columns: in template order.
        key: columns that identify a row within a source. A tuple inside it means "the first of
            these that is there".
        rules: see `Rule`.
        fills: see `Fill`.
        one_of: groups of columns of which at least one must be mapped and filled.
        as_of: the TIMESTAMP column that says how new a row is; "" when there is none.
        time_columns: columns whose newest value says how fresh a file is, best first.
        cadence_days: how often a new file is expected.
        is_stated: stated once, not delivered again and again: it does not go stale.
        asks_closed_cases: ask whether the file holds closed cases only.
        is_followed: its rows change from upload to upload, and the changes themselves are told:
            which upload showed which key is kept (`data_access/sightings.py`).
        usual_coverage: whether a file of this kind usually holds everything there is, or a part;
            the suggestion when a source is asked for the first time.
        check_row: see `RowCheck`; for kinds with few rows only, it runs in Python.
    """

    name: str
    label: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str | tuple[str, ...], ...]
    rules: tuple[Rule, ...] = ()
    fills: tuple[Fill, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    as_of: str = ""
    time_columns: tuple[str, ...]
    cadence_days: int
    is_stated: bool = False
    asks_closed_cases: bool = False
    is_followed: bool = False
    usual_coverage: Literal["everything", "part"] = "part"
    check_row: RowCheck | None = None

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            AppError: the extract has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise AppError(
            f"The extract {self.name} has no column {name}.",
            choices=[column.name for column in self.columns],
        )
