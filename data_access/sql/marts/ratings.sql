-- one row per item, field and annotator: the person's newest answer that was not skipped.
-- grain: source, item_id, field, annotator.
-- dimensions: project, dataset, team, batch, field, annotator, answer, source.
-- label: Ratings.
-- first day: select min(rated_on) from ratings
-- last day: select max(rated_on) from ratings
with gold as (
    select
        source,
        item_id,
        field,
        arg_max(array_to_string(labels, ' + '), (answered_at, annotation_id)) as answer
    from staged_answers
    where is_gold
    group by source, item_id, field
),

newest as (
    select *
    from staged_answers
    where annotator is not null
    qualify
        row_number() over (
            partition by source, item_id, field, annotator
            order by answered_at desc, annotation_id desc
        ) = 1
),

rated as (
    select
        newest.*,
        array_to_string(newest.labels, ' + ') as answer,
        gold.answer as gold_answer,
        max(newest.answered_at) over (
            partition by newest.source, newest.item_id, newest.field
        ) as rated_at
    from newest
    left join gold
        on
            gold.source = newest.source
            and gold.item_id = newest.item_id
            and gold.field = newest.field
)

select
    source,
    upload_id,
    line,
    annotation_id,
    item_id,
    dense_rank() over (order by source, item_id, field) as unit_id,
    named(project) as project,
    named(dataset) as dataset,
    named(team) as team,
    named(batch) as batch,
    named(field) as field,
    field_type,
    named(annotator) as annotator,
    named(answer) as answer,
    cast(dense_rank() over (partition by field order by answer) - 1 as integer) as code,
    labels,
    number,
    is_gold,
    gold_answer,
    answered_at,
    local_day(rated_at) as rated_on
from rated
order by rated_at, source, item_id, field, annotator
