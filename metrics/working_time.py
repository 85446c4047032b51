"""Business hours: the same durations as in flow and issues, counted in the teams' working time."""

from __future__ import annotations

from metrics.model import Better, Kind, Metric
from metrics.units import HOURS

_NOT_RECORDED = "Not recorded: no working hours have been uploaded that cover these teams and days."
_COUNTED = (
    "Counted in business hours: the working hours and holidays of the team, else those of "
    "everybody. What began before these hold is left out."
)

TURNAROUND_BUSINESS_P50 = Metric(
    name="turnaround_business_p50",
    label="Median turnaround in business hours",
    definition=(
        "The business hours within which half of the items completed in the period were done, "
        f"from entering the first stage to completion. {_COUNTED} The team is that of the item's "
        "last visit that names one."
    ),
    source="items",
    at="completed_on",
    kind=Kind.QUANTILE,
    quantile=0.5,
    value_sql="quantile_cont(turnaround_business_hours, 0.5)",
    n_sql="count(turnaround_business_hours)",
    recorded_where="turnaround_business_hours is not null",
    not_recorded=_NOT_RECORDED,
    unit=HOURS,
    better=Better.LOWER,
    owner="Operations lead",
    family="working_time",
    min_rows=5,
)


def _of_visits(name: str, label: str, column: str, said: str) -> Metric:
    return Metric(
        name=name,
        label=label,
        definition=f"{said}, over the visits of items completed in the period. {_COUNTED}",
        source="visits",
        at="item_completed_on",
        kind=Kind.MEAN,
        value_sql=f"avg({column})",
        n_sql=f"count({column})",
        n_of="visits",
        recorded_where=f"{column} is not null",
        not_recorded=_NOT_RECORDED,
        unit=HOURS,
        better=Better.LOWER,
        owner="Operations lead",
        family="working_time",
        min_rows=5,
    )


QUEUE_TIME_BUSINESS = _of_visits(
    "queue_time_business",
    "Mean queue time in business hours",
    "queue_business_hours",
    "Mean business hours a stage visit waited between being entered and being started",
)
STAGE_TIME_BUSINESS = _of_visits(
    "stage_time_business",
    "Mean stage time in business hours",
    "stage_business_hours",
    "Mean business hours a visit to a stage lasted, waiting and working together",
)
TIME_TO_RESOLVE_BUSINESS_P50 = Metric(
    name="time_to_resolve_business_p50",
    label="Median time to resolve in business hours",
    definition=(
        "The business hours within which half of the issues resolved in the period were solved, "
        f"from creation. {_COUNTED}"
    ),
    source="issues",
    at="resolved_on",
    kind=Kind.QUANTILE,
    quantile=0.5,
    value_sql="quantile_cont(resolve_business_hours, 0.5)",
    n_sql="count(resolve_business_hours)",
    n_of="issues",
    recorded_where="resolve_business_hours is not null",
    not_recorded=_NOT_RECORDED,
    unit=HOURS,
    better=Better.LOWER,
    owner="Project manager",
    family="working_time",
    min_rows=5,
)
