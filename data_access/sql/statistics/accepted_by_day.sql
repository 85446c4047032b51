-- accepted_by_day: when the items of each batch were accepted, as it was known from day to day. Reads
-- items, split by the line of work. One row per line (`segment`), project, batch, source and three
-- days: `day` on which they were accepted, `known_on` since when and `lost_on` until when that was
-- known (null: it still is). Rows without `day` count every item, accepted or not, since it came in.
-- An item is accepted on the day it is complete, unless the last review known by then is a rejection:
-- then it was closed, not accepted. A review that follows a rejection takes it back. items: how many.
with reviewed as (
    select
        item_home,
        item_id,
        reviewed_on,
        max(reviewed_at) as reviewed_at,
        arg_max(
            outcome, row(reviewed_at, try_cast(review_stage as integer), source, review_id)
        ) as outcome
    from reviews
    group by item_home, item_id, reviewed_on
),

done as (
    select
        segment,
        project,
        batch,
        source,
        item_id,
        case
            when project = '(not recorded)' then 's' || cast(source as varchar)
            else 'p' || cast(project as varchar)
        end as item_home,
        completed_at,
        completed_on
    from scoped
    where completed_at is not null
),

changes as (
    select
        done.*,
        done.completed_on as known_on,
        0 as step,
        true as is_accepted
    from done
    union all
    select
        done.*,
        reviewed.reviewed_on as known_on,
        1 as step,
        reviewed.outcome <> 'rejected' or reviewed.reviewed_at < done.completed_at as is_accepted
    from done
    inner join reviewed
        on reviewed.item_home = done.item_home and reviewed.item_id = done.item_id
    where reviewed.reviewed_on >= done.completed_on
),

spells as (
    select
        *,
        lead(known_on) over (
            partition by source, item_id
            order by known_on, step
        ) as lost_on
    from changes
),

told as (
    select
        segment,
        project,
        batch,
        source,
        cast(null as date) as day,
        first_entered_on as known_on,
        cast(null as date) as lost_on
    from scoped
    union all
    select
        segment,
        project,
        batch,
        source,
        completed_on as day,
        known_on,
        lost_on
    from spells
    where is_accepted and coalesce(known_on < lost_on, true)
)

select
    segment,
    project,
    batch,
    source,
    day,
    known_on,
    lost_on,
    count(*) as items
from told
group by segment, project, batch, source, day, known_on, lost_on
order by segment, project, batch, source, day, known_on, lost_on
