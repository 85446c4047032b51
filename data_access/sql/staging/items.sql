-- one row per item, with its completion: the last finish of a visit to its terminal stage, unless a
-- later visit is open. A finish that cannot be completes nothing.
with finishes as (
    select
        visit.source,
        visit.item_id,
        visit.position,
        visit.finished_at
    from staged_visits as visit
    inner join staged_last_stages as item
        on item.source = visit.source and item.item_id = visit.item_id
    inner join staged_terminal_stages as terminal
        on terminal.project = coalesce(item.project, '(not recorded)')
            and terminal.stage = visit.stage
    where visit.finished_at is not null and not visit.has_bad_finish
    qualify
        row_number() over (
            partition by visit.source, visit.item_id
            order by visit.finished_at desc, visit.position desc
        ) = 1
)

select
    item.* exclude (last_open_position),
    closed.source is not null as is_closed_case_source,
    case
        when closed.source is not null then item.last_event_at
        when coalesce(item.last_open_position, 0) < finish.position then finish.finished_at
    end as completed_at
from staged_last_stages as item
left join finishes as finish
    on finish.source = item.source and finish.item_id = item.item_id
left join closed_case_sources as closed
    on closed.source = item.source
