"""The banner of the Flow page: in against out, and where open work grows old."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.flow.model import Ages, StageAges
from analysis.model import Assessment, Signal, Status
from metrics.flow import ARRIVALS, ITEMS_COMPLETED, NET_FLOW
from metrics.scope import Scope
from metrics.units import HOURS
from metrics.value import Value


def banner(
    scope: Scope,
    asked: Mapping[str, Value],
    net: Assessment,
    old: Ages | None,
    closed_only: str,
) -> tuple[Status, str, str]:
    """Status, the bold beginning and the rest of the page's answer."""
    came, left = asked[ARRIVALS.name], asked[ITEMS_COMPLETED.name]
    if came.value is None or left.value is None:
        return Status.TOO_FEW, "Nothing to tell.", f" {came.withheld or left.withheld}"
    when = scope.period.short
    if closed_only:
        done = f"{left.n:,} completed in {when}"
        return Status.NO_TARGET, "Only closed cases are here", (
            f": {done}. They hold no open work, so what comes in against what leaves, work in "
            "progress and its age are not recorded."
        )  # fmt: skip
    change = asked[NET_FLOW.name].value or 0.0
    worst = old.worst if old else None
    numbers = f": {came.n:,} in, {left.n:,} out, {NET_FLOW.unit.show_change(change)} in {when}"
    rest = f"{numbers}; {_judged(net)}.{_aging(worst)}"
    is_off = worst is not None or net.signal.is_change
    return (Status.AT_RISK if is_off else Status.NO_TARGET), _lead(change), rest


def _lead(change: float) -> str:
    if change > 0:
        return "Work comes in faster than it leaves"
    if change < 0:
        return "Work leaves faster than it comes in"
    return "As much leaves as comes in"


def _judged(net: Assessment) -> str:
    if net.signal.is_change:
        return f"a change beyond routine ({net.rule})"
    if net.signal is Signal.UNJUDGED:
        return "no change can be judged yet"
    return "no clear change"


def _aging(worst: StageAges | None) -> str:
    if worst is None or worst.beyond is None or worst.hours is None:
        return ""
    return (
        f" Open work grows old in {worst.stage}: {worst.beyond[2]:,} of {worst.n:,} visits there "
        f"are older than {HOURS.show(worst.hours[2])}, within which 95% of {worst.history:,} "
        f"earlier ones were finished; {worst.expected} is routine."
    )


def aging_lead(stage: StageAges) -> str:
    """A stage's open visits against its history, in a few words."""
    if stage.beyond is None:
        return f"{stage.stage}: too few finished visits to compare with ({stage.history:,})"
    return f"{stage.stage}: {stage.beyond[1]:,} of {stage.n:,} past the 85th percentile"
