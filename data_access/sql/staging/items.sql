-- one row per item, with its completion.
with finishes as (
    select
        visit.source,
        visit.item_id,
        max(visit.finished_at) as completed_at
    from staged_visits as visit
    inner join staged_last_stages as item
        on item.source = visit.source and item.item_id = visit.item_id
    inner join staged_terminal_stages as terminal
        on terminal.project = coalesce(item.project, '(not recorded)')
            and terminal.stage = visit.stage
    where visit.finished_at is not null
    group by visit.source, visit.item_id
)

select
    item.*,
    closed.source is not null as is_closed_case_source,
    case when closed.source is not null then item.last_event_at else finishes.completed_at end
        as completed_at
from staged_last_stages as item
left join finishes
    on finishes.source = item.source and finishes.item_id = item.item_id
left join closed_case_sources as closed
    on closed.source = item.source
