"""CSV, TSV and their like: which line is the header, and what parts the cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data_access.readers.content import refuse_other
from data_access.readers.encoding import Text, read_text
from data_access.readers.model import HEADER_WITHIN, SAMPLE_ROWS, Asked, Detected, plain
from data_access.readers.records import CELL_LIMIT
from metrics.errors import BadExtractError

_DELIMITERS = (",", ";", "\t", "|")
_VALUE = re.compile(r"[-+]?\d+([.,]\d+)?%?|\d{1,4}[-/.]\w{1,9}[-/.]\d{1,4}([ T].*)?")
_START = 2 << 20  # characters looked at to find the header and the sample


@dataclass(frozen=True)
class _Layout:
    """One way to read the beginning of a file: the header row found by it."""

    known: int
    cells: list[str]
    line: int
    first_line: int
    delimiter: str
    quote: str


def detect(path: Path, asked: Asked) -> Detected:
    """What a delimited text file holds: its header, its first rows, how it is written.

    Raises:
        BadExtractError: it is something else, or has no header row that could be told.
    """
    refuse_other(path)
    text = read_text(path, asked)
    if text.ask:
        return Detected(kind="csv", path=path, encoding=text.encoding, ask=text.ask)
    refuse_other(text.path)
    with text.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        start = file.read(_START)
    layout = _layout(start, asked.names)
    sample, has_breaks = _sample(start, layout)
    return Detected(
        kind="csv",
        path=text.path,
        header=tuple(layout.cells),
        header_line=layout.line,
        first_line=layout.first_line,
        sample=sample,
        encoding=text.encoding,
        delimiter=layout.delimiter,
        skips_space=f"{layout.delimiter} {layout.quote}" in start,
        quote=layout.quote,
        escape=_escape(start, layout),
        lines=text.lines - layout.first_line + 1,
        is_plain=_is_plain(text, layout),
        has_breaks=has_breaks or layout.first_line != layout.line + 1,
        bad_lines=frozenset(text.bad_lines),
        notes=(*text.notes, *_notes(layout)),
    )


def _is_plain(text: Text, layout: _Layout) -> bool:
    return text.is_plain and layout.delimiter != "\t"


def _notes(layout: _Layout) -> tuple[str, ...]:
    if layout.line == 1:
        return ()
    before = layout.line - 1
    return (
        f"The header is on line {layout.line}; the {before} line{'s' * (before > 1)} before "
        "it were passed over.",
    )


def _escape(start: str, layout: _Layout) -> str:
    """The character that lets a quote stand inside a quoted cell: a quote, or a backslash.

    A backslash before a quote may as well be the end of a path. So the one by which more of the
    first rows are as wide as the header is taken, and in doubt the quote.
    """
    quote, delimiter = re.escape(layout.quote), re.escape(layout.delimiter)
    is_doubled = re.search(rf"[^{delimiter}\n]{quote}{quote}[^{delimiter}\n]", start)
    if f"\\{layout.quote}" not in start or is_doubled:
        return layout.quote
    doubled, escaped = _fitting(start, layout, ""), _fitting(start, layout, "\\")
    return "\\" if escaped > doubled else layout.quote


def _fitting(start: str, layout: _Layout, escape: str) -> int:
    """How many of the first records are as wide as the header, read until one cannot be."""
    reader = csv.reader(
        io.StringIO(start, newline=""),
        delimiter=layout.delimiter,
        quotechar=layout.quote,
        doublequote=not escape,
        escapechar=escape or None,
        strict=True,
    )
    found = 0
    try:
        for cells in reader:
            found += len(cells) == len(layout.cells)
    except csv.Error:
        pass
    return found


def _layout(start: str, names: frozenset[str]) -> _Layout:
    """The header row: the line, delimiter and quote by which most known names appear."""
    if not start.strip():
        raise BadExtractError(
            "The file holds no text, only blank lines.",
            next_step="Export it again and look at it first.",
        )
    forced = _declared_delimiter(start)
    tried = [
        _best_line(start, delimiter, names) for delimiter in ((forced,) if forced else _DELIMITERS)
    ]
    best = max(tried, key=lambda layout: (layout.known, len(layout.cells)))
    if best.known == 0:
        best = _by_shape(start, tried)
    if not any(plain(cell) for cell in best.cells):
        raise BadExtractError(
            "No header row was found: none of the first lines holds column names.",
            next_step="Put the column names in the first row; the template shows them.",
        )
    return best


def _declared_delimiter(start: str) -> str:
    """The delimiter a first line like "sep=;" declares; "" without one."""
    first = start[:20].split("\n", 1)[0].strip().strip('"')
    return first[4:5] if first.lower().startswith("sep=") else ""


def _rows(start: str, delimiter: str, quote: str, most: int) -> list[tuple[int, int, list[str]]]:
    """The first records as (line, line after it, cells)."""
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter, quotechar=quote)
    found: list[tuple[int, int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            found.append((line, reader.line_num + 1, cells))
            line = reader.line_num + 1
            if len(found) >= most:
                break
    except csv.Error:
        pass
    return found


def _best_line(start: str, delimiter: str, names: frozenset[str]) -> _Layout:
    """Of the first lines, the one with most known names when parted by this delimiter."""
    best = _Layout(0, [], 0, 1, delimiter, '"')
    for line, after, cells in _rows(start, delimiter, '"', HEADER_WITHIN):
        known = len({plain(cell) for cell in cells} & names)
        if known > best.known:
            best = _Layout(known, cells, line, after, delimiter, '"')
    wrapped = [cell for cell in best.cells if cell.startswith("'") and cell.endswith("'")]
    if best.known and len(wrapped) * 2 > len(best.cells):
        cells = [cell.strip("'") for cell in best.cells]
        return _Layout(best.known, cells, best.line, best.first_line, delimiter, "'")
    return best


def _by_shape(start: str, tried: Sequence[_Layout]) -> _Layout:
    """A layout for a header of unknown names: the delimiter that parts most lines alike."""
    best, best_score = tried[0], (-1.0, 0)
    for layout in tried:
        rows = [row for row in _rows(start, layout.delimiter, '"', HEADER_WITHIN) if any(row[2])]
        if not rows:
            continue
        width, often = Counter(len(cells) for _, _, cells in rows).most_common(1)[0]
        score = (often / len(rows) if width > 1 else 0.0, width)
        if score > best_score:
            line, after, cells = next(row for row in rows if len(row[2]) == width)
            best, best_score = _Layout(0, cells, line, after, layout.delimiter, '"'), score
    if best.cells and _is_data(best.cells):
        raise BadExtractError(
            "The file seems to have no header row: its first row holds values, not names.",
            where=f"line {best.line}",
            next_step="Put the column names in the first row; the template shows them.",
        )
    return best


def _is_data(cells: Sequence[str]) -> bool:
    """Whether a row holds values: a number or a date is no name of a column."""
    return any(_VALUE.fullmatch(cell.strip()) for cell in cells)


def _sample(start: str, layout: _Layout) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """The first rows after the header, and whether a cell of them holds a line end."""
    most = SAMPLE_ROWS + HEADER_WITHIN
    rows = _rows(start, layout.delimiter, layout.quote, most)
    if len(start) >= _START and rows:
        rows.pop()  # it may be cut
    after = [
        cells for line, _, cells in rows if line > layout.line and any(c.strip() for c in cells)
    ]
    has_breaks = any("\n" in cell for cells in after for cell in cells)
    return tuple(tuple(cells) for cells in after[:SAMPLE_ROWS]), has_breaks
