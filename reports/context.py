"""What all sections of one report share: numbers judged once, people's entries, words for time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from analysis import bottlenecks, words
from analysis.assess import assess
from analysis.headline_set import KEY_METRICS
from analysis.model import Assessment, Bottlenecks, Finding, Limits, Overview, Signal
from analysis.overview import overview
from analysis.sampling.refusals import refused
from analysis.scan import SCAN_METRICS, scan
from charts import Chart
from data_access.entries import Action, Commentary, E
from data_access.records import Records
from data_access.store import Store
from metrics.catalog import METRICS
from metrics.local_time import local
from metrics.model import Metric
from metrics.periods import Period, elapsed_part, previous
from metrics.scope import Scope, scope
from metrics.value import Value
from reports.blocks import Cell, Figure

_WORDS = {"day": "day", "week": "week", "month": "month"}


class Context:
    """The store, the records and the window of a report, and what is worked out of them once."""

    def __init__(
        self,
        store: Store,
        records: Records,
        period: Period,
        *,
        versus: Period | None = None,
    ) -> None:
        """Name the window; nothing is asked before a section wants it."""
        self.store = store
        self.records = records
        self.period = period
        self.versus = versus or previous(period)
        self.scope: Scope = scope(period)

    # --- numbers

    @cached_property
    def judged(self) -> dict[str, Assessment]:
        """Every metric of the catalogue, judged, by name."""
        found = assess(self.store, list(METRICS.values()), self.scope, versus=self.versus)
        return {assessment.metric.name: assessment for assessment in found}

    @cached_property
    def key(self) -> tuple[Assessment, ...]:
        """The key measures."""
        return tuple(self.judged[metric.name] for metric in KEY_METRICS)

    @cached_property
    def overview(self) -> Overview:
        """Banner, headlines and warnings: the same as on the page."""
        return overview(
            self.store,
            [self.judged[metric.name] for metric in KEY_METRICS],
            scope=self.scope,
            has_commentary=self.records.commentary(self.period.name) is not None,
            actions_without_owner=sum(
                not action.owner and not action.is_closed for action in self.entries(Action)
            ),
            refused_lots=refused(self.records.lots.all(), self.period),
        )

    @cached_property
    def slices(self) -> tuple[Finding, ...]:
        """The stages, datasets, people and batches that are out of line, loudest first."""
        return scan(self.store, SCAN_METRICS, self.scope)

    @cached_property
    def bottlenecks(self) -> Bottlenecks:
        """Where the time goes, stage by stage."""
        return bottlenecks.rank(self.store, self.scope)

    @property
    def asked(self) -> Scope:
        """The window whose days are over: what the numbers cover."""
        return self.scope.during(elapsed_part(self.period, self.store.today))

    @property
    def as_of(self) -> date:
        """The day just after the last one counted: what is due before it is overdue."""
        return min(self.period.until, max(self.store.today, self.period.since))

    def by(self, metric: Metric, dimension: str, period: Period | None = None) -> list[Value]:
        """The metric's value for each value of a dimension, the largest n first."""
        where = self.asked.during(period) if period else self.asked
        return list(self.store.breakdown_values((metric,), where, dimension)[metric.name])

    # --- people's words

    def entries(self, kind: type[E]) -> tuple[E, ...]:
        """The entries of a kind that belong in this period's report."""
        return self.records.entries(kind, period=self.period)

    @cached_property
    def commentaries(self) -> tuple[Commentary, ...]:
        """What was written about the period as a whole, or about a measure in it."""
        return tuple(c for c in self.records.commentaries(self.period.name) if not c.scope)

    # --- words

    @property
    def noun(self) -> str:
        """What the period is called: "week", "month", "day" or "period"."""
        return _WORDS.get(self.period.grain or "", "period")

    @property
    def value_label(self) -> str:
        """Head of the column with this period's values."""
        return f"This {self.noun}"

    @property
    def versus_label(self) -> str:
        """Head of the column with the values compared with."""
        if self.versus != previous(self.period):
            return self.versus.short[:1].upper() + self.versus.short[1:]
        return {"week": "Last week", "month": "Last month", "day": "Day before"}.get(
            self.noun, "Period before"
        )

    def local(self, moment: datetime) -> datetime:
        """A UTC time in the reporting zone, to the minute, without a zone of its own."""
        shown = local(moment, self.store.settings.reporting_zone)
        return shown.replace(second=0, microsecond=0)


def figure(caption: str, chart: Chart) -> Figure:
    """A chart as a block."""
    return Figure(caption, asdict(chart), chart.alt)


def number(value: Value | None) -> Cell:
    """A value as a cell, exact, with its unit."""
    return Cell(value.value if value else None, unit=value.metric.unit.name if value else "count")


def limits_of(judged: Assessment) -> Limits | None:
    """The expected range as it is told: of a count the whole numbers inside it."""
    limits = judged.limits
    if limits is None:
        return None
    low, high = words.whole_limits(judged.metric, limits.low, limits.high)
    return replace(limits, low=low, high=high)


def message(judged: Assessment) -> str:
    """What a measure's chart shows, in one line made by the same rules as its sentence."""
    if judged.value.value is None:
        return judged.lead
    its = "their" if judged.metric.is_plural else "its"
    expected = f"{its} expected range"
    if judged.rule:
        return f"{judged.lead}, {judged.rule.replace(expected, f'{expected} of {judged.expected}')}"
    limits = judged.limits
    is_within = limits is not None and limits.low <= judged.value.value <= limits.high
    if judged.signal is Signal.ROUTINE and is_within and judged.expected:
        return f"{judged.lead}, within {expected} of {judged.expected}"
    return judged.lead


def joined(parts: Iterable[Any]) -> str:
    """The parts that say something, as sentences behind each other."""
    return " ".join(str(part) for part in parts if part)
