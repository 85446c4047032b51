-- one row per annotation.
-- grain: source, annotation_id.
-- dimensions: project, dataset, team, batch, annotator, last_action, source.
-- label: Annotations.
-- first day: select min(annotated_on) from annotations
-- last day: select max(annotated_on) from annotations
with whole as (
    select
        source,
        annotation_id,
        arg_min(upload_id, line) as upload_id,
        min(line) as line,
        any_value(item_id) as item_id,
        any_value(project) as project,
        any_value(dataset) as dataset,
        any_value(team) as team,
        any_value(batch) as batch,
        any_value(annotator) as annotator,
        any_value(last_action) as last_action,
        min(created_at) as created_at,
        max(updated_at) as updated_at,
        max(row_as_of) as row_as_of,
        coalesce(bool_or(is_skipped), false) as is_skipped,
        count(is_skipped) > 0 as says_skips,
        coalesce(bool_or(is_gold), false) as is_gold,
        count(field) = 0 as is_empty,
        max(lead_time_seconds) as lead_seconds,
        any_value(tool_agreement) as tool_agreement
    from staged_annotation_rows
    group by source, annotation_id
),

placed as (
    select
        *,
        coalesce(created_at, updated_at, row_as_of) as annotated_at,
        date_diff(
            'millisecond',
            lag(created_at) over person,
            created_at
        ) / 1000.0 as seconds_since_last,
        row_number() over (partition by source, item_id order by created_at, annotation_id) as place
    from whole
    window person as (partition by source, annotator order by created_at, annotation_id)
)

select
    source,
    upload_id,
    line,
    annotation_id,
    item_id,
    length(source) || ':' || source || ':' || item_id as item_key,
    named(project) as project,
    named(dataset) as dataset,
    named(team) as team,
    named(batch) as batch,
    named(annotator) as annotator,
    named(last_action) as last_action,
    created_at,
    updated_at,
    local_day(annotated_at) as annotated_on,
    is_skipped,
    says_skips,
    is_gold,
    is_empty,
    lead_seconds,
    case when lead_seconds > 3600 then 3600 else lead_seconds end as capped_seconds,
    case
        when
            annotator is not null
            and seconds_since_last > 0
            and seconds_since_last < lead_seconds
            then seconds_since_last
        else lead_seconds
    end as trimmed_seconds,
    case when place = 1 then tool_agreement end as tool_agreement
from placed
where not (annotator is null and is_gold)
order by annotated_at, source, annotation_id
