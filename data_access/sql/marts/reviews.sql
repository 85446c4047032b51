-- one row per review of an annotation.
-- grain: source, review_id.
-- dimensions: project, dataset, team, review_stage, annotator, reviewer, outcome, error_type, severity, source.
-- label: Reviews.
-- rows from: reviews.
-- first day: select min(reviewed_on) from reviews
-- last day: select max(reviewed_on) from reviews
--
-- item_home: what the item's name is unique in, its project or, where nobody recorded one, its source
-- (path_items.sql).
select
    review.source,
    review.upload_id,
    review.line,
    review.review_id,
    review.item_id,
    length(review.source) || ':' || review.source || ':' || review.item_id as item_key,
    coalesce('p' || item.project, 's' || review.source) as item_home,
    review.annotation_id,
    named(review.project) as project,
    named(review.dataset) as dataset,
    named(review.team) as team,
    named(review.review_stage) as review_stage,
    named(review.annotator) as annotator,
    named(review.reviewer) as reviewer,
    named(review.outcome) as outcome,
    named(review.error_type) as error_type,
    named(review.severity) as severity,
    review.reviewed_at,
    local_day(review.reviewed_at) as reviewed_on,
    review.review_stage = 1
    and row_number() over (
        partition by review.source, review.item_id, review.review_stage
        order by review.reviewed_at, review.review_id
    ) = 1 as is_first_review,
    nullif(trim(review.error_type), '') is not null as has_defect,
    review.sampled,
    review.lot
from shown_reviews as review
inner join staged_path_items as item
    on item.source = review.source and item.item_id = review.item_id
order by review.reviewed_at, review.source, review.review_id
