"""Requirements checked against the data: each criterion's verdict, with what backs it, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from analysis import words
from analysis.criterion_words import asked, due_words, scope_words
from analysis.sources import ends_early
from analysis.verdicts import Evidence, Verdict, Why, Window, decide, margin, together
from data_access.criteria import WHOLE, Criterion, fixed_days, last_weeks, weeks_before
from data_access.marts import mart
from data_access.misses import misses
from data_access.requirements import AGREED, WITHDRAWN, Edition, Requirement, in_force
from metrics.catalog import METRICS
from metrics.local_time import local_date
from metrics.model import Metric
from metrics.periods import Period, show_date
from metrics.scope import Scope, parse_filters, scope
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store


class Timing(StrEnum):
    """Whether a criterion was agreed before its data existed."""

    BEFORE = ""
    DURING = "Agreed while its days ran"
    AFTER = "Set after the data"


@dataclass(frozen=True)
class Checked:
    """One criterion and what the data say to it.

    Attributes:
        criterion: as agreed.
        metric: None when the catalogue no longer has it.
        scope: the days and slices looked at; None when they cannot be asked for.
        value: the number; None when nothing could be asked.
        window: how far its days have come.
        verdict, why: and what decided it.
        gap: how far the value clears the threshold, negative when it misses; None without one.
        timing: whether it was agreed before the data.
        due: "due in 3 days", "overdue by 2 days"; "" once it is met.
        sentence: the verdict in words.
        failing: the metric whose rows in the scope are the failing ones.
        is_failing_told: False where the rows behind the value are shown instead.
    """

    criterion: Criterion
    metric: Metric | None
    scope: Scope | None
    value: Value | None
    window: Window
    verdict: Verdict
    why: Why
    gap: float | None
    timing: Timing
    due: str
    sentence: str
    failing: Metric | None
    is_failing_told: bool

    @property
    def label(self) -> str:
        """The measure as a reader knows it."""
        return self.metric.label if self.metric else self.criterion.metric

    @property
    def n(self) -> int:
        """Rows behind the value."""
        return self.value.n if self.value else 0

    @property
    def value_text(self) -> str:
        """The value with its unit, "n/a" when there is none."""
        return self.value.text if self.value else "n/a"

    @property
    def gap_text(self) -> str:
        """The margin with its sign and unit; "" when there is none."""
        return (
            self.metric.unit.show_change(self.gap) if self.metric and self.gap is not None else ""
        )

    @property
    def interval(self) -> str:
        """The 95% interval; "" where the value has none."""
        return words.interval_text(self.value) if self.value else ""

    @property
    def asked(self) -> str:
        """The threshold in words: "at least 92.0%"."""
        return asked(self.criterion, self.metric)

    @property
    def where(self) -> str:
        """The slices and the window in words."""
        return scope_words(self.criterion, self.scope.period if self.scope else None)


@dataclass(frozen=True)
class Answer:
    """A requirement with the version in force, checked.

    Attributes:
        requirement: what was asked.
        edition: the version in force: the newest agreed one, before that the draft.
        draft: a newer version that is not agreed; None when there is none.
        checks: one per criterion; none for a draft, so that nobody fits a criterion to its result.
    """

    requirement: Requirement
    edition: Edition
    draft: Edition | None
    checks: tuple[Checked, ...]

    @property
    def verdict(self) -> Verdict:
        """Pass when every criterion passes."""
        if not self.edition.is_agreed:
            return Verdict.DRAFT
        return together([check.verdict for check in self.checks])

    @property
    def is_counted(self) -> bool:
        """Whether it is agreed and not withdrawn."""
        return self.edition.is_agreed and self.requirement.state != WITHDRAWN

    @property
    def is_ready(self) -> bool:
        """Whether somebody can sign it off: all criteria pass, and nobody has."""
        return self.verdict is Verdict.PASS and self.requirement.state == AGREED

    @property
    def words(self) -> str:
        """What the checks come to: "2 of 3 criteria pass, 1 fails"."""
        if not self.edition.is_agreed:
            return "Not agreed yet"
        count = len(self.checks)
        passed = sum(check.verdict is Verdict.PASS for check in self.checks)
        failed = sum(check.verdict is Verdict.FAIL for check in self.checks)
        if count == 1:
            return f"Its one criterion {_SAID[self.checks[0].verdict]}"
        parts = [f"{passed} of {count} criteria pass"]
        if failed:
            parts.append(f"{failed} {'fails' if failed == 1 else 'fail'}")
        if left := count - passed - failed:
            parts.append(f"{left} {'has' if left == 1 else 'have'} not enough evidence")
        return ", ".join(parts)

    @property
    def due(self) -> str:
        """The most pressing day of a criterion that is not met; "" when all are."""
        late = [check for check in self.checks if check.due]
        return min(late, key=lambda check: check.criterion.due_on).due if late else ""


_SAID = {
    Verdict.PASS: "passes",
    Verdict.FAIL: "fails",
    Verdict.NOT_ENOUGH: "has not enough evidence",
}


def answers(
    store: Store, requirements: Sequence[Requirement], editions: Mapping[int, Sequence[Edition]]
) -> tuple[Answer, ...]:
    """Every requirement with its version in force, checked on the store's snapshot."""
    found = []
    for requirement in requirements:
        versions = editions[requirement.number]
        edition = in_force(versions)
        newest = versions[-1]
        draft = None if newest.is_agreed or newest is edition else newest
        found.append(Answer(requirement, edition, draft, checked(store, edition)))
    return tuple(found)


