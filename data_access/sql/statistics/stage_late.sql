-- stage_late: how many visits of a stage were open at each of the `moments` and had lasted longer than the
-- stage's entry in `hours`, which go with the names in `stages`,
-- all lists of the relation `given`. One row per stage and moment with any.
-- Reads visits entered up to the window's end. Visits that never lasted so long are dropped first.
with limits as (
    select
        unnest(given.stages) as stage,
        unnest(given.hours) as hours
    from given
),

moments as (
    select unnest(given.moments) as moment
    from given
),

long_visits as (
    select
        limits.stage as stage,
        scoped.entered_at + to_microseconds(cast(limits.hours * 3600000000 as bigint)) as late_at,
        coalesce(
            scoped.finished_at, cast(scoped.stage_left_on as timestamp), timestamp '9999-12-31'
        ) as left_at
    from scoped
    inner join limits
        on limits.stage = scoped.stage
    where not scoped.has_bad_finish and coalesce(scoped.stage_hours > limits.hours, true)
)

select
    long_visits.stage as stage,
    moments.moment as moment,
    count(*) as visits
from long_visits
inner join moments
    on moments.moment > long_visits.late_at and moments.moment <= long_visits.left_at
group by long_visits.stage, moments.moment
order by long_visits.stage, moments.moment
