"""The two readings of a control chart: is the change real, and will the target be met?

NHS England, Making Data Count (2019, "Strengthening your decisions"): variation is what the newest
period shows by the run rules; assurance is where the target lies against the limits. A target
outside the limits is met, or missed, in nearly every period while nothing changes; one inside them
is met in some periods and missed in others by routine variation alone. It assumes that the limits
describe the work as it is now: where the newest period shows a change, the second reading is about
the periods before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analysis import words
from analysis.control.model import ControlChart, ControlPoint, Phase
from analysis.control.rule_words import fired_words, noun_of, this_period
from analysis.model import Limits, Signal, Target
from analysis.run_rules import Fired, beyond
from analysis.spc import MIN_PERIODS, stands_still
from analysis.status import Tone
from analysis.targets import meets
from metrics.periods import show_date


class Assurance(StrEnum):
    """Whether the target will be met while nothing changes."""

    MET = "met"
    VARIES = "varies"
    MISSED = "missed"
    NO_TARGET = "no_target"
    UNJUDGED = "unjudged"

    @property
    def label(self) -> str:
        """The words on a badge."""
        return _ASSURANCE[self][0]

    @property
    def shape(self) -> str:
        """The sign before the words, so that color is never the only carrier."""
        return _ASSURANCE[self][1]

    @property
    def tone(self) -> Tone:
        """Which of the status colors it wears."""
        return _ASSURANCE[self][2]


_ASSURANCE: dict[Assurance, tuple[str, str, Tone]] = {
    Assurance.MET: ("Will be met", "●", "green"),
    Assurance.VARIES: ("Hit and miss", "▲", "amber"),
    Assurance.MISSED: ("Will be missed", "■", "red"),
    Assurance.NO_TARGET: ("No target", "○", "grey"),
    Assurance.UNJUDGED: ("Not judged", "○", "grey"),
}
_RANKS: list[tuple[Signal | None, Assurance | None]] = [
    (Signal.WORSENING, Assurance.MISSED),
    (Signal.WORSENING, Assurance.VARIES),
    (Signal.WORSENING, None),
    (None, Assurance.MISSED),
    (Signal.CHANGED, None),
    (None, Assurance.VARIES),
    (Signal.IMPROVING, None),
    (Signal.ROUTINE, None),
]


@dataclass(frozen=True)
class Reading:
    """Both readings of one chart.

    Attributes:
        signal: the variation of the newest period with a value.
        shape: ↑ or ↓ where it is a change, ≈ for routine, ○ where it is not judged.
        rule: the rule that fired, in words; "" when none did.
        variation: in a sentence, and what to do about it.
        assurance: of the target.
        promise: the assurance in a sentence.
        limits: of the newest phase; None without.
    """

    signal: Signal
    shape: str
    rule: str
    variation: str
    assurance: Assurance
    promise: str
    limits: Limits | None

    @property
    def rank(self) -> int:
        """0 for what should be looked at first."""
        for place, (signal, assurance) in enumerate(_RANKS):
            if signal in (None, self.signal) and assurance in (None, self.assurance):
                return place
        return len(_RANKS)


def read(chart: ControlChart, target: Target | None) -> Reading:
    """Both readings of the newest period of a chart.

    Args:
        chart: of any kind.
        target: the one that holds now, None without.
    """
    last, phase = chart.last, chart.phases[-1] if chart.phases else None
    limits = phase.limits if phase else None
    if last is None or phase is None or last.center is None:
        why = _too_few(chart, phase)
        signal, shape, rule = Signal.UNJUDGED, "○", ""
    else:
        fired = last.flags[0] if last.flags else None
        signal = chart.signal_of(fired)
        shape = "≈" if fired is None else "↑" if fired.direction > 0 else "↓"
        rule = fired_words(chart, fired) if fired else ""
        why = _changed(chart, last, fired) if fired else _routine(chart, last)
    assurance = _assurance(chart, limits, target)
    promise = _promise(chart, assurance, limits, target, is_change=signal.is_change)
    return Reading(signal, shape, rule, why, assurance, promise, limits)


def _too_few(chart: ControlChart, phase: Phase | None) -> str:
    if phase is None or chart.last is None:
        return f"Too few to judge: no whole {noun_of(chart.grain, 1)} with a value."
    count = f"{phase.periods} {noun_of(chart.grain, phase.periods)}"
    since = f" since {show_date(phase.first.since)}" if phase.on else ""
    return f"Too few to judge: {count}{since}, limits after {MIN_PERIODS}."


def _changed(chart: ControlChart, last: ControlPoint, fired: Fired) -> str:
    rule = fired_words(chart, fired)
    if fired.rule not in ("limits", "near"):
        since = show_date(chart.since(last, fired).since, year=last.period.since.year)
        return f"The change since {since} is more than routine: {rule}."
    label = f"{chart.metric.label} {words.within(last.period)}"
    is_are = words.verb(chart.metric, "is", "are")
    value, limits = _texts(chart, last)
    return f"{label} {is_are} more than routine: {value}, {rule} ({limits})."


def _routine(chart: ControlChart, last: ControlPoint) -> str:
    """The sentence that spares people, with the value and its limits."""
    person = f"Routine variation: do not blame a person {this_period(chart.grain)}."
    value, limits = _texts(chart, last)
    told = f"{chart.metric.label} {words.was(chart.metric)} {value} {words.within(last.period)}"
    return f"{person} {told}{_where(chart, last, limits)}."


def _where(chart: ControlChart, last: ControlPoint, limits: str) -> str:
    """Where a routine value lies, as it ends the sentence."""
    if not chart.kind.base:
        return ", and no small change adds up"
    its, level = words.its(chart.metric), chart.phases[last.phase].level
    assert level is not None, "a point with a center lies in a phase with a level"
    assert last.low is not None, "a point with a center has limits"
    assert last.high is not None, "a point with a center has limits"
    side = beyond(last.value.value or 0.0, last.low, last.high)
    if not side and last.low == last.high:
        return f", as in every {noun_of(chart.grain, 1)} that {its} limits come from"
    if not side:
        return f", inside {its} limits of {limits}"
    beside = f", {'above' if side > 0 else 'below'} {its} limits of {limits}, but"
    if level.base == "xmr" and stands_still(level.baseline):
        return f"{beside} most {noun_of(chart.grain, 2)} share one value, so it is not judged"
    return f"{beside} too few {chart.metric.n_of} to call it a change"


def _texts(chart: ControlChart, point: ControlPoint) -> tuple[str, str]:
    """The value and its limits, with the decimals that tell them apart; no limits of averages."""
    metric, value = chart.metric, point.value.value or 0.0
    if not chart.kind.base or point.low is None or point.high is None or point.center is None:
        return point.value.text, ""
    limits = Limits(point.center, point.low, point.high, point.period, point.period, 1)
    extra = words.decimals_apart(metric, value, [point.low, point.high])
    shown = metric.unit.show(value, extra_decimals=extra)
    return shown, words.range_text(metric, limits, extra_decimals=extra)


def _assurance(chart: ControlChart, limits: Limits | None, target: Target | None) -> Assurance:
    if target is None:
        return Assurance.NO_TARGET
    if limits is None:
        return Assurance.UNJUDGED
    met = [meets(chart.metric, end, target.value) for end in (limits.low, limits.high)]
    if all(met):
        return Assurance.MET
    return Assurance.VARIES if any(met) else Assurance.MISSED


def _promise(
    chart: ControlChart,
    assurance: Assurance,
    limits: Limits | None,
    target: Target | None,
    *,
    is_change: bool,
) -> str:
    if target is None:
        return "There is no target to hold it to."
    goal = f"the target of {words.bound(chart.metric, target.value)}"
    if limits is None:
        return f"Whether {goal} will be met cannot be said without limits."
    extra = words.decimals_apart(chart.metric, target.value, [limits.low, limits.high])
    span = words.range_text(chart.metric, limits, extra_decimals=extra)
    each, many = noun_of(chart.grain, 1), noun_of(chart.grain, 2)
    told = {
        Assurance.MET: f"{goal} will be met nearly every {each}: the limits of {span} keep it",
        Assurance.MISSED: f"{goal} will be missed nearly every {each}: the limits of {span} do not "
        "reach it, so look at how the work is set up and not at single " + many,
        Assurance.VARIES: f"{goal} will be met in some {many} and missed in others by routine "
        f"variation alone: it lies inside the limits of {span}",
    }[assurance]
    head = "By the limits before the change" if is_change else "If nothing changes"
    return f"{head}, {told}."
