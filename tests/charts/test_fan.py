"""The fan of a forecast and the picture of its reliability."""

from __future__ import annotations

from datetime import date, timedelta

from analysis.forecast.model import Batch, Fan, FanDay, Forecast
from analysis.forecast.walk_back import Bin
from charts import render, scales
from charts.fan import fan_chart
from charts.reliability import reliability
from charts.tokens import PRINT
from charts.vega import shade
from tests.charts.samples import NASTY, painted, picture

AS_OF = date(2026, 11, 16)


def forecast(name: str = "B1", promised_on: date = date(2026, 11, 27)) -> Forecast:
    batch = Batch("List", name, "CT", "Spec", promised_on, 100, 40)
    return Forecast(batch, AS_OF, 0, date(2026, 11, 24), date(2026, 11, 30), 0.6, 4_000, 26)


def fan(days: int = 20, name: str = "B1") -> Fan:
    past = tuple((AS_OF - timedelta(days=10 - n), 4 * (n + 1)) for n in range(10))
    ahead = tuple(
        FanDay(AS_OF + timedelta(days=n), *(min(100.0, 40 + step * n) for step in (2, 3, 4, 5, 6)))
        for n in range(days)
    )
    return Fan(forecast(name).batch, past, ahead)


def test_the_fan_starts_at_what_is_known_and_the_three_days_are_marked() -> None:
    chart = fan_chart(fan(), forecast(), theme="light")
    assert chart.datasets["fan"][0] == {
        "x": scales.ms(date(2026, 11, 15)), "p05": 40.0, "p15": 40.0, "p50": 40.0, "p85": 40.0,
        "p95": 40.0,
    }  # fmt: skip
    marked = {one["label"]: one for one in chart.datasets["dates"]}
    assert set(marked) == {"Promised 27\xa0Nov", "50% by 24\xa0Nov", "85% by 30\xa0Nov"}
    assert marked["Promised 27\xa0Nov"]["color"] == shade("target")
    assert chart.datasets["frame"][0]["goal"] == "100 promised"
    assert chart.rows[-1]["y"] == 40.0


def test_no_line_crosses_the_label_of_another_day() -> None:
    """Labels left of their lines: the later the day, the higher its label and its line."""
    rows = fan_chart(fan(), forecast(), theme="light").datasets["dates"]
    left = sorted((row for row in rows if row["is_left"]), key=lambda row: row["x"])
    assert [row["px"] for row in left] == sorted((row["px"] for row in left), reverse=True)


def test_a_reader_who_cannot_see_it_is_told_the_dates() -> None:
    told = fan_chart(fan(), forecast(), theme="light").alt.replace("\xa0", " ")
    assert "40 of 100 by 15 Nov 2026" in told and "85% of the runs have all of them by" in told


def test_without_a_forecast_there_is_nothing_to_draw() -> None:
    assert fan_chart(fan(0), forecast(), theme="light").is_empty
    assert reliability((), theme="light").is_empty


def test_other_numbers_keep_the_template() -> None:
    other = fan_chart(fan(9, "B2"), forecast("B2", AS_OF), theme="light")
    assert other.spec == fan_chart(fan(), forecast(), theme="light").spec


def test_the_pictures_are_not_blank_and_survive_nasty_names() -> None:
    for name in ("B1", *NASTY):
        chart = fan_chart(fan(name=name), forecast(name), theme="print")
        image = picture(render.png(chart, scale=1))
        assert painted(image, PRINT.brand) > 100 and painted(image, PRINT.target) > 50
    bins = (
        Bin(0.8, 1.0, 0.95, 0.9, 40, 20, (0.7, 0.97)),
        Bin(0.4, 0.6, 0.5, 0.4, 9, 5, (0.1, 0.8)),
    )
    drawn = picture(render.png(reliability(bins, theme="print"), scale=1))
    assert painted(drawn, PRINT.brand) > 20 and painted(drawn, PRINT.target) > 50
