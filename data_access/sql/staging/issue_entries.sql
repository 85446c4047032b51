-- one row per time an issue came into a status category, or (step 3) left the exports.
-- at_order, step, version: put the rows of an issue in order.
-- after_at, by_at: the entry lies between them, equal where the export says exactly when.
-- placed_at: the exact time, else the latest; a new issue counts from its creation in the category
-- that its first export shows, one that is done by then from when it was.
-- latest_at: by_at without the exact time.
with versions as (
    select
        *,
        max(replay_order) over (
            partition by source, issue_key
            order by version
            rows between unbounded preceding and current row
        ) as at_order
    from staged_issue_versions
),

moved as (
    select
        version.source,
        version.issue_key,
        version.at_order,
        version.version,
        version.upload_id,
        version.line,
        version.category,
        version.created_at,
        version.updated_at,
        case when version.category = 'Done' then version.resolved_at else version.category_changed_at end
            as told_at,
        max(sighting.replay_order) as after_order
    from versions as version
    left join sightings_issues as sighting
        on sighting.source = version.source
            and sighting.issue_key = version.issue_key
            and sighting.replay_order < version.at_order
    where version.version > 1 and version.category is distinct from version.category_before
    group by
        version.source,
        version.issue_key,
        version.at_order,
        version.version,
        version.upload_id,
        version.line,
        version.category,
        version.created_at,
        version.updated_at,
        version.resolved_at,
        version.category_changed_at
),

returned as (
    select
        presence.source,
        presence.issue_key,
        presence.by_order as at_order,
        max(version.version) as version,
        arg_max(version.category, version.version) as category,
        any_value(presence.after_order) as after_order,
        any_value(presence.line) as line
    from staged_issue_presence as presence
    left join versions as version
        on version.source = presence.source
            and version.issue_key = presence.issue_key
            and version.at_order <= presence.by_order
    where presence.kind = 'returned'
    group by presence.source, presence.issue_key, presence.by_order
),

shown as (
    select
        version.source,
        version.issue_key,
        presence.by_order as at_order,
        1 as step,
        version.version,
        version.upload_id,
        version.line,
        version.category,
        version.created_at as since_at,
        greatest(upload.as_of, version.created_at) as shown_by_at,
        version.updated_at,
        greatest(
            case when version.category = 'Done' then version.resolved_at else version.category_changed_at end,
            version.created_at
        ) as told_at,
        true as is_first
    from versions as version
    inner join staged_issue_presence as presence
        on presence.source = version.source
            and presence.issue_key = version.issue_key
            and presence.kind in ('first', 'entered')
    inner join staged_issue_uploads as upload
        on upload.replay_order = presence.by_order
    where version.version = 1
    union all
    select
        moved.source,
        moved.issue_key,
        moved.at_order,
        2 as step,
        moved.version,
        moved.upload_id,
        moved.line,
        moved.category,
        least(coalesce(upload_before.as_of, moved.created_at), upload.as_of) as since_at,
        upload.as_of as shown_by_at,
        moved.updated_at,
        moved.told_at,
        false as is_first
    from moved
    inner join staged_issue_uploads as upload
        on upload.replay_order = moved.at_order
    left join staged_issue_uploads as upload_before
        on upload_before.replay_order = moved.after_order
    left join returned
        on returned.source = moved.source
            and returned.issue_key = moved.issue_key
            and returned.at_order = moved.at_order
    where returned.at_order is null
    union all
    select
        returned.source,
        returned.issue_key,
        returned.at_order,
        2 as step,
        returned.version,
        upload.upload_id,
        returned.line,
        returned.category,
        upload_before.as_of as since_at,
        upload.as_of as shown_by_at,
        cast(null as timestamp) as updated_at,
        cast(null as timestamp) as told_at,
        false as is_first
    from returned
    inner join staged_issue_uploads as upload
        on upload.replay_order = returned.at_order
    inner join staged_issue_uploads as upload_before
        on upload_before.replay_order = returned.after_order
    union all
    select
        presence.source,
        presence.issue_key,
        presence.by_order as at_order,
        3 as step,
        0 as version,
        upload_after.upload_id,
        presence.line,
        cast(null as varchar) as category,
        upload_after.as_of as since_at,
        upload_by.as_of as shown_by_at,
        cast(null as timestamp) as updated_at,
        cast(null as timestamp) as told_at,
        false as is_first
    from staged_issue_presence as presence
    inner join staged_issue_uploads as upload_after
        on upload_after.replay_order = presence.after_order
    inner join staged_issue_uploads as upload_by
        on upload_by.replay_order = presence.by_order
    where presence.kind = 'vanished'
),

bounded as (
    select
        *,
        told_at <= shown_by_at and (told_at > since_at or (is_first and told_at >= since_at)) as is_exact,
        case
            when updated_at > since_at and updated_at < shown_by_at then updated_at
            else shown_by_at
        end as latest_at
    from shown
),

placed as (
    select
        *,
        case when is_exact then told_at else since_at end as after_at,
        case when is_exact then told_at else latest_at end as by_at,
        case
            when is_exact then told_at
            when is_first and (category is distinct from 'Done') then since_at
            else latest_at
        end as placed_at
    from bounded
)

select
    source,
    issue_key,
    at_order,
    step,
    version,
    upload_id,
    line,
    category,
    after_at,
    by_at,
    placed_at,
    latest_at
from placed
union all
select
    source,
    issue_key,
    at_order,
    0 as step,
    0 as version,
    upload_id,
    line,
    cast(null as varchar) as category,
    since_at as after_at,
    since_at as by_at,
    since_at as placed_at,
    since_at as latest_at
from placed
where is_first and by_at > since_at
