-- stage_late: how many visits of a stage were open at each of the `moments` and had lasted longer than the
-- stage's entry in `hours`, which go with the names in `stages`,
-- all lists of the relation `given`. One row per stage and moment with any. A visit that was never
-- finished lasted until the day on which its item left began in `zone`, the reporting zone.
-- Reads visits entered up to the window's end. Visits that never lasted so long are dropped first.
with limits as (
    select
        unnest(given.stages) as stage,
        unnest(given.hours) as hours
    from given
),

least_long as (
    select min(hours) as hours
    from limits
),

candidates as (
    select
        cast(scoped.stage as varchar) as stage,
        scoped.stage_hours as stage_hours,
        scoped.entered_at as entered_at,
        scoped.finished_at as finished_at,
        scoped.stage_left_on as stage_left_on
    from scoped
    cross join least_long
    where
        not scoped.has_bad_finish
        and (scoped.stage_hours > least_long.hours or scoped.stage_hours is null)
),

long_visits as (
    select
        limits.stage as stage,
        candidates.entered_at + to_microseconds(cast(limits.hours * 3600000000 as bigint)) as late_at,
        coalesce(
            candidates.finished_at,
            timezone('UTC', timezone(given.zone, cast(candidates.stage_left_on as timestamp))),
            timestamp '9999-12-31'
        ) as left_at
    from candidates
    cross join given
    inner join limits
        on limits.stage = candidates.stage
    where coalesce(candidates.stage_hours > limits.hours, true)
),

seen as (
    select
        long_visits.stage as stage,
        unnest(
            list_filter(
                given.moments,
                lambda moment: moment > long_visits.late_at and moment <= long_visits.left_at
            )
        ) as moment
    from long_visits
    cross join given
)

select
    stage,
    moment,
    count(*) as visits
from seen
group by stage, moment
order by stage, moment
