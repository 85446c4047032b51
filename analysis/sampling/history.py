"""What the decided lots of a project say: outcome, standing before and after, certificate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.sampling import deciding, switching
from analysis.sampling.deciding import Outcome
from analysis.sampling.model import Plan, Scheme, Severity, plan_of
from analysis.sampling.probability import clopper_pearson
from analysis.sampling.switching import Inspected, Standing
from data_access.lots import ACCEPTED, Drawn, Lot
from metrics.units import PERCENT


@dataclass(frozen=True)
class Closed:
    """A decided lot with all a certificate says.

    Attributes:
        lot, plan: the lot and its plan.
        rate, low, high: defective share of the checked items with its exact 95% interval.
        before, after: where its project stood when it was decided, and after.
    """

    lot: Lot
    plan: Plan
    rate: float
    low: float
    high: float
    before: Standing
    after: Standing

    @property
    def counts_words(self) -> str:
        """The counts: "3 of 50 checked items defective"."""
        noun = "item" if self.lot.checked == 1 else "items"
        return f"{self.lot.defective:,} of {self.lot.checked:,} checked {noun} defective"

    @property
    def rate_words(self) -> str:
        """The rate with its interval: "6.0%, 95% interval 1.3–16.5%"."""
        shown = PERCENT.show(self.rate)
        if self.low == self.high:
            return f"{shown}, every item of the lot was checked"
        return f"{shown}, 95% interval {PERCENT.show_range(self.low, self.high)}"

    @property
    def plan_words(self) -> str:
        """Where the plan is from; a table cell found in one public source only is marked."""
        mark = "; table cell found in one public source only" if self.plan.is_found_once else ""
        return f"{self.plan.source}{mark}"

    @property
    def standing_words(self) -> str:
        """Which severity was in force, and whether the lot was inspected by it."""
        if self.plan.scheme is not Scheme.ISO or self.plan.severity is None:
            return "Outside the switching rules: the plan is not of ISO 2859-1"
        if self.lot.is_resubmitted:
            return "Outside the switching rules: the lot came back after a refusal"
        used, due = self.plan.severity, self.before.severity
        allowed = used is Severity.REDUCED and self.before.may_reduce
        if used is due or allowed:
            return f"{used.label} inspection, as the lots before ask for"
        return f"{used.label} inspection, although the lots before ask for {due}"


def outcome_of(lot: Lot, items: Sequence[Drawn]) -> Outcome:
    """Where a lot stands by its results."""
    known = {"pass": False, "fail": True}
    return deciding.outcome(plan_of(lot.plan), [known.get(item.result) for item in items])


def closed(lots: Iterable[Lot]) -> list[Closed]:
    """The decided lots, in the order of their decisions, each with its project's standing.

    Args:
        lots: decided ones, as `Lots.decided` gives them.
    """
    standings: dict[str, list[Inspected]] = {}
    return [_closed(lot, standings.setdefault(lot.project, [])) for lot in lots]


def standings(lots: Iterable[Lot]) -> Mapping[str, Standing]:
    """Project → where it stands for its next lot."""
    return {found.lot.project: found.after for found in closed(lots)}


def _closed(lot: Lot, inspected: list[Inspected]) -> Closed:
    plan = plan_of(lot.plan)
    before = switching.standing(inspected)
    if plan.severity is not None and plan.aql is not None:
        inspected.append(
            Inspected(
                plan.letter,
                plan.aql,
                plan.ac,
                plan.severity,
                lot.defective,
                lot.decision == ACCEPTED,
                not lot.is_resubmitted,
            )
        )
    rate = lot.defective / lot.checked if lot.checked else 0.0
    is_whole = lot.checked >= lot.size
    low, high = (rate, rate) if is_whole else clopper_pearson(lot.defective, max(lot.checked, 1))
    return Closed(lot, plan, rate, low, high, before, switching.standing(inspected))
