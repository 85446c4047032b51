-- one row per item that more than one upload tells of, and upload that changed something about it:
-- when the item was complete as its visits were known then, by the rule of items.sql.
with changes as (
    select
        source,
        item_id,
        since_order as replay_order
    from staged_visit_versions
    union
    select
        source,
        item_id,
        until_order as replay_order
    from staged_visit_versions
    where until_order is not null
),

known as (
    select
        change.replay_order,
        visit.*,
        row_number() over (
            partition by change.source, change.item_id, change.replay_order
            order by visit.came_at, visit.ended_at nulls last, visit.line, visit.upload_id
        ) as position
    from changes as change
    inner join staged_visit_versions as visit
        on visit.source = change.source
            and visit.item_id = change.item_id
            and visit.since_order <= change.replay_order
            and coalesce(visit.until_order > change.replay_order, true)
),

ends as (
    select
        known.source,
        known.item_id,
        known.replay_order,
        max(greatest(known.came_at, known.started_at, known.ended_at)) as last_event_at,
        coalesce(max(known.position) filter (where known.ended_at is null), 0) as last_open_position,
        max(row(known.ended_at, known.position)) filter (
            where known.ended_at is not null
                and not known.has_bad_finish
                and known.stage = terminal.stage
        ) as last_end
    from known
    inner join staged_last_stages as item
        on item.source = known.source and item.item_id = known.item_id
    left join staged_terminal_stages as terminal
        on terminal.project = coalesce(item.project, '(not recorded)')
    group by known.source, known.item_id, known.replay_order
)

select
    ends.source,
    ends.item_id,
    ends.replay_order,
    case
        when closed.source is not null then ends.last_event_at
        when ends.last_open_position < ends.last_end[2] then ends.last_end[1]
    end as completed_at
from ends
left join closed_case_sources as closed
    on closed.source = ends.source
