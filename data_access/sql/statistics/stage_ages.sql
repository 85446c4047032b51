-- stage_ages: open visits by stage and age at `moment`, the oldest `most` of each stage a row.
-- age_hours: since the stage was entered. n, beyond_p50, beyond_p85, beyond_p95: of the whole stage, on
-- every row of it; those beyond are older than the stage's entry in the lists p50, p85, p95,
-- which go with the names in `stages`; null where the stage is in none.
-- All these are columns of the relation `given`. Reads visits that are open at the window's end.
with history as (
    select
        unnest(given.stages) as stage,
        unnest(given.p50) as p50,
        unnest(given.p85) as p85,
        unnest(given.p95) as p95
    from given
),

open_visits as (
    select
        source,
        item_id,
        cast(stage as varchar) as stage,
        visit_number,
        dataset,
        team,
        assignee,
        entered_at,
        has_queue_recorded and coalesce(started_at > given.moment, true) as is_waiting,
        date_diff('microsecond', entered_at, given.moment) / 3600000000.0 as age_hours
    from scoped
    cross join given
),

counted as (
    select
        open_visits.stage as stage,
        count(*) as n,
        count(*) filter (where open_visits.age_hours > history.p50) as beyond_p50,
        count(*) filter (where open_visits.age_hours > history.p85) as beyond_p85,
        count(*) filter (where open_visits.age_hours > history.p95) as beyond_p95
    from open_visits
    left join history
        on history.stage = open_visits.stage
    group by open_visits.stage
),

ranked as (
    select
        *,
        row_number() over (
            partition by stage
            order by entered_at, source, item_id, visit_number
        ) as place
    from open_visits
)

select
    ranked.stage as stage,
    cast(ranked.item_id as varchar) as item_id,
    cast(ranked.source as varchar) as source,
    cast(ranked.dataset as varchar) as dataset,
    cast(ranked.team as varchar) as team,
    cast(ranked.assignee as varchar) as assignee,
    ranked.entered_at as entered_at,
    ranked.is_waiting as is_waiting,
    ranked.age_hours as age_hours,
    counted.n as n,
    counted.beyond_p50 as beyond_p50,
    counted.beyond_p85 as beyond_p85,
    counted.beyond_p95 as beyond_p95
from ranked
inner join counted
    on counted.stage = ranked.stage
cross join given
where ranked.place <= given.most
order by ranked.stage, ranked.place
