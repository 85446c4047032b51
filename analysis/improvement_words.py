"""What came with an improvement, in words: no more is claimed than the interval allows."""

from __future__ import annotations

import json
from dataclasses import replace

import pyarrow as pa

from analysis import words
from analysis.improvement import Measured, Verdict
from data_access.improvements import Improvement
from metrics.model import Kind, Metric
from metrics.periods import show_date
from metrics.scope import DIMENSIONS
from metrics.units import COUNT, MINUS, Unit

METHOD = (
    "Segmented regression of an interrupted time series (Wagner 2002, Lopez Bernal 2017): level, "
    "trend, step at the change and change of trend, weekdays where periods are days, and errors "
    "that follow each other (first-order autoregression, averaged over its strength)."
)


def filters_words(text: str) -> str:
    """Stored filters as readers see them: "Dataset: Radiology reports"; "everything" for none."""
    pairs = json.loads(text) if text else {}
    return (
        "; ".join(
            f"{DIMENSIONS.get(name, (name, name))[0]}: {' or '.join(values)}"
            for name, values in pairs.items()
        )
        or "everything"
    )


def lead(found: Measured) -> str:
    """The verdict as a sentence of its own, to be set in bold."""
    label = found.metric.label
    match found.verdict:
        case Verdict.UNTOLD:
            return found.why
        case Verdict.UNCLEAR:
            return f"No clear change of {words.in_sentence(label)}."
        case Verdict.BETTER:
            return f"{label} improved beyond {words.its(found.metric)} earlier course."
        case _:
            return f"{label} got worse than {words.its(found.metric)} earlier course."


def sentence(found: Measured) -> str:
    """How far the measure lay from its earlier course; "" where that cannot be told."""
    effect, metric = found.effect, found.metric
    if effect is None:
        return ""
    since = show_date(found.improvement.start_on)
    course = "the trend before would give"
    if found.improvement.comparison:
        course = "the trend before, beside the comparison group, would give"
    per = f" a {found.grain}" if metric.kind in (Kind.COUNT, Kind.DISTINCT) else ""
    if found.verdict is Verdict.UNCLEAR:
        gap = metric.unit.show_change(effect.value, extra_decimals=_extra(metric))
        return (
            f"Since {since} the difference from what {course} is {gap}{per} on average "
            f"({interval(found)})."
        )
    gap = words.gap_text(metric.unit, effect.value)
    way = "lower" if effect.value < 0 else "higher"
    verb = words.verb(metric, "is", "are")
    return (
        f"Since {since} {words.in_sentence(metric.label)} {verb} {gap}{per} {way} on average than "
        f"{course} ({interval(found)})."
    )


def _extra(metric: Metric) -> int:
    """A mean of counts has a decimal more than a count."""
    return 1 if metric.unit is COUNT else 0


def interval(found: Measured) -> str:
    """The 95% interval of the effect, in words; "" where there is none."""
    effect = found.effect
    if effect is None:
        return ""
    unit, extra = found.metric.unit, _extra(found.metric)
    low = unit.show_change(effect.low, extra_decimals=extra).removesuffix(unit.change_suffix)
    return f"95% interval {low} to {unit.show_change(effect.high, extra_decimals=extra)}"


def effect_text(found: Measured) -> str:
    """The effect with its sign; "n/a" where it cannot be told."""
    effect = found.effect
    value = effect.value if effect else None
    return found.metric.unit.show_change(value, extra_decimals=_extra(found.metric))


def table(found: Measured) -> pa.Table:
    """Every period: the value, n, the comparison, the fitted course and what was expected."""
    steps = found.steps

    def numbers(values: list[float | None]) -> pa.Array:
        return pa.array(values, pa.float64())

    ends = [step.expected for step in steps]
    return pa.table(
        {
            "period": [step.value.period.name for step in steps],
            "first_day": pa.array([step.value.period.since for step in steps], pa.date32()),
            "value": numbers([step.value.value for step in steps]),
            "n": pa.array([step.value.n for step in steps], pa.int64()),
            "comparison": numbers([step.beside.value if step.beside else None for step in steps]),
            "fitted": numbers([step.course for step in steps]),
            "expected": numbers([end.value if end else None for end in ends]),
            "expected_low": numbers([end.low if end else None for end in ends]),
            "expected_high": numbers([end.high if end else None for end in ends]),
            "note": [
                "" if step.seen is not None else step.value.withheld or "left out" for step in steps
            ],
        }
    )


