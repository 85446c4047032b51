"""Measures judged: value, comparison, target, signal, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from analysis import sentences, words
from analysis.compare import Comparison, windows, windows_in_words
from analysis.history import history, value_in
from analysis.intervals import Interval, difference
from analysis.model import Assessment, Signal, Status, Target
from analysis.run_rules import Fired
from analysis.sentences import Facts
from analysis.sources import Coverage, coverage, ends_early
from analysis.spc import MIN_PERIODS, numbers, rules, xmr
from analysis.targets import status, target_for
from data_access.asking import lacking
from metrics.model import Better, Metric
from metrics.periods import Period, previous
from metrics.scope import Scope
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import Store

_LOOK = {
    "flow": "Open Bottlenecks to see which stage holds the time.",
    "quality": "Open Quality outcomes and split it by dataset.",
    "review": "Open Reviews and see at which step items stay.",
    "issues": "Open Issues, longest past due first.",
    "delivery": "Open Deliveries to see which batches are late.",
}


def assess(
    store: Store, metrics: Sequence[Metric], scope: Scope, *, versus: Period | None = None
) -> tuple[Assessment, ...]:
    """Each metric judged in the scope's period, in the order given.

    A running period is judged by its days that are over, against the same days of the other
    window; it gets no signal. Weeks and months are held against up to 26 before them, a day
    against its weekday; a free span has the comparison only.

    Args:
        store: where the numbers come from; all are of its one snapshot.
        metrics: what to judge.
        scope: window and filters.
        versus: the window to compare with; the period before unless given.
    """
    pair = _pair(scope.period, versus, store)
    here = scope.during(pair.now)
    past = history(store, metrics, here, is_running=pair.is_running)
    found = value_in(store, metrics, here, past)
    other = value_in(store, metrics, here.during(pair.then or previous(pair.now)), past)
    states, rows = store.sources(), store.targets()
    judged = []
    for metric in metrics:
        applies = not lacking(metric, here)
        judged.append(
            judge(
                here,
                found[metric.name],
                other[metric.name],
                past[metric.name],
                target=target_for(metric, here, rows),
                target_before=target_for(metric, here.during(previous(here.period)), rows),
                covered=replace(
                    coverage(states, metric, here), ends_early=ends_early(store, metric, here)
                ),
                applies=applies,
                is_running=pair.is_running,
            )
        )
    return tuple(judged)


def judge(
    scope: Scope,
    value: Value,
    versus: Value,
    series: Sequence[Value],
    *,
    target: Target | None = None,
    target_before: Target | None = None,
    covered: Coverage | None = None,
    applies: bool = True,
    is_running: bool = False,
) -> Assessment:
    """One number judged against its history, its comparison and its target. No store is needed.

    Args:
        scope: window and filters of `value`.
        value: the number judged.
        versus: the number compared with.
        series: complete periods, oldest first; the judged one last when it is complete.
        target: the target that holds, None when none does.
        target_before: the one that held in the period before.
        covered: how far the sources reach.
        applies: False when the metric is not recorded by a dimension of the filters.
        is_running: the period is not over.
    """
    covered = covered or Coverage()
    before = [earlier for earlier in series if earlier.period.until <= scope.period.since]
    # a promise can lie after the last event of its source, and has its rows all the same
    is_missing = covered.is_missing and (value.metric.is_stock or value.n == 0)
    stands = status(value, target, is_stale=covered.is_stale, is_missing=is_missing)
    early = covered.ends_early or (covered.why if covered.is_stale else "")
    early = early or value.metric.fills_later
    is_there = value.value is not None and stands is not Status.MISSING
    is_judged = is_there and not is_running and not early
    limits = xmr(before) if is_judged and scope.period.grain is not None else None
    fired = rules([*before, value], limits) if limits else None
    is_short = scope.period.grain is None or len(numbers(before)) < MIN_PERIODS
    can_compare = is_judged and is_short and not versus.is_partial
    apart = difference(value, versus) if can_compare else None
    facts = Facts(
        value=value,
        versus=versus,
        before=before,
        target=target,
        status=stands,
        limits=limits,
        fired=fired,
        signal=_signal(value.metric, fired, apart, has_limits=limits is not None),
        difference=apart,
        why_missing=_why_missing(value, covered, applies=applies),
        ends=covered.why,
        ends_early=early,
        is_running=is_running,
    )
    told = _told(facts, scope, series, covered, applies=applies)
    return replace(told, status_before=_status_before(before, scope.period, target_before))


def _told(
    facts: Facts, scope: Scope, series: Sequence[Value], covered: Coverage, *, applies: bool
) -> Assessment:
    value, versus = facts.value, facts.versus
    lead, rest = sentences.tell(facts)
    return Assessment(
        metric=facts.metric,
        scope=scope,
        value=value,
        versus=versus,
        change=_change(value, versus),
        target=facts.target,
        status=facts.status,
        signal=facts.signal,
        rule=sentences.rule_in_words(facts.fired, (value,)),
        limits=facts.limits,
        series=tuple(series),
        applies=applies,
        is_stale=covered.has_stale_source,
        ends_early=facts.ends_early,
        status_before=None,
        lead=lead,
        rest=rest,
        evidence=sentences.evidence(facts),
        expected=sentences.expected(facts),
        windows=windows_in_words(value, versus),
        next_step=_next_step(facts.metric, facts.status, facts.signal, applies=applies),
    )


def _pair(period: Period, versus: Period | None, store: Store) -> Comparison:
    if versus is None:
        return windows(period, "previous", store.today)
    pair = windows(period, "custom", store.today, custom=versus)
    if pair.is_running and versus.days == period.days:
        days = timedelta(days=pair.now.days)
        versus = Period(versus.since, min(versus.until, versus.since + days))
    return Comparison(pair.now, versus, pair.is_running, pair.label)


def _signal(
    metric: Metric, fired: Fired | None, apart: Interval | None, *, has_limits: bool
) -> Signal:
    direction = fired.direction if fired else 0
    if not has_limits:
        if apart is None or apart[0] <= 0.0 <= apart[1]:
            return Signal.UNJUDGED
        direction = 1 if apart[0] > 0 else -1
    if direction == 0:
        return Signal.ROUTINE
    if metric.better is Better.NEITHER:
        return Signal.CHANGED
    is_better = (direction > 0) == (metric.better is Better.HIGHER)
    return Signal.IMPROVING if is_better else Signal.WORSENING


def _change(value: Value, versus: Value) -> float | None:
    if value.value is None or versus.value is None:
        return None
    return value.value - versus.value


def _status_before(before: Sequence[Value], period: Period, target: Target | None) -> Status | None:
    if not before or before[-1].period != previous(period):
        return None
    return status(before[-1], target, is_stale=False, is_missing=False)


def _why_missing(value: Value, covered: Coverage, *, applies: bool) -> str:
    if covered.is_missing and applies:
        return covered.why
    return words.reason(value) or f"no {value.metric.n_of} fall in it"


def _next_step(metric: Metric, stands: Status, signal: Signal, *, applies: bool) -> str:
    if not applies:
        return "Remove the filter to see it."
    if stands is Status.MISSING:
        return "Upload the extract for this period, or choose another period."
    if stands is Status.STALE:
        return "Upload a newer extract."
    if signal is Signal.WORSENING or stands in (Status.MISSED, Status.AT_RISK):
        return _LOOK.get(metric.family, "")
    return ""
