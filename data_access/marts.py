"""The marts as their files describe them: one row per what, grain, dimensions, what they read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data_access.extracts import EXTRACTS
from metrics.errors import AppError, UnknownDimensionError, suggest
from metrics.scope import DIMENSIONS

SQL = Path(__file__).parent / "sql"
_READS = re.compile(r"\b(shown_history|shown|history|sightings|staged)_(\w+)")


@dataclass(frozen=True)
class Mart:
    """One mart.

    Attributes:
        name: the table's name.
        label: what its rows are called, plural ("Issues").
        one_row_per: what a row stands for.
        grain: the columns that identify a row.
        dimensions: the columns to filter and split by; never null.
        extracts: the extracts it is built from.
        fed_by: those of them whose rows make its rows; the others only tell more about these. How
            far the mart's data reach, and whether they are old, follows from these.
        first_day, last_day: queries for the first and last day it knows of.
        text: its SELECT.
    """

    name: str
    label: str
    one_row_per: str
    grain: tuple[str, ...]
    dimensions: tuple[str, ...]
    extracts: frozenset[str]
    fed_by: frozenset[str]
    first_day: str
    last_day: str
    text: str

    def check_dimension(self, name: str) -> None:
        """Pass when the mart has the dimension.

        Raises:
            UnknownDimensionError: it has not; the message lists those it has.
        """
        if name not in self.dimensions:
            raise UnknownDimensionError(
                self.lacks(name),
                choices=self.dimensions,
                next_step=suggest(name, self.dimensions),
            )

    def lacks(self, name: str) -> str:
        """The sentence that says the mart has no such dimension."""
        label = DIMENSIONS.get(name, (name, name))[0]
        return f"{self.label} are not recorded by {label.lower()}."


def staging_text(name: str) -> str:
    """The SELECT of the staging table of that name."""
    return (SQL / "staging" / f"{name}.sql").read_text(encoding="utf-8")


def extracts_of(text: str) -> frozenset[str]:
    """The extracts that a staging or mart SELECT reads, through other staging tables too."""
    found: set[str] = set()
    for kind, name in _READS.findall(_without_comments(text)):
        if kind == "staged":
            found |= extracts_of(staging_text(name))
        elif name in EXTRACTS:
            found.add(name)
    return frozenset(found)


def staging_order(text: str) -> tuple[str, ...]:
    """The staging tables that a SELECT needs, in the order to build them."""
    order: list[str] = []
    for kind, name in _READS.findall(_without_comments(text)):
        if kind == "staged":
            for needed in (*staging_order(staging_text(name)), name):
                if needed not in order:
                    order.append(needed)
    return tuple(order)


@cache
def marts() -> dict[str, Mart]:
    """Every mart, by name."""
    return {path.stem: _read(path) for path in sorted((SQL / "marts").glob("*.sql"))}


def mart(name: str) -> Mart:
    """The mart of that name.

    Raises:
        AppError: there is none.
    """
    try:
        return marts()[name]
    except KeyError:
        raise AppError(
            f"There is no mart named {name}.", choices=marts(), next_step=suggest(name, marts())
        ) from None


def _read(path: Path) -> Mart:
    text = path.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        key, _, value = line.removeprefix("--").strip().partition(":")
        header[key] = value.strip().rstrip(".")
    first, *_ = text.splitlines()
    extracts = extracts_of(text)
    try:
        return Mart(
            name=path.stem,
            label=header["label"],
            one_row_per=first.removeprefix("-- one row per").strip().rstrip("."),
            grain=_names(header["grain"]),
            dimensions=_names(header["dimensions"]),
            extracts=extracts,
            fed_by=frozenset(_names(header.get("rows from", ""))) or extracts,
            first_day=header["first day"],
            last_day=header["last day"],
            text=text,
        )
    except KeyError as missing:
        raise AppError(
            f"The header of a mart has no line for {missing}.",
            where=path.name,
            next_step="Copy the header of another mart.",
        ) from None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
