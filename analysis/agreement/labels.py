"""Each label by itself: did people agree on whether it is there?"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.agreement.alpha import alpha
from analysis.agreement.gwet import gwet_ac, percent_agreement
from analysis.agreement.patterns import Patterns
from analysis.agreement.resampling import RESAMPLES, SEED
from analysis.agreement.result import Agreement


@dataclass(frozen=True)
class LabelAgreement:
    """One label, there or not.

    Attributes:
        label: the label.
        alpha: Krippendorff's, nominal.
        ac1: Gwet's AC1, which stays readable where the label is rare or nearly everywhere.
        percent: percent agreement.
        prevalence: the share of answers that have the label, of units with two answers or more.
    """

    label: str
    alpha: Agreement
    ac1: Agreement
    percent: Agreement
    prevalence: float

    @property
    def withheld(self) -> str:
        """Why the label has no numbers: too few units; "" where it has."""
        return self.percent.withheld


def label_agreement(
    label: str, patterns: Patterns, *, resamples: int = RESAMPLES, seed: int = SEED
) -> LabelAgreement:
    """The agreement on one label.

    Args:
        label: its name.
        patterns: of its presence, as `patterns.presence` makes them.
        resamples: of the bootstrap; 0 for no intervals.
        seed: of the bootstrap.
    """
    by_alpha = alpha(patterns, resamples=resamples, seed=seed)
    return LabelAgreement(
        label=label,
        alpha=by_alpha,
        ac1=gwet_ac(patterns, resamples=resamples, seed=seed),
        percent=percent_agreement(patterns, resamples=resamples, seed=seed),
        prevalence=dict(by_alpha.prevalence)["present"],
    )
