"""Where limits should start anew: at a marker, when what follows it left the limits before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.control.build import chart_of, placed
from analysis.control.levels import level_of
from analysis.control.model import ChartKind, ControlChart, Rebase
from analysis.run_rules import Fired
from analysis.spc import MAX_PERIODS, MIN_PERIODS
from metrics.value import Value

WITHIN = 8  # periods after a marker: a run of 7 needs 7


@dataclass(frozen=True)
class Proposal:
    """A marker from which limits could start anew.

    Attributes:
        rebase: from when, and what happened.
        fired: the rule that fired on what followed, held against the periods before.
    """

    rebase: Rebase
    fired: Fired


def proposals(
    values: Sequence[Value], markers: Iterable[Rebase], chart: ControlChart
) -> tuple[Proposal, ...]:
    """The markers after which a lasting change shows within 8 periods, oldest first.

    Lasting is 7 in a row on one side of the center or 6 moves one way; one odd period is no reason
    for new limits. The periods after a marker are held against limits from those before it, back
    to the marker before that was chosen or is proposed. At least 12 periods have to lie before. It
    is an offer: a marker beside a change is no proof that it brought the change.

    Args:
        values: as for `chart_of`.
        markers: what happened, with its day.
        chart: as drawn now; its phases tell where limits start anew already.
    """
    whole = [value for value in values if not value.is_partial and value.value is not None]
    taken = {phase.on for phase in chart.phases if phase.on is not None}
    starts = sorted(phase.first.since for phase in chart.phases[1:])
    found: list[Proposal] = []
    for marker in sorted(markers, key=lambda each: each.on):
        since = max(
            [start for start in starts if start <= marker.on]
            + [proposal.rebase.on for proposal in found],
            default=None,
        )
        before = [
            v
            for v in whole
            if v.period.since < marker.on and (not since or v.period.since >= since)
        ]
        until = min((start for start in starts if start > marker.on), default=None)
        after = [
            v
            for v in whole
            if v.period.since >= marker.on and (not until or v.period.since < until)
        ]
        fired = _fires(before, after[:WITHIN], chart.kind)
        if fired and marker.on not in taken:
            found.append(Proposal(marker, fired))
    return tuple(found)


def _fires(before: list[Value], after: list[Value], kind: ChartKind) -> Fired | None:
    """The first lasting rule that fires on periods after alone, by the limits of those before."""
    if len(before) < MIN_PERIODS or not after:
        return None
    drawn = kind if kind.base else chart_of(before).kind
    level = level_of(drawn.base, before[-MAX_PERIODS:], is_widened=drawn.is_widened)
    lasting = (
        fired
        for point in placed(after, level, drawn)
        for fired in point.flags
        if fired.rule in ("run", "moves")
    )
    return next(lasting, None)
