"""Pass, fail or not enough evidence: one number against one criterion, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isclose

from analysis.status import Tone
from data_access.criteria import Criterion

_NOISE = 1e-9  # of the threshold: less is the rounding of binary numbers, not a miss


class Verdict(StrEnum):
    """What a criterion, or a requirement with all of its criteria, comes to."""

    PASS = "pass"
    FAIL = "fail"
    NOT_ENOUGH = "not_enough"
    DRAFT = "draft"

    @property
    def label(self) -> str:
        """The words on a badge."""
        return _FACES[self][0]

    @property
    def shape(self) -> str:
        """The sign before the words, so that color is never the only carrier."""
        return _FACES[self][1]

    @property
    def tone(self) -> Tone:
        """Which of the status colors it wears."""
        return _FACES[self][2]

    @property
    def face(self) -> str:
        """Shape and words."""
        return f"{self.shape} {self.label}"


_FACES: dict[Verdict, tuple[str, str, Tone]] = {
    Verdict.PASS: ("Pass", "●", "green"),
    Verdict.FAIL: ("Fail", "■", "red"),
    Verdict.NOT_ENOUGH: ("Not enough evidence", "▲", "amber"),
    Verdict.DRAFT: ("Draft", "○", "grey"),
}


class Window(StrEnum):
    """How far the days that a criterion looks at have come."""

    AHEAD = "ahead"
    RUNNING = "running"
    OVER = "over"
    CUT = "cut"  # over, but the data end before it does


class Why(StrEnum):
    """What decided."""

    MET = "met"
    MISSED = "missed"
    WINDOW = "window"
    NO_VALUE = "no value"
    FEW = "few"
    NO_INTERVAL = "no interval"
    CROSSES = "crosses"


@dataclass(frozen=True)
class Evidence:
    """All that a verdict may depend on.

    Attributes:
        value: in the metric's unit; None when there is none or it is withheld.
        n: rows behind it.
        low, high: its 95% interval; None where there is none.
        window: how far its days have come.
    """

    value: float | None
    n: int
    low: float | None
    high: float | None
    window: Window


def decide(criterion: Criterion, evidence: Evidence) -> tuple[Verdict, Why]:
    """The verdict on one criterion and what decided it.

    Both ends of a threshold count as met. By default the value itself is compared, and its
    interval is only shown: a value barely above the line then passes about as often by chance as
    not when the truth lies on the line. With `must_clear` the whole 95% interval has to lie on the
    good side, a whole interval on the bad side fails, and one that spans the line is not enough
    evidence. The interval takes rows for independent (see `data_access.answers`).
    """
    if evidence.window is not Window.OVER:
        return Verdict.NOT_ENOUGH, Why.WINDOW
    if evidence.value is None:
        return Verdict.NOT_ENOUGH, Why.NO_VALUE
    if evidence.n < criterion.min_n:
        return Verdict.NOT_ENOUGH, Why.FEW
    if not criterion.must_clear:
        is_met = _gap(criterion, evidence.value) >= 0
        return (Verdict.PASS, Why.MET) if is_met else (Verdict.FAIL, Why.MISSED)
    if evidence.low is None or evidence.high is None:
        return Verdict.NOT_ENOUGH, Why.NO_INTERVAL
    if min(_gap(criterion, evidence.low), _gap(criterion, evidence.high)) >= 0:
        return Verdict.PASS, Why.MET
    if _is_outside(criterion, evidence.low, evidence.high):
        return Verdict.FAIL, Why.MISSED
    return Verdict.NOT_ENOUGH, Why.CROSSES


def margin(criterion: Criterion, value: float | None) -> float | None:
    """How far a value clears the nearest end, in its unit; negative when it misses."""
    return None if value is None else _gap(criterion, value)


def _gap(criterion: Criterion, value: float) -> float:
    gaps = []
    if criterion.comparison != "at most":
        gaps.append(_distance(value, criterion.threshold))
    if criterion.comparison == "at most":
        gaps.append(_distance(criterion.threshold, value))
    if criterion.upper is not None:
        gaps.append(_distance(criterion.upper, value))
    return min(gaps)


def _distance(larger: float, smaller: float) -> float:
    return 0.0 if isclose(larger, smaller, rel_tol=_NOISE, abs_tol=_NOISE) else larger - smaller


def _is_outside(criterion: Criterion, low: float, high: float) -> bool:
    """Whether no value of the interval meets the criterion."""
    if criterion.comparison == "at most":
        return _distance(criterion.threshold, low) < 0
    is_below = _distance(high, criterion.threshold) < 0
    return is_below or (criterion.upper is not None and _distance(criterion.upper, low) < 0)


def together(verdicts: list[Verdict]) -> Verdict:
    """Of several: pass when all pass, fail when one fails, else not enough evidence."""
    if Verdict.FAIL in verdicts:
        return Verdict.FAIL
    if verdicts and all(verdict is Verdict.PASS for verdict in verdicts):
        return Verdict.PASS
    return Verdict.NOT_ENOUGH
