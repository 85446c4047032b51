"""The pictures of a report, drawn once before Word lays them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from charts import render, sparkline, tokens
from charts.model import Chart
from reports.blocks import UNITS, Figure, Score, Scorecard
from reports.report import Report

_LINE_SIZE = (86 / tokens.PX_PER_INCH, 20 / tokens.PX_PER_INCH)  # inches, as the SVG is drawn
_FIGURE_WIDTH = tokens.PRINT_WIDTH / tokens.PX_PER_INCH


@dataclass(frozen=True)
class Picture:
    """A PNG with its size in inches and what a reader who cannot see it is told."""

    png: bytes
    width: float
    height: float
    alt: str


@dataclass(frozen=True)
class Pictures:
    """All of them: figures by the identity of their block, sparklines by metric."""

    figures: Mapping[int, Picture]
    lines: Mapping[str, Picture]

    @classmethod
    def of(cls, report: Report) -> Pictures:
        """The pictures of a report."""
        figures = [f for f in report.blocks(Figure) if not chart_of(f).is_empty]
        drawn = render.pngs([chart_of(figure) for figure in figures])
        return cls(
            {id(f): _figure(f, png) for f, png in zip(figures, drawn, strict=True)},
            {
                row.metric: line
                for card in report.blocks(Scorecard)
                for row in card.rows
                for line in [_line(row)]
                if line.png
            },
        )


def chart_of(figure: Figure) -> Chart:
    """The chart as charts made it."""
    return Chart(**figure.chart)


def _figure(figure: Figure, png: bytes) -> Picture:
    wide, high = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    width = figure.width or _FIGURE_WIDTH
    return Picture(png, width, width * high / wide, figure.alt)


def _line(row: Score) -> Picture:
    values = [point.value for point in row.points]
    png = render.sparkline_png(values, target=row.target, signal=row.signal)
    told = sparkline(
        values,
        unit=UNITS[row.unit],
        theme="print",
        label=row.label,
        target=row.target,
        signal=row.signal,
    ).alt
    return Picture(png, *_LINE_SIZE, told)
