-- one row per rung of the escalation ladder: a level, a team and its first day; the newest statement wins.
-- grain: level, team, valid_from.
-- dimensions: source.
-- label: Escalation ladder.
-- first day: select min(valid_from) from escalation_ladder
-- last day: select max(valid_from) from escalation_ladder
select
    source,
    upload_id,
    line,
    level,
    trim(coalesce(team, '')) as team,
    escalate_to,
    after,
    coalesce(hours, 0.0) as hours,
    valid_from
from shown_escalation_ladder
where vanished_at is null
qualify
    row_number() over (
        partition by level, trim(coalesce(team, '')), valid_from
        order by row_as_of desc, upload_id desc, line desc
    ) = 1
order by level, team, valid_from
