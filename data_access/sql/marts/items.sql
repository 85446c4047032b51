-- one row per work item.
-- grain: source, item_id.
-- dimensions: project, dataset, team, batch, source, path.
-- label: Items.
-- rows from: work_log.
-- first day: select min(first_entered_on) from items
-- last day: select max(last_event_on) from items
--
-- Business hours are those of the item's team, null where it has no calendar. The path is the stages
-- of its visits in their order.
with worked as (
    select
        item.*,
        worked_at(
            item.first_entered_at, entered.begins_at, entered.worked_before, entered.spans
        ) as entered_worked,
        worked_at(
            item.completed_at, done.begins_at, done.worked_before, done.spans
        ) as completed_worked
    from (
        select
            item.*,
            coalesce(own.calendar, '') as calendar
        from staged_items as item
        left join staged_working_calendars as own
            on own.calendar = trim(item.team)
    ) as item
    left join staged_working_days as entered
        on entered.calendar = item.calendar and entered.day = cast(item.first_entered_at as date)
    left join staged_working_days as done
        on done.calendar = item.calendar and done.day = cast(item.completed_at as date)
)

select
    source,
    upload_id,
    line,
    item_id,
    named(project) as project,
    named(dataset) as dataset,
    named(team) as team,
    named(batch) as batch,
    stage_now,
    first_entered_at,
    local_day(first_entered_at) as first_entered_on,
    last_event_at,
    local_day(last_event_at) as last_event_on,
    completed_at,
    local_day(completed_at) as completed_on,
    local_day(coalesce(completed_at, vanished_at)) as left_on,
    hours_between(first_entered_at, completed_at) as turnaround_hours,
    business_hours(
        hours_between(first_entered_at, completed_at), entered_worked, completed_worked
    ) as turnaround_business_hours,
    days_between(first_entered_at, last_event_at) as case_days,
    rework_loops,
    path,
    visits,
    due_at,
    closed_at,
    is_closed_case_source
from worked
order by first_entered_at
