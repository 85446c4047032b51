"""How each kind of block is laid out in Word."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest

from docx.document import Document

from charts.tokens import PRINT
from metrics.errors import ReportError
from metrics.units import NBSP, NO_VALUE
from reports import blocks, wordml
from reports.blocks import Cell, Column, Row, Score, Section, Table, Tone, cell_text
from reports.pictures import Picture, Pictures
from reports.report import Report
from reports.wordml import Frame, TableCell

_FULL_WIDTH = 7.0  # inches; the widths of columns are given against it
_GROUNDS = {
    "green": PRINT.green.tint,
    "amber": PRINT.yellow.tint,
    "red": PRINT.red.tint,
    "grey": PRINT.gray.tint,
    "orange": PRINT.orange.tint,
    "blue": PRINT.blue.tint,
}
_EXCEL_ONLY = (blocks.Check, blocks.History)
_KEPT_TOGETHER = (blocks.Figure, blocks.Table, blocks.Scorecard)
_INDENT = 90  # twips
_SCORE_WIDTHS = (1.53, 0.62, 0.62, 0.73, 0.74, 0.96, 0.80, 1.00)


class Layout:
    """Lays blocks out, numbering tables, figures, bookmarks and pictures as they come."""

    def __init__(
        self, document: Document, report: Report, pictures: Pictures, styles: dict[str, str]
    ) -> None:
        """Start with the house's styles (name → id) and the report's pictures ready drawn."""
        self.report = report
        self.text_twips = 0
        self._part = document.part
        self._pictures = pictures
        self._styles = styles
        self._counts: dict[str, int] = {}

    # --- small things

    def style(self, name: str) -> str:
        """The id of a house style.

        Raises:
            ReportError: the style file has no such style.
        """
        try:
            return self._styles[name]
        except KeyError:
            raise ReportError(
                f"The Word style {name} is missing.",
                where="reports/house.docx",
                next_step="Make the file again with python -m reports.make_house.",
            ) from None

    def paragraph(self, style: str, inside: str, properties: str = "") -> str:
        """A paragraph in a style by name."""
        return wordml.paragraph(self.style(style), inside, properties)

    def _next(self, what: str) -> int:
        self._counts[what] = self._counts.get(what, 0) + 1
        return self._counts[what]

    def _runs(self, runs: blocks.Runs) -> str:
        return "".join(self._run(run) for run in runs)

    def _run(self, run: blocks.Run) -> str:
        if run.link and self.report.section(run.link):
            return wordml.link(run.text, f"s_{run.link}", self.style("Hyperlink"))
        return wordml.run(run.text, self.style("Strong") if run.is_bold else "")

    def _caption(self, kind: str, text: str) -> str:
        number = wordml.field(f"SEQ {kind} \\* ARABIC", str(self._next(kind)))
        label = wordml.run(f"{kind} ") + number + wordml.run(f". {text}")
        return self.paragraph("Caption", label)

    # --- sections and blocks

    def section(self, section: Section, *, is_new_page: bool) -> Iterator[str]:
        """Its heading, which links lead to, and its blocks."""
        if section.title:
            name = f"s_{section.key}"
            marked = wordml.bookmark(name, self._next("bookmark"), wordml.run(section.title))
            yield self.paragraph("Heading 1", marked, wordml.NEW_PAGE if is_new_page else "")
        shown = [block for block in section.blocks if not isinstance(block, _EXCEL_ONLY)]
        if section.title and all(isinstance(b, Table) and not b.rows for b in shown):
            yield self.paragraph("Normal", wordml.run(self.report.nothing))
            return
        for block, after in zip_longest(shown, shown[1:]):
            leads_on = isinstance(block, blocks.Paragraph) and isinstance(after, _KEPT_TOGETHER)
            yield from self._leading(block) if leads_on else self.block(block)

    def block(self, block: blocks.Block) -> Iterator[str]:
        """The paragraphs and tables of one block."""
        lay = getattr(self, f"_{type(block).__name__.lower()}", None)
        if lay is None:
            raise ReportError(f"Word has no layout for a {type(block).__name__}.")
        yield from lay(block)

    def _leading(self, block: blocks.Block) -> Iterator[str]:
        """A paragraph that stays with the figure or table it introduces."""
        assert isinstance(block, blocks.Paragraph)
        style = "Note" if block.style == "note" else "Normal"
        yield self.paragraph(style, self._runs(block.runs), wordml.KEEP_NEXT)

    def _heading(self, block: blocks.Heading) -> Iterator[str]:
        yield self.paragraph("Heading 2", wordml.run(block.text))

    def _paragraph(self, block: blocks.Paragraph) -> Iterator[str]:
        style = "Note" if block.style == "note" else "Normal"
        yield self.paragraph(style, self._runs(block.runs))

    def _banner(self, block: blocks.Banner) -> Iterator[str]:
        yield self.paragraph(f"Banner {_named(block.tone)}", wordml.run(block.text))

    def _failure(self, block: blocks.Failure) -> Iterator[str]:
        yield self.paragraph("Banner Amber", wordml.run(f"▲ {block.text}"))

    def _contents(self, _block: blocks.Contents) -> Iterator[str]:
        links = [
            wordml.link(
                section.title.replace(" ", NBSP), f"s_{section.key}", self.style("Hyperlink")
            )
            for section in self.report.contents
        ]
        inside = wordml.run("In this report: ") + wordml.run(" · ").join(links)
        yield self.paragraph("Contents Line", inside)

    def _bullets(self, block: blocks.Bullets) -> Iterator[str]:
        for item in block.items:
            yield self.paragraph("List Bullet", self._runs(item))

    def _quote(self, block: blocks.Quote) -> Iterator[str]:
        about = f" on {block.about}" if block.about else ""
        signed = wordml.run(f"{block.author}{about}: ", self.style("Strong"))
        yield self.paragraph("Analyst Note", signed + wordml.run(block.text))

    def _findinglist(self, block: blocks.FindingList) -> Iterator[str]:
        for item in block.items:
            mark = wordml.run(f"{item.mark} ", self.style(f"Mark {_named(item.tone)}"))
            lead = wordml.run(item.lead, self.style("Strong")) + wordml.run(item.rest)
            yield self.paragraph("Finding", mark + lead)
            evidence = item.evidence if item.evidence.endswith(".") else f"{item.evidence}."
            told = wordml.run(evidence if item.evidence else "")
            if item.next_step:
                told += wordml.run(f"{' ' if item.evidence else ''}Next: {item.next_step}")
            yield self.paragraph("Finding Detail", told)

    def _figure(self, block: blocks.Figure) -> Iterator[str]:
        drawn = self._pictures.figures.get(id(block))
        if drawn is None:  # nothing to draw: the message says it
            yield self.paragraph("Normal", wordml.run(f"{block.caption}."))
            return
        yield self._caption("Figure", block.caption)
        yield self.paragraph("Figure", self._picture(drawn, "Figure"))

    def _picture(self, drawn: Picture, kind: str) -> str:
        number = self._next("picture")
        relation, _image = self._part.get_or_add_image(io.BytesIO(drawn.png))
        width, height = drawn.width, drawn.height
        most = self.text_twips / wordml.TWIPS
        if width > most:
            width, height = most, height * most / width
        return wordml.picture(relation, number, f"{kind} {number}", drawn.alt, (width, height))

    # --- tables

    def _table(self, block: Table) -> Iterator[str]:
        if not block.is_in_word:
            return
        if not block.rows:
            yield self.paragraph("Normal", wordml.run(f"{block.caption}."))
            return
        yield self._caption("Table", block.caption)
        kept = [i for i, column in enumerate(block.columns) if column.width]
        columns = [block.columns[i] for i in kept]
        shown = block.rows[: block.word_rows] if block.word_rows else block.rows
        left = len(block.rows) - len(shown)
        notes = [block.note] if block.note else []
        notes += [f"{left:,} more in the Excel file, sheet {block.sheet}."] if left else []
        rows = [
            _indented([self._cell(row.cells[i], block.columns[i]) for i in kept], columns)
            for row in shown
        ]
        frame = Frame(
            self.style("House Table"),
            self._widths([column.width for column in columns]),
            block.caption,
            block.description,
            block.is_short,
            block.has_row_heads,
            keeps_last=bool(notes),
        )
        head = _indented([self._head(column) for column in columns], columns)
        yield wordml.table(frame, head, rows)
        if notes:
            yield self.paragraph("Note", wordml.run(" ".join(notes)))

    def _widths(self, inches: Sequence[float]) -> tuple[int, ...]:
        """The widths in twips, stretched to the text width and adding up to it."""
        total = sum(inches)
        edges = [0]
        for i in range(len(inches)):
            edges.append(round(sum(inches[: i + 1]) / total * self.text_twips))
        return tuple(end - start for start, end in pairwise(edges))

    def _head(self, column: Column) -> TableCell:
        style = "Table Head Number" if column.kind in ("number", "change") else "Table Head"
        return TableCell(((self.style(style), wordml.run(column.label)),))

    def _cell(self, cell: Cell, column: Column) -> TableCell:
        text = cell_text(cell, column.kind, year=self.report.until.year)
        style = "Table Number" if column.kind in ("number", "change") else "Table Text"
        if cell.tone:
            style = f"Status {_named(cell.tone)}"
        lines = [(self.style(style), wordml.run(text))]
        if cell.note:
            lines.append((self.style("Table Note"), wordml.run(cell.note)))
        is_filled = cell.tone not in ("", "grey") and column.kind == "status"
        return TableCell(tuple(lines), _ground(cell.tone) if is_filled else "")

    def _scorecard(self, block: blocks.Scorecard) -> Iterator[str]:
        if not block.rows:
            yield self.paragraph("Normal", wordml.run(self.report.nothing))
            return
        yield self._caption("Table", block.caption)
        columns = [
            Column("Measure"),
            Column(block.value_label, "number"),
            Column(block.versus_label, "number"),
            Column("Change", "change"),
            Column("Target", "number"),
            Column("Status", "status"),
            Column("Signal"),
            Column(f"13 {block.grain}s"),
        ]
        head = _indented([self._head(column) for column in columns], columns)
        frame = Frame(
            self.style("House Table"),
            self._widths(_SCORE_WIDTHS),
            block.caption,
            block.description,
            is_short=True,
            align="center",
        )
        rows = [_indented(self._score(row), columns) for row in block.rows]
        yield wordml.table(frame, head, rows)
        if block.note:
            yield self.paragraph("Note", wordml.run(block.note))

    def _score(self, row: Score) -> list[TableCell]:
        unit = blocks.UNITS[row.unit]
        numbers = [
            unit.show(row.value),
            unit.show(row.versus),
            unit.show_change(row.change),
            row.target_text or "–",
        ]
        line = self._pictures.lines.get(row.metric)
        drawn = self._picture(line, "Sparkline") if line else wordml.run(NO_VALUE)
        text, number = self.style("Table Text"), self.style("Table Number")
        return [
            TableCell(((text, wordml.run(row.label)),)),
            *(TableCell(((number, wordml.run(shown)),)) for shown in numbers),
            self._cell(blocks.status_cell(row.status), Column("Status", kind="status")),
            self._cell(blocks.signal_cell(row.signal), Column("Signal")),
            TableCell(((text, drawn),)),
        ]


def _indented(cells: list[TableCell], columns: Sequence[Column]) -> list[TableCell]:
    """Text beside a column of numbers moved off it."""
    numbers = [column.kind in ("number", "change") for column in columns]
    moved = [False, *(before and not here for before, here in pairwise(numbers))]
    return [
        replace(cell, indent=_INDENT) if is_moved else cell
        for cell, is_moved in zip(cells, moved, strict=True)
    ]


def _named(tone: Tone) -> str:
    return tone.capitalize() or "Grey"


def _ground(tone: Tone) -> str:
    return _GROUNDS[tone or "grey"].removeprefix("#")


__all__ = ["Layout", "Row"]
