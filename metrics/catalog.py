"""The catalogue: every metric, found in the family modules by itself.

To add a metric, write one constant in a family module. Nothing else lists them.
"""

from __future__ import annotations

from types import ModuleType

from metrics import (
    annotation,
    delivery,
    flow,
    issues,
    quality,
    review,
    statuses,
    working_time,
)
from metrics.errors import AppError, UnknownMetricError, suggest
from metrics.model import Metric

FAMILIES: dict[str, ModuleType] = {
    "flow": flow,
    "annotation": annotation,
    "quality": quality,
    "review": review,
    "issues": issues,
    "statuses": statuses,
    "delivery": delivery,
    "working_time": working_time,
}
FAMILY_LABELS = {
    "flow": "Flow",
    "annotation": "Annotation",
    "quality": "Quality",
    "review": "Review",
    "issues": "Issues",
    "statuses": "Time in status",
    "delivery": "Delivery",
    "working_time": "Business hours",
}


def _collect() -> dict[str, Metric]:
    found: dict[str, Metric] = {}
    for family, module in FAMILIES.items():
        for constant, metric in vars(module).items():
            if not isinstance(metric, Metric):
                continue
            if constant != metric.name.upper() or metric.family != family:
                raise AppError(
                    f"The metric {metric.name} stands as {constant} in metrics/{family}.py.",
                    next_step="Name the constant like the metric, in its family's module.",
                )
            if metric.name in found:
                raise AppError(f"Two metrics are named {metric.name}.")
            found[metric.name] = metric
    return found


METRICS: dict[str, Metric] = _collect()
# Those with a control chart: their past no longer moves.
CHARTED: dict[str, Metric] = {n: metric for n, metric in METRICS.items() if not metric.fills_later}


def metric(name: str) -> Metric:
    """The metric of that name.

    Raises:
        UnknownMetricError: none has it; the message names the closest.
    """
    try:
        return METRICS[name]
    except KeyError:
        raise UnknownMetricError(
            f"There is no metric named {name}.", choices=METRICS, next_step=suggest(name, METRICS)
        ) from None
