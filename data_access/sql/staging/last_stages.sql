-- one row per item: where it is now, and what it is part of (the last visit that says so wins).
select
    source,
    item_id,
    arg_max(project, position) as project,
    arg_max(dataset, position) as dataset,
    arg_max(team, position) as team,
    arg_max(batch, position) as batch,
    arg_max(stage, position) as stage_now,
    arg_max(finished_at is not null, position) as has_finished_last,
    min(came_at) as first_entered_at,
    max(greatest(came_at, entered_at, started_at, finished_at)) as last_event_at,
    max(due_at) as due_at,
    max(closed_at) as closed_at,
    max(vanished_at) as vanished_at,
    list_text(
        list(coalesce(nullif(trim(stage), ''), '(not recorded)') order by position), '→'
    ) as path,
    count(*) as visits,
    count(*) filter (where is_return) as rework_loops,
    max(position) filter (where finished_at is null) as last_open_position,
    arg_max(upload_id, position) as upload_id,
    arg_max(line, position) as line
from staged_visits
group by source, item_id
