-- one row per time an issue came into the exports of its source, was gone from one that holds
-- everything, or was back: kind is first, entered, vanished or returned (first: the oldest export of
-- the source has it, so it says nothing about when it came).
-- sighting_order, line: the export that shows it, the last one before for vanished.
-- after_order, by_order: the exports between which it happened; after_order is null for first.
with issues_kept as (
    select distinct
        source,
        issue_key
    from history_issues
),

seen as (
    select
        sighting.source,
        sighting.issue_key,
        sighting.line,
        sighting.replay_order,
        upload.order_before as upload_before,
        upload.full_order_before,
        upload.full_order_after,
        lag(sighting.replay_order) over issue as seen_before,
        lead(sighting.replay_order) over issue as seen_after
    from sightings_issues as sighting
    inner join issues_kept
        on issues_kept.source = sighting.source and issues_kept.issue_key = sighting.issue_key
    inner join staged_issue_uploads as upload
        on upload.replay_order = sighting.replay_order
    window issue as (
        partition by sighting.source, sighting.issue_key
        order by sighting.replay_order
    )
)

select
    source,
    issue_key,
    case when upload_before is null then 'first' else 'entered' end as kind,
    replay_order as sighting_order,
    line,
    upload_before as after_order,
    replay_order as by_order
from seen
where seen_before is null
union all
select
    source,
    issue_key,
    'vanished' as kind,
    replay_order as sighting_order,
    line,
    replay_order as after_order,
    full_order_after as by_order
from seen
where full_order_after < coalesce(seen_after, full_order_after + 1)
union all
select
    source,
    issue_key,
    'returned' as kind,
    replay_order as sighting_order,
    line,
    full_order_before as after_order,
    replay_order as by_order
from seen
where full_order_before > seen_before
