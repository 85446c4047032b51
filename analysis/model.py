"""What a judgement is made of: plain records that pages, Word, Excel and messages all show."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.status import Severity, Signal, Status, Tone
from metrics.model import Metric
from metrics.periods import Period
from metrics.scope import Scope
from metrics.value import Value

__all__ = [
    "Assessment", "Bottlenecks", "Caution", "Finding", "Limits", "Overview", "Severity", "Signal",
    "StageRow", "Status", "Target", "WhatIf",
]  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """The range a measure keeps by routine variation alone (XmR natural process limits).

    Attributes:
        mean: the mean of the periods it was worked out from.
        low, high: mean ∓ 2.66 mean moving range, inside what the measure can be.
        since, until: the first and last of these periods.
        periods: how many they are.
    """

    mean: float
    low: float
    high: float
    since: Period
    until: Period
    periods: int

    @property
    def is_flat(self) -> bool:
        """Whether every period behind it had one and the same value."""
        return self.low == self.high


@dataclass(frozen=True)
class Target:
    """What a metric should be.

    Attributes:
        value: in the metric's unit.
        near: how far a miss may be and still count as near.
        origin: "definition", or the scope and day of the row in the targets extract, like
            "team=Radiology from 2026-07-01".
    """

    value: float
    near: float
    origin: str = "definition"


@dataclass(frozen=True)
class Assessment:
    """One measure, judged.

    Attributes:
        metric: its definition.
        scope: the window and filters judged; rows and SQL open with it.
        value: the number in the window.
        versus: the number in the window compared with.
        change: value − versus before rounding; None when one is missing.
        target: None when no target holds here.
        status: against the target.
        signal: whether the change is more than routine.
        rule: the control-chart rule that fired, in words; "" when none did.
        limits: the expected range; None with fewer than 12 earlier periods.
        series: complete periods up to and including this one, oldest first, at most 27; weeks for
            a week or a free span, months for a month.
        applies: False where a filter names a dimension the metric is not recorded by; then there
            is no value, and nobody is to blame.
        is_stale: a source of the metric has sent nothing for 1.5 times its cadence.
        ends_early: why no change is judged, as it follows a colon, where a source ends before the
            period does; "" when none does.
        status_before: the status one period earlier, by the target valid then; None when unknown.
        lead, rest: the sentence, in the part to set in bold and what follows.
        evidence: n, interval, expected range, split by " · ".
        expected: the expected range as text, with the decimals the sentence needs; "" without.
        windows: both windows and both n in words.
        next_step: what to do about it; "" when there is nothing.
    """

    metric: Metric
    scope: Scope
    value: Value
    versus: Value
    change: float | None
    target: Target | None
    status: Status
    signal: Signal
    rule: str
    limits: Limits | None
    series: tuple[Value, ...]
    applies: bool
    is_stale: bool
    ends_early: str
    status_before: Status | None
    lead: str
    rest: str
    evidence: str
    expected: str
    windows: str
    next_step: str

    @property
    def sentence(self) -> str:
        """The finding as one plain sentence."""
        return self.lead + self.rest

    @property
    def value_text(self) -> str:
        """The value by the metric's format; "n/a" when there is none."""
        return self.value.text

    @property
    def change_text(self) -> str:
        """The change with its sign, worked out before rounding; "n/a" when there is none."""
        return self.metric.unit.show_change(self.change)

    @property
    def target_text(self) -> str:
        """The target with its direction, like "≤ 36.0 h"; "" without one."""
        return self.metric.show_target(self.target.value) if self.target else ""


@dataclass(frozen=True)
class Finding:
    """One thing worth telling, with what backs it.

    Attributes:
        severity: how loudly.
        lead, rest: the sentence, in the part to set in bold and what follows.
        evidence: n, interval, expected range, split by " · ".
        metric, scope: rows and SQL open with these.
        next_step: what to do; "" when there is nothing.
        status, signal: as on the measure; NO_TARGET where a slice is not held to a target.
        n: rows behind it.
        segment: the slice it names, as (dimension, value) pairs; () for the whole.
        since: the first period that is out of line, where that is known.
    """

    severity: Severity
    lead: str
    rest: str
    evidence: str
    metric: Metric
    scope: Scope
    next_step: str
    status: Status
    signal: Signal
    n: int
    segment: tuple[tuple[str, str], ...] = ()
    since: Period | None = None

    @property
    def sentence(self) -> str:
        """The finding as one plain sentence."""
        return self.lead + self.rest


@dataclass(frozen=True)
class Caution:
    """Something the reader must know before trusting the numbers.

    Attributes:
        kind: "missing_extract", "stale_source", "partial_period", "gap", "refused_rows",
            "refused_lot", "no_commentary" or "no_owner".
        text: what is the matter, as a short sentence without a full stop.
        detail: what it means for the numbers, one sentence.
        status: MISSING or STALE (red mark) for data that is not there, AT_RISK (amber) else.
    """

    kind: str
    text: str
    detail: str
    status: Status

    @property
    def shape(self) -> str:
        """■ where data is not there, ▲ else."""
        return "■" if self.tone == "red" else "▲"

    @property
    def tone(self) -> Tone:
        """Red where data is not there, amber else."""
        return "red" if self.status in (Status.MISSING, Status.STALE) else "amber"


