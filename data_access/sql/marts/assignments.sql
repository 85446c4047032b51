-- one row per planned assignment or absence of a person.
-- grain: source, upload_id, line.
-- dimensions: project, team, stage, source.
-- label: Assignments.
-- first day: select min(from_on) from assignments
-- last day: select max(from_on) from assignments
--
-- What vanished from its source is no longer planned.
select
    source,
    upload_id,
    line,
    named(person) as person,
    coalesce(kind, 'work') as kind,
    named(team) as team,
    named(project) as project,
    named(stage) as stage,
    hours_per_week,
    from_on,
    until_on,
    capacity_hours
from shown_assignments
where vanished_at is null
order by person, from_on, source, line
