"""Time in status: where solved issues spent their time, and how often they came back."""

from __future__ import annotations

from typing import Any

from metrics.model import Better, Kind, Metric
from metrics.units import HOURS, PERCENT, RATIO

_OWNER = "Project manager"
_WHERE = (
    "Of the issues resolved in the period, by the tracker's own count (Jira's Time in Status), "
    "nights and weekends included. Read it by status: over all statuses together it mixes long "
    "and short ones."
)


def _in_status(name: str, label: str, definition: str, **more: Any) -> Metric:
    return Metric(
        name=name,
        label=label,
        definition=f"{definition} {_WHERE}",
        source="status_times",
        at="resolved_on",
        better=Better.LOWER,
        owner=_OWNER,
        family="statuses",
        n_of="stays",
        min_rows=5,
        **more,
    )


def _hours(name: str, label: str, quantile: float, share: str) -> Metric:
    return _in_status(
        name,
        label,
        f"The hours within which {share} of the stays in a status ended: one issue in one status, "
        "all its visits together.",
        kind=Kind.QUANTILE,
        quantile=quantile,
        value_sql=f"quantile_cont(hours, {quantile})",
        n_sql="count(hours)",
        unit=HOURS,
    )


STATUS_HOURS_P50 = _hours("status_hours_p50", "Median time in status", 0.5, "half")
STATUS_HOURS_P85 = _hours("status_hours_p85", "Time in status, 85th percentile", 0.85, "85%")
STATUS_VISITS = _in_status(
    "status_visits",
    "Visits per stay",
    "How often an issue came into a status, on average over the issues that were in it; 1 means "
    "that none came back.",
    kind=Kind.RATIO,
    numerator="sum(visits)",
    denominator="count(*)",
    unit=RATIO,
)
STATUS_REWORK = _in_status(
    "status_rework",
    "Issues that came back to a status",
    "Share of the issues in a status that were in it more than once.",
    kind=Kind.RATE,
    numerator="count(*) filter (visits > 1)",
    denominator="count(*)",
    unit=PERCENT,
)
