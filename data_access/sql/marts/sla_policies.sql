-- one row per SLA policy: a severity, a team and its first day; the newest statement wins.
-- grain: severity, team, valid_from.
-- dimensions: source.
-- label: SLA policies.
-- first day: select min(valid_from) from sla_policies
-- last day: select max(valid_from) from sla_policies
select
    source,
    upload_id,
    line,
    trim(coalesce(severity, '')) as severity,
    trim(coalesce(team, '')) as team,
    response_hours,
    resolution_hours,
    clock,
    coalesce(pauses, '') as pauses,
    valid_from
from shown_sla_policies
where vanished_at is null
qualify
    row_number() over (
        partition by trim(coalesce(severity, '')), trim(coalesce(team, '')), valid_from
        order by row_as_of desc, upload_id desc, line desc
    ) = 1
order by severity, team, valid_from
