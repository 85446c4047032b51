-- one row per visit of an item to a stage; in an event log per event.
-- grain: source, item_id, stage, visit_number.
-- dimensions: project, dataset, team, stage, assignee, outcome, batch, source.
-- label: Stage visits.
-- first day: select min(entered_on) from visits
-- last day: select max(coalesce(finished_on, entered_on)) from visits
--
-- A source records queues when any of its visits says when work on it started.
with sources as (
    select
        source,
        bool_or(started_at is not null) as has_starts
    from staged_visits
    group by source
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
    case when not visit.has_bad_finish then hours_between(visit.entered_at, visit.started_at) end
        as queue_hours,
    case when not visit.has_bad_finish then hours_between(visit.started_at, visit.finished_at) end
        as touch_hours,
    case
        when not visit.has_bad_finish and not visit.is_first_event
            then hours_between(visit.entered_at, visit.finished_at)
    end as stage_hours,
    local_day(item.completed_at) as item_completed_on,
    visit.is_return as is_rework,
    visit.visit_number,
    visit.has_bad_clock
from staged_visits as visit
inner join staged_items as item
    on item.source = visit.source and item.item_id = visit.item_id
inner join sources
    on sources.source = visit.source
order by visit.entered_at
