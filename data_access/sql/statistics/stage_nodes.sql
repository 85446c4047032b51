-- stage_nodes: one row per stage, the most visited first. Reads the visits of items completed in the
-- window. n: visits. firsts: visits that are their item's first. place: mean place in the item's path.
-- hours: of all visits. median, p85: of a visit's time in the stage, waiting and working together.
select
    cast(stage as varchar) as stage,
    count(*) as n,
    count(*) filter (position = 1) as firsts,
    avg(position) as place,
    coalesce(cast(sum(stage_hours) as double), 0) as hours,
    cast(quantile_cont(stage_hours, 0.5) as double) as median,
    cast(quantile_cont(stage_hours, 0.85) as double) as p85
from scoped
group by stage
order by n desc, stage
