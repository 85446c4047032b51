"""An improvement whose measure, or a dimension of its slices, is no longer there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from analysis.improvement import Measured, Verdict, measure
from data_access.asking import lacking
from data_access.improvements import Improvement
from metrics.catalog import METRICS
from metrics.periods import Period
from metrics.scope import scope

if TYPE_CHECKING:
    from data_access.store import Store


@dataclass(frozen=True)
class Gone:
    """An improvement that cannot be measured until somebody changes it.

    Attributes:
        improvement: as it was written down.
        why: what is gone, a sentence.
        next_step: what to do, a sentence.
    """

    improvement: Improvement
    why: str
    next_step: str

    @property
    def verdict(self) -> Verdict:
        """Nothing may be said."""
        return Verdict.UNTOLD


def measure_if_there(
    store: Store, improvement: Improvement, others: Sequence[Improvement] = ()
) -> Measured | Gone:
    """What its measure did since its day, or what of it is gone; the arguments are `measure`'s."""
    return gone(improvement) or measure(store, improvement, others)


def gone(improvement: Improvement) -> Gone | None:
    """What of an improvement the catalogue no longer has; None when all is there."""
    about = METRICS.get(improvement.metric)
    if about is None:
        why = f"The measure {improvement.metric} is no longer in the catalogue."
        return Gone(improvement, why, "Choose Change and take another measure.")
    day = Period(improvement.start_on, improvement.start_on + timedelta(days=1))
    for text in (improvement.filters, improvement.comparison):
        if why := lacking(about, scope(day, json.loads(text) if text else {})):
            return Gone(
                improvement, why, "Choose Change and take other slices, or another measure."
            )
    return None


def label(found: Measured | Gone) -> str:
    """What its measure is called; the name that was written down where the measure is gone."""
    about = METRICS.get(found.improvement.metric)
    return about.label if about else found.improvement.metric
