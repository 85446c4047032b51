"""One measure in words: the sentence and the line of evidence under it.

Every sentence is built from one record of facts. Verbs of change are used only for a change that
a control-chart rule or, with a short history, the 95% interval of the difference has shown. No
sentence names a cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import words
from analysis.intervals import Interval
from analysis.model import Limits, Signal, Status, Target
from analysis.run_rules import Fired
from analysis.spc import MIN_PERIODS, is_record, numbers, side, stands_still
from analysis.targets import crosses, meets
from metrics.model import Kind, Metric
from metrics.value import Value

_RECORD_PERIODS = 13  # superlatives need this many


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of one measure in one period.

    Attributes:
        value, versus: now, and the number it is compared with.
        before: the complete periods before, oldest first.
        target, status: see `analysis.targets`.
        limits, fired, signal: see `analysis.spc`.
        difference: with fewer than 12 earlier periods: the 95% interval of value − versus.
        why_missing: why there is no value, as it follows a colon; "" when there is one.
        ends: why the data are stale, as it follows a colon; "" when they are not.
        ends_early: why no change is judged: a source ends before the period; "" when none does.
        is_running: the period is not over.
    """

    value: Value
    versus: Value
    before: Sequence[Value]
    target: Target | None
    status: Status
    limits: Limits | None
    fired: Fired | None
    signal: Signal
    difference: Interval | None
    why_missing: str
    ends: str
    ends_early: str
    is_running: bool

    @property
    def metric(self) -> Metric:
        """The metric the facts are about."""
        return self.value.metric

    @property
    def extra(self) -> int:
        """Extra decimals that tell the value from its target and the ends of its range."""
        if self.value.value is None:
            return 0
        others = [self.target.value] if self.target else []
        if self.limits:
            others += [self.limits.low, self.limits.high]
        return words.decimals_apart(self.metric, self.value.value, others)


def tell(facts: Facts) -> tuple[str, str]:
    """The sentence, in the part to set in bold and what follows."""
    metric, when = facts.metric, words.within(facts.value.period)
    if facts.status is Status.MISSING:
        return (
            f"No data for {words.in_sentence(metric.label)}",
            f" {when}: {facts.why_missing}." if facts.why_missing else f" {when}.",
        )
    if facts.status is Status.TOO_FEW:
        return f"{metric.label} {words.was(metric)} not rated", f"{_too_few(facts.value)}."
    lead = _lead(facts)
    parts = [_change(facts), _against_target(facts), _staleness(facts)]
    return lead, "".join(parts) + "."


def _too_few(value: Value) -> str:
    """Why a value with rows behind it is not shown, in its period."""
    metric, when = value.metric, words.within(value.period)
    if value.n < metric.min_rows:
        return f": {words.some(value.n, metric.n_of)} {when}, {metric.min_rows:,} needed"
    return f" {when}: {words.reason(value)}"


def rule_in_words(fired: Fired | None, values: Sequence[Value]) -> str:
    """The rule that fired: "above its expected range", "above its mean 9 weeks in a row"."""
    if fired is None:
        return ""
    metric, up = values[-1].metric, fired.direction > 0
    its = words.its(metric)
    length = words.periods_noun(values[-1].period, fired.length)
    match fired.rule:
        case "limits":
            return f"{'above' if up else 'below'} {its} expected range"
        case "run":
            return f"{'above' if up else 'below'} {its} mean {length} in a row"
        case _:
            return f"{'up' if up else 'down'} {length} in a row"


def evidence(facts: Facts) -> str:
    """n, interval, expected range and what weakens them, split by " · "."""
    value, limits = facts.value, facts.limits
    parts = [words.counted(value.n, facts.metric), words.interval_text(value)]
    if limits:
        span = f"{limits.since.short} to {limits.until.short}"
        parts.append(f"expected range {expected(facts)} ({span})")
        parts.append(_uneven(facts.before[-limits.periods :]))
    elif facts.difference:
        shown = [
            facts.metric.unit.show_change(end, extra_decimals=facts.extra)
            for end in facts.difference
        ]
        parts.append(f"95% interval of the change {shown[0]} to {shown[1]}")
    parts.append(_wanting(facts))
    return " · ".join(part for part in parts if part)


def _wanting(facts: Facts) -> str:
    is_told = facts.limits or facts.is_running or facts.ends_early or facts.value.value is None
    if is_told or facts.value.period.grain is None:
        return ""
    earlier = len(numbers(facts.before))
    if earlier >= MIN_PERIODS:
        return "no expected range"
    span = words.periods_noun(facts.value.period, earlier)
    return f"{span} before, {MIN_PERIODS} needed for an expected range"


def expected(facts: Facts) -> str:
    """The expected range as text, with the decimals that the sentence uses; "" without one."""
    if facts.limits is None:
        return ""
    return words.range_text(facts.metric, facts.limits, extra_decimals=facts.extra)


def _lead(facts: Facts) -> str:
    metric = facts.metric
    shown = words.value_with_counts(facts.value, extra_decimals=facts.extra)
    if facts.is_running:
        return f"{metric.label} so far {words.was(metric)} {shown}"
    moved = _moved(facts)
    if moved:
        return f"{metric.label} {'rose' if moved > 0 else 'fell'} to {shown}"
    return f"{metric.label} {words.was(metric)} {shown}"


