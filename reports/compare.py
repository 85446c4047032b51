"""Two issued reports beside each other, section by section: what is new since the reader looked.

A pure function of two report models. Lines are paired by what they are about: rows of tables and
measures by their keys, sentences by their words without the numbers in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from data_access.entries import CLOSED_STATES
from metrics.units import EN_DASH
from reports.blocks import (
    UNITS,
    Banner,
    Block,
    Bullets,
    Failure,
    Figure,
    FindingList,
    Paragraph,
    Quote,
    Row,
    Score,
    Scorecard,
    Section,
    Table,
    cell_text,
    plain,
    status_cell,
)
from reports.report import Report

NEW, GONE, CHANGED = "new", "gone", "changed"
_NUMBERS = re.compile(r"[\d.,:%\u2212\u2013/-]*\d[\d.,:%\u2212\u2013/-]*")
# What a row of these tables is that is there for the first time, and one that is no longer.
_WORDS = {"actions": ("opened", "closed or gone"), "issues": ("new", "closed or gone")}
_STATES = ("State", "Status")


@dataclass(frozen=True)
class Difference:
    """One thing that differs.

    Attributes:
        kind: "new", "gone", "changed", or for rows "opened", "closed" and "closed or gone".
        what: what it is of: "value", "finding", "text", "chart" or the caption's table in words.
        about: the measure, the row or the sentence.
        before, after: as a reader sees them; "" where there is none.
    """

    kind: str
    what: str
    about: str
    before: str = ""
    after: str = ""

    @property
    def sentence(self) -> str:
        """The difference in one line."""
        if self.before and self.after:
            lead = f"{self.about}: " if self.about else ""
            return f"{lead}{self.before} \N{RIGHTWARDS ARROW} {self.after}"
        return self.about or self.after or self.before


@dataclass(frozen=True)
class SectionChange:
    """What differs in one section; none when it reads the same."""

    key: str
    title: str
    differences: tuple[Difference, ...]


def compare(old: Report, new: Report) -> tuple[SectionChange, ...]:
    """Every section of either report in the order of the newer one, then those that are gone.

    Sections that read the same are there without differences; charts count by their messages.
    """
    before = {section.key: section for section in old.sections}
    after = {section.key: section for section in new.sections}
    found = [_section(before.get(section.key), section) for section in new.sections]
    gone = [_section(section, None) for key, section in before.items() if key not in after]
    return (*found, *gone)


def _section(old: Section | None, new: Section | None) -> SectionChange:
    named = new or old
    assert named is not None
    before, after = old.blocks if old else (), new.blocks if new else ()
    differences = [
        *_scores(before, after),
        *_findings(before, after),
        *_rows(before, after),
        *_paired("text", _texts(before), _texts(after)),
        *_paired("chart", _charts(before), _charts(after)),
    ]
    return SectionChange(named.key, named.title, tuple(differences))


def _scores(old: Iterable[Block], new: Iterable[Block]) -> Iterator[Difference]:
    """Values and statuses of the measures in the key table."""
    before, after = ({row.metric: row for row in _score_rows(each)} for each in (old, new))
    for name in {**after, **before}:
        one, two = before.get(name), after.get(name)
        if one is None or two is None:
            kept = one or two
            assert kept is not None
            yield Difference(NEW if one is None else GONE, "value", kept.label)
            continue
        then, now = UNITS[one.unit].show(one.value), UNITS[two.unit].show(two.value)
        if then != now:
            yield Difference(CHANGED, "value", two.label, then, now)
        faces = [str(status_cell(score.status).value) for score in (one, two)]
        if faces[0] != faces[1]:
            yield Difference(CHANGED, "status", two.label, *faces)


def _score_rows(blocks: Iterable[Block]) -> Iterator[Score]:
    for block in blocks:
        if isinstance(block, Scorecard):
            yield from block.rows


def _findings(old: Iterable[Block], new: Iterable[Block]) -> Iterator[Difference]:
    def lines(blocks: Iterable[Block]) -> list[str]:
        return [
            f"{item.mark} {item.lead}{item.rest}".strip()
            for block in blocks
            if isinstance(block, FindingList)
            for item in block.items
        ]

    return _paired("finding", lines(old), lines(new))


def _texts(blocks: Iterable[Block]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(plain(block.runs))
        elif isinstance(block, Bullets):
            found += [plain(item) for item in block.items]
        elif isinstance(block, Banner | Failure):
            found.append(block.text)
        elif isinstance(block, Quote):
            found.append(f"{block.author}: {block.text}")
    return found


def _charts(blocks: Iterable[Block]) -> list[str]:
    return [block.caption for block in blocks if isinstance(block, Figure)]


def _paired(what: str, old: list[str], new: list[str]) -> Iterator[Difference]:
    """Sentences that are the same but for their numbers are one sentence that changed."""
    gone = [line for line in old if line not in new]
    for line in (line for line in new if line not in old):
        like = next((other for other in gone if _form(other) == _form(line)), None)
        if like is None:
            yield Difference(NEW, what, line)
        else:
            gone.remove(like)
            yield Difference(CHANGED, what, "", like, line)
    for line in gone:
        yield Difference(GONE, what, line)


def _form(line: str) -> str:
    """A sentence without its numbers."""
    return _NUMBERS.sub("#", line)


def _rows(old: Iterable[Block], new: Iterable[Block]) -> Iterator[Difference]:
    """Rows of the tables that Word prints, in both reports or one of them."""
    before, after = (
        {b.name: b for b in each if isinstance(b, Table) and b.is_in_word} for each in (old, new)
    )
    for name in {**after, **before}:
        yield from _table(before.get(name), after.get(name))


def _table(old: Table | None, new: Table | None) -> Iterator[Difference]:
    table = new or old
    assert table is not None
    what = table.name.replace("_", " ")
    came, went = _WORDS.get(table.name, (NEW, GONE))
    before, after = _named(old), _named(new)
    for key in {**after, **before}:
        one, two = before.get(key), after.get(key)
        if one is None and two is not None:
            yield Difference(came, what, _name_of(table, two))
        elif two is None and one is not None:
            yield Difference(went, what, _name_of(table, one))
        elif one is not None and two is not None and old is not None and new is not None:
            yield from _changed(what, old, one, new, two)


def _named(table: Table | None) -> Mapping[str, Row]:
    """The rows by their keys; rows without one, or with the same, by their place, too."""
    found: dict[str, Row] = {}
    for row in table.rows if table else ():
        first = str(row.cells[0].value) if row.cells else ""
        key = row.key or first
        place = 2
        while key in found:
            key, place = f"{row.key or first} ({place})", place + 1
        found[key] = row
    return found


def _name_of(table: Table, row: Row) -> str:
    """The first two cells that say anything, as a reader sees them."""
    cells = _cells(table, row)
    return " \N{MIDDLE DOT} ".join([text for text in cells.values() if text][:2])


def _cells(table: Table, row: Row) -> dict[str, str]:
    """The cells that Word prints, as it prints them."""
    return {
        column.label: cell_text(cell, column.kind)
        for column, cell in zip(table.columns, row.cells, strict=False)
        if column.width
    }


def _changed(what: str, old: Table, one: Row, new: Table, two: Row) -> Iterator[Difference]:
    """One difference for a row of which a cell reads otherwise; a state that closes says so."""
    before, after = _cells(old, one), _cells(new, two)
    cells = [label for label in after if label in before and before[label] != after[label]]
    if not cells:
        return
    closes = any(
        label in _STATES and _is_closed(after[label]) and not _is_closed(before[label])
        for label in cells
    )
    then, now = (
        "; ".join(f"{label.lower()} {read[label] or EN_DASH}" for label in cells)
        for read in (before, after)
    )
    yield Difference("closed" if closes else CHANGED, what, _name_of(new, two), then, now)


def _is_closed(state: str) -> bool:
    return any(state.endswith(word) for word in CLOSED_STATES)


def counted(found: Iterable[SectionChange]) -> str:
    """How much is new, in one sentence."""
    counts: dict[str, int] = {}
    for section in found:
        for difference in section.differences:
            counts[difference.kind] = counts.get(difference.kind, 0) + 1
    if not counts:
        return "Both reports read the same."
    order: Callable[[str], int] = [NEW, "opened", CHANGED, "closed", "closed or gone", GONE].index
    parts = [f"{counts[kind]:,} {kind}" for kind in sorted(counts, key=order)]
    return f"{', '.join(parts)}."
