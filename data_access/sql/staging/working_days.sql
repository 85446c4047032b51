-- one row per calendar and UTC day on which it holds: the working time before the day, in
-- microseconds, and the day's spans. Working time from a to b is that up to b less
-- that up to a, see worked_at in macros.sql. A day after the last one is not known.
with beginnings as (
    select
        calendar,
        min(opens_at) as begins_at,
        max(cast(greatest(opens_at, closes_at - interval 1 microsecond) as date)) as last_on
    from staged_working_spans
    group by calendar
),

days as (
    select
        calendar,
        begins_at,
        unnest(
            generate_series(
                date_trunc('day', begins_at), cast(last_on as timestamp), interval 1 day
            )
        ) as day
    from beginnings
),

touched as (
    select
        *,
        unnest(
            generate_series(
                date_trunc('day', opens_at), date_trunc('day', closes_at), interval 1 day
            )
        ) as day
    from staged_working_spans
),

pieces as (
    select
        calendar,
        day,
        greatest(opens_at, day) as opens_at,
        least(closes_at, day + interval 1 day) as closes_at
    from touched
    where greatest(opens_at, day) < least(closes_at, day + interval 1 day)
),

by_day as (
    select
        calendar,
        day,
        list(row(opens_at, closes_at)) as spans,
        sum(date_diff('microsecond', opens_at, closes_at)) as worked
    from pieces
    group by calendar, day
)

select
    days.calendar,
    cast(days.day as date) as day,
    days.begins_at,
    cast(
        coalesce(
            sum(by_day.worked) over (
                partition by days.calendar
                order by days.day
                rows between unbounded preceding and 1 preceding
            ),
            0
        )
        as bigint
    ) as worked_before,
    by_day.spans
from days
left join by_day
    on by_day.calendar = days.calendar and by_day.day = days.day
