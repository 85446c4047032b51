-- blocked_time: one row per stage and outcome that says that work stood still, the longest first; the
-- words are those of the pattern. Reads the visits of items completed in the window. n: visits.
-- hours: what they lasted in all. of: hours of all visits of the window.
with outcomes as (
    select
        cast(stage as varchar) as stage,
        cast(outcome as varchar) as outcome,
        count(*) as n,
        coalesce(cast(sum(stage_hours) as double), 0) as hours
    from scoped
    group by stage, outcome
),

totals as (
    select
        *,
        sum(hours) over () as of
    from outcomes
)

select
    stage,
    outcome,
    n,
    hours,
    of
from totals
where
    regexp_matches(
        lower(concat_ws(' / ', stage, outcome)),
        '\b(blocked|on hold|impeded|impediment|suspended|paused)\b'
    )
order by hours desc, stage, outcome