def _moved(facts: Facts) -> int:
    """+1 or −1 where a shown change also went that way since the period before, else 0.

    A value can be above its range and yet lower than the week before, or than the number it is
    compared with; then it did not rise.
    """
    if not facts.signal.is_change:
        return 0
    if facts.fired is None:
        return 1 if facts.difference and facts.difference[0] > 0 else -1
    now, direction = facts.value.value or 0.0, facts.fired.direction
    others = [*numbers(facts.before)[-1:], *numbers([facts.versus])]
    return direction if all((now - other) * direction > 0 for other in others) else 0


def _change(facts: Facts) -> str:
    if facts.is_running:
        days = words.some(facts.value.period.days, "days")
        return f", after {days}; a period is judged when it is over"
    if facts.ends_early:
        is_said = facts.status is Status.STALE
        return "" if is_said else f", not judged for a change: {facts.ends_early}"
    if facts.limits is None:
        return _short_history(facts)
    if facts.fired:
        return _fired(facts, facts.fired)
    return _routine(facts, facts.limits)


def _fired(facts: Facts, fired: Fired) -> str:
    rule = rule_in_words(fired, (facts.value,))
    if fired.rule == "limits" and facts.limits:
        if facts.limits.is_flat:
            was = facts.metric.unit.show(facts.limits.mean)
            earlier = words.periods_noun(facts.value.period, facts.limits.periods)
            return f", from {was} in each of the {earlier} before"
        rule += f" of {expected(facts)}"
    record = _record(facts, fired)
    return f", {record} and {rule}" if record else f", {rule}"


def _record(facts: Facts, fired: Fired) -> str:
    """A record, "the highest in 26 weeks": strictly beyond all others of at least 13 periods."""
    earlier, now = numbers(facts.before), facts.value.value or 0.0
    if len(earlier) + 1 < _RECORD_PERIODS:
        return ""
    up = fired.direction > 0
    if not all(now > other if up else now < other for other in earlier):
        return ""
    span = words.periods_noun(facts.value.period, len(earlier) + 1)
    return f"the {'highest' if up else 'lowest'} in {span}"


def _routine(facts: Facts, limits: Limits) -> str:
    metric, now = facts.metric, facts.value.value or 0.0
    beyond = side(now, limits)
    if beyond:
        where = "above" if beyond > 0 else "below"
        beside = f", {where} {words.its(metric)} expected range ({expected(facts)}), but"
        seen = [value for value in facts.before if value.value is not None][-limits.periods :]
        if stands_still(seen) and not is_record(now, numbers(seen)):
            has, reach = words.verb(metric, "has", "have"), "high" if beyond > 0 else "low"
            return f"{beside} {words.pronoun(metric)} {has} been as {reach} before"
        return f"{beside} too few {metric.n_of} to call it a change"
    if limits.is_flat:
        return (
            f", as in each of the {words.periods_noun(facts.value.period, limits.periods)} before"
        )
    return f", within {words.its(metric)} expected range ({expected(facts)})"


def _short_history(facts: Facts) -> str:
    if facts.signal.is_change:
        before = facts.metric.unit.show(facts.versus.value, extra_decimals=facts.extra)
        return f" from {before} {words.within(facts.versus.period)}"
    if facts.difference is not None:
        return f", no clear change from {facts.versus.period.short}"
    if facts.value.period.grain is None:
        return ""
    earlier = len(numbers(facts.before))
    if earlier == 0:
        return f", the first {words.singular(words.grain_noun(facts.value.period))} with data"
    if earlier >= MIN_PERIODS:
        noun = words.grain_noun(facts.value.period)
        return f"; the {noun} before differ too much for an expected range"
    span = words.periods_noun(facts.value.period, earlier)
    return f"; {span} before {'is' if earlier == 1 else 'are'} too few to judge change"


def _against_target(facts: Facts) -> str:
    target, now, metric = facts.target, facts.value.value, facts.metric
    if target is None or now is None or facts.status is Status.STALE:
        return ""
    extra = words.decimals_apart(metric, now, [target.value])
    goal = words.bound(metric, target.value, extra_decimals=extra)
    close = " (too close to call)" if crosses(facts.value, target) else ""
    it = words.pronoun(metric)
    if meets(metric, now, target.value):
        still = "still " if facts.signal is Signal.WORSENING else ""
        return f"; {it} {still}{words.verb(metric, 'meets', 'meet')} the target of {goal}{close}"
    gap = words.gap_text(metric.unit, now - target.value)
    return f"; {it} {words.verb(metric, 'misses', 'miss')} the target of {goal} by {gap}{close}"


def _staleness(facts: Facts) -> str:
    return f"; not rated: {facts.ends}" if facts.status is Status.STALE else ""


def _uneven(before: Sequence[Value]) -> str:
    """A warning where a share's rows vary so much that one range for all weeks is rough."""
    if not before or before[0].metric.kind not in (Kind.RATE, Kind.RATIO):
        return ""
    rows = sorted(value.n for value in before if value.value is not None)
    low, high = rows[len(rows) // 10], rows[-1 - len(rows) // 10]
    if high <= 3 * max(low, 1):
        return ""
    each = words.singular(words.grain_noun(before[0].period))
    return f"rough range: n went from {rows[0]:,} to {rows[-1]:,} a {each}"
