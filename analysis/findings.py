"""What is worth telling of the measures judged, loudest first, and the rest in one line."""

from __future__ import annotations

from collections.abc import Sequence

from analysis import words
from analysis.model import Assessment, Finding, Severity, Signal, Status
from analysis.spc import MIN_PERIODS

MOST_HEADLINES = 4
_BY_STATUS = {
    Status.MISSING: Severity.MISSING,
    Status.STALE: Severity.MISSING,
    Status.MISSED: Severity.MISSED,
    Status.AT_RISK: Severity.AT_RISK,
}
_STATUS_ORDER = (Status.MISSED, Status.AT_RISK)


def findings(assessments: Sequence[Assessment]) -> tuple[Finding, ...]:
    """One finding per measure that is missing, moving, off or near its target; loudest first.

    Missing data, worsening, off target, near target, improving, then what merely changed or has
    too few rows. Within one severity measures off target come first, then the order given. A
    routine measure on target has none.
    """
    found = [
        (severity.rank, _standing(assessment.status), _finding(assessment, severity))
        for assessment in assessments
        for severity in [severity_of(assessment)]
        if severity is not None
    ]
    return tuple(finding for *_, finding in sorted(found, key=lambda each: each[:2]))


def severity_of(assessment: Assessment) -> Severity | None:
    """How loudly a measure is told; None when it is routine and where it should be."""
    if not assessment.applies:
        return None
    if assessment.status in (Status.MISSING, Status.STALE):
        return Severity.MISSING
    if assessment.signal is Signal.WORSENING:
        return Severity.WORSENING
    if assessment.status in _BY_STATUS:
        return _BY_STATUS[assessment.status]
    if assessment.signal is Signal.IMPROVING:
        return Severity.IMPROVING
    is_told = assessment.signal is Signal.CHANGED or assessment.status is Status.TOO_FEW
    return Severity.INFO if is_told else None


def headlines(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that open a report: the first four, without mere information.

    What is missing makes room for what is known to be off: of it as many as are left, one at least.
    """
    missing = [finding for finding in found if finding.severity is Severity.MISSING]
    known = [f for f in found if f.severity not in (Severity.INFO, Severity.MISSING)]
    room = max(1, MOST_HEADLINES - len(known))
    return tuple([*missing[:room], *known][:MOST_HEADLINES])


def moves(assessments: Sequence[Assessment]) -> str:
    """Which measures changed their status since the period before; "" when none did.

    A measure that has a target in only one of the two periods has not moved.
    """
    moved = [
        f"{words.in_sentence(assessment.metric.label)} moved from {assessment.status_before.words}"
        f" to {assessment.status.words}"
        for assessment in assessments
        if assessment.status_before is not None
        and assessment.status_before is not assessment.status
        and Status.NO_TARGET not in (assessment.status_before, assessment.status)
    ]
    if not moved:
        return ""
    noun = {"day": "day", "week": "week", "month": "month"}.get(_grain(assessments), "period")
    return f"Since last {noun}: {'; '.join(moved)}."


def routine(assessments: Sequence[Assessment]) -> str:
    """How many measures were judged routine, and how many could not be judged.

    Not flagged is not fine: a measure whose history is too short is counted apart.
    """
    asked = [assessment for assessment in assessments if assessment.applies]
    calm = [assessment for assessment in asked if assessment.signal is Signal.ROUTINE]
    dark = [a for a in asked if a.signal is Signal.UNJUDGED and a.value.value is not None]
    cut = [assessment for assessment in dark if assessment.ends_early]
    dark = [assessment for assessment in dark if not assessment.ends_early]
    parts = []
    if calm:
        grain = _grain(assessments)
        some = words.measures(len(calm), len(asked))
        shows = "shows" if len(calm) == 1 else "show"
        parts.append(f"{some} {shows} only routine {grain}-to-{grain} variation.")
    if cut:
        verb, their = ("is", "its") if len(cut) == 1 else ("are", "their")
        some = words.measures(len(cut), len(asked))
        parts.append(f"{some} {verb} not judged: {their} data end before the period does.")
    if dark:
        parts.append(_not_judged(dark, len(asked)))
    return " ".join(parts)


def _not_judged(dark: Sequence[Assessment], whole: int) -> str:
    some, period = words.measures(len(dark), whole), dark[0].value.period
    if period.grain is None:
        return f"{some} could not be judged: only whole weeks and months have a history."
    has, grain = "has" if len(dark) == 1 else "have", words.grain_noun(period)
    few = f"too few earlier {grain}"
    if any(len(assessment.series) > MIN_PERIODS for assessment in dark):
        few += ", or too uneven ones,"
    return f"{some} {has} {few} to judge change."


def _grain(assessments: Sequence[Assessment]) -> str:
    return (assessments[0].value.period.grain if assessments else None) or "period"


def _standing(status: Status) -> int:
    return _STATUS_ORDER.index(status) if status in _STATUS_ORDER else len(_STATUS_ORDER)


def _finding(assessment: Assessment, severity: Severity) -> Finding:
    return Finding(
        severity=severity,
        lead=assessment.lead,
        rest=assessment.rest,
        evidence=assessment.evidence,
        metric=assessment.metric,
        scope=assessment.scope,
        next_step=assessment.next_step,
        status=assessment.status,
        signal=assessment.signal,
        n=assessment.value.n,
    )
