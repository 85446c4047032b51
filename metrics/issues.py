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
        "Times an issue that one export shows as done, by its day of resolution or its status "
        "category, is not done in the next one that has these columns: the issue changes of the "
        "kind reopened. Placed on the day by which it had happened: the exact day where the export "
        "gives it, else that of the issue's last update, else that of the export."
    ),
    source="issue_transitions",
    at="by_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    where="kind = 'reopened'",
    n_of="reopenings",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
)
ISSUE_CHANGES = Metric(
    name="issue_changes",
    label="Issue changes",
    definition=(
        "Changes of issues that comparing successive exports shows: status, resolved, reopened, "
        "re-scoped, re-dated, reassigned, vanished and returned; new issues are not counted. A "
        "change lies between two exports and is placed on the day by which it had happened: the "
        "exact day where the export gives it, else that of the issue's last update, else that of "
        "the first export that shows it. What changed and changed back between two exports is not "
        "seen."
    ),
    source="issue_transitions",
    at="by_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    where="kind <> 'entered'",
    n_of="changes",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
)
ISSUES_REDATED = Metric(
    name="issues_redated",
    label="Due days moved",
    definition=(
        "Times an issue's due day was set, moved or taken away between two exports that both have "
        "due days, placed on the day by which it had happened."
    ),
    source="issue_transitions",
    at="by_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    where="kind = 're_dated'",
    n_of="changes",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
)
ISSUES_RESCOPED = Metric(
    name="issues_rescoped",
    label="Scope changes of issues",
    definition=(
        "Times an issue's type, labels or story points changed between two exports that both have "
        "the column; each of the three counts by itself, in any order of the labels. Placed on the "
        "day by which it had happened."
    ),
    source="issue_transitions",
    at="by_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    where="kind = 're_scoped'",
    n_of="changes",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
)
ISSUES_VANISHED = Metric(
    name="issues_vanished",
    label="Issues vanished",
    definition=(
        "Times an issue that an export shows was gone from the next one that holds everything, "
        "placed on the day of that export. Deleted, moved out of the filter, or hidden: the "
        "exports do not say which."
    ),
    source="issue_transitions",
    at="by_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    where="kind = 'vanished'",
    n_of="changes",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
)
ISSUES_TRACKED = Metric(
    name="issues_tracked",
    label="Issues tracked",
    definition=(
        "Issues of any status that the exports show at the last instant of the period; split by "
        "status category this is the cumulative flow. A change counts from the exact day where the "
        "export gives one, else from the first export that shows it; a new issue counts from its "
        "creation, in the category that its first export shows. Where it was done by then, its "
        "category before is not recorded. It begins with the first export."
    ),
    source="issue_stays",
    at="entered_on",
    left_at="left_on",
    kind=Kind.LEVEL,
    value_sql="count(*)",
    n_of="issues",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="issues",
    is_plural=True,
)
STATUS_CATEGORY_AGE_P50 = Metric(
    name="status_category_age_p50",
    label="Median days in status category",
    definition=(
        "The days that half of the issues not done had been in their status category, at least, at "
        "the last instant of the period. A stay counts from the exact time where the export gives "
        "one, else from the first export that shows it."
    ),
    source="issue_stays",
    at="entered_on",
    left_at="left_on",
    kind=Kind.QUANTILE,
    quantile=0.5,
    value_sql="quantile_cont(greatest(0, date_diff('day', entered_by_on, {as_of})), 0.5)",
    where="status_category <> 'Done'",
    n_of="issues",
    unit=DAYS,
    better=Better.LOWER,
    owner=_OWNER,
    family="issues",
    min_rows=5,
)
