-- one row per item that was annotated or reviewed: its way from annotation through review.
-- grain: source, item_id.
-- dimensions: project, dataset, team, batch, review_stage, outcome, source.
-- label: Review paths.
-- rows from: annotations, reviews.
-- first day: select min(started_on) from review_paths
-- last day: select max(greatest(started_on, last_reviewed_on)) from review_paths
--
-- What one source tells of an item and what another does are put together (path_items.sql); the
-- source is the one that annotated it. review_stage is the highest stage that reviewed the item,
-- outcome the last one. A review follows another one where it is of the same annotation, or of one
-- that was not made before that review: several people's annotations of an item do not redo each
-- other. A rework loop is a rejection that another review follows; accepted_at is the last
-- acceptance, or fix, at that stage, if no rejection is left that none followed. An item is delivered
-- with its batch: that of its annotation, else of the work log. says_annotations and the like tell
-- whether anybody records such a step for the item's project (without one: its source).
with paths as (
    select
        path,
        arg_min(source, (not is_annotated, source)) as source,
        arg_min(upload_id, (not is_annotated, source)) as upload_id,
        arg_min(line, (not is_annotated, source)) as line,
        any_value(item_id) as item_id,
        any_value(project) as project,
        arg_min(dataset, (not is_annotated, source)) as dataset,
        arg_min(team, (not is_annotated, source)) as team,
        arg_min(batch, source) as batch,
        min(annotated_at) as annotated_at,
        min(annotated_by) as annotated_by
    from staged_path_items
    group by path
),

made as (
    select
        item.path as path,
        answer.annotation_id as annotation_id,
        min(coalesce(answer.created_at, answer.updated_at)) as made_at
    from staged_annotation_rows as answer
    inner join staged_path_items as item
        on item.source = answer.source and item.item_id = answer.item_id
    group by item.path, answer.annotation_id
),

placed as (
    select
        item.path as path,
        review.outcome as outcome,
        review.review_stage as review_stage,
        review.reviewed_at as reviewed_at,
        review.sampled as sampled,
        review.annotation_id as annotation_id,
        made.made_at as made_at,
        max(review.review_stage) over (partition by item.path) as highest_stage,
        row_number() over (
            partition by item.path
            order by review.reviewed_at, review.review_stage, review.source, review.review_id
        ) as position
    from shown_reviews as review
    inner join staged_path_items as item
        on item.source = review.source and item.item_id = review.item_id
    left join made
        on made.path = item.path and made.annotation_id = review.annotation_id
),

followed as (
    select
        one.path as path,
        one.position as position,
        count(later.position) as followers,
        count(later.position) filter (where later.outcome = 'rejected') as rejected_after,
        arg_max(later.outcome, later.position) as last_outcome
    from placed as one
    left join placed as later
        on
            later.path = one.path
            and later.position > one.position
            and (
                later.annotation_id is not distinct from one.annotation_id
                or later.made_at is null
                or later.made_at >= one.reviewed_at
            )
    group by one.path, one.position
),

in_context as (
    select
        placed.*,
        placed.outcome = 'rejected' and followed.followers > 0 as is_loop,
        placed.outcome = 'rejected'
        and coalesce(followed.last_outcome, 'rejected') = 'rejected' as is_open,
        placed.outcome <> 'rejected'
        and placed.review_stage = placed.highest_stage
        and followed.rejected_after = 0 as is_final
    from placed
    inner join followed
        on followed.path = placed.path and followed.position = placed.position
),

reviewed as (
    select
        path,
        count(*) as reviews,
        max(review_stage) as review_stage,
        count(*) filter (where outcome = 'rejected') as rejections,
        count(*) filter (where outcome = 'fixed') as fixes,
        count(*) filter (where is_loop) as rework_loops,
        arg_max(outcome, position) as outcome,
        min(reviewed_at) as first_reviewed_at,
        max(reviewed_at) as last_reviewed_at,
        case when not bool_or(is_open) then max(reviewed_at) filter (where is_final) end
            as accepted_at,
        bool_or(sampled) as was_sampled
    from in_context
    group by path
),

work_items as (
    select
        source,
        item_id,
        max(nullif(trim(project), '')) as project,
        max(nullif(trim(batch), '')) as batch
    from shown_work_log
    group by source, item_id
),

work_batches as (
    select
        item.path as path,
        work.source as source,
        work.batch as batch
    from staged_path_items as item
    inner join work_items as work
        on work.source = item.source and work.item_id = item.item_id
    union all
    select
        'p' || length(project) || ':' || project || ':' || item_id as path,
        source,
        batch
    from work_items
    where project is not null
),

batches as (
    select
        path,
        arg_min(batch, source) as batch
    from work_batches
    group by path
),

told as (
    select
        paths.* exclude (batch),
        reviewed.* exclude (path),
        coalesce(paths.batch, batches.batch) as batch,
        case when paths.project is null then paths.source end as source_without_project
    from paths
    left join reviewed
        on reviewed.path = paths.path
    left join batches
        on batches.path = paths.path
),

delivered as (
    select
        told.path as path,
        min(delivery.delivered_on) as delivered_on
    from told
    inner join staged_deliveries as delivery
        on
            trim(delivery.batch) = told.batch
            and coalesce(nullif(trim(delivery.project), ''), told.project, '')
            = coalesce(told.project, nullif(trim(delivery.project), ''), '')
    group by told.path
)

select
    told.source as source,
    told.upload_id as upload_id,
    told.line as line,
    told.item_id as item_id,
    named(told.project) as project,
    named(told.dataset) as dataset,
    named(told.team) as team,
    named(told.batch) as batch,
    named(told.review_stage) as review_stage,
    named(told.outcome) as outcome,
    local_day(least(told.annotated_by, told.first_reviewed_at)) as started_on,
    told.annotated_at as annotated_at,
    local_day(told.annotated_by) as annotated_on,
    cast(local_day(told.annotated_by) + interval 7 day as date) as review_due_on,
    local_day(told.first_reviewed_at) as first_reviewed_on,
    told.last_reviewed_at as last_reviewed_at,
    local_day(told.last_reviewed_at) as last_reviewed_on,
    told.accepted_at as accepted_at,
    local_day(told.accepted_at) as accepted_on,
    delivered.delivered_on as delivered_on,
    coalesce(told.reviews, 0) as reviews,
    coalesce(told.rejections, 0) as rejections,
    coalesce(told.fixes, 0) as fixes,
    coalesce(told.rework_loops, 0) as rework_loops,
    hours_between(told.annotated_at, told.accepted_at) as hours_to_acceptance,
    coalesce(told.was_sampled, false) as was_sampled,
    bool_or(told.annotated_by is not null) over alike as says_annotations,
    bool_or(told.first_reviewed_at is not null) over alike as says_reviews,
    bool_or(told.was_sampled is not null) over alike as says_sampling,
    bool_or(delivered.path is not null) over alike as says_deliveries
from told
left join delivered
    on delivered.path = told.path
window alike as (partition by told.project, told.source_without_project)
order by least(told.annotated_by, told.first_reviewed_at), told.source, told.item_id
