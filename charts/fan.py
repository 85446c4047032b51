"""A forecast as a fan: accepted items so far, and how they may grow to the number promised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from analysis.forecast.model import Fan, Forecast
from charts import alt_text, scales, tokens, vega
from charts.fan_template import fan_template
from charts.model import Chart, Row
from charts.rows import EDGES
from charts.tokens import Theme
from charts.vega import shade
from metrics.periods import Period, show_date
from metrics.units import COUNT

_PAST_DAYS = 42
_STEP = 20  # pixels from the label of one date to that of the next
_LEFT_PART = 0.35
PROMISED = "Promised"
_LABEL_PX = 7.2  # of a character, generously
_NAME = "Accepted items of the batch, so far and forecast"


def fan_chart(
    fan: Fan, forecast: Forecast, *, theme: Theme, height: int = tokens.TREND_HEIGHT
) -> Chart:
    """Items accepted so far, the fan of the runs, the number promised, and the three days.

    Args:
        fan: of one batch.
        forecast: of the same batch.
        theme: "light", "dark" or "print".
        height: of the plot in pixels.
    """
    template = fan_template(theme, height)
    whole = height + vega.AXIS_PX + EDGES
    if not fan.days:
        told = alt_text.fitted([f"{_NAME}: there is no forecast to draw."])
        return Chart("fan", theme, template, {"rows": []}, told, whole, _NAME)
    past = [(day, count) for day, count in fan.past if day >= forecast.as_of - _past()]
    if not past:
        past = [(forecast.as_of - timedelta(days=1), fan.batch.accepted)]
    dates = _dates(forecast)
    days = [day for day, _ in past] + [one.on for one in fan.days] + [day for _, day, _ in dates]
    first, last = min(days), max(days)
    top = float(max(fan.batch.promised, 1))
    datasets: dict[str, list[Row]] = {
        "frame": [_frame(first, last, top, fan.batch.promised)],
        "ticks": [{"y": tick} for tick in scales.value_ticks(0.0, top, COUNT)],
        "days": [{"x": scales.ms(day)} for day in _ticks(first, last)],
        "rows": [{"x": scales.ms(day), "y": float(count)} for day, count in past],
        "fan": _bands(fan, past[-1]),
        "goal": [{"y": top}],
        "dates": _date_rows(dates, first, last),
        "hits": _hits(fan, past),
    }
    return Chart("fan", theme, template, datasets, _told(fan, forecast), whole, _NAME)


def _past() -> timedelta:
    return timedelta(days=_PAST_DAYS)


def _dates(forecast: Forecast) -> list[tuple[str, date, str]]:
    """The days to mark: (label, day, color's name)."""
    found = [(PROMISED, forecast.batch.promised_on, "target")]
    if forecast.p50 is not None:
        found.append(("50%", forecast.p50, "brand"))
    if forecast.p85 is not None:
        found.append(("85%", forecast.p85, "brand"))
    return found


def _frame(first: date, last: date, top: float, promised: int) -> Row:
    label = f"{COUNT.show(promised)} promised"
    return {
        "x0": scales.ms(first),
        "x1": scales.ms(last),
        "y0": 0.0,
        "y1": top,
        "top": 3 * _STEP + 8,
        "goal": label,
        "short": COUNT.show(promised),
        "room": 20 + _LABEL_PX * len(label),
        "narrow": 14 + _LABEL_PX * len(COUNT.show(promised)),
    }


def _ticks(first: date, last: date) -> Sequence[date]:
    monday = first - timedelta(days=first.weekday())
    weeks = [
        Period(monday + timedelta(days=7 * n), monday + timedelta(days=7 * (n + 1)))
        for n in range((last - monday).days // 7 + 1)
    ]
    return [day for day in scales.day_ticks(weeks, "week") if day >= first]


def _bands(fan: Fan, newest: tuple[date, int]) -> list[Row]:
    """The fan by day, from the last known count on."""
    day, count = newest
    start = {"x": scales.ms(day)} | dict.fromkeys(("p05", "p15", "p50", "p85", "p95"), float(count))
    return [
        start,
        *(
            {
                "x": scales.ms(one.on),
                "p05": one.p05,
                "p15": one.p15,
                "p50": one.p50,
                "p85": one.p85,
                "p95": one.p95,
            }
            for one in fan.days
        ),
    ]


def _date_rows(dates: Sequence[tuple[str, date, str]], first: date, last: date) -> list[Row]:
    """The marked days with their labels, each on a height of its own where no line crosses it.

    Labels stand left of their line, but right of it near the left edge. A line begins at its label,
    so the outer ones stand higher.
    """
    left_edge = first + (last - first) * _LEFT_PART
    right = sorted((one for one in dates if one[1] <= left_edge), key=lambda one: one[1])
    left = sorted((one for one in dates if one[1] > left_edge), key=lambda one: one[1])[::-1]
    return [
        {
            "x": scales.ms(day),
            "label": f"{label} {'' if label == PROMISED else 'by '}{show_date(day, year=day.year)}",
            "short": f"{label} {show_date(day, year=day.year)}",
            "px": 8.0 + _STEP * place,
            "color": shade(color),
            "is_left": day > left_edge,
            "is_promise": label == PROMISED,
        }
        for place, (label, day, color) in enumerate([*right, *left])
    ]


def _hits(fan: Fan, past: Sequence[tuple[date, int]]) -> list[Row]:
    """Days that answer to the pointer: what is known, then the range of the runs."""
    known = [
        {"x": scales.ms(day), "y": float(count), "when": show_date(day), "text": f"{count:,}"}
        for day, count in past
    ]
    ahead = [
        {
            "x": scales.ms(one.on),
            "y": one.p50,
            "when": show_date(one.on),
            "text": f"{COUNT.show(one.p50)} (90% of runs: {COUNT.show_range(one.p05, one.p95)})",
        }
        for one in fan.days
    ]
    return [*known, *ahead]


def _told(fan: Fan, forecast: Forecast) -> str:
    batch = fan.batch
    ends = [
        f"{share} of the runs have all of them by {show_date(day)}."
        for share, day in (("Half", forecast.p50), ("85%", forecast.p85))
        if day is not None
    ]
    return alt_text.fitted(
        [
            f"Accepted items of batch {batch.batch}: {batch.accepted:,} of {batch.promised:,} by "
            f"{show_date(forecast.as_of - timedelta(days=1))}.",
            *ends,
            f"The batch is promised for {show_date(batch.promised_on)}.",
        ]
    )
