"""Their columns and ours: matched by name or alias, the rest by a person."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_access.extracts import EXTRACTS
from data_access.extracts.model import Column, Extract
from data_access.readers.model import plain


@dataclass(frozen=True)
class Match:
    """One of our columns and where its cells stand in their rows.

    Attributes:
        column: ours.
        theirs: the header it was matched with.
        positions: of every column with that header, from 0.
        is_by_hand: a person said so.
    """

    column: Column
    theirs: str
    positions: tuple[int, ...]
    is_by_hand: bool = False


@dataclass(frozen=True)
class LeftOut:
    """One of their columns that is not stored, and why."""

    theirs: str
    why: str


@dataclass(frozen=True)
class Columns:
    """How a header fits an extract.

    Attributes:
        extract: the extract.
        matched: in the extract's order.
        left_out: their columns that are not stored.
        missing: required columns without a match, and the first of each group of which at least
            one is needed.
    """

    extract: Extract
    matched: tuple[Match, ...]
    left_out: tuple[LeftOut, ...]
    missing: tuple[Column, ...]

    @property
    def mapping(self) -> dict[str, list[str]]:
        """Our column → their headers."""
        return {m.column.name: [m.theirs] * len(m.positions) for m in self.matched}

    @property
    def names(self) -> frozenset[str]:
        """Our columns that have a match."""
        return frozenset(m.column.name for m in self.matched)

    @property
    def by_hand(self) -> dict[str, str]:
        """What a person mapped: our column → their header."""
        return {m.column.name: m.theirs for m in self.matched if m.is_by_hand}


def candidates(column: Column) -> list[str]:
    """Header names a column answers to, best first, without case, spaces and punctuation."""
    return list(dict.fromkeys(plain(n) for n in (column.name, column.label, *column.aliases)))


def known_names() -> frozenset[str]:
    """Every header name that some extract knows."""
    return frozenset(
        name for extract in EXTRACTS.values() for c in extract.columns for name in candidates(c)
    )


def fingerprint(header: Sequence[str]) -> str:
    """A short text that is the same for headers with the same names, in whatever order."""
    names = sorted({plain(cell) for cell in header} - {""})
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def match(
    header: Sequence[str], extract: Extract, chosen: Mapping[str, str] | None = None
) -> Columns:
    """How a header fits an extract: by a person's choice first, then by name, then by alias.

    Args:
        header: their header cells.
        extract: what the file should be.
        chosen: our column → their header; "" leaves our column without one.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for position, cell in enumerate(header):
        if plain(cell):
            places[plain(cell)].append(position)
    taken: dict[str, str] = {}
    by_hand = {
        ours: plain(theirs)
        for ours, theirs in (chosen or {}).items()
        if not theirs or plain(theirs) in places
    }
    taken.update({ours: name for ours, name in by_hand.items() if name})
    for _, ours, name in sorted(_pairs(extract, places)):
        if ours not in taken and ours not in by_hand and name not in taken.values():
            taken[ours] = name
    if not _missing(extract, taken):
        for column in extract.columns:
            if column.beside in taken and column.name not in {*taken, *by_hand}:
                taken[column.name] = taken[column.beside]
    matched = tuple(
        Match(
            c,
            header[places[taken[c.name]][0]].strip(),
            tuple(places[taken[c.name]]),
            c.name in by_hand,
        )
        for c in extract.columns
        if c.name in taken
    )
    return Columns(extract, matched, _left_out(header, extract, matched), _missing(extract, taken))


def _pairs(
    extract: Extract, places: Mapping[str, list[int]]
) -> list[tuple[tuple[int, bool, int], str, str]]:
    """Every (rank, our column, their name) that would do; the smallest rank is the best."""
    return [
        ((rank, not column.required, order), column.name, name)
        for order, column in enumerate(extract.columns)
        for rank, name in enumerate(candidates(column))
        if name in places
    ]


def _missing(extract: Extract, taken: Mapping[str, str]) -> tuple[Column, ...]:
    names = [c.name for c in extract.columns if c.required and c.name not in taken]
    names += [group[-1] for group in extract.one_of if not any(name in taken for name in group)]
    return tuple(extract.column(name) for name in names)


def _left_out(
    header: Sequence[str], extract: Extract, matched: Sequence[Match]
) -> tuple[LeftOut, ...]:
    """Their columns without a match, each name once."""
    used = {position for m in matched for position in m.positions}
    theirs = {m.column.name: m.theirs for m in matched}
    found: dict[str, LeftOut] = {}
    for position, cell in enumerate(header):
        if position in used or not cell.strip():
            continue
        rivals = [c for c in extract.columns if plain(cell) in candidates(c) and c.name in theirs]
        why = (
            f"{theirs[rivals[0].name]} is used for {rivals[0].label}"
            if rivals
            else "not part of this extract"
        )
        found.setdefault(cell.strip(), LeftOut(cell.strip(), why))
    return tuple(found.values())


def rank_extracts(header: Sequence[str]) -> list[tuple[float, Columns]]:
    """Every extract with how well the header fits it, best first.

    The score is the share of needed columns found, plus a little for each further column: a
    header with all that an extract needs beats one with more of what it does not need.
    """
    scored = []
    for extract in EXTRACTS.values():
        fit = match(header, extract)
        needed = sum(c.required for c in extract.columns) + len(extract.one_of)
        found = needed - len(fit.missing)
        scored.append((found / needed + len(fit.matched) / 100, fit))
    return sorted(scored, key=lambda pair: -pair[0])


def suggest_extract(header: Sequence[str]) -> tuple[str | None, bool]:
    """(the extract a header looks like, whether that is certain)."""
    (best, fit), (second, _), *_ = rank_extracts(header)
    if not fit.matched:
        return None, False
    is_whole = not fit.missing
    return fit.extract.name, is_whole and best - second >= 0.02
