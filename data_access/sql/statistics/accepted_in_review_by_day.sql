-- accepted_in_review_by_day: what accepted_by_day tells, where no work log is there: an item is
-- accepted on the day of the last acceptance, or fix, at the highest stage that reviewed it. Reads
-- review paths, split by the line of work.
select
    segment,
    project,
    batch,
    accepted_on as day,
    count(*) as items
from scoped
group by segment, project, batch, accepted_on
order by segment, project, batch, day
