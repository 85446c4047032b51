-- rework_loops: one row per stage that items came back to, and stage they came back from, the most
-- frequent first. Reads the visits of items completed in the window. n: returns. items: how many
-- different items. hours: what the repeated visits lasted in all; median: of one.
select
    cast(stage as varchar) as to_stage,
    cast(stage_before as varchar) as from_stage,
    count(*) as n,
    count(distinct (source, item_id)) as items,
    coalesce(cast(sum(stage_hours) as double), 0) as hours,
    cast(quantile_cont(stage_hours, 0.5) as double) as median
from scoped
where is_rework
group by stage, stage_before
order by n desc, to_stage, from_stage
