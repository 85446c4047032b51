"""Reports and guides as clean HTML, to paste into a wiki page or a mail.

No script, no style sheet and no address that is asked for by itself: pictures are inside. What a
report says is laid out from the same blocks and by the same texts as in Word.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape

from markdown_it import MarkdownIt

from data_access.text import clean_text
from metrics.errors import ReportError
from metrics.units import NO_VALUE
from reports import blocks
from reports.blocks import UNITS, Cell, Column, Score, Section, Table, cell_text, show_time
from reports.pictures import Picture, Pictures
from reports.report import Report

_COLORS = {
    "green": "#0B5D34", "amber": "#7A4A00", "red": "#9B1C12", "grey": "#4A5564",
    "orange": "#A84300", "blue": "#1F4E79",
}  # fmt: skip
_BODY = "font-family:Arial,sans-serif;font-size:14px;line-height:1.45;color:#1B2433"
_TABLE = "border-collapse:collapse;margin:4px 0 12px"
_CELL = "border:1px solid #D5DBE3;padding:4px 8px;vertical-align:top;text-align:"
_TABLES = {"table_open": _TABLE, "th_open": f"{_CELL}left", "td_open": f"{_CELL}left"}
_NUMBERS = ("number", "change")
_ONLY_EXCEL = (blocks.Check, blocks.History)
_PX_PER_INCH = 96


def write(report: Report) -> bytes:
    """The report as one HTML page in UTF-8."""
    layout = _Layout(report, Pictures.of(report))
    facts = [report.organization, report.period_label]
    facts += [f"Data to {show_time(report.data_to)}"] if report.data_to else []
    facts += [f"For: {report.audience}"] if report.audience else []
    facts += ["Sample data"] if report.is_sample else []
    foot = f"Report {report.id}. Prepared {show_time(report.prepared)}, {report.zone}."
    parts = [
        _tag("h1", _text(report.title)),
        _tag("p", _text(" | ".join(part for part in facts if part))),
        *(part for section in report.sections for part in layout.section(section)),
        _tag("p", _tag("small", _text(foot))),
    ]
    return page(f"{report.title}, {report.period_label}", parts)


def guide(title: str, facts: str, text: str) -> bytes:
    """A guide as one HTML page; raw HTML in its Markdown shows as text, pictures as links."""
    return page(title, [_tag("h1", _text(title)), _tag("p", _text(facts)), markdown(text)])


def page(title: str, parts: Sequence[str]) -> bytes:
    """A whole page around the parts."""
    inside = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{_text(title)}</title>\n</head>\n"
        f'<body style="{_BODY}">\n{inside}\n</body>\n</html>\n'
    ).encode()


def markdown(text: str) -> str:
    """Markdown as HTML by CommonMark with tables; raw HTML is escaped, nothing is loaded."""
    parser, env = _parser(), dict[str, object]()
    tokens = parser.parse(clean_text(text), env)
    for token in tokens:
        if style := _TABLES.get(token.type):
            token.attrSet("style", style)
    return str(parser.renderer.render(tokens, parser.options, env))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


class _Layout:
    """Lays blocks out, numbering tables and figures as they come."""

    def __init__(self, report: Report, pictures: Pictures) -> None:
        self._report = report
        self._pictures = pictures
        self._counts: dict[str, int] = {}

    def section(self, section: Section) -> Iterator[str]:
        """Its heading, which links lead to, and its blocks."""
        if section.title:
            yield _tag("h2", _text(section.title), id=f"s_{section.key}")
        shown = [block for block in section.blocks if not isinstance(block, _ONLY_EXCEL)]
        if section.title and all(isinstance(b, Table) and not b.rows for b in shown):
            yield _tag("p", _text(self._report.nothing))
            return
        for block in shown:
            yield from self.block(block)

    def block(self, block: blocks.Block) -> Iterator[str]:
        """The elements of one block."""
        lay = getattr(self, f"_{type(block).__name__.lower()}", None)
        if lay is None:
            raise ReportError(f"HTML has no layout for a {type(block).__name__}.")
        yield from lay(block)

    def _runs(self, runs: blocks.Runs) -> str:
        return "".join(self._run(run) for run in runs)

    def _run(self, run: blocks.Run) -> str:
        text = _tag("strong", _text(run.text)) if run.is_bold else _text(run.text)
        if run.link and self._report.section(run.link):
            return _tag("a", text, href=f"#s_{run.link}")
        return text

    def _caption(self, kind: str, text: str) -> str:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return f"{kind} {self._counts[kind]}. {_text(text)}"

    def _heading(self, block: blocks.Heading) -> Iterator[str]:
        yield _tag("h3", _text(block.text))

    def _paragraph(self, block: blocks.Paragraph) -> Iterator[str]:
        inside = self._runs(block.runs)
        yield _tag("p", _tag("small", inside) if block.style == "note" else inside)

    def _banner(self, block: blocks.Banner) -> Iterator[str]:
        yield _tag("p", _tag("strong", _text(block.text)), style=_color(block.tone))

    def _failure(self, block: blocks.Failure) -> Iterator[str]:
        yield _tag("p", _tag("strong", _text(f"▲ {block.text}")), style=_color("amber"))

    def _contents(self, _block: blocks.Contents) -> Iterator[str]:
        links = [
            _tag("a", _text(section.title), href=f"#s_{section.key}")
            for section in self._report.contents
        ]
        yield _tag("p", "In this report: " + " · ".join(links))

    def _bullets(self, block: blocks.Bullets) -> Iterator[str]:
        yield _tag("ul", "".join(_tag("li", self._runs(item)) for item in block.items))

    def _quote(self, block: blocks.Quote) -> Iterator[str]:
        about = f" on {block.about}" if block.about else ""
        signed = _tag("strong", _text(f"{block.author}{about}: "))
        yield _tag("blockquote", _tag("p", signed + _text(block.text)))

    def _findinglist(self, block: blocks.FindingList) -> Iterator[str]:
        yield _tag("ul", "".join(self._finding(item) for item in block.items))

    def _finding(self, item: blocks.FindingLine) -> str:
        mark = _tag("span", _text(item.mark), style=_color(item.tone))
        evidence = item.evidence if item.evidence.endswith(".") or not item.evidence else (
            f"{item.evidence}."
        )  # fmt: skip
        more = f"Next: {item.next_step}" if item.next_step else ""
        told = " ".join(part for part in (evidence, more) if part)
        small = f"<br>{_tag('small', _text(told))}" if told else ""
        return _tag(
            "li", f"{mark} {_tag('strong', _text(item.lead))}{_text(item.rest)}{small}"
        )  # fmt: skip

    def _figure(self, block: blocks.Figure) -> Iterator[str]:
        drawn = self._pictures.figures.get(id(block))
        if drawn is None:  # nothing to draw: the message says it
            yield _tag("p", _text(f"{block.caption}."))
            return
        caption = _tag("figcaption", self._caption("Figure", block.caption))
        yield _tag("figure", caption + _picture(drawn), style="margin:8px 0 12px")

    def _table(self, block: Table) -> Iterator[str]:
        if not block.is_in_word:
            return
        if not block.rows:
            yield _tag("p", _text(f"{block.caption}."))
            return
        kept = [i for i, column in enumerate(block.columns) if column.width]
        shown = block.rows[: block.word_rows] if block.word_rows else block.rows
        left = len(block.rows) - len(shown)
        rows = [[self._cell(row.cells[i], block.columns[i]) for i in kept] for row in shown]
        yield self._frame(block.caption, [block.columns[i] for i in kept], rows)
        notes = [block.note] if block.note else []
        notes += [f"{left:,} more in the Excel file, sheet {block.sheet}."] if left else []
        if notes:
            yield _tag("p", _tag("small", _text(" ".join(notes))))

    def _frame(self, caption: str, columns: Sequence[Column], rows: list[list[str]]) -> str:
        head = "".join(_tag("th", _text(c.label), scope="col", style=_side(c)) for c in columns)
        body = "".join(_tag("tr", "".join(row)) for row in rows)
        told = _tag("caption", self._caption("Table", caption), style="text-align:left")
        return _tag(
            "table", told + _tag("thead", _tag("tr", head)) + _tag("tbody", body), style=_TABLE
        )

    def _cell(self, cell: Cell, column: Column) -> str:
        text = _text(cell_text(cell, column.kind, year=self._report.until.year))
        note = f"<br>{_tag('small', _text(cell.note))}" if cell.note else ""
        return _tag("td", text + note, style=f"{_side(column)};{_color(cell.tone)}".rstrip(";"))

    def _scorecard(self, block: blocks.Scorecard) -> Iterator[str]:
        if not block.rows:
            yield _tag("p", _text(self._report.nothing))
            return
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
        yield self._frame(block.caption, columns, [self._score(row, columns) for row in block.rows])
        if block.note:
            yield _tag("p", _tag("small", _text(block.note)))

    def _score(self, row: Score, columns: Sequence[Column]) -> list[str]:
        unit = UNITS[row.unit]
        texts = [
            row.label,
            unit.show(row.value),
            unit.show(row.versus),
            unit.show_change(row.change),
            row.target_text or "–",
        ]
        line = self._pictures.lines.get(row.metric)
        return [
            *(
                _tag("td", _text(text), style=_side(column))
                for text, column in zip(texts, columns, strict=False)
            ),
            self._cell(blocks.status_cell(row.status), columns[5]),
            self._cell(blocks.signal_cell(row.signal), columns[6]),
            _tag(
                "td",
                _picture(line).removeprefix("<br>") if line else NO_VALUE,
                style=_side(columns[7]),
            ),
        ]


def _text(text: str) -> str:
    """Text for between tags; a new line is a break."""
    return escape(clean_text(text)).replace("\n", "<br>")


def _tag(name: str, inside: str, **attributes: str) -> str:
    told = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{told}>{inside}</{name}>"


def _picture(drawn: Picture) -> str:
    data = b64encode(drawn.png).decode()
    width = round(drawn.width * _PX_PER_INCH)
    return (
        f'<br><img alt="{escape(clean_text(drawn.alt))}" width="{width}" '
        f'src="data:image/png;base64,{data}">'
    )


def _side(column: Column) -> str:
    return _CELL + ("right" if column.kind in _NUMBERS else "left")


def _color(tone: str) -> str:
    return f"color:{_COLORS[tone]}" if tone else ""
