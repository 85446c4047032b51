-- stage_history: hours from entering a stage to leaving it, by stage: the percentiles within which
-- 50%, 85% and 95% of its visits lasted, by linear interpolation. n: visits with a known length.
-- Reads visits finished in the window. Equal lengths are counted first: there are far fewer lengths
-- than visits, and percentiles follow from the counts.
with lengths as (
    select
        stage,
        stage_hours,
        count(*) as visits
    from scoped
    where stage_hours is not null
    group by stage, stage_hours
),

placed as (
    select
        stage,
        cast(stage_hours as double) as hours,
        sum(visits) over (partition by stage order by stage_hours) as visits_up_to,
        sum(visits) over (partition by stage) as n
    from lengths
),

neighbors as (
    select
        placed.stage as stage,
        shares.share as share,
        placed.n as n,
        (placed.n - 1) * shares.share - floor((placed.n - 1) * shares.share) as part,
        min(placed.hours) filter (
            where placed.visits_up_to > floor((placed.n - 1) * shares.share)
        ) as low,
        min(placed.hours) filter (
            where placed.visits_up_to > ceil((placed.n - 1) * shares.share)
        ) as high
    from placed
    cross join (select unnest([cast(0.5 as double), 0.85, 0.95]) as share) as shares
    group by placed.stage, placed.n, shares.share
)

select
    cast(stage as varchar) as stage,
    list(low + (high - low) * part order by share) as hours,
    cast(n as bigint) as n
from neighbors
group by stage, n
order by stage
