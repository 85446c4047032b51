-- one row per day on which a team, or everybody, does not work.
-- grain: source, team, day.
-- dimensions: source.
-- label: Holidays.
-- first day: select min(day) from holidays
-- last day: select max(day) from holidays
select
    source,
    upload_id,
    line,
    coalesce(trim(team), '') as team,
    day,
    coalesce(trim(name), '') as name
from shown_holidays
where vanished_at is null
order by team, day, source
