"""Word and Excel files as text: what a snapshot holds, so that a change shows in a diff."""

from __future__ import annotations

import io
import os
import re
import warnings
from pathlib import Path

import docx
import openpyxl
from docx.table import Table

SNAPSHOTS = Path(__file__).with_name("snapshots")
_EMU_PER_MM = 36_000
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def word_outline(package: bytes) -> str:
    """Style and text of every paragraph, tables as tab-separated lines, pictures by their size."""
    document = docx.Document(io.BytesIO(package))
    lines = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += [_row(row) for row in block._tbl.tr_lst]
        elif text := _inside(block._p):
            lines.append(f"[{block.style.name}] {text}")
    for number, section in enumerate(document.sections, 1):
        size = f"{section.page_width.inches:.2f} x {section.page_height.inches:.2f} in"
        head, foot = (
            " ".join(_inside(p._p) for p in part.paragraphs)
            for part in (section.header, section.footer)
        )
        lines.append(f"[section {number}] {size} | {head} | {foot}")
    return "\n".join(lines) + "\n"


def _row(row) -> str:
    return "\t".join(
        " / ".join(_inside(paragraph) for paragraph in cell.p_lst) for cell in row.tc_lst
    )


def _inside(element) -> str:
    """Text of a paragraph or cell, with its pictures."""
    found = []
    for child in element.iter():
        name = child.tag.rsplit("}", 1)[-1]
        if name == "t" and child.text:
            found.append(child.text)
        elif name in ("tab", "br") and child.getparent().tag.endswith("}r"):
            found.append("\\t" if name == "tab" else "\\n")
        elif child.tag == f"{_WP}inline":
            extent = child.find(f"{_WP}extent")
            size = [round(int(extent.get(side)) / _EMU_PER_MM) for side in ("cx", "cy")]
            found.append(f"[picture {size[0]} x {size[1]} mm]")
    return "".join(found)


def loaded(package: bytes) -> tuple[openpyxl.Workbook, openpyxl.Workbook]:
    """The workbook with its formulas, and with their cached results."""
    with warnings.catch_warnings():  # openpyxl cannot read sparklines and says so
        warnings.filterwarnings("ignore", message="Sparkline Group extension")
        return (
            openpyxl.load_workbook(io.BytesIO(package)),
            openpyxl.load_workbook(io.BytesIO(package), data_only=True),
        )


def excel_outline(package: bytes) -> str:
    """Every sheet with its tables, charts, names and cells as value{number format}."""
    book, shown = loaded(package)
    lines = [f"name {name} = {found.attr_text}" for name, found in book.defined_names.items()]
    for sheet in book.worksheets:
        lines.append(f"== {sheet.title} {sheet.dimensions}")
        lines += [f"table {name} {table}" for name, table in sorted(_tables(sheet))]
        lines += [f"chart {_chart(chart)}" for chart in sheet._charts]
        lines += [
            f"drop-down {found.sqref} {found.formula1}"
            for found in sheet.data_validations.dataValidation
        ]
        for row in sheet.iter_rows():
            cells = [_cell(cell, shown[sheet.title][cell.coordinate].value) for cell in row]
            if any(cells):
                lines.append("\t".join(cells).rstrip("\t"))
    return "\n".join(lines) + "\n"


def _tables(sheet) -> list[tuple[str, str]]:
    return [(table.displayName, table.ref) for table in sheet.tables.values()]


def _cell(cell, value) -> str:
    if value is None:
        return ""
    text = str(value).replace("\n", "\\n").replace("\t", "\\t")
    form = "" if cell.number_format == "General" else f"{{{cell.number_format}}}"
    formula = f" {cell.value}" if cell.data_type == "f" else ""
    return f"{text}{form}{formula}"


def _chart(chart) -> str:
    title = "".join(run.t for p in chart.title.tx.rich.p for run in p.r or ())
    ranges = ", ".join(
        f"{series.val.numRef.f} by {(series.cat.strRef or series.cat.numRef).f}"
        for series in chart.series
    )
    return f"{type(chart).__name__} {title!r}: {ranges}"


def check_snapshot(name: str, text: str) -> None:
    """Compare with the kept outline; UPDATE_SNAPSHOTS=1 keeps the new one.

    Trailing digits of floats differ between processors, so numbers are cut to 12 digits.
    """
    path = SNAPSHOTS / f"{name}.txt"
    stable = re.sub(r"\d+\.\d{13,}", lambda m: f"{float(m.group()):.12g}", text)
    stable = re.sub(r"(2026-W\d\d)-[0-9a-f]{10}", r"\1-<digest>", stable)
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(stable, encoding="utf-8", newline="\n")
    assert path.exists(), f"{path.name} is missing; make it with UPDATE_SNAPSHOTS=1"
    assert stable == path.read_text(encoding="utf-8"), (
        f"{path.name} differs; look at the difference, then UPDATE_SNAPSHOTS=1 keeps the new one"
    )
