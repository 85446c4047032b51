"""The key measures: value, change, target, status, signal, history."""

from __future__ import annotations

from analysis import words
from analysis.model import Assessment, Signal, Status
from reports.blocks import Point, Score, Scorecard, Section
from reports.context import Context, limits_of, message

KEY, TITLE = "measures", "Key measures"


def section(context: Context) -> Section:
    """One table, a row per key measure."""
    rows = tuple(score(judged) for judged in context.key)
    grains = [judged.series[-1].period.grain for judged in context.key if judged.series]
    card = Scorecard(
        caption=_caption(context.key),
        value_label=context.value_label,
        versus_label=context.versus_label,
        rows=rows,
        description=(
            "One row per key measure with its value, the value compared with, the change, the "
            "target, the status against it, whether the change is more than routine, and a small "
            "chart of its history."
        ),
        note=(
            f"Status compares this {context.noun} with the target. Signal says whether the change "
            "is larger than routine variation (control chart). Changes are worked out before "
            "rounding."
        ),
        grain=grains[0] or "week" if grains else "week",
    )
    return Section(KEY, TITLE, (card,), is_first_page=True)


def score(judged: Assessment) -> Score:
    """A judged measure as a row of the key table."""
    limits = limits_of(judged)
    return Score(
        metric=judged.metric.name,
        label=judged.metric.label,
        unit=judged.metric.unit.name,
        value=judged.value.value,
        versus=judged.versus.value,
        change=judged.change,
        target=judged.target.value if judged.target else None,
        target_text=judged.target_text,
        status=judged.status.value,
        signal=judged.signal.value,
        points=tuple(Point(v.period.since, v.value, v.n) for v in judged.series),
        low=limits.low if limits else None,
        high=limits.high if limits else None,
        message=message(judged),
        sentence=judged.sentence,
    )


def _caption(key: tuple[Assessment, ...]) -> str:
    total = len(key)
    off = sum(judged.status is Status.MISSED for judged in key)
    worse = sum(judged.signal is Signal.WORSENING for judged in key)
    if total == 0:
        return "No measure can be shown with these filters"
    first = (
        f"{words.x_of_y(off, total)} measures {'is' if off == 1 else 'are'} off target"
        if off
        else "no measure is off target"
    )
    second = (
        f"{words.number_word(worse)} {'shows' if worse == 1 else 'show'} a worsening signal"
        if worse
        else "none shows a worsening signal"
    )
    return words.sentence_case(f"{first}; {second}")
