"""The pieces of WordprocessingML the report needs, as text: quick to write, quick to read.

Every piece of text goes through `escaped`, the one place where it is made safe. Styles are given
by their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from data_access.text import clean_text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = " ".join(
    f'xmlns:{prefix}="{space}"'
    for prefix, space in {
        "w": W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    }.items()
)
TWIPS = 1440  # to the inch
EMU = 914_400  # to the inch


def body(parts: Iterable[str]) -> str:
    """The parts as one well-formed document body."""
    return f"<w:body {_SPACES}>{''.join(parts)}</w:body>"


def escaped(text: str) -> str:
    """Text as it may stand in XML."""
    return escape(clean_text(text))


def run(text: str, style: str = "") -> str:
    """A run; newlines become line breaks, tabs tabs."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    lines = []
    for line in clean_text(text).split("\n"):
        pieces = (
            f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else ""
            for piece in line.split("\t")
        )
        lines.append("<w:tab/>".join(pieces))
    return f"<w:r>{look}{'<w:br/>'.join(lines)}</w:r>"


def link(text: str, anchor: str, style: str) -> str:
    """A run that leads to a bookmark of this document."""
    return f'<w:hyperlink w:anchor="{anchor}" w:history="1">{run(text, style)}</w:hyperlink>'


def field(instruction: str, shown: str) -> str:
    """A field Word keeps up to date, with the text it shows until then."""
    return f'<w:fldSimple w:instr=" {instruction} ">{run(shown)}</w:fldSimple>'


def bookmark(name: str, number: int, inside: str) -> str:
    """Something links can lead to."""
    start = f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'
    return f'{start}{inside}<w:bookmarkEnd w:id="{number}"/>'


def paragraph(style: str, inside: str, properties: str = "") -> str:
    """A paragraph; `properties` are further pPr elements in schema order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inside}</w:p>'


KEEP_NEXT = "<w:keepNext/>"
NEW_PAGE = "<w:pageBreakBefore/>"


def right_tab(twips: int) -> str:
    """A tab stop that sets what follows to the right margin."""
    return f'<w:tabs><w:tab w:val="right" w:pos="{twips}"/></w:tabs>'


def picture(relation: str, number: int, name: str, alt: str, size: tuple[float, float]) -> str:
    """A run with an inline picture of a size in inches.

    All four distances are 0: without them LibreOffice shifts the picture by an eighth of an inch.
    """
    wide, high = (round(inches * EMU) for inches in size)
    descr = quoteattr(clean_text(alt))
    named = f'id="{number}" name={quoteattr(clean_text(name))} descr={descr}'
    space = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{wide}" cy="{high}"/><wp:docPr {named}/><wp:cNvGraphicFramePr>'
        '<a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
        f'<a:graphicData uri="{space}"><pic:pic><pic:nvPicPr><pic:cNvPr {named}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{relation}"/><a:stretch>'
        '<a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
        "</w:r>"
    )


@dataclass(frozen=True)
class TableCell:
    """A cell.

    Attributes:
        paragraphs: as (style, inside).
        ground: a hex color without "#"; "" for none.
        indent: twips to the left of the text, beside a column of right-aligned numbers.
    """

    paragraphs: tuple[tuple[str, str], ...]
    ground: str = ""
    indent: int = 0


@dataclass(frozen=True)
class Frame:
    """A table but for its cells.

    Attributes:
        widths: of its columns, in twips.
        title, description: for readers who cannot see it.
        is_short: it stays on one page.
        has_row_heads: its first column names the rows.
        keeps_last: its last row stays with what follows.
        align: where text stands in a row that is higher: "top" or "center".
    """

    style: str
    widths: tuple[int, ...]
    title: str
    description: str
    is_short: bool = False
    has_row_heads: bool = True
    align: str = "top"
    keeps_last: bool = False


def table(frame: Frame, head: Sequence[TableCell], rows: Sequence[Sequence[TableCell]]) -> str:
    """A table of fixed widths.

    The head repeats on every page, no row splits; head and first row, and the last two rows, stay
    together; a short table stays whole.
    """
    first = f'w:firstRow="1" w:firstColumn="{int(frame.has_row_heads)}"'
    look = f'{first} w:lastRow="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"'
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in frame.widths)
    last = len(rows) - 1
    lines = [_row(head, frame, is_head=True, keep=True)]
    for i, cells in enumerate(rows):
        together = frame.is_short or last < 3 or i == 0 or i == last - 1
        keep = together if i < last else frame.keeps_last
        lines.append(_row(cells, frame, is_head=False, keep=keep))
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{frame.style}"/>'
        f'<w:tblW w:w="{sum(frame.widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{"06A0" if frame.has_row_heads else "0620"}" {look}/>'
        f"<w:tblCaption w:val={quoteattr(clean_text(frame.title))}/>"
        f"<w:tblDescription w:val={quoteattr(clean_text(frame.description))}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def _row(cells: Sequence[TableCell], frame: Frame, *, is_head: bool, keep: bool) -> str:
    mark = "<w:tblHeader/>" if is_head else ""
    align = "center" if is_head else frame.align
    inside = "".join(
        _cell(cell, width, align, keep=keep)
        for cell, width in zip(cells, frame.widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{inside}</w:tr>"


def _cell(cell: TableCell, width: int, align: str, *, keep: bool) -> str:
    ground = f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.ground}"/>' if cell.ground else ""
    properties = KEEP_NEXT if keep else ""
    properties += f'<w:ind w:left="{cell.indent}"/>' if cell.indent else ""
    inside = "".join(paragraph(style, inside, properties) for style, inside in cell.paragraphs)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{ground}<w:vAlign w:val="{align}"/>'
        f"</w:tcPr>{inside}</w:tc>"
    )
