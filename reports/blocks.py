"""What a report is made of, before it is Word or Excel: plain, frozen, JSON-able blocks.

Sections build blocks; `word.py` and `excel.py` only lay them out. A number is kept as it came out
of the database, with the name of its unit; its text is made in one place, `cell_text`, so Word and
Excel cannot round differently.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from analysis.model import Signal, Status
from data_access.forecast_log import SentForecast
from metrics import units
from metrics.periods import show_date
from metrics.units import NO_VALUE, Unit

# Which colors a cell or a banner wears. The shape and the word are in its text.
Tone = Literal["", "green", "amber", "red", "grey", "orange", "blue"]
Kind = Literal["text", "number", "change", "date", "time", "status"]
UNITS: dict[str, Unit] = {u.name: u for u in vars(units).values() if isinstance(u, Unit)}


@dataclass(frozen=True)
class Run:
    """A piece of a sentence; `link` is the key of the section it leads to."""

    text: str
    is_bold: bool = False
    link: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """Sentences; a note is smaller and quieter."""

    runs: Runs
    style: Literal["body", "note"] = "body"


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Banner:
    """The answer in one line; its text starts with the shape of its status."""

    tone: Tone
    text: str


@dataclass(frozen=True)
class Contents:
    """Links to the sections of the report."""


@dataclass(frozen=True)
class Bullets:
    """A list; `sheet_text` of Excel is the same runs as plain text."""

    items: tuple[Runs, ...]


@dataclass(frozen=True)
class Quote:
    """What a person wrote: quoted, signed, set apart from what the app worked out."""

    text: str
    author: str
    written_at: datetime
    about: str = ""


@dataclass(frozen=True)
class Point:
    """A measure's value in one period of its history."""

    since: date
    value: float | None
    n: int


@dataclass(frozen=True)
class Score:
    """One measure of the key table, with the history its sparkline and chart are drawn from.

    Attributes:
        metric, label, unit: its definition's name, label and unit name.
        value, versus: in the period and in the one compared with; None when there is none.
        change: value − versus, before rounding.
        target, target_text: None and "" when no target holds.
        status, signal: values of analysis.model.Status and Signal.
        points: complete periods, oldest first, this one last.
        low, high: the expected range; None when history is too short.
        message: one line for a chart's title.
        sentence: the reading in words.
    """

    metric: str
    label: str
    unit: str
    value: float | None
    versus: float | None
    change: float | None
    target: float | None
    target_text: str
    status: str
    signal: str
    points: tuple[Point, ...]
    low: float | None
    high: float | None
    message: str
    sentence: str


@dataclass(frozen=True)
class Scorecard:
    """The table of key measures. `grain` says what a point of the history is."""

    caption: str
    value_label: str
    versus_label: str
    rows: tuple[Score, ...]
    description: str
    note: str = ""
    grain: Literal["week", "month", "day"] = "week"


@dataclass(frozen=True)
class History:
    """Measures that are no key measures, for the trend sheet of Excel; Word does not show them."""

    scores: tuple[Score, ...]


@dataclass(frozen=True)
class FindingLine:
    """A finding as printed: mark, sentence, evidence, next step."""

    tone: Tone
    mark: str
    lead: str
    rest: str
    evidence: str
    next_step: str = ""


@dataclass(frozen=True)
class FindingList:
    """Findings, loudest first."""

    items: tuple[FindingLine, ...]


@dataclass(frozen=True)
class Figure:
    """A chart. `caption` is its message.

    Attributes:
        chart: the chart as JSON (kind, spec, rows, alt, height and more), as charts wrote it.
        alt: what a reader who cannot see it is told.
        width: in inches; 0 for the full text width.
    """

    caption: str
    chart: dict[str, Any]
    alt: str
    width: float = 0.0


