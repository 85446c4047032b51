"""Single sampling plans of ISO 2859-1: code letter, arrows, sample size, Ac and Re.

Method: ISO 2859-1:1999, clauses 10.1 to 10.3. The plans are made for a series of lots of one
process. For a lot that stands alone use a plan by stated risks: what is accepted is then bounded
lot by lot.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from analysis.sampling.model import Plan, Scheme, Severity
from analysis.sampling.tables import AQLS, CELLS, CODE_LETTERS, LETTERS, LEVELS, ONCE, SIZES
from metrics.errors import AppError

SMALLEST_LOT = 2
_ROWS = LETTERS + "S"


class Entry(NamedTuple):
    """The plan behind a cell: its letter, sample size, Ac, and how many sources confirm it."""

    letter: str
    n: int
    ac: int
    sources: int


def aql_text(aql: float) -> str:
    """An AQL as the standard writes it.

    >>> aql_text(0.01), aql_text(0.4), aql_text(2.5), aql_text(65.0)
    ('0.010', '0.40', '2.5', '65')
    """
    if aql >= 10:
        return f"{aql:.0f}"
    return f"{aql:.1f}" if aql >= 1 else f"{aql:.2f}" if aql >= 0.1 else f"{aql:.3f}"


def code_letter(size: int, level: str) -> str:
    """The sample size code letter of a lot.

    Raises:
        AppError: there is no such level, or fewer than two items.
    """
    if level not in LEVELS:
        raise AppError(f"{level} is not an inspection level.", choices=LEVELS)
    if size < SMALLEST_LOT:
        raise AppError(
            "ISO 2859-1 has no plan for a lot of fewer than two items.",
            next_step="Check the item itself, or add items to the lot.",
        )
    for upto, letters in _letters():
        if size <= upto:
            return letters[LEVELS.index(level)]
    raise AssertionError  # the last row has no end


def entry(letter: str, aql: float, severity: Severity) -> Entry:
    """The plan of a code letter at an AQL; an arrow leads to the next plan with its own n.

    Raises:
        AppError: the standard has no such AQL or code letter.
    """
    if aql not in AQLS:
        raise AppError(
            f"{aql:g} is not an AQL of ISO 2859-1.", choices=[aql_text(known) for known in AQLS]
        )
    rows = _cells(severity)
    if letter not in rows:
        raise AppError(f"{letter} is not a code letter.", choices=list(LETTERS))
    column, place = AQLS.index(aql), _ROWS.index(letter)
    while (cell := rows[_ROWS[place]][column]) in "v^":
        place += 1 if cell == "v" else -1
    found = _ROWS[place]
    sources = 1 if (severity, found, aql) in ONCE else 2
    return Entry(found, SIZES[severity][place], int(cell), sources)


def plan(size: int, level: str, aql: float, severity: Severity = Severity.NORMAL) -> Plan:
    """The plan for a lot; the whole lot where the sample would be as large.

    Args:
        size: items in the lot.
        level: S-1 to S-4, I, II or III.
        aql: percent defective (up to 10), or defects per 100 units (any of the 26).
        severity: normal, tightened or reduced.

    Raises:
        AppError: size, level or AQL are not in the standard.
    """
    asked = code_letter(size, level)
    letter, n, ac, sources = entry(asked, aql, severity)
    told = f"ISO 2859-1:1999, level {level}, {severity}, AQL {aql_text(aql)}, code letter {asked}"
    if letter != asked:
        told += f" (arrow to {letter})"
    return Plan(
        Scheme.ISO,
        size,
        min(n, size),
        ac,
        ac + 1,
        told,
        letter,
        asked,
        aql,
        level,
        severity,
        sources=sources,
    )


@cache
def _letters() -> list[tuple[float, list[str]]]:
    rows = [line.split() for line in CODE_LETTERS.strip().splitlines()]
    return [(float("inf") if upto == "more" else float(upto), found) for upto, *found in rows]


@cache
def _cells(severity: Severity) -> dict[str, list[str]]:
    rows = [line.split() for line in CELLS[severity].strip().splitlines()]
    return {letter: cells for letter, *cells in rows}
