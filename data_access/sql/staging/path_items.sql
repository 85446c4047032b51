-- one row per source and item that was annotated or reviewed, with the path it belongs to.
--
-- Items of one name in one project are one item and have one path, whichever sources tell of it.
-- An item whose project nobody recorded has a path of its own in its source. The project is that of
-- the first annotation, else of the first review. Skipped annotations, and gold answers that nobody
-- of the team gave, are no annotation of the item.
with annotated as (
    select
        source,
        item_id,
        min(upload_id) as upload_id,
        arg_min(line, (upload_id, line)) as line,
        arg_min(nullif(trim(project), ''), (created_at, annotation_id)) as project,
        arg_min(nullif(trim(dataset), ''), (created_at, annotation_id)) as dataset,
        arg_min(nullif(trim(team), ''), (created_at, annotation_id)) as team,
        arg_min(nullif(trim(batch), ''), (created_at, annotation_id)) as batch,
        min(created_at) as annotated_at,
        min(coalesce(created_at, updated_at, row_as_of)) as annotated_by
    from staged_annotation_rows
    where not coalesce(is_skipped, false) and not (annotator is null and coalesce(is_gold, false))
    group by source, item_id
),

reviewed as (
    select
        source,
        item_id,
        min(upload_id) as upload_id,
        arg_min(line, (upload_id, line)) as line,
        arg_min(nullif(trim(project), ''), (reviewed_at, review_id)) as project,
        arg_min(nullif(trim(dataset), ''), (reviewed_at, review_id)) as dataset,
        arg_min(nullif(trim(team), ''), (reviewed_at, review_id)) as team
    from shown_reviews
    group by source, item_id
),

items as (
    select
        coalesce(annotated.source, reviewed.source) as source,
        coalesce(annotated.item_id, reviewed.item_id) as item_id,
        coalesce(annotated.upload_id, reviewed.upload_id) as upload_id,
        coalesce(annotated.line, reviewed.line) as line,
        coalesce(annotated.project, reviewed.project) as project,
        coalesce(annotated.dataset, reviewed.dataset) as dataset,
        coalesce(annotated.team, reviewed.team) as team,
        annotated.batch as batch,
        annotated.annotated_at as annotated_at,
        annotated.annotated_by as annotated_by,
        annotated.item_id is not null as is_annotated
    from annotated
    full join reviewed
        on reviewed.source = annotated.source and reviewed.item_id = annotated.item_id
)

select
    *,
    case
        when project is null then 's' || length(source) || ':' || source || ':' || item_id
        else 'p' || length(project) || ':' || project || ':' || item_id
    end as path
from items
