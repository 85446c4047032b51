"""Charts of flow: bands add up, no chart has too many marks, and the alt text says the numbers."""

from dataclasses import replace
from itertools import pairwise

import pytest

from analysis.flow.model import Ages, Scatter
from charts.flow import ages, stacked, turnaround
from charts.points import MOST_MARKS
from charts.vega import shade
from tests.charts.samples import AGES, DIAGRAM, SCATTER, diagram


def test_bands_lie_on_top_of_each_other_without_gaps() -> None:
    chart = stacked(DIAGRAM, theme="light", has_done=True)
    first_day = [row for row in chart.rows if row["x"] == chart.rows[0]["x"]]
    assert [row["y0"] for row in first_day] == [0, 0, 10]  # done 0, then stages of 10 and 13
    assert [row["y1"] for row in first_day] == [0, 10, 23]


def test_done_counts_from_the_first_day_drawn_and_can_be_left_out() -> None:
    last_week = stacked(DIAGRAM, theme="light", has_done=True, days=7)
    done = [row["y1"] for row in last_week.rows if row["part"] == 0]
    # the week before ends at 30 * (20 - 4); days 21 to 27 stand at 30 * (day - 6)
    assert done == [30 * (day - 6) - 30 * 16 for day in range(21, 28)]
    bare = stacked(DIAGRAM, theme="light", has_done=False)
    assert {row["name"] for row in bare.datasets["hits"]} == {"Second review", "Annotation"}


def test_eight_bands_have_a_name_each_and_none_overlap() -> None:
    chart = stacked(diagram(tuple("ABCDEFG")), theme="light", has_done=True)
    ends = chart.datasets["ends"]
    assert [end["short"] for end in ends] == [*"GFEDCBA", "Done"]
    low, high = (chart.datasets["frame"][0][end] for end in ("y0", "y1"))
    pixels = [(end["y"] - low) / (high - low) * (230 - 8) for end in ends]
    assert all(upper - lower >= 13.9 for upper, lower in pairwise(pixels))


def test_alt_texts_say_the_numbers() -> None:
    assert "Annotation: 13 to 19." in stacked(DIAGRAM, theme="print", has_done=True).alt
    told = turnaround(SCATTER, theme="print").alt.replace("\xa0", " ")
    assert "202 items" in told
    assert "85% were done within 35.0 h" in told
    assert "The longest took 90.0 h" in told
    assert "Annotation 12 open" in ages(AGES, theme="print").alt


def test_only_a_flagged_stage_has_orange_dots_and_only_beyond_its_upper_mark() -> None:
    rows = ages(AGES, theme="light").rows
    orange = [row for row in rows if row["color"] == shade("orange")]
    assert len(orange) == 23  # 4 h steps up to 160 h: 72 h to 160 h are past 70 h
    assert min(row["y"] for row in orange) == 72.0
    calm = Ages(AGES.moment, AGES.window, (replace(AGES.stages[1], is_flagged=False),))
    assert shade("orange") not in {row["color"] for row in ages(calm, theme="light").rows}


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_nothing_to_draw_is_empty_and_says_so(theme) -> None:
    nothing = replace(DIAGRAM, bands=(("Done", (0,) * 28),))
    found = [
        stacked(nothing, theme=theme, has_done=True),
        turnaround(Scatter(SCATTER.span, (), SCATTER.lines, False, 0), theme=theme),
        ages(Ages(AGES.moment, AGES.window, ()), theme=theme),
    ]
    assert all(chart.is_empty for chart in found)


def test_marks_stay_below_the_most_that_a_browser_draws_well() -> None:
    chart = stacked(diagram(tuple("ABCDEFG")), theme="light", has_done=True)
    assert len(chart.datasets["hits"]) <= MOST_MARKS
