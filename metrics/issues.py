"""Issues: what was raised, what was solved, what is overdue."""

from __future__ import annotations

from metrics.model import Better, Kind, Metric
from metrics.units import COUNT, DAYS

_OWNER = "Project manager"

ISSUES_OPENED = Metric(
    name="issues_opened",
    label="Issues opened",
    definition="Issues created in the period.",
    source="issues",
    at="created_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    n_of="issues",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
)
ISSUES_RESOLVED = Metric(
    name="issues_resolved",
    label="Issues resolved",
    definition=(
        "Issues whose resolved time lies in the period. For an issue that is done without one, the "
        "time its status category changed stands in, else that of its last update."
    ),
    source="issues",
    at="resolved_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    n_of="issues",
    unit=COUNT,
    better=Better.HIGHER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
)
ISSUES_OPEN = Metric(
    name="issues_open",
    label="Issues open",
    definition=(
        "Issues created and not resolved at the last instant of the period. Issues that vanished "
        "from a full export leave. An issue that is done counts as open only where the tracker "
        "gives no time at all by which it was."
    ),
    source="issues",
    at="created_on",
    left_at="left_on",
    kind=Kind.LEVEL,
    value_sql="count(*)",
    n_of="issues",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
)
ISSUES_OVERDUE = Metric(
    name="issues_overdue",
    label="Issues past due",
    definition=(
        "Issues open at the last instant of the period whose due date had passed. Where no issue "
        "has a due date the value is not recorded."
    ),
    source="issues",
    at="created_on",
    left_at="left_on",
    kind=Kind.LEVEL,
    value_sql="count(*)",
    where="due_on < {as_of}",
    recorded_where="due_on is not null",
    not_recorded="Not recorded: no issue here has a due date.",
    n_of="issues",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
    target=5.0,
    near=2.0,
)
TIME_TO_RESOLVE_P50 = Metric(
    name="time_to_resolve_p50",
    label="Median time to resolve",
    definition=(
        "The days within which half of the issues resolved in the period were solved, from "
        "creation. Issues resolved before they were created are left out and counted on the "
        "data notes."
    ),
    source="issues",
    at="resolved_on",
    kind=Kind.QUANTILE,
    quantile=0.5,
    value_sql="quantile_cont(resolve_days, 0.5)",
    n_sql="count(resolve_days)",
    n_of="issues",
    unit=DAYS,
    better=Better.LOWER,
    owner=_OWNER,
    family="issues",
    min_rows=5,
)
ISSUES_REOPENED = Metric(
    name="issues_reopened",
    label="Issues reopened",
    definition=(
        "Times an issue that an earlier upload showed as resolved came back unresolved, placed at "
        "the time of its last update in the first upload that showed it so; where the tracker "
        "gives no such time, at that of the upload."
    ),
    source="issue_reopenings",
    at="reopened_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    n_of="reopenings",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
)
