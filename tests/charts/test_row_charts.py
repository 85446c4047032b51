"""What bars, profiles, intervals and sparklines show, read from the data that they draw."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from charts import bars, intervals, sparkline, sparkline_svg, stage_profile
from charts.model import Chart
from charts.text import width
from charts.tokens import LIGHT
from charts.vega import shade, shade_color
from metrics.flow import TURNAROUND_MEAN
from metrics.quality import FIRST_PASS_ACCEPTANCE
from metrics.units import COUNT, HOURS, PERCENT
from tests.charts.samples import DATASETS, NASTY, STAGES

ORANGE, BRAND, QUIET = map(shade, ("orange", "brand", "quiet"))


def texts(chart: Chart) -> list[str]:
    return [row["text"].replace("\xa0", " ") for row in chart.rows]


def test_bars_carry_value_and_share_and_one_is_orange() -> None:
    chart = bars(STAGES, HOURS, theme="light", what="Hours", highlight="Second review")
    assert texts(chart) == ["11.9 h · 25%", "14.5 h · 45%", "1.5 h · 30%"]
    assert [row["color"] for row in chart.rows] == [QUIET, ORANGE, QUIET]
    assert [row["segment"] for row in chart.rows] == ["Annotation", "Second review", "Export"]


def test_shares_are_rounded_half_up() -> None:
    chart = bars([{"segment": "a", "value": 1, "share": 0.125}], COUNT, theme="light", what="x y")
    assert texts(chart) == ["1 · 13%"]


def test_bars_start_at_zero_also_below_it() -> None:
    above = bars([{"segment": "a", "value": 90.0}, {"segment": "b", "value": 100.0}], HOURS,
                 theme="light", what="Hours").datasets["frame"][0]  # fmt: skip
    mixed = bars([{"segment": "a", "value": 6.9}, {"segment": "b", "value": -3.3}], HOURS,
                 theme="light", what="Change").datasets["frame"][0]  # fmt: skip
    assert (above["x0"], above["x1"], above["gap"]) == (0, 100, 0)
    assert (mixed["x0"], mixed["x1"]) == (-3.3, 6.9)
    assert mixed["gap"] > width("−3.3 h", 12)


def test_all_zero_bars_have_a_scale() -> None:
    frame = bars([{"segment": "a", "value": 0}], COUNT, theme="light", what="x y").datasets["frame"]
    assert frame[0]["x0"] < frame[0]["x1"]


def test_a_profile_tells_the_change_and_starts_its_text_beyond_the_tick() -> None:
    chart = stage_profile(STAGES, HOURS, theme="light", what="Mean hours")
    assert texts(chart) == ["11.9 h (+0.7)", "14.5 h (+6.2)", "1.5 h (−0.1)"]
    assert [row["end"] for row in chart.rows] == [11.9, 14.5, 1.6]
    assert [row["baseline"] for row in chart.rows] == [11.2, 8.3, 1.6]


def test_a_change_of_a_share_is_in_points() -> None:
    rows = [{"segment": "a", "value": 0.93, "baseline": 0.9}]
    chart = stage_profile(rows, PERCENT, theme="light", what="Share by stage")
    assert texts(chart) == ["93.0% (+3.0 pts)"]


def test_a_stage_without_history_has_no_tick_and_no_change() -> None:
    rows = [{"segment": "New", "value": 2.0, "baseline": None}, *STAGES]
    chart = stage_profile(rows, HOURS, theme="light", what="Mean hours")
    assert texts(chart)[0] == "2.0 h"
    assert chart.rows[0]["baseline"] is None


def test_only_a_whole_interval_beyond_the_target_is_orange() -> None:
    chart = intervals(
        FIRST_PASS_ACCEPTANCE, DATASETS, theme="light", what="By dataset", target=0.85
    )
    assert [row["color"] for row in chart.rows] == [ORANGE, BRAND, BRAND]
    assert texts(chart) == ["72.0% of 312", "86.0% of 341", "92.0% of 344"]
    assert chart.datasets["target"] == [{"x": 0.85}]


def test_for_a_duration_the_upper_side_is_the_bad_one_and_n_is_named() -> None:
    rows = [
        {"segment": "a", "value": 50.0, "low": 45.0, "high": 55.0, "n": 31},
        {"segment": "b", "value": 38.0, "low": 33.0, "high": 43.0, "n": 31},
        {"segment": "c", "value": 20.0, "low": None, "high": None, "n": 4},
    ]
    chart = intervals(TURNAROUND_MEAN, rows, theme="print", what="By team", target=40.0)
    assert [row["color"] for row in chart.rows] == [ORANGE, BRAND, BRAND]
    assert texts(chart) == ["50.0 h, n = 31", "38.0 h, n = 31", "20.0 h, n = 4"]
    assert (chart.rows[2]["low"], chart.rows[2]["high"]) == (20.0, 20.0)
    assert "no interval" in chart.alt


def test_rows_without_a_value_are_left_out_and_further_ones_are_told() -> None:
    rows = [{"segment": f"Team {i}", "value": None if i == 3 else 20 - i} for i in range(20)]
    chart = bars(rows, COUNT, theme="light", what="Items by team", most=10)
    assert len(chart.rows) == 10
    assert "Team 3" not in [row["segment"] for row in chart.rows]
    assert "10 of 19 rows are drawn." in chart.alt
    withheld = bars([{"segment": "a", "value": 1, "withheld": "Too few rows"}], COUNT,
                    theme="light", what="Items by team")  # fmt: skip
    assert withheld.is_empty


@pytest.mark.parametrize("make", [bars, stage_profile])
def test_without_rows_there_are_no_bars(make) -> None:
    chart = make([], COUNT, theme="light", what="Items by team")
    assert chart.is_empty
    assert "no values" in chart.alt


def test_without_rows_there_are_no_intervals() -> None:
    assert intervals(FIRST_PASS_ACCEPTANCE, [], theme="light", what="By dataset").is_empty


def test_two_long_names_that_are_cut_alike_stay_two_rows() -> None:
    name = "A dataset whose name goes on and on until it differs only at its very end, "
    rows = [{"segment": name + end, "value": 1.0} for end in ("one", "two")]
    chart = bars(rows, COUNT, theme="light", what="Items")
    assert chart.rows[0]["label"] == chart.rows[1]["label"]
    assert [row["position"] for row in chart.rows] == [0, 1]
    assert chart.rows[0]["segment"] != chart.rows[1]["segment"]


def test_nasty_names_are_cut_and_still_select_the_real_segment() -> None:
    chart = bars([{"segment": NASTY, "value": 1.0}], COUNT, theme="light", what="Items")
    assert chart.rows[0]["segment"] == NASTY
    assert "\n" not in chart.rows[0]["label"]
    assert width(chart.rows[0]["label"], 12) <= 190


SPARK = [30.0, 31.0, None, 33.0, 44.6]


def test_a_sparkline_shows_the_last_13_values() -> None:
    chart = sparkline([*range(20)], unit=COUNT, theme="light", label="Items")
    assert [row["y"] for row in chart.rows] == list(range(7, 20))


@pytest.mark.parametrize(
    ("signal", "color"),
    [
        ("worsening", LIGHT.orange.mark),
        ("improving", LIGHT.blue.mark),
        ("changed", LIGHT.ink),
        ("routine", LIGHT.muted),
        ("", LIGHT.muted),
    ],
)
def test_the_last_point_of_a_sparkline_has_the_color_of_its_signal(signal: str, color: str) -> None:
    chart = sparkline(SPARK, unit=HOURS, theme="light", label="Turnaround", signal=signal)
    assert shade_color(chart.datasets["dots"][0]["color"], "light") == color
    assert color in sparkline_svg(SPARK, theme="light", signal=signal)


def test_a_sparkline_svg_is_well_formed_breaks_at_gaps_and_has_its_target() -> None:
    drawn = ET.fromstring(sparkline_svg(SPARK, theme="print", target=36.0, signal="worsening"))
    paths = [node.get("d") or "" for node in drawn.iter() if node.tag.endswith("path")]
    assert len(paths) == 2
    assert paths[1].count("M") == 2
    assert drawn.get("viewBox") == "0 0 86 20"


def test_a_sparkline_without_values_is_empty() -> None:
    assert sparkline([None], unit=COUNT, theme="light", label="Items").is_empty
    assert sparkline_svg([], theme="light") == ""


def test_flat_and_single_values_make_a_sparkline() -> None:
    for numbers in ([5.0] * 13, [5.0]):
        frame = sparkline(numbers, unit=COUNT, theme="light", label="x y", target=5.0).datasets[
            "frame"
        ]
        assert frame[0]["y0"] < 5 < frame[0]["y1"]
        assert "nan" not in sparkline_svg(numbers, theme="light", target=5.0)
