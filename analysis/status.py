"""The words of a judgement: status, signal and severity, with their shapes and tones."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Tone = Literal["green", "amber", "red", "grey"]
SignalTone = Literal["orange", "blue", "grey"]


class Status(StrEnum):
    """A number against its target."""

    MET = "met"
    AT_RISK = "at_risk"
    MISSED = "missed"
    TOO_FEW = "too_few"
    STALE = "stale"
    NO_TARGET = "no_target"
    MISSING = "missing"

    @property
    def label(self) -> str:
        """The words on a badge: "On target", "Off target", "No data"."""
        return _STATUS_FACES[self][0]

    @property
    def shape(self) -> str:
        """The sign before the words, so that color is never the only carrier: ● ▲ ■ ○."""
        return _STATUS_FACES[self][1]

    @property
    def tone(self) -> Tone:
        """Which of the four status colors it wears."""
        return _STATUS_FACES[self][2]

    @property
    def words(self) -> str:
        """The label inside a sentence: "off target", "not rated (too few rows)"."""
        return _STATUS_FACES[self][3]


_STATUS_FACES: dict[Status, tuple[str, str, Tone, str]] = {
    Status.MET: ("On target", "●", "green", "on target"),
    Status.AT_RISK: ("Near target", "▲", "amber", "near target"),
    Status.MISSED: ("Off target", "■", "red", "off target"),
    Status.TOO_FEW: ("Too few rows", "○", "grey", "not rated (too few rows)"),
    Status.STALE: ("Stale data", "○", "grey", "not rated (stale data)"),
    Status.NO_TARGET: ("No target", "○", "grey", "without a target"),
    Status.MISSING: ("No data", "○", "grey", "without data"),
}


class Signal(StrEnum):
    """Whether a number's change is more than routine variation."""

    WORSENING = "worsening"
    IMPROVING = "improving"
    CHANGED = "changed"  # a real change of a metric for which neither way is better
    ROUTINE = "routine"
    UNJUDGED = "unjudged"

    @property
    def label(self) -> str:
        """The word on a chip."""
        return "Not judged" if self is Signal.UNJUDGED else self.value.capitalize()

    @property
    def tone(self) -> SignalTone:
        """Which of the three signal colors it wears."""
        if self is Signal.WORSENING:
            return "orange"
        return "blue" if self is Signal.IMPROVING else "grey"

    @property
    def is_change(self) -> bool:
        """Whether it claims a change."""
        return self in (Signal.WORSENING, Signal.IMPROVING, Signal.CHANGED)


class Severity(StrEnum):
    """How loudly a finding is told; in this order."""

    MISSING = "missing"
    WORSENING = "worsening"
    MISSED = "missed"
    AT_RISK = "at_risk"
    IMPROVING = "improving"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the loudest."""
        return list(Severity).index(self)
