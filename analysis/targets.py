"""Which target holds, and how a number stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose
from typing import TYPE_CHECKING

from analysis.model import Status, Target
from metrics.model import Better, Kind, Metric
from metrics.scope import Scope, parse_filters
from metrics.value import Value

if TYPE_CHECKING:
    from data_access.store import TargetRow

_NEAR_SHARE = 0.05  # of the target, for metrics whose definition has no `near`


def target_for(metric: Metric, scope: Scope, rows: Sequence[TargetRow]) -> Target | None:
    """The target that holds for a scope, or None.

    Of the rows that cover the scope and are valid at the period's last day it is the one with the
    most filters, then the newest; without such a row it is the definition's own.
    A row covers a scope when the scope stays inside the row's filters: a target for two teams
    holds for each of them, not for all teams. What adds up over dimensions is the exception: 380
    items for everybody are no target for one team, so there the filters must be the same. A
    target of a count is one for a week, so it holds for whole weeks only.
    """
    if metric.better is Better.NEITHER:
        return None
    if metric.kind is Kind.COUNT and scope.period.grain != "week":
        return None
    valid = [
        (len(filters), row.valid_from, row)
        for row in rows
        if row.metric == metric.name and row.valid_from <= scope.period.last_day
        for filters in [parse_filters(row.filters or "")]
        if _covers(metric, filters, scope)
    ]
    if valid:
        _, _, row = max(valid, key=lambda found: found[:2])
        near = metric.near if metric.near is not None else abs(row.value) * _NEAR_SHARE
        return Target(row.value, near, f"{row.filters or 'everywhere'} from {row.valid_from}")
    if metric.target is None or metric.near is None or not _covers(metric, {}, scope):
        return None
    return Target(metric.target, metric.near)


def _covers(metric: Metric, filters: dict[str, tuple[str, ...]], scope: Scope) -> bool:
    chosen = dict(scope.filters)
    if metric.adds_up_over_dimensions:
        return {name: set(values) for name, values in filters.items()} == {
            name: set(values) for name, values in chosen.items()
        }
    return all(
        name in chosen and set(chosen[name]) <= set(values) for name, values in filters.items()
    )


def meets(metric: Metric, value: float, target: float) -> bool:
    """Whether a value is on the good side of a target, or on it."""
    if isclose(value, target, rel_tol=1e-12, abs_tol=1e-12):
        return True
    return value < target if metric.better is Better.LOWER else value > target


def crosses(value: Value, target: Target) -> bool:
    """Whether the 95% interval of the value holds the target: too close to call."""
    if value.low is None or value.high is None:
        return False
    return value.low < target.value < value.high


def status(value: Value, target: Target | None, *, is_stale: bool, is_missing: bool) -> Status:
    """How a number stands.

    Missing data come first, then too few rows, stale data, no target. Met with an interval that
    crosses the target, or missed by less than its `near`, is at risk.
    """
    if is_missing or (value.value is None and value.n == 0):
        return Status.MISSING
    if value.value is None:
        return Status.TOO_FEW
    if is_stale:
        return Status.STALE
    if target is None:
        return Status.NO_TARGET
    if meets(value.metric, value.value, target.value):
        return Status.AT_RISK if crosses(value, target) else Status.MET
    gap = abs(value.value - target.value)
    is_near = gap < target.near and not isclose(gap, target.near, rel_tol=1e-9)
    return Status.AT_RISK if is_near else Status.MISSED
