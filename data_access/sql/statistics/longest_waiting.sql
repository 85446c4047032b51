-- longest_waiting: the eight visits that have waited longest, longest first. Reads visits that wait
-- at the window's end.
select
    item_id,
    project,
    dataset,
    team,
    assignee,
    batch,
    entered_at
from scoped
order by entered_at, source, item_id, stage, visit_number
limit 8
