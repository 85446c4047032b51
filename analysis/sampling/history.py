"""What decided lots say: outcome, standing of their series before and after, certificate.

A series is the lots of one project at one AQL and inspection level: the switching rules hold within
it, and a project that is inspected at two AQLs has two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.sampling import deciding, switching
from analysis.sampling.deciding import Outcome
from analysis.sampling.iso2859 import aql_text
from analysis.sampling.model import Plan, plan_of
from analysis.sampling.probability import clopper_pearson
from analysis.sampling.switching import Inspected, Standing
from analysis.sampling.weighting import Weighted, weighted
from data_access.lots import ACCEPTED, Drawn, Lot
from metrics.units import PERCENT


@dataclass(frozen=True, order=True)
class Series:
    """Whose lots follow one another under the switching rules."""

    project: str
    aql: float
    level: str

    @property
    def words(self) -> str:
        """The plan they share: "AQL 2.5, level II"."""
        return f"AQL {aql_text(self.aql)}, level {self.level}"


@dataclass(frozen=True)
class Closed:
    """A decided lot with all a certificate says.

    Attributes:
        lot, plan: the lot and its plan.
        rate, low, high: defective share of the checked items with its exact 95% interval.
        before, after: where its series stood when it was decided, and after.
        weighted: the lot's rate where small groups were drawn more than their share; else None,
            and where the items were not asked for.
    """

    lot: Lot
    plan: Plan
    rate: float
    low: float
    high: float
    before: Standing
    after: Standing
    weighted: Weighted | None = None

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
    def found_words(self) -> str:
        """Counts and rate as a certificate says them, with the weighted rate where it differs."""
        said = f"{self.counts_words}: {self.rate_words}"
        return f"{said}. {self.weighted.words}" if self.weighted else said

    @property
    def plan_words(self) -> str:
        """Where the plan is from; a table cell found in one public source only is marked."""
        mark = "; table cell found in one public source only" if self.plan.is_found_once else ""
        return f"{self.plan.source}{mark}"

    @property
    def standing_words(self) -> str:
        """Which severity was in force, and whether the lot was inspected by it."""
        series = series_of(self.lot.project, self.plan)
        if series is None or self.plan.severity is None:
            return "Outside the switching rules: the plan is not of ISO 2859-1"
        if self.lot.is_resubmitted:
            return "Outside the switching rules: the lot came back after a refusal"
        used, due = self.plan.severity, self.before.severity
        before = f"the lots before at {series.words}"
        if self.before.asks_for(used):
            return f"{used.label} inspection, as {before} ask for"
        return (
            f"{used.label} inspection, although {before} ask for {due}: the switching rules do not "
            "count this lot"
        )


def outcome_of(lot: Lot, items: Sequence[Drawn]) -> Outcome:
    """Where a lot stands by its results."""
    people = [item.annotator for item in items]
    return deciding.outcome(plan_of(lot.plan), _results(items), people)


def _results(items: Sequence[Drawn]) -> list[bool | None]:
    known = {"pass": False, "fail": True}
    return [known.get(item.result) for item in items]


def series_of(project: str, plan: Plan) -> Series | None:
    """The series that a lot belongs to; None where its plan is not of ISO 2859-1."""
    if plan.severity is None or plan.aql is None:
        return None
    return Series(project, plan.aql, plan.level)


def closed(
    lots: Iterable[Lot], items: Callable[[Lot], Sequence[Drawn]] | None = None
) -> list[Closed]:
    """The decided lots, in the order given, each with the standing of its series.

    Args:
        lots: decided ones, as `Lots.decided` gives them.
        items: hands over a lot's drawn items; without it no weighted rate is worked out.
    """
    inspected: dict[Series | None, list[Inspected]] = {}
    found = []
    for lot in lots:
        plan = plan_of(lot.plan)
        one = _closed(lot, plan, inspected.setdefault(series_of(lot.project, plan), []))
        if items and plan.strata and one.low != one.high:
            drawn = items(lot)
            by_group = weighted(plan.strata, [item.annotator for item in drawn], _results(drawn))
            one = replace(one, weighted=by_group)
        found.append(one)
    return found


def standings(lots: Iterable[Lot]) -> Mapping[Series, Standing]:
    """Series → where it stands for its next lot."""
    found = ((series_of(one.lot.project, one.plan), one.after) for one in closed(lots))
    return {series: after for series, after in found if series is not None}


def _closed(lot: Lot, plan: Plan, inspected: list[Inspected]) -> Closed:
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
