"""A control chart from a measure's series: which kind, which phases, which limits, what fired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.control import small_shifts
from analysis.control.levels import Level, base_of, dispersion, level_of, sizes_of
from analysis.control.model import ChartKind, ControlChart, ControlPoint, Phase, Rebase
from analysis.model import Limits
from analysis.run_rules import Fired, beyond, moves, near, run
from analysis.spc import MAX_PERIODS, MIN_PERIODS, numbers, stands_still
from metrics.errors import AppError
from metrics.periods import Grain
from metrics.value import Value

OVERDISPERSED = 1.4  # times counting luck; luck alone shows it in 1 to 3 of 100 series of 26
_WIDENED = {"p": ChartKind.P_PRIME, "u": ChartKind.U_PRIME}
_NOTES = {
    "few": "Few events a period: a value beyond the limits must pass an exact test too, and runs "
    "are not read.",
    "day": "By day, weekends and weekdays share one range. Where work follows the week, judge it "
    "by week.",
    "smooth": "The sum or average is built from limits of single periods; it finds small lasting "
    "shifts sooner and single odd periods later.",
}


@dataclass(frozen=True)
class _Stretch:
    """The periods of one phase, before its limits."""

    values: tuple[Value, ...]
    start: Rebase | None


def chart_of(
    values: Sequence[Value],
    *,
    kind: ChartKind | None = None,
    rebase: Iterable[Rebase] = (),
) -> ControlChart:
    """The control chart of a series.

    Limits come from the first 26 periods of a phase, so that new periods do not move them; the
    newest period is left out where 12 others are there, so that it is not judged by itself. With
    fewer than 12 a phase has no limits, and borrows none.

    Args:
        values: of one metric, oldest first, one a period; periods that are not over are left out,
            those without a value keep their place.
        kind: the chart; None lets the kind of metric decide.
        rebase: where limits start anew: with the first period that begins on that day or later.

    Raises:
        AppError: there is no value to name the metric, or the kind does not fit the metric.
    """
    if not values:
        raise AppError("A control chart needs a series.", next_step="Choose a longer period.")
    whole = tuple(value for value in values if not value.is_partial)
    counted = [value for value in whole if value.value is not None]
    base = base_of(counted) if counted else "xmr"
    asked = _fitting(kind, base, values[0])
    stretches = _stretches(whole, rebase)
    spreads = _spreads(base, stretches)
    drawn = asked or _chosen(base, spreads)
    is_widened = drawn.is_widened or (not drawn.base and spreads > OVERDISPERSED)
    points: list[ControlPoint] = []
    phases: list[Phase] = []
    for place, stretch in enumerate(stretches):
        is_last = place == len(stretches) - 1
        level = _level(drawn.base or base, stretch.values, is_last, is_widened=is_widened)
        phases.append(_phase(stretch, level))
        points += placed(stretch.values, level, drawn, place)
    grain: Grain = values[0].period.grain or "week"
    notes = _notes(drawn, grain, phases)
    why = _why(asked, drawn, base, spreads, values[0])
    return ControlChart(values[0].metric, grain, drawn, why, tuple(points), tuple(phases), notes)


def choices(values: Sequence[Value]) -> tuple[ChartKind, ...]:
    """The charts that fit a series."""
    counted = [value for value in values if value.value is not None]
    base = base_of(counted) if counted else "xmr"
    own = [ChartKind(base), _WIDENED[base]] if base in _WIDENED else []
    return (*own, ChartKind.XMR, ChartKind.EWMA, ChartKind.CUSUM)


def _fitting(kind: ChartKind | None, base: str, value: Value) -> ChartKind | None:
    if kind is None or not kind.base or kind.base in ("xmr", base):
        return kind
    raise AppError(
        f"A {kind.label} does not fit {value.metric.label}.",
        where=value.metric.name,
        choices=("auto", base, "xmr", "ewma", "cusum"),
        next_step="Let the chart be chosen by the kind of measure.",
    )


def _chosen(base: str, spreads: float) -> ChartKind:
    if base in _WIDENED and spreads > OVERDISPERSED:
        return _WIDENED[base]
    return ChartKind(base)


def _stretches(values: Sequence[Value], rebase: Iterable[Rebase]) -> list[_Stretch]:
    """The series cut where limits start anew; cuts before the first or after the last are none."""
    cuts: dict[int, Rebase] = {}
    for cut in sorted(rebase, key=lambda each: each.on):
        place = next((i for i, v in enumerate(values) if v.period.since >= cut.on), 0)
        if place:
            cuts[place] = cut
    edges = [0, *cuts, len(values)]
    return [
        _Stretch(tuple(values[start:end]), cuts.get(start))
        for start, end in pairwise(edges)
        if end > start
    ]


def _baseline(values: Sequence[Value], *, is_last: bool) -> list[Value]:
    counted = [value for value in values if value.value is not None]
    if is_last and len(counted) > MIN_PERIODS:
        return counted[:-1][:MAX_PERIODS]
    return counted[:MAX_PERIODS] if len(counted) >= MIN_PERIODS else []


def _spreads(base: str, stretches: list[_Stretch]) -> float:
    """How many times counting luck the newest phase with limits spreads; 1 where that is unknown.

    Of few events nothing can be said, so limits are then not widened.
    """
    for place in range(len(stretches) - 1, -1, -1):
        found = _baseline(stretches[place].values, is_last=place == len(stretches) - 1)
        if found:
            level = level_of(base, found)
            return 1.0 if level.is_few else dispersion(level)
    return 1.0


def _level(base: str, values: Sequence[Value], is_last: bool, *, is_widened: bool) -> Level | None:
    found = _baseline(values, is_last=is_last)
    return level_of(base, found, is_widened=is_widened) if found else None


def _phase(stretch: _Stretch, level: Level | None) -> Phase:
    values = stretch.values
    limits = None
    if level is not None:
        low, high = level.limits(level.typical_size)
        ends = level.baseline[0].period, level.baseline[-1].period
        limits = Limits(level.center, low, high, *ends, len(level.baseline))
    return Phase(
        first=values[0].period,
        last=values[-1].period,
        reason=stretch.start.reason if stretch.start else "",
        on=stretch.start.on if stretch.start else None,
        periods=len(numbers(values)),
        baseline=len(level.baseline) if level else 0,
        level=level,
        limits=limits,
        is_few=level.is_few if level else False,
    )


def placed(
    values: Sequence[Value], level: Level | None, kind: ChartKind, phase: int = 0
) -> list[ControlPoint]:
    """The periods of one phase as points with limits and flags.

    Without a level there are neither; an average or a sum then has no start and is not plotted.
    """
    if level is None:
        is_single = bool(kind.base)
        return [
            ControlPoint(v, phase, v.value if is_single else None, None, None, None, None)
            for v in values
        ]
    counted = [value for value in values if value.value is not None]
    sizes = sizes_of(counted) if level.base != "xmr" else [1.0] * len(counted)
    if kind is ChartKind.EWMA:
        found = small_shifts.ewma(counted, sizes, level, phase)
    elif kind is ChartKind.CUSUM:
        found = small_shifts.cusum(counted, sizes, level, phase)
    else:
        found = _single(counted, sizes, level, phase)
    by_period = {point.period: point for point in found}
    return [by_period.get(v.period) or _gap(v, level, kind, phase) for v in values]


def _gap(value: Value, level: Level, kind: ChartKind, phase: int) -> ControlPoint:
    """A period without a value, with the limits of a typical one where they do not depend on it."""
    if not kind.base:
        return ControlPoint(value, phase, None, None, None, None, None)
    low, high = level.limits(level.typical_size)
    return ControlPoint(value, phase, None, None, level.center, low, high)


def _single(
    counted: Sequence[Value], sizes: Sequence[float], level: Level, phase: int
) -> list[ControlPoint]:
    """Each value against its own limits: p, u and XmR charts."""
    points = []
    for value, size in zip(counted, sizes, strict=True):
        low, high = level.limits(size)
        points.append(ControlPoint(value, phase, value.value, None, level.center, low, high))
    has_runs = not level.is_few and not stands_still(level.baseline)
    series = numbers(counted)
    return [
        replace(point, flags=_flags(place, points, sizes, series, level, has_runs=has_runs))
        for place, point in enumerate(points)
    ]


def _flags(
    place: int,
    points: Sequence[ControlPoint],
    sizes: Sequence[float],
    series: Sequence[float],
    level: Level,
    *,
    has_runs: bool,
) -> tuple[Fired, ...]:
    point, upto = points[place], series[: place + 1]
    assert point.low is not None, "a phase with a level has limits"
    assert point.high is not None, "a phase with a level has limits"
    outside = beyond(series[place], point.low, point.high)
    found: list[Fired | None] = []
    if outside and not level.is_luck(point.value, sizes[place]):
        found.append(Fired("limits", outside))
    if has_runs:
        parts = _distances(upto[-3:], sizes[max(0, place - 2) : place + 1], level)
        found += [run(upto, level.center), moves(upto), None if outside else near(parts)]
    return tuple(fired for fired in found if fired is not None)


def _distances(series: Sequence[float], sizes: Sequence[float], level: Level) -> list[float]:
    """How far each value lies from the center, in parts of the way to its limit."""
    widths = [3.0 * level.spread(size) for size in sizes]
    return [
        (number - level.center) / width if width else 0.0
        for number, width in zip(series, widths, strict=True)
    ]


def _notes(kind: ChartKind, grain: Grain, phases: Sequence[Phase]) -> tuple[str, ...]:
    is_few = any(phase.is_few for phase in phases)
    is_smooth = not kind.base
    asked = (("few", is_few), ("day", grain == "day"), ("smooth", is_smooth))
    return tuple(_NOTES[key] for key, holds in asked if holds)


def _why(asked: ChartKind | None, drawn: ChartKind, base: str, spreads: float, value: Value) -> str:
    """Why this chart, and where another would tell more."""
    times = f"{spreads:.1f} times as much as counting luck alone"
    is_wide = spreads > OVERDISPERSED
    if asked is not None:
        if is_wide and asked in (ChartKind.P, ChartKind.U):
            other = _WIDENED[base].label
            return f"Chosen by you. It varies {times}: the {other} has wider, fairer limits."
        return "Chosen by you."
    if drawn.is_widened:
        return f"It varies {times}, so limits are widened by that (Laney)."
    if base == "p":
        return "A share of counted rows: limits follow the number of rows in each period."
    if base == "u":
        return "Events per unit: limits follow the number of units in each period."
    return f"{value.metric.kind.value.capitalize()}: limits follow how much it moves by itself."
