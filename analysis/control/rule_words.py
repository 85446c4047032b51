"""Run rules, phases and periods of a control chart in words."""

from __future__ import annotations

from analysis.control.model import ControlChart, Phase
from analysis.run_rules import Fired
from analysis.spc import MIN_PERIODS
from metrics.periods import Grain, show_date

_NOUNS: dict[Grain, tuple[str, str]] = {
    "day": ("day", "days"),
    "week": ("week", "weeks"),
    "month": ("month", "months"),
}


def noun_of(grain: Grain, count: int) -> str:
    """What periods are called: "week", "weeks"."""
    return _NOUNS[grain][count != 1]


def this_period(grain: Grain) -> str:
    """When a person is not to be blamed: "this week", "this month", "for one day"."""
    return "for one day" if grain == "day" else f"this {noun_of(grain, 1)}"


def fired_words(chart: ControlChart, fired: Fired) -> str:
    """A rule that fired, in words: "7 weeks in a row above the center"."""
    up = fired.direction > 0
    side = "above" if up else "below"
    span = f"{fired.length} {noun_of(chart.grain, fired.length)}"
    match fired.rule:
        case "limits":
            return f"{side} the limits"
        case "run":
            return f"{span} in a row {side} the center"
        case "moves":
            return f"{span} in a row {'up' if up else 'down'}"
        case "near":
            return f"near the {'upper' if up else 'lower'} limit in 2 of {span}"
        case "average":
            return f"weighted average {side} its limits for {span}"
        case "sum":
            return f"small {'rises' if up else 'falls'} add up beyond the limit over {span}"


def phase_words(phase: Phase, grain: Grain) -> str:
    """Where limits come from and why: "Limits from 14 Sep 2026: Guideline v3"."""
    since = show_date(phase.first.since)
    why = f": {phase.reason}" if phase.reason else ""
    if phase.reason and phase.on is not None and phase.on != phase.first.since:
        why += f" ({show_date(phase.on, year=phase.first.since.year)})"
    if phase.level is None:
        count = f"{phase.periods} so far" if phase.periods else "none so far"
        return f"From {since}{why}: limits after {MIN_PERIODS} {noun_of(grain, 2)}, {count}"
    base = f"{phase.baseline} {noun_of(grain, phase.baseline)}"
    return f"Limits from {since}{why}, worked out from {base}"
