-- planned_ends: one row about the items completed in the window against their planned end. planned:
-- items with one. closed, closed_late: of these, those whose source says when they were closed, and
-- of those the ones closed after it. ended_late: those whose last event came after it. late_days:
-- median days by which those closed late were late.
select
    count(*) as items,
    count(due_at) as planned,
    count(*) filter (due_at is not null and closed_at is not null) as closed,
    count(*) filter (closed_at > due_at) as closed_late,
    count(*) filter (last_event_at > due_at) as ended_late,
    quantile_cont(
        case
            when closed_at > due_at
                then date_diff('microsecond', due_at, closed_at) / 86400000000.0
        end,
        0.5
    ) as late_days
from scoped
