-- one row per annotation and field that was answered: its labels in one list. A label that writes
-- the row's number has one spelling: "4.0" is "4".
with said as (
    select
        * replace (
            trim(field) as field,
            case
                when try_cast(label as double) is distinct from number or number is null
                    then trim(label)
                when number = trunc(number) and abs(number) < 1e15
                    then cast(cast(number as bigint) as varchar)
                else cast(number as varchar)
            end as label
        )
    from staged_annotation_rows
    where trim(field) <> '' and trim(label) <> '' and not coalesce(is_skipped, false)
)

select
    source,
    annotation_id,
    field,
    min(line) as line,
    any_value(upload_id) as upload_id,
    any_value(item_id) as item_id,
    any_value(annotator) as annotator,
    any_value(project) as project,
    any_value(dataset) as dataset,
    any_value(team) as team,
    any_value(batch) as batch,
    any_value(field_type) as field_type,
    list_sort(list_distinct(list(label))) as labels,
    case when count(*) = 1 then any_value(number) end as number,
    bool_or(coalesce(is_gold, false)) as is_gold,
    max(coalesce(created_at, updated_at, row_as_of)) as answered_at,
    max(coalesce(updated_at, created_at, row_as_of)) as changed_at
from said
group by source, annotation_id, field
