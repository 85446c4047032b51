"""What a chart over time shows, read from the data that it draws."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.model import Signal
from charts import control, trend
from charts.events import _placed, events_in
from charts.model import Chart, Row
from charts.points import points_of
from charts.scales import ms
from charts.timeline import MOST_MARKS
from charts.vega import shade
from metrics.errors import ReportError
from metrics.flow import ARRIVALS, TURNAROUND_P50
from metrics.quality import FIRST_PASS_ACCEPTANCE
from tests.charts.samples import (
    FIRST,
    JUDGED,
    MARKERS,
    NASTY,
    Happened,
    Judged,
    limits,
    split,
    steady,
    values,
)

ORANGE, BLUE, INK, BRAND, REST = map(shade, ("orange", "blue", "ink", "brand", "rest"))


def big(chart: Chart) -> list[Row]:
    return [dot for dot in chart.datasets["dots"] if dot["size"] > 50]


def colors(chart: Chart) -> dict[str, int]:
    """The colour of each segment's points."""
    return {dot["segment"]: dot["color"] for dot in chart.datasets["dots"]}


def labels(chart: Chart) -> list[str]:
    """The labels at the right, from top to bottom."""
    return [end["label"].replace("\xa0", " ") for end in chart.datasets["ends"]]


def test_only_what_is_outside_its_range_is_big_and_orange() -> None:
    chart = control(JUDGED, theme="light")
    assert [(dot["period"], dot["color"]) for dot in big(chart)] == [("2026-W46", ORANGE)]
    assert chart.datasets["band"][0]["low"] == 30.3
    assert chart.datasets["band"][0]["high"] == 38.7


def test_the_good_side_is_blue_and_a_volume_has_no_good_side() -> None:
    low = [*steady(34.5, 2.0, 25), 20.0]
    good = control(Judged(tuple(values(TURNAROUND_P50, low)), limits(30, 34.5, 39)), theme="light")
    either = control(Judged(tuple(values(ARRIVALS, low)), limits(30, 34.5, 39)), theme="light")
    higher = control(
        Judged(tuple(values(FIRST_PASS_ACCEPTANCE, [0.9, 0.7])), limits(0.8, 0.9, 1.0)),
        theme="light",
    )
    assert [dot["color"] for dot in big(good)] == [BLUE]
    assert [dot["color"] for dot in big(either)] == [INK]
    assert [dot["color"] for dot in big(higher)] == [ORANGE]


def test_a_rule_that_fires_inside_the_range_marks_the_last_value() -> None:
    judged = Judged(
        tuple(values(TURNAROUND_P50, steady(34.5, 1.0))), limits(30, 34.5, 39), Signal.IMPROVING
    )
    assert [(dot["period"], dot["color"]) for dot in big(control(judged, theme="light"))] == [
        ("2026-W46", BLUE)
    ]


def test_labels_stand_at_the_right_from_top_to_bottom() -> None:
    chart = control(JUDGED, theme="light")
    assert labels(chart) == [
        "44.6 h",
        "upper limit 38.7 h",
        "target ≤ 36.0 h",
        "lower limit 30.3 h",
    ]
    heights = [end["y"] for end in chart.datasets["ends"]]
    assert heights == sorted(heights, reverse=True)


def test_limits_outside_the_possible_are_not_drawn() -> None:
    judged = Judged(tuple(values(ARRIVALS, [3.0, 0.0, 2.0, 4.0])), limits(-2.5, 2.2, 7.0))
    chart = control(judged, theme="light")
    assert chart.datasets["band"][0]["low"] == 0
    assert labels(chart) == ["upper limit 7", "4"]


def test_a_limit_is_told_with_the_decimals_that_keep_it_apart_from_what_lies_beyond() -> None:
    judged = Judged(tuple(values(ARRIVALS, [2.0, 3.0, 5.0])), limits(0.4, 2.2, 4.96))
    chart = control(judged, theme="light")
    assert labels(chart) == ["5", "upper limit 4.96", "lower limit 0"]
    assert len(big(chart)) == 1
    tight = Judged(tuple(values(TURNAROUND_P50, [30.0, 38.7])), limits(29, 34, 38.68))
    assert "Expected range 29.0–38.68 h" in control(tight, theme="light").alt.replace("\xa0", " ")


def test_withheld_values_leave_a_gap() -> None:
    numbers = [0.9, 0.91, None, 0.92, 0.9]
    chart = trend(FIRST_PASS_ACCEPTANCE, values(FIRST_PASS_ACCEPTANCE, numbers), theme="light")
    assert [row["y"] for row in chart.rows] == numbers
    assert len(chart.datasets["dots"]) == 4


