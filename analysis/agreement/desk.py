"""Everything the Agreement page and the report say about one field, worked out once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

import numpy as np

from analysis.agreement.alpha import Level, alpha
from analysis.agreement.cohen import cohen
from analysis.agreement.dawid_skene import Consensus, dawid_skene
from analysis.agreement.diagnosis import Diagnosis, Finding, Problem, diagnose
from analysis.agreement.evidence import Evidence, evidence, label_pairs, people_counts
from analysis.agreement.gwet import (
    brennan_prediger,
    conger,
    fleiss,
    gwet_ac,
    percent_agreement,
)
from analysis.agreement.labels import LabelAgreement, label_agreement
from analysis.agreement.pairs import Confusion, PairAgreement, confusions, pair_counts, pair_matrix
from analysis.agreement.reading import ABSENT, FieldRatings, fields, read
from analysis.agreement.result import Agreement
from analysis.agreement.weights import Weights
from analysis.model import Status
from data_access.store import Store
from metrics.annotation import RATINGS_GIVEN
from metrics.errors import AppError
from metrics.periods import Period
from metrics.scope import Scope

LEVELS: dict[str, str] = {
    "nominal": "Labels",
    "ordinal": "Ordered steps",
    "interval": "Numbers by distance",
    "ratio": "Numbers by ratio",
}
_WEIGHTS: dict[Level, Weights] = {
    "nominal": "identity",
    "ordinal": "ordinal",
    "interval": "quadratic",
    "ratio": "quadratic",
}
_FEW = 500  # resamples of each label's interval, of which there may be many
MOST_LABELS = 40
WEEKS = 13  # to look back
LEAST_ALPHA = 0.667
_MIN_GIVEN = 60  # times that one of two people gave a label of a set


@dataclass(frozen=True)
class Desk:
    """One field in one window.

    Attributes:
        ratings: its ratings.
        level: how far apart two answers are.
    """

    ratings: FieldRatings
    level: Level

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels of measurement that make sense for the answers."""
        if not self.ratings.is_numeric:
            return ("nominal",)
        has_ratio = all((answer.number or 0.0) >= 0 for answer in self.ratings.answers)
        return ("nominal", "ordinal", "interval", *(("ratio",) if has_ratio else ()))

    @cached_property
    def coefficients(self) -> tuple[Agreement, ...]:
        """Every coefficient of the level, the best known first; none with too many answers."""
        if self.ratings.too_many:
            return ()
        patterns, weighing = self.ratings.patterns, _WEIGHTS[self.level]
        found = [
            alpha(patterns, self.level),
            gwet_ac(patterns, weighing),
            percent_agreement(patterns),
            fleiss(patterns, weighing),
            brennan_prediger(patterns, weighing),
        ]
        if not self.ratings.no_people:
            found.append(conger(self.ratings.people, weighing))
            if len(self.ratings.raters) == 2:
                first, second = self.ratings.raters
                found.append(cohen(self.ratings.people.pair(first, second), weighing))
        return tuple(found)

    @cached_property
    def other_levels(self) -> tuple[Agreement, ...]:
        """Alpha at the levels of measurement that are not the one looked at; none for labels."""
        if self.ratings.too_many:
            return ()
        others = [level for level in self.levels if level != self.level]
        return tuple(alpha(self.ratings.patterns, level) for level in others)

    @property
    def records(self) -> list[dict[str, Any]]:
        """The coefficients as plain exact values, to be downloaded or printed."""
        return [
            {
                "coefficient": one.label,
                "kind": one.kind,
                "value": one.shown,
                "low": one.low if one.shown is not None else None,
                "high": one.high if one.shown is not None else None,
                "standard_error": one.standard_error if one.shown is not None else None,
                "shared_items": one.n_units,
                "people": one.n_raters,
                "note": one.withheld or one.no_interval,
            }
            for one in (*self.coefficients, *self.other_levels)
        ]

    @property
    def label_records(self) -> list[dict[str, Any]]:
        """Each label as plain exact values."""
        return [
            {
                "label": one.label,
                "alpha": one.alpha.shown,
                "low": one.alpha.low if one.alpha.shown is not None else None,
                "high": one.alpha.high if one.alpha.shown is not None else None,
                "ac1": one.ac1.shown,
                "percent_agreement": one.percent.shown,
                "prevalence": one.prevalence,
                "shared_items": one.percent.n_units,
                "note": one.withheld or one.alpha.withheld,
            }
            for one in self.labels
        ]

    @cached_property
    def mixed(self) -> tuple[str, ...]:
        """What stands together in the field though it may not belong together, in sentences."""
        found = []
        store, where = self.ratings.store, self.ratings.scope
        projects = store.breakdown_values(RATINGS_GIVEN, where, "project")[RATINGS_GIVEN.name]
        if len(projects) > 1:
            found.append(
                f"{len(projects)} projects have a field of this name; their answers are taken for "
                "one scale. Filter by project to keep them apart."
            )
        sources = store.breakdown_values(RATINGS_GIVEN, where, "source")[RATINGS_GIVEN.name]
        if len(sources) > 1:
            found.append(
                f"The ratings come from {len(sources)} sources; items are only compared within one."
            )
        return tuple(found)

    @property
    def main(self) -> Agreement | None:
        """The coefficient that headlines name."""
        return self.coefficients[0] if self.coefficients else None

    @cached_property
    def labels(self) -> tuple[LabelAgreement, ...]:
        """Each label by itself, least agreed on first, those withheld last; the commonest 40."""
        by_label = self.ratings.by_label
        wanted = [label for label in self.ratings.labels if label in by_label][:MOST_LABELS]
        found = [label_agreement(label, by_label[label], resamples=_FEW) for label in wanted]
        return tuple(sorted(found, key=_least_first))

    @cached_property
    def pairs(self) -> tuple[PairAgreement, ...]:
        """The pairs of people, A to Z."""
        return pair_matrix(self.ratings.pairs)

    @cached_property
    def confusions(self) -> tuple[Confusion, ...]:
        """Which two answers stand on the same item, most frequent first."""
        if self.ratings.too_many:
            return ()
        return confusions(self.ratings.answer_pairs(), top=20)

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """Whether a label, a person or a few items stand out."""
        reason = self.ratings.no_people
        if reason:
            return Diagnosis((Finding(Problem.TOO_LITTLE, "", reason, "", 0.0, ()),), ())
        if not self.ratings.has_sets:
            return diagnose(evidence(self.ratings.people))
        return self._of_sets()

    def _of_sets(self) -> Diagnosis:
        """Labels each by themselves, people by whole sets; items cannot be told apart then.

        Labels of one item are taken for independent, which they are not quite: so a label is only
        named when it was given often.
        """
        people = self.ratings.people
        pairs, by_label = pair_counts(people), self.ratings.label_people
        found = diagnose(
            Evidence(by_label.patterns, people_counts(people), pairs, label_pairs(by_label, pairs))
        )
        named = [_of_label(f) for f in found.findings if _is_of_sets(f)]
        if named:
            return Diagnosis(tuple(named), found.cannot_tell)
        nothing = "No label and no person stands out."
        return Diagnosis((Finding(Problem.NONE, "", nothing, "", 0.0, ()),), found.cannot_tell)

    @property
    def finding(self) -> Finding:
        """What stands out most; the sentence when nothing does."""
        return self.diagnosis.findings[0]

    @property
    def status(self) -> Status:
        """How loudly the finding is said."""
        if self.caution:
            return Status.NO_TARGET
        return {
            Problem.NONE: Status.MET,
            Problem.TOO_LITTLE: Status.TOO_FEW,
        }.get(self.finding.problem, Status.AT_RISK)

    @property
    def caution(self) -> str:
        """What must be said where nothing stands out and agreement is low all the same; else "".

        Krippendorff (Content Analysis, 2004, 11.4) draws conclusions from 0.8 on, tentative ones
        from 0.667.
        """
        main = self.main
        is_low = main is not None and main.name == "alpha" and (main.shown or 1.0) < LEAST_ALPHA
        if self.finding.problem is not Problem.NONE or not is_low or main is None:
            return ""
        return (
            f" Alpha is {main.shown:.2f} all the same: below {LEAST_ALPHA} even tentative "
            "conclusions are not drawn."
        )

    @cached_property
    def consensus(self) -> Consensus | None:
        """Which answers are likely right, and how each person errs; None where too few share."""
        if self.ratings.no_people or self.main is None or self.main.withheld:
            return None
        return dawid_skene(self.ratings.people)

    @property
    def certainty(self) -> float | None:
        """How certain the likely answers are on average over the items; None without them."""
        told = self.consensus
        if told is None:
            return None
        return float(np.average(told.certainty, weights=self.ratings.people.units))

    @property
    def likely_right(self) -> tuple[float | None, ...]:
        """Per rater: the chance of giving the likely answer, over these as common as they are."""
        told = self.consensus
        if told is None:
            return ()
        found: list[float | None] = []
        for row in np.diagonal(told.confusion, axis1=1, axis2=2):
            known = ~np.isnan(row)
            weight = float(told.prior[known].sum())
            found.append(float(row[known] @ told.prior[known]) / weight if weight > 0 else None)
        return tuple(found)


