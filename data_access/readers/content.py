"""What a file really is, by its first bytes: its name may say anything."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path

from data_access.readers.model import Asked
from metrics.errors import BadExtractError

RATIO = 100  # a packed file may unpack to so many times its size
_CHUNK = 4 << 20
_HEAD = 4096
_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Office document (.xls, .doc)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"{\\rtf", "a rich text document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_EXPORT = "Export the table as CSV, Excel or Parquet and choose that file."


def head(path: Path) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as file:
        return file.read(_HEAD)


def unpacked(path: Path, asked: Asked) -> tuple[Path, tuple[str, ...]]:
    """The file itself, or what a gzip file holds, with a note that says so.

    Raises:
        BadExtractError: it is damaged, or larger unpacked than the limit or than its packed size
            makes likely.
    """
    if not head(path).startswith(b"\x1f\x8b"):
        check_size(path.stat().st_size, asked.limit_bytes)
        return path, ()
    target = asked.folder / "unpacked"
    most = min(asked.limit_bytes, max(path.stat().st_size * RATIO, 10 << 20))
    done = 0
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as out:
            while chunk := packed.read(_CHUNK):
                done += len(chunk)
                if done > most:
                    check_size(done, asked.limit_bytes)
                    raise _bomb()
                out.write(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise BadExtractError(
            "The gzip file is damaged: it cannot be unpacked to its end.",
            next_step="Download or send the file again.",
        ) from error
    return target, ("Unpacked from gzip.",)


def check_size(size: int, limit: int) -> None:
    """Refuse an empty file and one above the limit."""
    if size == 0:
        raise BadExtractError(
            "The file is empty: 0 bytes.", next_step="Export it again and look at it first."
        )
    if size > limit:
        raise BadExtractError(
            f"The file is larger than {limit >> 20:,} MB unpacked.",
            next_step="Upload it in parts, or use the command line, which takes larger files.",
        )


def _bomb() -> BadExtractError:
    return BadExtractError(
        f"The file unpacks to more than {RATIO} times its size, which no real extract does.",
        next_step="Unpack it yourself, look at it, and upload the unpacked file.",
    )


def is_workbook(path: Path) -> bool:
    """Whether a file is an Excel workbook (.xlsx, .xlsm)."""
    if not head(path).startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet."""
    return head(path).startswith(b"PAR1")


def refuse_other(path: Path) -> None:
    """Refuse what is no table, naming what it really is.

    Raises:
        BadExtractError: it is a web page, JSON, a picture, a database, an archive …
    """
    start = head(path)
    for sign, what in _SIGNS:
        if start.startswith(sign):
            raise BadExtractError(f"This is {what}, not a table.", next_step=_EXPORT)
    if start.startswith(b"PK"):
        raise BadExtractError(
            f"This is {_archive(path)}, not a table.",
            next_step="Unpack it and choose the file inside, or export the table as CSV or Excel.",
        )
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<script")) or b"<html" in text:
        raise BadExtractError(
            "This is a web page (HTML) saved under another name, often the login page of the "
            "system it came from.",
            next_step="Log in again, then repeat the export and look at the file before upload.",
        )
    if text.startswith(b"<?xml") or (text.startswith(b"<") and b"xmlns" in text):
        raise BadExtractError("This is an XML file, not a table.", next_step=_EXPORT)
    if _is_json(text):
        raise BadExtractError(
            f"This is a JSON file{_json_kind(text)}, not a table.", next_step=_EXPORT
        )


def _archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return "a damaged zip archive"
    if any(name.startswith("word/") for name in names):
        return "a Word document"
    if any(name.startswith("ppt/") for name in names):
        return "a presentation"
    if "content.xml" in names:
        return "an OpenDocument file"
    return "a zip archive"


def _is_json(text: bytes) -> bool:
    if text.startswith(b"{"):
        return text[1:].lstrip().startswith((b'"', b"}"))
    return text.startswith(b"[") and text[1:].lstrip().startswith((b"{", b"[", b'"', b"]"))


def _json_kind(text: bytes) -> str:
    if b'"predictions"' in text and b'"annotations"' not in text:
        return " made for import into an annotation tool (no annotator, no time)"
    if b'"annotations"' in text or b'"completed_by"' in text:
        return " from an annotation tool"
    return ""
