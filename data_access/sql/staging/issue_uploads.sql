-- one row per issue export in force: its place in the replay, the export of its source before it,
-- and the nearest ones before and after it that hold everything.
select
    source,
    replay_order,
    upload_id,
    as_of,
    lag(replay_order) over (partition by source order by replay_order) as order_before,
    max(case when coverage = 'everything' then replay_order end) over (
        partition by source
        order by replay_order
        rows between unbounded preceding and 1 preceding
    ) as full_order_before,
    min(case when coverage = 'everything' then replay_order end) over (
        partition by source
        order by replay_order
        rows between 1 following and unbounded following
    ) as full_order_after
from uploads
where extract = 'issues' and replay_order is not null
