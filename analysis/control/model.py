"""What a control chart is made of: points with limits, the phases they come from, what fired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from analysis.control.levels import Level
from analysis.model import Limits, Signal
from analysis.run_rules import Fired
from metrics.model import Better, Metric
from metrics.periods import Grain, Period
from metrics.value import Value

_LASTING = ("run", "moves", "average", "sum")


class ChartKind(StrEnum):
    """Which control chart."""

    P = "p"
    P_PRIME = "p_prime"
    U = "u"
    U_PRIME = "u_prime"
    XMR = "xmr"
    EWMA = "ewma"
    CUSUM = "cusum"

    @property
    def label(self) -> str:
        """Its name as statisticians write it."""
        return _NAMES[self]

    @property
    def base(self) -> str:
        """What its spread follows: "p", "u" or "xmr"; "" where the measure decides."""
        return (
            "" if self in (ChartKind.EWMA, ChartKind.CUSUM) else self.value.removesuffix("_prime")
        )

    @property
    def is_widened(self) -> bool:
        """Whether it has Laney's adjustment."""
        return self in (ChartKind.P_PRIME, ChartKind.U_PRIME)


_NAMES = {
    ChartKind.P: "p chart",
    ChartKind.P_PRIME: "p′ chart (Laney)",
    ChartKind.U: "u chart",
    ChartKind.U_PRIME: "u′ chart (Laney)",
    ChartKind.XMR: "XmR chart",
    ChartKind.EWMA: "EWMA chart",
    ChartKind.CUSUM: "CUSUM chart",
}


@dataclass(frozen=True)
class Rebase:
    """From which day limits are worked out anew, and why."""

    on: date
    reason: str


@dataclass(frozen=True)
class ControlPoint:
    """One period on the chart.

    Attributes:
        value: the measure in the period; its `value` is None where there is none.
        phase: place of its phase in `ControlChart.phases`.
        plotted: what is held against the limits: the value itself, the weighted average of an
            EWMA, the rises of a CUSUM in standard deviations; None where there is none.
        falls: the falls of a CUSUM, 0 or negative; None on other charts.
        center, low, high: of what is plotted; None in a phase without limits.
        flags: the rules that fired on it, the strongest first.
    """

    value: Value
    phase: int
    plotted: float | None
    falls: float | None
    center: float | None
    low: float | None
    high: float | None
    flags: tuple[Fired, ...] = ()

    @property
    def period(self) -> Period:
        """When it is."""
        return self.value.period


@dataclass(frozen=True)
class Phase:
    """Periods that share their limits.

    Attributes:
        first, last: its first and last period.
        reason: why it starts; "" for the first.
        on: the day named with the reason; None for the first.
        periods: how many of its periods have a value.
        baseline: how many of them the limits come from; 0 without limits.
        level: center and spread; None with fewer than 12 periods.
        limits: of one period of typical size, inside what the measure can be; None without level.
        is_few: whether fewer than 5 events a period are expected, so that runs say little.
    """

    first: Period
    last: Period
    reason: str
    on: date | None
    periods: int
    baseline: int
    level: Level | None
    limits: Limits | None
    is_few: bool


@dataclass(frozen=True)
class ControlChart:
    """A measure's control chart.

    Attributes:
        metric: what is charted.
        grain: per what.
        kind: the chart drawn.
        why: why this kind, in a sentence.
        points: every period, oldest first.
        phases: at least one where there are points.
        notes: what weakens it, as sentences.
    """

    metric: Metric
    grain: Grain
    kind: ChartKind
    why: str
    points: tuple[ControlPoint, ...]
    phases: tuple[Phase, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def valued(self) -> tuple[ControlPoint, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value.value is not None)

    @property
    def last(self) -> ControlPoint | None:
        """The newest point with a value; None when there is none."""
        return self.valued[-1] if self.valued else None

    @cached_property
    def signals(self) -> tuple[tuple[ControlPoint, Fired], ...]:
        """Point and rule, oldest first; of a rule that goes on, its newest point alone."""
        found = []
        for place, point in enumerate(self.valued):
            after = self.valued[place + 1 : place + 2]
            goes_on = {
                (fired.rule, fired.direction)
                for later in after
                for fired in later.flags
                if fired.rule in _LASTING and later.phase == point.phase
            }
            found += [
                (point, fired)
                for fired in point.flags
                if (fired.rule, fired.direction) not in goes_on
            ]
        return tuple(found)

    @cached_property
    def shades(self) -> dict[Period, Signal]:
        """Period → what it shows, for every period that a rule which fired is about."""
        found: dict[Period, Signal] = {}
        for place, point in enumerate(self.valued):
            for fired in reversed(point.flags):
                length = 1 if fired.rule in ("limits", "near") else fired.length
                for member in self.valued[place - length + 1 : place + 1]:
                    found[member.period] = self.signal_of(fired)
        return found

    def signal_of(self, fired: Fired | None) -> Signal:
        """Good or bad news; CHANGED where neither way is better; ROUTINE for None."""
        if fired is None:
            return Signal.ROUTINE
        if self.metric.better is Better.NEITHER:
            return Signal.CHANGED
        is_better = (fired.direction > 0) == (self.metric.better is Better.HIGHER)
        return Signal.IMPROVING if is_better else Signal.WORSENING

    def since(self, point: ControlPoint, fired: Fired) -> Period:
        """The first period of what a rule found at a point."""
        place = self.valued.index(point)
        return self.valued[max(0, place - fired.length + 1)].period
