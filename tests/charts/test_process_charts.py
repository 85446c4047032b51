"""Control charts in full: limits in steps, phases, what is flagged, averages and sums."""

from __future__ import annotations

from datetime import date, timedelta

from analysis.control import ChartKind, Rebase, chart_of
from charts.model import Chart, Row
from charts.process import process
from charts.scales import ms
from charts.vega import shade
from tests.analysis.charted import LAST, counted, numbers
from tests.charts.samples import Happened

ORANGE, BLUE, MUTED = map(shade, ("orange", "blue", "muted"))
ZIGZAG = [9.0, 11.0] * 13  # mean 10, limits 4.68 and 15.32


def drawn(values, kind=None, rebase=(), **more) -> Chart:
    return process(chart_of(values, kind=kind, rebase=rebase), theme="light", **more)


def big(chart: Chart) -> list[Row]:
    return [dot for dot in chart.datasets["dots"] if dot["size"] > 50]


def labels(chart: Chart) -> list[str]:
    return [end["label"].replace("\xa0", " ") for end in chart.datasets["ends"]]


def test_equal_limits_are_one_band_and_a_target_is_dashed() -> None:
    chart = drawn(numbers("turnaround_p50", [*ZIGZAG, 11.0]), target=12.0)
    (band,) = chart.datasets["band"]
    assert (round(band["low"], 2), round(band["high"], 2)) == (4.68, 15.32)
    first, last = LAST - timedelta(weeks=26), LAST
    assert (band["x"], band["x2"]) == (ms(first), ms(last))
    assert [row["y"] for row in chart.datasets["target"]] == [12.0, 12.0]
    assert labels(chart) == ["upper limit 15.3 h", "target ≤ 12.0 h", "11.0 h", "lower limit 4.7 h"]


def test_limits_of_shares_step_with_the_rows_of_each_period() -> None:
    sizes = [100, 400] * 10
    chart = drawn(counted("rejection_rate", [10, 40] * 10, sizes), ChartKind.P)
    bands = chart.datasets["band"]
    assert len(bands) == 20
    widths = [band["high"] - band["low"] for band in bands]
    assert widths[0] > widths[1]
    # a stretch reaches from the middle before its week to the middle after it
    weeks = [ms(LAST - timedelta(weeks=19 - i)) for i in range(20)]
    assert bands[1]["x"] == (weeks[0] + weeks[1]) / 2
    assert bands[1]["x2"] >= (weeks[1] + weeks[2]) / 2


def test_phases_have_limits_of_their_own_and_a_short_one_has_none() -> None:
    values = numbers("turnaround_p50", [*ZIGZAG[:14], *[19.0, 21.0] * 6, 20.0, 20.5])
    cuts = [Rebase(LAST - timedelta(weeks=13), "Guideline"), Rebase(LAST, "Release")]
    two = drawn(values, rebase=cuts[:1])
    assert [round(row["y"], 1) for row in two.datasets["mean"]] == [10.0, 20.0]
    assert {row["part"] for row in two.datasets["edges"]} == {0, 1, 2, 3}
    three = drawn(values, rebase=cuts)
    assert len(three.datasets["band"]) == 2
    assert labels(three) == ["20.5 h"]
    assert "No limits yet." in three.alt


def test_every_period_of_a_run_is_flagged_and_its_color_says_which_way_is_better() -> None:
    up = drawn(numbers("turnaround_p50", [*ZIGZAG[1:], 9.0, *[11.0, 10.5] * 4]))
    assert [dot["color"] for dot in big(up)] == [ORANGE] * 8
    assert big(up)[0]["period"] == "2026-W39"
    good = drawn(numbers("turnaround_p50", [*ZIGZAG, 4.0]))
    assert [(dot["period"], dot["color"]) for dot in big(good)] == [("2026-W46", BLUE)]


def test_an_average_has_its_single_values_as_small_dots() -> None:
    chart = drawn(numbers("turnaround_p50", [*ZIGZAG, 20.0]), ChartKind.EWMA)
    singles = [dot for dot in chart.datasets["dots"] if dot["color"] == MUTED]
    assert [dot["y"] for dot in singles] == [*ZIGZAG, 20.0]
    assert len(chart.rows) == 27
    assert chart.rows[-1]["y"] < 20.0
    assert chart.datasets["band"][0]["high"] < chart.datasets["band"][5]["high"]


def test_a_sum_has_two_named_lines_and_flags_the_one_beyond_its_limit() -> None:
    hours = [*ZIGZAG, *[15.0] * 4]
    chart = drawn(numbers("turnaround_p50", hours), ChartKind.CUSUM, target=12.0)
    assert {dot["segment"] for dot in big(chart)} == {"Rises"}
    assert {dot["color"] for dot in big(chart)} == {ORANGE}
    assert chart.datasets["target"] == []
    assert [text for text in labels(chart) if text.startswith(("Rises", "Falls"))] != []
    assert "upper limit 5.00" in labels(chart)


def test_the_alt_text_says_kind_value_limits_and_what_fired() -> None:
    chart = drawn(
        numbers("turnaround_p50", [*ZIGZAG, 20.0]),
        markers=[Happened(date(2026, 10, 26), "Guideline v3")],
        target=12.0,
    )
    said = chart.alt.replace("\xa0", " ")
    assert "Median turnaround, XmR chart" in said
    assert "Last value 20.0 h in week 46. Limits 4.7–15.3 h." in said
    assert "Flagged: week 46 above the limits." in said
    assert "The target is ≤ 12.0 h." in said
    assert "Marked: Guideline v3, 26 Oct." in said
    assert chart.name == "Median turnaround by week, XmR chart"


def test_one_period_and_none_are_no_error() -> None:
    assert not drawn(numbers("turnaround_p50", [9.0])).is_empty
    assert drawn(numbers("turnaround_p50", [None, None])).is_empty
    assert drawn(numbers("turnaround_p50", [9.0, None])).datasets["band"] == []


def test_limits_are_not_drawn_below_what_was_ever_measured() -> None:
    chart = drawn(numbers("items_waiting", [0.0, 4.0, 1.0, 5.0] * 5), ChartKind.EWMA)
    assert all(band["low"] >= 0 for band in chart.datasets["band"])
