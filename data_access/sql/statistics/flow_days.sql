-- flow_days: how many items came in, were completed and vanished on each day, and how many
-- microseconds of the day (UTC) had passed at these moments, added up. One row per day and move.
-- Reads the moves of items up to the window's end.
select
    moved_on as day,
    move,
    count(*) as items,
    cast(sum(date_diff('microsecond', cast(moved_on as timestamp), moved_at)) as bigint)
        as microseconds
from scoped
group by moved_on, move
order by moved_on, move
