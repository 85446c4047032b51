"""Flow: how much comes in, how much gets done, how long it takes and where it waits."""

from __future__ import annotations

from metrics.model import Better, Kind, Metric
from metrics.units import COUNT, DAYS, HOURS, PERCENT, RATIO

_OWNER = "Operations lead"
_MAY_BE_OPEN = "not is_closed_case_source"
_MAY_WAIT = "has_queue_recorded and not is_closed_case_source"
_CLOSED_ONLY = "Not recorded: only closed cases are here, and those hold no open work."

ARRIVALS = Metric(
    name="arrivals",
    label="Items received",
    definition="Items that entered their first stage in the period. An item counts once.",
    source="items",
    at="first_entered_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="flow",
    is_plural=True,
)
ITEMS_COMPLETED = Metric(
    name="items_completed",
    label="Items completed",
    definition=(
        "Items that finished their last stage in the period: at the last finish of a visit to it, "
        "while no later visit of the item is open. An impossible finish, before its own beginning, "
        "completes nothing. For sources marked as closed cases only, an item is complete at its "
        "last event."
    ),
    source="items",
    at="completed_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    unit=COUNT,
    better=Better.HIGHER,
    owner=_OWNER,
    family="flow",
    is_plural=True,
)
WORK_IN_PROGRESS = Metric(
    name="work_in_progress",
    label="Work in progress",
    definition=(
        "Items that had entered a stage and were not complete at the last instant of the period. "
        "An item taken up again after its last stage is not complete while that visit is open. "
        "Items that vanished from their source leave. Sources marked as closed cases only hold no "
        "open work and are left out; where there is nothing else the value is not recorded."
    ),
    source="items",
    at="first_entered_on",
    left_at="left_on",
    kind=Kind.LEVEL,
    where=_MAY_BE_OPEN,
    recorded_where=_MAY_BE_OPEN,
    not_recorded=_CLOSED_ONLY,
    value_sql="count(*)",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="flow",
)
NET_FLOW = Metric(
    name="net_flow",
    label="Net flow",
    definition=(
        "Items that came in during the period minus items that left: by completion, or because "
        "they vanished from their source. Above 0 work in progress grows. Sources marked as closed "
        "cases only hold no open work and are left out."
    ),
    source="item_moves",
    at="moved_on",
    kind=Kind.STATISTIC,
    where=_MAY_BE_OPEN,
    recorded_where=_MAY_BE_OPEN,
    not_recorded=_CLOSED_ONLY,
    n_of="arrivals and departures",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="flow",
)
ITEMS_WAITING = Metric(
    name="items_waiting",
    label="Items waiting",
    definition=(
        "Visits to a stage that had been entered and not yet started at the last instant of the "
        "period: the length of the queues. A visit waits no longer once its item is complete. "
        "Sources that say of no visit when it started, and those of closed cases only, are left "
        "out; where there is nothing else the value is not recorded."
    ),
    source="visits",
    at="entered_on",
    left_at="queue_left_on",
    kind=Kind.LEVEL,
    where=_MAY_WAIT,
    recorded_where=_MAY_WAIT,
    not_recorded=(
        "Not recorded: no source here that may hold open work says when work on a visit started."
    ),
    value_sql="count(*)",
    n_of="visits",
    unit=COUNT,
    better=Better.LOWER,
    owner=_OWNER,
    family="flow",
    is_plural=True,
)


def _turnaround(name: str, label: str, quantile: float, **more: float) -> Metric:
    share = f"{quantile:.0%}"
    return Metric(
        name=name,
        label=label,
        definition=(
            f"The time within which {share} of the items completed in the period were done, from "
            "entering the first stage to completion (the last finish of the last stage, while no "
            "later visit is open), nights and weekends included. Quantiles by linear interpolation."
        ),
        source="items",
        at="completed_on",
        kind=Kind.QUANTILE,
        quantile=quantile,
        value_sql=f"quantile_cont(turnaround_hours, {quantile})",
        n_sql="count(turnaround_hours)",
        unit=HOURS,
        better=Better.LOWER,
        owner=_OWNER,
        family="flow",
        min_rows=5,
        target=more.get("target"),
        near=more.get("near"),
    )