def table_units(found: Measured) -> dict[str, Unit]:
    """How the numbers of `table` are written, by column: as the measure is, fitted ones finer."""
    unit = found.metric.unit
    fine = replace(unit, decimals=unit.decimals + _extra(found.metric))
    seen = dict.fromkeys(("value", "comparison"), unit)
    return seen | dict.fromkeys(("fitted", "expected", "expected_low", "expected_high"), fine)


def evidence(found: Measured) -> str:
    """Means, periods, step and slope, split by " · "."""
    fit, unit = found.fit, found.metric.unit
    if fit is None:
        return ""
    extra = _extra(found.metric)
    actual = unit.show(found.actual, extra_decimals=extra)
    expected = unit.show(found.expected, extra_decimals=extra)
    step = unit.show_change(fit.level.value, extra_decimals=extra)
    slope = unit.show_change(fit.slope.value * (7 if found.grain == "day" else 1), extra_decimals=1)
    parts = (
        f"mean after {actual}, by the earlier course {expected}",
        f"n = {found.before} {found.grain}s before, {found.after} after",
        f"step at the change {step}",
        f"trend changed by {slope} a week",
    )
    return " · ".join(parts)


def against_expected(found: Measured) -> str:
    """The effect beside what was expected; "" when no size was, or nothing can be told."""
    wanted, effect = found.improvement.expected_size, found.effect
    if wanted is None or effect is None:
        return ""
    sign = -1.0 if found.improvement.expected == "lower" else 1.0
    size = words.gap_text(found.metric.unit, wanted)
    said = f"Expected was {size} {found.improvement.expected}: "
    worst, best = sorted((sign * effect.low, sign * effect.high))
    if worst >= wanted:
        return f"{said}the whole interval reaches it."
    if best < wanted:
        return f"{said}the whole interval falls short of it."
    return f"{said}the interval holds both more and less, so that is too close to call."


def caveats(found: Measured) -> tuple[str, ...]:
    """What a reader must know before believing it: rivals first."""
    told = [_rivals(found), _written(found.improvement)]
    if found.fit is not None:
        told += [
            f"The earlier course is taken as a straight line through {found.before} "
            f"{found.grain}s; if it was not one, the effect is wrong.",
            "The comparison group is taken to have moved as this one would have."
            if found.improvement.comparison
            else "There is no comparison group: whatever else changed since then counts as well.",
            f"Neighboring {found.grain}s are correlated by about {_signed(found.fit.rho)}.",
        ]
    if found.left_out:
        noun = found.grain if found.left_out == 1 else f"{found.grain}s"
        told.append(
            f"{found.left_out} {noun} left out: without a value, not over, or the week of the "
            "change."
        )
    if found.source_ends:
        told.append(f"Newer periods are left out: {found.source_ends}.")
    if found.metric.fills_later:
        told.append(f"The newest periods may still grow: {found.metric.fills_later}.")
    return tuple(line for line in told if line)


def _signed(rho: float) -> str:
    return f"{rho:.2f}".replace("-", MINUS)


def _rivals(found: Measured) -> str:
    if not found.rivals:
        return ""
    near = words.listed(f"{rival.label} ({show_date(rival.on)})" for rival in found.rivals)
    return f"In the same weeks there was also: {near}. The data cannot tell them apart."


def _written(improvement: Improvement) -> str:
    when = improvement.written_at
    if when is None or when.date() <= improvement.start_on:
        return ""
    return (
        f"Written down on {show_date(when.date())}, after its start: a day chosen after the data "
        "were seen finds changes more easily."
    )
