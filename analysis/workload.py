"""People with far more work than their peers at the same stage."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from analysis import words
from analysis.distributions import t_two_sided
from analysis.flags import ALPHA
from analysis.model import Finding, Severity, Signal, Status
from metrics.flow import STAGE_EVENTS
from metrics.periods import Period, periods_before, show_date
from metrics.scope import NOT_RECORDED, Scope
from metrics.units import PERCENT

if TYPE_CHECKING:
    from data_access.store import Store

_WEEKS = 4
_FEWEST_PEERS = 4


def overloaded(store: Store, scope: Scope) -> list[Finding]:
    """People who did many more visits to a stage in the last 4 weeks than each of their peers.

    A person's visits are held against those of the others at the same stage: the distance from
    their mean, in units of their own spread, has Student's t distribution when everybody is of
    one kind (externally studentized residual; Grubbs 1950, Annals of Mathematical Statistics
    21:27). Persons and stages tested are allowed for by Holm's step-down at 5%, so on steady data
    anybody is named in at most 5% of weeks. At least 4 peers are needed. Peers who work very
    different hours widen the spread, and then nobody is named.
    """
    end = scope.period.until
    window = Period(periods_before(scope.period, _WEEKS - 1, "week")[0].since, end)
    tested = sorted(_tested(store, scope.during(window)), key=lambda found: found[0])
    named = []
    for place, (chance, finding) in enumerate(tested):
        if chance > ALPHA / (len(tested) - place):
            break
        named.append(finding)
    return named


def _tested(store: Store, scope: Scope) -> Iterator[tuple[float, Finding]]:
    for stage in store.breakdown(STAGE_EVENTS, scope, "stage")["segment"]:
        here = scope.where(stage=stage)
        frame = store.breakdown(STAGE_EVENTS, here, "assignee")
        visits = {
            person: float(count)
            for person, count in zip(frame["segment"], frame["value"], strict=True)
            if person != NOT_RECORDED
        }
        for person, count in visits.items():
            peers = [other for name, other in visits.items() if name != person]
            if len(peers) >= _FEWEST_PEERS:
                finding = _finding(here.where(assignee=person), stage, person, count, peers)
                yield _chance(count, peers), finding


def _chance(count: float, peers: list[float]) -> float:
    """The chance that a peer lies this far above the others, one-sided."""
    spread = max(stdev(peers), sqrt(fmean(peers)))  # never below counting luck
    distance = (count - fmean(peers)) / (spread * sqrt(1 + 1 / len(peers)))
    half = t_two_sided(distance, len(peers) - 1) / 2
    return half if distance > 0 else 1 - half


def _finding(scope: Scope, stage: str, person: str, count: float, peers: list[float]) -> Finding:
    total = count + sum(peers)
    last = show_date(scope.period.last_day, year=scope.period.last_day.year)
    share, each = PERCENT.show(count / total), PERCENT.show(fmean(peers) / total)
    return Finding(
        severity=Severity.INFO,
        lead=f"{person} did {share} of the visits to {stage}",
        rest=f" in the {_WEEKS} weeks to {last}; the {words.number_word(len(peers))} others did "
        f"{each} each on average.",
        evidence=f"n = {words.some(int(total), 'visits')} · false alarms in at most 5% of weeks",
        metric=STAGE_EVENTS,
        scope=scope,
        next_step="Look at how work is shared out at this stage.",
        status=Status.NO_TARGET,
        signal=Signal.CHANGED,
        n=int(total),
        segment=(("stage", stage), ("assignee", person)),
        since=None,
    )
