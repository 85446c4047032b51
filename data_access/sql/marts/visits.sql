-- one row per visit of an item to a stage; in an event log per event.
-- grain: source, item_id, stage, visit_number.
-- dimensions: project, dataset, team, stage, stage_before, assignee, outcome, batch, source.
-- label: Stage visits.
-- rows from: work_log.
-- first day: select min(entered_on) from visits
-- last day: select max(coalesce(finished_on, entered_on)) from visits
--
-- stage_left_on: the day of the finish; of a visit without one, the day its item left.
-- A source records queues when any of its visits says when work on it started. Business hours are
-- those of the visit's team, null where it has no calendar. The wait of a visit is its queue; in an
-- event log the time since the item's event before. stage_before and team_before are those of the
-- item's visit before.
with sources as (
    select
        source,
        bool_or(started_at is not null) as has_starts
    from staged_visits
    group by source
),

worked as (
    select
        visit.*,
        worked_at(
            visit.entered_at, entered.begins_at, entered.worked_before, entered.spans
        ) as entered_worked,
        worked_at(
            visit.started_at, started.begins_at, started.worked_before, started.spans
        ) as started_worked,
        worked_at(
            visit.finished_at, finished.begins_at, finished.worked_before, finished.spans
        ) as finished_worked
    from (
        select
            visit.*,
            coalesce(own.calendar, '') as calendar
        from staged_visits as visit
        left join staged_working_calendars as own
            on own.calendar = trim(visit.team)
    ) as visit
    left join staged_working_days as entered
        on entered.calendar = visit.calendar and entered.day = cast(visit.entered_at as date)
    left join staged_working_days as started
        on started.calendar = visit.calendar and started.day = cast(visit.started_at as date)
    left join staged_working_days as finished
        on finished.calendar = visit.calendar and finished.day = cast(visit.finished_at as date)
),

timed as (
    select
        *,
        case when not has_bad_finish then hours_between(entered_at, started_at) end as queue_hours,
        case when not has_bad_finish then hours_between(started_at, finished_at) end as touch_hours,
        case
            when not has_bad_finish and not is_first_event
                then hours_between(entered_at, finished_at)
        end as stage_hours
    from worked
)

select
    visit.source,
    visit.upload_id,
    visit.line,
    visit.item_id,
    named(visit.project) as project,
    named(visit.dataset) as dataset,
    named(visit.team) as team,
    named(visit.stage) as stage,
    named(visit.assignee) as assignee,
    named(visit.outcome) as outcome,
    named(visit.batch) as batch,
    visit.entered_at,
    local_day(visit.entered_at) as entered_on,
    visit.started_at,
    visit.finished_at,
    local_day(case when not visit.has_bad_finish then visit.finished_at end) as finished_on,
    sources.has_starts and not visit.is_event as has_queue_recorded,
    item.is_closed_case_source,
    local_day(
        coalesce(
            visit.started_at, visit.finished_at, least(visit.vanished_at, item.completed_at)
        )
    ) as queue_left_on,
    local_day(
        case
            when visit.finished_at is null then coalesce(item.completed_at, item.vanished_at)
            when not visit.has_bad_finish then visit.finished_at
        end
    ) as stage_left_on,
    visit.has_bad_finish,
    visit.queue_hours,
    visit.touch_hours,
    visit.stage_hours,
    business_hours(visit.queue_hours, visit.entered_worked, visit.started_worked)
        as queue_business_hours,
    business_hours(visit.touch_hours, visit.started_worked, visit.finished_worked)
        as touch_business_hours,
    business_hours(visit.stage_hours, visit.entered_worked, visit.finished_worked)
        as stage_business_hours,
    local_day(item.completed_at) as item_completed_on,
    visit.is_return as is_rework,
    visit.visit_number,
    visit.position,
    case when visit.position > 1 then named(visit.stage_before) else '(first visit)' end
        as stage_before,
    case when visit.position > 1 then named(visit.team_before) end as team_before,
    case when visit.is_event then visit.stage_hours else visit.queue_hours end as wait_hours,
    visit.has_bad_clock
from timed as visit
inner join staged_items as item
    on item.source = visit.source and item.item_id = visit.item_id
inner join sources
    on sources.source = visit.source
order by visit.entered_at
