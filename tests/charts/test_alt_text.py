"""Alt text: 20 to 600 characters that tell what the picture tells."""

from __future__ import annotations

import pytest

from charts import bars, control, trend
from charts.alt_text import LONGEST, SHORTEST, fitted
from charts.tokens import THEMES, Theme
from metrics.flow import ARRIVALS
from metrics.quality import FIRST_PASS_ACCEPTANCE
from metrics.units import COUNT
from tests.charts.samples import JUDGED, MARKERS, NASTY, every_kind, split, steady, values


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def test_a_control_chart_tells_measure_span_ends_range_target_and_markers() -> None:
    series = values(JUDGED.series[0].metric, [31.0, 40.0, 30.5, 44.6])
    judged = type(JUDGED)(tuple(series), JUDGED.limits, JUDGED.signal, JUDGED.target)
    assert plain(control(judged, theme="light").alt) == (
        "Median turnaround, 18 May 2026 to 14 Jun 2026. From 31.0 h in week 21 to 44.6 h in week "
        "24. Lowest 30.5 h in week 23, highest 44.6 h in week 24. Expected range 30.3–38.7 h; 2 of "
        "4 values outside it. The target is ≤ 36.0 h."
    )
    marked = control(JUDGED, theme="light", markers=MARKERS).alt
    assert plain(marked).endswith(
        "Marked: Labeling tool release 4.2, 3 Aug, Outage, 14 Aug, Guideline v3, 26 Oct."
    )


def test_several_lines_are_told_by_their_last_values() -> None:
    alt = plain(trend(FIRST_PASS_ACCEPTANCE, split(8, periods=2), theme="light").alt)
    assert "8 lines; last values: Team 0 " in alt
    assert alt.endswith("and 2 more.")


def test_days_are_on_and_weeks_are_in() -> None:
    daily = trend(ARRIVALS, values(ARRIVALS, [3.0, 5.0], grain="day"), theme="light", grain="day")
    assert "From 3 on 18 May 2026 to 5 on 19 May 2026." in plain(daily.alt)


def test_a_running_period_is_so_far() -> None:
    chart = trend(ARRIVALS, values(ARRIVALS, [3.0, 5.0], is_running=True), theme="light")
    assert "to 5 so far in week 22" in plain(chart.alt)


@pytest.mark.parametrize("theme", THEMES)
def test_every_kind_has_alt_text_of_20_to_600_characters(theme: Theme) -> None:
    for kind, chart in every_kind(theme).items():
        assert SHORTEST <= len(chart.alt) <= LONGEST, kind
        assert "  " not in chart.alt
        assert "nan" not in chart.alt.lower().split()


def test_nasty_and_endless_names_stay_within_600_characters_on_one_line() -> None:
    rows = [{"segment": f"{i} {NASTY}", "value": float(i)} for i in range(30)]
    names = [f"{NASTY} {i}" for i in range(9)]
    lines = [v for name in names for v in values(ARRIVALS, steady(5, 1, 3), segment=name)]
    for alt in (
        bars(rows, COUNT, theme="light", what=NASTY * 3).alt,
        bars(rows, COUNT, theme="light", what="Items").alt,
        trend(ARRIVALS, lines, theme="light").alt,
    ):
        assert SHORTEST <= len(alt) <= LONGEST
        assert "\n" not in alt
        assert "\x00" not in alt


def test_a_short_text_is_made_long_enough_and_a_long_one_is_cut() -> None:
    assert len(fitted(["Items."])) >= SHORTEST
    assert len(fitted(["x" * 700])) <= LONGEST
    assert fitted(["First sentence is kept.", "y" * 600]) == "First sentence is kept."
