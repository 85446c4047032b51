-- one row per review of an annotation.
-- grain: source, review_id.
-- dimensions: project, dataset, team, review_stage, annotator, reviewer, outcome, error_type, severity, source.
-- label: Reviews.
-- first day: select min(reviewed_on) from reviews
-- last day: select max(reviewed_on) from reviews
select
    source,
    upload_id,
    line,
    review_id,
    item_id,
    length(source) || ':' || source || ':' || item_id as item_key,
    annotation_id,
    named(project) as project,
    named(dataset) as dataset,
    named(team) as team,
    named(review_stage) as review_stage,
    named(annotator) as annotator,
    named(reviewer) as reviewer,
    named(outcome) as outcome,
    named(error_type) as error_type,
    named(severity) as severity,
    reviewed_at,
    local_day(reviewed_at) as reviewed_on,
    review_stage = 1
    and row_number() over (
        partition by source, item_id, review_stage
        order by reviewed_at, review_id
    ) = 1 as is_first_review,
    nullif(trim(error_type), '') is not null as has_defect,
    sampled,
    lot
from shown_reviews
order by reviewed_at, source, review_id
