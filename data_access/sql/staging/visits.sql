-- one row per visit of an item to a stage: both forms of the work log made alike.
--
-- A row without entered_at is an event: it came to the stage at the item's event before (the first
-- one at its own time) and finished at its own. A visit that vanished from its source while its
-- item is still there was corrected there, and is left out; a whole item that vanished is kept.
-- Visits of an item that came at the same time stand in the order of their finish, an open one
-- last, then of their lines in the file.
with logged as (
    select
        log.*,
        log.entered_at is null as is_event,
        coalesce(log.entered_at, log.event_at) as came_at,
        case when log.entered_at is null then log.event_at else log.finished_at end as ended_at
    from shown_work_log as log
),

kept as (
    select * from logged where vanished_at is null
    union all
    select gone.*
    from logged as gone
    where gone.vanished_at is not null
        and not exists (
            select 1
            from logged as there
            where there.source = gone.source
                and there.item_id = gone.item_id
                and there.vanished_at is null
        )
),

placed as (
    select
        *,
        row_number() over item as position,
        lag(came_at) over item as came_before_at,
        lag(stage) over item as stage_before,
        lag(team) over item as team_before
    from kept
    window item as (
        partition by source, item_id
        order by came_at, ended_at nulls last, line, upload_id
    )
)

select
    source,
    upload_id,
    line,
    item_id,
    project,
    dataset,
    team,
    stage,
    assignee,
    outcome,
    batch,
    due_at,
    closed_at,
    vanished_at,
    is_event,
    position,
    stage_before,
    team_before,
    row_number() over stage_visits as visit_number,
    row_number() over stage_visits > 1 and stage <> stage_before as is_return,
    came_at,
    case when is_event then coalesce(came_before_at, came_at) else entered_at end as entered_at,
    case when not is_event then started_at end as started_at,
    ended_at as finished_at,
    is_event and came_before_at is null as is_first_event,
    coalesce(
        not is_event
        and (started_at < entered_at or finished_at < greatest(started_at, entered_at)),
        false
    ) as has_bad_clock,
    coalesce(not is_event and finished_at < greatest(started_at, entered_at), false)
        as has_bad_finish
from placed
window stage_visits as (partition by source, item_id, stage order by position)
