-- one row per time an issue came back unresolved after an upload that showed it resolved.
-- grain: source, issue_key, reopened_at.
-- dimensions: project, team, type, priority, status, status_category, assignee, source.
-- label: Reopenings.
-- first day: select min(local_day(as_of)) from uploads where extract = 'issues' and replay_order is not null
-- last day: select max(reopened_on) from issue_reopenings
with versions as (
    select
        source,
        issue_key,
        upload_id,
        line,
        row_as_of,
        resolved_at,
        lag(resolved_at) over (
            partition by source, issue_key
            order by version
        ) as resolved_before_at
    from history_issues
),

reopenings as (
    select
        source,
        issue_key,
        row_as_of as reopened_at,
        min(upload_id) as upload_id,
        min(line) as line,
        max(resolved_before_at) as resolved_before_at
    from versions
    where resolved_at is null
        and resolved_before_at is not null
    group by source, issue_key, row_as_of
)

select
    reopening.source,
    reopening.upload_id,
    reopening.line,
    reopening.issue_key,
    issue.summary,
    named(issue.project) as project,
    named(issue.team) as team,
    named(issue.type) as type,
    named(issue.priority) as priority,
    named(issue.status) as status,
    named(issue.status_category) as status_category,
    named(issue.assignee) as assignee,
    reopening.resolved_before_at,
    reopening.reopened_at,
    local_day(reopening.reopened_at) as reopened_on
from reopenings as reopening
inner join shown_issues as issue
    on issue.source = reopening.source and issue.issue_key = reopening.issue_key
order by reopening.reopened_at, reopening.source, reopening.issue_key
