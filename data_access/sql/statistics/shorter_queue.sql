-- shorter_queue: turnaround of the items completed in the last week of the window, as it was and as
-- it would have been, had one stage's queue been as short as in its better weeks. One row per stage
-- (`segment`) with a recorded queue in that week. Reads visits whose item was completed in the
-- window, split by stage; give it 13 weeks.
-- median_now: median queue hours in the last week. median_target: the 25th percentile of the weekly
-- medians over all weeks of the window. Every queue of the stage is taken times target / now, no
-- more than 1; an item's turnaround shortens by what its visits to the stage then wait less.
-- n: items. spread: standard deviation of their turnaround as it would have been.
-- median_low, median_high: 95% interval of the median as it would have been: the items whose ranks
-- are n/2 -+ 0.98 sqrt(n), where a bootstrap over items ends, too.
with visits_by_week as (
    select
        source,
        item_id,
        segment,
        queue_hours,
        cast(date_trunc('week', item_completed_on) as date) as week
    from scoped
),

last_week as (
    select max(week) as week
    from visits_by_week
),

medians as (
    select
        segment,
        week,
        quantile_cont(queue_hours, 0.5) as median
    from visits_by_week
    where queue_hours is not null
    group by segment, week
),

targets as (
    select
        segment,
        quantile_cont(median, 0.25) as median_target,
        count(*) as weeks
    from medians
    group by segment
),

stages as (
    select
        targets.segment as segment,
        medians.median as median_now,
        targets.median_target as median_target,
        targets.weeks as weeks,
        least(1, coalesce(targets.median_target / nullif(medians.median, 0), 1)) as factor
    from targets
    inner join medians
        on medians.segment = targets.segment
    inner join last_week
        on last_week.week = medians.week
),

done as (
    select distinct
        visits_by_week.source as source,
        visits_by_week.item_id as item_id
    from visits_by_week
    inner join last_week
        on last_week.week = visits_by_week.week
),

waited as (
    select
        visits_by_week.source as source,
        visits_by_week.item_id as item_id,
        visits_by_week.segment as segment,
        sum(visits_by_week.queue_hours) as queue_hours
    from visits_by_week
    inner join last_week
        on last_week.week = visits_by_week.week
    group by visits_by_week.source, visits_by_week.item_id, visits_by_week.segment
),

shortened as (
    select
        stages.segment as segment,
        items.turnaround_hours as before,
        items.turnaround_hours - coalesce(waited.queue_hours, 0) * (1 - stages.factor) as after
    from done
    inner join items
        on items.source = done.source and items.item_id = done.item_id
    cross join stages
    left join waited
        on
            waited.source = done.source
            and waited.item_id = done.item_id
            and waited.segment = stages.segment
    where items.turnaround_hours is not null
)

select
    stages.segment as segment,
    any_value(stages.median_now) as median_now,
    any_value(stages.median_target) as median_target,
    any_value(stages.weeks) as weeks,
    count(*) as n,
    avg(shortened.before) as mean_before,
    avg(shortened.after) as mean_after,
    stddev_samp(shortened.after) as spread,
    quantile_cont(shortened.before, 0.5) as median_before,
    quantile_cont(shortened.after, 0.5) as median_after,
    list(shortened.after order by shortened.after)[
        cast(greatest(1, floor(count(*) / 2 - 0.98 * sqrt(count(*)))) as bigint)
    ] as median_low,
    list(shortened.after order by shortened.after)[
        cast(least(count(*), ceil(1 + count(*) / 2 + 0.98 * sqrt(count(*)))) as bigint)
    ] as median_high
from stages
inner join shortened
    on shortened.segment = stages.segment
group by stages.segment
order by stages.segment
