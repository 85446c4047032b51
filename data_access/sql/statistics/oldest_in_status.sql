-- oldest_in_status: the issues that have been longest in their status, longest first. Reads stays
-- that last in the newest exports and are not done.
select
    source,
    issue_key,
    summary,
    project,
    team,
    priority,
    status,
    assignee,
    status_after_at,
    status_by_at
from scoped
order by status_by_at, status_after_at, source, issue_key
limit 10
