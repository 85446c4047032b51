"""The history as one tidy table, and native charts linked to it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xlsxwriter.chart import Chart

from charts import tokens
from charts.tokens import PRINT
from reports.blocks import UNITS, Cell, Column, History, Row, Score, Scorecard, Table
from reports.excel_book import Book
from reports.report import Report

TREND = "Trend data"
_SIZE = {"width": 630, "height": 270}
_FONT = {"name": tokens.DOCUMENT_FONT, "size": 9, "color": PRINT.ink2}


@dataclass(frozen=True)
class Trends:
    """The measures with a history, key measures first, and what one point of it spans."""

    scores: tuple[Score, ...]
    key: tuple[Score, ...]
    grain: str

    @classmethod
    def of(cls, report: Report) -> Trends:
        """Those of a report."""
        cards = list(report.blocks(Scorecard))
        key = tuple(score for card in cards for score in card.rows if score.points)
        others = [s for block in report.blocks(History) for s in block.scores if s.points]
        return cls((*key, *others), key, cards[0].grain if cards else "week")

    @property
    def charted(self) -> tuple[Score, ...]:
        """The key measures with a value to draw."""
        return tuple(s for s in self.key if any(p.value is not None for p in s.points))

    def write(self, book: Book) -> dict[str, tuple[int, int]]:
        """Write the sheet; metric → first and last row of its points."""
        sheet = book.sheets[TREND]
        sheet.set_portrait()  # long and narrow
        first = book.title(
            sheet, TREND, ["One row per measure and period; charts and sparklines read it."]
        )
        places: dict[str, tuple[int, int]] = {}
        rows: list[Row] = []
        for score in self.scores:
            start = first + 1 + len(rows)
            rows += [_row(score, i) for i in range(len(score.points))]
            places[score.metric] = (start, first + len(rows))
        starting = {"week": "Week starting", "month": "Month starting"}.get(self.grain, "Day")
        book.table(
            sheet,
            first,
            Table(
                name="trend",
                caption="The history of the measures",
                rows=tuple(rows),
                columns=(
                    Column("Id", chars=24),
                    Column("Measure", chars=30),
                    Column(starting, kind="date", chars=16),
                    *(
                        Column(label, kind="number", chars=15)
                        for label in (
                            "Value",
                            "Expected low",
                            "Expected high",
                            "Target",
                            "Rows (n)",
                        )
                    ),
                ),
                description="One row per measure and period with its value, range and target.",
            ),
        )
        return places


def _row(score: Score, i: int) -> Row:
    point = score.points[i]
    numbers = (point.value, score.low, score.high, score.target)
    return Row(
        (
            Cell(score.metric),
            Cell(score.label),
            Cell(point.since),
            *(Cell(number, unit=score.unit) for number in numbers),
            Cell(point.n, unit="count"),
        )
    )


def control_charts(
    book: Book, trends: Trends, places: Mapping[str, tuple[int, int]]
) -> Iterator[tuple[Chart, str]]:
    """A line chart per measure with its expected range and target, and its alt text."""
    for score in trends.charted:
        yield _control_chart(book, score, *places[score.metric]), _alt(score)


def _control_chart(book: Book, score: Score, first: int, last: int) -> Chart:
    chart = book.workbook.add_chart({"type": "line"})

    def column(letter: str) -> str:
        return f"='{TREND}'!${letter}${first + 1}:${letter}${last + 1}"

    grey = {"color": PRINT.quiet, "width": 1}
    if score.low is not None and score.high is not None:
        for letter, name in (("E", "Expected low"), ("F", "Expected high")):
            chart.add_series(
                {
                    "name": name,
                    "categories": column("C"),
                    "values": column(letter),
                    "line": grey,
                    "marker": {"type": "none"},
                }
            )
    if score.target is not None:
        chart.add_series(
            {
                "name": "Target",
                "categories": column("C"),
                "values": column("G"),
                "line": {"color": PRINT.target, "width": 1.25, "dash_type": "dash"},
                "marker": {"type": "none"},
            }
        )
    chart.add_series(_measure(score, column("C"), column("D")))
    shown = [p.value for p in score.points if p.value is not None]
    shown += [value for value in (score.low, score.high, score.target) if value is not None]
    _axes(chart, score, shown)
    _finish(chart, score.message)
    return chart


def _axes(chart: Chart, score: Score, shown: Sequence[float]) -> None:
    unit, start, end = UNITS[score.unit], score.points[0].since, score.points[-1].since
    days = (end - start).days
    chart.set_x_axis(
        {
            "date_axis": True,
            "num_format": "d mmm" if days < 500 else "mmm yyyy",
            "num_font": _FONT,
            "min": datetime(start.year, start.month, start.day),
            "max": datetime.fromordinal(end.toordinal() + max(7, days // 8)),  # room for the label
            "major_unit": max(7, round(days / 6 / 7) * 7),
            "major_unit_type": "days",
            "line": {"color": PRINT.rule},
            "major_tick_mark": "outside",
        }
    )
    low, high, step = _scale(shown)
    is_whole = (step * unit.scale) % 1 == 0
    chart.set_y_axis(
        {
            "num_format": unit.excel.replace(f".{'0' * unit.decimals}", "")
            if is_whole
            else unit.excel,
            "num_font": _FONT,
            "min": low,
            "max": high,
            "major_unit": step,
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": PRINT.grid, "width": 0.75}},
        }
    )


def _scale(values: Sequence[float]) -> tuple[float, float, float]:
    """Lowest, highest and step of an axis with round ticks that holds all values."""
    low, high = min(values), max(values)
    rough = (high - low or abs(high) or 1.0) / 4
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    if first * step == low and low > 0:
        first -= 1
    return round(first * step, 10), round((last + (first == last)) * step, 10), round(step, 10)


def _measure(score: Score, dates: str, values: str) -> dict[str, Any]:
    """The series of the measure itself; its last value is labeled, and colored by the signal."""
    at = max(i for i, point in enumerate(score.points) if point.value is not None)
    marks = {"worsening": PRINT.orange.mark, "improving": PRINT.blue.mark}
    color = marks.get(score.signal, PRINT.brand)
    labels: list[dict[str, Any]] = [{"delete": True} for _ in score.points]
    labels[at] = {
        "value": UNITS[score.unit].show(score.points[at].value),
        "font": {**_FONT, "size": 10, "bold": True, "color": color},
    }
    points: list[dict[str, Any] | None] = [None for _ in score.points]
    points[at] = {"fill": {"color": color}, "border": {"color": color}}
    return {
        "name": score.label,
        "categories": dates,
        "values": values,
        "points": points,
        "line": {"color": PRINT.brand, "width": 2},
        "marker": {
            "type": "circle",
            "size": 5,
            "fill": {"color": PRINT.brand},
            "border": {"color": PRINT.brand},
        },
        "data_labels": {"value": True, "position": "right", "custom": labels},
    }


def bar_chart(book: Book, sheet: str, first: int, table: Table) -> tuple[Chart, str]:
    """A native bar chart over two columns of a table whose head stands in row `first`."""
    bars = table.bars
    assert bars is not None
    labels = [column.label for column in table.columns if column.chars]
    top, bottom = first + 2, first + 1 + len(table.rows)

    def cells(label: str) -> str:
        letter = chr(ord("A") + labels.index(label))
        return f"='{sheet}'!${letter}${top}:${letter}${bottom}"

    at = [column.label for column in table.columns].index(bars.value)
    unit = UNITS[next(row.cells[at].unit for row in table.rows)]
    chart = book.workbook.add_chart({"type": "bar"})
    chart.add_series({
        "name": bars.value, "categories": cells(bars.category), "values": cells(bars.value),
        "fill": {"color": PRINT.quiet}, "border": {"none": True}, "gap": 45,
        "data_labels": {"value": True, "num_format": unit.excel, "font": _FONT},
    })  # fmt: skip
    chart.set_y_axis({
        "reverse": True, "num_font": _FONT, "line": {"color": PRINT.rule},
        "major_tick_mark": "none",
    })  # fmt: skip
    chart.set_x_axis({"min": 0, "visible": False, "major_gridlines": {"visible": False}})
    _finish(chart, bars.title, left=0.26)
    return chart, bars.alt


def _finish(chart: Chart, title: str, *, left: float = 0.09) -> None:
    chart.set_title(
        {
            # a title that starts with "=" would be read as a formula
            "name": title if not title.startswith("=") else f"\N{ZERO WIDTH SPACE}{title}",
            "overlay": False,
            "name_font": {
                "name": tokens.DOCUMENT_FONT,
                "size": 10,
                "bold": True,
                "color": PRINT.ink,
            },
        }
    )
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": PRINT.rule}})
    chart.set_plotarea({"layout": {"x": left, "y": 0.17, "width": 0.96 - left, "height": 0.68}})
    chart.set_size(_SIZE)


def _alt(score: Score) -> str:
    """What the chart shows, in a sentence or two."""
    unit = UNITS[score.unit]
    drawn = [p for p in score.points if p.value is not None]
    low, high = min(p.value or 0.0 for p in drawn), max(p.value or 0.0 for p in drawn)
    told = (
        f"Line chart of {score.label}, {len(drawn)} periods. {score.message}. "
        f"Lowest {unit.show(low)}, highest {unit.show(high)}."
    )
    return told[:600]
