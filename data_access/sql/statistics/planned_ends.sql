-- planned_ends: one row about the items completed in the window against their planned end. planned:
-- items with one. closed, closed_late: of these, those whose source says when they were closed, and
-- of those the ones closed after it. ended_late: those whose last event came after it.
select
    count(*) as items,
    count(due_at) as planned,
    count(*) filter (due_at is not null and closed_at is not null) as closed,
    count(*) filter (closed_at > due_at) as closed_late,
    count(*) filter (last_event_at > due_at) as ended_late
from scoped
