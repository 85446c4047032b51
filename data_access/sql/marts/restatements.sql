-- one row per upload and earlier day that it added rows to or changed rows of.
-- grain: extract, source, upload_id, happened_on.
-- dimensions: source.
-- label: Restatements.
-- first day: select min(happened_on) from restatements
-- last day: select max(happened_on) from restatements
--
-- covered_on is the as-of day of the upload before: a window that ended by then had been covered.
-- Open work that moves on restates nothing: a visit counts by its finish, an issue by its creation
-- and its resolution.
with told as (
    select
        'work_log' as extract,
        source,
        upload_id,
        replay_order,
        local_day(coalesce(finished_at, event_at)) as happened_on
    from history_work_log
    union all
    select
        'reviews' as extract,
        source,
        upload_id,
        replay_order,
        local_day(reviewed_at) as happened_on
    from history_reviews
    union all
    select
        'issues' as extract,
        source,
        upload_id,
        replay_order,
        local_day(
            case
                when version = 1 then created_at
                when resolved_at is distinct from resolved_before_at then resolved_at
            end
        ) as happened_on
    from (
        select
            *,
            lag(resolved_at) over (partition by source, issue_key order by version)
                as resolved_before_at
        from history_issues
    ) as issue_versions
    union all
    select
        'deliveries' as extract,
        source,
        upload_id,
        replay_order,
        promised_on as happened_on
    from history_deliveries
),

covered as (
    select
        extract,
        replay_order,
        local_day(
            lag(as_of) over (partition by extract, source order by replay_order)
        ) as covered_on
    from uploads
    where replay_order is not null
)

select
    told.extract,
    told.source,
    told.upload_id,
    told.happened_on,
    covered.covered_on,
    count(*) as told_rows
from told
inner join covered
    on covered.extract = told.extract and covered.replay_order = told.replay_order
where told.happened_on <= covered.covered_on
group by told.extract, told.source, told.upload_id, told.happened_on, covered.covered_on
order by told.happened_on
