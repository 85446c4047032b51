"""Text that people or files gave us, made safe to store, to print and to take along as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import TextIO

CELL_LIMIT = 32_767
CUT_MARK = "...[cut]"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def clean_text(text: str, *, limit: int = CELL_LIMIT) -> str:
    """The text with line ends as one newline and without what no file format can hold.

    Control characters, lone surrogates and non-characters become U+FFFD, so that a reader sees
    that something stood there. Text longer than `limit` is cut and says so. Nothing else changes:
    a leading "=" stays, because it is the writer's work to keep it inert.

    >>> clean_text("=1+1"), clean_text("abcdefghijkl", limit=10)
    ('=1+1', 'ab...[cut]')
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    plain = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", plain)
    return plain if len(plain) <= limit else plain[: limit - len(CUT_MARK)] + CUT_MARK


_FORMULA = re.compile("^[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)*%?$")
# A spreadsheet that splits at semicolons or tabs begins a cell after one, and at a line end.
_INNER = re.compile(
    "([;\t\r\n] *)(?=[=@＝＠]|[+\\-＋－](?![\\s)]|\\d+(?:[.,]\\d+)*%? *(?:[;\t\r\n]|$)))"
)


def inert(cell: str) -> str:
    """A CSV cell that no spreadsheet computes: a quote stands before what looks like a formula.

    So it does inside the cell, where a spreadsheet that splits elsewhere than at commas would see
    one. Numbers, lists of them, bullets and smileys stay as they are.

    >>> inert("=1+1"), inert("-3.5"), inert("plain")
    ("'=1+1", '-3.5', 'plain')
    >>> inert("a;=1+1"), inert("1;-3.5;+2"), inert("fine ;-) see; - the list")
    ("a;'=1+1", '1;-3.5;+2', 'fine ;-) see; - the list')
    """
    inside = _INNER.sub(r"\1'", cell)
    return f"'{inside}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else inside


def csv_bytes(rows: Iterable[Iterable[object]], *, with_bom: bool = True) -> bytes:
    r"""Rows, the header first, as a CSV file in UTF-8; with its byte order mark Excel reads it.

    See `write_csv` for cells.

    >>> csv_bytes([["name", "n"], ["=1+1", -2], [None, 0.5]], with_bom=False)
    b"name,n\r\n'=1+1,-2\r\n,0.5\r\n"
    """
    out = io.StringIO()
    write_csv(out, rows)
    return out.getvalue().encode("utf-8-sig" if with_bom else "utf-8")


def write_csv(file: TextIO, rows: Iterable[Iterable[object]]) -> None:
    """Write rows as CSV with RFC 4180's quotes and line ends, one at a time.

    Text is made `inert`, None is an empty cell, all else is written as `str` has it.

    Args:
        file: opened with `newline=""`.
        rows: the header first.
    """
    csv.writer(file).writerows(map(_cells, rows))


def _cells(row: Iterable[object]) -> list[object]:
    return [inert(cell) if isinstance(cell, str) else cell for cell in row]
