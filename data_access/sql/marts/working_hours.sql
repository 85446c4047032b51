-- one row per span in which a team works on a weekday, and first day from which it holds.
-- grain: source, team, weekday, opens, valid_from.
-- dimensions: source.
-- label: Working hours.
-- first day: select min(valid_from) from working_hours
-- last day: select max(valid_from) from working_hours
select
    source,
    upload_id,
    line,
    coalesce(trim(team), '') as team,
    weekday,
    opens,
    closes,
    time_zone,
    valid_from
from shown_working_hours
where vanished_at is null
order by team, valid_from, weekday, opens, source
