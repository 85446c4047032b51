"""Charts: built once by Altair into templates, filled with data for the page and for Word.

A chart without rows (`chart.is_empty`) is not drawn: say in words that there is nothing to show.
Pictures for Word come from `charts.render`, colours and sizes from `charts.tokens`.
"""

from charts.characteristic import characteristic
from charts.cumulative import Band, Level, cumulative
from charts.funnel import funnel_plot
from charts.matrix import MatrixCell, matrix
from charts.model import Chart
from charts.ranked import bars, intervals, stage_profile
from charts.spark import sparkline, sparkline_svg
from charts.timeline import control, trend

__all__ = [
    "Band",
    "Chart",
    "Level",
    "MatrixCell",
    "bars",
    "characteristic",
    "control",
    "cumulative",
    "funnel_plot",
    "intervals",
    "matrix",
    "sparkline",
    "sparkline_svg",
    "stage_profile",
    "trend",
]