def test_a_withheld_value_is_not_drawn_even_when_it_is_there() -> None:
    rows = [{"period": date(2026, 11, 2 + 7 * i), "segment": "", "value": 0.5, "n": 3,
             "is_partial": False, "withheld": withheld}
            for i, withheld in enumerate(["", "Too few rows: 3 of the 20 needed."])]  # fmt: skip
    chart = trend(FIRST_PASS_ACCEPTANCE, rows, theme="light")
    assert [row["y"] for row in chart.rows] == [0.5, None]


def test_a_running_period_is_hollow_and_dashed() -> None:
    series = values(ARRIVALS, [900.0, 950.0, 400.0], is_running=True)
    chart = trend(ARRIVALS, series, theme="light")
    assert [row["y"] for row in chart.rows] == [900, 950, None]
    assert [tail["y"] for tail in chart.datasets["tails"]] == [950, 400]
    assert [(ring["y"], ring["color"]) for ring in chart.datasets["rings"]] == [(400, BRAND)]
    last = chart.datasets["dots"][-1]
    assert (last["size"], last["text"]) == (0, "400 so far")
    assert labels(chart) == ["400"]


def test_a_running_period_is_never_called_worse() -> None:
    series = values(TURNAROUND_P50, [34.0, 35.0, 99.0], is_running=True)
    chart = control(Judged(tuple(series), limits(30, 34, 38), Signal.WORSENING), theme="light")
    assert big(chart) == []


def test_six_segments_have_a_color_and_the_rest_is_grey_below_them() -> None:
    chart = trend(FIRST_PASS_ACCEPTANCE, split(8), theme="light")
    assert colors(chart) == {f"Team {i}": shade(f"series {i}") for i in range(6)} | {
        "Team 6": REST, "Team 7": REST,
    }  # fmt: skip
    assert [row["color"] for row in chart.rows[: 2 * 26]] == [REST] * 52
    assert len(labels(chart)) == 7
    assert labels(chart)[-1] == "2 others"


def test_the_largest_segments_are_the_named_ones() -> None:
    few = values(FIRST_PASS_ACCEPTANCE, steady(0.5, 0.1), segment="Tiny", n=2)
    chart = trend(FIRST_PASS_ACCEPTANCE, [*few, *split(6)], theme="light")
    assert colors(chart)["Tiny"] == REST


def test_a_highlighted_segment_is_orange_among_grey() -> None:
    chart = trend(FIRST_PASS_ACCEPTANCE, split(4), theme="light", highlight="Team 2")
    found = colors(chart)
    assert found.pop("Team 2") == ORANGE
    assert set(found.values()) == {REST}


def test_limits_belong_to_one_line() -> None:
    chart = trend(FIRST_PASS_ACCEPTANCE, split(2), theme="light", limits=limits(0.8, 0.9, 1.0))
    assert chart.datasets["band"] == []


def test_a_target_that_changed_is_drawn_in_steps() -> None:
    steps = [(date(2026, 1, 1), 60.0), (date(2026, 8, 1), 50.0), (date(2027, 1, 1), 40.0)]
    series = values(TURNAROUND_P50, steady(55, 3))
    chart = trend(TURNAROUND_P50, series, theme="light", target=steps[:2])
    assert [(row["x"], row["y"]) for row in chart.datasets["target"]] == [
        (ms(date(2026, 5, 18)), 60), (ms(date(2026, 8, 1)), 50), (ms(date(2026, 11, 9)), 50),
    ]  # fmt: skip


def test_markers_in_the_span_are_drawn_and_others_not() -> None:
    outside = [Happened(date(2026, 5, 17), "Before"), Happened(date(2026, 11, 16), "After")]
    inside = [*MARKERS, Happened(date(2026, 11, 15), "On the last day")]
    chart = control(JUDGED, theme="light", markers=[*outside, *inside])
    drawn = chart.datasets["markers"]
    assert [row["x"] for row in drawn] == [
        ms(date(2026, 8, 3)), ms(date(2026, 8, 14)), ms(date(2026, 10, 26)), ms(date(2026, 11, 9)),
    ]  # fmt: skip
    assert "Before" not in str(drawn)
    assert chart.height > control(JUDGED, theme="light").height


def test_marker_labels_never_share_a_line_they_both_need() -> None:
    many = [Happened(date(2026, 9, 1 + i), f"Release {i}") for i in range(9)]
    rows = control(JUDGED, theme="light", markers=many).datasets["markers"]
    assert len(rows) == 9
    places = [(row["px"], row["is_left"]) for row in rows if row["label"]]
    assert 1 <= len(places) == len(set(places))


def test_labels_turn_to_the_left_when_that_saves_a_line() -> None:
    """The first goes left of its rule, so that the second's rule does not cut it."""
    near = [Happened(date(2026, 8, 3), "Release 4.2"), Happened(date(2026, 8, 10), "Outage")]
    rows = control(JUDGED, theme="light", markers=near).datasets["markers"]
    assert [(row["is_left"], row["px"]) for row in rows] == [(True, 4), (False, 4)]


