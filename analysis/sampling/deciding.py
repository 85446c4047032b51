"""What the results of a lot mean: the decision, the defective rate, both in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.sampling import risks, sequential
from analysis.sampling.model import Decision, Plan, Scheme
from analysis.sampling.probability import clopper_pearson
from analysis.sampling.weighting import Weighted, weighted
from metrics.units import PERCENT


@dataclass(frozen=True)
class Outcome:
    """Where a lot stands.

    Attributes:
        decision: accepted, not accepted, or keep sampling.
        checked, drawn: items with a result, and all drawn.
        defective: items that failed.
        rate: defective over checked; None when nothing was checked.
        low, high: its exact 95% interval; equal to the rate when every item of the lot was checked.
        sentence: the decision with its reason.
        weighted: the lot's rate where small groups were drawn more than their share; else None.
    """

    decision: Decision
    checked: int
    drawn: int
    defective: int
    rate: float | None
    low: float | None
    high: float | None
    sentence: str
    weighted: Weighted | None = None

    @property
    def rate_words(self) -> str:
        """The rate with its interval: "10.0% defective, 95% interval 3.3–21.8%"; "" without one."""
        if self.rate is None or self.low is None or self.high is None:
            return ""
        shown = f"{PERCENT.show(self.rate)} defective"
        if self.low == self.high:
            return f"{shown}, every item of the lot was checked"
        shown += f", 95% interval {PERCENT.show_range(self.low, self.high)}"
        return f"{shown}. {self.weighted.words}" if self.weighted else shown


def outcome(plan: Plan, results: Sequence[bool | None], people: Sequence[str] = ()) -> Outcome:
    """Judge a lot by its results; the plan's rule counts every item alike.

    Args:
        plan: the lot's.
        results: of the drawn items in their order; True is defective, None is not checked yet.
        people: whose each drawn item is, for the weighted rate of a draw from every annotator.
    """
    known = [result for result in results if result is not None]
    checked, defective = len(known), sum(known)
    decision = _decision(plan, results)
    rate = defective / checked if checked else None
    low = high = None
    if rate is not None:
        is_whole = checked >= plan.size
        low, high = (rate, rate) if is_whole else clopper_pearson(defective, checked)
    said = _sentence(plan, decision, checked, len(results), defective)
    by_group = weighted(plan.strata, people, results) if people and low != high else None
    return Outcome(decision, checked, len(results), defective, rate, low, high, said, by_group)


def _decision(plan: Plan, results: Sequence[bool | None]) -> Decision:
    if plan.scheme is Scheme.SEQUENTIAL:
        lines, defective = sequential.lines_of(plan), 0
        for n, result in enumerate(results, 1):
            if result is None:
                break
            defective += result
            if (found := lines.after(n, defective)) is not Decision.KEEP_SAMPLING:
                return found
        return Decision.KEEP_SAMPLING
    defective = sum(result is True for result in results)
    if defective >= plan.re:
        return Decision.NOT_ACCEPTED
    if None in results or not results:
        return Decision.KEEP_SAMPLING
    return Decision.ACCEPTED


def _sentence(plan: Plan, decision: Decision, checked: int, drawn: int, defective: int) -> str:
    of = f"{defective:,} of {checked:,} checked items {_are(defective)} defective"
    if not checked:
        return f"No item is checked yet: {drawn:,} {_items(drawn)} {_are(drawn)} drawn."
    if decision is Decision.KEEP_SAMPLING:
        left = drawn - checked
        return f"Keep sampling: {of}, {left:,} {_items(left)} of the draw {_are(left)} not checked."
    if plan.scheme is Scheme.SEQUENTIAL:
        low = decision is Decision.ACCEPTED
        where = "at or below the acceptance" if low else "at or above the rejection"
        return f"{decision.capitalize()}: {of}, {where} line of the sequential plan."
    if decision is Decision.ACCEPTED:
        return f"Accepted: {of}, at most {plan.ac:,} are allowed."
    return f"Not accepted: {of}, at most {plan.ac:,} are allowed."


def plan_words(plan: Plan) -> str:
    """What to do, in one sentence.

    >>> from analysis.sampling.iso2859 import plan
    >>> plan_words(plan(420, "II", 2.5))
    'Draw 50 of 420 items; accept the lot with at most 3 defective items.'
    """
    lot = f"{plan.size:,} {_items(plan.size)}"
    if plan.scheme is Scheme.SEQUENTIAL:
        return f"Check items one by one, at most {plan.n:,} of {lot}, until a line is crossed."
    first = f"Check all {lot}" if plan.is_whole_lot else f"Draw {plan.n:,} of {lot}"
    if plan.ac == 0:
        return f"{first}; accept the lot only if none is defective."
    return f"{first}; accept the lot with at most {plan.ac:,} defective {_items(plan.ac)}."


def chance(plan: Plan) -> Callable[[float], float]:
    """The plan's chance of acceptance as a function of the true defective rate."""
    if plan.scheme is Scheme.SEQUENTIAL:
        lines = sequential.lines_of(plan)
        return lambda rate: sequential.runs(lines, rate)[0]
    return lambda rate: risks.accepted(plan, rate)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _items(count: int) -> str:
    return "item" if count == 1 else "items"
