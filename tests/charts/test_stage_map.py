"""The stage map: arcs by thickness and colour, few enough points, drawn for Word too."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
import vl_convert

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


SVG = "{http://www.w3.org/2000/svg}"
PHONE = 324  # of a screen of 390 pixels; the page and the card take the rest
LONG = ["Annotation", "Second review", "Adjudication", "Double-check by radiologist",
        "Final customer acceptance", "Intake"]  # fmt: skip


def drawn(names: list[str], width: int) -> list[tuple[str, float, float]]:
    """The texts that a browser of that width shows, by an engine that is not ours.

    Each with its lines joined, and the pixels from the top of its first and last line's base.
    """
    ways = [Way(a, b, 9, 1.0, "9×", "") for a, b in pairwise(names)]
    stages = [(name, "3 visits · 1.0 h") for name in names]
    chart = stage_map_chart(stages, ways, theme="light", what="Ways")
    picture = ET.fromstring(vl_convert.vegalite_to_svg({**chart.filled(), "width": width}))
    found = []
    for each in picture.iter(f"{SVG}text"):
        first = float(re.search(r",([\d.]+)\)", each.get("transform", "")).group(1))
        down = sum(float(line.get("dy", 0)) for line in each.iter(f"{SVG}tspan"))
        found.append((" ".join(each.itertext()), first, first + down))
    return found


@pytest.mark.parametrize("width", [300, PHONE, 400, 600, 1100])
def test_names_of_stages_are_whole_at_every_width(width):
    shown = [name for name, _, _ in drawn(LONG, width)]
    assert [name for name in LONG if name not in shown] == []


def test_a_name_that_no_box_holds_ends_with_an_ellipsis():
    (found,) = [name for name, _, _ in drawn(["Intake", "word " * 40], PHONE) if "word" in name]
    assert found.endswith("…")


@pytest.mark.parametrize("width", [300, PHONE, 1100])
def test_the_lines_of_a_stage_stand_below_each_other(width):
    """Name, its further lines, the note, the next stage's name: 11 pixels apart, no less."""
    told = drawn(LONG, width)
    notes = sorted(first for name, first, _ in told if name.startswith("3 visits"))
    names = sorted((first, last) for name, first, last in told if name in LONG)
    assert len(notes) == len(names) == len(LONG)
    for (first, last), note, (following, _) in zip(names, notes, [*names[1:], (1e9, 0)],
                                                   strict=True):  # fmt: skip
        assert first <= last <= note - 11 <= following - 22
