"""The bottleneck ranking in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis import words
from analysis.model import Assessment, Signal, StageRow, Status
from analysis.spc import MIN_PERIODS
from metrics.scope import Scope
from metrics.units import HOURS, PERCENT
from metrics.value import Value

_MOST = 0.5  # a stage is said to account for a change when it holds more than this of it
_NOTED_SHARE = 0.01  # time between stages below this is not worth a line


def banner(
    scope: Scope, rows: Sequence[StageRow], mean: float | None, *,
    why: tuple[str, str], is_whole: bool, has_queue: bool,
) -> tuple[Status, str, str]:  # fmt: skip
    """Status, and the banner in the part to set in bold and what follows.

    `mean` is the mean turnaround, or of only some of the visits of items the mean hours in them.
    """
    if not rows or mean is None:
        lead, rest = why
        return Status.MISSING, f"{lead} {words.within(scope.period)}", rest
    first = rows[0]
    of = "mean turnaround" if is_whole else "that an item spends in the visits shown"
    lead = (
        f"{first.stage} takes {HOURS.show(first.hours_per_item)} of the {HOURS.show(mean)} {of} "
        f"({_percent(first.share_of_turnaround)})"
    )
    what = "waiting time" if has_queue else "time"
    if first.rule:
        rule = first.rule.replace("its expected range", f"its expected range of {_range(first)}")
        lead_rule = f", and its {what} is {rule}"
    else:
        lead_rule = ""
    return _status(rows), lead, f"{lead_rule}. {_others(rows[1:])}".rstrip()


def why_none(completed: Value, turnaround: Value) -> tuple[str, str]:
    """Why there is nothing to rank: what comes before the period, and what follows it."""
    if completed.value == 0:
        return "No item was completed", "."
    why = words.reason(turnaround if turnaround.withheld else completed)
    return "No stage times", f": {why}." if why else "."


def parts_note(completed: Value, *, is_whole: bool) -> tuple[str, ...]:
    """What shares are of, where the visits shown are not the whole of the items shown."""
    if is_whole:
        return ()
    why = completed.withheld or "Some of these items also have visits outside the filters."
    return (f"{why} Shares are of the time in the visits shown, not of turnaround.",)


def unjudged_note(turnaround: Assessment) -> tuple[str, ...]:
    """Why no change is judged in spite of a history: the data end before the period."""
    if len(turnaround.series) <= MIN_PERIODS or not turnaround.ends_early:
        return ()
    return (f"No change is judged: {turnaround.ends_early}.",)


def change(
    rows: Sequence[StageRow], now: float | None, before: float | None, *, signal: Signal
) -> tuple[str, str]:
    """In which stage a change of the mean turnaround sits: in full, and in a few words.

    Both are "" when nothing can be said: only a change that the control chart shows is told, and
    only a stage that holds more than half of it. Stage hours per item add up to the mean
    turnaround, so parts of it may be named; of a median they may not.
    """
    if now is None or before is None or not signal.is_change or now == before:
        return "", ""
    moved = now - before
    longer, rise = ("longer", "rise") if moved > 0 else ("shorter", "fall")
    size = words.gap_text(HOURS, moved)
    text = f"Mean turnaround was {HOURS.show(now)}, {size} {longer} than over the 13 weeks before."
    held = [row for row in rows if (row.hours_vs_13_weeks or 0.0) / moved > _MOST]
    if len(held) != 1:
        return text, ""
    stage, part = held[0].stage, held[0].hours_vs_13_weeks or 0.0
    own = words.gap_text(HOURS, part)
    if part / moved > 1.0:
        whole = f"{stage} accounts for all of"
        return f"{text} {whole} that (its own time is {own} {longer}).", (
            f"{whole} the {size} {rise} in the mean"
        )
    share = _percent(part / moved)
    return f"{text} {stage} accounts for {own} of that ({share}).", (
        f"{stage} accounts for {own} of the {size} {rise} in the mean ({share})"
    )


def notes(
    between: float, stage_time: Mapping[str, Value], queue_time: Mapping[str, Value]
) -> tuple[str, ...]:
    """What the reader must know: time outside stages, queues that are not recorded."""
    found = []
    if between > _NOTED_SHARE:
        found.append(f"{_percent(between)} of turnaround lies between stages, in none of them.")
    if between < -_NOTED_SHARE:
        found.append("Stages overlap: their hours add up to more than turnaround.")
    visits = sum(value.n for value in stage_time.values())
    queues = sum(value.n for value in queue_time.values())
    if visits and not queues:
        found.append("Queue time is not recorded; stages are ranked by the whole time in them.")
    elif queues < visits:
        missing = words.some(visits - queues, "visits")
        has = "has" if visits - queues == 1 else "have"
        found.append(f"{missing} {has} no queue time recorded.")
    return tuple(found)


def _status(rows: Sequence[StageRow]) -> Status:
    signals = [row.signal for row in rows]
    if signals[0] is Signal.WORSENING:
        return Status.MISSED
    if Signal.WORSENING in signals:
        return Status.AT_RISK
    return Status.NO_TARGET if signals[0] is Signal.UNJUDGED else Status.MET


def _others(rows: Sequence[StageRow]) -> str:
    worse = [row.stage for row in rows if row.signal is Signal.WORSENING]
    routine = sum(row.signal is Signal.ROUTINE for row in rows)
    told = []
    if worse:
        is_above = "is" if len(worse) == 1 else "are"
        told.append(f"{words.listed(worse)} {is_above} worsening too.")
    if routine and routine == len(rows):
        if routine == 1:
            return "The other stage is routine."
        return f"The other {words.number_word(routine)} stages are routine."
    if routine:
        are = "is" if routine == 1 else "are"
        told.append(
            f"{words.sentence_case(words.number_word(routine))} of the others {are} routine."
        )
    return " ".join(told)


def _range(row: StageRow) -> str:
    return HOURS.show_range(row.limits.low, row.limits.high) if row.limits else ""


def _percent(share: float) -> str:
    return f"{PERCENT.show(share, extra_decimals=-1)}"