def checked(store: Store, edition: Edition) -> tuple[Checked, ...]:
    """The criteria of an agreed version, in order; none of a draft."""
    if edition.agreed_at is None:
        return ()
    return tuple(check(store, each, edition.agreed_at) for each in edition.criteria)


def check(store: Store, criterion: Criterion, agreed_at: datetime) -> Checked:
    """One criterion against the data of the store's snapshot at its clock."""
    metric = METRICS.get(criterion.metric)
    where, problem = _scope(store, criterion, metric)
    value = store.value(metric, where) if metric and where and not problem else None
    window, cut = _window(store, criterion, metric, where)
    evidence = Evidence(
        value.value if value else None,
        value.n if value else 0,
        value.low if value else None,
        value.high if value else None,
        Window.OVER if problem else window,
    )
    verdict, why = decide(criterion, evidence)
    told = problem or _sentence(criterion, metric, value, why, window, cut, where)
    gap = margin(criterion, evidence.value)
    failing = _failing(criterion, metric, evidence.value)
    return Checked(
        criterion, metric, where, value, window, verdict, why, gap,
        _timing(store, criterion, metric, where, agreed_at),
        "" if verdict is Verdict.PASS else due_words(criterion.due_on, store.today),
        told, failing or metric, failing is not None,
    )  # fmt: skip


def _scope(store: Store, criterion: Criterion, metric: Metric | None) -> tuple[Scope | None, str]:
    """Days and slices to ask for, and why they cannot be asked for."""
    if metric is None:
        return None, f"The measure {criterion.metric} is no longer in the catalogue."
    filters = parse_filters(criterion.filters)
    lacking = [name for name in filters if name not in mart(metric.source).dimensions]
    problem = mart(metric.source).lacks(lacking[0]) if lacking else ""
    period = _days(store, criterion, metric, {} if lacking else filters)
    if period is None:
        return None, problem or "No data have been uploaded for it."
    return scope(period, filters), problem


def _days(
    store: Store, criterion: Criterion, metric: Metric, filters: Mapping[str, Sequence[str]]
) -> Period | None:
    """The days of a window; those that move stand still once the criterion was due."""
    after_due = criterion.due_on + timedelta(days=1)
    if criterion.window == WHOLE:
        return _days_of_batch(store, metric, filters, after_due)
    day = min(store.today, after_due)
    if weeks := last_weeks(criterion.window):
        return weeks_before(weeks, day)
    return fixed_days(criterion.window)


def _days_of_batch(
    store: Store, metric: Metric, filters: Mapping[str, Sequence[str]], after_due: date
) -> Period | None:
    """From the batch's first row to its last, to today or to the day it was due, the earliest."""
    known = store.extent(metric)
    if known is None:
        return None
    own = store.days_of_rows(metric, scope(known, filters)) or known
    until = min(own.until, store.today + timedelta(days=1), after_due)
    return Period(min(own.since, until - timedelta(days=1)), until)


def _window(
    store: Store, criterion: Criterion, metric: Metric | None, where: Scope | None
) -> tuple[Window, str]:
    """How far the days have come, and which source ends before they do.

    A whole batch has no end that its days or its sources could fall short of.
    """
    if metric is None or where is None or criterion.window == WHOLE:
        return Window.OVER, ""
    if store.today < where.period.since:
        return Window.AHEAD, ""
    if store.today < where.period.until:
        return Window.RUNNING, ""
    cut = ends_early(store, metric, where)
    return (Window.CUT, cut) if cut else (Window.OVER, "")


