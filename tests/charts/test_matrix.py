"""A matrix shades a cell by its share, marks the one to look at, leaves out what is unreadable."""

from __future__ import annotations

import pytest

from charts import MatrixCell, matrix
from charts.matrix import _STRONG, MOST
from charts.tokens import THEMES, Theme, contrast, palette
from tests.charts.samples import CELLS, NAMES, NASTY


def test_every_cell_stands_under_its_names() -> None:
    chart = matrix(NAMES, CELLS, theme="light", what="Pairs")
    heads = {row["label"]: (row["column"], row["position"]) for row in chart.datasets["heads"]}
    for row in chart.rows:
        column, _ = heads[row["column_name"]]
        _, position = heads[row["row"]]
        assert row["x"] < column < row["x2"] and row["y"] < position < row["y2"]
    assert len(chart.rows) == 9


def test_shades_stay_between_none_and_full_and_a_neutral_cell_has_none() -> None:
    cells = [
        MatrixCell("a", "a", "7", None, "alike"),
        MatrixCell("a", "b", "5", 0.1, "few"),
        MatrixCell("b", "a", "5", 0.95, "many"),
        MatrixCell("b", "b", "9", 4.0, "above one"),
    ]
    chart = matrix(["a", "b"], cells, theme="light", what="Pairs")
    assert [row["shade"] for row in chart.rows] == [-1.0, 0.1, 0.95, 1.0]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("share", [0.0, 0.25, 0.45, 0.55, 0.65, 0.75, 1.0])
def test_the_number_can_be_read_on_every_shade(theme: Theme, share: float) -> None:
    colors = palette(theme)
    fill = mixed(colors.panel, colors.brand, share)
    ink = colors.background if share >= _STRONG[theme] else colors.ink
    assert contrast(ink, fill) >= 3.9


def mixed(one: str, two: str, share: float) -> str:
    """The color between two, as the scale of the cells mixes them."""
    ends = [[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in (one, two)]
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in zip(*ends, strict=True))


def test_only_marked_cells_are_outlined() -> None:
    chart = matrix(NAMES, CELLS, theme="dark", what="Pairs")
    marked = {(row["row"], row["column_name"]) for row in chart.datasets["marked"]}
    assert marked == {("Nodule", "None seen"), ("Mass", "None seen")}


def test_names_without_a_cell_and_those_beyond_the_most_are_left_out() -> None:
    names = [f"name {number:02d}" for number in range(MOST + 6)]
    cells = [MatrixCell(name, name, "1", None, "") for name in names[2:]]
    chart = matrix(names, cells, theme="light", what="Pairs")
    assert [row["label"] for row in chart.datasets["heads"]] == names[2 : MOST + 2]


def test_no_cell_is_no_chart() -> None:
    assert matrix(["a"], [], theme="light", what="Pairs").is_empty


def test_the_marked_cell_is_told_first_and_nasty_names_stay_text() -> None:
    cells = [
        MatrixCell("a", "b", "1", 0.9, "x"),
        MatrixCell(NASTY, "b", "2", 0.1, "x", is_marked=True),
    ]
    chart = matrix(["a", "b", NASTY], cells, theme="print", what="Pairs")
    assert chart.alt.startswith("Pairs.") and "a and b 1" in chart.alt
    assert chart.alt.index(" 2") < chart.alt.index("a and b 1")
    assert 20 <= len(chart.alt) <= 600
