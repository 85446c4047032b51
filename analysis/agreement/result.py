"""An agreement coefficient with what is needed to read it."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.units import PERCENT, RATIO, Unit

MIN_UNITS = 10
DIGITS = 12  # kept: the last ones of a matrix product differ from one process to the next
SAME_ANSWER = "Everybody gave the same answer."
NOBODY_TWICE = "No item was rated by two people or more."


def too_few(units: int, *, needed: int = MIN_UNITS) -> str:
    """Why a number from so few units is not shown; "" when there are enough.

    >>> too_few(7)
    'Only 7 items were rated by two people or more; 10 are needed.'
    """
    if units >= needed:
        return ""
    if units == 0:
        return f"{NOBODY_TWICE[:-1]}; {needed} are needed."
    counted = "1 item was" if units == 1 else f"{units} items were"
    return f"Only {counted} rated by two people or more; {needed} are needed."


@dataclass(frozen=True)
class Agreement:
    """One coefficient over some units.

    Attributes:
        name: "percent", "alpha", "fleiss", "fleiss_1971", "gwet", "conger", "brennan_prediger" or
            "cohen".
        label: as people call it, like "Gwet's AC1".
        kind: the level of measurement or the weights: "nominal", "ordinal" …
        value: 1 is perfect, 0 is what chance gives (percent agreement: 0–1); None where undefined.
        reason: why it is undefined; "" where it is not.
        n_units: units with two ratings or more.
        n_raters: people.
        prevalence: each answer with its share, as the coefficient counts it.
        low, high: the 95% interval shown: percentile bootstrap over units. None where undefined.
        no_interval: why there is no interval; "" where there is one or none was asked for.
        standard_error: analytic, where the paper gives one.
        analytic: the 95% interval from it, by t or z as in the paper.

    All numbers are rounded to 12 digits after the point, so that they are the same everywhere.
    """

    name: str
    label: str
    kind: str
    value: float | None
    reason: str
    n_units: int
    n_raters: int
    prevalence: tuple[tuple[str, float], ...]
    low: float | None = None
    high: float | None = None
    no_interval: str = ""
    standard_error: float | None = None
    analytic: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for name in ("value", "low", "high", "standard_error"):
            number = getattr(self, name)
            object.__setattr__(self, name, None if number is None else round(number, DIGITS))
        if self.analytic is not None:
            low, high = self.analytic
            object.__setattr__(self, "analytic", (round(low, DIGITS), round(high, DIGITS)))

    @property
    def withheld(self) -> str:
        """Why no number is shown: undefined, or too few units; "" when it is shown."""
        return too_few(self.n_units) or self.reason

    @property
    def shown(self) -> float | None:
        """The value where it may be shown."""
        return None if self.withheld else self.value

    @property
    def unit(self) -> Unit:
        """What its numbers are shown in: percent agreement is a share, the others are ratios."""
        return PERCENT if self.name == "percent" else RATIO

    @property
    def range_text(self) -> str:
        """The 95% interval as it is shown, or why there is none."""
        if self.low is None or self.high is None:
            return self.no_interval
        return self.unit.show_range(self.low, self.high)