TURNAROUND_P50 = _turnaround("turnaround_p50", "Median turnaround", 0.5, target=60.0, near=6.0)
TURNAROUND_P85 = _turnaround("turnaround_p85", "Turnaround, 85th percentile", 0.85)
TURNAROUND_P95 = _turnaround("turnaround_p95", "Turnaround, 95th percentile", 0.95)
TURNAROUND_MEAN = Metric(
    name="turnaround_mean",
    label="Mean turnaround",
    definition=(
        "Mean time from entering the first stage to completion of the items completed in the "
        "period. It adds up over stages, so it is used to say where time goes; for how long an "
        "item usually takes, read the median."
    ),
    source="items",
    at="completed_on",
    kind=Kind.MEAN,
    value_sql="avg(turnaround_hours)",
    n_sql="count(turnaround_hours)",
    unit=HOURS,
    better=Better.LOWER,
    owner=_OWNER,
    family="flow",
    min_rows=5,
)


def _case_duration(name: str, label: str, sql: str, kind: Kind, quantile: float | None) -> Metric:
    return Metric(
        name=name,
        label=label,
        definition=(
            "Days from the first to the last recorded event of the items completed in the period: "
            "the clock for slow processes, where hours would be unreadable."
        ),
        source="items",
        at="completed_on",
        kind=kind,
        quantile=quantile,
        value_sql=sql,
        n_sql="count(case_days)",
        unit=DAYS,
        better=Better.LOWER,
        owner=_OWNER,
        family="flow",
        min_rows=5,
    )


