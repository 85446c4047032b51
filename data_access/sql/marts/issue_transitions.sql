-- one row per change of an issue that comparing successive exports shows.
-- grain: source, issue_key, kind, field, upload_id.
-- dimensions: project, team, type, priority, status, status_category, assignee, kind, source.
-- label: Issue changes.
-- first day: select min(local_day(as_of)) from uploads where extract = 'issues' and replay_order is not null
-- last day: select max(local_day(as_of)) from uploads where extract = 'issues' and replay_order is not null
--
-- kind: entered (new in the exports; not the issues of a source's oldest export), status, resolved,
-- reopened, re_scoped (type, labels or story points), re_dated (due day), reassigned, vanished (gone
-- from an export that holds everything), returned. A resolution is no status change besides.
-- after_at, by_at: the change lies between them; equal where the export says exactly when.
-- by_on places it: the day by which it had happened. Dimensions are those of the issue as it is now.
-- is_newest: the newest export of its source is the first that shows it.
with newest as (
    select
        source,
        max(replay_order) as replay_order
    from staged_issue_uploads
    group by source
),

settled as (
    select distinct
        source,
        issue_key,
        version
    from staged_issue_changes
    where field = 'resolution'
),

changes as (
    select
        change.source,
        change.issue_key,
        change.upload_id,
        change.line,
        change.by_order,
        case
            when change.field = 'resolution' and change.value = 'done' then 'resolved'
            when change.field = 'resolution' then 'reopened'
            when change.field = 'status' then 'status'
            when change.field = 'due_on' then 're_dated'
            when change.field = 'assignee' then 'reassigned'
            else 're_scoped'
        end as kind,
        change.field,
        case
            when change.field = 'resolution' then coalesce(version.status_before, change.value_before)
            else coalesce(change.value_before, '')
        end as from_value,
        case
            when change.field = 'resolution' then coalesce(version.status, change.value)
            else coalesce(change.value, '')
        end as to_value,
        change.after_at,
        change.by_at
    from staged_issue_changes as change
    inner join staged_issue_versions as version
        on version.source = change.source
            and version.issue_key = change.issue_key
            and version.version = change.version
    left join settled
        on settled.source = change.source
            and settled.issue_key = change.issue_key
            and settled.version = change.version
            and change.field = 'status'
    where settled.version is null
),

statuses as (
    select
        presence.source,
        presence.issue_key,
        presence.kind,
        presence.sighting_order,
        arg_max(version.status, version.version) as status,
        min(version.created_at) as created_at
    from staged_issue_presence as presence
    inner join staged_issue_versions as version
        on version.source = presence.source
            and version.issue_key = presence.issue_key
            and version.replay_order <= presence.sighting_order
    group by presence.source, presence.issue_key, presence.kind, presence.sighting_order
),

presences as (
    select
        presence.source,
        presence.issue_key,
        upload.upload_id,
        presence.line,
        presence.by_order,
        presence.kind,
        'issue' as field,
        case when presence.kind = 'vanished' then coalesce(statuses.status, '') else '' end
            as from_value,
        case when presence.kind = 'vanished' then '' else coalesce(statuses.status, '') end
            as to_value,
        presence.kind = 'entered'
        and coalesce(statuses.created_at > upload_after.as_of, false)
        and statuses.created_at <= upload_by.as_of as is_exact,
        statuses.created_at,
        upload_after.as_of as shown_after_at,
        upload_by.as_of as shown_by_at
    from staged_issue_presence as presence
    inner join staged_issue_uploads as upload
        on upload.replay_order = presence.sighting_order
    inner join staged_issue_uploads as upload_after
        on upload_after.replay_order = presence.after_order
    inner join staged_issue_uploads as upload_by
        on upload_by.replay_order = presence.by_order
    left join statuses
        on statuses.source = presence.source
            and statuses.issue_key = presence.issue_key
            and statuses.kind = presence.kind
            and statuses.sighting_order = presence.sighting_order
    where presence.kind <> 'first'
),

transitions as (
    select
        source,
        issue_key,
        upload_id,
        line,
        by_order,
        kind,
        field,
        from_value,
        to_value,
        after_at,
        by_at
    from changes
    union all
    select
        source,
        issue_key,
        upload_id,
        line,
        by_order,
        kind,
        field,
        from_value,
        to_value,
        case when is_exact then created_at else shown_after_at end as after_at,
        case when is_exact then created_at else shown_by_at end as by_at
    from presences
)

select
    transition.source,
    transition.upload_id,
    transition.line,
    transition.issue_key,
    issue.summary,
    named(issue.project) as project,
    named(issue.team) as team,
    named(issue.type) as type,
    named(issue.priority) as priority,
    named(issue.status) as status,
    named(issue.status_category) as status_category,
    named(issue.assignee) as assignee,
    transition.kind,
    transition.field,
    transition.from_value,
    transition.to_value,
    transition.after_at,
    transition.by_at,
    transition.after_at = transition.by_at as is_exact,
    local_day(transition.after_at) as after_on,
    local_day(transition.by_at) as by_on,
    transition.by_order = newest.replay_order as is_newest
from transitions as transition
inner join shown_issues as issue
    on issue.source = transition.source and issue.issue_key = transition.issue_key
inner join newest
    on newest.source = transition.source
order by transition.by_at, transition.source, transition.issue_key, transition.kind
