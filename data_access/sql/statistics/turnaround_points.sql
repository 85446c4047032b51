-- turnaround_points: completed items by day and turnaround, at most 2,000 rows: all of them as
-- points (items = 1) while they are 900 or fewer; else the longest beyond the 95th percentile as
-- points, at most 900, and the others counted by day and twelfth of the range below these.
-- cell: the number of the twelfth; null for a point. step: the height of a twelfth in hours.
-- Reads items completed in the window.
with done as (
    select
        source,
        item_id,
        dataset,
        completed_on,
        cast(turnaround_hours as double) as hours
    from scoped
    where turnaround_hours is not null
),

whole as (
    select
        count(*) as items,
        quantile_cont(hours, 0.95) as high
    from done
),

longest as (
    select hours
    from done
    order by hours desc
    limit 901
),

cuts as (
    select
        case
            when whole.items <= 900 then -1.0
            when count(*) = 901 then greatest(whole.high, min(longest.hours))
            else whole.high
        end as cut
    from whole
    cross join longest
    group by whole.items, whole.high
),

points as (
    select
        done.completed_on,
        null as cell,
        done.hours,
        1 as items,
        null as step,
        cast(done.item_id as varchar) as item_id,
        cast(done.source as varchar) as source,
        cast(done.dataset as varchar) as dataset
    from done
    cross join cuts
    where done.hours > cuts.cut
),

cells as (
    select
        done.completed_on,
        cast(least(11, floor(12 * done.hours / nullif(cuts.cut, 0))) as integer) as cell,
        max(done.hours) as hours,
        count(*) as items,
        max(cuts.cut) / 12 as step,
        null as item_id,
        null as source,
        null as dataset
    from done
    cross join cuts
    where done.hours <= cuts.cut
    group by
        done.completed_on,
        cast(least(11, floor(12 * done.hours / nullif(cuts.cut, 0))) as integer)
)

select * from points
union all
select * from cells
order by completed_on, hours, item_id, source
