"""The shape of a metric: one source, one time column, one aggregate, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from metrics.errors import AppError
from metrics.units import Unit


class Kind(StrEnum):
    """How a metric is worked out, and so what may be done with it."""

    COUNT = "count"  # rows or a sum of them; adds up over time and dimensions
    DISTINCT = "distinct"  # different values; adds up over nothing
    LEVEL = "level"  # a stock at an instant; adds up over dimensions, never over time
    RATE = "rate"  # counted rows over counted rows; has a Wilson interval
    RATIO = "ratio"  # a sum over a sum; no interval
    MEAN = "mean"
    QUANTILE = "quantile"
    STATISTIC = "statistic"  # SQL file data_access/sql/statistics/<name>.sql


class Better(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"  # a volume: neither direction is good or bad by itself


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One definition, used by every page, report, export and alert.

    Attributes:
        name: snake_case, unique for all time.
        label: what a reader sees; sentence case.
        definition: plain words: what is counted, from which rows.
        source: the mart it reads; one mart, no joins.
        at: the DATE column of the mart that places a row in a period.
        kind: see `Kind`.
        unit: how it is written.
        better: which way is better.
        owner: the role that answers for it.
        family: a key of `metrics.catalog.FAMILIES`, which groups by it.
        value_sql: one aggregate expression over the mart's rows. For RATE and RATIO leave it ""
            and give numerator and denominator. For STATISTIC leave it "": the file holds it.
            `{as_of}` in any SQL of a metric is the DATE just after the last day counted: the
            end of the period, or of the data's clock when that is earlier. `{today}` is the
            clock's DATE, whatever the period; days before it are over.
        numerator, denominator: aggregate expressions of a RATE or RATIO.
        where: a condition on rows that always holds ("" for all rows).
        given: (name, value) pairs; `{name}` in any SQL of the metric is the value, bound.
        recorded_where: a condition on rows; when no row of any time under the filters meets it,
            the source does not record what is counted, and the value is withheld, never 0.
        not_recorded: the reason then given, a sentence.
        n_sql: what n counts: the rows behind the value.
        n_of: the noun of n, plural ("items").
        left_at: for stocks: the DATE column on which a row leaves. The row is in the stock at
            instant T when at < T and (left_at is null or left_at >= T).
        whole_by: dimensions over which the denominator is not split or filtered, because they
            describe the numerator only (defects per item by error type).
        not_by: dimensions of the mart that the metric makes no sense by: agreement by the answer
            given would be perfect by construction.
        quantile: for QUANTILE: which one, 0-1.
        target: the default target; the targets extract can override it per scope and date.
        near: how far a value may miss its target and still be "at risk"; same unit as the value.
        min_rows: below this n the value is withheld everywhere.
        fills_later: why the newest periods still grow, as it follows a colon; then no change is
            judged and there is no control chart.
        is_plural: whether the label takes a plural verb ("items completed were").
    """

    name: str
    label: str
    definition: str
    source: str
    at: str
    kind: Kind
    unit: Unit
    better: Better
    owner: str
    family: str
    value_sql: str = ""
    numerator: str = ""
    denominator: str = ""
    where: str = ""
    given: tuple[tuple[str, date], ...] = ()
    recorded_where: str = ""
    not_recorded: str = ""
    n_sql: str = "count(*)"
    n_of: str = "items"
    left_at: str = ""
    whole_by: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    quantile: float | None = None
    target: float | None = None
    near: float | None = None
    min_rows: int = 1
    fills_later: str = ""
    is_plural: bool = False

    def __post_init__(self) -> None:
        """Refuse a definition that contradicts itself."""
        is_share = self.kind in (Kind.RATE, Kind.RATIO)
        if is_share != bool(self.numerator and self.denominator):
            raise self._bad("numerator and denominator belong to rates and ratios, both")
        if (not is_share and self.kind is not Kind.STATISTIC) != bool(self.value_sql):
            raise self._bad("value_sql is required, except for rates, ratios and statistics")
        if self.kind is Kind.LEVEL and not self.left_at:
            raise self._bad("a level needs left_at, the column on which a row leaves")
        if bool(self.recorded_where) != bool(self.not_recorded):
            raise self._bad("recorded_where and not_recorded go together")
        if any(not name.isidentifier() or name in ("as_of", "today") for name, _ in self.given):
            raise self._bad("a value needs a name of its own")
        if (self.target is None) != (self.near is None):
            raise self._bad("target and near go together")
        if self.target is not None and self.better is Better.NEITHER:
            raise self._bad("a target needs a better direction")

    def _bad(self, what: str) -> AppError:
        return AppError(f"Metric definition is inconsistent: {what}.", where=self.name)

    @property
    def is_stock(self) -> bool:
        """Whether the value belongs to an instant (the period's last), not to a span of time."""
        return bool(self.left_at)

    @property
    def adds_up_over_dimensions(self) -> bool:
        """Whether the values of all segments add up to the value of the whole."""
        return self.kind in (Kind.COUNT, Kind.LEVEL)

    @property
    def adds_up_over_time(self) -> bool:
        """Whether the values of all periods add up to the value of the whole span."""
        return self.kind is Kind.COUNT

    def show(self, value: float | None) -> str:
        """The value as text with its unit."""
        return self.unit.show(value)

    def show_target(self, target: float) -> str:
        """The target as text with its direction, like "≤ 36.0 h"."""
        sign = (
            "\N{LESS-THAN OR EQUAL TO}"
            if self.better is Better.LOWER
            else "\N{GREATER-THAN OR EQUAL TO}"
        )
        return f"{sign}\N{NO-BREAK SPACE}{self.unit.show(target)}"