def _sentence(
    criterion: Criterion,
    metric: Metric | None,
    value: Value | None,
    why: Why,
    window: Window,
    cut: str,
    where: Scope | None,
) -> str:
    if metric is None or value is None or where is None:
        return ""
    if why is Why.WINDOW:
        return {
            Window.AHEAD: f"{where.period.label} has not begun.",
            Window.RUNNING: f"{where.period.label} is not over.",
            Window.CUT: f"Its days are not covered: {cut}.",
        }[window]
    if why is Why.NO_VALUE:
        return value.withheld
    if why is Why.FEW:
        return f"Too few {metric.n_of}: {value.n:,} of the {criterion.min_n:,} needed."
    need = asked(criterion, metric)
    said = f"{metric.label} {words.was(metric)} {value.text}"
    if why is Why.NO_INTERVAL:
        return f"{said}, but too few {metric.n_of} for an interval that could clear {need}."
    if why is Why.CROSSES:
        return f"{said}, too close to call: the {words.interval_text(value)} spans the threshold."
    if why is Why.MET:
        return f"{said}; {need} was asked."
    gap = margin(criterion, value.value) or 0.0
    misses_by = f"{words.pronoun(metric)} {words.verb(metric, 'misses', 'miss')} by"
    return f"{said}; {need} was asked, so {misses_by} {words.gap_text(metric.unit, gap)}."


def _timing(
    store: Store,
    criterion: Criterion,
    metric: Metric | None,
    where: Scope | None,
    agreed_at: datetime,
) -> Timing:
    """Whether the days it looks at lay behind when it was agreed."""
    if metric is None or where is None:
        return Timing.BEFORE
    agreed_on = local_date(agreed_at, store.settings.reporting_zone)
    if criterion.window == WHOLE:
        return _timing_of_rows(store, metric, where, agreed_on)
    if agreed_on >= where.period.until:
        return Timing.AFTER
    return Timing.DURING if agreed_on > where.period.since else Timing.BEFORE


def _timing_of_rows(store: Store, metric: Metric, where: Scope, agreed_on: date) -> Timing:
    """The same for rows of whatever day: how many of them were there already."""
    since, count = where.period.since, store.row_count(metric, where)
    if count == 0 or agreed_on <= since:
        return Timing.BEFORE
    earlier = store.row_count(metric, where.during(Period(since, agreed_on)))
    if earlier == count:
        return Timing.AFTER
    return Timing.DURING if earlier else Timing.BEFORE


def _failing(criterion: Criterion, metric: Metric | None, value: float | None) -> Metric | None:
    """The metric of the rows that keep a share from its threshold."""
    if metric is None:
        return None
    if criterion.comparison == "at most":
        return misses(metric, "above")
    if criterion.comparison == "at least" or value is None or value < criterion.threshold:
        return misses(metric, "below")
    return misses(metric, "above")


def outcome_words(answer: Answer, on: date) -> str:
    """What came out of a version, to be kept with it: "2 of 3 criteria pass ... on 16 Nov 2026"."""
    lines = [f"{answer.words} on {show_date(on)}."]
    lines += [
        f"{check.label}, {check.asked}: {check.verdict.label.lower()}. {check.sentence}"
        for check in answer.checks
    ]
    return "\n".join(lines)


def banner(found: Sequence[Answer]) -> tuple[Verdict, str]:
    """How the agreed requirements stand together, in a sentence."""
    counted = [answer for answer in found if answer.is_counted]
    if not counted:
        drafts = sum(answer.requirement.state != WITHDRAWN for answer in found)
        if not drafts:
            return Verdict.DRAFT, "No requirement is written yet."
        are = "is a draft" if drafts == 1 else "are drafts"
        noun = "requirement" if drafts == 1 else "requirements"
        return Verdict.DRAFT, f"{words.sentence_case(words.number_word(drafts))} {noun} {are}."
    tally = {
        verdict: sum(answer.verdict is verdict for answer in counted)
        for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.NOT_ENOUGH)
    }
    count = words.sentence_case(words.number_word(len(counted)))
    noun = "requirement is" if len(counted) == 1 else "requirements are"
    parts = [
        f"{words.number_word(tally[verdict])} {form if tally[verdict] == 1 else forms}"
        for verdict, form, forms in (
            (Verdict.PASS, "passes", "pass"),
            (Verdict.FAIL, "fails", "fail"),
            (Verdict.NOT_ENOUGH, "has not enough evidence", "have not enough evidence"),
        )
        if tally[verdict]
    ]
    return together([a.verdict for a in counted]), f"{count} {noun} agreed: {words.listed(parts)}."
