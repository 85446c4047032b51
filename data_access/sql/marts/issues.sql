-- one row per issue.
-- grain: source, issue_key.
-- dimensions: project, team, type, priority, status, status_category, assignee, source.
-- label: Issues.
-- first day: select min(created_on) from issues
-- last day: select max(greatest(created_on, resolved_on, local_day(updated_at))) from issues
select
    source,
    upload_id,
    line,
    issue_key,
    summary,
    named(project) as project,
    named(team) as team,
    named(type) as type,
    named(priority) as priority,
    named(status) as status,
    named(status_category) as status_category,
    named(assignee) as assignee,
    reporter,
    created_at,
    local_day(created_at) as created_on,
    resolved_at,
    local_day(resolved_at) as resolved_on,
    local_day(coalesce(resolved_at, vanished_at)) as left_on,
    due_on,
    updated_at,
    days_between(created_at, resolved_at) as resolve_days,
    coalesce(resolved_at < created_at, false) as has_bad_clock,
    resolution,
    labels,
    escalation
from shown_issues
order by created_at, source, issue_key
