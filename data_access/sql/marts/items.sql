-- one row per work item.
-- grain: source, item_id.
-- dimensions: project, dataset, team, batch, source.
-- label: Items.
-- first day: select min(first_entered_on) from items
-- last day: select max(last_event_on) from items
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
    days_between(first_entered_at, last_event_at) as case_days,
    rework_loops,
    visits,
    due_at,
    closed_at,
    is_closed_case_source
from staged_items
order by first_entered_at
