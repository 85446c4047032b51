-- one row per resolved issue and status it was in.
-- grain: source, issue_key, status_id.
-- dimensions: project, team, type, priority, status, assignee, source.
-- label: Time in status.
-- rows from: issues.
-- first day: select min(resolved_on) from status_times
-- last day: select max(resolved_on) from status_times
-- a status has one name in all rows of its source: the one accepted last, if any was given.
with names as (
    select
        spent.source,
        spent.status_id,
        arg_max(spent.status, (upload.accepted_at, upload.upload_id)) as status
    from shown_status_times as spent
    inner join uploads as upload
        on upload.upload_id = spent.upload_id
    where spent.status <> 'Status ' || spent.status_id
    group by spent.source, spent.status_id
)

select
    spent.source,
    spent.upload_id,
    spent.line,
    spent.issue_key,
    spent.status_id,
    named(coalesce(names.status, 'Status ' || spent.status_id)) as status,
    issue.summary,
    named(issue.project) as project,
    named(issue.team) as team,
    named(issue.type) as type,
    named(issue.priority) as priority,
    named(issue.assignee) as assignee,
    coalesce(spent.resolved_at, issue.resolved_at) as resolved_at,
    local_day(coalesce(spent.resolved_at, issue.resolved_at)) as resolved_on,
    spent.visits,
    spent.hours
from shown_status_times as spent
left join names
    on names.source = spent.source and names.status_id = spent.status_id
left join shown_issues as issue
    on issue.source = spent.source and issue.issue_key = spent.issue_key
order by resolved_at, spent.source, spent.issue_key, spent.status_id
