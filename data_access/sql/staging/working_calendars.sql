-- one row per calendar: '' is everybody's, the others are those of teams that have working hours or
-- holidays of their own.
select coalesce(trim(team), '') as calendar
from shown_working_hours
where vanished_at is null
union
select coalesce(trim(team), '') as calendar
from shown_holidays
where vanished_at is null
