-- stage_edges: one row per pair of stages that items went to one after the other, the most frequent
-- first. Reads the visits of items completed in the window; a pair counts at its second visit.
-- n: how often. waits: of these, how many say how long the item waited for the second stage: its
-- queue there, in an event log the time since the event before; mean, median and p85 are of these.
-- bad_clocks: visits whose times cannot be, left out of the waits.
with ways as (
    select
        stage_before,
        stage,
        count(*) as n,
        count(wait_hours) as waits,
        count(*) filter (has_bad_clock) as bad_clocks,
        cast(sum(wait_hours) as double) as hours,
        quantile_cont(wait_hours, [0.5, 0.85]) as quantiles
    from scoped
    where position > 1
    group by stage_before, stage
)

select
    cast(stage_before as varchar) as from_stage,
    cast(stage as varchar) as to_stage,
    n,
    waits,
    bad_clocks,
    hours,
    hours / nullif(waits, 0) as mean,
    cast(quantiles[1] as double) as median,
    cast(quantiles[2] as double) as p85
from ways
order by n desc, from_stage, to_stage
