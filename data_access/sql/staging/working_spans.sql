-- one row per calendar and span of working time, UTC; spans that overlap or touch are one.
--
-- The first row of a calendar is the moment from which it holds and has no length; the spans reach a
-- year beyond the newest upload. A wall-clock time that a clock change repeats is the second one,
-- one that it leaves out is that much later, as in ingest/zones.py.
with stated as (
    select
        coalesce(trim(team), '') as calendar,
        list_position(
            ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'], weekday
        ) as weekday,
        minutes_of(opens) as opens,
        minutes_of(closes) as closes,
        time_zone,
        valid_from
    from shown_working_hours
    where vanished_at is null
),

free as (
    select
        coalesce(trim(team), '') as calendar,
        day
    from shown_holidays
    where vanished_at is null
),

weeks as (
    select
        calendar,
        valid_from,
        lead(valid_from, 1, date '9999-12-31') over (partition by calendar order by valid_from)
            as valid_until
    from stated
    group by calendar, valid_from
),

days as (
    select unnest(
        generate_series(
            cast(greatest((select min(valid_from) from stated), date '1990-01-01') as timestamp),
            cast((select cast(max(accepted_at) as date) + 366 from uploads) as timestamp),
            interval 1 day
        )
    ) as day
),

-- the week that holds for a calendar on a day: its own, else everybody's
calendar_days as (
    select
        calendar.calendar,
        days.day,
        coalesce(own.calendar, everybody.calendar) as hours_of,
        coalesce(own.valid_from, everybody.valid_from) as valid_from
    from staged_working_calendars as calendar
    cross join days
    left join weeks as own
        on own.calendar = calendar.calendar
            and days.day >= own.valid_from
            and days.day < own.valid_until
    left join weeks as everybody
        on everybody.calendar = ''
            and days.day >= everybody.valid_from
            and days.day < everybody.valid_until
    where own.calendar is not null or everybody.calendar is not null
),

first_days as (
    select
        calendar,
        min(day) as day
    from calendar_days
    group by calendar
),

beginnings as (
    select
        first_days.calendar,
        min(utc_of(first_days.day, stated.time_zone)) as begins_at
    from first_days
    inner join calendar_days
        on calendar_days.calendar = first_days.calendar and calendar_days.day = first_days.day
    inner join stated
        on stated.calendar = calendar_days.hours_of
            and stated.valid_from = calendar_days.valid_from
    group by first_days.calendar
),

spans as (
    select
        calendar_days.calendar,
        utc_of(calendar_days.day + to_minutes(stated.opens), stated.time_zone) as opens_at,
        utc_of(
            calendar_days.day
            + to_minutes(
                stated.closes + case when stated.closes <= stated.opens then 1440 else 0 end
            ),
            stated.time_zone
        ) as closes_at
    from calendar_days
    inner join stated
        on stated.calendar = calendar_days.hours_of
            and stated.valid_from = calendar_days.valid_from
            and stated.weekday = isodow(calendar_days.day)
    where not exists (
        select 1
        from free
        where free.day = calendar_days.day and free.calendar in ('', calendar_days.calendar)
    )
),

reached as (
    select
        *,
        max(closes_at) over (
            partition by calendar
            order by opens_at, closes_at
            rows between unbounded preceding and 1 preceding
        ) as reached_at
    from spans
    where closes_at > opens_at
),

numbered as (
    select
        *,
        sum(case when reached_at >= opens_at then 0 else 1 end) over (
            partition by calendar
            order by opens_at, closes_at
            rows unbounded preceding
        ) as span
    from reached
)

select
    calendar,
    min(opens_at) as opens_at,
    max(closes_at) as closes_at
from numbered
group by calendar, span
union all
select
    calendar,
    begins_at as opens_at,
    begins_at as closes_at
from beginnings
order by calendar, opens_at, closes_at
