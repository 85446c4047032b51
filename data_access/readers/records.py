"""The exact reader: every line of a text file is in a record, refused, or blank; none is lost."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO

from data_access.readers.model import SPACES, Detected

CELL_LIMIT = 4_000_000
_LOOK_AHEAD = 5_000  # lines that one record may span


@dataclass(frozen=True)
class Record:
    """One record, or what could not be read as one.

    Attributes:
        line: where it starts, in the file sent.
        cells: as many as the header has; none when it is refused, since which is which cannot be
            told.
        reason: why it is refused; "" when it is not.
    """

    line: int
    cells: list[str]
    reason: str = ""


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
    with detected.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for _ in range(detected.first_line - 1):
            next(file, "")
        yield from _Records(file, detected, stands_alone)


class _Records:
    """The records of a file, with a place to put lines back that do not belong to one."""

    def __init__(
        self, file: IO[str], detected: Detected, stands_alone: Callable[[list[str]], bool] | None
    ) -> None:
        self._file = file
        self._detected = detected
        self._stands_alone = stands_alone
        self._most = len(detected.header)
        named = [i for i, cell in enumerate(detected.header) if cell.strip()]
        self._least = max(named, default=-1) + 1
        self._back: deque[str] = deque()
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[Record]:
        number = self._detected.first_line
        while True:
            self._taken = []
            cells, fault = self._parse()
            if not self._taken:
                return
            record = self._judge(number, cells, fault)
            number += len(self._taken)
            if record is not None:
                yield record

    def _lines(self) -> Iterator[str]:
        while len(self._taken) < _LOOK_AHEAD:
            line = self._back.popleft() if self._back else next(self._file, "")
            if not line:
                return
            self._taken.append(line)
            yield line

    def _parse(self) -> tuple[list[str], str]:
        """The cells of the next record and what is wrong with it."""
        lines = self._lines()
        first = next(lines, "")
        detected = self._detected
        if detected.quote not in first and "\\" not in first:
            return (first.rstrip("\n").split(detected.delimiter), "") if first else ([], "")
        try:
            return next(self._reader(chain([first], lines)), []), ""
        except csv.Error as error:
            if "field larger" in str(error):
                return [], f"A cell is longer than {CELL_LIMIT:,} characters."
            return [], "A quote is opened and not closed as it should be."

    def _reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        detected = self._detected
        doubles = detected.escape == detected.quote
        return csv.reader(
            lines,
            delimiter=detected.delimiter,
            quotechar=detected.quote,
            strict=True,
            doublequote=doubles,
            escapechar=None if doubles else detected.escape,
            skipinitialspace=detected.skips_space,
        )

    def _judge(self, number: int, cells: list[str], fault: str) -> Record | None:
        """The record to hand on, after giving back lines it swallowed; None for a blank line."""
        if len(self._taken) > 1 and self._swallowed(cells, fault):
            self._keep_one()
            return Record(number, [], "A quote is opened on this line and never closed.")
        if fault:
            self._keep_one()
            return Record(number, [], fault)
        if len(self._taken) == 1 and not self._taken[0].strip(SPACES):
            return None
        if not self._detected.bad_lines.isdisjoint(range(number, number + len(self._taken))):
            return Record(number, [], f"Some letters are not {self._detected.encoding}.")
        while len(cells) > self._most and not cells[-1].strip(SPACES):
            cells.pop()
        if not self._least <= len(cells) <= self._most:
            words = f"It has {len(cells):,} cells; the header has {self._least:,}."
            return Record(number, [], words)
        return Record(number, [*cells, *[""] * (self._most - len(cells))])

    def _keep_one(self) -> None:
        """Give back all lines of the record but its first."""
        self._back.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]

    def _swallowed(self, cells: list[str], fault: str) -> bool:
        """Whether a record of several lines is one line with a stray quote and others after it."""
        if fault or len(cells) < self._least:
            return True
        if self._stands_alone is None:
            return len(cells) > self._most
        return any(self._is_record(line) for line in self._taken[1:])

    def _is_record(self, line: str) -> bool:
        """Whether a line inside a quoted cell would be a whole record by itself."""
        quotes, delimiters = line.count(self._detected.quote), line.count(self._detected.delimiter)
        if quotes % 2 or delimiters < self._least - 1 or self._stands_alone is None:
            return False
        try:
            cells = next(self._reader([line]), [])
        except csv.Error:
            return False
        return self._least <= len(cells) <= self._most and self._stands_alone(cells)
