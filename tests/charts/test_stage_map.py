"""The stage map: arcs by thickness and colour, few enough points, drawn for Word too."""

from __future__ import annotations

import pytest

from charts.render import png
from charts.stage_map import MOST_WAYS, Way, stage_map_chart
from charts.tokens import THEMES

STAGES = [(f"Stage {n}", "3 visits · 1.0 h") for n in range(12)]
WAYS = [
    Way(first, last, n=1 + a * b, wait=float(a), shown=f"{a}×", told="told")
    for a, (first, _) in enumerate(STAGES)
    for b, (last, _) in enumerate(STAGES)
]


@pytest.mark.parametrize("theme", THEMES)
def test_a_full_map_stays_below_2000_points(theme):
    chart = stage_map_chart(STAGES, WAYS, theme=theme, what="Ways")
    assert len(chart.rows) == MOST_WAYS
    assert sum(len(rows) for rows in chart.datasets.values()) < 2000
    assert 20 <= len(chart.alt) <= 600


def test_ways_ahead_bend_right_ways_back_left_and_frequent_ones_are_thicker():
    ways = [Way("A", "B", 9, 1.0, "9×", ""), Way("B", "A", 1, None, "1×", "")]
    chart = stage_map_chart([("A", ""), ("B", "")], ways, theme="light", what="Ways")
    ahead, back = chart.datasets["rows"]
    assert ahead["x"] > 0 > back["x"]
    curves = chart.datasets["curves"]
    widths = {row["way"]: row["width"] for row in curves}
    assert widths["A|B"] > widths["B|A"]
    assert {row["shade"] for row in curves if row["way"] == "B|A"} == {0.0}
    assert all(abs(row["x"]) <= 1 for row in curves)


def test_the_map_renders_for_word_with_nasty_names():
    nasty = ['<b>"x"</b>', "=1+1", "x" * 200]
    ways = [Way(nasty[0], nasty[1], 3, 2.0, "3×", ""), Way(nasty[1], nasty[1], 1, 0.0, "1×", "")]
    chart = stage_map_chart([(n, "") for n in nasty], ways, theme="print", what="Ways")
    assert len(png(chart)) > 3000


def test_without_ways_there_is_nothing_to_draw():
    assert stage_map_chart([], [], theme="light", what="Ways").is_empty
    assert stage_map_chart([("A", "")], [], theme="light", what="Ways").is_empty
