"""Which rows keep a number from its threshold, where the metric's definition tells."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from metrics.model import Kind, Metric

Side = Literal["below", "above"]
_COUNTED = re.compile(r"count\(\*\)(?: filter \((?:where )?(?P<condition>.+)\))?", re.DOTALL)


def misses(metric: Metric, side: Side) -> Metric | None:
    """The metric whose rows are those that pull a share to one side; None where that is unknown.

    A share that is too low lacks the rows of its denominator that are not in its numerator; one
    that is too high has too many in its numerator. Told only for shares of counted rows; a
    condition that is null is one that was not met.
    """
    top, bottom = _condition(metric.numerator), _condition(metric.denominator)
    if metric.kind is not Kind.RATE or top is None or bottom is None or not top:
        return None
    met = f"coalesce(({top}), false)"
    parts = [metric.where, bottom, met if side == "above" else f"not {met}"]
    return replace(
        metric,
        kind=Kind.COUNT,
        value_sql="count(*)",
        numerator="",
        denominator="",
        whole_by=(),
        target=None,
        near=None,
        where=" and ".join(f"({part})" for part in parts if part),
    )


def _condition(expression: str) -> str | None:
    """The condition of `count(*) filter (...)`; "" without one; None for anything else."""
    match = _COUNTED.fullmatch(expression.strip())
    if match is None or _closes_early(match["condition"] or ""):
        return None
    return match["condition"] or ""


def _closes_early(condition: str) -> bool:
    """Whether the parenthesis of the filter ends before the expression does."""
    depth = 0
    for sign in condition:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return True
    return False
