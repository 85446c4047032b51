"""A slice out of line, in words: what, since when, beside which event; never why."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from analysis import words
from analysis.flags import ALPHA, PEOPLE, Flag
from analysis.groups import Group
from analysis.model import Finding, Severity, Signal, Status
from analysis.slices import COUNTED
from metrics.model import Kind, Metric
from metrics.periods import Period, show_date
from metrics.scope import DIMENSIONS, Scope
from metrics.units import PERCENT

if TYPE_CHECKING:
    from data_access.store import Store

_EVENT_BEFORE = timedelta(days=7)  # an event may show in the week after it


def tell_group(store: Store, scope: Scope, group: Group) -> Finding:
    """One change of one slice as a finding; its scope is the judged week of that slice."""
    flag = group.told
    here = scope.where(**{flag.slice.dimension: flag.slice.segment})
    signal = _signal(group)
    lead, rest = _sentence(flag)
    return Finding(
        severity=_severity(signal),
        lead=lead,
        rest=rest,
        evidence=_evidence(store, here, group),
        metric=flag.slice.metric,
        scope=here,
        next_step=_next_step(flag),
        status=Status.NO_TARGET,
        signal=signal,
        n=_rows_since(flag),
        segment=((flag.slice.dimension, flag.slice.segment),),
        since=flag.since,
    )


def name_of(metric: Metric, dimension: str, segment: str) -> str:
    """A metric of a slice: "Rejection rate of CT", "Items waiting at Second review"."""
    if dimension == "stage":
        return f"{metric.label} at {segment}"
    if dimension in PEOPLE:
        return f"{metric.label} {'by' if metric.kind is Kind.COUNT else 'for'} {segment}"
    return f"{metric.label} for {segment}"


def _sentence(flag: Flag) -> tuple[str, str]:
    metric, each, start = flag.slice.metric, flag.slice, flag.shift.start
    name = name_of(metric, each.dimension, each.segment)
    has = "have" if metric.is_plural else "has"
    before = each.pooled(slice(0, start))
    earlier = f"{words.periods_noun(flag.since, start)} before"
    if flag.shift.shape == "ramp":
        now, verb = float(each.values[-1]), "grown" if flag.is_up else "fallen"
        extra = words.decimals_apart(metric, now, [before])
        return (
            f"{name} {has} {verb} since {flag.since.short}",
            f": {_shown(flag, now, extra)} in {each.weeks[-1].short} against "
            f"{_shown(flag, before, extra)} in the {earlier}.",
        )
    after = each.pooled(slice(start, None))
    extra = words.decimals_apart(metric, after, [before])
    if len(each.weeks) - start == 1:
        return (
            f"{name} {words.was(metric)} {metric.unit.show(after, extra_decimals=extra)} in "
            f"{flag.since.short}",
            f", against {_shown(flag, before, extra)} in the {earlier}.",
        )
    return (
        f"{name} {has} been {'higher' if flag.is_up else 'lower'} since {flag.since.short}",
        f": {_shown(flag, after, extra)} against {_shown(flag, before, extra)} in the {earlier}.",
    )


def _shown(flag: Flag, value: float, extra: int) -> str:
    text = flag.slice.metric.unit.show(value, extra_decimals=extra)
    return f"{text} a week" if flag.slice.metric.kind is Kind.COUNT else text


def _evidence(store: Store, here: Scope, group: Group) -> str:
    flag = group.told
    parts = [
        _rows_in_words(flag),
        _beside(flag),
        *_events(store, here, flag.since),
        _also(group),
        f"false alarms in at most {PERCENT.show(ALPHA).replace('.0', '')} of weeks",
    ]
    return " · ".join(part for part in parts if part)


def _rows_since(flag: Flag) -> int:
    rows = flag.slice.n[flag.shift.start :]
    return int(rows[-1] if flag.slice.metric.kind is Kind.LEVEL else rows.sum())


def _rows_in_words(flag: Flag) -> str:
    rows = words.some(_rows_since(flag), flag.slice.metric.n_of)
    if flag.slice.metric.kind is Kind.LEVEL:
        return f"n = {rows} at the end of {flag.slice.weeks[-1].short}"
    return f"n = {rows} since {flag.since.short}"


def _beside(flag: Flag) -> str:
    """The other segments over the same weeks; of counts the slice's share of the whole."""
    each, start = flag.slice, flag.shift.start
    if each.metric.kind in COUNTED:
        whole = each.values + each.rest_values
        shares = [
            float(each.values[weeks].sum() / max(whole[weeks].sum(), 1.0))
            for weeks in (slice(0, start), slice(start, None))
        ]
        return f"{PERCENT.show(shares[1])} of all, {PERCENT.show(shares[0])} before"
    others = DIMENSIONS.get(each.dimension, (each.dimension, f"{each.dimension}s"))[1]
    rest = each.metric.unit.show(each.pooled_rest(slice(start, None)))
    return f"the other {others} together {rest}"


def _events(store: Store, here: Scope, since: Period) -> list[str]:
    """Events marked in the first week out of line or the week before: beside, not because."""
    around = here.during(Period(since.since - _EVENT_BEFORE, since.until))
    return [
        f"{_article(marker.kind)} {marker.kind} is marked on "
        f"{show_date(marker.on, year=since.since.year)} ({marker.label})"
        for marker in store.markers(around)
    ]


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeiou" else "a"


def _also(group: Group) -> str:
    metrics = dict.fromkeys(words.in_sentence(each.slice.metric.label) for each in group.same_slice)
    segments = dict.fromkeys(each.slice.segment for each in group.elsewhere)
    parts = [f"also out of line: {words.listed(metrics)}"] if metrics else []
    return " · ".join([*parts, f"shows in {words.listed(segments)} too"] if segments else parts)


def _signal(group: Group) -> Signal:
    """The worst signal of the metrics of the slice told."""
    found = {flag.signal for flag in (group.told, *group.same_slice)}
    order = (Signal.WORSENING, Signal.IMPROVING, Signal.CHANGED)
    return next(signal for signal in order if signal in found)


def _severity(signal: Signal) -> Severity:
    return {
        Signal.WORSENING: Severity.WORSENING,
        Signal.IMPROVING: Severity.IMPROVING,
    }.get(signal, Severity.INFO)


def _next_step(flag: Flag) -> str:
    if flag.slice.dimension in PEOPLE:
        return "Look at how work is shared out at this stage."
    if flag.slice.metric.family == "quality":
        return "Read a sample of the rejected items first."
    return "Open the rows, oldest first."
