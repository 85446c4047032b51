"""What a metric's number is made by, as one digest: words, SQL, mart and statistic."""

from __future__ import annotations

import hashlib

from data_access.marts import mart, staging_order, staging_text
from data_access.statistic_files import statistic
from metrics.model import Kind, Metric


def digest(metric: Metric) -> str:
    """Twelve digits that change when the metric's definition does, in words or in SQL."""
    read = mart(metric.source)
    parts = [
        metric.definition,
        metric.source,
        metric.at,
        metric.left_at,
        metric.kind.value,
        metric.value_sql,
        metric.numerator,
        metric.denominator,
        metric.where,
        metric.recorded_where,
        metric.n_sql,
        str(metric.quantile),
        str(metric.min_rows),
        metric.unit.name,
        *(f"{name} {value}" for name, value in metric.given),
        _code(read.text),
        *(_code(staging_text(name)) for name in staging_order(read.text)),
        _code(statistic(metric.name)) if metric.kind is Kind.STATISTIC else "",
    ]
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:12]


def _code(text: str) -> str:
    """The SQL without its comments and its layout."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return " ".join(" ".join(lines).split())