@given(
    st.lists(
        st.tuples(st.dates(FIRST, date(2026, 11, 15)), st.text(min_size=1, max_size=40)), max_size=9
    )
)
@settings(max_examples=60)
def test_labels_of_markers_never_overlap_and_no_rule_cuts_one(
    happened: list[tuple[date, str]],
) -> None:
    found = events_in([Happened(*one) for one in happened], points_of(JUDGED.series, "week"))
    for plot, widths in ((520.0, (210, 110)), (220.0, (110, 55))):
        spots = _placed(tuple((e.share * plot, e.label) for e in found), plot, widths)
        assert len(spots) == len(found)
        shown = [spot for spot in spots if spot.text]
        for spot in shown:
            assert spot.start >= 0
            for other in spots:
                is_cut = spot.start < other.at < spot.end and other.row <= spot.row
                assert other is spot or not is_cut
        for one, two in combinations(shown, 2):
            assert one.row != two.row or one.end <= two.start or two.end <= one.start


def test_more_points_than_marks_are_thinned_without_losing_the_extremes() -> None:
    numbers = steady(100.0, 10.0, 5000)
    numbers[1234], numbers[4321] = 900.0, -50.0
    series = values(ARRIVALS, numbers, grain="day", first=date(2010, 1, 1))
    chart = trend(ARRIVALS, series, theme="light", grain="day")
    drawn = [row["y"] for row in chart.rows]
    assert len(drawn) <= MOST_MARKS
    assert {900.0, -50.0, numbers[0], numbers[-1]} <= set(drawn)
    assert len(chart.datasets["dots"]) <= MOST_MARKS / 2
    assert [row["x"] for row in chart.rows] == sorted(row["x"] for row in chart.rows)


def test_a_table_of_the_store_is_drawn_like_values() -> None:
    series = values(ARRIVALS, steady(900, 50))
    frame = pd.DataFrame(
        {
            "metric": "arrivals",
            "period": [v.period.since for v in series],
            "segment": "",
            "value": pd.array([v.value for v in series], dtype="Float64"),
            "n": [v.n for v in series],
            "is_partial": False,
            "withheld": "",
        }
    )
    one = trend(ARRIVALS, series, theme="light")
    two = trend(ARRIVALS, frame.to_dict("records"), theme="light")
    assert one.datasets == two.datasets


def test_missing_numbers_of_pandas_are_gaps() -> None:
    rows = [
        {"period": pd.Timestamp(2026, 11, 2 + 7 * i), "segment": None, "value": value, "n": 5}
        for i, value in enumerate([1.0, pd.NA, float("nan"), float("inf")])
    ]
    chart = trend(ARRIVALS, rows, theme="light")
    assert [row["y"] for row in chart.rows] == [1.0, None, None, None]


@pytest.mark.parametrize("numbers", [[], [None, None]])
def test_without_values_there_is_no_chart(numbers: list[float | None]) -> None:
    chart = trend(ARRIVALS, values(ARRIVALS, numbers), theme="light", target=5, markers=MARKERS)
    assert chart.is_empty
    assert "no values" in chart.alt


def test_a_control_chart_without_a_series_says_so() -> None:
    with pytest.raises(ReportError):
        control(Judged(()), theme="light")


def test_one_point_lies_in_the_middle() -> None:
    chart = trend(ARRIVALS, values(ARRIVALS, [1234.0]), theme="light")
    frame = chart.datasets["frame"][0]
    assert frame["x1"] - chart.rows[0]["x"] == chart.rows[0]["x"] - frame["x0"] > 0


def test_equal_values_have_a_scale_from_zero() -> None:
    frame = trend(ARRIVALS, values(ARRIVALS, [5.0] * 5), theme="light").datasets["frame"][0]
    assert frame["y0"] == 0 < 5 < frame["y1"]


def test_nasty_text_is_cut_on_one_line_and_selects_the_real_segment() -> None:
    series = values(FIRST_PASS_ACCEPTANCE, steady(0.9, 0.01), segment=NASTY)
    chart = trend(
        FIRST_PASS_ACCEPTANCE,
        [*series, *split(1)],
        theme="light",
        markers=[Happened(date(2026, 8, 3), NASTY)],
    )
    shown = [
        *(end["label"] for end in chart.datasets["ends"]),
        chart.datasets["markers"][0]["label"],
    ]
    assert all("\n" not in text and "\x00" not in text and len(text) < 60 for text in shown)
    assert {row["segment"] for row in chart.datasets["dots"]} == {NASTY, "Team 0"}
