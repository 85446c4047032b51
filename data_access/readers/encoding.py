"""Text files as clean UTF-8 with one kind of line end, line for line as sent."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from data_access.readers.content import head
from data_access.readers.model import Ask, Asked
from metrics.errors import BadExtractError

_CHUNK = 4 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# The encodings offered when a file is neither UTF-8 nor plainly Windows-1252.
CHOICES = {
    "Windows-1252 (Western)": "cp1252",
    "Mac Roman": "mac_roman",
    "Windows-1250 (Central European)": "cp1250",
    "Windows-1251 (Cyrillic)": "cp1251",
    "Shift-JIS (Japanese)": "shift_jis",
    "GB 18030 (Chinese)": "gb18030",
}
_LOWER = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýœßš")
_SIGNS = frozenset("’‘“”–—…€°£§«»·¡¿ºª²³µ®©½¼×±™•\u00a0")


@dataclass
class Text:
    """A text file in clean UTF-8.

    Attributes:
        path: the file sent, when it is clean already, or the clean copy.
        encoding: what it was read as, in words.
        lines: all its lines; blank ones at the end do not count.
        is_plain: it holds no space but the common one.
        notes: what was mended.
        bad_lines: lines with bytes that the encoding does not have.
        ask: which encoding it is, when that cannot be told.
    """

    path: Path
    encoding: str
    lines: int = 0
    is_plain: bool = True
    notes: list[str] = field(default_factory=list)
    bad_lines: set[int] = field(default_factory=set)
    ask: Ask | None = None


@dataclass
class _Scan:
    """What one pass over the bytes tells."""

    is_utf8: bool = True
    is_plain: bool = True
    has_returns: bool = False
    nuls: int = 0
    lines: int = 0


def read_text(path: Path, asked: Asked) -> Text:
    """The file as clean UTF-8: read in place when it is that already, else copied.

    UTF-8, UTF-16 and UTF-32 are recognized, Windows-1252 where its letters make sense; the rest is
    asked about. NUL characters are taken out, line ends become one newline.
    """
    start = head(path)
    codec, name = _by_signs(start)
    if codec and codec != "utf-8-sig":
        return _recode(path, asked, codec=codec, name=name)
    scan = _scan(path)
    if scan.is_utf8 and not scan.has_returns and not scan.nuls:
        return Text(path, "UTF-8", lines=scan.lines, is_plain=scan.is_plain)
    if scan.is_utf8:
        return _cleaned(path, asked, scan)
    return _not_utf8(path, asked)


def _by_signs(start: bytes) -> tuple[str, str]:
    """The codec by byte order mark or by where NUL bytes stand; ("", "") when neither tells."""
    for mark, codec, name in _BOMS:
        if start.startswith(mark):
            return codec, name
    half = max(len(start) // 2, 1)
    if start[1::2].count(0) > half * 0.4 and start[::2].count(0) < half * 0.1:
        return "utf-16-le", "UTF-16"
    if start[::2].count(0) > half * 0.4 and start[1::2].count(0) < half * 0.1:
        return "utf-16-be", "UTF-16"
    return "", ""


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _scan(path: Path) -> _Scan:
    """One pass: lines, NULs, carriage returns, odd spaces, and whether it is valid UTF-8."""
    found = _Scan()
    decoder = codecs.getincrementaldecoder("utf-8")()
    pending, last, blank = False, b"", 0
    for chunk in _chunks(path):
        found.lines += chunk.count(b"\n")
        found.nuls += chunk.count(b"\0")
        found.has_returns = found.has_returns or b"\r" in chunk
        if not chunk.isascii() or b"\t" in chunk or b"\v" in chunk or b"\f" in chunk:
            found.is_plain = False
        if found.is_utf8 and (pending or not chunk.isascii()):
            try:
                decoder.decode(chunk)
                pending = bool(decoder.getstate()[0])
            except UnicodeDecodeError:
                found.is_utf8 = False
        blank = _blank_end(chunk, blank)
        last = chunk
    if found.is_utf8 and pending:
        found.is_utf8 = False
    found.lines += 0 if last.endswith(b"\n") else 1
    found.lines -= max(blank - 1, 0)
    return found


def _blank_end(chunk: bytes, before: int) -> int:
    """How many newlines the text seen so far ends with."""
    kept = chunk.rstrip(b"\n")
    ending = len(chunk) - len(kept)
    return ending if kept else before + ending


def _cleaned(path: Path, asked: Asked, scan: _Scan) -> Text:
    """A copy of a UTF-8 file without NULs and with one kind of line end."""
    target = asked.folder / "text.csv"
    carry = b""
    with target.open("wb") as out:
        for piece in _chunks(path):
            chunk = carry + piece
            carry = b"\r" if chunk.endswith(b"\r") else b""
            chunk = chunk[: len(chunk) - len(carry)].replace(b"\0", b"")
            out.write(chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        out.write(b"\n" if carry else b"")
    return _finished(Text(target, "UTF-8", is_plain=scan.is_plain), nuls=scan.nuls)


def _recode(path: Path, asked: Asked, *, codec: str, name: str) -> Text:
    """A UTF-8 copy of a file in another encoding."""
    target = asked.folder / "text.csv"
    text = Text(target, name)
    nuls, line = 0, 1
    with (
        path.open(encoding=codec, errors="replace", newline=None) as source,
        target.open("wb") as out,
    ):
        while chunk := source.read(_CHUNK):
            nuls += chunk.count("\0")
            if "\N{REPLACEMENT CHARACTER}" in chunk:
                text.bad_lines |= {
                    line + n
                    for n, part in enumerate(chunk.split("\n"))
                    if "\N{REPLACEMENT CHARACTER}" in part
                }
            line += chunk.count("\n")
            out.write(chunk.replace("\0", "").encode())
    return _finished(text, nuls=nuls)


def _finished(text: Text, *, nuls: int) -> Text:
    """The clean copy with its lines counted and what was mended said."""
    scan = _scan(text.path)
    text.lines, text.is_plain = scan.lines, scan.is_plain
    if nuls:
        text.notes.append(f"{nuls:,} NUL character{'s were' if nuls > 1 else ' was'} taken out.")
    if text.lines == 0:
        raise BadExtractError("The file holds no text.", next_step="Export it again.")
    return text


def _not_utf8(path: Path, asked: Asked) -> Text:
    """A file that is not valid UTF-8: a few bad lines, another encoding, or a question."""
    known = asked.answers.get("encoding", "")
    if known in CHOICES:
        return _recode(path, asked, codec=CHOICES[known], name=known)
    bad, good, high = _odd_lines(path)
    if good >= len(bad):
        text = _recode(path, asked, codec="utf-8-sig", name="UTF-8")
        text.bad_lines |= bad
        return text
    if _makes_sense(high, "cp1252"):
        return _recode(path, asked, codec="cp1252", name="Windows-1252")
    return Text(path, "unknown", ask=_ask(high))


def _odd_lines(path: Path) -> tuple[set[int], int, bytes]:
    """Lines that are not UTF-8, how many others are with letters beyond ASCII, and a sample."""
    bad: set[int] = set()
    good, sample = 0, b""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            try:
                line.decode()
                good += 1
            except UnicodeDecodeError:
                bad.add(number)
                if len(sample) < 200_000:
                    sample += line
    return bad, good, sample


def _makes_sense(sample: bytes, codec: str) -> bool:
    """Whether the letters beyond ASCII stand where such letters stand in real words."""
    try:
        text = f" {sample.decode(codec)} "
    except UnicodeDecodeError:
        return False
    fitting = total = 0
    for before, char, after in zip(text, text[1:], text[2:], strict=False):
        if char.isascii():
            continue
        total += 1
        inside = before.isalpha() and after.isalpha()
        if char in _LOWER or char.lower() in _LOWER:
            fitting += char.islower() or not before.islower()
        else:
            fitting += char in _SIGNS and (not inside or char == "’")
    return fitting >= 0.9 * total


def _ask(sample: bytes) -> Ask:
    """Which encoding it is, with a word of the file in each of them."""
    line = next((part for part in sample.split(b"\n") if not part.isascii()), sample)
    at = next((i for i, byte in enumerate(line) if byte > 127), 0)
    piece = line[max(at - 12, 0) : at + 16]
    shown = "; ".join(
        f"{name}: {piece.decode(codec, errors='replace').strip()}"
        for name, codec in CHOICES.items()
    )
    return Ask(
        key="encoding",
        text=f"In which encoding was this file saved? The same words read as {shown}.",
        choices=tuple(CHOICES),
    )
