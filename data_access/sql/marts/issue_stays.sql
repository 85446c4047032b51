-- one row per unbroken stay of an issue in a status category, as successive exports show it.
-- grain: source, issue_key, stay_number.
-- dimensions: project, team, type, priority, status, status_category, assignee, source.
-- label: Issue stays.
-- first day: select min(local_day(as_of)) from uploads where extract = 'issues' and replay_order is not null
-- last day: select max(local_day(as_of)) from uploads where extract = 'issues' and replay_order is not null
--
-- entered_on, left_on place a stay: the exact day where the export gives it, else the day of the
-- first export that shows the change; a new issue counts from its creation in the category that its
-- first export shows. entered_after_on, entered_by_on, left_after_on, left_by_on: the days between
-- which it was. Before an issue was first shown, and done, its category is not recorded.
-- status: the last one in the stay. status_after_at, status_by_at: since when the issue has it, of
-- issues that are there and not done; null for all others.
with entries as (
    select
        *,
        lead(at_order) over issue as next_order,
        lead(after_at) over issue as left_after_at,
        lead(by_at) over issue as left_by_at,
        lead(placed_at) over issue as left_at
    from staged_issue_entries
    window issue as (partition by source, issue_key order by at_order, step, version)
),

stays as (
    select
        *,
        row_number() over (partition by source, issue_key order by at_order, step, version)
            as stay_number
    from entries
    where step < 3
),

versions as (
    select
        source,
        issue_key,
        version,
        status,
        max(replay_order) over (
            partition by source, issue_key
            order by version
            rows between unbounded preceding and current row
        ) as at_order
    from staged_issue_versions
),

statuses as (
    select
        stays.source,
        stays.issue_key,
        stays.stay_number,
        arg_max(versions.status, versions.version) as status
    from stays
    inner join versions
        on versions.source = stays.source
            and versions.issue_key = stays.issue_key
            and versions.at_order < coalesce(stays.next_order, versions.at_order + 1)
    where stays.step > 0 and versions.status is not null
    group by stays.source, stays.issue_key, stays.stay_number
),

firsts as (
    select
        source,
        issue_key,
        after_at,
        latest_at
    from staged_issue_entries
    where step = 1
),

changed as (
    select
        source,
        issue_key,
        arg_max(after_at, version) as after_at,
        arg_max(latest_at, version) as latest_at
    from staged_issue_changes
    where field = 'status'
    group by source, issue_key
),

standing as (
    select
        stays.source,
        stays.issue_key,
        stays.stay_number,
        coalesce(changed.after_at, firsts.after_at) as status_after_at,
        coalesce(changed.latest_at, firsts.latest_at) as status_by_at
    from stays
    inner join firsts
        on firsts.source = stays.source and firsts.issue_key = stays.issue_key
    left join changed
        on changed.source = stays.source and changed.issue_key = stays.issue_key
    where stays.left_at is null and stays.category is distinct from 'Done'
)

select
    stay.source,
    stay.upload_id,
    stay.line,
    stay.issue_key,
    stay.stay_number,
    issue.summary,
    named(issue.project) as project,
    named(issue.team) as team,
    named(issue.type) as type,
    named(issue.priority) as priority,
    named(statuses.status) as status,
    named(stay.category) as status_category,
    named(issue.assignee) as assignee,
    local_day(stay.placed_at) as entered_on,
    local_day(stay.left_at) as left_on,
    local_day(stay.after_at) as entered_after_on,
    local_day(stay.by_at) as entered_by_on,
    local_day(stay.left_after_at) as left_after_on,
    local_day(stay.left_by_at) as left_by_on,
    standing.status_after_at,
    standing.status_by_at,
    local_day(standing.status_after_at) as status_after_on,
    local_day(standing.status_by_at) as status_by_on
from stays as stay
inner join shown_issues as issue
    on issue.source = stay.source and issue.issue_key = stay.issue_key
left join statuses
    on statuses.source = stay.source
        and statuses.issue_key = stay.issue_key
        and statuses.stay_number = stay.stay_number
left join standing
    on standing.source = stay.source
        and standing.issue_key = stay.issue_key
        and standing.stay_number = stay.stay_number
order by stay.placed_at, stay.source, stay.issue_key
