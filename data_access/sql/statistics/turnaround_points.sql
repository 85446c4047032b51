-- turnaround_points: completed items by day and turnaround, at most 2,000 rows: all of them as
-- points (items = 1) while they are 900 or fewer; else the longest 5%, at most 900, as points (fewer
-- where the next one is as long), and the others counted by day and twelfth of the range below these.
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
        cast(least(900, floor(count(*) * 0.05)) as bigint) as points
    from done
),

longest as (
    select hours
    from done
    order by hours desc
    limit 901
),

ranked as (
    select
        hours,
        row_number() over (order by hours desc) as place
    from longest
),

cuts as (
    select case when max(whole.items) <= 900 then -1.0 else max(ranked.hours) end as cut
    from ranked
    cross join whole
    where ranked.place > whole.points
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
