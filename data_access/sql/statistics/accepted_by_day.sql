-- accepted_by_day: when the items of each batch were accepted. Reads items, split by the line of
-- work. One row per line (`segment`), project, batch and day; `day` is null for items that are not
-- accepted.
-- An item is accepted on the day it is complete, unless its last review is a rejection that nothing
-- followed: then it was closed, not accepted. items: how many.
with reviewed as (
    select
        case
            when project = '(not recorded)' then 's' || cast(source as varchar)
            else 'p' || cast(project as varchar)
        end as home,
        item_id,
        max(last_reviewed_at) as last_reviewed_at,
        bool_or(outcome = 'rejected') as is_rejected
    from review_paths
    where outcome <> '(not recorded)'
    group by home, item_id
),

told as (
    select
        scoped.segment as segment,
        scoped.project as project,
        scoped.batch as batch,
        case
            when
                reviewed.is_rejected and scoped.completed_at <= reviewed.last_reviewed_at
                then null
            else scoped.completed_on
        end as day
    from scoped
    left join reviewed
        on
            reviewed.item_id = scoped.item_id
            and reviewed.home = case
                when scoped.project = '(not recorded)' then 's' || cast(scoped.source as varchar)
                else 'p' || cast(scoped.project as varchar)
            end
)

select
    segment,
    project,
    batch,
    day,
    count(*) as items
from told
group by segment, project, batch, day
order by segment, project, batch, day
