-- one row per upload and earlier day that it added rows to, changed rows of or took rows from.
-- grain: extract, source, upload_id, happened_on.
-- dimensions: source.
-- label: Restatements.
-- first day: select min(happened_on) from restatements
-- last day: select max(happened_on) from restatements
--
-- covered_on is the as-of day of the upload before: a window that ended by then had been covered.
-- Open work that moves on restates nothing: a visit counts by its finish, an issue by its creation
-- and its resolution. A row whose day moved is told for the day it left and the day it came to. An
-- item whose completion moved counts beside its visits, for days that none of them is told for.
with visit_days as (
    select
        source,
        item_id,
        replay_order,
        unnest(list_distinct([happened_on, happened_before_on])) as happened_on
    from (
        select
            source,
            item_id,
            replay_order,
            local_day(coalesce(finished_at, event_at)) as happened_on,
            local_day(
                lag(coalesce(finished_at, event_at)) over (
                    partition by source, item_id, stage, coalesce(entered_at, event_at)
                    order by version
                )
            ) as happened_before_on
        from history_work_log
    ) as visit_versions
    union all
    select
        gone.source,
        gone.item_id,
        gone.until_order as replay_order,
        local_day(gone.ended_at) as happened_on
    from staged_visit_versions as gone
    where gone.until_order is not null
        and not exists (
            select 1
            from staged_visit_versions as later
            where later.source = gone.source
                and later.item_id = gone.item_id
                and later.stage = gone.stage
                and later.came_at = gone.came_at
                and later.version > gone.version
        )
),

completion_days as (
    select
        source,
        item_id,
        replay_order,
        unnest(list_distinct([completed_on, completed_before_on])) as happened_on
    from (
        select
            source,
            item_id,
            replay_order,
            local_day(completed_at) as completed_on,
            local_day(lag(completed_at) over (partition by source, item_id order by replay_order))
                as completed_before_on
        from staged_completion_versions
    ) as completions
    where completed_on is distinct from completed_before_on
    except
    select
        source,
        item_id,
        replay_order,
        happened_on
    from visit_days
),

issue_days as (
    select
        source,
        replay_order,
        unnest(
            list_distinct(
                case when created_at is distinct from created_before_at
                    then [local_day(created_at), local_day(created_before_at)] else []
                end
                || case when resolved_at is distinct from resolved_before_at
                    then [local_day(resolved_at), local_day(resolved_before_at)] else []
                end
            )
        ) as happened_on
    from (
        select
            *,
            lag(created_at) over issue as created_before_at,
            lag(resolved_at) over issue as resolved_before_at
        from history_issues
        window issue as (partition by source, issue_key order by version)
    ) as issue_versions
),

told as (
    select
        'work_log' as extract,
        source,
        replay_order,
        happened_on
    from visit_days
    union all
    select
        'work_log' as extract,
        source,
        replay_order,
        happened_on
    from completion_days
    union all
    select
        'issues' as extract,
        source,
        replay_order,
        happened_on
    from issue_days
    union all
    select
        'reviews' as extract,
        source,
        replay_order,
        unnest(list_distinct([happened_on, happened_before_on])) as happened_on
    from (
        select
            source,
            replay_order,
            local_day(reviewed_at) as happened_on,
            local_day(
                lag(reviewed_at) over (partition by source, review_id order by version)
            ) as happened_before_on
        from history_reviews
    ) as review_versions
    union all
    select
        'deliveries' as extract,
        source,
        replay_order,
        unnest(list_distinct([happened_on, happened_before_on])) as happened_on
    from (
        select
            source,
            replay_order,
            promised_on as happened_on,
            lag(promised_on) over (partition by source, batch order by version)
                as happened_before_on
        from history_deliveries
    ) as delivery_versions
),

covered as (
    select
        extract,
        upload_id,
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
    covered.upload_id,
    told.happened_on,
    covered.covered_on,
    count(*) as told_rows
from told
inner join covered
    on covered.extract = told.extract and covered.replay_order = told.replay_order
where told.happened_on <= covered.covered_on
group by told.extract, told.source, covered.upload_id, told.happened_on, covered.covered_on
order by told.happened_on
