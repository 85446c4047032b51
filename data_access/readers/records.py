"""The exact reader: every line of a text file is in a record, refused, or blank; none is lost."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from data_access.readers.model import Detected

CELL_LIMIT = 4_000_000
_LOOK_AHEAD = 5_000  # lines that one record may span


@dataclass(frozen=True)
class Record:
    """One record, or what could not be read as one.

    Attributes:
        line: where it starts, in the file sent.
        cells: its cells; when refused, those that could be told apart.
        reason: why it is refused; "" when it is not.
        text: the line as it stands, when refused.
    """

    line: int
    cells: list[str]
    reason: str = ""
    text: str = ""


class _Lines:
    """The lines of a file with a place to put some back."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) > _LOOK_AHEAD:
            raise StopIteration
        line = self._back.popleft() if self._back else next(self._file)
        self.taken.append(line)
        return line

    def start(self) -> None:
        """Begin a record."""
        self.taken.clear()

    def keep_one(self) -> None:
        """Give back all lines of the record but its first."""
        self._back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def read_records(
    detected: Detected, *, stands_alone: Callable[[list[str]], bool] | None = None
) -> Iterator[Record]:
    """Every record after the header, with the line it starts at; blank lines are passed over.

    A record whose quote never closes swallows the lines after it. So when a record of several
    lines is not as wide as the header, or one of its later lines could be a record by itself, only
    its first line is refused and reading goes on at the next.

    Args:
        detected: the text file.
        stands_alone: whether the cells of a single line look like a whole record.
    """
    csv.field_size_limit(CELL_LIMIT)
    width = len(detected.header)
    with detected.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = _Lines(file)
        for _ in range(detected.first_line - 1):
            next(file)
        number = detected.first_line
        while True:
            lines.start()
            cells, fault = _parse(lines, detected)
            if not lines.taken:
                return
            record = _judge(
                lines,
                cells,
                fault,
                number=number,
                width=width,
                detected=detected,
                stands_alone=stands_alone,
            )
            number += len(lines.taken)
            if record is not None:
                yield record


def _reader(lines: Iterator[str], detected: Detected) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=detected.delimiter,
        quotechar=detected.quote,
        strict=True,
        doublequote=detected.escape == detected.quote,
        escapechar=None if detected.escape == detected.quote else detected.escape,
    )


def _parse(lines: _Lines, detected: Detected) -> tuple[list[str], str]:
    """The cells of the next record and what is wrong with it."""
    try:
        return next(_reader(lines, detected), []), ""
    except csv.Error as error:
        if "field larger" in str(error):
            return [], f"A cell is longer than {CELL_LIMIT:,} characters."
        return [], "A quote is opened and not closed as it should be."


def _judge(
    lines: _Lines,
    cells: list[str],
    fault: str,
    *,
    number: int,
    width: int,
    detected: Detected,
    stands_alone: Callable[[list[str]], bool] | None,
) -> Record | None:
    """The record to hand on, after giving back lines it swallowed; None for a blank line."""
    text = lines.taken[0].rstrip("\n")
    if len(lines.taken) > 1 and _swallowed(lines, cells, fault, width, detected, stands_alone):
        lines.keep_one()
        reason = "A quote is opened on this line and never closed."
        return Record(
            number, next(_reader(iter([text.replace(detected.quote, "")]), detected)), reason, text
        )
    if fault:
        lines.keep_one()
        return Record(number, text.split(detected.delimiter), fault, text)
    if not text.strip() and len(lines.taken) == 1:
        return None
    if number in detected.bad_lines:
        return Record(number, cells, f"Some letters are not {detected.encoding}.", text)
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) != width:
        return Record(
            number, cells, f"It has {len(cells):,} cells; the header has {width:,}.", text
        )
    return Record(number, cells)


def _swallowed(
    lines: _Lines,
    cells: list[str],
    fault: str,
    width: int,
    detected: Detected,
    stands_alone: Callable[[list[str]], bool] | None,
) -> bool:
    """Whether a record of several lines is one line with a stray quote and others after it."""
    if fault or len(cells) < width:
        return True
    if stands_alone is None:
        return len(cells) != width
    for line in lines.taken[1:]:
        if line.count(detected.quote) % 2 == 0 and line.count(detected.delimiter) == width - 1:
            try:
                alone = next(_reader(iter([line]), detected), [])
            except csv.Error:
                continue
            if len(alone) == width and stands_alone(alone):
                return True
    return False