CASE_DURATION_P50 = _case_duration(
    "case_duration_p50",
    "Case duration, median",
    "quantile_cont(case_days, 0.5)",
    Kind.QUANTILE,
    0.5,
)
CASE_DURATION_MEAN = _case_duration(
    "case_duration_mean", "Case duration, mean", "avg(case_days)", Kind.MEAN, None
)
CASE_DURATION_P90 = _case_duration(
    "case_duration_p90",
    "Case duration, 90th percentile",
    "quantile_cont(case_days, 0.9)",
    Kind.QUANTILE,
    0.9,
)
QUEUE_TIME = Metric(
    name="queue_time",
    label="Mean queue time",
    definition=(
        "Mean hours a stage visit waited between being entered and being started, over the visits "
        "of items completed in the period. Sources without start times do not record it."
    ),
    source="visits",
    at="item_completed_on",
    kind=Kind.MEAN,
    value_sql="avg(queue_hours)",
    n_sql="count(queue_hours)",
    n_of="visits",
    unit=HOURS,
    better=Better.LOWER,
    owner=_OWNER,
    family="flow",
    min_rows=5,
)
QUEUE_TIME_P50 = Metric(
    name="queue_time_p50",
    label="Median queue time",
    definition=(
        "The hours within which half of the stage visits were started after being entered, over "
        "the visits of items completed in the period. Sources without start times do not record "
        "it."
    ),
    source="visits",
    at="item_completed_on",
    kind=Kind.QUANTILE,
    quantile=0.5,
    value_sql="quantile_cont(queue_hours, 0.5)",
    n_sql="count(queue_hours)",
    n_of="visits",
    unit=HOURS,
    better=Better.LOWER,
    owner=_OWNER,
    family="flow",
    min_rows=5,
)
QUEUE_SHARE = Metric(
    name="queue_share",
    label="Waiting share of stage time",
    definition=(
        "Hours waited in queues over all hours spent in stages (waiting and working), over the "
        "visits of items completed in the period that record both."
    ),
    source="visits",
    at="item_completed_on",
    kind=Kind.RATIO,
    numerator="sum(queue_hours) filter (touch_hours is not null)",
    denominator="sum(queue_hours + touch_hours)",
    n_sql="count(queue_hours + touch_hours)",
    n_of="visits",
    unit=PERCENT,
    better=Better.LOWER,
    owner=_OWNER,
    family="flow",
    min_rows=5,
)
TOUCH_TIME = Metric(
    name="touch_time",
    label="Mean touch time",
    definition=(
        "Mean hours between the start and the finish of a stage visit, over the visits of items "
        "completed in the period. Sources without start times do not record it."
    ),
    source="visits",
    at="item_completed_on",
    kind=Kind.MEAN,
    value_sql="avg(touch_hours)",
    n_sql="count(touch_hours)",
    n_of="visits",
    unit=HOURS,
    better=Better.LOWER,
    owner=_OWNER,
    family="flow",
    min_rows=5,
)
STAGE_TIME = Metric(
    name="stage_time",
    label="Mean stage time",
    definition=(
        "Mean hours a visit to a stage lasted, waiting and working together, over the visits of "
        "items completed in the period. For sources with one time an event: the hours since the "
        "item's event before."
    ),
    source="visits",
    at="item_completed_on",
    kind=Kind.MEAN,
    value_sql="avg(stage_hours)",
    n_sql="count(stage_hours)",
    n_of="visits",
    unit=HOURS,
    better=Better.LOWER,
    owner=_OWNER,
    family="flow",
    min_rows=5,
)
REWORK_LOOPS = Metric(
    name="rework_loops",
    label="Rework loops per item",
    definition=(
        "Returns to a stage that the item had already been in and had left for another one, per "
        "item completed in the period. A pause in a stage is no return."
    ),
    source="items",
    at="completed_on",
    kind=Kind.MEAN,
    value_sql="avg(rework_loops)",
    n_sql="count(rework_loops)",
    is_plural=True,
    unit=RATIO,
    better=Better.LOWER,
    owner=_OWNER,
    family="flow",
    min_rows=5,
)
OPEN_AGE_P85 = Metric(
    name="open_age_p85",
    label="Age of open work, 85th percentile",
    definition=(
        "85% of the items not complete at the last instant of the period had been in work for at "
        "most this many days, counted from the day they entered. Sources of closed cases only "
        "hold no open work and are left out."
    ),
    source="items",
    at="first_entered_on",
    left_at="left_on",
    kind=Kind.QUANTILE,
    where=_MAY_BE_OPEN,
    recorded_where=_MAY_BE_OPEN,
    not_recorded=_CLOSED_ONLY,
    quantile=0.85,
    value_sql="quantile_cont(date_diff('day', first_entered_on, {as_of}), 0.85)",
    unit=DAYS,
    better=Better.LOWER,
    owner=_OWNER,
    family="flow",
    min_rows=5,
)
STAGE_EVENTS = Metric(
    name="stage_events",
    label="Stage visits finished",
    definition=(
        "Visits to stages that finished in the period; in an event log, its events. An impossible "
        "finish, before its own beginning, counts on no day."
    ),
    source="visits",
    at="finished_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    n_of="visits",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="flow",
    is_plural=True,
)
VISITS_ENTERED = Metric(
    name="visits_entered",
    label="Stage visits begun",
    definition="Visits to stages that items entered in the period, returns included.",
    source="visits",
    at="entered_on",
    kind=Kind.COUNT,
    value_sql="count(*)",
    n_of="visits",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="flow",
    is_plural=True,
)
STAGES_ACTIVE = Metric(
    name="stages_active",
    label="Stages in use",
    definition="Different stages (in an event log: activities) with a visit that finished.",
    source="visits",
    at="finished_on",
    kind=Kind.DISTINCT,
    value_sql="count(distinct stage)",
    n_of="visits",
    unit=COUNT,
    better=Better.NEITHER,
    owner=_OWNER,
    family="flow",
    is_plural=True,
)
