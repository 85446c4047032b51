-- stage_days: how many visits to a stage began and ended on each day. One row per stage and day with
-- either. Reads visits entered up to the window's end.
-- impossible: visits begun on that day that end before they begin; they are in none of the others.
with spans as (
    select
        stage,
        entered_on,
        stage_left_on,
        has_bad_finish or coalesce(stage_left_on < entered_on, false) as is_impossible,
        count(*) as visits
    from scoped
    group by
        stage,
        entered_on,
        stage_left_on,
        has_bad_finish or coalesce(stage_left_on < entered_on, false)
),

changes as (
    select
        stage,
        entered_on as day,
        case when is_impossible then 0 else visits end as entered,
        0 as ended,
        case when is_impossible then visits else 0 end as impossible
    from spans
    union all
    select
        stage,
        stage_left_on as day,
        0 as entered,
        visits as ended,
        0 as impossible
    from spans
    where stage_left_on is not null and not is_impossible
)

select
    cast(stage as varchar) as stage,
    day,
    cast(sum(entered) as bigint) as entered,
    cast(sum(ended) as bigint) as ended,
    cast(sum(impossible) as bigint) as impossible
from changes
group by stage, day
order by stage, day
