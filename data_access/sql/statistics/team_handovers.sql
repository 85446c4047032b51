-- team_handovers: one row per pair of teams that did two visits of an item one after the other, the
-- most frequent first; a team with itself is work that stayed. Reads the visits of items completed in
-- the window. n: how often. waits, median: of the wait for the second visit.
select
    team_before as from_team,
    cast(team as varchar) as to_team,
    count(*) as n,
    count(wait_hours) as waits,
    cast(quantile_cont(wait_hours, 0.5) as double) as median
from scoped
where team_before is not null
group by team_before, team
order by n desc, from_team, to_team
