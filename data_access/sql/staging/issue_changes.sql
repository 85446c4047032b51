-- one row per change of a field between two versions of an issue. A column counts only between
-- exports that have it: one that comes with a later export changes nothing.
-- after_order, by_order: of the exports that show the issue and have the field, the last one before
-- the change and the first one after it. A version can stand in exports that say nothing new, too.
-- after_at, by_at: between which times it happened. The exports say it; an exact time (resolved,
-- status category changed) is both, and the time of the last update is the latest.
-- latest_at: by_at without the exact time: since when the new value surely holds.
with fields as (
    select
        source,
        issue_key,
        version,
        'status' as field,
        status as value
    from staged_issue_versions
    union all
    select
        source,
        issue_key,
        version,
        'resolution' as field,
        case when is_done then 'done' else 'open' end as value
    from staged_issue_versions
    union all
    select
        source,
        issue_key,
        version,
        'due_on' as field,
        cast(due_on as varchar) as value
    from staged_issue_versions
    union all
    select
        source,
        issue_key,
        version,
        'type' as field,
        type as value
    from staged_issue_versions
    union all
    select
        source,
        issue_key,
        version,
        'labels' as field,
        labels as value
    from staged_issue_versions
    union all
    select
        source,
        issue_key,
        version,
        'story_points' as field,
        cast(story_points as varchar) as value
    from staged_issue_versions
    union all
    select
        source,
        issue_key,
        version,
        'assignee' as field,
        assignee as value
    from staged_issue_versions
),

recorded as (
    select
        replay_order,
        column_name as field,
        true as is_direct
    from columns_issues
    union all
    select
        replay_order,
        'resolution' as field,
        bool_or(column_name in ('resolved_at', 'status_category')) as is_direct
    from columns_issues
    where column_name in ('resolved_at', 'status_category', 'status')
    group by replay_order
),

spans as (
    select
        source,
        issue_key,
        version,
        replay_order,
        category,
        lead(replay_order) over (partition by source, issue_key order by version) as next_order
    from staged_issue_versions
),

shown as (
    select
        spans.source,
        spans.issue_key,
        spans.version,
        recorded.field,
        min(sighting.replay_order) as by_order,
        max(sighting.replay_order) as last_order
    from spans
    inner join sightings_issues as sighting
        on sighting.source = spans.source
            and sighting.issue_key = spans.issue_key
            and sighting.replay_order >= spans.replay_order
            and (
                sighting.replay_order = spans.replay_order
                or sighting.replay_order < coalesce(spans.next_order, sighting.replay_order + 1)
            )
    inner join recorded
        on recorded.replay_order = sighting.replay_order
    where recorded.is_direct or spans.category is not null
    group by spans.source, spans.issue_key, spans.version, recorded.field
),

known as (
    select
        fields.source,
        fields.issue_key,
        fields.version,
        fields.field,
        fields.value,
        shown.by_order,
        lag(fields.value) over issue as value_before,
        lag(shown.last_order) over issue as after_order,
        row_number() over issue as place
    from fields
    inner join shown
        on shown.source = fields.source
            and shown.issue_key = fields.issue_key
            and shown.version = fields.version
            and shown.field = fields.field
    window issue as (
        partition by fields.source, fields.issue_key, fields.field
        order by fields.version
    )
),

changed as (
    select *
    from known
    where place > 1 and value is distinct from value_before
),

bounded as (
    select
        changed.*,
        upload.upload_id,
        sighting.line,
        version.updated_at,
        least(upload_before.as_of, upload.as_of) as shown_after_at,
        upload.as_of as shown_by_at,
        case
            when changed.field = 'resolution' and changed.value = 'done' then version.resolved_at
            when changed.field in ('status', 'resolution')
                and (version.category is distinct from version.category_before)
                then version.category_changed_at
        end as told_at
    from changed
    inner join staged_issue_versions as version
        on version.source = changed.source
            and version.issue_key = changed.issue_key
            and version.version = changed.version
    inner join staged_issue_uploads as upload
        on upload.replay_order = changed.by_order
    inner join staged_issue_uploads as upload_before
        on upload_before.replay_order = changed.after_order
    inner join sightings_issues as sighting
        on sighting.source = changed.source
            and sighting.issue_key = changed.issue_key
            and sighting.replay_order = changed.by_order
)

select
    source,
    issue_key,
    version,
    field,
    value_before,
    value,
    after_order,
    by_order,
    upload_id,
    line,
    case
        when told_at > shown_after_at and told_at <= shown_by_at then told_at
        else shown_after_at
    end as after_at,
    case
        when told_at > shown_after_at and told_at <= shown_by_at then told_at
        when updated_at > shown_after_at and updated_at < shown_by_at then updated_at
        else shown_by_at
    end as by_at,
    case
        when updated_at > shown_after_at and updated_at < shown_by_at then updated_at
        else shown_by_at
    end as latest_at
from bounded
