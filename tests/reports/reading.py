"""The finished files read back as tables: Word by caption, Excel by table name."""

from __future__ import annotations

import io

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

from tests.reports.outline import loaded


def word_tables(package: bytes) -> dict[str, list[list[str]]]:
    """Caption without its number → rows of cell texts, head first."""
    found: dict[str, list[list[str]]] = {}
    caption = ""
    for block in docx.Document(io.BytesIO(package)).iter_inner_content():
        if isinstance(block, Paragraph):
            caption = block.text
        elif isinstance(block, Table):
            rows = [[_first(cell) for cell in row.tc_lst] for row in block._tbl.tr_lst]
            found[caption.partition(". ")[2]] = rows
    return found


def _first(cell) -> str:
    """The first paragraph of a cell; the second is a note."""
    return "".join(t.text or "" for t in cell.p_lst[0].iter() if t.tag.endswith("}t"))


def excel_tables(package: bytes) -> dict[str, list[list]]:
    """Table name → rows of cells with their formats and cached values, head first."""
    book, shown = loaded(package)
    found = {}
    for sheet in shown:
        for table in sheet.tables.values():
            found[table.displayName] = [list(row) for row in sheet[table.ref]]
    assert len(book.sheetnames) == len(shown.sheetnames)
    return found
