-- one row per issue.
-- grain: source, issue_key.
-- dimensions: project, team, type, priority, status, status_category, assignee, source.
-- label: Issues.
-- rows from: issues.
-- first day: select min(created_on) from issues
-- last day: select max(greatest(created_on, resolved_on, local_day(updated_at))) from issues
--
-- Business hours are those of the issue's team, null where it has no calendar.
with worked as (
    select
        issue.*,
        worked_at(
            issue.created_at, created.begins_at, created.worked_before, created.spans
        ) as created_worked,
        worked_at(
            issue.resolved_at, resolved.begins_at, resolved.worked_before, resolved.spans
        ) as resolved_worked
    from (
        select
            issue.*,
            coalesce(own.calendar, '') as calendar
        from shown_issues as issue
        left join staged_working_calendars as own
            on own.calendar = trim(issue.team)
    ) as issue
    left join staged_working_days as created
        on created.calendar = issue.calendar and created.day = cast(issue.created_at as date)
    left join staged_working_days as resolved
        on resolved.calendar = issue.calendar and resolved.day = cast(issue.resolved_at as date)
)

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
    business_hours(
        hours_between(created_at, resolved_at), created_worked, resolved_worked
    ) as resolve_business_hours,
    coalesce(resolved_at < created_at, false) as has_bad_clock,
    sprint,
    comments,
    last_comment_at,
    logged_hours,
    resolution,
    labels,
    escalation
from worked
order by created_at, source, issue_key
