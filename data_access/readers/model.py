"""What a file turned out to be, before a row of it is checked."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

Progress = Callable[[float, str], None]
SAMPLE_ROWS = 1_000
# Every space that trims away: also no-break, zero-width, ideographic, and the byte order mark.
SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x2010))
)
HEADER_WITHIN = 30  # the header is looked for in so many first lines


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A question that only a person can answer before the file can be read.

    Attributes:
        key: "sheet", "encoding" or "fields".
        text: the question.
        choices: the valid answers.
        default: the suggested one; None when there is none.
    """

    key: str
    text: str
    choices: tuple[str, ...]
    default: str | None = None


@dataclass(frozen=True, kw_only=True)
class Detected:
    """A table in a file.

    Attributes:
        kind: what it is read as; "tool" is the export of an annotation tool, whose rows were
            written out as text under our own column names.
        path: the file to read: the one sent, or a cleaned copy.
        header: the cells of the header row, as sent.
        header_line: its line in the file sent, from 1; 0 when the format has none.
        first_line: the line of the first row after the header.
        sample: the first rows, as text.
        is_typed: the format keeps numbers and dates as such, so notation is no question.
        encoding, delimiter, quote, escape: of a text file.
        lines: lines after the header of a text file; blank ones at its end do not count.
        is_plain: the text has no space but the common one, so that a plain trim will do.
        skips_space: spaces stand between a delimiter and an opening quote.
        has_breaks: lines end inside quoted cells, as far as the sample shows.
        bad_lines: lines whose bytes cannot be read in the encoding.
        sheet, sheets: of a workbook: the one read, and those with data.
        rows: rows the file says it holds, where the format says so.
        notes: what was mended, in words for the reader.
        ask: what must be answered first; the rest is then as far as it could be told. With a
            default and a header it can wait: the rest is as the default says.
        format: of a tool's export, in words: "Label Studio JSON"; "" else.
        fields: the columns of a flat export that were taken for answers; "" where the format says.
        extract: the kind of extract the format says it is; "" when it says none.
        also: other tables of the same file.
        unnamed: of a table, the ids that a person names, each with the name that is sure or "".
    """

    kind: Literal["csv", "excel", "parquet", "tool"]
    path: Path
    header: tuple[str, ...] = ()
    header_line: int = 0
    first_line: int = 1
    sample: tuple[tuple[str, ...], ...] = ()
    is_typed: bool = False
    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    escape: str = '"'
    lines: int = 0
    is_plain: bool = False
    skips_space: bool = False
    has_breaks: bool = False
    bad_lines: frozenset[int] = frozenset()
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    rows: int | None = None
    notes: tuple[str, ...] = ()
    ask: Ask | None = None
    format: str = ""
    fields: str = ""
    extract: str = ""
    also: tuple[Detected, ...] = ()
    unnamed: tuple[tuple[str, str], ...] = ()

    def noting(self, *notes: str) -> Detected:
        """The same with more said to the reader."""
        return replace(self, notes=(*self.notes, *notes))

    @property
    def words(self) -> str:
        """How it was read, in words: "CSV, UTF-8, comma"."""
        names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
        if self.kind == "excel":
            return f"Excel, sheet {self.sheet}" if self.sheet else "Excel"
        if self.kind == "parquet":
            return "Parquet"
        if self.kind == "tool":
            return self.format
        return f"CSV, {self.encoding}, {names.get(self.delimiter, self.delimiter)}"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a reader is told before it looks at a file.

    Attributes:
        folder: where it may leave files; the caller removes them.
        names: header names that are known, each as `plain` gives it.
        answers: of a person, by question key.
        limit_bytes: the largest unpacked size.
        progress: called with the share done and what is done.
    """

    folder: Path
    names: frozenset[str]
    answers: Mapping[str, str]
    limit_bytes: int
    progress: Progress


@lru_cache(maxsize=50_000)
def plain(name: str) -> str:
    """A header name without case, spaces, punctuation and accents, to compare names by.

    >>> plain("Case:concept_Name "), plain("Resolución")
    ('caseconceptname', 'resolucion')
    """
    split = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in split if c.isalnum())
