"""The objects of a JSON file one by one: an array of them, JSON Lines, or a single one.

Never more than one object is in memory, so the size of the file does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import ijson

from data_access.readers.content import head
from data_access.readers.encoding import read_text
from data_access.readers.model import Asked
from metrics.errors import BadExtractError

# The parser reads a text that goes on in the next piece from its start again: pieces are large.
_CHUNK = 1 << 20
_FINER = (1 << 12, 1)  # pieces to find the place of a fault by
_MOST_EVENTS = 100_000  # looked at to see what the objects are
_MOST_OBJECTS = 20
_LOOKED_AT = 4  # levels down
_TELL_EVERY = 1_000
_DEPTH = 1_000  # objects inside objects; a real export has about ten
_SUSPECT = 2_000  # brackets opened and not closed since the last object
_MARKS = b"\xef\xbb\xbf\xff\xfe"
_UTF8_MARK = b"\xef\xbb\xbf"
# ijson meets a whole number of thousands of digits with an error of the interpreter.
_FAULTS = (ijson.JSONError, ValueError, SystemError)
_SPACE = b" \t\r\n"


class _Source:
    """A file that knows how far it was read, and can be read in finer pieces from a place on."""

    def __init__(self, path: Path, finer: Sequence[tuple[int, int]] = ()) -> None:
        self._path = path
        self._file = path.open("rb")
        if head(path).startswith(_UTF8_MARK):
            self._file.seek(len(_UTF8_MARK))
        self._finer = finer
        self.before = self.at = self._file.tell()
        self.is_at_end = False
        self.open_brackets = 0
        self.is_deep_checked = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        if size == 0:
            return b""
        for begins, piece in self._finer:
            size = min(size, piece if self.at >= begins else begins - self.at)
        self.before = self.at
        chunk = self._file.read(size)
        self.at += len(chunk)
        self.is_at_end = not chunk
        self._guard(chunk)
        return chunk

    def _guard(self, chunk: bytes) -> None:
        """Refuse what is nested so deep that it would fill the memory.

        Brackets are counted, in text too; only when very many are open the file is looked at
        exactly.
        """
        self.open_brackets += chunk.count(b"[") + chunk.count(b"{")
        self.open_brackets -= chunk.count(b"]") + chunk.count(b"}")
        if self.open_brackets > _SUSPECT and not self.is_deep_checked:
            self.is_deep_checked = True
            if _is_deep(self._path):
                raise BadExtractError(
                    f"The JSON is nested more than {_DEPTH:,} levels deep, which no export is.",
                    next_step="Export it again and look at it first.",
                )

    def __enter__(self) -> _Source:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def readable(path: Path, asked: Asked) -> Path:
    """The file itself, or a copy in UTF-8 when it is written in UTF-16 or UTF-32."""
    start = head(path)
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start[:64]
    return read_text(path, asked).path if is_wide else path


def is_json(path: Path) -> bool:
    """Whether a file begins as JSON that holds objects does, in whatever UTF it is written."""
    start = head(path).replace(b"\0", b"").lstrip(_MARKS + _SPACE)
    if start.startswith(b"{"):
        return start[1:].lstrip(_SPACE).startswith((b'"', b"}"))
    return start.startswith(b"[") and start[1:].lstrip(_SPACE)[:1] in b'{["]}ntf-0123456789'


def _prefix(path: Path) -> str:
    """Where the objects stand: in an array, or one after another."""
    start = head(path).removeprefix(_UTF8_MARK).lstrip(_SPACE)
    return "item" if start.startswith(b"[") else ""


def keys(path: Path) -> set[str]:
    """The names in the first objects, those inside of others with a dot: "annotations.result".

    Only a beginning of the file is read; broken JSON ends the look, not the program.
    """
    found: set[str] = set()
    names: list[str] = []  # the names on the way down; "" for an array or an object in one
    seen = 0
    try:
        with _Source(path) as source:
            for count, (event, value) in enumerate(_events(source)):
                if event == "map_key":
                    names[-1] = str(value)
                    found.add(".".join(filter(None, names[:_LOOKED_AT])))
                elif event.startswith("start"):
                    names.append("")
                elif event.startswith("end"):
                    seen += event == "end_map" and not any(names[:-1])
                    names.pop()
                if seen >= _MOST_OBJECTS or count >= _MOST_EVENTS or len(names) > _DEPTH:
                    break
    except _FAULTS:
        pass
    return found


def _events(source: _Source) -> Iterator[tuple[str, Any]]:
    return iter(ijson.basic_parse(source, multiple_values=True, buf_size=_CHUNK))


def _is_deep(path: Path) -> bool:
    """Whether a file is nested deeper than any export; told without keeping any of it."""
    depth = 0
    try:
        with _Source(path) as source:
            source.is_deep_checked = True
            for event, _ in _events(source):
                depth += event.startswith("start") - event.startswith("end")
                if depth > _DEPTH:
                    return True
    except _FAULTS:
        pass
    return False


def objects(path: Path, asked: Asked, *, thing: str) -> Iterator[tuple[int, Any]]:
    """(its place from 1, each object of the file, or whatever stands where one should).

    Args:
        path: UTF-8.
        asked: is told the progress.
        thing: what an object is, for the messages: "task".

    Raises:
        BadExtractError: the JSON is broken or cut off; the message says where.
    """
    size = max(path.stat().st_size, 1)
    done = 0
    try:
        with _Source(path) as source:
            for value in _items(source, _prefix(path)):
                done += 1
                source.open_brackets = 0
                if done % _TELL_EVERY == 0:
                    share = 0.1 * min(source.at / size, 1.0)
                    asked.progress(share, f"Reading the export: {done:,} {thing}s")
                yield done, value
    except _FAULTS as error:
        raise _broken(path, source, done, thing) from error


def _items(source: _Source, prefix: str) -> Iterator[Any]:
    return iter(ijson.items(source, prefix, multiple_values=True, buf_size=_CHUNK))


def _broken(path: Path, source: _Source, done: int, thing: str) -> BadExtractError:
    """What is wrong with the JSON, and at which byte."""
    if source.is_at_end:
        return BadExtractError(
            f"The file is cut off: it ends in the middle of {thing} {done + 1:,}. Nothing of it "
            "is loaded.",
            where=f"byte {source.at:,}",
            next_step="Download it or export it again, and see that it is as large as before.",
        )
    at = _place(path, source.before, _prefix(path))
    line = 1 + _newlines(path, at - 1)
    return BadExtractError(
        f"The JSON is broken in {thing} {done + 1:,}. Nothing of it is loaded.",
        where=f"line {line:,}, byte {at:,}",
        next_step="Export it again; a file that was edited by hand has to stay valid JSON.",
    )


def _place(path: Path, before: int, prefix: str) -> int:
    """The byte, from 1, that cannot stand where it stands: read again, in finer pieces near it."""
    finer: list[tuple[int, int]] = []
    at = before
    for piece in _FINER:
        finer.append((before, piece))
        with _Source(path, finer) as source:
            with suppress(*_FAULTS):
                for _ in _items(source, prefix):
                    pass
            before, at = source.before, source.at
    return at


def _newlines(path: Path, until: int) -> int:
    found, left = 0, until
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(left, _CHUNK))):
            found += chunk.count(b"\n")
            left -= len(chunk)
    return found
