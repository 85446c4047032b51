-- accepted_in_review_by_day: what accepted_by_day tells, in its columns, where no work log is there: an
-- item is accepted on the day of the last acceptance, or fix, at the highest stage that reviewed it.
-- What was known before later reviews is not told: `lost_on` is null. Reads review paths, split by the
-- line of work.
with told as (
    select
        segment,
        project,
        batch,
        source,
        cast(null as date) as day,
        started_on as known_on
    from scoped
    union all
    select
        segment,
        project,
        batch,
        source,
        accepted_on as day,
        accepted_on as known_on
    from scoped
    where accepted_on is not null
)

select
    segment,
    project,
    batch,
    source,
    day,
    known_on,
    cast(null as date) as lost_on,
    count(*) as items
from told
group by segment, project, batch, source, day, known_on
order by segment, project, batch, source, day, known_on
