"""What things are called in lists and in the address."""

from __future__ import annotations

from metrics.catalog import FAMILY_LABELS, METRICS
from metrics.model import Metric


def metric_label(name: str) -> str:
    """A measure with its family, as the list on Trends and the address have it."""
    about = METRICS.get(name)
    return f"{FAMILY_LABELS[about.family]}: {about.label}" if about else str(name)


def unit_words(metric: Metric) -> str:
    """The unit as a reader says it: "in hours"; "" for counts and plain ratios."""
    return {"count": "", "ratio": "", "share": "in percent"}.get(
        metric.unit.name, f"in {metric.unit.name}"
    )
