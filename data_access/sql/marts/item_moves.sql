-- one row per item that came in, and per item that left: by completion, or by vanishing; never before
-- it came in.
-- grain: source, item_id, move.
-- dimensions: project, dataset, team, batch, source.
-- label: Items coming and going.
-- first day: select min(moved_on) from item_moves
-- last day: select max(moved_on) from item_moves
with moves as (
    select
        *,
        'entered' as move,
        1 as step,
        first_entered_at as moved_at
    from staged_items
    union all
    select
        *,
        case when completed_at is not null then 'completed' else 'vanished' end as move,
        -1 as step,
        coalesce(completed_at, greatest(vanished_at, first_entered_at)) as moved_at
    from staged_items
    where completed_at is not null or vanished_at is not null
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
    move,
    step,
    moved_at,
    local_day(moved_at) as moved_on,
    first_entered_at,
    is_closed_case_source
from moves
order by moved_at
