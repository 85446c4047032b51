"""The answer of a period: banner, headlines, moves, the routine rest and every warning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis import words
from analysis.bottlenecks import rank
from analysis.cautions import cautions
from analysis.findings import findings, headlines, moves, routine
from analysis.model import Assessment, Finding, Overview, Status
from metrics.flow import TURNAROUND_MEAN, TURNAROUND_P50, TURNAROUND_P85, TURNAROUND_P95
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import Store

_TURNAROUNDS = (TURNAROUND_MEAN, TURNAROUND_P50, TURNAROUND_P85, TURNAROUND_P95)
_WORST_FIRST = (
    Status.MISSED, Status.MISSING, Status.STALE, Status.AT_RISK, Status.MET, Status.TOO_FEW,
    Status.NO_TARGET,
)  # fmt: skip


def overview(
    store: Store,
    assessments: Sequence[Assessment],
    *,
    scope: Scope | None = None,
    has_commentary: bool | None = None,
    actions_without_owner: int = 0,
    refused_lots: Sequence[str] = (),
) -> Overview:
    """The period in brief: the same object on the page, in Word and in Excel.

    Args:
        store: where the numbers came from.
        assessments: the measures judged, in the order they are shown.
        scope: the window asked for; the one judged unless given.
        has_commentary: whether somebody commented on the period; None when nobody asks.
        actions_without_owner: how many actions nobody owns.
        refused_lots: the lots not accepted in the period, in words.
    """
    asked = scope or (assessments[0].scope if assessments else None)
    told = tuple(_located(store, finding) for finding in findings(assessments))
    warned = (
        cautions(
            store,
            assessments,
            asked,
            has_commentary=has_commentary,
            actions_without_owner=actions_without_owner,
            refused_lots=refused_lots,
        )
        if asked
        else ()
    )
    return Overview(
        status=overall(assessments),
        sentence=banner(assessments),
        findings=told,
        headlines=headlines(told),
        moves=moves(assessments),
        routine=routine(assessments),
        warnings=warned,
    )


def _located(store: Store, finding: Finding) -> Finding:
    """The finding, for a turnaround that changed with the stage that holds most of the change."""
    if finding.metric not in _TURNAROUNDS or not finding.signal.is_change:
        return finding
    where = rank(store, finding.scope).accounts
    return replace(finding, evidence=f"{finding.evidence} · {where}") if where else finding


def overall(assessments: Sequence[Assessment]) -> Status:
    """The worst status of the measures; those that cannot be rated count only when none can."""
    present = {assessment.status for assessment in assessments if assessment.applies}
    return next((status for status in _WORST_FIRST if status in present), Status.NO_TARGET)


def banner(assessments: Sequence[Assessment]) -> str:
    """Why the overall status is what it is, in at most four short sentences."""
    asked = [assessment for assessment in assessments if assessment.applies]
    if not asked:
        return "No measure can be shown with these filters."
    parts = [
        _against_target(asked, Status.MISSED, "misses its target", "miss their target"),
        _missing(asked),
        _stale(asked),
    ]
    if not parts[0]:
        parts.insert(
            0 if overall(asked) is Status.AT_RISK else 2,
            _against_target(asked, Status.AT_RISK, "is near its target", "are near their target"),
        )
    text = " ".join(part for part in parts if part)
    return text or _calm(asked)


def _against_target(asked: Sequence[Assessment], status: Status, one: str, more: str) -> str:
    names = _names(asked, status)
    if not names:
        return ""
    some = words.measures(len(names), len(asked))
    return f"{some} {one if len(names) == 1 else more}: {words.listed(names)}."


def _missing(asked: Sequence[Assessment]) -> str:
    names = _names(asked, Status.MISSING)
    if len(names) == len(asked):
        return "There are no data for this period: upload the extracts, or choose another period."
    return f"No data for {words.listed(names)}." if names else ""


def _stale(asked: Sequence[Assessment]) -> str:
    names = _names(asked, Status.STALE)
    return f"Not rated for stale data: {words.listed(names)}." if names else ""


def _calm(asked: Sequence[Assessment]) -> str:
    met = len(_names(asked, Status.MET))
    rest = len(asked) - met
    if not met:
        return "No measure could be rated against a target."
    some = words.measures(met, met) if met < 3 else f"All {words.number_word(met)} measures"
    meets = "meets its target" if met == 1 else "meet their target"
    if not rest:
        return f"{some} {meets}."
    return f"{some} that could be rated {meets}; {words.number_word(rest)} could not."


def _names(asked: Sequence[Assessment], status: Status) -> list[str]:
    return [words.in_sentence(each.metric.label) for each in asked if each.status is status]
