"""What the Flow page shows, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from analysis.model import Assessment, Status
from metrics.periods import Period
from metrics.scope import Scope
from metrics.value import Value

DONE, OTHER, BETWEEN = "Done", "Other stages", "Between stages"


@dataclass(frozen=True)
class Diagram:
    """A cumulative flow diagram.

    Attributes:
        span: the days drawn.
        days: each of them, oldest first.
        bands: (name, count at each day's end), from the bottom: done since the span began, then
            the stages, the last one first.
        in_progress: items in progress at each day's end, and just before the first day.
        entered, completed, vanished: items on each day.
        notes: what weakens it, as sentences.
    """

    span: Period
    days: tuple[date, ...]
    bands: tuple[tuple[str, tuple[int, ...]], ...]
    in_progress: tuple[int, ...]
    before: int
    entered: tuple[int, ...]
    completed: tuple[int, ...]
    vanished: tuple[int, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no day has an item in it."""
        return not any(any(counts) for _, counts in self.bands)


@dataclass(frozen=True)
class Little:
    """Little's law held against a window.

    Attributes:
        span: the window.
        in_progress: average items in progress over all its hours.
        per_day: items completed a day.
        days: mean turnaround of these, in days.
        ratio: in_progress over per_day times days; 1 when they agree.
        is_consistent: whether they agree within a tenth.
        n: items completed with a known turnaround.
        sentence: in words, with what breaks it.
    """

    span: Period
    in_progress: float | None
    per_day: float
    days: float | None
    ratio: float | None
    is_consistent: bool
    n: int
    sentence: str


@dataclass(frozen=True)
class Spot:
    """A completed item as a point, or several in one cell (`item` is then "")."""

    day: date
    hours: float
    items: int
    height: float
    item: str
    source: str
    dataset: str


@dataclass(frozen=True)
class Scatter:
    """Completed items by day and turnaround.

    Attributes:
        span: their days of completion.
        spots: at most 2,000 points and cells.
        lines: turnaround of which 50%, 85% and 95% are done, over the same items.
        is_dense: whether all but the longest are counted in cells.
        excluded: items completed before they came in, which have no turnaround.
    """

    span: Period
    spots: tuple[Spot, ...]
    lines: tuple[Value, ...]
    is_dense: bool
    excluded: int


@dataclass(frozen=True)
class OpenVisit:
    """A visit to a stage that is not finished; `age_hours` since the stage was entered."""

    stage: str
    item: str
    source: str
    dataset: str
    team: str
    assignee: str
    entered_at: datetime
    is_waiting: bool
    age_hours: float


@dataclass(frozen=True)
class StageAges:
    """The open visits of a stage against its own history.

    Attributes:
        stage: its name.
        n: open visits.
        oldest: the oldest of them, at most as many as may be drawn.
        history: n of the visits finished before.
        hours: within which 50%, 85% and 95% of those lasted; None with too few.
        beyond: how many open visits are older than each of these; None with too few.
        is_flagged: whether those older than the 95th percentile are more than is routine here.
        expected: how many were routine at the same moment of earlier weeks; "" when not judged.
        rule: which rule fired; "" without.
    """

    stage: str
    n: int
    oldest: tuple[OpenVisit, ...]
    history: int
    hours: tuple[float, float, float] | None
    beyond: tuple[int, int, int] | None
    is_flagged: bool = False
    expected: str = ""
    rule: str = ""

    @property
    def late(self) -> tuple[OpenVisit, ...]:
        """The listed visits that are older than 85% of the finished ones were."""
        if self.hours is None:
            return ()
        return tuple(visit for visit in self.oldest if visit.age_hours > self.hours[1])


@dataclass(frozen=True)
class Ages:
    """Open work by stage, in the order of the process.

    Attributes:
        moment: the UTC time at which it is looked at.
        window: of the finished visits it is held against.
        stages: those with open visits.
    """

    moment: datetime
    window: Period
    stages: tuple[StageAges, ...]

    @property
    def worst(self) -> StageAges | None:
        """The flagged stage with the most visits that are older than 95% of the finished ones."""
        flagged = [stage for stage in self.stages if stage.is_flagged]
        return max(flagged, key=lambda stage: (stage.beyond or (0, 0, 0))[2], default=None)


@dataclass(frozen=True)
class Flow:
    """Everything on the Flow page.

    Attributes:
        scope: window and filters.
        span: the days of the pictures; None without data.
        status, lead, rest: the banner.
        net: net flow of the period, judged.
        arrivals, completed, in_progress: of the period.
        why_no_open: why there is no open work to show; "" when there is.
    """

    scope: Scope
    span: Period | None
    status: Status
    lead: str
    rest: str
    net: Assessment
    arrivals: Value
    completed: Value
    in_progress: Value
    why_no_open: str
    diagram: Diagram | None
    little: Little | None
    scatter: Scatter | None
    ages: Ages | None
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def sentence(self) -> str:
        """The banner in one piece."""
        return f"{self.lead}{self.rest}"