def looking_back(asked: Scope) -> Scope:
    """The 13 weeks to the end of a window, or the window itself where it is longer.

    A week of shared items is too few to tell where people differ.
    """
    since = asked.period.until - timedelta(weeks=WEEKS)
    return asked.during(Period(min(since, asked.period.since), asked.period.until))


def desk(store: Store, scope: Scope, field: str, level: Level = "nominal") -> Desk:
    """All about one field; what is not asked for is not worked out.

    Raises:
        AppError: nobody answered the field in the window and filters.
    """
    made = Desk(read(store, scope, field), level)
    if not made.ratings.answers:
        raise AppError(
            f"There is no answer to “{field}” in this window.",
            where=scope.period.label,
            choices=fields(store, scope),
            next_step="Choose another field, a longer period or fewer filters.",
        )
    return made if level in made.levels else Desk(made.ratings, "nominal")


def _is_of_sets(found: Finding) -> bool:
    """Whether a finding holds for sets: a label given often enough, or a person; never items."""
    given = dict(found.numbers).get("given_by_either", float(_MIN_GIVEN))
    return found.problem in (Problem.GUIDELINE, Problem.PERSON) and given >= _MIN_GIVEN


def _of_label(found: Finding) -> Finding:
    """The finding without the label beside it, which for sets is only that it is not given."""
    if found.problem is not Problem.GUIDELINE:
        return found
    beside = f" Beside “{found.subject}” stands most often “{ABSENT}”."
    return replace(
        found,
        sentence=found.sentence.replace(beside, ""),
        next_step=f"Check the guideline for “{found.subject}” first.",
    )


def _least_first(found: LabelAgreement) -> tuple[bool, float, str]:
    value = found.alpha.shown if found.alpha.low is not None else None
    return value is None, value if value is not None else 0.0, found.label


__all__ = ["LEVELS", "WEEKS", "Desk", "desk", "fields", "looking_back"]
