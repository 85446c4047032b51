"""Our own acceptance checks on finished files, read back with independent readers.

`word_faults` and `excel_faults` give one sentence per fault, named by the rule of the standard
(D1-D6 for Word, X1-X5 for Excel); text that people typed is exempt from rules on wording.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise

import docx
import openpyxl
from docx.document import Document
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

from tests.reports.outline import loaded

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEAK = re.compile(
    r"\bnan\b|\bNaT\b|<NA>|\bNone\b(?! of)|Timestamp\(|datetime\.|Decimal\(|np\.|\{\{|\}\}"
    r"|\d\.\d{7,}"
)


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def word_faults(package: bytes, user_text: Sequence[str] = ()) -> list[str]:
    document = docx.Document(io.BytesIO(package))
    files = parts(package)
    return [
        *_pictures(document),
        *_tables(document),
        *_headings(document),
        *_wording("D4/D6", [_text(p) for p in document.element.body.iter(f"{W}p")], user_text),
        *_blanks(document),
        *_package(document, files),
    ]


def _text(element: etree._Element) -> str:
    return "".join(found.text or "" for found in element.iter(f"{W}t"))


def _pictures(document: Document) -> Iterator[str]:
    xml = etree.tostring(document.element.body)
    if b"<wp:anchor" in xml:
        yield "D1: a floating object"
    seen = set()
    for drawn in document.element.body.iter(
        "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
    ):
        alt = drawn.get("descr", "")
        if not 20 <= len(alt) <= 600 or re.search(r"\.(png|jpe?g)", alt):
            yield f"D1: alt text {alt[:40]!r}"
        if drawn.get("id") in seen:
            yield "D1: two pictures of one id"
        seen.add(drawn.get("id"))
        if {drawn.getparent().get(f"dist{side}") for side in "TBLR"} != {"0"}:
            yield "D1: a picture that LibreOffice shifts"


def _tables(document: Document) -> Iterator[str]:
    for number, table in enumerate(document.element.body.iter(f"{W}tbl"), 1):
        rows = table.findall(f"{W}tr")
        if rows[0].find(f"{W}trPr/{W}tblHeader") is None:
            yield f"D2: table {number} has no header row"
        if any(row.find(f"{W}trPr/{W}cantSplit") is None for row in rows):
            yield f"D2: a row of table {number} may split"
        if not table.find(f"{W}tblPr/{W}tblDescription").get(f"{W}val"):
            yield f"D2: table {number} has no description"
        if table.find(f".//{W}vMerge") is not None or table.find(f".//{W}gridSpan") is not None:
            yield f"D2: merged cells in table {number}"
        widths = {len(row.findall(f"{W}tc")) for row in rows}
        if len(widths) != 1 or not all(_text(cell) for cell in rows[0].findall(f"{W}tc")):
            yield f"D2: table {number} is ragged or has an empty head"
        if len(rows) < 2:
            yield f"D2: table {number} is empty"


def _headings(document: Document) -> Iterator[str]:
    levels = [
        int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading")
    ]
    if not levels or levels[0] != 1:
        yield "D3: the first heading is not of level 1"
    if any(after - before > 1 for before, after in pairwise(levels)):
        yield f"D3: headings skip a level: {levels}"
    if sum(p.style.name == "Title" for p in document.paragraphs) != 1:
        yield "D3: not exactly one title"


def _wording(rule: str, texts: Sequence[str], user_text: Sequence[str]) -> Iterator[str]:
    typed = [line for text in user_text for line in re.split(r"[\r\n]+", text) if line.strip()]
    for text in texts:
        for line in typed:
            text = text.replace(line.strip(), "x")
        if found := LEAK.search(text):
            yield f"{rule}: leaked value {found.group()!r} in {text[:60]!r}"
        if "  " in text.strip() or re.search(r"\s[.,;](?!\d)|(?<!\.)\.\.(?!\.)", text):
            yield f"{rule}: spacing or punctuation in {text[:60]!r}"
        if re.search(r"(?<=[\s(])-\d", text):
            yield f"{rule}: a hyphen as minus in {text[:60]!r}"


def _blanks(document: Document) -> Iterator[str]:
    for paragraph in document.element.body.findall(f"{W}p"):
        is_end = paragraph.find(f"{W}pPr/{W}sectPr") is not None
        if not _text(paragraph) and not is_end and b"w:drawing" not in etree.tostring(paragraph):
            yield "D4: a blank paragraph"


def _package(document: Document, files: dict[str, bytes]) -> Iterator[str]:
    if not document.core_properties.title or not document.core_properties.language:
        yield "D5: no title or language"
    if b'w:lang w:val="en-US"' not in files["word/styles.xml"]:
        yield "D5: no document language"
    footers = [data for name, data in files.items() if name.startswith("word/footer")]
    if not footers or not all(b" PAGE " in data and b" NUMPAGES " in data for data in footers):
        yield "D5: a footer without page X of Y"
    settings = files["word/settings.xml"]
    if b"updateFields" in settings or b'compatibilityMode" w:uri' not in settings:
        yield "D5: update prompt, or no compatibility mode"
    if not re.search(rb'compatibilityMode"[^>]*w:val="15"', settings):
        yield "D5: compatibility mode is not 15"
    if any("thumbnail" in name for name in files):
        yield "D5: a thumbnail"
    if any(b'TargetMode="External"' in data for name, data in files.items() if "_rels" in name):
        yield "D5: an external link"


def excel_faults(package: bytes, user_text: Sequence[str] = ()) -> list[str]:
    book, shown = loaded(package)
    files = parts(package)
    faults = list(_book(book, files))
    for sheet in book.worksheets:
        faults += [f"{sheet.title}: {f}" for f in _sheet(sheet, shown[sheet.title], files)]
        texts = [c.value for row in shown[sheet.title] for c in row if isinstance(c.value, str)]
        own = [text for text in texts if text.strip() not in {u.strip() for u in user_text}]
        faults += [f"{sheet.title}: {f}" for f in _wording("D6", own, user_text) if "leak" in f]
    return faults


def _book(book: openpyxl.Workbook, files: dict[str, bytes]) -> Iterator[str]:
    if not book.properties.title:
        yield "X5: no document title"
    if book.active is not book.worksheets[0]:
        yield "X5: does not open on the first sheet"
    if any(name.startswith("xl/externalLinks") or "vba" in name for name in files):
        yield "X5: external link or macro"
    if any(b'TargetMode="External"' in data for name, data in files.items() if "_rels" in name):
        yield "X5: an external link"
    names = [name for sheet in book.worksheets for name in sheet.tables]
    if len(names) != len(set(names)) or any(not name.startswith("tbl_") for name in names):
        yield f"X1: table names {names}"
    for name, data in files.items():
        if re.match(r"xl/drawings/drawing\d+\.xml", name):
            for alt in re.findall(rb'<xdr:cNvPr [^>]*descr="([^"]*)"', data):
                if not 20 <= len(alt.decode()) <= 700:
                    yield f"X4: alt text {alt!r}"
            if data.count(b"<xdr:cNvPr ") != data.count(b"descr="):
                yield f"X4: {name} has a chart without alt text"


def _sheet(sheet: Worksheet, shown: Worksheet, files: dict[str, bytes]) -> Iterator[str]:
    if not sheet["A1"].value:
        yield "X1: no title in A1"
    if sheet.merged_cells.ranges or sheet.sheet_state != "visible":
        yield "X1: merged cells or hidden"
    if re.fullmatch(r"Sheet\d*", sheet.title) or len(sheet.title) > 31:
        yield "X1: sheet name"
    if not sheet.tables and not sheet._charts:
        yield "X1: neither table nor chart"
    if not sheet.page_setup.orientation or not sheet.sheet_properties.pageSetUpPr.fitToPage:
        yield "X1: no print set-up"
    for table in sheet.tables.values():
        head, *_ = sheet[table.ref]
        cells = [cell.value for cell in head]
        labels = [column.name for column in table.tableColumns]
        if cells != labels or len({str(label).lower() for label in labels}) != len(labels):
            yield f"X2: header cells {cells} are not the columns {labels}"
        if head[0].column != 1 or table.headerRowCount != 1:
            yield "X2: the table does not start at the left edge with a head"
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f" and shown[cell.coordinate].value is None:
                yield f"X3: {cell.coordinate} has no cached value"
            if cell.data_type == "e" or shown[cell.coordinate].data_type == "e":
                yield f"X3: {cell.coordinate} is an error"
    if sheet.title == "Checks":
        table = sheet.tables["tbl_checks"]
        for row in shown[table.ref][1:]:
            if row[1].value is not None and row[-1].value != "OK":
                yield f"X3: check {row[0].value!r} says {row[-1].value!r}"
