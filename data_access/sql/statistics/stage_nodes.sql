-- stage_nodes: one row per stage, the most visited first. Reads the visits of items completed in the
-- window. n: visits. place: mean place in the item's path. hours: of all visits. median, p85: of a visit's
-- time in the stage, waiting and working together.
with stages as (
    select
        stage,
        count(*) as n,
        avg(position) as place,
        cast(sum(stage_hours) as double) as hours,
        quantile_cont(stage_hours, [0.5, 0.85]) as quantiles
    from scoped
    group by stage
)

select
    cast(stage as varchar) as stage,
    n,
    place,
    coalesce(hours, 0) as hours,
    cast(quantiles[1] as double) as median,
    cast(quantiles[2] as double) as p85
from stages
order by n desc, stage
