"""One answered number: the value, what is behind it, and why it may be missing."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.model import Metric
from metrics.periods import Period


@dataclass(frozen=True)
class Value:
    """A metric's value in one period and one segment.

    Attributes:
        metric: the definition.
        period: the window asked for.
        segment: the slice it stands for; "" for the whole scope.
        value: in the metric's unit, never scaled; None when there is none or it is withheld.
        n: rows behind it (what `metric.n_of` names).
        numerator: for rates and ratios, else None. Rates: an integer count.
        low, high: 95% interval of the value where the kind has one, else None.
        is_partial: the period is not over at the clock, or starts before the first data.
        withheld: why `value` is None, in words; "" when it is not.
    """

    metric: Metric
    period: Period
    segment: str
    value: float | None
    n: int
    numerator: float | None = None
    low: float | None = None
    high: float | None = None
    is_partial: bool = False
    withheld: str = ""

    @property
    def text(self) -> str:
        """The value as text with its unit, "n/a" when there is none."""
        return self.metric.show(self.value)
