"""The review sheet of a lot: written to be filled in, read back line by line with nothing lost."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data_access import readers
from data_access.lots import Drawn, Lot, Result
from data_access.readers import Asked, Detected
from data_access.readers.records import Record, read_records
from metrics.errors import BadExtractError

HEADER = ("Lot", "No.", "Item", "Annotator", "Result", "Error type", "Note")
_NEEDED = ("Lot", "No.", "Item", "Result")
_MOST_BYTES = 20 << 20
_WORDS: dict[str, Result] = {
    "pass": "pass", "passed": "pass", "ok": "pass", "good": "pass", "accept": "pass",
    "accepted": "pass", "correct": "pass", "fail": "fail", "failed": "fail", "defective": "fail",
    "defect": "fail", "bad": "fail", "reject": "fail", "rejected": "fail", "wrong": "fail",
}  # fmt: skip


@dataclass(frozen=True)
class Refused:
    """A line that cannot be taken: where it stands, what it says, why."""

    line: int
    item_id: str
    result: str
    reason: str


@dataclass(frozen=True)
class Sheet:
    """What a filled-in sheet holds.

    Attributes:
        results: the items with a result, as they would be kept.
        refused: the lines that cannot be taken.
        blank: lines of the lot without a result; they change nothing.
        changed: of the results, those that were saved with another one before: (before, now).
    """

    results: tuple[Drawn, ...]
    refused: tuple[Refused, ...]
    blank: int
    changed: tuple[tuple[Drawn, Drawn], ...] = ()


def written(lot: Lot, items: Sequence[Drawn]) -> pa.Table:
    """The sheet to fill in, one row per drawn item in the order to check; all columns text."""
    rows = [
        (lot.code, str(i.place), i.item_id, i.annotator, i.result, i.error_type, i.note)
        for i in items
    ]
    columns = zip(*rows, strict=True) if rows else [()] * len(HEADER)
    return pa.table(
        {
            name: pa.array(list(cells), pa.string())
            for name, cells in zip(HEADER, columns, strict=True)
        }
    )


def read(name: str, content: bytes, lot: Lot, items: Sequence[Drawn]) -> Sheet:
    """What a filled-in sheet says of a lot; nothing is stored.

    Args:
        name: of the file; its content alone says what it is.
        content: CSV or Excel.
        lot, items: which lot, and what was drawn from it.

    Raises:
        BadExtractError: it cannot be read, or lacks a needed column.
    """
    with tempfile.TemporaryDirectory(prefix="review_sheet_") as folder:
        path = Path(folder) / "sheet"
        path.write_bytes(content)
        found = readers.detect(path, _asked(Path(folder)))
        if found.ask is not None:
            raise BadExtractError(
                found.ask.text,
                where=name,
                choices=found.ask.choices,
                next_step="Save the sheet with the results alone, as CSV in UTF-8 or as Excel.",
            )
        where = {readers.plain(head): i for i, head in enumerate(found.header)}
        lacking = [head for head in _NEEDED if readers.plain(head) not in where]
        if lacking:
            raise BadExtractError(
                f"The sheet has no column {' and no column '.join(lacking)}.",
                where=name,
                choices=HEADER,
                next_step="Fill in the sheet that was downloaded here and keep its header.",
            )
        return _judged(_rows(found, where), lot, items)


def _asked(folder: Path) -> Asked:
    return Asked(
        folder=folder,
        names=frozenset(map(readers.plain, HEADER)),
        answers={},
        limit_bytes=_MOST_BYTES,
        progress=lambda _share, _what: None,
    )


def _rows(found: Detected, where: dict[str, int]) -> Iterator[tuple[int, dict[str, str], str]]:
    """(line, cells by column of HEADER, why the line cannot be read or "")."""
    for record in _records(found):
        cells = {
            head: _cell(record.cells, where.get(readers.plain(head))) for head in HEADER
        }  # fmt: skip
        yield record.line, cells, record.reason


def _records(found: Detected) -> Iterable[Record]:
    if found.kind == "csv":
        yield from read_records(found)
        return
    for row in pq.read_table(found.path).to_pylist():
        line = int(row.pop("line"))
        yield Record(line, ["" if cell is None else str(cell) for cell in row.values()])


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""


def _judged(
    rows: Iterable[tuple[int, dict[str, str], str]], lot: Lot, items: Sequence[Drawn]
) -> Sheet:
    drawn = {str(item.place): item for item in items}
    taken: dict[int, tuple[int, Drawn]] = {}
    refused: list[Refused] = []
    blank = 0
    for line, cells, reason in rows:
        item = drawn.get(cells["No."])
        reason = reason or _fault(cells, lot, item)
        if item is not None and not reason and not cells["Result"]:
            blank += 1
            continue
        if item is None or reason:
            refused.append(Refused(line, cells["Item"], cells["Result"], reason))
            continue
        new = replace(
            item,
            result=_WORDS[cells["Result"].casefold()],
            error_type=cells["Error type"],
            note=cells["Note"],
        )
        before = taken.setdefault(item.place, (line, new))
        if before[1] != new:
            said = f"Line {before[0]} says something else of the same item."
            refused.append(Refused(line, cells["Item"], cells["Result"], said))
    found = tuple(new for _, new in taken.values())
    saved = {item.place: item for item in items if item.result}
    changed = tuple(
        (saved[new.place], new)
        for new in found
        if new.place in saved and saved[new.place].result != new.result
    )
    return Sheet(found, tuple(refused), blank, changed)


def _fault(cells: dict[str, str], lot: Lot, item: Drawn | None) -> str:
    """Why a line cannot be taken; "" when it can."""
    if cells["Lot"] != lot.code:
        return f"It is of lot {cells['Lot'] or '(none)'}, not of {lot.code}."
    if item is None:
        return f"No. {cells['No.'] or '(none)'} was not drawn; there are 1 to {lot.drawn}."
    if cells["Item"].lstrip("'") != item.item_id.strip().lstrip("'"):
        return f"No. {item.place} is {item.item_id}, not {cells['Item'] or '(none)'}."
    if cells["Result"] and cells["Result"].casefold() not in _WORDS:
        return f"{cells['Result']} is not a result. Write pass or fail."
    return ""
