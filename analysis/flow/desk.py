"""Every question of the Flow page in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.assess import assess
from analysis.flow.ages import ages
from analysis.flow.diagram import ORDERED, days, diagram, stage_order
from analysis.flow.little import little
from analysis.flow.model import Flow
from analysis.flow.scatter import scatter
from analysis.flow.sentences import banner
from analysis.flow.window import span_of
from data_access.asking import lacking
from metrics.flow import ARRIVALS, ITEMS_COMPLETED, NET_FLOW, WORK_IN_PROGRESS
from metrics.scope import Scope

if TYPE_CHECKING:
    from data_access.store import Store

FACE = (ARRIVALS, ITEMS_COMPLETED, NET_FLOW, WORK_IN_PROGRESS)


def flow(store: Store, scope: Scope) -> Flow:
    """What came in and left in a scope, what is in progress, how long it takes, what grows old.

    The pictures cover the scope's period when it has 8 weeks or more, else the 13 weeks up to its
    end; open work is that at the period's end, or now when that is earlier.
    """
    asked = store.values(FACE, scope)
    (net,) = assess(store, (NET_FLOW,), scope)
    span = span_of(store, scope, ITEMS_COMPLETED)
    progress = asked[WORK_IN_PROGRESS.name]
    closed_only = progress.withheld if progress.withheld == WORK_IN_PROGRESS.not_recorded else ""
    order = stage_order(store, scope, span) if span and not lacking(ORDERED, scope) else ()
    is_open = span is not None and not closed_only
    old = ages(store, scope, order) if is_open else None
    moves = days(store, scope) if is_open else None
    drawn = diagram(store, scope, span, moves, order) if span and moves and moves.rows else None
    status, lead, rest = banner(scope, asked, net, old, closed_only)
    return Flow(
        scope=scope,
        span=span,
        status=status,
        lead=lead,
        rest=rest,
        net=net,
        arrivals=asked[ARRIVALS.name],
        completed=asked[ITEMS_COMPLETED.name],
        in_progress=progress,
        why_no_open=closed_only or progress.withheld,
        diagram=drawn,
        little=little(store, scope, drawn, moves) if drawn and moves else None,
        scatter=scatter(store, scope, span) if span else None,
        ages=old,
        notes=drawn.notes if drawn else (),
    )