CellValue = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        value: the exact value; None when there is none.
        unit: name of a unit, for numbers.
        text: what is shown instead of the value's own text; Excel then shows it only when the
            value is None or text.
        tone: its color.
        note: a quieter second line (Word only; Excel has a column for it).
    """

    value: CellValue = None
    unit: str = ""
    text: str = ""
    tone: Tone = ""
    note: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        label: its head.
        kind: what its cells are; numbers stand right.
        width: inches in Word, of 7; 0 leaves it out of Word.
        chars: characters in Excel; 0 leaves it out of Excel.
        choices: the valid values, as a drop-down in Excel.
        formula: an Excel formula over the row; its cells hold the results.
        names: prefix of the names given to its cells in Excel ("kpi_"); the row's key follows.
        wraps: long text makes the row higher in Excel; False cuts it off at the cell's edge.
    """

    label: str
    kind: Kind = "text"
    width: float = 1.0
    chars: int = 16
    choices: tuple[str, ...] = ()
    formula: str = ""
    names: str = ""
    wraps: bool = True


@dataclass(frozen=True)
class Row:
    """One row; `key` names it for the program, readers do not see it."""

    cells: tuple[Cell, ...]
    key: str = ""


@dataclass(frozen=True)
class BarChart:
    """A native bar chart in Excel over two columns of its table, named by their labels."""

    title: str
    category: str
    value: str
    alt: str


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        name: snake_case; the Excel table is tbl_<name>.
        caption: its message; Word numbers it.
        description: for readers who cannot see it.
        sheet: the Excel sheet it fills; "" for Word only. Tables of one sheet have equal columns
            and are stacked there.
        note: a line under it.
        word_rows: how many rows Word shows; 0 for all. The rest is in Excel, and Word says so.
        is_short: keep it on one page.
        bars: a native chart over it.
        is_in_word: False for Excel only.
        has_row_heads: the first column names the rows and stands bold.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    description: str
    sheet: str = ""
    note: str = ""
    word_rows: int = 0
    is_short: bool = False
    bars: BarChart | None = None
    is_in_word: bool = True
    has_row_heads: bool = True


@dataclass(frozen=True)
class Check:
    """A sum over a table in Excel that must equal a figure asked of the database by itself.

    Attributes:
        what: in words.
        table, column: the table's name and the column's label.
        how: how the column is put together.
        expected: the database's figure.
        unit: name of its unit.
    """

    what: str
    table: str
    column: str
    how: Literal["sum", "count"]
    expected: float
    unit: str = "count"


@dataclass(frozen=True)
class Failure:
    """A section that could not be computed: said, never left out."""

    text: str


Block = (
    Paragraph
    | Heading
    | Banner
    | Contents
    | Bullets
    | Quote
    | Scorecard
    | History
    | FindingList
    | Figure
    | Table
    | Check
    | Failure
)


@dataclass(frozen=True)
class Section:
    """A heading and its blocks.

    Attributes:
        key: short name; links lead to it.
        title: what a reader sees.
        is_first_page: it belongs to the page that must stand alone.
        is_landscape: it is set across the page, on pages of its own.
        forecasts: what it forecasts, kept when the report is issued, to be judged later.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    is_first_page: bool = False
    is_landscape: bool = False
    forecasts: tuple[SentForecast, ...] = ()


def status_cell(status: str) -> Cell:
    """A status as a cell: shape, word and color."""
    face = Status(status)
    return Cell(f"{face.shape} {face.label}", tone=face.tone)


def signal_cell(signal: str) -> Cell:
    """A signal as a cell: its word, colored when it is good or bad news."""
    face = Signal(signal)
    return Cell(face.label, tone="" if face.tone == "grey" else face.tone)


def show_time(moment: datetime) -> str:
    """A time as text: "22 Nov 2026, 23:59"."""
    return f"{show_date(moment.date())}, {moment:%H:%M}"


def cell_text(cell: Cell, kind: Kind, *, year: int | None = None) -> str:
    """The cell as a reader sees it in Word; the year of `year` is left out of dates.

    >>> cell_text(Cell(0.9251, unit="share"), "number")
    '92.5%'
    """
    value = cell.value
    if cell.text:
        return cell.text
    if isinstance(value, datetime):
        return show_time(value)
    if isinstance(value, date):
        return show_date(value, year=year)
    if isinstance(value, str):
        return value
    if value is None:
        return NO_VALUE if kind in ("number", "change") else ""
    unit = UNITS[cell.unit]
    return unit.show_change(value) if kind == "change" else unit.show(value)


def plain(runs: Runs) -> str:
    """The runs as one plain sentence."""
    return "".join(run.text for run in runs)


def sentence(text: str) -> Runs:
    """A plain sentence as runs."""
    return (Run(text),)