@dataclass(frozen=True)
class Overview:
    """The answer of the period in a few sentences: the same on page, in Word and in Excel.

    Attributes:
        status: the worst of the measures' statuses.
        sentence: the banner without the status word.
        findings: all, loudest first.
        headlines: the first findings, at most 4.
        moves: status changes since the period before; "" when there are none.
        routine: one sentence that counts the measures judged routine, and those not judged.
        warnings: worst first.
    """

    status: Status
    sentence: str
    findings: tuple[Finding, ...] = ()
    headlines: tuple[Finding, ...] = ()
    moves: str = ""
    routine: str = ""
    warnings: tuple[Caution, ...] = ()

    @property
    def banner(self) -> str:
        """Status word and reason: "Off target. Three of eight measures miss ..."."""
        return f"{self.status.label}. {self.sentence}"


@dataclass(frozen=True)
class StageRow:
    """One stage's part in the turnaround of the items completed in the period.

    Attributes:
        stage: its name.
        visits: visits of the completed items.
        queue_mean, touch_mean: mean hours a visit waited and was worked on; None when not
            recorded.
        stage_mean: mean hours a visit lasted.
        hours_per_item: stage hours of the completed items over these items: adds up to the mean
            turnaround over all stages (and the time between stages).
        share_of_turnaround: stage hours over turnaround hours of the completed items.
        waiting_hours: queue hours of these visits; None when not recorded.
        share_of_waiting: of all queue hours.
        queue_vs_13_weeks: mean queue (stage time when no queue is recorded) minus its mean over
            the 13 weeks before, pooled over their visits.
        hours_vs_13_weeks: hours_per_item minus the same over the 13 weeks before.
        series: weekly mean queue (else stage time), oldest first, as in `Assessment.series`.
        limits, signal, rule: of that series.
        waiting_now: visits waiting at the period's end; None when not recorded.
        waiting_vs_13_weeks: waiting_now minus the mean of the 13 week ends before.
        waiting_signal: control-chart signal of the number waiting.
        evidence: in words.
    """

    stage: str
    visits: int
    queue_mean: float | None
    touch_mean: float | None
    stage_mean: float | None
    hours_per_item: float
    share_of_turnaround: float
    waiting_hours: float | None
    share_of_waiting: float | None
    queue_vs_13_weeks: float | None
    hours_vs_13_weeks: float | None
    series: tuple[Value, ...]
    limits: Limits | None
    signal: Signal
    rule: str
    waiting_now: int | None
    waiting_vs_13_weeks: float | None
    waiting_signal: Signal
    evidence: str


@dataclass(frozen=True)
class WhatIf:
    """Turnaround, had one stage's queue been as short as in its better weeks.

    Attributes:
        stage: which stage.
        median_now: median queue hours of the period's visits.
        median_target: 25th percentile of the weekly medians of the last 13 complete weeks.
        mean_before, mean_after: mean turnaround hours as they were and as they would have been.
        low, high: 95% interval of mean_after; None below 30 items.
        median_before, median_after: the same for the median.
        median_low, median_high: 95% interval of median_after; None below 30 items.
        n: items completed in the week.
        sentence: in words; says so when there is nothing to gain.
    """

    stage: str
    median_now: float
    median_target: float
    mean_before: float
    mean_after: float
    low: float | None
    high: float | None
    median_before: float
    median_after: float
    median_low: float | None
    median_high: float | None
    n: int
    sentence: str


@dataclass(frozen=True)
class Bottlenecks:
    """Where the time goes, worst stage first.

    Attributes:
        scope: window and filters.
        items: items completed in the window.
        turnaround_mean: their mean turnaround; None when there are none.
        turnaround_vs_13_weeks: minus the mean of the 13 weeks before, pooled.
        has_queue: whether waiting is recorded; else stages are ranked by stage time.
        rows: one per stage, largest share of turnaround first.
        between_share: share of turnaround outside every stage (negative: stages overlap).
        status: MISSED when the leading stage worsens, MET when all stages are routine, NO_TARGET
            when history is too short to say.
        lead, rest: the banner's sentence.
        change: where a change of the mean turnaround sits; "" when nothing can be said.
        accounts: the stage that holds most of that change, in a few words; "" when none does.
        notes: what the reader must know (time between stages, queue not recorded).
    """

    scope: Scope
    items: int
    turnaround_mean: float | None
    turnaround_vs_13_weeks: float | None
    has_queue: bool
    rows: tuple[StageRow, ...]
    between_share: float
    status: Status
    lead: str
    rest: str
    change: str
    accounts: str
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def sentence(self) -> str:
        """The banner as one plain sentence."""
        return self.lead + self.rest
